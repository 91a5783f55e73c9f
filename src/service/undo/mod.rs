//! Undo: the last change that one made oneself, or the last change set, taken back by a new commit
//! (B5). What it would take back is said before, and what it would mean for whom. Undoing again goes
//! further back: an undo names what it took back, and is never what the next one takes back. It goes
//! through the same gate as every change (R22, R31), and looks only at what the change touched: what
//! was changed since isn't taken back. Where that, or the rules, stand in the way of the last change,
//! it says so and offers the next older one that can be.

mod back;
mod known;
mod objects;
mod own;
mod records;
mod stays;
mod team;
mod words;

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::authz::Audit;
use crate::model::{Actor, Moment, ObjectId, RecordId};
use crate::store::{Entry, View};

use back::Back;
use own::Own;

use super::activity::{Mark, Reader};
use super::draft::Saved;
use super::error::ServiceError;
use super::impact::Impact;
use super::session::Session;

pub(super) use own::shown_reason;

/// So many of one's own last changes are looked at for one that can be taken back.
const LOOKED_AT: usize = 20;
/// So many of those that can't are told with the reason.
const TOLD: usize = 3;

/// What an undo would take back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undoing {
    /// Where it is in the history.
    pub mark: Mark,
    /// What was done, in a few words.
    pub reason: String,
    /// When.
    pub at: Moment,
    /// What the undo will do, a sentence each.
    pub sentences: Vec<String>,
    /// How many there are beyond those sentences.
    pub more: usize,
    /// What it means, for whom (B1).
    pub impact: Impact,
    /// One's newer changes, which can't be taken back, newest first.
    pub newer: Vec<Standing>,
    /// What of this one can't be taken back, and why; nothing where all of it can.
    pub stays: Option<String>,
    /// Which records those are.
    staying: BTreeSet<(ObjectId, RecordId)>,
}

/// A change of one's own that can't be taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Where it is in the history.
    pub mark: Mark,
    /// What was done, in a few words.
    pub reason: String,
    /// When.
    pub at: Moment,
    /// Why it stands.
    pub why: String,
}

/// Would undo take back what was just done?
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum TakesBack {
    /// No: it can't be undone, or something else would be.
    #[default]
    Nothing,
    /// What of it can be undone.
    Part,
    /// All of it.
    Whole,
}

impl Session {
    /// What the next undo would take back: one's last change, or the next older one that can be where
    /// that can't; nothing where one changed nothing.
    ///
    /// # Errors
    /// Why none of one's last changes can be taken back; and where `cancelled` turns true.
    pub fn undoing(&self, cancelled: &AtomicBool) -> Result<Option<Undoing>, ServiceError> {
        let view = self.view();
        let audit = self.own_history(&view)?;
        let mut own = Own::of(self, &audit, cancelled);
        let mut newer: Vec<Standing> = Vec::new();
        while newer.len() < LOOKED_AT
            && let Some(entry) = own.next()?
        {
            if cancelled.load(Ordering::Relaxed) {
                return Err(ServiceError::Cancelled);
            }
            match self.would_undo(&view, &audit, &entry, cancelled) {
                Ok(undoing) => return Ok(Some(Undoing { newer, ..undoing })),
                Err(why) if why.is_refusal() => {
                    let (mark, at, reason) = (Mark(entry.sequence), entry.commit.at, entry.commit.reason.0);
                    newer.push(Standing { mark, reason, at, why: why.to_string() });
                }
                Err(failure) => return Err(failure),
            }
        }
        if newer.is_empty() { Ok(None) } else { Err(none_of(&newer)) }
    }

    fn would_undo(
        &self,
        view: &View,
        audit: &Audit,
        entry: &Entry,
        cancelled: &AtomicBool,
    ) -> Result<Undoing, ServiceError> {
        let back = self.way_back(view, audit, entry, false, cancelled)?;
        let impact = self.impact_of(view, &back.changes)?;
        let reader = Reader::new(view, self.subject(), self.engine(), audit)?;
        let reason = entry.commit.reason.0.clone();
        let (sentences, more) = words::sentences(&reader, view.team(), &reason, &back.changes);
        let (mark, at) = (Mark(entry.sequence), entry.commit.at);
        let (stays, staying) = (stay(&back), back.staying);
        Ok(Undoing { mark, reason, at, sentences, more, impact, newer: Vec::new(), stays, staying })
    }

