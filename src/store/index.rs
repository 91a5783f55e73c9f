//! The rows on disk, by object and record, so that a start needn't read the whole journal. The only
//! place that names sled, which can't carry a promise by itself: it may lose what it was given,
//! panic on a changed bit, and say that all is well. So it is never the only copy. Everything in it
//! has a checksum over key and value, a count and a sum for each object show what was lost, it
//! knows how far into the journal it is, and at any doubt it is put aside and built anew.
//!
//! What a record is called elsewhere has no look-up here: the tables have one, and whoever asks
//! before they are there is told to wait.

mod folder;
mod mark;
mod page;
mod tally;
mod write;

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::Duration;

use super::codec;
use super::journal::Point;
use crate::model::{ObjectId, Record, RecordId};
pub use folder::quarantine;
pub use mark::{Begun, Mark};
pub(super) use tally::row_key;
pub use tally::{Expected, Tallies, Tally};
use write::Staged;

const CACHE: u64 = 64 << 20;
/// A process that was just killed may hold sled's own lock for some moments.
const TRIES: u32 = 40;
const PAUSE: Duration = Duration::from_millis(25);

/// Why the index can't be used.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// It is put aside and built anew.
    #[error("the index is damaged: {0}")]
    Damaged(String),
    /// The disk refuses; it may be all right.
    #[error("the index can't be used: {0}")]
    Unavailable(String),
}

/// Looks rows up, from any thread.
#[derive(Clone)]
pub struct Rows(Option<sled::Db>);

impl Drop for Rows {
    fn drop(&mut self) {
        // sled panics when it can't write its last words; the next start finds out what is missing.
        let db = self.0.take();
        let _ = catch_unwind(AssertUnwindSafe(|| drop(db)));
    }
}

impl std::fmt::Debug for Rows {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Rows")
    }
}

impl Rows {
    fn db(&self) -> Result<&sled::Db, IndexError> {
        self.0.as_ref().ok_or_else(|| unavailable("it was closed"))
    }

    /// A record, if it is there.
    ///
    /// # Errors
    /// Where the index is damaged.
    pub fn record(&self, object: ObjectId, id: RecordId) -> Result<Option<Record>, IndexError> {
        let db = self.db()?;
        let range = page::key(object, RecordId(0))..=page::key(object, id);
        let Some((key, value)) = guarded(|| db.range(range).next_back().transpose())? else { return Ok(None) };
        let rows = page::read(&key, &value)?;
        let row = rows.binary_search_by_key(&id, |(id, _)| *id).ok().and_then(|place| rows.get(place));
        row.map(|(id, row)| codec::read_record(&row_key(object, *id), row).map_err(damaged)).transpose()
    }
}

/// The index, for its one writer.
#[derive(Debug)]
pub struct Index {
    rows: Rows,
    file: fs::File,
    mark: Mark,
    empty: bool,
    tallies: Tallies,
    staged: Staged,
    /// Bytes that sled was given since its last flush, and whether any may not be on the medium.
    given: usize,
    unflushed: bool,
}

impl Index {
    /// Opens it, empty where there is none.
    ///
    /// # Errors
    /// Where it is damaged or the disk refuses.
    pub fn open(dir: &Path) -> Result<Self, IndexError> {
        folder::prepare(dir)?;
        let config =
            sled::Config::new().path(dir).cache_capacity(CACHE).flush_every_ms(None).print_profile_on_drop(false);
        let mut tries = 0;
        let db = loop {
            match guarded(|| config.open()) {
                Err(IndexError::Unavailable(reason)) if reason.contains("could not acquire lock") && tries < TRIES => {
                    tries += 1;
                    std::thread::sleep(PAUSE);
                }
                opened => break opened?,
            }
        };
        folder::close_to_others(dir);
        // sled's flush doesn't reach the medium: this file does, see `flush`.
        let file = fs::File::open(dir.join("db")).map_err(unavailable)?;
        let rows = Rows(Some(db));
        let (mark, tallies) = read_marks(rows.db()?)?;
        let db = rows.db()?;
        let empty = guarded(|| Ok(db.is_empty()))?;
        Ok(Self { rows, file, mark, empty, tallies, staged: Staged::new(), given: 0, unflushed: false })
    }

    /// Was there nothing in it when it was opened?
    #[must_use]
    pub fn was_empty(&self) -> bool {
        self.empty
    }

