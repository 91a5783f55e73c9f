//! Plain `rolecall`: the console.

use super::fail::{Fail, Outcome};
use super::shell::Shell;

/// Runs it.
pub fn run(shell: &Shell) -> Outcome {
    if shell.global.as_user.is_some() {
        return Err(Fail::usage("--as is for commands; in the console, people sign in"));
    }
    Err(Fail::new("the console is not wired up yet"))
}