    /// Takes it back.
    ///
    /// # Errors
    /// As [`Session::undoing`], and where one changed something else meanwhile, or not the same of it
    /// can be taken back as was said.
    pub fn undo(&self, undoing: &Undoing, cancelled: &AtomicBool) -> Result<Saved, ServiceError> {
        let audit = self.own_history(&self.view())?;
        let reason = own::reason_of(undoing.mark.0, &undoing.reason);
        // The next undo goes further back than this one.
        let saved = self.commit_and_count(&reason, |view| {
            let entry = self.still_next(&audit, undoing, cancelled)?;
            let back = self.way_back(view, &audit, &entry, false, cancelled)?;
            if back.staying == undoing.staying {
                return Ok(back.changes);
            }
            let text = "some of it was changed meanwhile; look at it again";
            Err(ServiceError::Meanwhile(text.to_owned()))
        });
        Ok(saved?.0)
    }

    /// Would undo take back the change at this place in the history, which was just made?
    #[must_use]
    pub fn takes_back(&self, mark: Option<Mark>) -> TakesBack {
        let found = mark.map(|mark| self.way_back_from_last(mark));
        match found {
            // Of the rest nothing is known yet.
            Some(Ok(back)) if back.stays.is_empty() && !back.more => TakesBack::Whole,
            Some(Ok(_)) => TakesBack::Part,
            _ => TakesBack::Nothing,
        }
    }

    /// The same of a change of so many records: of too many to be undone it is known without looking.
    #[must_use]
    pub fn takes_back_records(&self, mark: Option<Mark>, records: u64) -> TakesBack {
        if records > back::MOST as u64 { TakesBack::Nothing } else { self.takes_back(mark) }
    }

    fn way_back_from_last(&self, mark: Mark) -> Result<Back, ServiceError> {
        let view = self.view();
        let audit = self.own_history(&view)?;
        let last = own::newest(self, &audit)?;
        let last = last.filter(|entry| Mark(entry.sequence) == mark).ok_or_else(|| not_last(false))?;
        let back = self.way_back(&view, &audit, &last, true, &AtomicBool::new(false))?;
        drop(self.permit(&view, back.changes.clone())?);
        Ok(back)
    }

    fn own_history(&self, view: &View) -> Result<Audit, ServiceError> {
        let audit = match self.actor() {
            Actor::User(me) => view.snapshot().audit_of(self.subject(), me),
            Actor::Operator => view.snapshot().audit(self.subject()),
        };
        audit.ok_or_else(|| ServiceError::Denied("you are no longer active".to_owned()))
    }

    /// The change that was asked about, if it and the newer ones are still as they were then: another
    /// session of the same person may have gone on.
    fn still_next(&self, audit: &Audit, undoing: &Undoing, cancelled: &AtomicBool) -> Result<Entry, ServiceError> {
        let mut own = Own::of(self, audit, cancelled);
        for standing in &undoing.newer {
            let next = own.next()?.map(|entry| Mark(entry.sequence));
            if next != Some(standing.mark) {
                return Err(not_last(false));
            }
        }
        let next = own.next()?.filter(|entry| Mark(entry.sequence) == undoing.mark);
        next.ok_or_else(|| not_last(own.was_undone(undoing.mark.0)))
    }
}

fn not_last(undone: bool) -> ServiceError {
    let text = if undone { "it was taken back already" } else { "you changed something else meanwhile; look again" };
    ServiceError::Meanwhile(text.to_owned())
}

/// What stays as it is, in words.
fn stay(back: &Back) -> Option<String> {
    let number = back.stays.len();
    let word = if number == 1 { "stays as it is" } else { "stay as they are" };
    let why = stays::told(&back.stays, back.of, &back.noun);
    (number > 0)
        .then(|| format!("{number} of {} {word}, and undo won't come back to this: {why}", back.noun.count(back.of)))
}

/// None of one's last changes can be taken back.
fn none_of(standing: &[Standing]) -> ServiceError {
    let mut lines = Vec::new();
    for (place, one) in standing.iter().take(TOLD).enumerate() {
        lines.push(match place {
            0 => format!("your last change, “{}”, can't be undone: {}", one.reason, one.why),
            _ => format!("nor can the one before it, “{}”: {}", one.reason, one.why),
        });
    }
    match standing.len().saturating_sub(TOLD) {
        0 => {}
        1 => lines.push("nor can the one before that".to_owned()),
        more => lines.push(format!("nor can any of the {more} before that")),
    }
    ServiceError::Denied(lines.join("\n"))
}
