//! Many new records at once: each gets its place at once, so that the next one can be judged, and
//! their values follow together, column by column, so that each column is at hand while it is
//! filled. For tables that nobody reads yet.

use std::sync::Arc;

use crate::model::{Change, FieldId, Record, Swap, Value};

use super::column::Column;
use super::table::Table;
use super::{ChangeRefused, Tables};

impl Tables {
    /// Takes a change as [`Self::apply`] does, but for the values of a new record, whose slot it
    /// answers: they are to be handed in with [`Self::fill`] before anybody looks for them.
    ///
    /// # Errors
    /// As [`Self::apply`].
    pub fn apply_late(&mut self, change: &Change) -> Result<Option<u32>, ChangeRefused> {
        let Change::Record(Swap { before: None, after: Some(record) }) = change else {
            return self.apply(change).map(|()| None);
        };
        let table = self.objects.entry(record.object).or_insert_with(|| Arc::new(Table::new(record.object)));
        if !table.orders.is_empty() {
            // Orders are kept up by what the records hold.
            return self.apply(change).map(|()| None);
        }
        if table.find(record.id).is_some() {
            return Err(ChangeRefused::Stale(record.id));
        }
        table.check(record, None)?;
        let table = Arc::make_mut(table);
        let slot = table.seat_new(record);
        table.touch(slot);
        Ok(Some(slot))
    }

    /// The values of new records, by the slots that [`Self::apply_late`] answered.
    pub fn fill<'r>(&mut self, records: impl IntoIterator<Item = (u32, &'r Record)>) {
        let mut rest = records.into_iter().peekable();
        while let Some((_, first)) = rest.peek() {
            let object = first.object;
            let same = std::iter::from_fn(|| rest.next_if(|(_, record)| record.object == object));
            match self.objects.get_mut(&object) {
                Some(table) => Arc::make_mut(table).fill(same),
                None => same.for_each(drop),
            }
        }
    }
}

impl Table {
    fn fill<'r>(&mut self, records: impl Iterator<Item = (u32, &'r Record)>) {
        let mut columns: Vec<(FieldId, Vec<(u32, &Value)>)> = Vec::new();
        for (slot, record) in records {
            for (field, value) in &record.values {
                let at = match columns.binary_search_by_key(field, |(id, _)| *id) {
                    Ok(at) => at,
                    Err(at) => {
                        columns.insert(at, (*field, Vec::new()));
                        at
                    }
                };
                if let Some((_, cells)) = columns.get_mut(at) {
                    cells.push((slot, value));
                }
            }
        }
        for (field, cells) in columns {
            let Some((_, first)) = cells.first() else { continue };
            if let Some(column) = self.column_mut(field, || Column::like(first)) {
                column.set_all(&cells);
            }
        }
    }
}
