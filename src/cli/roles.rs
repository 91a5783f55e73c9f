//! `rolecall roles`.

use clap::Args;
use serde_json::{Map, Value as Json, json};

use super::fail::{End, Fail, Outcome};
use super::shell::Shell;
use super::table::Table;
use crate::service::roles::{RoleArea, RoleDetail, RoleRow};

const AFTER: &str = "Examples:
  rolecall roles
  rolecall roles 'Sales Manager'
  rolecall roles --json";

/// Arguments.
#[derive(Debug, Args)]
#[command(after_help = AFTER)]
pub struct RolesArgs {
    /// Show this role with its permissions
    #[arg(value_name = "NAME")]
    name: Option<String>,
}

/// Runs it.
pub fn run(args: &RolesArgs, shell: &mut Shell) -> Outcome {
    let session = shell.quick_session()?;
    if let Some(name) = &args.name {
        let detail = session.role_detail(name)?;
        if shell.json() {
            shell.put_json(&told_detail(&detail))?;
        } else {
            show(&detail, shell)?;
        }
        return Ok(End::Done);
    }
    let rows = session.roles()?;
    if shell.json() {
        shell.put_json(&rows.iter().map(|row| Json::Object(told(row))).collect())?;
        return Ok(End::Done);
    }
    let mut table = Table::new(["Role", "Type", "Manager", "Members", "Description"]);
    for row in &rows {
        let name = if row.locked { format!("{} (locked)", row.name) } else { row.name.clone() };
        let members = row.members.iter().map(|member| member.name.as_str()).collect::<Vec<_>>().join(", ");
        let manager = row.manager.as_deref().unwrap_or_default();
        table.row([&name, row.role_type.label(), manager, &members, &row.description]);
    }
    table.write(&mut shell.out)?;
    Ok(End::Done)
}

fn told(row: &RoleRow) -> Map<String, Json> {
    let members: Vec<Json> =
        row.members.iter().map(|member| json!({"name": member.name, "email": member.email})).collect();
    let object = json!({
        "name": row.name, "manager": row.manager, "type": row.role_type.token(), "description": row.description,
        "icon": row.icon, "locked": row.locked, "shipped": row.shipped, "members": members,
    });
    match object {
        Json::Object(object) => object,
        _ => Map::new(),
    }
}

fn told_detail(detail: &RoleDetail) -> Json {
    let mut object = told(&detail.row);
    let features = detail.areas.iter().flat_map(|area| &area.features);
    let features: Map<String, Json> =
        features.map(|feature| (feature.key.clone(), json!(feature.value.token()))).collect();
    let scopes = detail.areas.iter().filter_map(|area| {
        let scopes = area.scopes?;
        let cells = json!({
            "view": scopes.view.token(), "edit": scopes.edit.token(), "delete": scopes.delete.token()
        });
        Some((area.key.clone(), cells))
    });
    let scopes: Map<String, Json> = scopes.collect();
    let sections = detail.areas.iter().filter(|area| !area.sections.is_empty()).map(|area| {
        let cells = area
            .sections
            .iter()
            .map(|(name, access)| (name.clone(), json!({"view": access.view(), "edit": access.edit()})));
        (area.key.clone(), Json::Object(cells.collect()))
    });
    let sections: Map<String, Json> = sections.collect();
    object.insert("features".to_owned(), Json::Object(features));
    object.insert("scopes".to_owned(), Json::Object(scopes));
    object.insert("sections".to_owned(), Json::Object(sections));
    Json::Object(object)
}

fn show(detail: &RoleDetail, shell: &mut Shell) -> Result<(), Fail> {
    let row = &detail.row;
    let manager = row.manager.as_ref().map(|manager| format!(", under {manager}")).unwrap_or_default();
    let locked = if row.locked { ", locked" } else { "" };
    writeln!(shell.out, "{} ({}{manager}{locked})", row.name, row.role_type.label())?;
    if !row.description.is_empty() {
        writeln!(shell.out, "{}", row.description)?;
    }
    for area in &detail.areas {
        writeln!(shell.out, "\n{}", area.label)?;
        show_area(area, shell)?;
    }
    Ok(())
}

fn show_area(area: &RoleArea, shell: &mut Shell) -> Result<(), Fail> {
    let mut lines: Vec<(String, String)> = Vec::new();
    if let Some(scopes) = area.scopes {
        for (verb, scope) in
            [("Can view", scopes.view), ("Can create/edit", scopes.edit), ("Can delete", scopes.delete)]
        {
            lines.push((verb.to_owned(), scope.label().to_owned()));
        }
    }
    for feature in &area.features {
        let ceiling = if feature.ceiling { " (beyond the type)" } else { "" };
        lines.push((feature.label.clone(), format!("{}{ceiling}", feature.value.label())));
    }
    for (name, access) in &area.sections {
        let word = match (access.view(), access.edit()) {
            (_, true) => "view and edit",
            (true, false) => "view",
            (false, false) => "hidden",
        };
        lines.push((format!("Section “{name}”"), word.to_owned()));
    }
    let Some((name, value)) = lines.first().cloned() else { return Ok(()) };
    let mut table = Table::new([format!("  {name}"), value]);
    for (name, value) in lines.iter().skip(1) {
        table.row([&format!("  {name}"), value]);
    }
    Ok(table.write(&mut shell.out)?)
}
