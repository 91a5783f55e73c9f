//! The history, read back from the journal, newest first. A page reads the records that it shows and
//! the headers around them, however long the journal is.

use std::ops::ControlFlow;

use super::error::StoreError;
use super::journal::record::Kind;
use super::journal::{Point, Spot, Stored, Walk};
use super::open::Store;
use super::replay::{self, Happened};
use crate::authz::Audit;
use crate::model::{Change, Commit};

/// Headers looked at together.
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
        self.look_back(audit, before, |entry| {
            entries.push(entry);
            if entries.len() < limit { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        let full = entries.len() == limit;
        let next = entries.last().map(|entry| entry.sequence).filter(|sequence| *sequence > 1 && full);
        Ok(HistoryPage { entries, next })
    }

    /// Hands over the history before a commit, or all of it, one entry after the other, newest first,
    /// for as long as `each` wants more.
    ///
    /// # Errors
    /// Where the journal is damaged.
    pub fn look_back(
        &self,
        audit: &Audit,
        before: Option<u64>,
        mut each: impl FnMut(Entry) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        let head = self.shared.current.load().point.sequence;
        let mut end = before.map_or(head, |before| before.saturating_sub(1).min(head));
        while end > 0 {
            let spots = self.shared.skim.up_to(end, WINDOW)?;
            let Some(first) = spots.first().map(|spot| spot.sequence) else { break };
            let mut next = first - 1;
            for stored in self.whole(&spots)?.iter().rev() {
                let entry = entry(stored)?;
                if entry.set != 0 {
                    // The parts of a set stand before its end, and nothing stands between them.
                    next = next.min(entry.set - 1);
                }
                if audit.admits(entry.commit.actor) && each(entry).is_break() {
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

fn entry(stored: &Stored) -> Result<Entry, StoreError> {
    let sequence = stored.head.sequence;
    let commit = replay::read(stored).map_err(|problem| StoreError::Replay { sequence, problem })?;
    let point = Point { sequence, hash: stored.head.chain() };
    Ok(Entry { sequence, commit, set: stored.head.set, erased: stored.head.blanked, point })
}
