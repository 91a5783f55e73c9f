//! `rolecall init`.

use clap::Args;
use serde_json::json;

use super::fail::{End, Fail, Outcome};
use super::shell::{Shell, has_person, is_made, open};
use crate::host::prompt;
use crate::service::ServiceError;
use crate::service::passwords::Password;
use crate::service::setup::NewAccount;

const AFTER: &str = "Asks for the owner's password. Without a terminal, or when nothing is typed, a temporary one
is made and written to the standard output; it must be changed at the first sign-in.

Examples:
  rolecall init --account 'Paws Clinic' --owner olga@paws.example --owner-name 'Olga Owner'
  pass show paws | rolecall init --account Paws --owner olga@paws.example --owner-name Olga --password-stdin";

/// Arguments.
#[derive(Debug, Args)]
#[command(after_help = AFTER)]
pub struct InitArgs {
    /// The account's name
    #[arg(long, value_name = "NAME")]
    account: String,
    /// The owner's email, which is their user name
    #[arg(long, value_name = "EMAIL")]
    owner: String,
    /// The owner's name
    #[arg(long, value_name = "NAME")]
    owner_name: String,
    /// Read the owner's password from the first line of standard input
    #[arg(long)]
    password_stdin: bool,
}

/// Runs it.
pub fn run(args: &InitArgs, shell: &mut Shell) -> Outcome {
    shell.operator_only("makes an account")?;
    let directory = shell.directory()?;
    let mut new = NewAccount {
        account: args.account.clone(),
        owner_name: args.owner_name.clone(),
        owner_email: args.owner.clone(),
        password: None,
    };
    // Before anything is made in the directory.
    new.check()?;
    let made = if is_made(&directory)? { Some(open(&directory, false)?) } else { None };
    if made.as_ref().is_some_and(|engine| engine.has_account()) {
        return Err(ServiceError::AccountExists.into());
    }
    new.password = password(args)?;
    new.check()?;
    let engine = made.map_or_else(|| open(&directory, false), Ok)?;
    let temporary = engine.create_account(&new)?;
    let temporary = temporary.as_ref().map(Password::reveal);
    let owner = crate::model::text::fold(args.owner.trim());
    let told = if shell.json() {
        shell.put_json(&json!({
            "account": args.account.trim(), "owner": owner, "data": directory.to_string_lossy(),
            "temporary_password": temporary,
        }))
    } else {
        shell.remark(&format!("The account “{}” is ready in {}.", args.account.trim(), directory.display()));
        show(&owner, temporary, shell)
    };
    told.and_then(|()| Ok(shell.out.flush()?)).map_err(|fail| match temporary {
        None => fail,
        Some(_) => {
            let hint = format!("run `rolecall passwd {owner}` for another temporary password");
            fail.loud().adding("the account was made all the same").hinting(hint)
        }
    })?;
    Ok(End::Done)
}

fn show(owner: &str, temporary: Option<&str>, shell: &mut Shell) -> Result<(), Fail> {
    if let Some(temporary) = temporary {
        shell.remark(&format!("The temporary password of {owner}, shown once, to be changed at the first sign-in:"));
        writeln!(shell.out, "{temporary}")?;
    }
    Ok(())
}

fn password(args: &InitArgs) -> Result<Option<Password>, Fail> {
    if args.password_stdin {
        return Ok(Some(Password::new(prompt::line_of_input()?.as_str())));
    }
    if !has_person() {
        return Ok(None);
    }
    let first = prompt::hidden("Password of the owner (nothing for a temporary one): ")?;
    if first.is_empty() {
        return Ok(None);
    }
    if first != prompt::hidden("The same again: ")? {
        return Err(Fail::new("the two passwords differ; nothing was changed"));
    }
    Ok(Some(Password::new(first.as_str())))
}
