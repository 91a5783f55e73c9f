//! The history of every change, newest first, for whoever may read it. Records that its reader may
//! not see, and fields of others that they may not view, are absent from it too (R14, R32).

use std::cell::RefCell;
use std::collections::HashMap;

use crate::authz::{Columns, RecordFacts, Subject};
use crate::model::catalog::features;
use crate::model::{Actor, Change, FieldId, Moment, ObjectId, Record, RecordAction};
use crate::store::View;

use super::describe::{ChangeLine, describe, person};
use super::error::ServiceError;
use super::session::Session;

/// Which part of the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditQuery {
    /// The most entries.
    pub limit: usize,
    /// Only entries before this sequence number.
    pub before: Option<u64>,
}

/// One commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// Its number.
    pub sequence: u64,
    /// When.
    pub at: Moment,
    /// Who: an email, or `operator`.
    pub actor: String,
    /// In a few words.
    pub reason: String,
    /// What changed.
    pub lines: Vec<ChangeLine>,
}

impl Session {
    /// A part of the history, newest first.
    ///
    /// # Errors
    /// Where it may not be read, or can't be.
    pub fn audit(&self, query: &AuditQuery) -> Result<Vec<AuditEntry>, ServiceError> {
        let view = self.view();
        if view.team().users.is_empty() {
            return Err(ServiceError::NoAccount);
        }
        let Some(audit) = view.snapshot().audit(self.subject()) else {
            return Err(ServiceError::Denied("you can't read the audit history".to_owned()));
        };
        // What isn't loaded yet would count as gone, and what is gone tells its past.
        if !view.is_loaded() {
            return Err(ServiceError::Loading);
        }
        let team = view.team();
        let reader = Reader { view: &view, who: self.subject(), columns: RefCell::default() };
        let mut entries = Vec::new();
        for past in self.engine().store().history(&audit, query.before, query.limit)?.entries {
            let changes = past.commit.changes.iter().filter(|change| reader.may_know_of(change));
            let described = changes.flat_map(|change| {
                let mut lines = describe(team, change, &|record, field| reader.may_read(record, field));
                lines.retain(|line| reader.may_know_part(change, line));
                lines
            });
            let lines: Vec<ChangeLine> = described.collect();
            if lines.is_empty() && !past.commit.changes.is_empty() {
                continue;
            }
            entries.push(AuditEntry {
                sequence: past.sequence,
                at: past.commit.at,
                actor: match past.commit.actor {
                    Actor::Operator => "operator".to_owned(),
                    Actor::User(user) => person(team, user),
                },
                reason: past.commit.reason.0,
                lines,
            });
        }
        Ok(entries)
    }
}

/// What everybody may know of a person (002-34); the rest needs "Manage User details".
const KNOWN_OF_PEOPLE: [&str; 7] = ["", "email", "name", "role", "status", "manager", "account manager"];

struct Reader<'a> {
    view: &'a View,
    who: Subject,
    columns: RefCell<HashMap<ObjectId, Option<Columns>>>,
}

impl Reader<'_> {
    /// Of a record's change knows who may see it as it was and as it became, and, where it is still
    /// there, as it is: a contact that was sealed since takes its past along.
    fn may_know_of(&self, change: &Change) -> bool {
        let (Subject::User(me), Change::Record(swap)) = (self.who, change) else { return true };
        let Some(subject) = swap.subject() else { return false };
        let sees = |record: &Record| {
            let facts = RecordFacts { owner: record.owner, private: record.private, assigned: record.assigned.clone() };
            self.view.snapshot().may(me, RecordAction::View, record.object, &facts)
        };
        let sides = [swap.before.as_ref(), swap.after.as_ref()];
        let (snapshot, operator) = (self.view.snapshot(), Subject::Operator);
        let there = snapshot.permit_view(operator, subject.object, subject.id, self.view).is_some();
        let seen = snapshot.permit_view(self.who, subject.object, subject.id, self.view).is_some();
        sides.into_iter().flatten().all(sees) && (seen || !there)
    }

    fn may_know_part(&self, change: &Change, line: &ChangeLine) -> bool {
        let Change::User(swap) = change else { return true };
        let is_me = swap.subject().is_some_and(|user| self.who == Subject::User(user.id));
        is_me
            || KNOWN_OF_PEOPLE.contains(&line.part.as_str())
            || self.view.snapshot().holds(self.who, features::USERS_EDIT)
    }

    fn may_read(&self, record: &Record, field: FieldId) -> bool {
        let mut columns = self.columns.borrow_mut();
        let columns =
            columns.entry(record.object).or_insert_with(|| self.view.snapshot().columns(self.who, record.object));
        columns.as_ref().is_some_and(|columns| columns.contains(field))
    }
}
