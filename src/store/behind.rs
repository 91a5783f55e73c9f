//! The index, which is always a little behind the journal: brought up to it in bounded batches that
//! can be called off and gone on with. Where much is missing, it isn't made up change by change, all
//! over the index, but from the tables in the order of its pages, which takes seconds where the
//! other would take minutes.

use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use super::error::StoreError;
use super::index::{self, Begun, Index, IndexError, Mark};
use super::journal::Point;
use super::load::{LoadError, compare, tallies, tallies_of};
use super::options::Finding;
use super::replay::{Happened, Replay};
use super::shared::Shared;
use super::tables::Tables;
use super::view::{Generation, RowsAt};
use crate::model::{Change, RecordId};

#[cfg(test)]
mod tests;

/// How much is done at a time, and what is too much to be done change by change.
#[derive(Debug, Clone, Copy)]
struct Pace {
    /// Rows written at a time.
    batch: usize,
    /// More changes than a row in so many, and the index is filled anew.
    few: u64,
    /// A record of a change set has so many changes, more or less.
    in_a_part: u64,
}

const PACE: Pace = Pace { batch: 4096, few: 32, in_a_part: 2048 };
/// The index is made durable at most so often; the journal is what counts.
pub(super) const FLUSH: Duration = Duration::from_secs(1);

/// How far a catching up came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Caught {
    /// All the way.
    Up,
    /// As far as it was let.
    CalledOff,
    /// To where the index had better be filled anew.
    Outgrown,
}

enum Stop {
    CalledOff,
    Failed(LoadError),
}

impl<E: Into<LoadError>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// Brings the index up to a point of the journal, as long as `go_on` says so of each change that it
/// comes to. What was called off goes on from where the index stands, with a replay from there.
pub(super) fn catch_up(
    index: &mut Index,
    replay: &mut Replay,
    last: u64,
    go_on: impl FnMut(u64) -> bool,
) -> Result<Caught, LoadError> {
    match steps(index, replay, last, PACE, go_on) {
        Ok(caught) => Ok(caught),
        Err(Stop::CalledOff) => Ok(Caught::CalledOff),
        Err(Stop::Failed(error)) => Err(error),
    }
}

fn steps(
    index: &mut Index,
    replay: &mut Replay,
    last: u64,
    pace: Pace,
    mut go_on: impl FnMut(u64) -> bool,
) -> Result<Caught, Stop> {
    let much = |index: &Index, changes: u64| changes >= pace.batch as u64 && changes > index.len() / pace.few;
    let behind = (last + 1).saturating_sub(replay.expected());
    if matches!(index.mark().begun, Begun::Filling { .. }) || much(index, behind) {
        return Ok(Caught::Outgrown);
    }
    let mut before = replay.point();
    while let Some(happened) = replay.next(last)? {
        let Happened { point, set, commit, .. } = &happened;
        let parts = if *set == 0 { 0 } else { point.sequence - set };
        if much(index, parts * pace.in_a_part + commit.changes.len() as u64) {
            return Ok(Caught::Outgrown);
        }
        // What stands before a set is in, so that the set can be done by parts.
        if let Some(before) = before.filter(|before| parts > 0 && *before != index.mark().applied) {
            index.commit(before)?;
        }
        let begun = if let Begun::Set(part) = index.mark().begun { part } else { 0 };
        replay.changes_after(&happened, begun, |sequence, changes| {
            stage(index, changes)?;
            if index.staged() >= pace.batch && sequence < point.sequence {
                index.commit_part(sequence, point.sequence)?;
                if !go_on(index.mark().applied.sequence) {
                    return Err(Stop::CalledOff);
                }
            }
            Ok::<(), Stop>(())
        })?;
        if index.staged() >= pace.batch || parts > 0 {
            index.commit(*point)?;
            if !go_on(point.sequence) {
                return Err(Stop::CalledOff);
            }
        }
        before = Some(*point);
    }
    if let Some(point) = replay.point().filter(|point| *point != index.mark().applied) {
        index.commit(point)?;
    }
    Ok(Caught::Up)
}

fn stage(index: &mut Index, changes: &[Change]) -> Result<(), IndexError> {
    changes.iter().try_for_each(|change| index.stage(change))
}

/// Makes the index hold what the tables hold, or goes on with it; `true`: all of it.
fn fill(
    index: &mut Index,
    tables: &Tables,
    at: Point,
    pace: Pace,
    mut go_on: impl FnMut() -> bool,
) -> Result<bool, LoadError> {
    let mut objects = tables.objects();
    objects.extend(index.tallies().keys());
    for object in objects {
        let mut begin = match index.mark().begun {
            Begun::Filling { object: done, .. } if object < done => continue,
            Begun::Filling { object: under_way, next, .. } if object == under_way => next,
            _ => RecordId(0),
        };
        let mut ids = tables.ids(object);
        ids.retain(|id| *id >= begin);
        ids.sort_unstable();
        let mut rest = ids.as_slice();
        loop {
            let (now, later) = rest.split_at(rest.len().min(pace.batch));
            let next = later.first().copied();
            let rows = now.iter().filter_map(|id| tables.record(object, *id));
            if !index.fill(object, (begin, next), rows, at, &mut go_on)? {
                return Ok(false);
            }
            let Some(next) = next else { break };
            if !go_on() {
                return Ok(false);
            }
            (begin, rest) = (next, later);
        }
    }
    index.filled(at)?;
    Ok(true)
}

