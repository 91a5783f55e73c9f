//! Whose records a list holds: what a [`Visible`] says, in the form that walks test quickly, and
//! narrowed to one owner where the list asks for one.

use std::ops::Range;
use std::sync::OnceLock;

use crate::authz::{Reach, Visible};
use crate::model::UserId;

use super::marks::Marks;
use super::order::Order;
use super::sorted::{Sorted, Spot};
use super::table::Table;

/// Which slots of a table a list may hold.
pub(super) struct Audience<'a> {
    reach: &'a Reach,
    me: Option<u32>,
    sealed: bool,
    assignee: Option<u32>,
    /// Only this owner's records.
    only: Option<u32>,
    /// The owners that are reached: marked where many records will be tested.
    marks: OnceLock<Marks>,
}

/// What of a run belongs to the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    All,
    Public,
    /// Assigned to me, public, and not in the list for its owner's sake.
    Assigned,
}

/// A run of an order, as far as it belongs to the list.
pub(super) struct Run<'o> {
    pub(super) sorted: &'o Sorted,
    pub(super) part: Part,
}

impl<'a> Audience<'a> {
    pub(super) fn new(visible: &'a Visible) -> Self {
        let audience = Self {
            reach: visible.reach(),
            me: visible.me().map(|me| me.0),
            sealed: visible.sees_sealed(),
            assignee: visible.assignee().map(|me| me.0),
            only: None,
            marks: OnceLock::new(),
        };
        if matches!(visible.reach(), Reach::Peers { peers, .. } if peers.len() > 8) {
            audience.expect_many();
        }
        audience
    }

    /// Says that many records are going to be tested.
    pub(super) fn expect_many(&self) {
        if matches!(self.reach, Reach::Below { .. } | Reach::Peers { .. }) && !self.sealed {
            self.marks.get_or_init(|| {
                let mut marks = Marks::default();
                for owner in self.reach.owners() {
                    marks.mark(owner.0);
                }
                marks
            });
        }
    }

    /// Only this owner's records from now on. False if that leaves nothing, because another owner
    /// was asked for before.
    pub(super) fn narrow(&mut self, owner: UserId) -> bool {
        let agrees = self.only.is_none_or(|only| only == owner.0);
        self.only = Some(owner.0);
        agrees
    }

    fn nobody(&self) -> bool {
        !self.sealed && matches!(self.reach, Reach::Nobody)
    }

    /// Are this owner's public records in the list for the owner's sake?
    #[inline]
    fn covers(&self, owner: u32) -> bool {
        let reached = match self.marks.get() {
            Some(marks) => marks.has(owner),
            None => self.reach.contains(UserId(owner)),
        };
        self.sealed | (self.me == Some(owner)) | reached
    }

    /// Is the slot's record in the list?
    #[inline]
    pub(super) fn admits(&self, table: &Table, slot: u32) -> bool {
        let Some((owner, private)) = table.seat(slot) else { return false };
        if self.only.is_some_and(|only| only != owner) || self.nobody() {
            return false;
        }
        // Without a branch on whose it is: in a long list nobody could guess that.
        let covered = self.covers(owner);
        self.sealed | (self.me == Some(owner)) | (!private & covered) || !private && self.is_assigned(table, slot)
    }

    /// Puts those of some slots whose records are in the list.
    pub(super) fn admitted(&self, table: &Table, slots: Range<u32>, into: &mut Vec<u32>) {
        let mut count = into.len();
        into.resize(count + slots.len(), 0);
        for slot in slots {
            // Without a branch, as in `admits`.
            if let Some(place) = into.get_mut(count) {
                *place = slot;
            }
            count += usize::from(self.admits(table, slot));
        }
        into.truncate(count);
    }

    fn is_assigned(&self, table: &Table, slot: u32) -> bool {
        self.assignee.is_some_and(|me| table.assigned.of(slot).contains(&UserId(me)))
    }

    /// Is the slot of a run in the list, with that run?
    #[inline]
    pub(super) fn takes(&self, table: &Table, part: Part, slot: u32) -> bool {
        match part {
            Part::All => true,
            Part::Public => !table.is_private(slot),
            Part::Assigned => {
                let owner = table.owner(slot);
                !table.is_private(slot) && self.only.is_none_or(|only| only == owner) && !self.covers(owner)
            }
        }
    }

    /// How many records the list has. Sums, never a scan.
    pub(super) fn total(&self, table: &Table) -> u64 {
        let counts = &table.counts;
        if self.nobody() {
            return 0;
        }
        let for_owners = match (self.only, self.sealed, self.me) {
            (None, true, _) => table.len(),
            (None, false, me) => counts.public_in(self.reach) + me.map_or(0, |me| u64::from(counts.of(me).private)),
            (Some(only), sealed, me) => {
                let tally = counts.of(only);
                let public = if self.covers(only) { u64::from(tally.public) } else { 0 };
                public + if sealed || me == Some(only) { u64::from(tally.private) } else { 0 }
            }
        };
        let assigned = self.assignee.map_or(0, |me| {
            let by_owner = table.assigned.by_owner(me);
            let asked =
                by_owner.filter(|(owner, _)| self.only.is_none_or(|only| only == *owner) && !self.covers(*owner));
            asked.map(|(_, count)| count).sum()
        });
        for_owners + assigned
    }

