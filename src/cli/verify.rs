//! `rolecall verify`.

use std::time::Duration;

use clap::Args;
use serde_json::json;

use super::fail::{End, Outcome};
use super::shell::{Shell, counted, is_made};
use crate::service::{Engine, ServiceError};
use crate::store::ChainHash;

const AFTER: &str = "Checks every row, every index and the chain of the history, and alters nothing; an index that is
damaged is put aside by the next start and built anew from the history. With --head, a head that a
backup printed must be part of the history: one that was rewritten doesn't have it.

Examples:
  rolecall verify
  rolecall verify --head 6b0f…";

/// How long to wait for another process to let go.
const WAIT: Duration = Duration::from_secs(2);

/// Arguments.
#[derive(Debug, Args)]
#[command(after_help = AFTER)]
pub struct VerifyArgs {
    /// The head of an earlier state
    #[arg(long, value_name = "HASH", value_parser = head)]
    head: Option<String>,
}

/// Is it a head at all?
fn head(text: &str) -> Result<String, String> {
    text.parse::<ChainHash>().map(|head| head.to_string()).map_err(|error| error.to_string())
}

/// Runs it.
pub fn run(args: &VerifyArgs, shell: &mut Shell) -> Outcome {
    shell.operator_only("verifies the store")?;
    let directory = shell.directory()?;
    if !is_made(&directory)? && !directory.exists() {
        return Err(ServiceError::NoAccount.into());
    }
    let report = Engine::verify(&directory, args.head.as_deref(), WAIT)?;
    let sound = report.problems.is_empty();
    let end = if sound { End::Done } else { End::Failed };
    if shell.json() {
        shell.put_json(&json!({
            "sound": sound, "head": report.head, "commits": report.commits, "records": report.records,
            "problems": report.problems, "notes": report.notes,
        }))?;
        return Ok(end);
    }
    for problem in &report.problems {
        shell.remark(&format!("problem: {problem}"));
    }
    for note in &report.notes {
        shell.remark(&format!("note: {note}"));
    }
    let word = if sound { "Everything is as it should be" } else { "Not everything is as it should be" };
    writeln!(shell.out, "{word}: {}, {}.", counted(report.commits, "commit"), counted(report.records, "record"))?;
    writeln!(shell.out, "head {}", report.head)?;
    Ok(end)
}
