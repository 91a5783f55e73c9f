//! Whose records somebody reaches for one action, on one side of a change, and what two such sets
//! differ by in records.

use std::collections::HashMap;
use std::ops::Range;

use crate::model::{RecordAction, RoleId, Scope, UserId};

use super::classes::ObjectChange;
use super::places::Places;
use super::weights::Weights;

/// One person's reach for one action.
pub(super) struct Owners {
    me: UserId,
    /// Are the person's own records covered, private ones included?
    own: bool,
    /// Whose public records are, the person themselves apart.
    others: Set,
    /// Are those that are assigned to the person (R8)?
    assigned: bool,
}

/// A set of owners.
#[derive(Clone, PartialEq, Eq)]
enum Set {
    Nobody,
    /// Owners without a place, too.
    Everyone,
    Some(Part),
}

/// Owners at places in some runs, as far as they had and have a role, where one is named.
#[derive(Clone, PartialEq, Eq)]
struct Part {
    runs: Vec<Range<u32>>,
    had: Option<RoleId>,
    has: Option<RoleId>,
}

impl Owners {
    pub(super) fn of(
        places: &Places<'_>,
        me: UserId,
        change: &ObjectChange,
        after: bool,
        action: RecordAction,
    ) -> Self {
        let [was, is] = change.sides;
        let held = if after { is } else { was };
        let scope = match action {
            RecordAction::View => held.view,
            RecordAction::Edit => held.edit,
            RecordAction::Delete => held.delete,
        };
        let own = held.view != Scope::None && scope != Scope::None;
        // R12: never further than view.
        let seen = Set::of(places, me, held.view, after);
        let others = if scope == held.view { seen } else { seen.and(&Set::of(places, me, scope, after)) };
        Self { me, own, others: if own { others } else { Set::Nobody }, assigned: own && held.focused }
    }

    /// How many of one owner's public records are covered, of which some are assigned to the person.
    fn covers(&self, places: &Places<'_>, owner: UserId, public: u64, assigned: u64) -> u64 {
        if self.others.contains(places, owner) {
            public
        } else if self.assigned {
            assigned
        } else {
            0
        }
    }
}

/// How many records the second reach covers and the first doesn't, and the other way round.
/// `assigned` are the public records that are assigned to the person, by owner.
pub(super) fn compare(
    was: &Owners,
    is: &Owners,
    weights: &Weights,
    assigned: &HashMap<UserId, u64>,
    places: &Places<'_>,
) -> (u64, u64) {
    let (mut gained, mut lost) = (0, 0);
    if was.others != is.others {
        let count = |set: &Set| set.weigh(places, weights, was.me);
        let both = count(&was.others.and(&is.others));
        gained = count(&is.others).saturating_sub(both);
        lost = count(&was.others).saturating_sub(both);
    }
    let place = places.of_user(was.me);
    let mine = place.map_or(0, |place| weights.public(&(place..place + 1)) + weights.private(place));
    match (was.own, is.own) {
        (false, true) => gained += mine,
        (true, false) => lost += mine,
        _ => {}
    }
    if was.assigned || is.assigned {
        // By the sets, an assigned record of an owner out of reach was not covered.
        for (owner, assigned) in assigned.iter().filter(|(owner, _)| **owner != was.me) {
            let place = places.of_user(*owner);
            let public = place.map_or(*assigned, |place| weights.public(&(place..place + 1)));
            let by = |assigned: u64| {
                let covered = |side: &Owners| side.covers(places, *owner, public, assigned);
                (covered(is).saturating_sub(covered(was)), covered(was).saturating_sub(covered(is)))
            };
            let (without, with) = (by(0), by(*assigned));
            gained = (gained + with.0).saturating_sub(without.0);
            lost = (lost + with.1).saturating_sub(without.1);
        }
    }
    (gained, lost)
}

impl Set {
    fn of(places: &Places<'_>, me: UserId, scope: Scope, after: bool) -> Self {
        match scope {
            Scope::None | Scope::Own => Self::Nobody,
            Scope::All => Self::Everyone,
            Scope::Roles => match places.role(me, after) {
                None => Self::Nobody,
                // Where nobody changed roles, who holds it is who held it.
                role if after && !places.same_roles() => Self::Some(Part { has: role, ..Part::everywhere(places) }),
                role => Self::Some(Part { had: role, ..Part::everywhere(places) }),
            },
            Scope::Subordinates => Self::Some(Part { runs: places.below(me, after), had: None, has: None }),
        }
    }

    fn and(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Nobody, _) | (_, Self::Nobody) => Self::Nobody,
            (Self::Everyone, set) | (set, Self::Everyone) => set.clone(),
            (Self::Some(one), Self::Some(two)) => one.and(two).map_or(Self::Nobody, Self::Some),
        }
    }

    fn contains(&self, places: &Places<'_>, owner: UserId) -> bool {
        match self {
            Self::Nobody => false,
            Self::Everyone => true,
            Self::Some(set) => set.contains(places, owner),
        }
    }

    /// The public records of everyone in it but one.
    fn weigh(&self, places: &Places<'_>, weights: &Weights, but: UserId) -> u64 {
        let all = match self {
            Self::Nobody => 0,
            Self::Everyone => weights.public(&(0..places.len())) + weights.elsewhere,
            Self::Some(set) => {
                set.runs.iter().map(|run| weights.public_of(places, run, (set.had, set.has))).sum::<u64>()
            }
        };
        let left_out = places.of_user(but).filter(|_| self.contains(places, but));
        all.saturating_sub(left_out.map_or(0, |place| weights.public(&(place..place + 1))))
    }
}

impl Part {
    fn everywhere(places: &Places<'_>) -> Self {
        Self { runs: std::iter::once(0..places.len()).collect(), had: None, has: None }
    }

    fn contains(&self, places: &Places<'_>, owner: UserId) -> bool {
        let holds = |role: Option<RoleId>, after| role.is_none() || places.role(owner, after) == role;
        holds(self.had, false)
            && holds(self.has, true)
            && places.of_user(owner).is_some_and(|place| self.runs.iter().any(|run| run.contains(&place)))
    }

    /// Whoever is in both; `None` where no one can be.
    fn and(&self, other: &Self) -> Option<Self> {
        let role = |one: Option<RoleId>, two: Option<RoleId>| match (one, two) {
            (Some(one), Some(two)) if one != two => None,
            (one, two) => Some(one.or(two)),
        };
        let (had, has) = (role(self.had, other.had)?, role(self.has, other.has)?);
        let (mut one, mut two) = (self.runs.iter().peekable(), other.runs.iter().peekable());
        let mut runs = Vec::new();
        while let (Some(a), Some(b)) = (one.peek(), two.peek()) {
            let both = a.start.max(b.start)..a.end.min(b.end);
            if a.end <= b.end {
                one.next();
            } else {
                two.next();
            }
            if both.start < both.end {
                runs.push(both);
            }
        }
        Some(Self { runs, had, has })
    }
}
