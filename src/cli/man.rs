//! `rolecall man`.

use clap::{Args, CommandFactory as _};

use super::args::Cli;
use super::fail::{End, Fail, Outcome};
use super::shell::Shell;

const AFTER: &str = "Examples:
  rolecall man > rolecall.1
  rolecall man records | man -l -";

/// Arguments.
#[derive(Debug, Args)]
#[command(after_help = AFTER)]
pub struct ManArgs {
    /// The page of this command
    #[arg(value_name = "COMMAND")]
    command: Option<String>,
}

/// Runs it.
pub fn run(args: &ManArgs, shell: &mut Shell) -> Outcome {
    let mut whole = Cli::command();
    whole.build();
    let page = match &args.command {
        None => whole,
        Some(name) => {
            let found = whole.get_subcommands().find(|command| command.get_name() == name).cloned();
            found.ok_or_else(|| {
                Fail::usage(format!("there is no command “{name}”")).hinting("`rolecall --help` lists them")
            })?
        }
    };
    // Written by hand: a date that is left out would put the rest of the title in its place.
    let name = page.get_display_name().unwrap_or(page.get_name());
    let title = format!(".TH {name} 1 \"\" \"rolecall {}\" \"User Commands\"", env!("CARGO_PKG_VERSION"));
    let mut rendered = Vec::new();
    clap_mangen::Man::new(page).render(&mut rendered)?;
    for line in String::from_utf8_lossy(&rendered).lines() {
        writeln!(shell.out, "{}", if line.starts_with(".TH ") { &title } else { line })?;
    }
    Ok(End::Done)
}
