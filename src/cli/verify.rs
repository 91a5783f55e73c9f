//! `rolecall verify`.

use clap::Args;
use serde_json::json;

use super::fail::{End, Fail, Outcome};
use super::shell::Shell;
use crate::service::{ServiceError, verify};

const AFTER: &str = "Checks every row, every index and the chain of the history, and alters nothing. With --head, a head
that a backup printed must be part of the history: one that was rewritten doesn't have it.

Examples:
  rolecall verify
  rolecall verify --head 6b0f…";

/// Arguments.
#[derive(Debug, Args)]
#[command(after_help = AFTER)]
pub struct VerifyArgs {
    /// The head of an earlier state
    #[arg(long, value_name = "HASH")]
    head: Option<String>,
}

/// Runs it.
pub fn run(args: &VerifyArgs, shell: &mut Shell) -> Outcome {
    shell.operator_only("verifies the store")?;
    let directory = shell.directory()?;
    if !directory.exists() {
        return Err(ServiceError::NoAccount.into());
    }
    let head = args.head.as_deref().map(|head| head.trim().parse()).transpose();
    let head = head.map_err(|error| Fail::usage(format!("--head: {error}")))?;
    let report = verify(&directory, head)?;
    let end = if report.is_sound() { End::Done } else { End::Failed };
    if shell.json() {
        shell.put_json(&json!({
            "sound": report.is_sound(), "head": report.head.hash.to_string(), "commits": report.commits,
            "rows": report.rows, "erased": report.erased, "problems": report.problems,
        }))?;
        return Ok(end);
    }
    for problem in &report.problems {
        shell.remark(&format!("problem: {problem}"));
    }
    let erased = if report.erased > 0 { format!(", {} of them erased", report.erased) } else { String::new() };
    let word = if report.is_sound() { "Everything is as it should be" } else { "Not everything is as it should be" };
    writeln!(shell.out, "{word}: {} commits{erased}, {} records.", report.commits, report.rows)?;
    writeln!(shell.out, "head {}", report.head.hash)?;
    Ok(end)
}
