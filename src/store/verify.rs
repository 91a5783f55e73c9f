//! Checking everything: the chain of the history, every payload, the checkpoint, the secrets, and
//! every row of the index against what the history says. Nothing is mended here, but an index that
//! can't be trusted is not left in use: a store that is open puts it aside, and in one that isn't the
//! next start does.

mod index;
#[cfg(test)]
mod tests;

use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::error::StoreError;
use super::files::{self, Disk, RealDisk};
use super::index::{Expected, Index, IndexError, Tallies, row_key};
use super::journal::{ChainHash, Point};
use super::lock::Lock;
use super::open::{INDEX, JOURNAL, SECRETS, Store, empty_team};
use super::replay::Replay;
use super::secrets::{self, ADVICE, People};
use super::tables::Tables;
use super::view::RowsAt;
use super::{checkpoint, codec, copy};
use crate::authz::System;
use crate::model::{Change, Status, Team};

/// What checking found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The last change of the history.
    pub head: Point,
    /// Commits and change sets.
    pub commits: u64,
    /// Records, by the journal.
    pub rows: u64,
    /// Commits whose contents were erased.
    pub erased: u64,
    /// Everything that isn't as it should be.
    pub problems: Vec<String>,
    /// What is no damage, but worth knowing: the next start sees to it.
    pub notes: Vec<String>,
    /// How many of the active people have a password; without one nobody signs in.
    pub with_password: usize,
}

impl Report {
    /// Is everything as it should be?
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.problems.is_empty()
    }
}

struct Checking {
    disk: Arc<dyn Disk>,
    report: Report,
    team: Team,
    expected: Expected,
    head_seen: bool,
    /// The journal could be read to its end, so that the rest can be held against it.
    whole: bool,
}

/// Checks a data directory that nobody has open. `head`, if given, must be a point of its history:
/// a history that was rewritten from an earlier point on doesn't have it.
///
/// # Errors
/// Where somebody has it open, there is nothing in it, or it can't be read; damage is no error but
/// a problem in the report.
pub fn verify(dir: &Path, head: Option<ChainHash>, wait: Duration, _: &System) -> Result<Report, StoreError> {
    if !dir.join(JOURNAL).is_dir() {
        return Err(StoreError::Empty(dir.to_owned()));
    }
    let held = Lock::take(dir, wait)?;
    let mut checking = Checking::new(Arc::new(RealDisk), head)?;
    checking.journal(dir, u64::MAX, head)?;
    checking.secrets(dir)?;
    let trusted = checking.index_in(&dir.join(INDEX));
    if let Some((_, tables)) = copy::load(&checking.disk, dir, checking.report.head) {
        checking.tables(&tables);
    }
    // The note of a crash makes the next start look at every row of the index.
    if trusted && !held.after_crash() {
        held.close()?;
    }
    Ok(checking.report)
}

impl Store {
    /// Checks the store while it is open.
    ///
    /// # Errors
    /// As [`verify`].
    pub fn verify(&self, head: Option<ChainHash>, _: &System) -> Result<Report, StoreError> {
        let shared = &self.shared;
        let current = shared.current.load_full();
        let last = current.point.sequence;
        let mut checking = Checking::new(Arc::clone(&shared.disk), head)?;
        checking.journal(&shared.dir, last, head)?;
        match shared.secrets.check() {
            Ok(people) => checking.people(&shared.dir.join(SECRETS), &people),
            Err(error) => checking.problem(error),
        }
        if checking.whole {
            if let RowsAt::Loaded(tables) = &current.rows {
                checking.tables(tables);
            }
            checking.following(shared)?;
        }
        Ok(checking.report)
    }
}

impl Checking {
    fn new(disk: Arc<dyn Disk>, head: Option<ChainHash>) -> Result<Self, StoreError> {
        let report = Report {
            head: Point::START,
            commits: 0,
            rows: 0,
            erased: 0,
            problems: Vec::new(),
            notes: Vec::new(),
            with_password: 0,
        };
        let head_seen = head.is_none_or(|head| head == ChainHash::START);
        Ok(Self { disk, report, team: empty_team()?, expected: Expected::default(), head_seen, whole: false })
    }

    fn problem(&mut self, problem: impl ToString) {
        self.report.problems.push(problem.to_string());
    }

    fn journal(&mut self, dir: &Path, last: u64, head: Option<ChainHash>) -> Result<(), StoreError> {
        let saved = match checkpoint::read(self.disk.as_ref(), dir)? {
            Ok(saved) => saved,
            Err(problem) => {
                let path = checkpoint::path(dir);
                self.problem(format!("{}: {problem}; the next start reads the journal instead", path.display()));
                None
            }
        };
        let replayed = self.replay(&dir.join(JOURNAL), last, saved.as_ref(), head);
        self.report.rows = self.expected.tallies().values().map(|tally| tally.count).sum();
        match replayed {
            Err(error @ StoreError::Io { .. }) => return Err(error),
            Err(error) => self.problem(error),
            Ok(()) => {
                self.whole = true;
                if let Some((point, _)) = saved.filter(|(point, _)| point.sequence > self.report.head.sequence) {
                    self.problem(format!(
                        "the history ends at change {}, but the file “team” was made at change {}",
                        self.report.head.sequence, point.sequence
                    ));
                }
                if let Some(head) = head.filter(|_| !self.head_seen) {
                    self.problem(format!(
                        "the head {head} is no point of this history: it was rewritten, or belongs to another account"
                    ));
                }
            }
        }
        Ok(())
    }

