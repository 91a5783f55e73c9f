//! The records that a change itself moves: asked about one by one, alike ones together.

use std::collections::HashMap;

use crate::authz::compile::Snapshot;
use crate::authz::facts::{OwnerCount, RecordFacts};
use crate::model::{ObjectId, RecordAction, UserId};

use super::Moved;

/// The records that move, with how many of each kind there are.
pub(super) struct Moving<'a>(HashMap<ObjectId, HashMap<&'a Moved, u64>>);

impl<'a> Moving<'a> {
    pub(super) fn of(moved: &'a [Moved]) -> Self {
        let mut alike: HashMap<ObjectId, HashMap<&Moved, u64>> = HashMap::new();
        for moved in moved {
            *alike.entry(moved.object).or_default().entry(moved).or_default() += moved.times;
        }
        Self(alike)
    }

    pub(super) fn objects(&self) -> impl Iterator<Item = ObjectId> + '_ {
        self.0.keys().copied()
    }

    /// Do records of an object move?
    pub(super) fn concerns(&self, object: ObjectId) -> bool {
        self.0.contains_key(&object)
    }

    fn groups(&self, object: ObjectId) -> impl Iterator<Item = (&'a Moved, u64)> + '_ {
        self.0.get(&object).into_iter().flatten().map(|(moved, count)| (*moved, *count))
    }

    fn leaving(&self, object: ObjectId) -> impl Iterator<Item = (&'a RecordFacts, u64)> + '_ {
        self.groups(object).filter_map(|(moved, count)| moved.before.as_ref().map(|facts| (facts, count)))
    }

    /// How many of them a person gains and loses.
    pub(super) fn of_person(
        &self,
        [before, after]: [&Snapshot; 2],
        user: UserId,
        object: ObjectId,
        action: RecordAction,
    ) -> (u64, u64) {
        let (mut gained, mut lost) = (0, 0);
        for (moved, count) in self.groups(object) {
            let may = |snapshot: &Snapshot, facts: &Option<RecordFacts>| {
                facts.as_ref().is_some_and(|facts| snapshot.may(user, action, object, facts))
            };
            match (may(before, &moved.before), may(after, &moved.after)) {
                (false, true) => gained += count,
                (true, false) => lost += count,
                _ => {}
            }
        }
        (gained, lost)
    }

    /// Leaves counts over those that stay.
    pub(super) fn leave_out(&self, object: ObjectId, counts: &mut [OwnerCount]) {
        if !self.concerns(object) {
            return;
        }
        let mut place: HashMap<UserId, &mut OwnerCount> = counts.iter_mut().map(|count| (count.owner, count)).collect();
        for (facts, moved) in self.leaving(object) {
            let Some(count) = place.get_mut(&facts.owner) else { continue };
            let side = if facts.private { &mut count.private } else { &mut count.public };
            *side = side.saturating_sub(moved);
        }
    }

    /// Likewise, counts of what is assigned to a person.
    pub(super) fn leave_out_assigned(&self, object: ObjectId, user: UserId, assigned: &mut HashMap<UserId, u64>) {
        for (facts, moved) in self.leaving(object).filter(|(facts, _)| !facts.private && facts.assigned.contains(&user))
        {
            if let Some(count) = assigned.get_mut(&facts.owner) {
                *count = count.saturating_sub(moved);
            }
        }
    }
}
