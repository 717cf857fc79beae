#!/bin/sh
# Calls every route of the API with generated parameters and bodies and holds the answers against the OpenAPI document
# that is served: no 5xx, no undocumented status or kind, no answer that breaks its schema.
#
# Runs against a demo of its own, on a database in a temporary folder. Needs Python 3 and, the first time, a package
# index. Further arguments go to schemathesis: tests/api/schemathesis.sh --max-examples 300 --seed 1
set -eu

VERSION=4.32.5
LISTEN=127.0.0.1:8096

cd "$(dirname "$0")/../.."
venv=target/schemathesis-$VERSION
if ! "$venv/bin/schemathesis" --version >/dev/null 2>&1; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet "schemathesis==$VERSION"
fi

cargo build --quiet --bin firegrid
folder=$(mktemp -d)
export FIREGRID_DATABASE="$folder/fuzz.sqlite" FIREGRID_LISTEN="$LISTEN"
target/debug/firegrid demo >"$folder/demo.log" 2>&1 &
demo=$!
trap 'kill "$demo" 2>/dev/null || true; wait "$demo" 2>/dev/null || true; rm -rf "$folder"' EXIT INT TERM

# Until the first fires of the simulated day are cases, so that lists are not empty.
for _ in $(seq 60); do
    if token=$(target/debug/firegrid user token city --label fuzz --power act_for 2>/dev/null | grep -Eo '[A-Za-z0-9_-]{32,}' | tail -n 1) \
        && [ -n "$token" ] && curl -fs -H "Authorization: Bearer $token" "http://$LISTEN/api/v1/cases" | grep -q '"number"'; then
        break
    fi
    sleep 1
done

# Unsupported and missing things are told apart by these checks; positive_data_acceptance is left out, because what a
# person may do depends on the case, and a well-formed act is rightly refused.
PYTHONPATH=tests/api PYTHONDONTWRITEBYTECODE=1 SCHEMATHESIS_HOOKS=schemathesis_hooks \
    "$venv/bin/schemathesis" --config-file tests/api/schemathesis.toml run "http://$LISTEN/api/v1/openapi.json" \
    --header "Authorization: Bearer $token" \
    --exclude-checks positive_data_acceptance \
    --exclude-path /api/v1/events \
    --workers 2 --max-examples 100 --continue-on-failure --suppress-health-check all \
    "$@" || status=$?

# What failed inside is in the service's own log, too.
if grep -E ' ERROR |panicked' "$folder/demo.log"; then status=1; fi
exit "${status:-0}"
