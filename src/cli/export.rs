//! `rolecall export`.

use std::io::Write as _;
use std::path::Path;

use clap::Args;

use super::fail::{End, Fail, Outcome};
use super::shell::Shell;
use crate::exchange::team_file::Format;

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
    let format = if shell.json() { Format::Json } else { Format::of_name(&args.file) };
    let text = shell.quick_session()?.export_team(format)?;
    if args.file == "-" {
        shell.out.write_all(text.as_bytes())?;
    } else {
        replace(Path::new(&args.file), text.as_bytes()).map_err(|error| Fail::file(&args.file, "written", &error))?;
    }
    Ok(End::Done)
}

/// The whole new file or the old one, nothing between.
fn replace(path: &Path, contents: &[u8]) -> std::io::Result<()> {
    if path.exists() && !path.is_file() {
        // A pipe or a device is written to as it is.
        return std::fs::write(path, contents);
    }
    let mut aside = path.as_os_str().to_owned();
    aside.push(".new");
    let mut file = std::fs::File::create(&aside)?;
    let written = file.write_all(contents).and_then(|()| file.sync_all()).and_then(|()| std::fs::rename(&aside, path));
    if written.is_err() {
        let _ = std::fs::remove_file(&aside);
    }
    written
}
