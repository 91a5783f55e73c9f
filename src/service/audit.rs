//! The history of every change for the command line: newest first, by number.

use std::ops::ControlFlow;
use std::sync::atomic::AtomicBool;

use super::activity::{Reader, SHOWN};
use super::describe::{ChangeLine, person};
use super::error::ServiceError;
use super::session::Session;
use crate::model::{Actor, Moment, Team};
use crate::store::{Entry, LookBack};

/// Which part of the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditQuery {
    /// The most entries that are told.
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
        let team = view.team();
        let reader = Reader::new(&view, self.subject(), self.engine(), &audit)?;
        let mut entries = Vec::new();
        if query.limit == 0 {
            return Ok(entries);
        }
        let (going, mut failed) = (AtomicBool::new(false), None);
        let back = LookBack { before: query.before, ..LookBack::until(&going) };
        // Only what is told counts (R32).
        self.engine().store().look_back(&audit, &back, |past| {
            match reader.told(&past, SHOWN) {
                Ok(Some(told)) => entries.push(entry(team, past, told.lines)),
                Ok(None) => {}
                Err(error) => failed = Some(error),
            }
            let ends = failed.is_some() || entries.len() == query.limit;
            if ends { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        match failed {
            Some(error) => Err(error),
            None => Ok(entries),
        }
    }
}

fn entry(team: &Team, past: Entry, lines: Vec<ChangeLine>) -> AuditEntry {
    AuditEntry {
        sequence: past.sequence,
        at: past.commit.at,
        actor: match past.commit.actor {
            Actor::Operator => "operator".to_owned(),
            Actor::User(user) => person(team, user),
        },
        reason: past.commit.reason.0,
        lines,
    }
}
