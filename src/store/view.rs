//! One pinned generation of rules and records: what a screen draws from, and what authz asks.
//! Nothing in it changes, whatever is committed meanwhile.

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock};

use super::index::Rows;
use super::journal::Point;
use super::tables::{ListQuery, Page, QueryError, Recall, Row, Scan, Tables};
use crate::authz::{
    Asking, Columns, Delete, Departure, Edit, Facts, OwnerCount, Permit, RecordFacts, Snapshot, View as ToView, Visible,
};
use crate::model::{ObjectId, Record, RecordId, Team, UserId};

/// Everything at one moment.
#[derive(Debug)]
pub(super) struct Generation {
    pub(super) number: u64,
    /// How far into the journal.
    pub(super) point: Point,
    pub(super) snapshot: Arc<Snapshot>,
    pub(super) rows: RowsAt,
}

/// The records, or what there is of them while they are being read.
#[derive(Debug, Clone)]
pub(super) enum RowsAt {
    /// Single records can be looked up once the index is open.
    Loading(Arc<OnceLock<Rows>>),
    /// All of them.
    Loaded(Tables),
}

/// One pinned generation.
#[derive(Debug, Clone)]
pub struct View(pub(super) Arc<Generation>);

/// Permission to change or delete a record: whoever has it may be given the whole record. Nothing
/// but authz's own permits is one.
pub trait MayChange: sealed::Permitted {
    /// Whose record.
    fn object(&self) -> ObjectId;
    /// Which.
    fn id(&self) -> RecordId;
}

mod sealed {
    use super::{Delete, Edit, Permit};

    /// Whatever authz alone can make.
    pub trait Permitted {}
    impl Permitted for Permit<Edit> {}
    impl Permitted for Permit<Delete> {}
}

impl MayChange for Permit<Edit> {
    fn object(&self) -> ObjectId {
        Permit::object(self)
    }

    fn id(&self) -> RecordId {
        Permit::id(self)
    }
}

impl MayChange for Permit<Delete> {
    fn object(&self) -> ObjectId {
        Permit::object(self)
    }

    fn id(&self) -> RecordId {
        Permit::id(self)
    }
}

impl View {
    /// Its number; a later one is higher.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.0.number
    }

    /// The rules.
    #[must_use]
    pub fn snapshot(&self) -> &Arc<Snapshot> {
        &self.0.snapshot
    }

    /// The team that the rules were compiled from.
    #[must_use]
    pub fn team(&self) -> &Arc<Team> {
        self.0.snapshot.team()
    }

    /// Are all records there?
    #[must_use]
    pub fn is_loaded(&self) -> bool {
        matches!(self.0.rows, RowsAt::Loaded(_))
    }

    /// A whole record, for whoever may change it: hidden fields are kept over a change, too.
    #[must_use]
    pub fn row(&self, permit: &impl MayChange) -> Option<Record> {
        self.find(permit.object(), permit.id())
    }

    /// A record without the fields that may not be viewed.
    #[must_use]
    pub fn read(&self, permit: &Permit<ToView>, columns: &Columns) -> Option<Row> {
        let (object, id) = (permit.object(), permit.id());
        match &self.0.rows {
            RowsAt::Loaded(tables) => tables.row(object, id, columns),
            RowsAt::Loading(_) => {
                let mut record = self.find(object, id)?;
                record.values.retain(|(field, _)| columns.object() == object && columns.contains(*field));
                let Record { id, external_id, owner, assigned, private, values, .. } = record;
                Some(Row { id, external_id, owner, assigned, private, values })
            }
        }
    }

    /// A part of a list, and how long the whole of it is.
    ///
    /// # Errors
    /// Where the question names what isn't there or may not be viewed, its cursor is of another
    /// list, `cancelled` turns true, or the records aren't all there yet.
    pub fn page(
        &self,
        visible: &Visible,
        columns: &Columns,
        query: &ListQuery,
        cancelled: &AtomicBool,
    ) -> Result<Page, QueryError> {
        self.page_recalling(visible, columns, query, &Recall::default(), cancelled)
    }

    /// The same, with what one reader's last questions about the list found.
    ///
    /// # Errors
    /// As [`Self::page`].
    pub fn page_recalling(
        &self,
        visible: &Visible,
        columns: &Columns,
        query: &ListQuery,
        recall: &Recall,
        cancelled: &AtomicBool,
    ) -> Result<Page, QueryError> {
        let RowsAt::Loaded(tables) = &self.0.rows else { return Err(QueryError::Loading) };
        tables.page(visible, columns, query, self.team(), self.scan(recall, cancelled))
    }

    /// The first rows of a list that takes long to answer, without its length, however few were met
    /// early; nothing where [`Self::page_recalling`] takes no longer.
    ///
    /// # Errors
    /// As [`Self::page`].
    pub fn first(
        &self,
        visible: &Visible,
        columns: &Columns,
        query: &ListQuery,
        recall: &Recall,
        cancelled: &AtomicBool,
    ) -> Result<Option<Vec<Row>>, QueryError> {
        let RowsAt::Loaded(tables) = &self.0.rows else { return Err(QueryError::Loading) };
        tables.first(visible, columns, query, self.team(), self.scan(recall, cancelled))
    }

    fn scan<'a>(&self, recall: &'a Recall, cancelled: &'a AtomicBool) -> Scan<'a> {
        Scan { cancel: Some(cancelled), recall: Some((recall, self.generation())), ..Scan::default() }
    }

    /// Every record that somebody who is deleted owns or is assigned to, whoever may see it, so that
    /// it can be handed over (R24).
    ///
    /// # Errors
    /// Where the records aren't all there yet.
    pub fn left_behind(&self, departure: &Departure) -> Result<Vec<Record>, QueryError> {
        let RowsAt::Loaded(tables) = &self.0.rows else { return Err(QueryError::Loading) };
        Ok(tables.left_behind(departure.leaver()))
    }

    fn find(&self, object: ObjectId, id: RecordId) -> Option<Record> {
        match &self.0.rows {
            RowsAt::Loaded(tables) => tables.record(object, id),
            RowsAt::Loading(rows) => rows.get()?.record(object, id).ok().flatten(),
        }
    }
}

