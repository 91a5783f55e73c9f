//! Who decides about whom the change moves in the tree, said beside who gains and loses (R4): somebody
//! without a manager of their own is under everybody whose role is above theirs, which widens; a manager
//! of one's own stands in the tree's place, which narrows. Managers and roles are known to everybody
//! (002-34), so nothing is given away.

use std::collections::BTreeSet;

use crate::model::{Change, Role, RoleId, Team, User, UserId};

/// So many are named.
const NAMED: usize = 5;

/// The lines of a change, in the team that it leads to.
pub(super) fn lines(changes: &[Change], after: &Team) -> Vec<String> {
    let mut moved: BTreeSet<RoleId> = BTreeSet::new();
    let mut people: BTreeSet<UserId> = BTreeSet::new();
    for change in changes {
        match change {
            Change::Role(swap) => moved.extend(swap_of(&swap.before, &swap.after).and_then(moves)),
            Change::User(swap) => people.extend(swap_of(&swap.before, &swap.after).and_then(reports)),
            _ => {}
        }
    }
    if moved.is_empty() && people.is_empty() {
        return Vec::new();
    }
    let under = below(&moved, after);
    let holders = after.users.values().filter(|user| under.contains(&user.role) || people.contains(&user.id));
    let (own, bare): (Vec<_>, Vec<_>) = holders.partition(|user| user.manager.is_some());
    if own.is_empty() && bare.is_empty() {
        return vec!["Nobody holds the role or one below it.".to_owned()];
    }
    let mut lines = Vec::new();
    if !bare.is_empty() {
        let (has, names) = (if bare.len() == 1 { "has" } else { "have" }, names(bare.iter().map(|user| &user.name)));
        lines.push(format!(
            "{names} {has} no manager of their own: everybody whose role is above theirs stands above them."
        ));
    }
    if !own.is_empty() {
        let (has, names) = (if own.len() == 1 { "has" } else { "have" }, names(own.iter().map(|user| &user.name)));
        lines.push(format!("{names} {has} a manager of their own, who decides in the place of the role tree."));
    }
    lines
}

fn swap_of<'a, T: AsRef<U>, U: 'a + ?Sized>(before: &'a Option<T>, after: &'a Option<T>) -> Option<(&'a U, &'a U)> {
    Some((before.as_ref()?.as_ref(), after.as_ref()?.as_ref()))
}

fn moves((before, after): (&Role, &Role)) -> Option<RoleId> {
    (before.manager != after.manager).then_some(after.id)
}

fn reports((before, after): (&User, &User)) -> Option<UserId> {
    ((before.manager, before.role) != (after.manager, after.role)).then_some(after.id)
}

/// These roles and all below them.
fn below(roles: &BTreeSet<RoleId>, team: &Team) -> BTreeSet<RoleId> {
    let mut all = roles.clone();
    let mut grew = !all.is_empty();
    while grew {
        let more: Vec<RoleId> = team
            .roles
            .values()
            .filter(|role| role.manager.is_some_and(|manager| all.contains(&manager)) && !all.contains(&role.id))
            .map(|role| role.id)
            .collect();
        grew = !more.is_empty();
        all.extend(more);
    }
    all
}

/// The first of them by name, and how many more.
fn names<'a>(all: impl Iterator<Item = &'a String>) -> String {
    let mut all: Vec<&str> = all.map(String::as_str).collect();
    all.sort_unstable();
    let more = all.len().saturating_sub(NAMED);
    all.truncate(NAMED);
    match (all.as_slice(), more) {
        ([one], _) => (*one).to_owned(),
        ([rest @ .., last], 0) => format!("{} and {last}", rest.join(", ")),
        (named, more) => format!("{} and {} more", named.join(", "), crate::model::text::number(more as u64)),
    }
}