    /// How far into the journal it is.
    #[must_use]
    pub fn mark(&self) -> Mark {
        self.mark
    }

    /// How many rows are in it.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.tallies.values().map(|tally| tally.count).sum()
    }

    /// What it should hold.
    #[must_use]
    pub fn tallies(&self) -> &Tallies {
        &self.tallies
    }

    /// The same, without objects that have no rows.
    #[must_use]
    pub fn said(&self) -> Tallies {
        let mut said = self.tallies.clone();
        said.retain(|_, tally| tally.count > 0);
        said
    }

    /// For looking rows up.
    #[must_use]
    pub fn rows(&self) -> Rows {
        self.rows.clone()
    }

    /// Makes everything durable.
    ///
    /// # Errors
    /// Where the disk refuses; the index is to be dropped then.
    pub fn flush(&mut self) -> Result<(), IndexError> {
        if self.unflushed {
            let db = self.rows.db()?;
            guarded(|| db.flush())?;
            self.file.sync_data().map_err(unavailable)?;
            (self.given, self.unflushed) = (0, false);
        }
        Ok(())
    }

    /// Reads every row, in order of object and record, and checks that none is missing.
    ///
    /// # Errors
    /// Where the index is damaged; what was read before then counts for nothing.
    pub fn scan(&self, mut each: impl FnMut(Record)) -> Result<(), IndexError> {
        let mut found = Tallies::new();
        let mut last = None;
        let db = self.rows.db()?;
        guarded(|| {
            for page in db.scan_prefix([page::PREFIX]) {
                let (key, value) = page?;
                if let Err(problem) = scan_page(&key, &value, &mut last, &mut found, &mut each) {
                    return Ok(Err(problem));
                }
            }
            Ok(Ok(()))
        })??;
        found.retain(|_, tally| *tally != Tally::default());
        let mut due = self.tallies.clone();
        due.retain(|_, tally| *tally != Tally::default());
        if found == due { Ok(()) } else { Err(damaged("rows are missing")) }
    }

    /// Closes it in order.
    ///
    /// # Errors
    /// Where the disk refuses.
    pub fn close(mut self) -> Result<(), IndexError> {
        self.flush()?;
        drop(self.rows);
        Ok(())
    }
}

fn scan_page(
    key: &[u8],
    value: &[u8],
    last: &mut Option<(ObjectId, RecordId)>,
    found: &mut Tallies,
    each: &mut impl FnMut(Record),
) -> Result<(), IndexError> {
    let (object, _) = page::begins(key)?;
    for (id, row) in page::read(key, value)? {
        if last.replace((object, id)).is_some_and(|last| last >= (object, id)) {
            return Err(damaged("a row is in two pages"));
        }
        let key = row_key(object, id);
        let record = codec::read_record(&key, row).map_err(damaged)?;
        if (record.object, record.id) != (object, id) {
            return Err(damaged("a row is under another's key"));
        }
        found.entry(object).or_default().add(&key, row);
        each(record);
    }
    Ok(())
}

fn read_marks(db: &sled::Db) -> Result<(Mark, Tallies), IndexError> {
    let found = guarded(|| db.get(mark::KEY))?;
    if found.is_none() && guarded(|| Ok(!db.is_empty()))? {
        return Err(damaged("its mark is missing"));
    }
    let mark = found.map_or(Ok(Mark::at(Point::START)), |found| Mark::read(&found))?;
    let found = guarded(|| db.scan_prefix(b"c").collect::<sled::Result<Vec<_>>>())?;
    let tallies = found.iter().map(|(key, value)| Tally::read(key, value)).collect::<Result<_, _>>()?;
    Ok((mark, tallies))
}

/// sled panics where others return an error.
fn guarded<T>(work: impl FnOnce() -> sled::Result<T>) -> Result<T, IndexError> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(sled::Error::Io(error))) => Err(unavailable(error)),
        Ok(Err(error)) => Err(damaged(error)),
        Err(panic) => Err(damaged(said(&*panic))),
    }
}

fn said(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    text.unwrap_or("it gave up").to_owned()
}

fn damaged(problem: impl ToString) -> IndexError {
    IndexError::Damaged(problem.to_string())
}

fn unavailable(problem: impl ToString) -> IndexError {
    IndexError::Unavailable(problem.to_string())
}
