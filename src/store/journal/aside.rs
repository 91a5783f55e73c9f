//! Parts of a change set that is too big to be held: they are written aside, beside the journal's own
//! files and without anybody waiting, and become files of the journal all at once when the set is
//! closed. Until then they are nothing: dropped, they are gone, and so they are after a crash.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::super::error::{Attempt as _, StoreError};
use super::super::files::{self, Disk, DiskFile, Mode};
use super::record::{ChainHash, HEADER, Head, Kind, MAX_PAYLOAD, Sum};
use super::writer::Journal;
use super::{Point, segments};

const PREFIX: &str = "aside-";

/// A part in a file, with what its head needs.
#[derive(Debug)]
struct Part {
    /// Where its head belongs; the payload is behind that.
    offset: u64,
    salt: [u8; 16],
    digest: [u8; 32],
    sum: Sum,
}

#[derive(Debug)]
struct Aside {
    path: PathBuf,
    length: u64,
    parts: Vec<Part>,
}

/// Parts written aside, in order. Dropping them removes their files.
#[derive(Debug)]
pub struct Asides {
    disk: Arc<dyn Disk>,
    dir: PathBuf,
    /// Sets this one's files apart from others'.
    number: u64,
    segment_size: u64,
    open: Option<Box<dyn DiskFile>>,
    files: Vec<Aside>,
}

impl Asides {
    /// None yet, for the journal in a directory, under a number that nothing else there has.
    #[must_use]
    pub fn new(disk: &Arc<dyn Disk>, dir: &Path, number: u64, segment_size: u64) -> Self {
        let (disk, dir) = (Arc::clone(disk), dir.to_owned());
        Self { disk, dir, number, segment_size, open: None, files: Vec::new() }
    }

    /// No part should be longer than the files are meant to be.
    #[must_use]
    pub fn segment_size(&self) -> u64 {
        self.segment_size
    }

    /// Adds a part.
    ///
    /// # Errors
    /// Where the disk refuses, or the part is too big.
    pub fn push(&mut self, payload: &[u8]) -> Result<(), StoreError> {
        if payload.len() > MAX_PAYLOAD {
            return Err(StoreError::TooBig(payload.len()));
        }
        if self.files.last().is_some_and(|file| file.length >= self.segment_size) {
            self.sync()?;
            self.open = None;
        }
        let file = match &mut self.open {
            Some(file) => file,
            none => {
                let path = self.dir.join(format!("{PREFIX}{}-{}", self.number, self.files.len()));
                let file = self.disk.open(&path, Mode::New).attempt("create", &path)?;
                self.files.push(Aside { path, length: 0, parts: Vec::new() });
                none.insert(file)
            }
        };
        let Some(aside) = self.files.last_mut() else { return Ok(()) };
        let mut salt = [0; 16];
        getrandom::fill(&mut salt).map_err(std::io::Error::from).attempt("get randomness for", &aside.path)?;
        // The number and the link are known once the part is in its place.
        let head = Head::new(Kind::Part, 0, 0, ChainHash::START, salt, payload);
        let offset = aside.length;
        file.write_at(offset + HEADER as u64, payload).attempt("write", &aside.path)?;
        aside.length += (HEADER + payload.len()) as u64;
        aside.parts.push(Part { offset, salt, digest: head.digest, sum: Sum::of(payload) });
        Ok(())
    }

    /// Makes everything added so far durable, so that the end needn't wait for it.
    ///
    /// # Errors
    /// Where the disk refuses.
    pub fn sync(&mut self) -> Result<(), StoreError> {
        match (&mut self.open, self.files.last()) {
            (Some(file), Some(aside)) => file.sync().attempt("write", &aside.path),
            _ => Ok(()),
        }
    }

    /// Reads every payload again, in order.
    ///
    /// # Errors
    /// Where it can't be read any more, or whatever `each` returns.
    pub fn read<E: From<StoreError>>(&self, mut each: impl FnMut(&[u8]) -> Result<(), E>) -> Result<(), E> {
        for aside in &self.files {
            let file = self.disk.open(&aside.path, Mode::Read).attempt("open", &aside.path)?;
            for part in &aside.parts {
                let mut payload = vec![0; part.sum.length()];
                file.read_at(part.offset + HEADER as u64, &mut payload).attempt("read", &aside.path)?;
                if Sum::of(&payload) != part.sum {
                    let error = std::io::Error::other("it isn't what was written");
                    return Err(error).attempt("read", &aside.path).map_err(E::from);
                }
                each(&payload)?;
            }
        }
        Ok(())
    }
}

impl Drop for Asides {
    fn drop(&mut self) {
        self.open = None;
        for aside in &self.files {
            // What can't be removed now is removed by the next start.
            let _ = self.disk.remove(&aside.path);
        }
    }
}

/// Removes what an earlier process left aside.
pub(super) fn clear(disk: &dyn Disk, dir: &Path) {
    for name in disk.names(dir).unwrap_or_default() {
        if name.starts_with(PREFIX) {
            // It is in nobody's way.
            let _ = disk.remove(&dir.join(name));
        }
    }
}

impl Journal {
    /// Takes in what was written aside as the first parts of a change set, and answers the set's
    /// number. Only heads are written and files renamed, so that others wait for moments. The set is
    /// then to be closed by [`Journal::append`].
    ///
    /// # Errors
    /// As [`Journal::append`].
    pub fn adopt(&mut self, asides: &mut Asides) -> Result<u64, StoreError> {
        self.ready()?;
        let set = self.next();
        self.take_over(asides, set).inspect_err(|error| self.give_up(error))?;
        Ok(set)
    }

    fn take_over(&mut self, asides: &mut Asides, set: u64) -> Result<(), StoreError> {
        asides.open = None;
        // A record of the next file must not be durable before all of this one.
        self.leave_file()?;
        let disk = Arc::clone(&asides.disk);
        while !asides.files.is_empty() {
            let aside = asides.files.remove(0);
            let renamed = self.take_file(disk.as_ref(), &aside, set);
            if renamed.is_err() {
                asides.files.push(aside);
            }
            renamed?;
        }
        Ok(())
    }

    fn take_file(&mut self, disk: &dyn Disk, aside: &Aside, set: u64) -> Result<(), StoreError> {
        let first = self.next();
        let mut file = disk.open(&aside.path, Mode::Write).attempt("open", &aside.path)?;
        let mut end = self.tip_point();
        for part in &aside.parts {
            let (sequence, previous) = (end.sequence + 1, end.hash);
            let Part { salt, digest, .. } = *part;
            let head = Head { kind: Kind::Part, blanked: false, sequence, set, previous, salt, digest };
            file.write_at(part.offset, &head.before(part.sum)).attempt("write", &aside.path)?;
            end = Point { sequence, hash: head.chain() };
        }
        file.sync().attempt("write", &aside.path)?;
        let path = segments::path(&self.dir, first);
        disk.rename(&aside.path, &path).attempt("put in place", &path)?;
        // In order: a later file without the one before it would be damage.
        files::sync_parent(disk, &path)?;
        self.went_on(first, aside.length, end);
        Ok(())
    }
}
