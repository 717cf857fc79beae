# Two commands do all the set-up: `make demo` and `make test`. The rest is for developers.

.PHONY: demo test test-oidc check check-oidc bench screenshots web api-fuzz

# The scripts of the pages, where npm is there; without them the pages work, the live map is a drawn one.
# Packages are installed anew only when the lock changed.
web:
	@if command -v npm >/dev/null; then \
	  cd web && { cmp -s package-lock.json node_modules/.lock-installed || \
	    { npm ci --no-audit --no-fund && cp package-lock.json node_modules/.lock-installed; }; } && npm run --silent build; \
	else \
	  echo "npm is not installed: building without scripts, pages work and the live map is the drawn one"; \
	fi

# The whole service on a simulated burning day; no network. Ctrl-C stops it.
demo: web
	cargo build --bin firegrid
	@exec target/debug/firegrid demo

# Every test. Needs a C compiler and cargo, npm for the scripts; everything else comes from the lock file.
test: web
	cargo test --locked

# The city's own sign-on, which is compiled in on request (docs/decisions/0025).
test-oidc:
	cargo test --locked --features oidc --test it sign_on

# Formatting and lints, as before a commit.
check:
	cargo fmt --check
	cargo clippy --locked --all-targets -- -D warnings

# The same lints with the feature oidc.
check-oidc:
	cargo clippy --locked --all-targets --features oidc -- -D warnings

# How long the things take that must not get slow, against references of the same run.
# One of them: make bench BENCH=cases
bench:
	cargo bench --locked --bench bench -- $(BENCH)

# Pictures of the pages of a running demo or service, to be looked at (needs Chromium).
screenshots:
	tests/browser/screenshots.sh

# Generated calls against a demo of its own; answers are held against the served document (needs Python 3).
# More of them: make api-fuzz FUZZ="--max-examples 500"
api-fuzz:
	tests/api/schemathesis.sh $(FUZZ)
