//! Judges changes to people (R22, R31, 002-05, 002-10, 002-15).

use crate::model::catalog::features;
use crate::model::{RoleType, User};

use super::Refusal;
use super::giving::{Giver, of_person};

pub(super) fn judge(giver: &Giver<'_>) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    for (was, is) in giver.before().users.apart(&giver.after().users) {
        let result = match (was, is) {
            (None, Some(user)) => add(giver, user),
            (Some(user), None) => remove(giver, user),
            (Some(was), Some(is)) => change(giver, was, is),
            (None, None) => Ok(()),
        };
        if let (Err(text), Some(user)) = (result, was.or(is)) {
            refusals.push(Refusal::new(user.email.clone(), text));
        }
    }
    refusals
}

type Verdict = Result<(), String>;

fn need(giver: &Giver<'_>, feature: crate::model::FeatureId) -> Verdict {
    if giver.holds(feature) {
        return Ok(());
    }
    let label = giver.before().catalog.feature(feature).map_or("", |feature| feature.label.as_str());
    Err(format!("you need “{label}” for this"))
}

/// Resetting a password and mailing again.
pub(super) fn touch(giver: &Giver<'_>, user: &User) -> Verdict {
    need(giver, features::USERS_EDIT)?;
    if user.id == giver.me {
        return Err("change your own password instead".to_owned());
    }
    untouchable(giver, user)?;
    contain(giver, user)
}

fn add(giver: &Giver<'_>, user: &User) -> Verdict {
    need(giver, features::USERS_MANAGE)?;
    giver.may_assign(user.role)
}

/// 002-10, 002-03, R22.
pub(super) fn remove(giver: &Giver<'_>, user: &User) -> Verdict {
    need(giver, features::USERS_MANAGE)?;
    if user.id == giver.me {
        return Err("you can't delete yourself".to_owned());
    }
    untouchable(giver, user)?;
    contain(giver, user)
}

/// Letting somebody in or out, before it is tried.
pub(super) fn admit(giver: &Giver<'_>, user: &User) -> Verdict {
    need(giver, features::USERS_MANAGE)?;
    if user.id == giver.me {
        return Err("you can't revoke yourself".to_owned());
    }
    untouchable(giver, user)?;
    contain(giver, user)
}

/// Changing somebody, before it is tried.
pub(super) fn edit(giver: &Giver<'_>, user: &User) -> Verdict {
    need(giver, features::USERS_EDIT)?;
    if user.id == giver.me {
        return Err("nobody changes their own role, exceptions or manager".to_owned());
    }
    untouchable(giver, user)?;
    contain(giver, user)
}

fn change(giver: &Giver<'_>, was: &User, is: &User) -> Verdict {
    if was.id == giver.me {
        return change_self(giver, was, is);
    }
    if is_transfer(giver) && giver.then.owner() == Some(is.id) {
        // R7 is judged as a whole among the transitions.
        return Ok(());
    }
    untouchable(giver, was)?;
    if was.status != is.status {
        need(giver, features::USERS_MANAGE)?;
    }
    if without_status(was) != without_status(is) {
        need(giver, features::USERS_EDIT)?;
    }
    contain(giver, was)?;
    if was.role != is.role {
        giver.may_assign(is.role)?;
    }
    Ok(())
}

fn without_status(user: &User) -> User {
    User { status: crate::model::Status::Active, ..user.clone() }
}

/// 002-35, R22, R31: one's own details, but nothing that decides what one may.
fn change_self(giver: &Giver<'_>, was: &User, is: &User) -> Verdict {
    // R7 takes the owner's role from them, and nothing else may ride along.
    let was = &if is_transfer(giver) { User { role: is.role, ..was.clone() } } else { was.clone() };
    if was.status != is.status {
        return Err("you can't revoke yourself".to_owned());
    }
    if was.role != is.role || was.exceptions != is.exceptions || was.manager != is.manager {
        return Err("nobody changes their own role, exceptions or manager".to_owned());
    }
    let details = User {
        name: is.name.clone(),
        language: is.language.clone(),
        email_from_name: is.email_from_name.clone(),
        reply_to: is.reply_to.clone(),
        ..was.clone()
    };
    if details == *is { Ok(()) } else { need(giver, features::USERS_EDIT) }
}

/// Is this commit the owner's own transfer of ownership?
fn is_transfer(giver: &Giver<'_>) -> bool {
    giver.now.owner() == Some(giver.me) && giver.then.owner() != Some(giver.me)
}

/// The owner is touched by the owner or the operator alone.
fn untouchable(giver: &Giver<'_>, user: &User) -> Verdict {
    let is_owner = giver.before().role_of(user.id).is_some_and(|role| role.role_type == RoleType::AccountOwner);
    if is_owner { Err("only the account owner changes the account owner".to_owned()) } else { Ok(()) }
}

/// One's effective rights contain theirs.
fn contain(giver: &Giver<'_>, user: &User) -> Verdict {
    match of_person(giver.before(), user, giver.now.made()).and_then(|holdings| giver.lacks(&holdings)) {
        None => Ok(()),
        // What they hold by exception is for whoever manages user details to know (002-34).
        Some(_) if !giver.holds(features::USERS_EDIT) => Err("they hold more than you do".to_owned()),
        Some(what) => Err(format!("they hold {what}, which you don't")),
    }
}
