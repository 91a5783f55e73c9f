//! Judges changes of managers (R31): moving a person or a role gives the people above their new
//! place what the moved own. And nobody makes someone their own subordinate unless they may view
//! all of every object.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::{Object, RecordAction, RoleId, Scope, Status, Team, User, UserId};

use super::super::classes::ObjectRights;
use super::super::compile::Snapshot;
use super::super::decide::Person;
use super::super::facts::RecordFacts;
use super::super::lines::Lines;
use super::super::trace::Quiet;
use super::super::witness::Subject;
use super::Refusal;
use super::giving::{Giver, sees_everything};

pub(super) fn judge(giver: &Giver<'_>) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    // A renewed snapshot shares its lines where nobody and no role stands elsewhere.
    if Arc::ptr_eq(giver.now.lines(), giver.then.lines()) {
        return refusals;
    }
    let moved = moved(giver.before(), giver.after());
    if moved.is_empty() {
        return refusals;
    }
    let everything = sees_everything(giver.now, giver.me);
    let gainers = if reaches_everything(giver) { Vec::new() } else { gainers(giver) };
    // What assignments alone would have done is judged by the role, not here.
    let assigned = assignments_alone(giver.before(), giver.after());
    let by_assignment = Lines::of(&assigned);
    for user in moved {
        if !everything && newly_below(giver, user.id, giver.me) {
            let text = "you can't make someone your own subordinate unless you may view all of every object";
            refusals.push(Refusal::new(user.email.clone(), text));
            continue;
        }
        let given = gainers.iter().filter(|(gainer, _)| {
            newly_below(giver, user.id, gainer.id)
                && !assigned.users.get(&gainer.id).is_some_and(|same| {
                    let number = by_assignment.number_of(user.id);
                    let runs = by_assignment.below(same.id, same.role);
                    number.is_some_and(|number| runs.iter().any(|run| run.contains(&number)))
                })
        });
        let mut given = given.filter_map(|(gainer, rights)| gives_too_much(giver, user.id, gainer, rights));
        if let Some(text) = given.next() {
            refusals.push(Refusal::new(user.email.clone(), text));
        }
    }
    refusals
}

/// Everyone who was there before and whose line changed: their own manager, their role, a manager of
/// a role above theirs, or any of these of somebody on their line.
fn moved<'a>(before: &Team, after: &'a Team) -> Vec<&'a User> {
    let mut chains: BTreeMap<RoleId, bool> = BTreeMap::new();
    for role in after.roles.keys() {
        chains.insert(*role, chain(before, *role) != chain(after, *role));
    }
    let heads: BTreeSet<UserId> = after
        .users
        .values()
        .filter(|user| match before.users.get(&user.id) {
            None => true,
            Some(was) if was.manager != user.manager => true,
            Some(was) => {
                user.manager.is_none() && (was.role != user.role || chains.get(&user.role).copied().unwrap_or(true))
            }
        })
        .map(|user| user.id)
        .collect();
    if heads.is_empty() {
        return Vec::new();
    }
    let on_a_moved_line = |user: &&'a Arc<User>| {
        let mut at = Some(user.id);
        for _ in 0..=after.users.len() {
            match at {
                Some(id) if heads.contains(&id) => return true,
                Some(id) => at = after.users.get(&id).and_then(|user| user.manager),
                None => return false,
            }
        }
        false
    };
    let there_before = after.users.values().filter(|user| before.users.contains_key(&user.id));
    there_before.filter(on_a_moved_line).map(AsRef::as_ref).collect()
}

/// A role and the roles above it.
fn chain(team: &Team, role: RoleId) -> Vec<RoleId> {
    let mut chain = Vec::new();
    let mut at = Some(role);
    while let Some(role) = at.and_then(|id| team.roles.get(&id)) {
        chain.push(role.id);
        at = role.manager.filter(|_| chain.len() <= team.roles.len());
    }
    chain
}

