# Two commands do all the set-up: `make demo` and `make test`.

.PHONY: demo test check fmt

# The whole service on a simulated burning day; no network. Ctrl-C stops it.
demo:
	cargo build --quiet --bin firegrid
	exec target/debug/firegrid demo

# Everything CI runs. Installs what the browser test needs (Debian's chromium) when it is missing.
test: browser-packages
	cargo test --workspace
	cargo run --quiet --bin firegrid -- check
	tests/browser/run.sh

# What a developer runs before a commit: formatting and lints.
check:
	cargo fmt --check
	cargo clippy --all-targets -- -D warnings

.PHONY: browser-packages
browser-packages:
	tests/browser/install.sh
