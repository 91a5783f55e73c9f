//! Getting the records into memory at the start: from the index if it can be trusted, and from the
//! journal if not.

use std::path::Path;
use std::sync::{Arc, OnceLock, mpsc};

use super::behind::{Caught, catch_up};
use super::error::StoreError;
use super::index::{self, Index, IndexError, Rows, Tallies};
use super::journal::Point;
use super::journal::walk::damage;
use super::options::Finding;
use super::replay::Replay;
use super::shared::Shared;
use super::tables::{ChangeRefused, Loader, Tables};
use crate::model::{Change, Record};

/// Rows handed over at a time, and how many such batches may wait.
const STEP: usize = 1024;
const AHEAD: usize = 8;

#[derive(Debug, thiserror::Error)]
pub(super) enum LoadError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Index(#[from] IndexError),
}

/// An index that can be used.
pub(super) struct Found {
    pub(super) index: Index,
    /// It may have lost something in a crash, and wasn't held against the journal yet.
    pub(super) doubted: bool,
}

/// The records up to a point, and the index if there is one that can be used. Where the records are
/// there already, only the index is got ready.
pub(super) fn load(
    shared: &Shared,
    dir: Option<&Path>,
    head: Point,
    rows: &OnceLock<Rows>,
    ready: bool,
) -> Result<(Option<Found>, Option<Tables>), StoreError> {
    let from_journal = || if ready { Ok(None) } else { from_journal(shared, head).map(Some) };
    let Some(dir) = dir else { return Ok((None, from_journal()?)) };
    for _ in 0..2 {
        match from_index(shared, dir, head, rows, ready) {
            Ok((found, tables)) => return Ok((Some(found), tables)),
            Err(LoadError::Store(error)) => return Err(error),
            Err(LoadError::Index(error @ IndexError::Unavailable(_))) => {
                shared.found(Finding::NoIndex(error.to_string()));
                return Ok((None, from_journal()?));
            }
            Err(LoadError::Index(error @ IndexError::Damaged(_))) => match index::quarantine(dir) {
                Ok(aside) => {
                    shared.found(Finding::IndexRebuilt { problem: error.to_string(), aside: Some(aside) });
                }
                Err(why) => {
                    shared.found(Finding::NoIndex(format!("{error}, and it can't be put aside ({why})")));
                    return Ok((None, from_journal()?));
                }
            },
        }
    }
    shared.found(Finding::NoIndex("the index was damaged twice in a row".to_owned()));
    Ok((None, from_journal()?))
}

fn from_index(
    shared: &Shared,
    dir: &Path,
    head: Point,
    rows: &OnceLock<Rows>,
    ready: bool,
) -> Result<(Found, Option<Tables>), LoadError> {
    let fresh = !dir.exists();
    let mut index = Index::open(dir)?;
    let reached = index.mark().reached;
    if reached > head.sequence {
        let problem = format!("the journal ends here, but the index already has change {reached}");
        return Err(damage(&shared.journal_dir(), head.sequence + 1, 0, head.sequence + 1, &problem).into());
    }
    if index.was_empty() && !fresh && head.sequence > 0 && shared.checkpointed() > 0 {
        shared.found(Finding::IndexRebuilt { problem: "the index was empty".to_owned(), aside: None });
    }
    let doubted = shared.after_crash && !index.was_empty();
    if ready {
        return Ok((Found { index, doubted }, None));
    }
    let mut replay = Replay::after(&shared.disk, &shared.journal_dir(), index.mark().applied, false)?;
    let caught = catch_up(&mut index, &mut replay, head.sequence, |done| {
        shared.set_progress(done, head.sequence);
        !shared.is_closing()
    })?;
    match caught {
        // The journal is read sooner than the index made, which can be done behind.
        Caught::Outgrown => {
            let tables = from_journal(shared, head)?;
            return Ok((Found { index, doubted }, Some(tables)));
        }
        Caught::CalledOff => {
            // The store is being closed: the next start goes on from here.
            index.close()?;
            return Err(StoreError::Loading.into());
        }
        Caught::Up => {}
    }
    index.flush()?;
    if doubted {
        compare(&index, &tallies(shared, head)?)?;
    }
    let _ = rows.set(index.rows());
    let tables = read_rows(shared, &index)?;
    Ok((Found { index, doubted: false }, Some(tables)))
}

