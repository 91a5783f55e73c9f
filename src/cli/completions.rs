//! `rolecall completions`.

use clap::{Args, CommandFactory as _};
use clap_complete::Shell as Kind;

use super::args::Cli;
use super::fail::{End, Outcome};
use super::shell::Shell;

const AFTER: &str = "Examples:
  rolecall completions bash > ~/.local/share/bash-completion/completions/rolecall
  rolecall completions fish > ~/.config/fish/completions/rolecall.fish
  rolecall completions zsh > ~/.zfunc/_rolecall";

/// Arguments.
#[derive(Debug, Args)]
#[command(after_help = AFTER)]
pub struct CompletionsArgs {
    /// Which shell
    #[arg(value_name = "SHELL")]
    shell: Kind,
}

/// Runs it.
pub fn run(args: &CompletionsArgs, shell: &mut Shell) -> Outcome {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "rolecall", &mut text);
    shell.out.write_all(&text)?;
    Ok(End::Done)
}
