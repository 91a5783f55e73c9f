//! Rows in memory, the simplest way there is.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::authz::{Columns, OwnerCount, RecordFacts};
use crate::model::{Change, FieldId, ObjectId, Record, RecordId, UserId, Value};

/// All rows at one generation.
#[derive(Debug, Clone, Default)]
pub struct Tables {
    rows: Arc<BTreeMap<(ObjectId, RecordId), Arc<Record>>>,
    externals: Arc<BTreeMap<(ObjectId, Box<str>), RecordId>>,
}

/// The rows are not as a change expects.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ChangeRefused(pub String);

impl Tables {
    /// Takes changes in, in order.
    ///
    /// # Errors
    /// Where the rows are not as they expect; they may then hold a part of them.
    pub fn apply_all<'c>(&mut self, changes: impl IntoIterator<Item = &'c Change>) -> Result<(), ChangeRefused> {
        changes.into_iter().try_for_each(|change| self.apply(change))
    }

    /// Takes a change in.
    ///
    /// # Errors
    /// Where the rows are not as it expects.
    pub fn apply(&mut self, change: &Change) -> Result<(), ChangeRefused> {
        let (Change::Record(swap), Some(key)) = (change, change.record()) else { return Ok(()) };
        if self.rows.get(&key).map(|row| &**row) != swap.before.as_ref() {
            return Err(ChangeRefused(format!("the record {} was changed meanwhile", key.1)));
        }
        let external = |record: &Option<Record>| {
            record.as_ref().and_then(|record| Some((record.object, record.external_id.clone()?)))
        };
        let (old, new) = (external(&swap.before), external(&swap.after));
        if old != new {
            let externals = Arc::make_mut(&mut self.externals);
            if let Some(old) = old {
                externals.remove(&old);
            }
            if let Some(new) = new
                && externals.insert(new, key.1).is_some()
            {
                return Err(ChangeRefused("the external ID can't be used".to_owned()));
            }
        }
        let rows = Arc::make_mut(&mut self.rows);
        match &swap.after {
            Some(after) => rows.insert(key, Arc::new(after.clone())),
            None => rows.remove(&key),
        };
        Ok(())
    }

    /// A row.
    #[must_use]
    pub fn record(&self, object: ObjectId, id: RecordId) -> Option<Record> {
        self.rows.get(&(object, id)).map(|row| (**row).clone())
    }

    /// A record with some of its fields.
    #[must_use]
    pub fn row(&self, object: ObjectId, id: RecordId, columns: &Columns) -> Option<Row> {
        let mut record = self.record(object, id)?;
        record.values.retain(|(field, _)| columns.contains(*field));
        let Record { id, external_id, owner, assigned, private, values, .. } = record;
        Some(Row { id, external_id, owner, assigned, private, values })
    }

    /// What decides access to a record.
    #[must_use]
    pub fn facts(&self, object: ObjectId, id: RecordId) -> Option<RecordFacts> {
        let Record { owner, private, assigned, .. } = self.record(object, id)?;
        Some(RecordFacts { owner, private, assigned })
    }

    /// The record with this name in another system.
    #[must_use]
    pub fn find_external(&self, object: ObjectId, external_id: &str) -> Option<RecordId> {
        self.externals.get(&(object, external_id.into())).copied()
    }

    /// Every owner of records of an object, with counts.
    #[must_use]
    pub fn owner_counts(&self, object: ObjectId) -> Vec<OwnerCount> {
        let mut counts: BTreeMap<UserId, OwnerCount> = BTreeMap::new();
        for record in self.rows.values().filter(|row| row.object == object) {
            let owner = record.owner;
            let count = counts.entry(owner).or_insert(OwnerCount { owner, public: 0, private: 0 });
            if record.private { count.private += 1 } else { count.public += 1 }
        }
        counts.into_values().collect()
    }

    /// The public records of an object that are assigned to a person, counted by owner.
    #[must_use]
    pub fn assigned_counts(&self, object: ObjectId, user: UserId) -> Vec<(UserId, u64)> {
        let mut counts: BTreeMap<UserId, u64> = BTreeMap::new();
        for record in self.rows.values().filter(|row| row.object == object && !row.private) {
            if record.assigned.contains(&user) {
                *counts.entry(record.owner).or_default() += 1;
            }
        }
        counts.into_iter().collect()
    }
}

/// A record as it may be seen: fields that may not be viewed are absent.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Its identity.
    pub id: RecordId,
    /// Its name in another system.
    pub external_id: Option<Box<str>>,
    /// Who owns it.
    pub owner: UserId,
    /// Who it is assigned to.
    pub assigned: Vec<UserId>,
    /// Is it sealed?
    pub private: bool,
    /// The fields that aren't empty, sorted by field.
    pub values: Vec<(FieldId, Value)>,
}
