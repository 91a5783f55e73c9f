//! `rolecall apply`.

use clap::Args;
use serde_json::json;

use super::fail::{End, Outcome};
use super::shell::{Shell, counted, read_text, shown_name};
use crate::exchange::team_file::Format;

const AFTER: &str = "The file is TOML, or JSON if its name ends in .json. What it doesn't mention stays as it is.
A file with any error changes nothing. With --prune, each list that the file gives is complete:
custom roles and permissions that it leaves out are removed, people that it leaves out are revoked.

Examples:
  rolecall apply team.toml
  rolecall export | ssh other-host rolecall apply -

A file:
  [[roles]]
  name = \"Vet Tech\"
  manager = \"Account Owner\"
  features = { \"contacts.export\" = \"no\", \"deals.pipeline\" = \"request\" }
  scopes.contacts = { view = \"own\", edit = \"own\", delete = \"none\" }

  [[users]]
  email = \"sam@paws.example\"
  role = \"Vet Tech\"";

/// Arguments.
#[derive(Debug, Args)]
#[command(after_help = AFTER)]
pub struct ApplyArgs {
    /// The team's file; - is standard input
    #[arg(value_name = "FILE")]
    file: String,
    /// Remove what the file's lists leave out
    #[arg(long)]
    prune: bool,
}

/// Runs it.
pub fn run(args: &ApplyArgs, shell: &mut Shell) -> Outcome {
    // Before the store is opened, so that nobody waits for whoever types or sends the file.
    let text = read_text(&args.file)?;
    let session = shell.session()?;
    let format = if args.file == "-" { Format::of_text(&text) } else { Format::of_name(&args.file) };
    let applied = session.apply_team(shown_name(&args.file), &text, format, args.prune)?;
    if shell.json() {
        shell.put_json(&json!({"changes": applied.changes, "notes": applied.notes}))?;
        return Ok(End::Done);
    }
    for note in &applied.notes {
        shell.remark(&format!("note: {note}"));
    }
    match applied.changes {
        0 => {
            let stays = match args.prune {
                true => "fields and options that it doesn't list stay",
                false => "what it doesn't list stays as it is",
            };
            writeln!(shell.out, "Nothing to change: the team is as the file says; {stays}.")?;
        }
        more => writeln!(shell.out, "{}.", counted(more as u64, "change"))?,
    }
    Ok(End::Done)
}
