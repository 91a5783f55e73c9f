//! `rolecall restore`.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::fail::{End, Outcome};
use super::shell::Shell;
use crate::service::Engine;

const AFTER: &str = "The data directory must be empty, or opened and never used, or not be there yet. The backup is
checked before anything is put in place.

Example:
  rolecall restore /backups/paws-2027-01-31.rolecall --data /srv/rolecall";

/// Arguments.
#[derive(Debug, Args)]
#[command(after_help = AFTER)]
pub struct RestoreArgs {
    /// The backup
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

/// Runs it.
pub fn run(args: &RestoreArgs, shell: &mut Shell) -> Outcome {
    shell.operator_only("restores backups")?;
    let directory = shell.directory()?;
    let backup = Engine::restore(&args.file, &directory)?;
    if shell.json() {
        shell.put_json(&json!({"data": directory.to_string_lossy(), "bytes": backup.bytes, "head": backup.head}))?;
        return Ok(End::Done);
    }
    writeln!(shell.out, "{} is as it was when the backup was made.", directory.display())?;
    writeln!(shell.out, "head {}", backup.head)?;
    Ok(End::Done)
}
