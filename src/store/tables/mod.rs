//! What makes lists fast: each object's records as columns in memory, in the orders that are asked
//! for, with counts by owner. Everything here is derived from the journal. A clone of [`Tables`] is
//! a pinned generation: it shares what later changes don't touch, and nobody waits for anybody.
//!
//! What a list may hold and what may be read of it comes as witnesses of `authz`; a total is a sum
//! over owners, a page the cheaper of two walks along an order, and only filters and searches look
//! at every record that may be seen.

mod assigned;
mod audience;
mod book;
mod branch;
#[cfg(any(test, debug_assertions))]
mod brute;
mod bulk;
mod column;
mod counts;
mod cursor;
mod dump;
mod first;
mod folded;
mod key;
mod load;
mod lookup;
mod marks;
mod matches;
mod order;
mod page;
mod query;
mod recall;
mod scan;
mod search;
mod sketch;
mod sort;
mod sorted;
mod table;
#[cfg(test)]
mod tests;
mod text;
mod tree;
mod walk;
mod write;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::authz::{OwnerCount, RecordFacts};
use crate::model::{ObjectId, Record, RecordId, UserId};

pub use cursor::Cursor;
pub use dump::DumpError;
pub use load::Loader;
pub use query::{Filter, ListQuery, Page, QueryError, Row, SortBy};
pub use recall::Recall;
pub use scan::Scan;
pub use sketch::Sort;
use table::Table;
pub use write::ChangeRefused;

/// The records of every object, at one generation.
#[derive(Clone, Default)]
pub struct Tables {
    objects: BTreeMap<ObjectId, Arc<Table>>,
}

impl std::fmt::Debug for Tables {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_map().entries(self.objects.iter().map(|(object, table)| (object, table.len()))).finish()
    }
}

impl Tables {
    fn table(&self, object: ObjectId) -> Option<&Arc<Table>> {
        self.objects.get(&object)
    }

    /// How many records there are, whoever may see them.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.objects.values().map(|table| table.len()).sum()
    }

    /// The objects that have records, or had some.
    #[must_use]
    pub fn objects(&self) -> BTreeSet<ObjectId> {
        self.objects.keys().copied().collect()
    }

    /// The records of an object, in no order.
    #[must_use]
    pub fn ids(&self, object: ObjectId) -> Vec<RecordId> {
        let Some(table) = self.table(object) else { return Vec::new() };
        table.slots().map(|slot| RecordId(table.id(slot))).collect()
    }

    /// Is there such a record?
    #[must_use]
    pub fn has(&self, object: ObjectId, id: RecordId) -> bool {
        self.table(object).is_some_and(|table| table.find(id).is_some())
    }

    /// A whole record.
    #[must_use]
    pub fn record(&self, object: ObjectId, id: RecordId) -> Option<Record> {
        let table = self.table(object)?;
        table.record(table.find(id)?)
    }

    /// A record with some of its fields.
    #[must_use]
    pub fn row(&self, object: ObjectId, id: RecordId, columns: &crate::authz::Columns) -> Option<Row> {
        let table = self.table(object)?;
        let shown = table.shown(|field| columns.object() == object && columns.contains(field));
        table.rows(&[table.find(id)?], &shown).pop()
    }

    /// What decides access to a record.
    #[must_use]
    pub fn facts(&self, object: ObjectId, id: RecordId) -> Option<RecordFacts> {
        let table = self.table(object)?;
        let slot = table.find(id)?;
        let (owner, private) = table.seat(slot)?;
        Some(RecordFacts { owner: UserId(owner), private, assigned: table.assigned.of(slot).to_vec() })
    }

    /// The record with this name in another system.
    #[must_use]
    pub fn find_external(&self, object: ObjectId, external_id: &str) -> Option<RecordId> {
        let table = self.table(object)?;
        Some(RecordId(table.id(table.find_external(external_id)?)))
    }

    /// Every owner of records of an object, with counts.
    #[must_use]
    pub fn owner_counts(&self, object: ObjectId) -> Vec<OwnerCount> {
        let Some(table) = self.table(object) else { return Vec::new() };
        (0..table.counts.people())
            .map(|owner| (owner, table.counts.of(owner)))
            .filter(|(_, tally)| tally.public > 0 || tally.private > 0)
            .map(|(owner, tally)| OwnerCount {
                owner: UserId(owner),
                public: tally.public.into(),
                private: tally.private.into(),
            })
            .collect()
    }

    /// The public records of an object that are assigned to a person, counted by owner.
    #[must_use]
    pub fn assigned_counts(&self, object: ObjectId, person: UserId) -> Vec<(UserId, u64)> {
        let Some(table) = self.table(object) else { return Vec::new() };
        table.assigned.by_owner(person.0).map(|(owner, count)| (UserId(owner), count)).collect()
    }

    /// How many records of an object are assigned to a person, private ones included.
    #[must_use]
    pub fn assigned_in_all(&self, object: ObjectId, person: UserId) -> u64 {
        self.table(object).map_or(0, |table| table.assigned.in_all(person.0))
    }

    /// Every record that a person owns or is assigned to, in no order.
    pub(super) fn left_behind(&self, person: UserId) -> Vec<Record> {
        let theirs = |table: &Table, slot: u32| {
            table.seat(slot).is_some_and(|(owner, _)| owner == person.0 || table.assigned.of(slot).contains(&person))
        };
        let found = self.objects.values().flat_map(|table| {
            (0..table.end()).filter(|slot| theirs(table, *slot)).filter_map(|slot| table.record(slot))
        });
        found.collect()
    }

    /// Every record of every object, in no order.
    pub fn records(&self) -> impl Iterator<Item = Record> + '_ {
        self.objects.values().flat_map(|table| table.slots().filter_map(|slot| table.record(slot)))
    }
}
