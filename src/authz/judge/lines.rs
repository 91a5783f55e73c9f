//! Judges changes of managers (R31): moving a person or a role gives the people above their new
//! place what the moved own. And nobody makes someone their own subordinate unless they may view
//! all of every object.

use crate::model::{RecordAction, Scope, User, UserId};

use super::super::facts::RecordFacts;
use super::super::witness::Subject;
use super::Refusal;
use super::giving::{Giver, sees_everything};

pub(super) fn judge(giver: &Giver<'_>) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    if !moved_anything(giver) {
        return refusals;
    }
    let everything = sees_everything(giver.now, giver.me);
    for user in giver.after().users.values() {
        let Some(was) = giver.before().users.get(&user.id) else { continue };
        let gained_by_me = newly_below(giver, user.id, giver.me);
        if gained_by_me && !everything {
            let text = "you can't make someone your own subordinate unless you may view all of every object";
            refusals.push(Refusal::new(user.email.clone(), text));
        } else if is_moved(giver, was, user)
            && let Some(text) = gives_too_much(giver, user.id)
        {
            refusals.push(Refusal::new(user.email.clone(), text));
        }
    }
    refusals
}

fn moved_anything(giver: &Giver<'_>) -> bool {
    let (before, after) = (giver.before(), giver.after());
    let roles =
        after.roles.values().any(|role| before.roles.get(&role.id).is_some_and(|was| was.manager != role.manager));
    let people = after
        .users
        .values()
        .any(|user| before.users.get(&user.id).is_some_and(|was| was.manager != user.manager || was.role != user.role));
    roles || people
}

/// The head of a moved line: their own manager changed, or, having none, a manager of a role above.
fn is_moved(giver: &Giver<'_>, was: &User, is: &User) -> bool {
    if was.manager != is.manager {
        return true;
    }
    if is.manager.is_some() || was.role != is.role {
        return false;
    }
    let chain = |team: &crate::model::Team| {
        let mut chain = Vec::new();
        let mut at = Some(is.role);
        while let Some(role) = at.and_then(|id| team.roles.get(&id)) {
            chain.push(role.id);
            at = role.manager.filter(|_| chain.len() <= team.roles.len());
        }
        chain
    };
    chain(giver.before()) != chain(giver.after())
}

fn newly_below(giver: &Giver<'_>, who: UserId, above: UserId) -> bool {
    giver.then.is_below(who, above) && !giver.now.is_below(who, above)
}

/// Does somebody come to reach the moved one's records who is given more than the giver reaches?
fn gives_too_much(giver: &Giver<'_>, moved: UserId) -> Option<String> {
    let facts = RecordFacts { owner: moved, private: false, assigned: Vec::new() };
    for gainer in giver.after().users.values().filter(|user| newly_below(giver, moved, user.id)) {
        for object in giver.after().objects.values() {
            let gained = giver.then.rights(Subject::User(gainer.id), object.id);
            let verbs = [
                (RecordAction::View, "view", gained.view),
                (RecordAction::Edit, "change", gained.edit),
                (RecordAction::Delete, "delete", gained.delete),
            ];
            for (action, verb, scope) in verbs {
                let gains = scope == Scope::Subordinates;
                if gains && !giver.now.may(giver.me, action, object.id, &facts) {
                    return Some(format!(
                        "this would let {} {verb} their {}, which you can't",
                        gainer.name,
                        object.label.to_lowercase()
                    ));
                }
            }
        }
    }
    None
}
