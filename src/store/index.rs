//! The rows on disk, by object and record, so that a start needn't read the whole journal. The only
//! place that names sled, which can't carry a promise by itself: it may lose what it was given,
//! panic on a changed bit, and say that all is well. So it is never the only copy. Everything in it
//! has a checksum over key and value, a count and a sum for each object show what was lost, it
//! knows how far into the journal it is, and at any doubt it is put aside and built anew.

mod folder;
mod tally;

use std::collections::BTreeMap;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::Duration;

use super::codec::{self, Kind};
use super::journal::{ChainHash, Point};
use crate::model::{Change, ObjectId, Record, RecordId};
pub use folder::quarantine;
pub(super) use tally::row_key;
pub use tally::{Expected, Tallies, Tally};
use tally::{external_key, tally_key};

const CACHE: u64 = 64 << 20;
const MARK: &[u8] = b"mapplied";
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
        let key = row_key(object, id);
        let db = self.db()?;
        let value = guarded(|| db.get(key))?;
        value.map(|value| codec::read_record(&key, &value).map_err(damaged)).transpose()
    }

    /// The record with an external ID, if there is one.
    ///
    /// # Errors
    /// Where the index is damaged.
    pub fn external(&self, object: ObjectId, external_id: &str) -> Result<Option<RecordId>, IndexError> {
        let key = external_key(object, external_id);
        let db = self.db()?;
        let value = guarded(|| db.get(&key))?;
        value.map(|value| read_external(&key, &value)).transpose()
    }
}

fn read_external(key: &[u8], value: &[u8]) -> Result<RecordId, IndexError> {
    let payload = codec::unseal(Kind::Mark, 1, key, value).map_err(damaged)?;
    let number = payload.try_into().map_err(|_| damaged("a look-up has the wrong length"))?;
    Ok(RecordId(u64::from_be_bytes(number)))
}

