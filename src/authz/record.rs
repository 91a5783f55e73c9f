//! What a person's rights mean for records: how far a scope reaches, and whether one record is
//! within it. The hot path of every check.

use std::collections::BTreeSet;

use crate::model::{FeatureId, FeatureValue, ObjectId, RecordAction, RoleType, Scope, UserId};

use super::classes::{ObjectRights, Span};
use super::compile::{Row, Snapshot};
use super::facts::Fact;
use super::reach::Reach;
use super::trace::{Layer, Quiet, Trace};
use super::witness::Subject;

/// So many decisions are looked ahead where many are asked for.
const AHEAD: usize = 256;

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

    /// Does a scope cover an owner, for its holder `me`?
    pub(super) fn covers(&self, me: UserId, scope: Scope, owner: UserId) -> bool {
        let (mine, fact) = (self.row(me), Fact { owner, private: false, assigned: &[] });
        let span = Span::of_role(self.lines(), mine.role);
        self.role(me).is_some() && Covering::of(me, (mine, &span), self.row(owner), fact).meets(Covering::by(scope))
    }

    /// Is one person a subordinate of the other (R4)?
    #[must_use]
    pub fn is_below(&self, who: UserId, above: UserId) -> bool {
        let above_row = self.row(above);
        who != above && is_below(self.row(who), above_row, &Span::of_role(self.lines(), above_row.role))
    }

    /// Do a person's scopes, sections and view of others come to the same under other rules?
    #[must_use]
    pub fn reaches_alike(&self, other: &Self, user: UserId) -> bool {
        let who = Subject::User(user);
        let owners = |reach: &Reach| -> BTreeSet<UserId> { reach.owners().collect() };
        let alike = |scope: Scope| {
            let (was, is) = (self.reach(user, scope), other.reach(user, scope));
            was.is_plainly(&is) || owners(&was) == owners(&is)
        };
        self.is_focused(user) == other.is_focused(user)
            && self.team().objects.keys().chain(other.team().objects.keys()).all(|object| {
                let (was, is) = (self.rights(who, *object), other.rights(who, *object));
                let scopes = [was.view, was.edit, was.delete];
                was == is && scopes.into_iter().all(alike)
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
    pub fn may<'a>(&self, me: UserId, action: RecordAction, object: ObjectId, fact: impl Into<Fact<'a>>) -> bool {
        self.record(me, action, object, fact.into(), &mut Quiet)
    }

    /// The same of many people and records of one object, in order. What each takes is fetched for some
    /// hundreds before the first of them is decided, so that where they are all over a large team,
    /// nobody waits for memory one by one.
    #[inline]
    pub fn may_each<'a>(
        &self,
        object: ObjectId,
        asked: impl IntoIterator<Item = (UserId, RecordAction, Fact<'a>)>,
        mut answer: impl FnMut(bool),
    ) {
        const NOBODY: (UserId, RecordAction, Fact<'_>) =
            (UserId(u32::MAX), RecordAction::View, Fact { owner: UserId(u32::MAX), private: true, assigned: &[] });
        let mut asked = asked.into_iter();
        let (mut some, mut rows) = ([NOBODY; AHEAD], [(Row::NOBODY, Row::NOBODY); AHEAD]);
        loop {
            let mut number = 0;
            for (slot, one) in some.iter_mut().zip(asked.by_ref()) {
                *slot = one;
                number += 1;
            }
            let some = some.get(..number).unwrap_or_default();
            for ((me, _, fact), slot) in some.iter().zip(&mut rows) {
                *slot = (*self.row(*me), *self.row(fact.owner));
            }
            for ((me, action, fact), (mine, theirs)) in some.iter().zip(&rows) {
                let span = self.span(mine.class, object);
                let (seen, reached) = weighed(*me, *action, (mine, span), theirs, *fact);
                answer(seen & reached);
            }
            if number < AHEAD {
                return;
            }
        }
    }

    #[inline]
    pub(super) fn record<T: Trace>(
        &self,
        me: UserId,
        action: RecordAction,
        object: ObjectId,
        fact: Fact<'_>,
        trace: &mut T,
    ) -> bool {
        let row = self.row(me);
        let span = self.span(row.class, object);
        let (seen, reached) = weighed(me, action, (row, span), self.row(fact.owner), fact);
        let rights = self.rights(Subject::User(me), object);
        let focused = span.focused;
        self.tell((me, "view", rights.view), (focused, fact), seen, trace);
        match action {
            RecordAction::Edit if seen => self.tell((me, "create/edit", rights.edit), (focused, fact), reached, trace),
            RecordAction::Delete if seen && T::LISTENS => {
                // Whether deleting is allowed at all is told apart: here is what the scope itself says.
                let set = self.delete_as_set(me, object);
                let covers = Covering::of(me, (row, span), self.row(fact.owner), fact).meets(Covering::by(set));
                self.tell((me, "delete", set), (focused, fact), covers, trace);
            }
            _ => {}
        }
        // R12: never further than view.
        seen & reached
    }

    /// The scope over deleting before the permission to delete is looked at.
    pub(super) fn delete_as_set(&self, me: UserId, object: ObjectId) -> Scope {
        self.team().role_of(me).map_or(Scope::None, |role| match role.scopes(object).delete {
            Scope::None => Scope::None,
            _ if role.role_type == RoleType::Focused => Scope::Own,
            set => set,
        })
    }

    /// What made a scope cover a record or not, in words, for whoever listens: `covered` is the
    /// decision, and each layer's say is that value.
    #[inline]
    fn tell<T: Trace>(
        &self,
        (me, verb, scope): (UserId, &str, Scope),
        (focused, fact): (bool, Fact<'_>),
        covered: bool,
        trace: &mut T,
    ) {
        let name = |user: UserId| self.team().users.get(&user).map_or("nobody", |user| user.name.as_str());
        if scope == Scope::None {
            trace.step(Layer::Scope, covered, || format!("{verb} is None"));
        } else if fact.owner == me {
            trace.step(Layer::Record, covered, || format!("{} owns it, which every scope covers ({verb})", name(me)));
        } else if fact.private {
            trace.step(Layer::Record, covered, || "it is private, and somebody else's".to_owned());
        } else if focused {
            trace.step(Layer::Type, covered, || {
                let is = if covered { "is" } else { "is not" };
                let name = name(me);
                format!("a Focused User reaches what they own or are assigned to; {name} {is} assigned ({verb})")
            });
        } else {
            trace.step(Layer::Scope, covered, || {
                let covers = if covered { "covers" } else { "does not cover" };
                let (owner, why) = (name(fact.owner), self.standing(me, scope, fact.owner));
                format!("{verb} is “{}”, which {covers} the owner, {owner}{why}", scope.label())
            });
        }
    }
}

/// Whether a record is seen, and whether the action reaches it: what each decision comes to.
#[inline]
fn weighed(me: UserId, action: RecordAction, mine: (&Row, &Span), theirs: &Row, fact: Fact<'_>) -> (bool, bool) {
    let (covering, span) = (Covering::of(me, mine, theirs, fact), mine.1);
    let scope = match action {
        RecordAction::View => span.view,
        RecordAction::Edit => span.edit,
        RecordAction::Delete => span.delete,
    };
    (covering.meets(span.view), covering.meets(scope))
}

/// A set of scopes, one bit for each: those that cover a record for somebody, or the one that
/// somebody has. Worked out without branches on who owns the record, so that a run of decisions
/// never waits for a guess that went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Covering(u8);

impl Covering {
    const NONE: Self = Self(0);
    const ALL: u8 = 1;
    const ROLES: u8 = 2;
    const SUBORDINATES: u8 = 4;
    const OWN: u8 = 8;
    const EVERY: Self = Self(Self::ALL | Self::ROLES | Self::SUBORDINATES | Self::OWN);

    /// The scope alone; None covers nothing.
    pub(super) const fn by(scope: Scope) -> Self {
        Self(match scope {
            Scope::All => Self::ALL,
            Scope::Roles => Self::ROLES,
            Scope::Subordinates => Self::SUBORDINATES,
            Scope::Own => Self::OWN,
            Scope::None => 0,
        })
    }

    /// The scopes that cover a record for a person.
    #[inline]
    fn of(me: UserId, (mine, span): (&Row, &Span), theirs: &Row, fact: Fact<'_>) -> Self {
        let others = if span.focused {
            if fact.assigned.contains(&me) { Self::EVERY } else { Self::NONE }
        } else {
            let alike = u8::from(theirs.role == mine.role) * Self::ROLES;
            let below = u8::from(is_below(theirs, mine, span)) * Self::SUBORDINATES;
            Self(Self::ALL | alike | below)
        };
        // R14: what is private is its owner's alone.
        let others = if fact.private { Self::NONE } else { others };
        if fact.owner == me { Self::EVERY } else { others }
    }

    #[inline]
    fn meets(self, scope: Self) -> bool {
        self.0 & scope.0 != 0
    }
}

/// Two comparisons (R4): within the person's own run, or within that of their role's child roles.
#[inline]
fn is_below(who: &Row, above: &Row, span: &Span) -> bool {
    let own = who.number.wrapping_sub(above.number).wrapping_sub(1) < above.below;
    own | (who.number.wrapping_sub(span.first) < span.below)
}
