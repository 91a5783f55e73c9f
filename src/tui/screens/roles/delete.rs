//! Deleting a role: where somebody holds it or a role stands below it, the role that takes its place
//! is asked for in the same step (R19, 000-06).

use crate::service::draft::Draft;
use crate::service::roles::RoleRow;
use crate::tui::overlay::{Choice, Picker};
use crate::tui::proposal::Proposal;
use crate::tui::words::count;

/// The question which role takes the place.
pub(super) const PICK_HEIR: &str = "roles.heir";

/// How many roles stand right below one.
fn children(rows: &[RoleRow], name: &str) -> usize {
    rows.iter().filter(|row| row.manager.as_deref() == Some(name)).count()
}

/// Does the role leave nobody and nothing behind?
pub(super) fn is_free(rows: &[RoleRow], row: &RoleRow) -> bool {
    row.people == 0 && children(rows, &row.name) == 0
}

/// Who and what is left behind: `4 people and 1 role below it`.
fn left_behind(rows: &[RoleRow], row: &RoleRow) -> String {
    let people = (row.people > 0).then(|| count(row.people as u64, "person", "people"));
    let below = children(rows, &row.name);
    let roles = (below > 0).then(|| format!("{} below it", count(below as u64, "role", "roles")));
    people.into_iter().chain(roles).collect::<Vec<_>>().join(" and ")
}

/// Asks which role takes the place.
pub(super) fn picker(rows: &[RoleRow], row: &RoleRow) -> Picker {
    let title = format!("“{}” has {}: which role takes its place?", row.name, left_behind(rows, row));
    let choices = rows.iter().filter(|other| other.name != row.name && other.manager.is_some()).map(|other| {
        Choice::new(other.name.clone(), other.name.clone(), other.role_type.label()).note(other.description.clone())
    });
    Picker::one(PICK_HEIR, &title, choices.collect(), row.manager.as_deref())
}

/// The deletion, to be reviewed.
pub(super) fn proposal(rows: &[RoleRow], row: &RoleRow, replacement: Option<String>) -> Proposal {
    let name = &row.name;
    let says = match &replacement {
        Some(heir) => format!("The role “{name}” is deleted. “{heir}” takes its place for {}.", left_behind(rows, row)),
        None => format!("The role “{name}” is deleted. Nobody holds it."),
    };
    Proposal {
        draft: Draft::DeleteRole { name: name.clone(), replacement },
        title: format!("Delete the role “{name}”?"),
        says,
        verb: format!("delete “{name}”"),
        done: format!("The role “{name}” is deleted."),
    }
}
