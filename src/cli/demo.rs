//! `rolecall demo`.

use clap::Args;

use super::fail::{Fail, Outcome};
use super::shell::Shell;

const AFTER: &str = "A veterinary clinic of thirty people in ten roles, the same every time. The key @ signs in as
somebody else of the clinic. Nothing is kept.

Examples:
  rolecall demo
  rolecall demo --records 100000";

/// Arguments.
#[derive(Debug, Args)]
#[command(after_help = AFTER)]
pub struct DemoArgs {
    /// How many contacts; companies and deals come in proportion [default: 2000]
    #[arg(long, value_name = "N")]
    records: Option<u64>,
}

/// Runs it.
pub fn run(args: &DemoArgs, shell: &Shell) -> Outcome {
    let _ = (args.records, shell);
    Err(Fail::new("the demo is not wired up yet"))
}
