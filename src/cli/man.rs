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
    let mut text = Vec::new();
    clap_mangen::Man::new(page).render(&mut text)?;
    shell.out.write_all(&text)?;
    Ok(End::Done)
}
