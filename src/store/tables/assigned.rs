//! "Assigned to" (R34): few records have it, so only those are kept, leaf by leaf; and per person
//! the number of public records, by owner, so that Focused Users' counts need no scan, and of all of
//! them, so that nobody goes who is still assigned to any (R24).

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use crate::model::UserId;

use super::dump::{DumpError, In, Out};
use super::tree::{Array, LEAF, Tree};

#[derive(Clone, Default)]
struct Leaf {
    /// Rows, one entry for each person assigned, sorted.
    rows: Vec<u16>,
    /// The people, beside the rows.
    people: Vec<UserId>,
}

impl Leaf {
    fn range(&self, row: u16) -> std::ops::Range<usize> {
        let start = self.rows.partition_point(|r| *r < row);
        let end = self.rows.partition_point(|r| *r <= row);
        start..end
    }
}

/// The records assigned to one person.
#[derive(Clone, Default)]
struct Load {
    /// Private ones too.
    all: u64,
    /// The public ones.
    by_owner: BTreeMap<u32, u64>,
}

/// Who is assigned to what.
#[derive(Clone, Default)]
pub(super) struct Assigned {
    leaves: Tree<Leaf>,
    loads: Array<Option<Arc<Load>>, 32>,
}

fn place(slot: u32) -> (usize, u16) {
    (slot as usize / LEAF, u16::try_from(slot as usize % LEAF).unwrap_or_default())
}

impl Assigned {
    /// The people assigned to a slot's record, sorted.
    pub(super) fn of(&self, slot: u32) -> &[UserId] {
        let (leaf, row) = place(slot);
        let Some(leaf) = self.leaves.leaf(leaf).filter(|leaf| !leaf.rows.is_empty()) else { return &[] };
        leaf.people.get(leaf.range(row)).unwrap_or_default()
    }

    /// Writes a slot's people; by owner it counts for them if the record is public.
    pub(super) fn add(&mut self, slot: u32, owner: u32, private: bool, people: &[UserId]) {
        if people.is_empty() {
            return;
        }
        let (leaf, row) = place(slot);
        self.leaves.change(leaf, |leaf| {
            let range = leaf.range(row);
            leaf.rows.splice(range.clone(), people.iter().map(|_| row));
            leaf.people.splice(range, people.iter().copied());
        });
        self.count(owner, private, people, true);
    }

    /// Takes a slot's people away.
    pub(super) fn remove(&mut self, slot: u32, owner: u32, private: bool) {
        let people = self.of(slot).to_vec();
        if people.is_empty() {
            return;
        }
        let (leaf, row) = place(slot);
        self.leaves.change(leaf, |leaf| {
            let range = leaf.range(row);
            leaf.rows.drain(range.clone());
            leaf.people.drain(range);
        });
        self.count(owner, private, &people, false);
    }

    fn count(&mut self, owner: u32, private: bool, people: &[UserId], more: bool) {
        for person in people {
            self.loads.change(person.0, |load| {
                let load = Arc::make_mut(load.get_or_insert_with(Arc::default));
                load.all = if more { load.all + 1 } else { load.all.saturating_sub(1) };
                if private {
                    return;
                }
                let entry = load.by_owner.entry(owner).or_default();
                if more {
                    *entry += 1;
                } else {
                    *entry = entry.saturating_sub(1);
                    if *entry == 0 {
                        load.by_owner.remove(&owner);
                    }
                }
            });
        }
    }

    /// Writes down who is assigned to what; the counts are worked out again.
    pub(super) fn dump(&self, out: &mut Out<'_>) -> io::Result<()> {
        self.leaves.dump(out, |leaf, out| {
            out.list(&leaf.rows)?;
            out.list(&leaf.people.iter().map(|person| person.0).collect::<Vec<u32>>())
        })
    }

    /// Reads what [`Self::dump`] wrote. `seat` tells a slot's owner and whether it is private.
    pub(super) fn restore(input: &mut In<'_>, seat: impl Fn(u32) -> Option<(u32, bool)>) -> Result<Self, DumpError> {
        let leaves: Tree<Leaf> = Tree::restore(input, |leaf: &mut Leaf, input| {
            leaf.rows = input.list()?;
            leaf.people = input.list()?.into_iter().map(UserId).collect();
            if leaf.rows.len() == leaf.people.len() { Ok(()) } else { Err(DumpError::Damaged) }
        })?;
        let mut assigned = Self { leaves, loads: Array::default() };
        let mut counted = Vec::new();
        assigned.leaves.each_leaf(|number, leaf| {
            for (row, person) in leaf.rows.iter().zip(&leaf.people) {
                let slot = u32::try_from(number * LEAF + usize::from(*row)).unwrap_or(u32::MAX);
                counted.extend(seat(slot).map(|(owner, private)| (owner, private, *person)));
            }
        });
        for (owner, private, person) in counted {
            assigned.count(owner, private, &[person], true);
        }
        Ok(assigned)
    }

    /// How many records are assigned to a person.
    pub(super) fn in_all(&self, person: u32) -> u64 {
        self.loads.cell(person).and_then(Option::as_deref).map_or(0, |load| load.all)
    }

    /// The public records assigned to a person, counted by owner.
    pub(super) fn by_owner(&self, person: u32) -> impl Iterator<Item = (u32, u64)> + '_ {
        let load = self.loads.cell(person).and_then(Option::as_deref);
        load.into_iter().flat_map(|load| load.by_owner.iter().map(|(owner, count)| (*owner, *count)))
    }
}
