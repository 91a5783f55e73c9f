//! What the viewer may do with somebody, known before it is tried (R22, R31): nothing that can't be
//! done is offered without saying why.

use crate::authz::{Denied, Subject};
use crate::model::{Shipped, Status, User};
use crate::store::View;

use super::delete_user::may_go;
use super::session::Session;

/// For each act nothing where it may be tried, else why not. Whoever lacks the permission for an act
/// altogether doesn't meet it at all (R11), so what is said here is about this person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Acts {
    /// Details, role, manager and exceptions (003-20).
    pub edit: Option<String>,
    /// A temporary password (001-17).
    pub reset: Option<String>,
    /// Taking access away (003-21).
    pub revoke: Option<String>,
    /// Giving it back (003-22).
    pub reactivate: Option<String>,
    /// For good (003-22).
    pub delete: Option<String>,
    /// Making them the account owner (R7).
    pub own: Option<String>,
}

impl Session {
    pub(super) fn acts(&self, view: &View, user: &User) -> Acts {
        let (snapshot, who) = (view.snapshot(), self.subject());
        let admit = snapshot.may_admit(who, user.id).err().map(said);
        let is_owner = view.team().role_of(user.id).is_some_and(|role| role.shipped == Some(Shipped::AccountOwner));
        let revoke = match user.status {
            _ if is_owner => Some("the account owner can't be revoked; transfer the ownership first".to_owned()),
            Status::Revoked => Some(format!("{} is revoked already", user.name)),
            Status::Active | Status::Invited => admit.clone(),
        };
        let reactivate = match user.status {
            Status::Revoked => admit,
            status => Some(format!("{} is {}, not revoked", user.name, status.token())),
        };
        let delete = may_go(view.team(), user).err().map(|error| error.to_string());
        let reset = match user.status {
            Status::Revoked => Some(format!("{} is revoked; reactivate them first", user.name)),
            _ => snapshot.may_touch(who, user.id).err().map(said),
        };
        Acts {
            edit: snapshot.may_edit(who, user.id).err().map(said),
            reset,
            revoke,
            reactivate,
            delete: delete.or_else(|| snapshot.permit_departure(who, user.id).err().map(said)),
            own: owning(view, who, user),
        }
    }
}

fn owning(view: &View, who: Subject, user: &User) -> Option<String> {
    let owner = view.team().owner();
    if owner.is_some_and(|owner| owner.id == user.id) {
        return Some(format!("{} is the account owner already", user.name));
    }
    if owner.is_none_or(|owner| who != Subject::User(owner.id)) {
        return Some("only the account owner transfers the ownership".to_owned());
    }
    match user.status {
        Status::Active => None,
        status => Some(format!("{} is {}; ownership goes to an active user", user.name, status.token())),
    }
}

/// A refusal about one person, without the email that it begins with: the screen names them.
fn said(denied: Denied) -> String {
    match denied {
        Denied::Absent => "they are no longer here".to_owned(),
        Denied::Forbidden(refusals) | Denied::Invalid(refusals) => {
            refusals.into_iter().map(|refusal| refusal.text).collect::<Vec<_>>().join("; ")
        }
    }
}
