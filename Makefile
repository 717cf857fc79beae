# Two commands do all the set-up: `make demo` and `make test`. The rest is for developers.

.PHONY: demo test check bench screenshots api-fuzz

# The whole service on a simulated burning day; no network. Ctrl-C stops it.
demo:
	cargo build --bin firegrid
	@exec target/debug/firegrid demo

# Every test. Needs a C compiler and cargo; everything else comes from the lock file.
test:
	cargo test --locked

# Formatting and lints, as before a commit.
check:
	cargo fmt --check
	cargo clippy --locked --all-targets -- -D warnings

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
