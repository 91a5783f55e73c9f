//! The history, read back from the journal, newest first. A page reads the records that it shows and
//! the headers around them, however long the journal is; of an entry with thousands of changes, as
//! many as are asked for.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};

use super::codec;
use super::error::StoreError;
use super::journal::record::Kind;
use super::journal::{Spot, Stored, Walk};
use super::open::Store;
use super::replay;
use crate::authz::Audit;
use crate::model::{Actor, Change, Moment, Reason};

/// Headers looked at together: few at first, because what is asked for is mostly near.
const NEAR: u64 = 8;
const WINDOW: u64 = 128;
/// Bytes of neighbouring records that are read together.
const TOGETHER: u64 = 256 << 10;

/// A commit or a whole change set.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its number, and where a page goes on.
    pub sequence: u64,
    /// Who, when, why. What it changed is had from [`Store::changes_of`].
    pub commit: Made,
    /// The first record of a big change set, or 0.
    pub set: u64,
    /// Its contents were erased.
    pub erased: bool,
    /// The record that closes it, with its last changes.
    payload: Vec<u8>,
    /// How many those are.
    last: u64,
}

impl Entry {
    /// Did it change anything? A new password is told of and changes nothing here.
    #[must_use]
    pub fn has_changes(&self) -> bool {
        self.set != 0 || self.last > 0
    }
}

/// Who did something, when and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// Who.
    pub actor: Actor,
    /// When.
    pub at: Moment,
    /// Why.
    pub reason: Reason,
}

/// How far back to look.
#[derive(Debug, Clone, Copy)]
pub struct LookBack<'a> {
    /// Only before this commit; from the newest, if unset.
    pub before: Option<u64>,
    /// Only up to the first that is older, whosever it is: times never go back along the history,
    /// see [`super::stamp`].
    pub since: Option<Moment>,
    /// Nobody waits any more once it is true.
    pub cancelled: &'a AtomicBool,
}

impl<'a> LookBack<'a> {
    /// From the newest to the first, unless it is cancelled.
    #[must_use]
    pub fn until(cancelled: &'a AtomicBool) -> Self {
        Self { before: None, since: None, cancelled }
    }
}

/// A part of the history.
#[derive(Debug, Clone, PartialEq)]
pub struct HistoryPage {
    /// Newest first.
    pub entries: Vec<Entry>,
    /// What to ask for as `before` to go on, if there is more.
    pub next: Option<u64>,
}

