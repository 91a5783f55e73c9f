//! `rolecall users`.

use clap::Args;
use serde_json::{Map, Value as Json, json};

use super::fail::{End, Fail, Outcome};
use super::shell::Shell;
use super::table::Table;
use crate::service::users::{UserDetail, UserQuery, UserRow};

const AFTER: &str = "Examples:
  rolecall users
  rolecall users --role Sales --role 'Sales Manager'
  rolecall users sam@paws.example --json";

/// Arguments.
#[derive(Debug, Args)]
#[command(after_help = AFTER)]
pub struct UsersArgs {
    /// Show this person
    #[arg(value_name = "EMAIL", conflicts_with_all = ["search", "role"])]
    email: Option<String>,
    /// Only people in whose name, email, role or manager this text is
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    search: String,
    /// Only people with this role; more than once for several
    #[arg(long, value_name = "NAME")]
    role: Vec<String>,
}

/// Runs it.
pub fn run(args: &UsersArgs, shell: &mut Shell) -> Outcome {
    let session = shell.quick_session()?;
    if let Some(email) = &args.email {
        let detail = session.user_detail(email)?;
        if shell.json() {
            shell.put_json(&told_detail(&detail))?;
        } else {
            show(&detail, shell)?;
        }
        return Ok(End::Done);
    }
    let known = session.roles()?;
    for role in &args.role {
        let folded = crate::model::text::fold(role.trim());
        if !known.iter().any(|row| crate::model::text::fold(&row.name) == folded) {
            return Err(Fail::new(format!("there is no role “{role}”")).hinting("`rolecall roles` lists them"));
        }
    }
    let roles = args.role.iter().map(|role| role.trim().to_owned()).collect();
    let rows = session.users(&UserQuery { text: args.search.clone(), roles })?;
    if shell.json() {
        shell.put_json(&rows.iter().map(|row| Json::Object(told(row))).collect())?;
        return Ok(End::Done);
    }
    // R11: what may not be known is absent.
    let seen = rows.iter().any(|row| row.may_know_last_seen).then_some("Last seen");
    let mut table = Table::new(["Name", "Email", "Role", "Status", "Manager"].into_iter().chain(seen));
    for row in &rows {
        let seen = seen.map(|_| row.last_seen.map(|moment| moment.to_string()).unwrap_or_default());
        let manager = row.manager.as_deref().unwrap_or_default();
        let cells = [&row.name, &row.email, &row.role, row.status.token(), manager];
        table.row(cells.into_iter().chain(seen.as_deref()));
    }
    table.write(&mut shell.out)?;
    Ok(End::Done)
}

fn told(row: &UserRow) -> Map<String, Json> {
    let object = json!({
        "email": row.email, "name": row.name, "role": row.role, "type": row.role_type.token(),
        "status": row.status.token(), "manager": row.manager_email, "account_manager": row.account_manager,
    });
    let mut object = match object {
        Json::Object(object) => object,
        _ => Map::new(),
    };
    if row.may_know_last_seen {
        object.insert("last_seen".to_owned(), json!(row.last_seen.map(|moment| moment.to_string())));
    }
    object
}

fn told_detail(detail: &UserDetail) -> Json {
    let mut object = told(&detail.row);
    object.insert("language".to_owned(), json!(detail.language));
    object.insert("email_from_name".to_owned(), json!(detail.email_from_name));
    object.insert("reply_to".to_owned(), json!(detail.reply_to));
    object.insert("reports".to_owned(), json!(reports(detail)));
    // What whoever asks may not know is absent, not empty.
    if let Some(exceptions) = &detail.exceptions {
        let told = exceptions.iter().map(|exception| {
            json!({
                "feature": exception.key, "value": if exception.visible { "visible" } else { "not visible" },
                "until": exception.until.map(|moment| moment.to_string()),
                "holds": exception.void.is_none(), "void": exception.void, "redundant": exception.redundant,
            })
        });
        object.insert("exceptions".to_owned(), told.collect());
    }
    if let Some(addresses) = &detail.addresses {
        let told = addresses.iter().map(
            |seen| json!({"address": seen.address, "first": seen.first.to_string(), "last": seen.last.to_string()}),
        );
        object.insert("addresses".to_owned(), told.collect());
    }
    Json::Object(object)
}

fn show(detail: &UserDetail, shell: &mut Shell) -> Result<(), Fail> {
    let row = &detail.row;
    let mut table = Table::new(["Name", row.name.as_str()]);
    let mut line = |name: &str, value: &str| {
        if !value.is_empty() {
            table.row([name, value]);
        }
    };
    let optional = |text: &Option<String>| text.clone().unwrap_or_default();
    line("Email", &row.email);
    line("Role", &format!("{} ({})", row.role, row.role_type.label()));
    line("Status", row.status.token());
    line("Manager", &optional(&row.manager));
    line("Reports", &reports(detail).join(", "));
    line("Last seen", &row.last_seen.map(|moment| moment.to_string()).unwrap_or_default());
    line("Language", &optional(&detail.language));
    line("Email 'From' Name", &optional(&detail.email_from_name));
    line("Reply To Email", &optional(&detail.reply_to));
    for exception in detail.exceptions.iter().flatten() {
        let value = if exception.visible { "Visible" } else { "Not Visible" };
        let until = exception.until.map(|moment| format!(", until {moment}")).unwrap_or_default();
        let note = match (&exception.void, exception.redundant) {
            (Some(void), _) => format!(" (comes to nothing: {void})"),
            (None, true) => format!(" (redundant: the role “{}” says the same)", row.role),
            (None, false) => String::new(),
        };
        line("Exception", &format!("{}: {value}{until}{note}", exception.label));
    }
    for seen in detail.addresses.iter().flatten() {
        line("Address", &format!("{}, first {}, last {}", seen.address, seen.first, seen.last));
    }
    Ok(table.write(&mut shell.out)?)
}

/// The names of those who report to somebody.
fn reports(detail: &UserDetail) -> Vec<&str> {
    detail.reports.iter().map(|member| member.name.as_str()).collect()
}
