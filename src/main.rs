//! The `firegrid` program: parse arguments, call a command, map the result to an exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    firegrid::cli::main()
}
