//! The beginning of a list that takes long to answer: its first rows, before it is known how many
//! there are.

use std::sync::atomic::AtomicBool;

use super::error::ServiceError;
use super::records::{FieldView, Recall, RecordQuery, RecordRow, RecordsPage, list_query, query_error};
use super::session::Session;

/// What a list answers first.
#[derive(Debug, Clone, PartialEq)]
pub enum Beginning {
    /// Everything, where that takes no longer.
    Whole(RecordsPage),
    /// Only its first rows; the rest is still to be looked for.
    First(FirstRecords),
}

/// The first rows of a list, as far as they were met early. There may be more, and none may mean
/// that there are some further on: only a [`RecordsPage`] says how many there are.
#[derive(Debug, Clone, PartialEq)]
pub struct FirstRecords {
    /// The rows that the whole list begins with.
    pub rows: Vec<RecordRow>,
    /// The fields that may be viewed, in order.
    pub fields: Vec<FieldView>,
    /// The generation that they are of.
    pub generation: u64,
}

impl Session {
    /// The beginning of a list: what [`Session::records_until`] answers, or, where it would take
    /// long over a search or a filter, the first rows of that.
    ///
    /// # Errors
    /// As [`Session::records_until`].
    pub fn records_at_first(
        &self,
        query: &RecordQuery,
        recall: &Recall,
        cancelled: &AtomicBool,
    ) -> Result<Beginning, ServiceError> {
        if !self.loaded() {
            return Err(ServiceError::Loading);
        }
        let opened = self.open(&query.object)?;
        let asked = list_query(&opened, query)?;
        let first = opened.view.first(&opened.visible, &opened.columns, &asked, recall, cancelled);
        let Some(rows) = first.map_err(query_error)? else {
            return self.page_of(&opened, query, recall, cancelled).map(Beginning::Whole);
        };
        Ok(Beginning::First(FirstRecords {
            rows: rows.into_iter().map(|row| self.record_row(&opened, row)).collect(),
            fields: self.field_views(&opened),
            generation: opened.view.generation(),
        }))
    }
}
