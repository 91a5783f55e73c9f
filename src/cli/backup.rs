//! `rolecall backup`.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::fail::{End, Outcome};
use super::shell::{Shell, counted};

const AFTER: &str = "The copy is whole and consistent. Keep the head that it
prints: `rolecall verify --head HEAD` later tells whether the history up to it was
rewritten.

Example:
  rolecall backup /backups/paws-2027-01-31.rolecall";

/// Arguments.
#[derive(Debug, Args)]
#[command(after_help = AFTER)]
pub struct BackupArgs {
    /// Where to write it; an older one is replaced once the new one is whole
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

/// Runs it.
pub fn run(args: &BackupArgs, shell: &mut Shell) -> Outcome {
    shell.operator_only("makes backups")?;
    let backup = shell.quick_session()?.backup(&args.file)?;
    if shell.json() {
        shell.put_json(&json!({"file": args.file.to_string_lossy(), "bytes": backup.bytes, "head": backup.head}))?;
        return Ok(End::Done);
    }
    writeln!(shell.out, "{}: {}", args.file.display(), counted(backup.bytes, "byte"))?;
    writeln!(shell.out, "head {}", backup.head)?;
    Ok(End::Done)
}
