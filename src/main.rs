//! The `firegrid` program: parse arguments, call a command, map the result to an exit code.

use std::process::ExitCode;

/// The C library's allocator keeps what a crowd needed once: freed memory stays with the arenas of threads that are long
/// idle. This one gives most of it back; why, and what was measured: docs/decisions/0031.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    firegrid::cli::main()
}
