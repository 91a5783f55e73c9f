//! One order of one object's records: all of them, each owner's, and what is assigned to each
//! person, all in the same order, so that a page can be had by the cheaper way.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use super::key::SortKey;
use super::marks::Marks;
use super::query::QueryError;
use super::scan::{CHUNK, Scan};
use super::sorted::{Shape, Sorted, Spot};
use super::table::Table;
use super::tree::Array;

/// Up to so many owners, each leaf of the global order knows how many public records of each owner
/// it holds, which is what finds the n-th visible record.
const TALLIED_PEOPLE: u32 = if cfg!(all(test, debug_assertions)) { 12 } else { 4096 };

pub(super) type Run = Option<Arc<Sorted>>;

/// What a leaf of the global order holds.
#[derive(Clone, Default)]
pub(super) struct LeafTally {
    /// Public records.
    pub(super) public: u32,
    /// Public records by owner.
    pub(super) by_owner: Vec<u16>,
}

impl LeafTally {
    fn count(&mut self, owner: u32, private: bool, more: bool) {
        if private {
            return;
        }
        let owner = owner as usize;
        if self.by_owner.len() <= owner {
            self.by_owner.resize(owner + 1, 0);
        }
        self.public = if more { self.public + 1 } else { self.public.saturating_sub(1) };
        if let Some(count) = self.by_owner.get_mut(owner) {
            *count = if more { *count + 1 } else { count.saturating_sub(1) };
        }
    }

    fn of(slots: &[u32], table: &Table) -> Self {
        let mut tally = Self { public: 0, by_owner: vec![0; table.counts.people() as usize] };
        for slot in slots {
            tally.count(table.owner(*slot), table.is_private(*slot), true);
        }
        tally
    }
}

/// An order.
#[derive(Clone)]
pub(super) struct Order {
    pub(super) key: SortKey,
    pub(super) global: Sorted,
    /// Beside the global order's leaves; absent where there are too many owners.
    pub(super) tallies: Option<Vec<Arc<LeafTally>>>,
    owners: Array<Run, 32>,
    /// Of those, the private ones: few, and apart, since the global order's tallies leave them out.
    privates: Array<Run, 32>,
    assigned: Array<Run, 32>,
    /// When it was last asked for.
    pub(super) used: Arc<AtomicU64>,
}

impl Order {
    /// Sorts a table. `by_id` is the order by ID if it is at hand.
    pub(super) fn build(
        table: &Table,
        key: SortKey,
        by_id: Option<&Sorted>,
        scan: Scan<'_>,
    ) -> Result<Self, QueryError> {
        let slots = super::sort::all(table, &key, by_id, scan)?;
        Self::of_sorted(table, key, slots, scan)
    }

    fn of_sorted(table: &Table, key: SortKey, slots: Vec<u32>, scan: Scan<'_>) -> Result<Self, QueryError> {
        let mut owners: Array<Run, 32> = Array::default();
        let mut runs: Vec<Vec<u32>> = Vec::new();
        let (mut sealed, mut loads) = (BTreeMap::new(), BTreeMap::new());
        for owner in 0..table.counts.people() {
            let tally = table.counts.of(owner);
            runs.push(Vec::with_capacity((tally.public + tally.private) as usize));
        }
        for chunk in slots.chunks(CHUNK) {
            scan.pause()?;
            for slot in chunk {
                let owner = table.owner(*slot);
                if let Some(run) = runs.get_mut(owner as usize) {
                    run.push(*slot);
                }
                if table.is_private(*slot) {
                    sealed.entry(owner).or_insert_with(Vec::new).push(*slot);
                }
                for person in table.assigned.of(*slot) {
                    loads.entry(person.0).or_insert_with(Vec::new).push(*slot);
                }
            }
        }
        for (owner, run) in (0..).zip(runs) {
            if !run.is_empty() {
                owners.set(owner, Some(Arc::new(Sorted::of(run))));
            }
        }
        let global = Sorted::of(slots);
        let tallies = (table.counts.people() <= TALLIED_PEOPLE)
            .then(|| global.leaves().map(|leaf| Arc::new(LeafTally::of(leaf, table))).collect());
        Ok(Self {
            key,
            global,
            tallies,
            owners,
            privates: runs_of(sealed),
            assigned: runs_of(loads),
            used: Arc::default(),
        })
    }

    /// The records of one owner.
    pub(super) fn of_owner(&self, owner: u32) -> Option<&Sorted> {
        self.owners.cell(owner)?.as_deref()
    }

    /// The private records of one owner.
    pub(super) fn privates_of(&self, owner: u32) -> Option<&Sorted> {
        self.privates.cell(owner)?.as_deref()
    }

    /// The records assigned to one person.
    pub(super) fn of_assignee(&self, person: u32) -> Option<&Sorted> {
        self.assigned.cell(person)?.as_deref()
    }

