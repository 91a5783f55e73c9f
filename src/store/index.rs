//! The rows on disk, by object and record, so that a start needn't read the whole journal. sled can't
//! carry a promise by itself: it may lose what it was given, panic on a changed bit, and say that
//! all is well. So it is never the only copy. Everything in it
//! has a checksum over key and value, a count and a sum for each object show what was lost, it
//! knows how far into the journal it is, and at any doubt it is put aside and built anew.
//!
//! What a record is called elsewhere has no look-up here: the tables have one, and whoever asks
//! before they are there is told to wait.

mod db;
mod folder;
mod mark;
mod page;
mod tally;
mod write;

use std::fs;
use std::ops::ControlFlow;
use std::path::Path;

use super::codec;
use super::journal::Point;
use crate::model::{ObjectId, Record, RecordId};
use db::Db;
pub use folder::quarantine;
pub use mark::{Begun, Mark};
use tally::row_hash;
pub(super) use tally::row_key;
pub use tally::{Expected, Place, Tallies, Tally, count};
use write::Staged;

/// Pages that are read at a time: some thousand rows.
const PAGES: usize = if cfg!(test) { 2 } else { 64 };
/// Before every row.
pub const FIRST: Place = (ObjectId(0), RecordId(0));

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
pub struct Rows(Db);

impl std::fmt::Debug for Rows {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Rows")
    }
}

impl Rows {
    /// A record, if it is there.
    ///
    /// # Errors
    /// Where the index is damaged.
    pub fn record(&self, object: ObjectId, id: RecordId) -> Result<Option<Record>, IndexError> {
        let found = self.0.last(page::key(object, RecordId(0)), page::key(object, id))?;
        let Some((key, value)) = found else { return Ok(None) };
        let rows = page::read(&key, &value)?;
        let row = rows.binary_search_by_key(&id, |(id, _)| *id).ok().and_then(|place| rows.get(place));
        row.map(|(id, row)| codec::read_record(&row_key(object, *id), row).map_err(damaged)).transpose()
    }
}

/// The index, for its one writer.
pub struct Index {
    db: Db,
    file: fs::File,
    mark: Mark,
    empty: bool,
    tallies: Tallies,
    staged: Staged,
    /// Bytes that sled was given since its last flush, and whether any may not be on the medium.
    given: usize,
    unflushed: bool,
}

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Index").field("mark", &self.mark).finish_non_exhaustive()
    }
}

impl Index {
    /// Opens it, empty where there is none.
    ///
    /// # Errors
    /// Where it is damaged or the disk refuses.
    pub fn open(dir: &Path) -> Result<Self, IndexError> {
        folder::prepare(dir)?;
        let db = Db::open(dir)?;
        folder::close_to_others(dir);
        let file = Db::file(dir)?;
        let (empty, (mark, tallies)) = (db.is_empty()?, read_marks(&db)?);
        Ok(Self { db, file, mark, empty, tallies, staged: Staged::new(), given: 0, unflushed: false })
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
        Rows(self.db.clone())
    }

    /// Makes everything durable.
    ///
    /// # Errors
    /// Where the disk refuses; the index is to be dropped then.
    pub fn flush(&mut self) -> Result<(), IndexError> {
        if self.unflushed {
            self.db.flush()?;
            self.file.sync_data().map_err(unavailable)?;
            (self.given, self.unflushed) = (0, false);
        }
        Ok(())
    }

    /// Reads every row, in order of object and record, and checks that none is missing.
    ///
    /// # Errors
    /// Where the index is damaged; what was read before then counts for nothing.
    pub fn scan(&self, each: impl FnMut(Record)) -> Result<(), IndexError> {
        self.scan_while(each, || true).map(|_| ())
    }

    /// The same as long as `go_on` says so; `true`: all of it was read.
    ///
    /// # Errors
    /// As [`Index::scan`].
    pub fn scan_while(
        &self,
        mut each: impl FnMut(Record),
        mut go_on: impl FnMut() -> bool,
    ) -> Result<bool, IndexError> {
        let mut found = Tallies::new();
        let mut from = Some(FIRST);
        while let Some(at) = from {
            from = self.some(at, |record, hash| {
                found.entry(record.object).or_default().put(hash);
                each(record);
            })?;
            if from.is_some() && !go_on() {
                return Ok(false);
            }
        }
        found.retain(|_, tally| *tally != Tally::default());
        let mut due = self.tallies.clone();
        due.retain(|_, tally| *tally != Tally::default());
        if found == due { Ok(true) } else { Err(damaged("rows are missing")) }
    }

    /// Reads the rows of some pages, from a place on, each with its hash; the place at which the next
    /// page begins, if there is one.
    ///
    /// # Errors
    /// Where the index is damaged.
    pub fn some(&self, from: Place, mut each: impl FnMut(Record, u128)) -> Result<Option<Place>, IndexError> {
        let here = page::key(from.0, from.1);
        let covering = self.db.last(page::key(from.0, RecordId(0)), here)?;
        let low = match covering {
            Some((key, _)) => page::begins(&key).map(|(object, first)| page::key(object, first))?,
            None => here,
        };
        let (mut left, mut last, mut next) = (PAGES, None, None);
        self.db.walk(low, page::key(ObjectId(u32::MAX), RecordId(u64::MAX)), |key, value| {
            let begins = page::begins(key)?;
            if last.is_some_and(|last| last >= begins) {
                return Err(damaged("a row is in two pages"));
            }
            if left == 0 {
                next = Some(begins);
                return Ok(ControlFlow::Break(()));
            }
            left -= 1;
            last = read_page(key, value, from, &mut each)?.or(last);
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(next)
    }

    /// Closes it in order.
    ///
    /// # Errors
    /// Where the disk refuses.
    pub fn close(mut self) -> Result<(), IndexError> {
        self.flush()?;
        drop(self.db);
        Ok(())
    }
}

/// Hands out the rows of a page from a place on; the last row's place.
fn read_page(
    key: &[u8],
    value: &[u8],
    from: Place,
    each: &mut impl FnMut(Record, u128),
) -> Result<Option<Place>, IndexError> {
    let (object, _) = page::begins(key)?;
    let mut last = None;
    for (id, row) in page::read(key, value)? {
        last = Some((object, id));
        if (object, id) < from {
            continue;
        }
        let key = row_key(object, id);
        let record = codec::read_record(&key, row).map_err(damaged)?;
        if (record.object, record.id) != (object, id) {
            return Err(damaged("a row is under another's key"));
        }
        each(record, row_hash(&key, row));
    }
    Ok(last)
}

fn read_marks(db: &Db) -> Result<(Mark, Tallies), IndexError> {
    let found = db.get(mark::KEY)?;
    if found.is_none() && !db.is_empty()? {
        return Err(damaged("its mark is missing"));
    }
    let mark = found.map_or(Ok(Mark::at(Point::START)), |found| Mark::read(&found))?;
    let mut tallies = Tallies::new();
    db.each(tally::PREFIX, |key, value| {
        tallies.extend([Tally::read(key, value)?]);
        Ok(())
    })?;
    Ok((mark, tallies))
}

fn damaged(problem: impl ToString) -> IndexError {
    IndexError::Damaged(problem.to_string())
}

fn unavailable(problem: impl ToString) -> IndexError {
    IndexError::Unavailable(problem.to_string())
}
