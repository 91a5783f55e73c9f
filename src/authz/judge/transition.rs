//! What no change may do, whoever makes it, the operator included (R6, R7, R10, R17, R19, R22, R24).

use std::sync::Arc;

use crate::model::catalog::DecidedBy;
use crate::model::{Change, Commit, ObjectId, Pair, Record, Role, Shipped, Status, Team, User};

use super::super::compile::Snapshot;
use super::super::facts::{Asking, Facts};
use super::super::witness::Subject;
use super::Refusal;
use super::valid::role_place;

pub(super) fn judge(now: &Snapshot, then: &Snapshot, who: Subject, commit: &Commit, facts: &dyn Facts) -> Vec<Refusal> {
    let (before, after): (&Team, &Team) = (now.team(), then.team());
    let mut problems = Vec::new();
    let roles: Vec<Pair<'_, Role>> = before.roles.apart(&after.roles).collect();
    let changed: Vec<Pair<'_, User>> = before.users.apart(&after.users).collect();
    locked_roles(before, &roles, &mut problems);
    ownership(now, then, who, &mut problems);
    seats(after, &changed, &mut problems);
    shipped_roles(before, &roles, &mut problems);
    own_permissions(before, after, &mut problems);
    field_kinds(before, after, &mut problems);
    for (was, is) in changed.iter().filter_map(|(was, is)| is.map(|is| (was, is))) {
        exceptions(after, was.map(AsRef::as_ref), is, &mut problems);
    }
    for gone in changed.iter().filter(|(_, is)| is.is_none()).filter_map(|(was, _)| *was) {
        departure(after, gone, commit, facts, &mut problems);
    }
    problems
}

