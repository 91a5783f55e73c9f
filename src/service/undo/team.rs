//! The team set back in what a change touched, and in nothing else: cell by cell for a role, part by
//! part for a person and the account. What others changed beside it stays, and who may not know of
//! that isn't told (R32).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::access::Scopes;
use crate::model::change::StaleChange;
use crate::model::{Account, Change, Role, Swap, Team, User};
use crate::service::error::ServiceError;

use super::known::Known;
use super::objects;

/// Something that the change touched is no longer as it left it.
pub(super) struct Touched;

/// Sets parts of `$after` back from what the change left to what was, unless they aren't that now.
macro_rules! set_back {
    ($left:ident, $was:ident, $after:ident: $($part:ident),+) => { $(
        if $left.$part != $was.$part {
            if $after.$part != $left.$part {
                return Err(Touched);
            }
            $after.$part.clone_from(&$was.$part);
        }
    )+ };
}
pub(super) use set_back;

/// The change that sets a part of the team back, given the one that would if nothing had happened
/// since; nothing where all of it is as it was.
pub(super) fn back(team: &Team, known: &Known<'_>, reversed: Change) -> Result<Option<Change>, ServiceError> {
    match reversed {
        Change::Account(Swap { before: Some(left), after: Some(was) }) => {
            let set = account(team.account.clone(), &left, &was).map_err(|Touched| since("the account"))?;
            Ok((set != team.account).then(|| Change::Account(Swap::changed(team.account.clone(), set))))
        }
        Change::Account(_) => Err(ServiceError::Denied("an account can't be unmade".to_owned())),
        Change::Role(Swap { before: Some(left), after: Some(was) }) => {
            let name = format!("the role “{}”", left.name);
            let now = team.roles.get(&left.id).ok_or_else(|| gone(&name))?;
            let set = role(Role::clone(now), &left, &was).map_err(|Touched| since(&name))?;
            Ok((set != **now).then(|| Change::Role(Swap::changed(Arc::clone(now), Arc::new(set)))))
        }
        Change::User(Swap { before: Some(left), after: Some(was) }) => {
            let now = team.users.get(&left.id).ok_or_else(|| gone(&left.email))?;
            let set = user(User::clone(now), &left, &was).map_err(|Touched| since(&left.email))?;
            Ok((set != **now).then(|| Change::User(Swap::changed(Arc::clone(now), Arc::new(set)))))
        }
        Change::Object(Swap { before: Some(left), after: Some(was) }) => {
            let name = format!("the fields of {}", left.label);
            let now = team.objects.get(&left.id).ok_or_else(|| gone(&name))?;
            let set = objects::back(now, &left, &was, known)?;
            Ok((set != **now).then(|| Change::Object(Swap::changed(Arc::clone(now), Arc::new(set)))))
        }
        // One that the change made goes, unless somebody changed what whoever undoes it sees of it.
        Change::Role(Swap { before: Some(left), after: None }) => {
            let name = format!("the role “{}”", left.name);
            let now = team.roles.get(&left.id).ok_or_else(|| gone(&name))?;
            let same = (&now.icon, now.order) == (&left.icon, left.order)
                && known.sees_nothing_in(&Change::Role(Swap::changed(left, Arc::clone(now))));
            if same { Ok(Some(Change::Role(Swap::removed(Arc::clone(now))))) } else { Err(since(&name)) }
        }
        whole => Ok(Some(whole)),
    }
}

/// Puts a change that leads back on top of those before it.
pub(super) fn put(team: &mut Team, change: &Change) -> Result<(), ServiceError> {
    team.apply(change).map_err(|stale| match stale {
        StaleChange::Meanwhile(what) => since(&what),
        other @ StaleChange::Catalog(_) => ServiceError::Meanwhile(other.to_string()),
    })
}

fn since(what: &str) -> ServiceError {
    ServiceError::Meanwhile(format!("{what} was changed since"))
}

fn gone(what: &str) -> ServiceError {
    ServiceError::Meanwhile(format!("{what} is no longer there"))
}

/// The counters of an account only ever go on: no number is given twice.
fn account(mut after: Account, left: &Account, was: &Account) -> Result<Account, Touched> {
    let Account { name: _, time_zone: _, seats: _, agent_seats: _, permissions: _, next: _ } = &after;
    set_back!(left, was, after: name, time_zone, seats, agent_seats, permissions);
    Ok(after)
}

fn role(mut after: Role, left: &Role, was: &Role) -> Result<Role, Touched> {
    let Role {
        id: _,
        name: _,
        manager: _,
        role_type: _,
        description: _,
        icon: _,
        shipped: _,
        order: _,
        features: _,
        scopes: _,
        sections: _,
        may_assign: _,
    } = &after;
    set_back!(left, was, after: name, manager, role_type, description, icon, order);
    cells(&mut after.features, &left.features, &was.features)?;
    cells(&mut after.sections, &left.sections, &was.sections)?;
    for object in keys(&left.scopes, &was.scopes) {
        let of = |role: &Role| role.scopes.get(&object).copied().unwrap_or(Scopes::UNLISTED);
        let (left, was, mut scopes) = (of(left), of(was), of(&after));
        set_back!(left, was, scopes: view, edit, delete);
        match scopes == Scopes::UNLISTED {
            true => after.scopes.remove(&object),
            false => after.scopes.insert(object, scopes),
        };
    }
    for other in left.may_assign.symmetric_difference(&was.may_assign) {
        if after.may_assign.contains(other) != left.may_assign.contains(other) {
            return Err(Touched);
        }
        match was.may_assign.contains(other) {
            true => after.may_assign.insert(*other),
            false => after.may_assign.remove(other),
        };
    }
    Ok(after)
}

fn user(mut after: User, left: &User, was: &User) -> Result<User, Touched> {
    let User {
        id: _,
        email: _,
        name: _,
        role: _,
        status: _,
        manager: _,
        exceptions: _,
        language: _,
        email_from_name: _,
        reply_to: _,
        account_manager: _,
        talk_access: _,
        created: _,
    } = &after;
    set_back!(left, was, after: email, name, role, status, manager, language, email_from_name, reply_to);
    set_back!(left, was, after: account_manager, talk_access);
    cells(&mut after.exceptions, &left.exceptions, &was.exceptions)?;
    Ok(after)
}

/// Values that stand under a key each.
fn cells<K: Ord + Copy, V: PartialEq + Clone>(
    after: &mut BTreeMap<K, V>,
    left: &BTreeMap<K, V>,
    was: &BTreeMap<K, V>,
) -> Result<(), Touched> {
    for key in keys(left, was).into_iter().filter(|key| left.get(key) != was.get(key)) {
        if after.get(&key) != left.get(&key) {
            return Err(Touched);
        }
        match was.get(&key) {
            Some(value) => after.insert(key, value.clone()),
            None => after.remove(&key),
        };
    }
    Ok(())
}

fn keys<K: Ord + Copy, V>(left: &BTreeMap<K, V>, was: &BTreeMap<K, V>) -> BTreeSet<K> {
    left.keys().chain(was.keys()).copied().collect()
}