impl Store {
    /// The history before a commit, or all of it; newest first, as far as the witness reaches.
    ///
    /// # Errors
    /// Where the journal is damaged.
    pub fn history(&self, audit: &Audit, before: Option<u64>, limit: usize) -> Result<HistoryPage, StoreError> {
        let mut entries = Vec::new();
        if limit == 0 {
            return Ok(HistoryPage { entries, next: before });
        }
        let going = AtomicBool::new(false);
        self.look_back(audit, &LookBack { before, ..LookBack::until(&going) }, |entry| {
            entries.push(entry);
            if entries.len() < limit { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        let full = entries.len() == limit;
        let next = entries.last().map(|entry| entry.sequence).filter(|sequence| *sequence > 1 && full);
        Ok(HistoryPage { entries, next })
    }

    /// Hands over the history, one entry after the other, newest first, for as long as `each` wants
    /// more. Of an entry that the witness doesn't reach, only who made it and when is read.
    ///
    /// # Errors
    /// Where the journal is damaged, and [`StoreError::Cancelled`].
    pub fn look_back(
        &self,
        audit: &Audit,
        back: &LookBack<'_>,
        mut each: impl FnMut(Entry) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        let head = self.shared.current.load().point.sequence;
        let mut end = back.before.map_or(head, |before| before.saturating_sub(1).min(head));
        let mut window = NEAR;
        while end > 0 {
            if back.cancelled.load(Ordering::Relaxed) {
                return Err(StoreError::Cancelled);
            }
            let spots = self.shared.skim.up_to(end, window)?;
            window = WINDOW.min(window * 2);
            let Some(first) = spots.first().map(|spot| spot.sequence) else { break };
            let mut next = first - 1;
            let mut left = spots.as_slice();
            while let Some((rest, group)) = last_group(left) {
                left = rest;
                for stored in self.whole(group)?.into_iter().rev() {
                    let set = stored.head.set;
                    if set != 0 {
                        // The parts of a set stand before its end, and nothing stands between them.
                        next = next.min(set - 1);
                    }
                    let (actor, at) = made(&stored)?.map_or((Actor::Operator, None), |(actor, at)| (actor, Some(at)));
                    let older = at < back.since && at.is_some();
                    if older || (audit.admits(actor) && each(entry(stored)?).is_break()) {
                        return Ok(());
                    }
                }
            }
            end = next;
        }
        Ok(())
    }

    /// The records at these places, parts of change sets left out.
    fn whole(&self, spots: &[Spot]) -> Result<Vec<Stored>, StoreError> {
        let mut found = Vec::new();
        let mut walk: Option<Walk> = None;
        for spot in spots {
            if spot.kind == Kind::Part {
                walk = None;
                continue;
            }
            let going = match &mut walk {
                Some(going) => going,
                none => none.insert(self.shared.skim.walk_at(spot)?),
            };
            found.extend(going.next_up_to(spot.sequence)?);
        }
        Ok(found)
    }

    /// The changes of an entry that `keep` wants, in order, at most so many; and whether there are
    /// more of them.
    ///
    /// # Errors
    /// Where the journal is damaged.
    pub fn changes_of(
        &self,
        audit: &Audit,
        entry: &Entry,
        most: usize,
        keep: impl Fn(&Change) -> bool,
    ) -> Result<(Vec<Change>, bool), StoreError> {
        self.changes_while(audit, entry, most, keep, &AtomicBool::new(false))
    }

    /// The same, as long as somebody waits.
    ///
    /// # Errors
    /// Where the journal is damaged, and [`StoreError::Cancelled`].
    pub fn changes_while(
        &self,
        audit: &Audit,
        entry: &Entry,
        most: usize,
        keep: impl Fn(&Change) -> bool,
        cancelled: &AtomicBool,
    ) -> Result<(Vec<Change>, bool), StoreError> {
        let (mut kept, mut more) = (Vec::new(), false);
        self.each_change(audit, entry, cancelled, |change| {
            if keep(&change) {
                more = kept.len() == most;
                if !more {
                    kept.push(change);
                }
            }
            if more { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        Ok((kept, more))
    }

    /// Hands over the changes of an entry, one after the other, in order, for as long as `each` wants
    /// more. None is held, however many there are.
    ///
    /// # Errors
    /// Where the journal is damaged, and [`StoreError::Cancelled`].
    pub fn each_change(
        &self,
        audit: &Audit,
        entry: &Entry,
        cancelled: &AtomicBool,
        mut each: impl FnMut(Change) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        self.each_payload(audit, entry, |sequence, payload| {
            for change in opened(sequence, payload)? {
                if cancelled.load(Ordering::Relaxed) {
                    return Err(StoreError::Cancelled);
                }
                if each(change.map_err(|problem| damaged(sequence, &problem))?).is_break() {
                    return Ok(ControlFlow::Break(()));
                }
            }
            Ok(ControlFlow::Continue(()))
        })
    }

    /// Has an entry more changes than so many? They are counted as far as that, and not read.
    ///
    /// # Errors
    /// Where the journal is damaged, and [`StoreError::Cancelled`].
    pub fn has_more_than(
        &self,
        audit: &Audit,
        entry: &Entry,
        most: u64,
        cancelled: &AtomicBool,
    ) -> Result<bool, StoreError> {
        let mut count = 0;
        self.each_payload(audit, entry, |sequence, payload| {
            if cancelled.load(Ordering::Relaxed) {
                return Err(StoreError::Cancelled);
            }
            count += opened(sequence, payload)?.left();
            Ok(if count > most { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
        })?;
        Ok(count > most)
    }

    /// The payloads of an entry that weren't erased, in order, with their numbers.
    fn each_payload(
        &self,
        audit: &Audit,
        entry: &Entry,
        mut each: impl FnMut(u64, &[u8]) -> Result<ControlFlow<()>, StoreError>,
    ) -> Result<(), StoreError> {
        if !audit.admits(entry.commit.actor) {
            return Ok(());
        }
        if entry.set != 0 {
            let mut walk = self.shared.skim.walk_from(entry.set)?;
            while let Some(stored) = walk.next_up_to(entry.sequence - 1)? {
                let of_it = stored.head.set == entry.set && stored.head.kind == Kind::Part && !stored.head.blanked;
                if of_it && each(stored.head.sequence, &stored.payload)?.is_break() {
                    return Ok(());
                }
            }
        }
        if entry.erased { Ok(()) } else { each(entry.sequence, &entry.payload).map(drop) }
    }

    /// The last changes of an entry: all of them, unless it is a big change set.
    ///
    /// # Errors
    /// Where the journal is damaged.
    pub fn last_changes_of(
        &self,
        audit: &Audit,
        entry: &Entry,
        keep: impl Fn(&Change) -> bool,
    ) -> Result<Vec<Change>, StoreError> {
        if !audit.admits(entry.commit.actor) || entry.erased {
            return Ok(Vec::new());
        }
        let changes = opened(entry.sequence, &entry.payload)?.filter(|change| change.as_ref().map_or(true, &keep));
        changes.map(|change| change.map_err(|problem| damaged(entry.sequence, &problem))).collect()
    }
}

/// The changes of one record, still to be read.
fn opened(sequence: u64, payload: &[u8]) -> Result<codec::Changes<'_>, StoreError> {
    codec::open_commit(payload).map(|(_, changes)| changes).map_err(|problem| damaged(sequence, &problem))
}

fn damaged(sequence: u64, problem: &codec::CodecError) -> StoreError {
    StoreError::Replay { sequence, problem: problem.to_string() }
}

/// The last of some places whose records are read together, and those before.
fn last_group(spots: &[Spot]) -> Option<(&[Spot], &[Spot])> {
    let mut bytes = 0;
    let few = spots.iter().rev().take_while(|spot| {
        bytes += spot.extent;
        bytes <= TOGETHER
    });
    let few = few.count().max(1);
    spots.split_at_checked(spots.len().checked_sub(few)?)
}

/// Who made an entry and when; nothing of what was erased.
pub(super) fn made(stored: &Stored) -> Result<Option<(Actor, Moment)>, StoreError> {
    let sequence = stored.head.sequence;
    replay::head(stored).map_err(|problem| StoreError::Replay { sequence, problem })
}

fn entry(stored: Stored) -> Result<Entry, StoreError> {
    let Stored { head, payload } = stored;
    let (sequence, set, erased) = (head.sequence, head.set, head.blanked);
    let (commit, last) = if erased {
        (Made { actor: Actor::Operator, at: Moment(0), reason: Reason("erased".to_owned()) }, 0)
    } else {
        let ((actor, at, reason), changes) =
            codec::open_commit(&payload).map_err(|problem| damaged(sequence, &problem))?;
        (Made { actor, at, reason }, changes.left())
    };
    Ok(Entry { sequence, commit, set, erased, payload, last })
}