    fn replay(
        &mut self,
        journal: &Path,
        last: u64,
        saved: Option<&(Point, Team)>,
        head: Option<ChainHash>,
    ) -> Result<(), StoreError> {
        let mut replay = Replay::after(&self.disk, journal, Point::START, true)?;
        let passed = |checking: &mut Self, point: Point| {
            checking.head_seen |= head == Some(point.hash);
            if let Some((_, team)) = saved.filter(|(at, _)| *at == point)
                && *team != checking.team
            {
                checking.problem("the file “team” isn't what the history says; delete it and start again");
            }
            if let Some((at, _)) = saved.filter(|(at, _)| at.sequence == point.sequence && *at != point) {
                checking.problem(format!("the history was rewritten before change {}", at.sequence));
            }
        };
        while let Some(happened) = replay.next_of(last)? {
            self.report.commits += 1;
            self.report.erased += u64::from(happened.blanked);
            let sequence = happened.point.sequence;
            let misfit = |problem: String| StoreError::Replay { sequence, problem };
            let (team, expected) = (&mut self.team, &mut self.expected);
            replay.changes::<StoreError>(&happened, |changes| {
                for change in changes {
                    if Change::is_policy(change) {
                        team.apply(change).map_err(|stale| misfit(stale.to_string()))?;
                    }
                    expected.apply(change).map_err(|error| misfit(error.to_string()))?;
                }
                Ok(())
            })?;
            self.report.head = happened.point;
            passed(self, happened.point);
        }
        if let Some(point) = replay.point().filter(|point| *point != self.report.head) {
            self.report.head = point;
            passed(self, point);
        }
        Ok(())
    }

    fn secrets(&mut self, dir: &Path) -> Result<(), StoreError> {
        let path = dir.join(SECRETS);
        let bytes = files::read_whole(self.disk.as_ref(), &path)?.unwrap_or_default();
        match secrets::check(&path, &bytes) {
            Ok((people, sound)) => {
                if sound < bytes.len() as u64 {
                    self.problem(format!("{} has a torn last entry; the next start cuts it", path.display()));
                }
                self.people(&path, &people);
            }
            Err(error) => self.problem(error),
        }
        Ok(())
    }

    /// Are those whom the secrets tell of this account's? Where the history can't be read to its end,
    /// that isn't known.
    fn people(&mut self, path: &Path, people: &People) {
        if !self.whole {
            return;
        }
        // Whoever was deleted just before a crash may still be in there, but had a number.
        let next = self.team.account.next.user;
        if let Some(stranger) = people.all.iter().find(|user| user.0 >= next) {
            self.problem(format!(
                "{} tells of a person {} whom this account never had: it belongs to another account; {ADVICE}",
                path.display(),
                stranger.0
            ));
        }
        let active = self.team.users.values().filter(|user| user.status == Status::Active);
        self.report.with_password = active.filter(|user| people.with_password.contains(&user.id)).count();
    }

    /// What lists are answered from.
    fn tables(&mut self, tables: &Tables) {
        let mut tallies = Tallies::new();
        for record in tables.records() {
            let key = row_key(record.object, record.id);
            match codec::write_record(&key, &record) {
                Ok(value) => tallies.entry(record.object).or_default().add(&key, &value),
                Err(error) => self.problem(error),
            }
        }
        if tallies != self.expected.tallies() {
            self.problem(
                "the records in memory aren't what the journal says; delete the file “tables” and start again",
            );
        }
    }

    /// Looks at the index of a directory that nobody has open; `true`: the next start may use it.
    fn index_in(&mut self, dir: &Path) -> bool {
        if dir.symlink_metadata().is_err_and(|error| error.kind() == ErrorKind::NotFound) {
            let built = "the next start builds it from the history";
            self.report.notes.push(format!("there is no index in {}; {built}", dir.display()));
            return true;
        }
        match Index::open(dir) {
            Ok(index) => {
                let sound = self.index(&index);
                let _ = index.close();
                sound
            }
            // It may be all right, and the next start finds out by itself.
            Err(error @ IndexError::Unavailable(_)) => {
                self.problem(format!(
                    "{error}; it was not checked: see that {} can be read and written and that the disk has room, \
                     then verify again; without an index no record is missing",
                    dir.display()
                ));
                true
            }
            Err(error) => {
                self.doubt(&error);
                false
            }
        }
    }
}