    /// At most how many runs make up the list; `None` if it is everyone's.
    pub(super) fn width(&self) -> Option<usize> {
        let owners = match (self.only, self.sealed) {
            (Some(_), _) => Some(1),
            (None, true) => None,
            (None, false) => self.reach.width(),
        };
        owners.map(|owners| owners + usize::from(self.assignee.is_some()))
    }

    /// The runs that make up the list, none of whose parts share a record. Empty where
    /// [`Self::width`] is none.
    pub(super) fn runs<'o>(&self, table: &Table, order: &'o Order) -> Vec<Run<'o>> {
        let mut runs = Vec::new();
        if self.nobody() {
            return runs;
        }
        let mut add = |owner: u32| {
            if let Some(sorted) = order.of_owner(owner) {
                let all = self.sealed || self.me == Some(owner) || table.counts.of(owner).private == 0;
                let part = if all { Part::All } else { Part::Public };
                runs.push(Run { sorted, part });
            }
        };
        match self.only {
            Some(only) if self.covers(only) => add(only),
            Some(_) => {}
            None => {
                self.reach.owners().for_each(|owner| add(owner.0));
            }
        }
        if let Some(sorted) = self.assignee.and_then(|me| order.of_assignee(me)) {
            runs.push(Run { sorted, part: Part::Assigned });
        }
        runs
    }

    /// The place in the global order of the list's n-th record, and how many of the list's records
    /// lie between that place and it.
    pub(super) fn locate(&self, table: &Table, order: &Order, position: u64) -> (Spot, u64) {
        if self.sealed && self.only.is_none() {
            return (order.global.nth(usize::try_from(position).unwrap_or(usize::MAX)), 0);
        }
        if self.only.is_none() {
            self.expect_many();
        }
        let Some(tallies) = &order.tallies else { return (Spot::START, position) };
        let extras = self.extras(table, order);
        let reader = order.key.reader(table);
        // How many of the extras come before a leaf's end: asked for the few leaves in question alone.
        let extras_until = |leaf: usize| -> u64 {
            let Some(last) = order.global.leaf(leaf).last() else { return 0 };
            let (probe, id) = (reader.probe(*last), table.id(*last));
            let until = |run: &Vec<u32>| run.partition_point(|slot| reader.compare_to(*slot, &probe, id).is_le());
            extras.iter().map(|run| until(run) as u64).sum()
        };
        let all_extras: u64 = extras.iter().map(|run| run.len() as u64).sum();
        let owners = self.owners_to_sum(table);
        let mut passed = 0;
        for (leaf, tally) in tallies.iter().enumerate() {
            let of = |owners: &[u32]| -> u64 {
                owners
                    .iter()
                    .map(|owner| u64::from(tally.by_owner.get(*owner as usize).copied().unwrap_or_default()))
                    .sum()
            };
            let through = passed
                + match &owners {
                    Owners::These(owners) => of(owners),
                    Owners::AllBut(owners) => u64::from(tally.public).saturating_sub(of(owners)),
                };
            if position < through + all_extras && position < through + extras_until(leaf) {
                let before = passed + leaf.checked_sub(1).map_or(0, extras_until);
                return (Spot { leaf, at: 0 }, position.saturating_sub(before));
            }
            passed = through;
        }
        (Spot { leaf: usize::MAX, at: 0 }, position.saturating_sub(passed + all_extras))
    }

    fn owners_to_sum(&self, table: &Table) -> Owners {
        if let Some(only) = self.only {
            return Owners::These(if self.covers(only) { vec![only] } else { Vec::new() });
        }
        let (inside, outside): (Vec<u32>, Vec<u32>) = (0..table.counts.people())
            .filter(|owner| table.counts.of(*owner).public > 0)
            .partition(|owner| self.covers(*owner));
        if inside.len() <= outside.len() { Owners::These(inside) } else { Owners::AllBut(outside) }
    }

    /// What the list holds apart from the public records of the owners that it covers: sorted, in
    /// lists that share nothing.
    fn extras(&self, table: &Table, order: &Order) -> Vec<Vec<u32>> {
        let mut extras = Vec::new();
        let sealed_owner =
            if self.sealed { self.only } else { self.me.filter(|me| self.only.is_none_or(|o| o == *me)) };
        if let Some(run) = sealed_owner.and_then(|owner| order.privates_of(owner)) {
            extras.push(run.from(Spot::START).collect());
        }
        if let Some(run) = self.assignee.and_then(|me| order.of_assignee(me)) {
            let run = run.from(Spot::START).filter(|slot| self.takes(table, Part::Assigned, *slot));
            extras.push(run.collect());
        }
        extras
    }
}

enum Owners {
    These(Vec<u32>),
    AllBut(Vec<u32>),
}
