//! What somebody may see, as a world of its own: facts over the records in their view and no others
//! (R14, R32), and a team without what they may not know of its people (002-34). What is worked out
//! from these can give nothing else away.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::catalog::features;
use crate::model::{ObjectId, RecordAction, RecordId, Team, User, UserId};

use super::compile::Snapshot;
use super::facts::{Asking, Facts, OwnerCount, RecordFacts};
use super::reach::Reach;
use super::witness::Subject;

/// The records that one subject may see.
pub struct Seen<'a> {
    snapshot: &'a Snapshot,
    who: Subject,
    facts: &'a dyn Facts,
}

impl std::fmt::Debug for Seen<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Seen").field("who", &self.who).finish_non_exhaustive()
    }
}

/// What has become of a record, for telling what of its past is open to somebody. Gone and hidden are
/// the same to whoever isn't told of everything that happened (R32).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Past {
    /// It is there and in view.
    Seen,
    /// It is there and out of view.
    Hidden,
    /// It isn't there.
    Gone,
}

impl Snapshot {
    /// The records that a subject may see, as the world. What a Focused User sees of others' records
    /// by being assigned to it can be asked for, but isn't counted: counts per owner don't tell it.
    #[must_use]
    pub fn seen<'a>(&'a self, who: Subject, facts: &'a dyn Facts) -> Seen<'a> {
        Seen { snapshot: self, who, facts }
    }

    /// May a subject see every record of every object that isn't private?
    #[must_use]
    pub fn sees_all_public(&self, who: Subject) -> bool {
        let Subject::User(me) = who else { return true };
        self.team().objects.keys().all(|object| matches!(self.view_reach(me, *object), Reach::Everyone))
    }

    /// What has become of a record that the history tells of.
    #[must_use]
    pub fn past_of(&self, who: Subject, object: ObjectId, id: RecordId, facts: &dyn Facts) -> Past {
        let asking = Asking::new();
        match (facts.record(&asking, object, id), self.seen(who, facts).record(&asking, object, id)) {
            (None, _) => Past::Gone,
            (Some(_), Some(_)) => Past::Seen,
            (Some(_), None) => Past::Hidden,
        }
    }

    /// The team as a subject may know it: without the exceptions and Talk flags of others where they
    /// lack "Manage User details and User permissions" (002-34).
    #[must_use]
    pub fn team_known_to(&self, who: Subject, team: &Arc<Team>) -> Arc<Team> {
        let Subject::User(me) = who else { return Arc::clone(team) };
        if self.holds(who, features::USERS_EDIT) {
            return Arc::clone(team);
        }
        let mut known = Team::clone(team);
        known.users.amend(|user| {
            let hidden = user.id != me && (!user.exceptions.is_empty() || user.talk_access);
            hidden.then(|| User { exceptions: BTreeMap::new(), talk_access: false, ..User::clone(user) })
        });
        Arc::new(known)
    }

    fn view_reach(&self, me: UserId, object: ObjectId) -> Reach {
        self.reach(me, self.rights(Subject::User(me), object).view)
    }
}

impl Facts for Seen<'_> {
    fn record(&self, asking: &Asking, object: ObjectId, id: RecordId) -> Option<RecordFacts> {
        let found = self.facts.record(asking, object, id)?;
        let Subject::User(me) = self.who else { return Some(found) };
        self.snapshot.may(me, RecordAction::View, object, &found).then_some(found)
    }

    fn external(&self, asking: &Asking, object: ObjectId, external_id: &str) -> Option<RecordId> {
        let id = self.facts.external(asking, object, external_id)?;
        self.record(asking, object, id).map(|_| id)
    }

    fn owner_counts(&self, asking: &Asking, object: ObjectId) -> Vec<OwnerCount> {
        let mut counts = self.facts.owner_counts(asking, object);
        if let Subject::User(me) = self.who {
            let reach = self.snapshot.view_reach(me, object);
            counts.retain(|count| reach.contains(count.owner));
            counts.iter_mut().filter(|count| count.owner != me).for_each(|count| count.private = 0);
        }
        counts
    }

    fn assigned_counts(&self, asking: &Asking, object: ObjectId, user: UserId) -> Vec<(UserId, u64)> {
        let mut counts = self.facts.assigned_counts(asking, object, user);
        if let Subject::User(me) = self.who {
            let reach = self.snapshot.view_reach(me, object);
            counts.retain(|(owner, _)| reach.contains(*owner));
        }
        counts
    }

    fn assigned_in_all(&self, asking: &Asking, object: ObjectId, user: UserId) -> u64 {
        match self.who {
            Subject::Operator => self.facts.assigned_in_all(asking, object, user),
            Subject::User(_) => self.assigned_counts(asking, object, user).iter().map(|(_, count)| count).sum(),
        }
    }
}
