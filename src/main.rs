//! The `rolecall` binary: parse, run, exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall::cli::main()
}
