//! `rolecall passwd`.

use clap::Args;
use serde_json::json;

use super::fail::{End, Outcome};
use super::shell::Shell;

const AFTER: &str = "The operator's reset: writes a temporary password to the standard output, shown once. It
expires, ends the person's sessions, and must be changed at the next sign-in.

Example:
  rolecall passwd sam@paws.example";

/// Arguments.
#[derive(Debug, Args)]
#[command(after_help = AFTER)]
pub struct PasswdArgs {
    /// Whose password
    #[arg(value_name = "EMAIL")]
    email: String,
}

/// Runs it.
pub fn run(args: &PasswdArgs, shell: &mut Shell) -> Outcome {
    shell.operator_only("resets passwords from the command line")?;
    let password = shell.quick_session()?.reset_password(&args.email)?;
    if shell.json() {
        shell.put_json(&json!({"email": args.email, "temporary_password": password.reveal()}))?;
        return Ok(End::Done);
    }
    shell.remark(&format!("The temporary password of {}, to be changed at the next sign-in:", args.email));
    writeln!(shell.out, "{}", password.reveal())?;
    Ok(End::Done)
}
