//! The history, read back from the journal, newest first. A page reads the records that it shows and
//! the headers around them, however long the journal is.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};

use super::error::StoreError;
use super::journal::record::Kind;
use super::journal::{Point, Spot, Stored, Walk};
use super::open::Store;
use super::replay::{self, Happened};
use crate::authz::Audit;
use crate::model::{Actor, Change, Commit, Moment};

/// Headers looked at together: few at first, because what is asked for is mostly near.
const NEAR: u64 = 8;
const WINDOW: u64 = 128;

/// A commit or a whole change set.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its number, and where a page goes on.
    pub sequence: u64,
    /// Who, when, why, and its changes; of a big change set, only the last of them: see
    /// [`Store::changes_of`].
    pub commit: Commit,
    /// The first record of a big change set, or 0.
    pub set: u64,
    /// Its contents were erased.
    pub erased: bool,
    point: Point,
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
            for stored in self.whole(&spots)?.iter().rev() {
                let set = stored.head.set;
                if set != 0 {
                    // The parts of a set stand before its end, and nothing stands between them.
                    next = next.min(set - 1);
                }
                let (actor, at) = made(stored)?.map_or((Actor::Operator, None), |(actor, at)| (actor, Some(at)));
                let older = at < back.since && at.is_some();
                if older || (audit.admits(actor) && each(entry(stored)?).is_break()) {
                    return Ok(());
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
        let mut kept: Vec<Change> = Vec::new();
        if !audit.admits(entry.commit.actor) {
            return Ok((kept, false));
        }
        let mut more = false;
        let mut take = |changes: &[Change]| {
            for change in changes.iter().filter(|change| keep(change)) {
                more = kept.len() == most;
                if more {
                    return Err(Enough::More);
                }
                kept.push(change.clone());
            }
            Ok(())
        };
        let outcome = if entry.set == 0 {
            take(&entry.commit.changes)
        } else {
            let (point, commit) = (entry.point, entry.commit.clone());
            let happened = Happened { point, set: entry.set, commit, blanked: entry.erased };
            let walk = self.shared.skim.walk_from(entry.set)?;
            replay::changes_by(walk, &self.shared.journal_dir(), &happened, take)
        };
        match outcome {
            Ok(()) | Err(Enough::More) => Ok((kept, more)),
            Err(Enough::Broken(error)) => Err(error),
        }
    }
}

/// Why reading a set stopped early.
enum Enough {
    More,
    Broken(StoreError),
}

impl From<StoreError> for Enough {
    fn from(error: StoreError) -> Self {
        Self::Broken(error)
    }
}

/// Who made an entry and when; nothing of what was erased.
pub(super) fn made(stored: &Stored) -> Result<Option<(Actor, Moment)>, StoreError> {
    let sequence = stored.head.sequence;
    replay::head(stored).map_err(|problem| StoreError::Replay { sequence, problem })
}

fn entry(stored: &Stored) -> Result<Entry, StoreError> {
    let sequence = stored.head.sequence;
    let commit = replay::read(stored).map_err(|problem| StoreError::Replay { sequence, problem })?;
    let point = Point { sequence, hash: stored.head.chain() };
    Ok(Entry { sequence, commit, set: stored.head.set, erased: stored.head.blanked, point })
}
