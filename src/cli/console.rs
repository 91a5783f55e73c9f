//! Plain `rolecall`: the console.

use super::fail::{End, Fail, Outcome};
use super::shell::Shell;
use crate::host::{TerminalError, run_terminal};
use crate::service::Engine;
use crate::store::Options;

/// Runs it.
pub fn run(shell: &Shell) -> Outcome {
    if shell.global.as_user.is_some() {
        return Err(Fail::usage("--as is for commands; in the console, people sign in"));
    }
    let directory = shell.directory()?;
    run_terminal(
        Box::new(move |_| Engine::open(&directory, Options::default()).map_err(|error| error.to_string())),
        None,
    )?;
    Ok(End::Done)
}

impl From<TerminalError> for Fail {
    fn from(error: TerminalError) -> Self {
        Self::new(error.to_string())
    }
}