/// The team before, with the roles that people have afterwards.
fn assignments_alone(before: &Team, after: &Team) -> Team {
    let mut team = before.clone();
    for user in after.users.values().filter(|user| before.roles.contains_key(&user.role)) {
        match before.users.get(&user.id) {
            Some(was) if was.role == user.role => {}
            Some(was) => {
                let user = User { role: user.role, ..(**was).clone() };
                team.users.insert(user.id, Arc::new(user));
            }
            None => {
                team.users.insert(user.id, Arc::clone(user));
            }
        }
    }
    team
}

/// Whoever else comes to records by a line, with what they may do. Somebody who isn't active is
/// taken as if they were: they may be let in again.
fn gainers<'a>(giver: &'a Giver<'_>) -> Vec<(&'a User, Vec<(&'a Object, ObjectRights)>)> {
    let others = giver.after().users.values().filter(|user| user.id != giver.me);
    let with_rights = others.map(|user| (user.as_ref(), rights(giver.then, &widest(user))));
    with_rights.filter(|(_, rights)| rights.iter().any(|(_, rights)| by_line(rights))).collect()
}

/// Whoever may do anything with everybody's records gives nothing that they don't hold.
fn reaches_everything(giver: &Giver<'_>) -> bool {
    let mut rights = giver.after().objects.keys().map(|object| giver.now.rights(Subject::User(giver.me), *object));
    rights.all(|rights| [rights.view, rights.edit, rights.delete].iter().all(|scope| *scope == Scope::All))
}

fn by_line(rights: &ObjectRights) -> bool {
    [rights.view, rights.edit, rights.delete].contains(&Scope::Subordinates)
}

/// The person as they are once whatever holds them back for a time has ended.
fn widest(user: &User) -> User {
    let mut user = user.clone();
    user.exceptions.retain(|_, exception| exception.visible || exception.until.is_none());
    user
}

fn rights<'a>(snapshot: &'a Snapshot, user: &User) -> Vec<(&'a Object, ObjectRights)> {
    let team = snapshot.team();
    let Some(role) = team.roles.get(&user.role) else { return Vec::new() };
    let active = User { status: Status::Active, ..user.clone() };
    let person = Person::new(team, &active, role, snapshot.made());
    team.objects.values().map(|object| (object.as_ref(), person.object(object, &mut Quiet))).collect()
}

fn newly_below(giver: &Giver<'_>, who: UserId, above: UserId) -> bool {
    giver.then.is_below(who, above) && !giver.now.is_below(who, above)
}

fn reaches(snapshot: &Snapshot, user: UserId, rights: &ObjectRights, action: RecordAction, owner: UserId) -> bool {
    let scope = match action {
        RecordAction::View => rights.view,
        RecordAction::Edit => rights.edit,
        RecordAction::Delete => rights.delete,
    };
    snapshot.covers(user, rights.view, owner) && snapshot.covers(user, scope, owner)
}

/// What somebody comes to do with the moved one's records by the line, and the giver can't.
fn gives_too_much(
    giver: &Giver<'_>,
    moved: UserId,
    gainer: &User,
    rights_then: &[(&Object, ObjectRights)],
) -> Option<String> {
    let facts = RecordFacts { owner: moved, private: false, assigned: Vec::new() };
    let was = giver.before().users.get(&gainer.id);
    let rights_before = was.map(|was| rights(giver.now, was)).unwrap_or_default();
    for (object, then) in rights_then.iter().filter(|(_, rights)| by_line(rights)) {
        let before = rights_before.iter().find(|(was, _)| was.id == object.id).map(|(_, rights)| rights);
        let verbs = [(RecordAction::View, "view"), (RecordAction::Edit, "change"), (RecordAction::Delete, "delete")];
        for (action, verb) in verbs {
            let had = before.is_some_and(|before| reaches(giver.now, gainer.id, before, action, moved));
            let gains = !had && reaches(giver.then, gainer.id, then, action, moved);
            if gains && !giver.now.may(giver.me, action, object.id, &facts) {
                return Some(format!(
                    "this would let {} {verb} their {}, which you can't",
                    gainer.name,
                    object.label.to_lowercase()
                ));
            }
        }
    }
    None
}
