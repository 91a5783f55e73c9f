//! What can be asked of a list, and what it answers.

use crate::model::{FieldId, RecordId, UserId, Value};

use super::cursor::Cursor;

/// What a list is sorted or filtered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SortBy {
    /// The record's ID.
    Id,
    /// The owner's email.
    Owner,
    /// The name in another system.
    ExternalId,
    /// A field.
    Field(FieldId),
}

/// Only records where something equals one of some values, by its kind; text ignores case. An
/// empty value asks for records where it is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// What is compared.
    pub by: SortBy,
    /// With what, as typed: any of these.
    pub values: Vec<String>,
    /// Turned round: with none of these.
    pub not: bool,
}

impl Filter {
    /// Only records where this equals that.
    pub fn is(by: SortBy, value: impl Into<String>) -> Self {
        Self { by, values: vec![value.into()], not: false }
    }
}

/// A question about a list.
#[derive(Debug, Clone, PartialEq)]
pub struct ListQuery {
    /// Text that some field that may be viewed shows, ignoring case.
    pub search: Option<String>,
    /// All of them hold.
    pub filters: Vec<Filter>,
    /// The order; ties by ID.
    pub sort: SortBy,
    /// Highest first; what is empty stays last.
    pub descending: bool,
    /// The most rows to answer with.
    pub limit: usize,
    /// Goes on after this place.
    pub after: Option<Cursor>,
    /// Starts at this row, counted from 0; of no effect where `after` is given.
    pub position: Option<u64>,
    /// The fields to answer with, as far as they may be viewed; all that may be, if unset.
    pub fields: Option<Vec<FieldId>>,
}

impl Default for ListQuery {
    fn default() -> Self {
        Self {
            search: None,
            filters: Vec::new(),
            sort: SortBy::Id,
            descending: false,
            limit: 50,
            after: None,
            position: None,
            fields: None,
        }
    }
}

/// A part of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// How many records the whole list has, exactly.
    pub total: u64,
    /// Some of them, in order.
    pub rows: Vec<Row>,
    /// Where the rows after these start, if there are more.
    pub next: Option<Cursor>,
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

impl Row {
    /// The value of a field, if it isn't empty.
    #[must_use]
    pub fn value(&self, field: FieldId) -> Option<&Value> {
        let position = self.values.binary_search_by_key(&field, |(id, _)| *id).ok()?;
        self.values.get(position).map(|(_, value)| value)
    }
}

/// Why a list can't be answered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    /// There is none, or it may not be viewed: which of the two is not told (R32).
    #[error("there is no such field; look at the names of the columns")]
    NoSuchField,
    /// A filter's value isn't of the field's kind.
    #[error("{0}")]
    BadValue(String),
    /// The cursor is of another list or another order, or damaged.
    #[error("this cursor doesn't belong to this list and order; start again without it")]
    Cursor,
    /// What may be listed and what may be read are of two objects.
    #[error("the list and its columns are of different objects")]
    Objects,
    /// The records aren't all there yet, and a list never shows a part.
    #[error("the records are still being loaded; try again in a moment")]
    Loading,
    /// Nobody waits for the answer any longer.
    #[error("cancelled")]
    Cancelled,
}
