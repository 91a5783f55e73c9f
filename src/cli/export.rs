//! `rolecall export`.

use std::io::Write as _;
use std::path::Path;

use clap::Args;

use super::fail::{End, Fail, Outcome};
use super::shell::Shell;
use crate::exchange::team_file::Format;
use crate::store::outside::{Beside, Place};

const AFTER: &str = "Applying the file again changes nothing; applied to a fresh account, it makes the same team.

Examples:
  rolecall export                            TOML, to the standard output
  rolecall export team.json                  JSON, by the ending
  rolecall export --json | jq '.users[].email'";

/// Arguments.
#[derive(Debug, Args)]
#[command(after_help = AFTER)]
pub struct ExportArgs {
    /// Where to write it; - is standard output
    #[arg(value_name = "FILE", default_value = "-")]
    file: String,
}

/// Runs it.
pub fn run(args: &ExportArgs, shell: &mut Shell) -> Outcome {
    refuse_ending(&args.file)?;
    let format = if shell.json() { Format::Json } else { Format::of_name(&args.file) };
    let text = shell.quick_session()?.export_team(format)?;
    if args.file == "-" {
        shell.out.write_all(text.as_bytes())?;
    } else {
        replace(Path::new(&args.file), text.as_bytes()).map_err(|error| Fail::file(&args.file, "written", &error))?;
    }
    Ok(End::Done)
}

/// A name that says something else than what would be in it.
fn refuse_ending(file: &str) -> Result<(), Fail> {
    let ending = Path::new(file).extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
    match ending.as_deref() {
        None | Some("toml" | "json") => Ok(()),
        Some(_) => {
            let fail = Fail::usage(format!("{file}: the team's file is TOML or JSON"));
            Err(fail.hinting("let its name end in .toml or .json"))
        }
    }
}

/// The whole new file or the old one, nothing between. A pipe or a device is written to as it is.
fn replace(path: &Path, contents: &[u8]) -> std::io::Result<()> {
    match Place::of(path)? {
        Place::Stream => std::fs::write(path, contents),
        Place::Folder => Err(std::io::Error::other("it is a directory; name a file in it")),
        Place::File(target) => {
            let beside = Beside::begin(target, 0o666)?;
            beside.file().write_all(contents)?;
            beside.replace()
        }
    }
}