/// R18: what shipped can be edited, as far as it isn't locked, but not deleted, and nothing else
/// passes for it. A new account brings them.
fn shipped_roles(before: &Team, changed: &[Pair<'_, Role>], problems: &mut Vec<Refusal>) {
    let shipped = |role: Option<&Arc<Role>>| role.and_then(|role| role.shipped);
    for (was, is) in changed {
        let (Some(role), had, has) = (is.or(*was), shipped(*was), shipped(*is)) else { continue };
        if had.is_some() && has != had {
            problems
                .push(Refusal::new(role_place(role), "came with the account and can't be deleted; edit it instead"));
        }
        if has.is_some() && had.is_none() && !before.roles.is_empty() {
            problems.push(Refusal::new(role_place(role), "did not come with the account"));
        }
    }
}

/// R6: the two locked roles stay as they came. A new account brings them.
fn locked_roles(before: &Team, changed: &[Pair<'_, Role>], problems: &mut Vec<Refusal>) {
    for (was, is) in changed {
        match (was, is) {
            (Some(was), _) if was.is_locked() => {
                problems.push(Refusal::new(role_place(was), "is locked: it can't be changed or deleted"));
            }
            (None, Some(is)) if is.is_locked() && !before.roles.is_empty() => {
                let text = "is locked: there is only the one that came with the account";
                problems.push(Refusal::new(role_place(is), text));
            }
            _ => {}
        }
    }
}

/// R33: whoever holds a permission of the account's own holds that one and no other: its key stays.
fn own_permissions(before: &Team, after: &Team, problems: &mut Vec<Refusal>) {
    for permission in &before.account.permissions {
        let same = after.account.permissions.iter().find(|now| now.id == permission.id);
        if same.is_some_and(|now| now.key != permission.key) {
            let text = "its key can't be changed, because programs ask by it; add another permission instead";
            problems.push(Refusal::new(format!("the permission {}", permission.key), text));
        }
    }
}

/// What records hold of a field is of its kind, so the kind stays.
fn field_kinds(before: &Team, after: &Team, problems: &mut Vec<Refusal>) {
    for object in after.objects.values() {
        let Some(was) = before.objects.get(&object.id).filter(|was| *was != object) else { continue };
        for field in &object.fields {
            let kept = |old: &crate::model::Field| (old.kind, old.automatic) == (field.kind, field.automatic);
            if was.field(field.id).is_some_and(|old| !kept(old)) {
                let text =
                    format!("its kind can't be changed; make another field and delete this one ({})", object.label);
                problems.push(Refusal::new(format!("the field “{}”", field.name), text));
            }
        }
    }
}

/// R6, R7, R22: exactly one owner, always active; ownership moves by transfer alone.
fn ownership(was: &Snapshot, is: &Snapshot, who: Subject, problems: &mut Vec<Refusal>) {
    let (before, after) = (was.team(), is.team());
    let mut problem = |text: &str| problems.push(Refusal::new("the account owner", text));
    let now = is.owners();
    let [owner] = now.as_slice() else {
        problem("there is always exactly one; transfer the ownership to another user first");
        return;
    };
    if owner.status != Status::Active {
        problem("can't be revoked; transfer the ownership to another user first");
    }
    if owner.manager.is_some() {
        problem("never has a manager");
    }
    let Some(previous) = was.owners().first().map(|user| user.id).filter(|id| *id != owner.id) else { return };
    if who != Subject::Operator && who != Subject::User(previous) {
        problem("only the account owner can transfer the ownership");
    }
    if before.users.get(&owner.id).is_none_or(|user| user.status != Status::Active) {
        problem("ownership can only go to an active user");
    }
    let demoted = after.role_of(previous).is_some_and(|role| role.shipped == Some(Shipped::Administrator));
    if !demoted {
        problem("the one before gets the role Administrator");
    }
}

/// R17, 000-02. An account that is over its number already is not held up by anything else.
fn seats(after: &Team, changed: &[Pair<'_, User>], problems: &mut Vec<Refusal>) {
    let takes = |user: &User| user.status != Status::Revoked && !user.account_manager;
    let taken = |people: &mut dyn Iterator<Item = &Arc<User>>| people.filter(|user| takes(user)).count();
    let was = taken(&mut changed.iter().filter_map(|(was, _)| *was));
    let is = taken(&mut changed.iter().filter_map(|(_, is)| *is));
    let Some(seats) = after.account.seats.filter(|_| is > was) else { return };
    let is = taken(&mut after.users.values());
    if is > seats as usize {
        problems.push(Refusal::new(
            "seats",
            format!("the account includes {seats} and this would make it {is}; revoke somebody or add seats first"),
        ));
    }
}

/// R10: exceptions are refused where they would be void for good.
fn exceptions(after: &Team, was: Option<&User>, user: &User, problems: &mut Vec<Refusal>) {
    let Some(role) = after.roles.get(&user.role) else { return };
    if was.is_some_and(|was| was.exceptions == user.exceptions && was.role == user.role) {
        return;
    }
    for id in user.exceptions.keys() {
        let Some(feature) = after.catalog.feature(*id) else { continue };
        let mut problem = |why: String| {
            problems.push(Refusal::new(
                user.email.clone(),
                format!("can't have an exception for “{}”: {why}", feature.label),
            ));
        };
        if role.is_locked() {
            problem(format!("the role “{}” holds every permission", role.name));
        } else if !feature.ceiling.admits(role.role_type) {
            problem(format!("the type {} can never hold it", role.role_type.label()));
        } else if feature.decided_by == DecidedBy::Creating {
            problem("it follows creating".to_owned());
        } else if feature.decided_by == DecidedBy::TalkFlag {
            problem("Talk access is set on the Users page".to_owned());
        }
    }
}

/// 003-22: whoever is deleted was revoked before.
pub(super) fn only_the_revoked_go(leaver: &User) -> Result<(), Refusal> {
    if leaver.status == Status::Revoked {
        return Ok(());
    }
    let text = format!("is {}; revoke their access first, then delete them", leaver.status.token());
    Err(Refusal::new(leaver.email.clone(), text))
}

/// R24: whoever is deleted leaves nothing behind.
fn departure(after: &Team, gone: &User, commit: &Commit, facts: &dyn Facts, problems: &mut Vec<Refusal>) {
    problems.extend(only_the_revoked_go(gone).err());
    for object in after.objects.values() {
        let counted = facts.owner_counts(&Asking::new(), object.id);
        let owned = counted.iter().find(|count| count.owner == gone.id).map_or(0, |count| count.public + count.private);
        let handed = let_go(commit, object.id, |record| record.owner == gone.id);
        if owned > handed {
            let text = format!("owns {} that need another owner first", object.label.to_lowercase());
            problems.push(Refusal::new(gone.email.clone(), text));
        }
        let dropped = let_go(commit, object.id, |record| record.assigned.contains(&gone.id));
        if facts.assigned_in_all(&Asking::new(), object.id, gone.id) > dropped {
            let text = format!("is still assigned to {}; look at it again and repeat it", object.label.to_lowercase());
            problems.push(Refusal::new(gone.email.clone(), text));
        }
    }
}

/// How many records of an object cease to be somebody's by a commit.
fn let_go(commit: &Commit, object: ObjectId, theirs: impl Fn(&Record) -> bool) -> u64 {
    let gone = commit.changes.iter().filter(|change| match change {
        Change::Record(swap) => {
            swap.subject().is_some_and(|record| record.object == object)
                && swap.before.as_ref().is_some_and(&theirs)
                && !swap.after.as_ref().is_some_and(&theirs)
        }
        _ => false,
    });
    gone.count() as u64
}
