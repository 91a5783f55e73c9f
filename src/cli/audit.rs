//! `rolecall audit`.

use clap::Args;
use serde_json::{Value as Json, json};

use super::args::many;
use super::fail::{End, Outcome};
use super::shell::Shell;
use crate::model::text::visible;
use crate::service::audit::{AuditEntry, AuditQuery};

const AFTER: &str = "Needs the permission to view the audit history. What whoever asks may not see is left out.

Examples:
  rolecall audit --limit 10
  rolecall audit --before 1200 --json";

/// Arguments.
#[derive(Debug, Args)]
#[command(after_help = AFTER)]
pub struct AuditArgs {
    /// At most so many entries
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = many)]
    limit: usize,
    /// Only entries before this number
    #[arg(long, value_name = "NUMBER")]
    before: Option<u64>,
}

/// Runs it.
pub fn run(args: &AuditArgs, shell: &mut Shell) -> Outcome {
    let entries = shell.session()?.audit(&AuditQuery { limit: args.limit, before: args.before })?;
    if shell.json() {
        shell.put_json(&entries.iter().map(told).collect())?;
        return Ok(End::Done);
    }
    for entry in &entries {
        writeln!(shell.out, "#{}  {}  {}  {}", entry.sequence, entry.at, entry.actor, visible(&entry.reason))?;
        for line in &entry.lines {
            writeln!(shell.out, "    {}", visible(&line.sentence()))?;
        }
    }
    Ok(End::Done)
}

fn told(entry: &AuditEntry) -> Json {
    let changes = entry
        .lines
        .iter()
        .map(|line| json!({"subject": line.subject, "part": line.part, "before": line.before, "after": line.after}));
    json!({
        "sequence": entry.sequence, "at": entry.at.to_string(), "actor": entry.actor, "reason": entry.reason,
        "changes": changes.collect::<Vec<_>>(),
    })
}