/// The index with what is next for it.
pub(super) struct Following {
    pub(super) index: Index,
    dir: PathBuf,
    replay: Replay,
    flushed: Instant,
    pub(super) dirty: bool,
    /// The replay is no longer where the index is.
    called_off: bool,
    /// It may have lost something in a crash: once it is up, it is held against the journal.
    doubted: bool,
    /// It was damaged and begun anew.
    renewed: bool,
}

impl Following {
    /// # Errors
    /// Where the journal can't be read.
    pub(super) fn new(shared: &Shared, dir: &Path, index: Index, doubted: bool) -> Result<Self, StoreError> {
        let replay = Replay::after(&shared.disk, &shared.journal_dir(), index.mark().applied, false)?;
        let (dir, flushed) = (dir.to_owned(), Instant::now());
        Ok(Self { index, dir, replay, flushed, dirty: false, called_off: false, doubted, renewed: false })
    }

    /// Has it anything to do before it is where the journal is?
    pub(super) fn is_behind(&self, last: u64) -> bool {
        self.called_off || self.doubted || self.replay.expected() <= last
    }

    /// Brings the index up to a generation, as long as `go_on` says so.
    ///
    /// # Errors
    /// Where the index is damaged, or the disk refuses.
    pub(super) fn keep_up(
        &mut self,
        shared: &Shared,
        current: &Generation,
        go_on: impl Fn() -> bool,
    ) -> Result<(), LoadError> {
        let last = current.point.sequence;
        while self.called_off || self.replay.expected() <= last {
            if std::mem::take(&mut self.called_off) {
                self.replay = Replay::after(&shared.disk, &shared.journal_dir(), self.index.mark().applied, false)?;
            }
            self.dirty = true;
            let whole = match catch_up(&mut self.index, &mut self.replay, last, |_| go_on())? {
                Caught::Up => return Ok(()),
                Caught::CalledOff => false,
                Caught::Outgrown => {
                    self.called_off = true;
                    let RowsAt::Loaded(tables) = &current.rows else { return Ok(()) };
                    fill(&mut self.index, tables, current.point, PACE, &go_on)?
                }
            };
            // What comes after is read from where the index stands now.
            self.called_off = true;
            if !whole {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Does what there is to do.
    ///
    /// # Errors
    /// As [`Following::keep_up`].
    pub(super) fn step(
        &mut self,
        shared: &Shared,
        current: &Generation,
        stopping: bool,
        go_on: impl Fn() -> bool,
    ) -> Result<(), LoadError> {
        self.keep_up(shared, current, &go_on)?;
        if self.doubted && !stopping && self.index.mark() == Mark::at(current.point) {
            let expected = match &current.rows {
                RowsAt::Loaded(tables) => tallies_of(shared, tables),
                RowsAt::Loading(_) => tallies(shared, current.point).map_err(LoadError::from),
            };
            match expected {
                // The store is being closed.
                Err(LoadError::Store(StoreError::Loading)) => {}
                expected => {
                    compare(&self.index, &expected?)?;
                    // What it says of itself may be right while a page is damaged.
                    self.doubted = !self.index.scan_while(|_| (), &go_on)?;
                }
            }
        }
        if self.dirty && (stopping || self.flushed.elapsed() >= FLUSH) {
            self.index.flush()?;
            (self.flushed, self.dirty) = (Instant::now(), false);
        }
        Ok(())
    }

    /// Where the index is damaged, puts it aside and begins with an empty one. Where something else is
    /// wrong, it is not the first time, or the disk refuses, it goes on without. What came of it is to
    /// be told.
    pub(super) fn anew(self, shared: &Shared, problem: LoadError) -> (Option<Self>, Finding) {
        let damaged = matches!(problem, LoadError::Index(IndexError::Damaged(_)));
        match self.begun_anew(shared, problem) {
            Ok((renewed, finding)) => (Some(renewed), finding),
            Err(error) => {
                shared.damage_stays.fetch_or(damaged, Ordering::AcqRel);
                (None, Finding::NoIndex(error.to_string()))
            }
        }
    }

    fn begun_anew(self, shared: &Shared, problem: LoadError) -> Result<(Self, Finding), LoadError> {
        let Self { index, dir, renewed, .. } = self;
        // The journal has everything: without an index, the next start makes one.
        let LoadError::Index(IndexError::Damaged(_)) = problem else { return Err(problem) };
        if renewed {
            return Err(problem);
        }
        drop(index);
        let aside = index::quarantine(&dir).map_err(|error| IndexError::Unavailable(error.to_string()))?;
        let empty = Index::open(&dir).map_err(|error| {
            IndexError::Unavailable(format!("{problem}; it was put aside as {}, and {error}", aside.display()))
        })?;
        let finding = Finding::IndexRebuilt { problem: problem.to_string(), aside: Some(aside) };
        Ok((Self { renewed: true, ..Self::new(shared, &dir, empty, false)? }, finding))
    }

    /// Closes the index; `true`: in order, and beyond doubt.
    pub(super) fn close(self) -> bool {
        self.index.close().is_ok() && !self.doubted
    }
}
