//! What can be typed.

use std::ffi::OsString;

use clap::{Args, Parser, Subcommand};

const ABOUT: &str = "The console for the people who run a team: who is in it, which role each person holds, \
what each role may see and do, and who owns which records.";

const LONG: &str = "The console for the people who run a team: who is in it, which role each person holds, \
what each role may see and do, and who owns which records.

Without a command, the console opens. The commands are for scripts and for whoever runs the host: whoever can read \
and write the data directory is the operator, who sees and may do everything; with --as EMAIL a command sees and may \
do exactly what that person may.";

const AFTER: &str = "Examples:
  rolecall demo                              look around in a made-up clinic
  rolecall init --account 'Paws Clinic' --owner olga@paws.example --owner-name 'Olga Owner'
  rolecall apply team.toml                   make the team as the file says
  rolecall records contacts --as sam@paws.example --sort 'Last Name'
  rolecall check --as sam@paws.example contacts.export

Exit codes: 0 done or allowed, 1 failed, 2 wrong usage, 3 denied.";

/// The command line.
#[derive(Debug, Parser)]
#[command(name = "rolecall", version, about = ABOUT, long_about = LONG, after_help = AFTER)]
#[command(disable_help_subcommand = true, max_term_width = 100)]
pub struct Cli {
    /// What goes with every command.
    #[command(flatten)]
    pub global: Global,
    /// The command; the console, if none.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What goes with every command.
#[derive(Debug, Args)]
#[command(next_help_heading = "With every command")]
pub struct Global {
    /// The data directory [default: rolecall in the platform's data directory]
    // As a text, because an empty variable is as good as none.
    #[arg(long, global = true, value_name = "DIR", env = "ROLECALL_DATA", value_hint = clap::ValueHint::DirPath)]
    pub data: Option<OsString>,
    /// See and do exactly what this person may, not what the operator may
    #[arg(long = "as", global = true, value_name = "EMAIL")]
    pub as_user: Option<String>,
    /// Answer in JSON; errors too, as one object on standard error
    #[arg(long, global = true)]
    pub json: bool,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Open the console on a made-up team that is thrown away afterwards
    Demo(super::demo::DemoArgs),
    /// Make a new account and its owner
    Init(super::init::InitArgs),
    /// Make the team as a file says
    Apply(super::apply::ApplyArgs),
    /// Write the team as a file
    Export(super::export::ExportArgs),
    /// Bring records in from a CSV file
    Import(super::import::ImportArgs),
    /// List records
    Records(super::records::RecordsArgs),
    /// Ask whether somebody may do something
    Check(super::check::CheckArgs),
    /// List the people, or show one
    Users(super::users::UsersArgs),
    /// List the roles, or show one with its permissions
    Roles(super::roles::RolesArgs),
    /// List who changed what, newest first
    Audit(super::audit::AuditArgs),
    /// Write everything into one file
    Backup(super::backup::BackupArgs),
    /// Make the data directory anew from a backup
    Restore(super::restore::RestoreArgs),
    /// Check every row, every index and the chain of the history
    Verify(super::verify::VerifyArgs),
    /// Give somebody a temporary password
    Passwd(super::passwd::PasswdArgs),
    /// Write completions for a shell
    Completions(super::completions::CompletionsArgs),
    /// Write the manual page
    Man(super::man::ManArgs),
}

/// How many there may be at most.
pub fn many(text: &str) -> Result<usize, String> {
    text.parse().map_err(|_| "give a whole number, such as 50".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_arguments_hold_together() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_command_teaches_with_an_example() {
        let mut whole = Cli::command();
        // So that the options that go with every command reach them all.
        whole.build();
        for command in whole.get_subcommands() {
            let help = command.clone().render_long_help().to_string();
            assert!(help.contains(&format!("rolecall {}", command.get_name())), "{}", command.get_name());
            assert!(help.contains("Example"), "{}", command.get_name());
        }
    }
}