/// The index, for its one writer.
#[derive(Debug)]
pub struct Index {
    rows: Rows,
    file: fs::File,
    applied: Point,
    empty: bool,
    tallies: Tallies,
    staged: BTreeMap<Vec<u8>, Option<Vec<u8>>>,
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
        let (applied, tallies) = read_marks(rows.db()?)?;
        let db = rows.db()?;
        let empty = guarded(|| Ok(db.is_empty()))?;
        Ok(Self { rows, file, applied, empty, tallies, staged: BTreeMap::new(), unflushed: false })
    }

    /// Was there nothing in it when it was opened?
    #[must_use]
    pub fn was_empty(&self) -> bool {
        self.empty
    }

    /// How far into the journal it is.
    #[must_use]
    pub fn applied(&self) -> Point {
        self.applied
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

    /// Takes a change in; it counts from the next [`Index::commit`] on.
    ///
    /// # Errors
    /// Where the index is damaged.
    pub fn stage(&mut self, change: &Change) -> Result<(), IndexError> {
        let Change::Record(swap) = change else { return Ok(()) };
        let Some((object, id)) = change.record() else { return Ok(()) };
        let key = row_key(object, id);
        let before = match self.staged.get(key.as_slice()) {
            Some(staged) => staged.clone(),
            None => {
                let db = self.rows.db()?;
                guarded(|| db.get(key))?.map(|value| value.to_vec())
            }
        };
        let after = swap.after.as_ref().map(|record| codec::write_record(&key, record)).transpose().map_err(damaged)?;
        let tally = self.tallies.entry(object).or_default();
        if let Some(before) = before {
            tally.take(&key, &before);
        }
        if let Some(after) = &after {
            tally.add(&key, after);
        }
        self.staged.insert(key.to_vec(), after);
        let external = |record: &Option<Record>| record.as_ref().and_then(|record| record.external_id.clone());
        let (old, new) = (external(&swap.before), external(&swap.after));
        if let Some(old) = old.filter(|old| Some(old) != new.as_ref()) {
            self.staged.insert(external_key(object, &old), None);
        }
        if let Some(new) = new {
            let key = external_key(object, &new);
            let value = codec::seal(Kind::Mark, 1, &key, &id.0.to_be_bytes());
            self.staged.insert(key, Some(value));
        }
        Ok(())
    }

    /// How many keys wait for the next [`Index::commit`].
    #[must_use]
    pub fn staged(&self) -> usize {
        self.staged.len()
    }

    /// Writes everything taken in since the last time, and how far that is, in one batch.
    ///
    /// # Errors
    /// Where the disk refuses; the index is to be dropped then.
    pub fn commit(&mut self, point: Point) -> Result<(), IndexError> {
        self.write_batch(point)?;
        self.applied = point;
        Ok(())
    }

    /// Writes what was taken in without moving on: for a change set that is too big for one batch.
    /// Taken in again from its start after a break, it comes to the same.
    ///
    /// # Errors
    /// As [`Index::commit`].
    pub fn spill(&mut self) -> Result<(), IndexError> {
        self.write_batch(self.applied)
    }

    fn write_batch(&mut self, point: Point) -> Result<(), IndexError> {
        let mut batch = sled::Batch::default();
        for (key, value) in std::mem::take(&mut self.staged) {
            match value {
                Some(value) => batch.insert(key, value),
                None => batch.remove(key),
            }
        }
        for (object, tally) in &self.tallies {
            let key = tally_key(*object);
            let mut value = tally.count.to_be_bytes().to_vec();
            value.extend_from_slice(&tally.sum.to_be_bytes());
            batch.insert(&key, codec::seal(Kind::Mark, 1, &key, &value));
        }
        batch.insert(MARK, mark(point));
        let db = self.rows.db()?;
        guarded(|| db.apply_batch(batch))?;
        self.unflushed = true;
        Ok(())
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
            self.unflushed = false;
        }
        Ok(())
    }

    /// Reads every row, in order of object and record, and checks that none is missing.
    ///
    /// # Errors
    /// Where the index is damaged; what was read before then counts for nothing.
    pub fn scan(&self, mut each: impl FnMut(Record)) -> Result<(), IndexError> {
        let mut found = Tallies::new();
        let db = self.rows.db()?;
        guarded(|| {
            let mut problem = None;
            for row in db.scan_prefix(b"r") {
                let (key, value) = row?;
                match codec::read_record(&key, &value) {
                    Ok(record) if row_key(record.object, record.id).as_slice() == &*key => {
                        found.entry(record.object).or_default().add(&key, &value);
                        each(record);
                    }
                    Ok(_) => problem = Some("a row is under another's key".to_owned()),
                    Err(error) => problem = Some(format!("a row: {error}")),
                }
            }
            Ok(problem)
        })?
        .map_or(Ok(()), |problem| Err(damaged(problem)))?;
        found.retain(|_, tally| *tally != Tally::default());
        let mut due = self.tallies.clone();
        due.retain(|_, tally| *tally != Tally::default());
        if found == due { Ok(()) } else { Err(damaged("rows are missing")) }
    }

    /// Reads every look-up of an external ID.
    ///
    /// # Errors
    /// Where the index is damaged.
    pub fn scan_externals(&self, mut each: impl FnMut(ObjectId, &str, RecordId)) -> Result<(), IndexError> {
        let mut problem = None;
        let db = self.rows.db()?;
        guarded(|| {
            for row in db.scan_prefix(b"x") {
                let (key, value) = row?;
                let object = key.get(1..5).and_then(|bytes| bytes.try_into().ok()).map(u32::from_be_bytes);
                let text = key.get(5..).and_then(|bytes| std::str::from_utf8(bytes).ok());
                match (object, text, read_external(&key, &value)) {
                    (Some(object), Some(text), Ok(id)) => each(ObjectId(object), text, id),
                    (_, _, Err(error)) => problem = Some(error.to_string()),
                    _ => problem = Some("a look-up makes no sense".to_owned()),
                }
            }
            Ok(())
        })?;
        problem.map_or(Ok(()), |problem| Err(damaged(problem)))
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

fn mark(point: Point) -> Vec<u8> {
    let mut mark = point.sequence.to_be_bytes().to_vec();
    mark.extend_from_slice(&point.hash.0);
    codec::seal(Kind::Mark, 1, MARK, &mark)
}

fn read_marks(db: &sled::Db) -> Result<(Point, Tallies), IndexError> {
    let mut point = Point::START;
    let mut tallies = Tallies::new();
    let found = guarded(|| db.get(MARK))?;
    if found.is_none() && guarded(|| Ok(!db.is_empty()))? {
        return Err(damaged("its mark is missing"));
    }
    if let Some(mark) = found {
        let payload = codec::unseal(Kind::Mark, 1, MARK, &mark).map_err(damaged)?;
        let split = payload.split_first_chunk::<8>().and_then(|(at, hash)| Some((at, hash.try_into().ok()?)));
        let (sequence, hash) = split.ok_or_else(|| damaged("its mark has the wrong length"))?;
        point = Point { sequence: u64::from_be_bytes(*sequence), hash: ChainHash(hash) };
    }
    let found = guarded(|| db.scan_prefix(b"c").collect::<sled::Result<Vec<_>>>())?;
    for (key, value) in found {
        let payload = codec::unseal(Kind::Mark, 1, &key, &value).map_err(damaged)?;
        let object = key.get(1..).and_then(|bytes| bytes.try_into().ok()).map(u32::from_be_bytes);
        let split = payload.split_first_chunk::<8>().and_then(|(count, sum)| Some((count, sum.try_into().ok()?)));
        let (Some(object), Some((count, sum))) = (object, split) else {
            return Err(damaged("a tally has the wrong length"));
        };
        let tally = Tally { count: u64::from_be_bytes(*count), sum: u128::from_be_bytes(sum) };
        tallies.insert(ObjectId(object), tally);
    }
    Ok((point, tallies))
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
