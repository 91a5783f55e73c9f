//! The journal as commits: change sets put together, unclosed ones left out.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::codec;
use super::error::StoreError;
use super::files::Disk;
use super::journal::record::Kind;
use super::journal::walk::damage;
use super::journal::{Point, Stored, Walk};
use crate::model::{Actor, Change, Commit, Moment};

/// Reads commits in order.
#[derive(Debug)]
pub struct Replay {
    disk: Arc<dyn Disk>,
    dir: PathBuf,
    walk: Walk,
}

/// One commit as it happened.
#[derive(Debug)]
pub struct Happened {
    /// Its place.
    pub point: Point,
    /// A change set's first record, or 0.
    pub set: u64,
    /// Who, when, why; of a change set, only the changes of its last record.
    pub commit: Commit,
    /// Its contents were erased.
    pub blanked: bool,
}

impl Replay {
    /// Reads from the record after `before`, up to whatever each call allows.
    ///
    /// # Errors
    /// Where the journal can't be read or doesn't go on from there.
    pub fn after(disk: &Arc<dyn Disk>, dir: &Path, before: Point, deep: bool) -> Result<Self, StoreError> {
        let known = (before.sequence > 0).then_some(before);
        let walk = Walk::from(disk, dir, before.sequence + 1, known, deep)?;
        Ok(Self { disk: Arc::clone(disk), dir: dir.to_owned(), walk })
    }

    /// The number of the record that comes next.
    #[must_use]
    pub fn expected(&self) -> u64 {
        self.walk.expected()
    }

    /// The next commit at or below a number; parts of sets are passed over until their set closes.
    ///
    /// # Errors
    /// Where the journal is damaged.
    pub fn next(&mut self, last: u64) -> Result<Option<Happened>, StoreError> {
        self.read_on(|walk| walk.next_up_to(last))
    }

    fn read_on(
        &mut self,
        next: impl Fn(&mut Walk) -> Result<Option<Stored>, StoreError>,
    ) -> Result<Option<Happened>, StoreError> {
        while let Some(stored) = next(&mut self.walk)? {
            if stored.head.kind == Kind::Part {
                continue;
            }
            let point = Point { sequence: stored.head.sequence, hash: stored.head.chain() };
            let (segment, offset) = self.walk.place();
            let commit =
                read(&stored).map_err(|problem| damage(&self.dir, segment, offset, point.sequence, &problem))?;
            return Ok(Some(Happened { point, set: stored.head.set, blanked: stored.head.blanked, commit }));
        }
        Ok(None)
    }

    /// The same, where the last number isn't known: up to the end of the files.
    ///
    /// # Errors
    /// Where the journal is damaged, a torn last record included.
    pub fn next_of(&mut self, last: u64) -> Result<Option<Happened>, StoreError> {
        if last == u64::MAX { self.read_on(|walk| walk.next()) } else { self.next(last) }
    }

    /// Everything up to a number has been read, parts of open sets included.
    #[must_use]
    pub fn point(&self) -> Option<Point> {
        self.walk.point()
    }

    /// Every change of a commit, in order, in pieces.
    ///
    /// # Errors
    /// Where the journal is damaged, or whatever `each` returns.
    pub fn changes<E: From<StoreError>>(
        &self,
        happened: &Happened,
        mut each: impl FnMut(&[Change]) -> Result<(), E>,
    ) -> Result<(), E> {
        self.changes_after(happened, 0, |_, changes| each(changes))
    }

    /// The same without the records of a change set up to `part`, each piece with its record's
    /// number.
    ///
    /// # Errors
    /// As [`Replay::changes`].
    pub fn changes_after<E: From<StoreError>>(
        &self,
        happened: &Happened,
        part: u64,
        each: impl FnMut(u64, &[Change]) -> Result<(), E>,
    ) -> Result<(), E> {
        if happened.set == 0 {
            return alone(happened, each);
        }
        let walk = Walk::from(&self.disk, &self.dir, happened.set.max(part + 1), None, false)?;
        parts(walk, &self.dir, happened, each)
    }
}

fn parts<E: From<StoreError>>(
    mut walk: Walk,
    dir: &Path,
    happened: &Happened,
    mut each: impl FnMut(u64, &[Change]) -> Result<(), E>,
) -> Result<(), E> {
    while happened.set != 0
        && let Some(stored) = walk.next_up_to(happened.point.sequence - 1)?
    {
        let sequence = stored.head.sequence;
        if stored.head.set != happened.set || stored.head.kind != Kind::Part {
            continue;
        }
        let (segment, offset) = walk.place();
        let part = read(&stored).map_err(|problem| damage(dir, segment, offset, sequence, &problem))?;
        each(sequence, &part.changes)?;
    }
    alone(happened, each)
}

fn alone<E>(happened: &Happened, mut each: impl FnMut(u64, &[Change]) -> Result<(), E>) -> Result<(), E> {
    each(happened.point.sequence, &happened.commit.changes)
}

/// Who made it and when, without the rest. Of what was erased that isn't known.
pub(super) fn head(stored: &Stored) -> Result<Option<(Actor, Moment)>, String> {
    if stored.head.blanked {
        return Ok(None);
    }
    codec::read_commit_head(&stored.payload).map(Some).map_err(|error| error.to_string())
}

pub(super) fn read(stored: &Stored) -> Result<Commit, String> {
    if stored.head.blanked {
        return Ok(Commit {
            actor: Actor::Operator,
            at: crate::model::Moment(0),
            reason: crate::model::Reason("erased".to_owned()),
            changes: Vec::new(),
        });
    }
    codec::read_commit(&stored.payload).map_err(|error| error.to_string())
}
