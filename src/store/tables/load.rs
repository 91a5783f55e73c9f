//! Filling tables that nobody reads yet, as when the store opens: without orders to keep up, and
//! with room made beforehand.

use std::sync::Arc;

use crate::model::{ObjectId, Record};

use super::table::Table;
use super::{ChangeRefused, Tables};

/// Tables that are being filled.
#[derive(Debug, Default)]
pub struct Loader {
    tables: Tables,
}

impl Loader {
    /// For about so many records of these objects; a wrong guess does no harm.
    #[must_use]
    pub fn for_about(counts: impl IntoIterator<Item = (ObjectId, u64)>) -> Self {
        let table = |object, count| {
            let mut table = Table::new(object);
            table.reserve(u32::try_from(count).unwrap_or_default());
            (object, Arc::new(table))
        };
        Self { tables: Tables { objects: counts.into_iter().map(|(object, count)| table(object, count)).collect() } }
    }

    /// Takes one record more.
    ///
    /// # Errors
    /// Where a record was there already with its ID or its name in another system.
    pub fn add(&mut self, record: &Record) -> Result<(), ChangeRefused> {
        let new = || Arc::new(Table::new(record.object));
        let table = self.tables.objects.entry(record.object).or_insert_with(new);
        Arc::make_mut(table).put(record).map(|_| ())
    }

    /// The tables, with what the filling left over given back.
    #[must_use]
    pub fn finish(mut self) -> Tables {
        for table in self.tables.objects.values_mut() {
            Arc::make_mut(table).shrink();
        }
        self.tables
    }
}
