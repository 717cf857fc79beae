#!/usr/bin/env bash
# Takes pictures of home, alert and status pages of a running firegrid, phone and desktop size,
# Chinese and English, into a folder (default target/screenshots), to be looked at by a person.
#   FIREGRID_URL  where it runs (default http://127.0.0.1:8080)
set -euo pipefail
url=${FIREGRID_URL:-http://127.0.0.1:8080}
out=${1:-target/screenshots}
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
[ -n "$browser" ] || { echo "no Chromium found: install it (Debian: apt-get install chromium fonts-noto-cjk)" >&2; exit 1; }
mkdir -p "$out"
profile=$(mktemp -d)
trap 'rm -rf "$profile"' EXIT
alert=$(curl -fsS "$url/api/v1/alerts" | grep -o '"number":"[0-9-]*"' | head -n 1 | cut -d'"' -f4)

shot() { # name, path, width, height
    "$browser" --headless --no-sandbox --disable-gpu --hide-scrollbars --no-first-run \
        --disable-background-networking --disable-component-update --disable-sync --disable-quic \
        --user-data-dir="$profile" --window-size="$3,$4" --screenshot="$out/$1.png" "$url$2" 2>/dev/null
    echo "$out/$1.png"
}
for lang in zh en; do
    shot "home-desktop-$lang" "/?lang=$lang" 1280 2400
    shot "home-phone-$lang" "/?lang=$lang" 500 2600
    shot "status-desktop-$lang" "/status?lang=$lang" 1280 1400
    shot "status-phone-$lang" "/status?lang=$lang" 500 1800
    [ -n "$alert" ] || continue
    shot "alert-desktop-$lang" "/alerts/$alert?lang=$lang" 1280 2400
    shot "alert-phone-$lang" "/alerts/$alert?lang=$lang" 500 3000
done
