//! What somebody did themselves, newest first: without undos, and without what they took back.

use std::collections::HashSet;
use std::ops::ControlFlow;
use std::sync::atomic::AtomicBool;

use crate::authz::Audit;
use crate::model::Moment;
use crate::store::{Entry, LookBack};

use crate::service::error::ServiceError;
use crate::service::session::Session;

const UNDO: &str = "undo #";

/// What the commit says of itself that takes back the change of this number.
pub(super) fn reason_of(sequence: u64, reason: &str) -> String {
    format!("{UNDO}{sequence}: {reason}")
}

/// The number of the change that an undo took back.
fn undoes(reason: &str) -> Option<u64> {
    reason.strip_prefix(UNDO)?.split_once(':')?.0.parse().ok()
}

/// A reason without the number, which not everybody may know (R32).
pub(in crate::service) fn shown_reason(reason: &str) -> String {
    match (undoes(reason), reason.split_once(": ")) {
        (Some(_), Some((_, what))) => format!("undo: {what}"),
        _ => reason.to_owned(),
    }
}

/// One's own changes, one after the other, further and further back.
pub(super) struct Own<'a> {
    session: &'a Session,
    audit: &'a Audit,
    cancelled: &'a AtomicBool,
    since: Option<Moment>,
    before: Option<u64>,
    undone: HashSet<u64>,
}

impl<'a> Own<'a> {
    pub(super) fn of(session: &'a Session, audit: &'a Audit, cancelled: &'a AtomicBool) -> Self {
        Self { session, audit, cancelled, since: here_since(session), before: None, undone: HashSet::new() }
    }

    /// The next older one.
    pub(super) fn next(&mut self) -> Result<Option<Entry>, ServiceError> {
        let Self { session, audit, cancelled, since, before, undone } = self;
        let me = session.actor();
        let mut found = None;
        let back = LookBack { before: *before, since: *since, cancelled };
        session.engine().store().look_back(audit, &back, |past| {
            if past.commit.actor == me && is_something(&past) {
                match undoes(&past.commit.reason.0) {
                    Some(number) => {
                        undone.insert(number);
                    }
                    None if !undone.contains(&past.sequence) => found = Some(past),
                    None => {}
                }
            }
            if found.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        if let Some(entry) = &found {
            // The parts of a change set stand before its end.
            *before = Some(if entry.set == 0 { entry.sequence } else { entry.set });
        }
        Ok(found)
    }

    /// Was this one taken back, as far as was looked?
    pub(super) fn was_undone(&self, sequence: u64) -> bool {
        self.undone.contains(&sequence)
    }
}

/// What somebody did last, an undo or not.
pub(super) fn newest(session: &Session, audit: &Audit) -> Result<Option<Entry>, ServiceError> {
    let (me, cancelled, mut found) = (session.actor(), AtomicBool::new(false), None);
    let back = LookBack { before: None, since: here_since(session), cancelled: &cancelled };
    session.engine().store().look_back(audit, &back, |past| {
        if past.commit.actor == me && is_something(&past) {
            found = Some(past);
        }
        if found.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    Ok(found)
}

fn is_something(past: &Entry) -> bool {
    past.has_changes() && !past.erased
}

/// Nobody did anything before they were there, give or take a clock that was set. A bound on how
/// many changes are looked at would tell how much others did (R32).
fn here_since(session: &Session) -> Option<Moment> {
    const DAY: i64 = 24 * 60 * 60 * 1000;
    session.user().ok().map(|me| me.created.plus(-DAY))
}
