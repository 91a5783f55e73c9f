//! `rolecall passwd`.

use clap::Args;
use serde_json::json;

use super::fail::{End, Fail, Outcome};
use super::shell::{Shell, is_closed};
use crate::service::passwords::Password;

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
    if is_closed() {
        let fail =
            Fail::new("the standard output is closed, and nobody would see the new password; nothing was changed");
        return Err(fail.hinting("run it where its output can be read"));
    }
    let password = shell.quick_session()?.reset_password(&args.email)?;
    show(args, &password, shell).map_err(|fail| {
        let what = format!("the password of {} was replaced all the same", args.email);
        fail.loud().adding(&what).hinting("run it again where its output can be read: that makes another password")
    })?;
    Ok(End::Done)
}

fn show(args: &PasswdArgs, password: &Password, shell: &mut Shell) -> Result<(), Fail> {
    if shell.json() {
        shell.put_json(&json!({"email": args.email, "temporary_password": password.reveal()}))?;
    } else {
        shell.remark(&format!("The temporary password of {}, to be changed at the next sign-in:", args.email));
        writeln!(shell.out, "{}", password.reveal())?;
    }
    Ok(shell.out.flush()?)
}