impl Facts for Tables {
    fn record(&self, _: &Asking, object: ObjectId, id: RecordId) -> Option<RecordFacts> {
        self.facts(object, id)
    }

    fn external(&self, _: &Asking, object: ObjectId, external_id: &str) -> Option<RecordId> {
        self.find_external(object, external_id)
    }

    fn owner_counts(&self, _: &Asking, object: ObjectId) -> Vec<OwnerCount> {
        Self::owner_counts(self, object)
    }

    fn assigned_counts(&self, _: &Asking, object: ObjectId, user: UserId) -> Vec<(UserId, u64)> {
        Self::assigned_counts(self, object, user)
    }

    fn assigned_in_all(&self, _: &Asking, object: ObjectId, user: UserId) -> u64 {
        Self::assigned_in_all(self, object, user)
    }
}

impl Facts for View {
    fn record(&self, _: &Asking, object: ObjectId, id: RecordId) -> Option<RecordFacts> {
        match &self.0.rows {
            RowsAt::Loaded(tables) => tables.facts(object, id),
            RowsAt::Loading(_) => {
                let Record { owner, private, assigned, .. } = self.find(object, id)?;
                Some(RecordFacts { owner, private, assigned })
            }
        }
    }

    fn external(&self, _: &Asking, object: ObjectId, external_id: &str) -> Option<RecordId> {
        match &self.0.rows {
            RowsAt::Loaded(tables) => tables.find_external(object, external_id),
            RowsAt::Loading(rows) => rows.get()?.external(object, external_id).ok().flatten(),
        }
    }

    fn owner_counts(&self, _: &Asking, object: ObjectId) -> Vec<OwnerCount> {
        match &self.0.rows {
            RowsAt::Loaded(tables) => tables.owner_counts(object),
            RowsAt::Loading(_) => Vec::new(),
        }
    }

    fn assigned_counts(&self, _: &Asking, object: ObjectId, user: UserId) -> Vec<(UserId, u64)> {
        match &self.0.rows {
            RowsAt::Loaded(tables) => tables.assigned_counts(object, user),
            RowsAt::Loading(_) => Vec::new(),
        }
    }

    fn assigned_in_all(&self, _: &Asking, object: ObjectId, user: UserId) -> u64 {
        match &self.0.rows {
            RowsAt::Loaded(tables) => tables.assigned_in_all(object, user),
            RowsAt::Loading(_) => 0,
        }
    }
}