    /// Puts a slot in, which the table holds already.
    pub(super) fn insert(&mut self, table: &Table, slot: u32) {
        let key = self.key.clone();
        let reader = key.reader(table);
        let probe = reader.probe(slot);
        let id = table.id(slot);
        let before = |other: u32| reader.compare_to(other, &probe, id) == Ordering::Less;
        let spot = self.global.seek(before);
        let shape = self.global.insert(spot, slot);
        self.tally(table, spot, shape, slot, true);
        let put = |run: &mut Run| {
            let run = Arc::make_mut(run.get_or_insert_with(Arc::default));
            let spot = run.seek(before);
            run.insert(spot, slot);
        };
        self.owners.change(table.owner(slot), put);
        if table.is_private(slot) {
            self.privates.change(table.owner(slot), put);
        }
        for person in table.assigned.of(slot) {
            self.assigned.change(person.0, put);
        }
    }

    /// Takes a slot out, which the table still holds.
    pub(super) fn remove(&mut self, table: &Table, slot: u32) {
        let key = self.key.clone();
        let reader = key.reader(table);
        let probe = reader.probe(slot);
        let id = table.id(slot);
        let before = |other: u32| reader.compare_to(other, &probe, id) == Ordering::Less;
        let spot = self.global.seek(before);
        debug_assert_eq!(self.global.from(spot).next(), Some(slot), "an order lost a record");
        let shape = self.global.remove(spot);
        self.tally(table, spot, shape, slot, false);
        let take = |run: &mut Run| {
            let Some(sorted) = run else { return };
            let sorted = Arc::make_mut(sorted);
            let spot = sorted.seek(before);
            sorted.remove(spot);
            if sorted.len() == 0 {
                *run = None;
            }
        };
        self.owners.change(table.owner(slot), take);
        if table.is_private(slot) {
            self.privates.change(table.owner(slot), take);
        }
        for person in table.assigned.of(slot) {
            self.assigned.change(person.0, take);
        }
    }

    fn tally(&mut self, table: &Table, spot: Spot, shape: Shape, slot: u32, more: bool) {
        if table.counts.people() > TALLIED_PEOPLE {
            self.tallies = None;
        }
        let Some(tallies) = &mut self.tallies else { return };
        match shape {
            Shape::First => tallies.push(Arc::new(LeafTally::of(&[slot], table))),
            Shape::Gone(leaf) => {
                if leaf < tallies.len() {
                    tallies.remove(leaf);
                }
            }
            Shape::Split(leaf) => {
                if let Some(tally) = tallies.get_mut(leaf) {
                    *tally = Arc::new(LeafTally::of(self.global.leaf(leaf), table));
                }
                let right = LeafTally::of(self.global.leaf(leaf + 1), table);
                tallies.insert((leaf + 1).min(tallies.len()), Arc::new(right));
            }
            Shape::Same => {
                let leaf = spot.leaf.min(tallies.len().saturating_sub(1));
                if let Some(tally) = tallies.get_mut(leaf) {
                    Arc::make_mut(tally).count(table.owner(slot), table.is_private(slot), more);
                }
            }
        }
    }

    /// The order of a later state of the table, in which these slots may have changed.
    pub(super) fn caught_up(&self, table: &Table, changed: &Marks, scan: Scan<'_>) -> Result<Self, QueryError> {
        let mut caught_up = Self::from_earlier(table, self.key.clone(), self.global.from(Spot::START), changed, scan)?;
        caught_up.used = Arc::clone(&self.used);
        Ok(caught_up)
    }

    /// The same where few slots changed: they are taken out of their places in the table as it was
    /// and put into those that they have now.
    pub(super) fn moved(&self, was: &Table, is: &Table, changed: &Marks) -> Self {
        let mut moved = self.clone();
        changed.slots().filter(|slot| was.is_live(*slot)).for_each(|slot| moved.remove(was, slot));
        changed.slots().filter(|slot| is.is_live(*slot)).for_each(|slot| moved.insert(is, slot));
        moved
    }

    /// The same from the bare slots of the earlier state, in their order.
    pub(super) fn from_earlier(
        table: &Table,
        key: SortKey,
        earlier: impl Iterator<Item = u32>,
        changed: &Marks,
        scan: Scan<'_>,
    ) -> Result<Self, QueryError> {
        let slots = super::sort::again(table, &key, earlier, changed, scan)?;
        Self::of_sorted(table, key, slots, scan)
    }
}

fn runs_of(slots: BTreeMap<u32, Vec<u32>>) -> Array<Run, 32> {
    let mut runs = Array::default();
    for (person, slots) in slots {
        runs.set(person, Some(Arc::new(Sorted::of(slots))));
    }
    runs
}