/// Reads all rows: one thread decodes while the other puts them in their columns.
fn read_rows(shared: &Shared, index: &Index) -> Result<Tables, LoadError> {
    let total = index.tallies().values().map(|tally| tally.count).sum();
    shared.set_progress(0, total);
    let (send, receive) = mpsc::sync_channel::<Vec<Record>>(AHEAD);
    let mut loader = Loader::for_about(index.tallies().iter().map(|(object, tally)| (*object, tally.count)));
    let (scanned, loaded) = std::thread::scope(|scope| {
        let scanning = scope.spawn(move || {
            let mut batch = Vec::new();
            let scanned = index.scan(|record| {
                batch.push(record);
                if batch.len() == STEP {
                    // Nobody takes them any longer where the other side found a problem.
                    let _ = send.send(std::mem::take(&mut batch));
                }
            });
            let _ = send.send(batch);
            scanned
        });
        let mut done = 0;
        let loaded = receive.into_iter().try_for_each(|batch| {
            batch.iter().try_for_each(|record| loader.add(record))?;
            done += batch.len() as u64;
            shared.set_progress(done, total);
            Ok::<(), ChangeRefused>(())
        });
        (scanning.join(), loaded)
    });
    scanned.unwrap_or_else(|_| Err(IndexError::Damaged("reading it gave up".to_owned())))?;
    loaded.map_err(|problem| IndexError::Damaged(problem.to_string()))?;
    Ok(loader.finish())
}

/// The records from the journal alone.
fn from_journal(shared: &Shared, head: Point) -> Result<Tables, StoreError> {
    let mut tables = Tables::default();
    each_commit(shared, head, |sequence, changes| {
        tables.apply_all(changes).map_err(|problem| StoreError::Replay { sequence, problem: problem.to_string() })?;
        shared.set_progress(sequence, head.sequence);
        Ok(())
    })?;
    Ok(tables)
}

fn each_commit(
    shared: &Shared,
    head: Point,
    mut each: impl FnMut(u64, &[Change]) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut replay = Replay::after(&shared.disk, &shared.journal_dir(), Point::START, false)?;
    while let Some(happened) = replay.next(head.sequence)? {
        replay.changes_after(&happened, 0, |sequence, changes| {
            // An exception that ends meanwhile doesn't wait for the records.
            shared.view();
            if shared.is_closing() {
                return Err(StoreError::Loading);
            }
            each(sequence, changes)
        })?;
    }
    Ok(())
}

/// What the index should hold, by the journal; given up where the store is being closed.
pub(super) fn tallies(shared: &Shared, head: Point) -> Result<Tallies, StoreError> {
    let mut expected = index::Expected::default();
    each_commit(shared, head, |sequence, changes| {
        changes.iter().try_for_each(|change| {
            expected.apply(change).map_err(|error| StoreError::Replay { sequence, problem: error.to_string() })
        })
    })?;
    Ok(expected.tallies())
}

/// The same by the tables, which have it from a copy of their own or from the journal.
pub(super) fn tallies_of(shared: &Shared, tables: &Tables) -> Result<Tallies, LoadError> {
    let mut tallies = Tallies::new();
    for object in tables.objects() {
        for (place, id) in tables.ids(object).into_iter().enumerate() {
            if place % STEP == 0 {
                shared.view();
                if shared.is_closing() {
                    return Err(StoreError::Loading.into());
                }
            }
            if let Some(record) = tables.record(object, id) {
                index::count(&mut tallies, &record)?;
            }
        }
    }
    Ok(tallies)
}

/// Does the index say that it holds that?
pub(super) fn compare(index: &Index, expected: &Tallies) -> Result<(), IndexError> {
    if index.said() == *expected {
        Ok(())
    } else {
        Err(IndexError::Damaged("it isn't what the journal says".to_owned()))
    }
}

/// A handle for looking single records up while the rest is being read.
pub(super) fn handle() -> Arc<OnceLock<Rows>> {
    Arc::new(OnceLock::new())
}
