# Two commands do all the set-up: `make demo` and `make test`. The rest is for developers.

.PHONY: help sbom demo test test-oidc check check-oidc docs deny advisories bench browser web web-packages web-check api-fuzz sweep borders hostile

# What there is to make: the targets with the comment above each.
help:
	@awk '/^# /{said=said (said==""?"":" ") substr($$0,3); next} /^[a-z-]+:/{split($$0,name,":"); if(said!="") printf "%-14s%s\n", name[1], said} {said=""}' Makefile

# The scripts of the pages, where npm is there; without them the pages work, the live map is a drawn one.
web: web-packages
	@if command -v npm >/dev/null; then npm --prefix web run --silent build; \
	else echo "npm is not installed: building without scripts, pages work and the live map is the drawn one"; fi

# The packages that the scripts need; installed anew only when the lock changed.
web-packages:
	@if command -v npm >/dev/null && ! cmp -s web/package-lock.json web/node_modules/.lock-installed; then \
	  cd web && npm ci --no-audit --no-fund && cp package-lock.json node_modules/.lock-installed; fi

# The types of the scripts alone.
web-check: web-packages
	npm --prefix web run --silent check

# The whole service on a simulated burning day; no network. Ctrl-C stops it.
demo: web
	cargo build --bin firegrid
	@exec target/debug/firegrid demo

# Every test. Needs a C compiler and cargo, npm for the scripts; everything else comes from the lock file.
test: web
	cargo test --locked
	@$(MAKE) --no-print-directory browser

# The pages in a real browser, with the program that `make test` built. Pictures to look at go to target/browser.
# Where npm or Chromium is missing it says so; under CI that is a failure.
browser:
	@if command -v npm >/dev/null && { command -v chromium || command -v chromium-browser || command -v google-chrome; } >/dev/null; then \
	  node --test --test-concurrency=2 --test-reporter=spec tests/browser/*.test.mjs; \
	elif [ -n "$$CI" ]; then \
	  echo "npm and Chromium are needed under CI (Debian: apt-get install nodejs npm chromium fonts-noto-cjk)"; exit 1; \
	else \
	  echo "SKIPPED: the pages in a browser; they need npm and Chromium (Debian: apt-get install chromium fonts-noto-cjk)"; \
	fi

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

# The documentation of the crate, without a warning.
docs:
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps --document-private-items --all-features

# What may be linked: licences, bans and sources of every crate (deny.toml; needs cargo-deny). Known faults of crates are
# asked for where their database is at hand, see `make advisories`.
deny:
	cargo deny --locked check licenses bans sources
	@if [ -d "$${CARGO_HOME:-$$HOME/.cargo}/advisory-dbs" ]; then cargo deny --locked check --disable-fetch advisories; \
	else echo "SKIPPED: advisories; no database here, make advisories fetches it"; fi

# Known faults of the crates that are linked; fetches their database.
advisories:
	cargo deny --locked check advisories

# What the program is built of (CycloneDX): every crate and every package of the scripts, from the lock files.
sbom:
	python3 tools/sbom.py target/firegrid.cdx.json

# How long the things take that must not get slow, against references of the same run.
# One of them: make bench BENCH=cases
bench:
	cargo bench --locked --bench bench -- $(BENCH)

# Generated calls against a demo of its own; answers are held against the served document (needs Python 3).
# More of them: make api-fuzz FUZZ="--max-examples 500"
api-fuzz:
	tests/api/schemathesis.sh $(FUZZ)

# The service killed at more moments than the tests do: make sweep POINTS=1000, and SEED=7 for other ones.
sweep: POINTS ?= 200
sweep:
	FIREGRID_SWEEP_POINTS=$(POINTS) $(if $(SEED),FIREGRID_SWEEP_SEED=$(SEED)) \
	  cargo test --locked --test it kill_sweep -- --nocapture

# Point location beside every edge of the real borders against exact arithmetic; the tests probe one in seven.
borders:
	FIREGRID_ALL_BORDERS=1 cargo test --locked --test it region_files::borders

# Everything hostile at once for longer than the tests do: make hostile MINUTES=10
hostile: MINUTES ?= 10
hostile:
	FIREGRID_HOSTILE_MINUTES=$(MINUTES) cargo test --locked --test it hostile_load -- --nocapture
