//! The history, read back from the journal, newest first.

use super::error::StoreError;
use super::journal::record::Kind;
use super::journal::{Point, Stored, Walk, segments};
use super::open::Store;
use super::replay::{self, Happened};
use crate::authz::Audit;
use crate::model::{Change, Commit};

/// Changes that an entry shows; big change sets have more.
const SHOWN: usize = 200;

/// A commit or a whole change set.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its number, and where a page goes on.
    pub sequence: u64,
    /// Who, when, why, and the first of its changes.
    pub commit: Commit,
    /// How many changes there are in all.
    pub changes: usize,
    /// Its contents were erased.
    pub erased: bool,
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
    /// The history before a commit, or all of it; newest first.
    ///
    /// # Errors
    /// Where the journal is damaged.
    pub fn history(&self, _: &Audit, before: Option<u64>, limit: usize) -> Result<HistoryPage, StoreError> {
        let head = self.shared.current.load().point.sequence;
        let mut end = before.map_or(head, |before| before.saturating_sub(1).min(head));
        let mut entries = Vec::new();
        let listed = segments::list(self.shared.disk.as_ref(), &self.shared.journal_dir())?;
        while end > 0 && entries.len() < limit {
            let Some(first) = segments::holding(&listed, end) else { break };
            for stored in self.between(first, end)?.into_iter().rev() {
                if entries.len() == limit {
                    break;
                }
                entries.push(self.entry(&stored)?);
            }
            end = first - 1;
        }
        let next =
            entries.last().map(|entry| entry.sequence).filter(|sequence| *sequence > 1 && entries.len() == limit);
        Ok(HistoryPage { entries, next })
    }

    fn between(&self, first: u64, last: u64) -> Result<Vec<Stored>, StoreError> {
        let mut walk = Walk::from(&self.shared.disk, &self.shared.journal_dir(), first, None, false)?;
        let mut found = Vec::new();
        while let Some(stored) = walk.next_up_to(last)? {
            if stored.head.kind != Kind::Part {
                found.push(stored);
            }
        }
        Ok(found)
    }

    fn entry(&self, stored: &Stored) -> Result<Entry, StoreError> {
        let sequence = stored.head.sequence;
        let mut commit =
            replay::read(stored).map_err(|problem| StoreError::Replay { sequence, problem: problem.clone() })?;
        let erased = stored.head.blanked;
        if stored.head.set == 0 {
            let changes = commit.changes.len();
            commit.changes.truncate(SHOWN);
            return Ok(Entry { sequence, commit, changes, erased });
        }
        let mut all = Vec::new();
        let mut changes = 0;
        let point = Point { sequence, hash: stored.head.chain() };
        let happened = Happened { point, set: stored.head.set, commit, blanked: erased };
        let dir = self.shared.journal_dir();
        replay::changes::<StoreError>(&self.shared.disk, &dir, &happened, |part: &[Change]| {
            changes += part.len();
            all.extend(part.iter().take(SHOWN - all.len().min(SHOWN)).cloned());
            Ok(())
        })?;
        Ok(Entry { sequence, commit: Commit { changes: all, ..happened.commit }, changes, erased })
    }
}
