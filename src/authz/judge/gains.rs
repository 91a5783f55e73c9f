//! R31 from the receiving end: whatever a change is made of, nobody and no role comes to hold what
//! the giver doesn't, neither now nor at the moment when an exception ends. This is where what no
//! single change shows is met: a role's area switched on under an exception that was void, a Not
//! Visible cut short, a field moved to another section.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::catalog::features;
use crate::model::{Change, Commit, Moment, Role, User, UserId};

use super::Refusal;
use super::giving::{Giver, Holdings, of_person, of_role};
use super::valid::role_place;

pub(super) fn judge(giver: &Giver<'_>, commit: &Commit) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    let fields_changed = commit.changes.iter().any(|change| matches!(change, Change::Object(_)));
    let only_roles = |change: &Change| matches!(change, Change::User(_) | Change::Record(_) | Change::Role(_));
    let rules_changed = !commit.changes.iter().all(only_roles);
    for role in giver.after().roles.values().filter(|role| fields_changed && !role.is_locked()) {
        if let Some(was) = giver.before().roles.get(&role.id)
            && let Some(what) = giver.lacks_of_raise(&[&of_role(giver.before(), was)], &of_role(giver.after(), role))
        {
            let text = format!("this would give it {what}, which you don't hold");
            refusals.push(Refusal::new(role_place(role), text));
        }
    }
    let changed: BTreeSet<UserId> =
        giver.before().users.apart(&giver.after().users).filter_map(|(_, is)| is.map(|user| user.id)).collect();
    let roles = giver.before().roles.apart(&giver.after().roles).filter_map(|(_, is)| is);
    let holders = roles.filter_map(|role| giver.then.peers(role.id)).flat_map(|people| people.iter().copied());
    let people: BTreeSet<UserId> = match rules_changed {
        true => giver.after().users.keys().copied().collect(),
        false => holders.chain(changed.iter().copied()).collect(),
    };
    let people = people.iter().filter_map(|id| giver.after().users.get(id));
    // Whoever has no exceptions gets what their role gets, which is judged there.
    let concerned = |user: &&Arc<User>| changed.contains(&user.id) || !user.exceptions.is_empty();
    let (was_owner, is_owner) = (giver.now.owner(), giver.then.owner());
    for user in people.filter(concerned) {
        let was = giver.before().users.get(&user.id);
        // R7 gives the new owner everything; who may do that is judged among the transitions.
        if is_owner == Some(user.id) && was_owner != is_owner {
            continue;
        }
        if let Some(what) = gained(giver, was.map(AsRef::as_ref), user, commit.at) {
            // A gain through an exception is for whoever manages user details to know (002-34).
            refusals.push(match giver.holds(features::USERS_EDIT) || was != Some(user) {
                true => Refusal::new(user.email.clone(), format!("this would give them {what}, which you don't hold")),
                false => Refusal::new("this change", "would give somebody what you don't hold"),
            });
        }
    }
    refusals
}

fn gained(giver: &Giver<'_>, was: Option<&User>, is: &User, at: Moment) -> Option<String> {
    let listed = listed(giver, was, is);
    let exceptions = is.exceptions.values().chain(was.into_iter().flat_map(|was| was.exceptions.values()));
    let mut moments: BTreeSet<Moment> = exceptions.filter_map(|e| e.until).filter(|until| *until > at).collect();
    moments.insert(at);
    moments.into_iter().find_map(|moment| {
        let had = was.and_then(|was| of_person(giver.before(), was, moment));
        let has = of_person(giver.after(), is, moment)?;
        let had: Vec<&Holdings> = had.iter().chain(&listed).collect();
        giver.lacks_of_raise(&had, &has)
    })
}

/// What the role alone gives to somebody who is put into one that the giver's role lists, or that
/// holds by itself what the same commit makes.
fn listed(giver: &Giver<'_>, was: Option<&User>, is: &User) -> Option<Holdings> {
    let role: &Role = giver.after().roles.get(&is.role)?;
    if role.is_locked() && was.is_some_and(|was| was.role == is.role) {
        return Some(of_role(giver.after(), role));
    }
    let is_assignment = was.is_none_or(|was| was.role != is.role);
    let before = giver.before().roles.get(&role.id)?;
    (is_assignment && giver.is_listed(role)).then(|| of_role(giver.before(), before))
}
