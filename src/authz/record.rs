//! What a person's rights mean for records: how far a scope reaches, and whether one record is
//! within it. The hot path of every check.

use std::collections::BTreeSet;

use crate::model::{FeatureId, FeatureValue, ObjectId, RecordAction, RoleType, Scope, UserId};

use super::compile::{ObjectRights, Snapshot};
use super::facts::RecordFacts;
use super::reach::Reach;
use super::trace::{Layer, Quiet, Trace};
use super::witness::Subject;

impl Snapshot {
    /// What a feature comes to.
    #[must_use]
    #[inline]
    pub fn feature(&self, who: Subject, id: FeatureId) -> FeatureValue {
        match who {
            Subject::Operator => FeatureValue::Yes,
            Subject::User(user) => self.class(user).map_or(FeatureValue::No, |class| class.feature(id)),
        }
    }

    /// Is a feature Yes?
    #[must_use]
    #[inline]
    pub fn holds(&self, who: Subject, id: FeatureId) -> bool {
        self.feature(who, id) == FeatureValue::Yes
    }

    /// What somebody may do with an object's records, before owners are looked at.
    #[must_use]
    #[inline]
    pub fn rights(&self, who: Subject, object: ObjectId) -> ObjectRights {
        match who {
            Subject::Operator => ObjectRights {
                access: true,
                view: Scope::All,
                edit: Scope::All,
                delete: Scope::All,
                see: u64::MAX,
                write: u64::MAX,
            },
            Subject::User(user) => self.class(user).map_or(ObjectRights::NONE, |class| *class.object(object)),
        }
    }

    /// May somebody sign in and act at all?
    #[must_use]
    pub fn is_active(&self, user: UserId) -> bool {
        self.class(user).is_some_and(|class| class.active)
    }

    pub(super) fn is_focused(&self, user: UserId) -> bool {
        self.class(user).is_some_and(|class| class.role_type == RoleType::Focused)
    }

    /// Does a scope cover an owner, for its holder `me`? The hot path of every record check.
    #[inline]
    pub(super) fn covers(&self, me: UserId, scope: Scope, owner: UserId) -> bool {
        match scope {
            Scope::None => false,
            Scope::All => true,
            _ if me == owner => true,
            Scope::Own => false,
            Scope::Roles => self.role(me).is_some_and(|role| self.role(owner) == Some(role)),
            Scope::Subordinates => self.is_below(owner, me),
        }
    }

    /// Is one person a subordinate of the other (R4)?
    #[must_use]
    #[inline]
    pub fn is_below(&self, who: UserId, above: UserId) -> bool {
        let (Some(number), Some(role)) = (self.lines().number_of(who), self.role(above)) else { return false };
        who != above && self.lines().below(above, role).iter().any(|run| run.contains(&number))
    }

    /// Do a person's scopes, sections and view of others come to the same under other rules?
    #[must_use]
    pub fn reaches_alike(&self, other: &Self, user: UserId) -> bool {
        let who = Subject::User(user);
        let owners =
            |snapshot: &Self, scope: Scope| -> BTreeSet<UserId> { snapshot.reach(user, scope).owners().collect() };
        self.is_focused(user) == other.is_focused(user)
            && self.team().objects.keys().chain(other.team().objects.keys()).all(|object| {
                let (was, is) = (self.rights(who, *object), other.rights(who, *object));
                let scopes = [was.view, was.edit, was.delete];
                was == is && scopes.into_iter().all(|scope| owners(self, scope) == owners(other, scope))
            })
    }

    /// The owners that a scope covers for a person.
    #[must_use]
    pub fn reach(&self, me: UserId, scope: Scope) -> Reach {
        match (scope, self.role(me)) {
            (Scope::None, _) | (_, None) => Reach::Nobody,
            (Scope::All, _) => Reach::Everyone,
            (Scope::Own, _) => Reach::Me(me),
            (Scope::Roles, Some(role)) => match self.peers(role) {
                Some(peers) => Reach::Peers { me, peers: peers.clone() },
                None => Reach::Me(me),
            },
            (Scope::Subordinates, Some(role)) => {
                Reach::Below { me, runs: self.lines().below(me, role), lines: self.lines().clone() }
            }
        }
    }

    /// May a person do this with a record of these facts?
    #[must_use]
    #[inline]
    pub fn may(&self, me: UserId, action: RecordAction, object: ObjectId, facts: &RecordFacts) -> bool {
        self.record(me, action, object, facts, &mut Quiet)
    }

    pub(super) fn record<T: Trace>(
        &self,
        me: UserId,
        action: RecordAction,
        object: ObjectId,
        facts: &RecordFacts,
        trace: &mut T,
    ) -> bool {
        let rights = self.rights(Subject::User(me), object);
        let seen = self.within(me, "view", rights.view, facts, trace);
        match action {
            RecordAction::View => seen,
            // R12: never further than view.
            RecordAction::Edit => seen && self.within(me, "create/edit", rights.edit, facts, trace),
            RecordAction::Delete => seen && self.within(me, "delete", rights.delete, facts, trace),
        }
    }

    #[inline]
    fn within<T: Trace>(&self, me: UserId, verb: &str, scope: Scope, facts: &RecordFacts, trace: &mut T) -> bool {
        let name = |user: UserId| self.team().users.get(&user).map_or("nobody", |user| user.name.as_str());
        if scope == Scope::None {
            trace.step(Layer::Scope, false, || format!("{verb} is None"));
            return false;
        }
        if facts.owner == me {
            trace.step(Layer::Record, true, || format!("{} owns it, which every scope covers ({verb})", name(me)));
            return true;
        }
        if facts.private {
            trace.step(Layer::Record, false, || "it is private, and somebody else's".to_owned());
            return false;
        }
        if self.is_focused(me) {
            let assigned = facts.assigned.contains(&me);
            trace.step(Layer::Type, assigned, || {
                let is = if assigned { "is" } else { "is not" };
                format!("a Focused User reaches what they own or are assigned to; {} {is} assigned ({verb})", name(me))
            });
            return assigned;
        }
        let covered = self.covers(me, scope, facts.owner);
        trace.step(Layer::Scope, covered, || {
            let covers = if covered { "covers" } else { "does not cover" };
            let (owner, why) = (name(facts.owner), self.standing(me, scope, facts.owner));
            format!("{verb} is “{}”, which {covers} the owner, {owner}{why}", scope.label())
        });
        covered
    }
}
