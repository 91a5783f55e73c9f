//! sled, and the only place that names it: keys and values as bytes, panics as errors, and a flush
//! that reaches the medium.

use std::fs;
use std::ops::Bound::{Excluded, Included};
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::Duration;

use super::{IndexError, damaged, unavailable};

const CACHE: u64 = 64 << 20;
/// A process that was just killed may hold sled's own lock for some moments.
const TRIES: u32 = 40;
const PAUSE: Duration = Duration::from_millis(25);

/// A key and its value.
pub(super) type Pair = (Bytes, Bytes);

/// What was read; a clone shares it.
#[derive(Debug, Clone)]
pub(super) struct Bytes(sled::IVec);

impl std::ops::Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

fn pair((key, value): (sled::IVec, sled::IVec)) -> Pair {
    (Bytes(key), Bytes(value))
}

/// Changes that are made together.
#[derive(Debug, Default)]
pub(super) struct Batch {
    changes: sled::Batch,
    bytes: usize,
}

impl Batch {
    pub(super) fn insert(&mut self, key: &[u8], value: Vec<u8>) {
        self.bytes += value.len();
        self.changes.insert(key, value);
    }

    pub(super) fn remove(&mut self, key: &[u8]) {
        self.changes.remove(key);
    }

    /// Bytes of values in it.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }
}

/// The open database, from any thread.
#[derive(Clone)]
pub(super) struct Db(Option<sled::Db>);

impl Drop for Db {
    fn drop(&mut self) {
        // sled panics when it can't write its last words; the next start finds out what is missing.
        let db = self.0.take();
        let _ = catch_unwind(AssertUnwindSafe(|| drop(db)));
    }
}

impl Db {
    /// Opens it, empty where there is none.
    pub(super) fn open(dir: &Path) -> Result<Self, IndexError> {
        let config =
            sled::Config::new().path(dir).cache_capacity(CACHE).flush_every_ms(None).print_profile_on_drop(false);
        let mut tries = 0;
        loop {
            match guarded(|| config.open()) {
                Err(IndexError::Unavailable(reason)) if reason.contains("could not acquire lock") && tries < TRIES => {
                    tries += 1;
                    std::thread::sleep(PAUSE);
                }
                opened => return Ok(Self(Some(opened?))),
            }
        }
    }

    /// The file that holds it: sled's own flush doesn't reach the medium.
    pub(super) fn file(dir: &Path) -> Result<fs::File, IndexError> {
        fs::File::open(dir.join("db")).map_err(unavailable)
    }

    fn with<T>(&self, work: impl FnOnce(&sled::Db) -> sled::Result<T>) -> Result<T, IndexError> {
        let db = self.0.as_ref().ok_or_else(|| unavailable("it was closed"))?;
        guarded(|| work(db))
    }

    pub(super) fn is_empty(&self) -> Result<bool, IndexError> {
        self.with(|db| Ok(db.is_empty()))
    }

    pub(super) fn get(&self, key: &[u8]) -> Result<Option<Bytes>, IndexError> {
        Ok(self.with(|db| db.get(key))?.map(Bytes))
    }

    /// The last key from `low` to `high`.
    pub(super) fn last(&self, low: [u8; 13], high: [u8; 13]) -> Result<Option<Pair>, IndexError> {
        Ok(self.with(|db| db.range(low..=high).next_back().transpose())?.map(pair))
    }

    /// The first key after `low`, up to `high`.
    pub(super) fn first_after(&self, low: [u8; 13], high: [u8; 13]) -> Result<Option<Pair>, IndexError> {
        Ok(self.with(|db| db.range((Excluded(low), Included(high))).next().transpose())?.map(pair))
    }

    /// Every key with a prefix, in order, until `each` refuses one.
    pub(super) fn each(
        &self,
        prefix: u8,
        mut each: impl FnMut(&[u8], &[u8]) -> Result<(), IndexError>,
    ) -> Result<(), IndexError> {
        self.with(|db| {
            for found in db.scan_prefix([prefix]) {
                let (key, value) = found?;
                if let Err(problem) = each(&key, &value) {
                    return Ok(Err(problem));
                }
            }
            Ok(Ok(()))
        })?
    }

    /// Every key from `low` to `high`, in order, until `each` has enough or refuses one.
    pub(super) fn walk(
        &self,
        low: [u8; 13],
        high: [u8; 13],
        mut each: impl FnMut(&[u8], &[u8]) -> Result<ControlFlow<()>, IndexError>,
    ) -> Result<(), IndexError> {
        self.with(|db| {
            for found in db.range(low..=high) {
                let (key, value) = found?;
                match each(&key, &value) {
                    Ok(ControlFlow::Continue(())) => {}
                    Ok(ControlFlow::Break(())) => break,
                    Err(problem) => return Ok(Err(problem)),
                }
            }
            Ok(Ok(()))
        })?
    }

    pub(super) fn apply(&self, batch: Batch) -> Result<(), IndexError> {
        self.with(|db| db.apply_batch(batch.changes))
    }

    /// Hands everything to the system; what reaches the medium is another matter.
    pub(super) fn flush(&self) -> Result<(), IndexError> {
        self.with(|db| db.flush().map(|_| ()))
    }
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
