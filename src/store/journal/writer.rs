//! The journal's one writer.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::super::error::{Attempt as _, StoreError};
use super::super::files::{self, Disk, DiskFile, Mode};
use super::aside::Asides;
use super::record::{HEADER, Head, Kind, MAX_PAYLOAD};
use super::recover::{self, Recovered};
use super::room::Room;
use super::{Point, aside, segments};

/// The end of the journal, where records are added.
#[derive(Debug)]
pub struct Journal {
    disk: Arc<dyn Disk>,
    pub(super) dir: PathBuf,
    segment_size: u64,
    file: Option<Box<dyn DiskFile>>,
    tip: Tip,
    room: Room,
    /// What is certainly on the medium.
    synced: Tip,
    failed: Option<String>,
    /// How often something was written aside.
    asides: u64,
}

#[derive(Debug, Clone, Copy)]
struct Tip {
    end: Point,
    segment: u64,
    offset: u64,
}

impl Journal {
    /// Opens the journal and makes its end sound; see [`recover::recover`].
    ///
    /// # Errors
    /// Where the journal is damaged or can't be read.
    pub fn open(
        disk: &Arc<dyn Disk>,
        dir: &Path,
        from: Point,
        segment_size: u64,
        known: impl FnOnce() -> u64,
    ) -> Result<(Self, Recovered), StoreError> {
        aside::clear(disk.as_ref(), dir);
        let recovered = recover::recover(disk, dir, from, known)?;
        let tip = Tip { end: recovered.end, segment: recovered.segment, offset: recovered.offset };
        let journal = Self {
            disk: Arc::clone(disk),
            dir: dir.to_owned(),
            segment_size,
            file: None,
            tip,
            room: Room::default(),
            synced: tip,
            failed: recovered.stuck.clone(),
            asides: 0,
        };
        Ok((journal, recovered))
    }

    /// The last record that was synced, whose link a backup prints.
    #[must_use]
    pub fn head(&self) -> Point {
        self.synced.end
    }

    /// Where that is: the last file and its length.
    #[must_use]
    pub fn end(&self) -> (u64, u64) {
        (self.synced.segment, self.synced.offset)
    }

    /// Parts of a change set to be written aside, under a number that no other has.
    #[must_use]
    pub fn aside(&mut self) -> Asides {
        self.asides += 1;
        Asides::new(&self.disk, &self.dir, self.asides, self.segment_size)
    }

    /// The number that the next record gets.
    #[must_use]
    pub fn next(&self) -> u64 {
        self.tip.end.sequence + 1
    }

    /// Why the journal takes no more records, if it doesn't.
    #[must_use]
    pub fn failure(&self) -> Option<&str> {
        self.failed.as_deref()
    }

    /// Adds a record. It isn't acknowledged before [`Journal::sync`] returned.
    ///
    /// # Errors
    /// Where the disk refuses; then everything since the last sync is taken back, and the journal
    /// takes no more until it is opened anew.
    pub fn append(&mut self, kind: Kind, set: u64, payload: &[u8]) -> Result<u64, StoreError> {
        self.ready()?;
        if payload.len() > MAX_PAYLOAD {
            return Err(StoreError::TooBig(payload.len()));
        }
        self.write(kind, set, payload).inspect_err(|error| self.give_up(error))
    }

    /// Makes everything added so far durable.
    ///
    /// # Errors
    /// As [`Journal::append`].
    pub fn sync(&mut self) -> Result<Point, StoreError> {
        self.ready()?;
        let path = segments::path(&self.dir, self.tip.segment);
        if let Some(file) = &mut self.file
            && let Err(error) = file.sync().attempt("write", &path)
        {
            self.give_up(&error);
            return Err(error);
        }
        self.synced = self.tip;
        self.room.synced();
        Ok(self.synced.end)
    }

    /// Gives back what was reserved ahead, because nothing more is written for now.
    pub fn trim(&mut self) {
        if let Some(file) = self.file.as_mut().filter(|_| self.failed.is_none()) {
            // What isn't given back now is found as zeros by the next start.
            let _ = self.room.give_back(file.as_mut(), self.tip.offset);
        }
    }

    /// Does the journal take records?
    pub(super) fn ready(&self) -> Result<(), StoreError> {
        match &self.failed {
            Some(reason) => Err(StoreError::ReadOnly(reason.clone())),
            None => Ok(()),
        }
    }

    /// The last record that was added, synced or not.
    pub(super) fn tip_point(&self) -> Point {
        self.tip.end
    }

    /// The journal goes on behind a file that came by a way of its own.
    pub(super) fn went_on(&mut self, segment: u64, offset: u64, end: Point) {
        self.tip = Tip { end, segment, offset };
    }

    /// Makes the file at the end durable, before another one begins.
    pub(super) fn leave_file(&mut self) -> Result<(), StoreError> {
        let path = segments::path(&self.dir, self.tip.segment);
        if let Some(mut file) = self.file.take() {
            std::mem::take(&mut self.room).give_back(file.as_mut(), self.tip.offset).attempt("write", &path)?;
            file.sync().attempt("write", &path)?;
        }
        Ok(())
    }

    fn write(&mut self, kind: Kind, set: u64, payload: &[u8]) -> Result<u64, StoreError> {
        let sequence = self.next();
        if self.tip.offset >= self.segment_size {
            // A record of the next file must not be durable before all of this one.
            self.leave_file()?;
            self.tip.segment = sequence;
            self.tip.offset = 0;
        }
        let path = segments::path(&self.dir, self.tip.segment);
        let mut salt = [0; 16];
        getrandom::fill(&mut salt).map_err(std::io::Error::from).attempt("get randomness for", &path)?;
        let head = Head::new(kind, sequence, set, self.tip.end.hash, salt, payload);
        let file = match &mut self.file {
            Some(file) => file,
            none => {
                let file = self.disk.open(&path, Mode::Keep).attempt("open", &path)?;
                files::sync_parent(self.disk.as_ref(), &path)?;
                self.room = Room::found(file.as_ref(), self.tip.offset);
                none.insert(file)
            }
        };
        let end = self.tip.offset + (HEADER + payload.len()) as u64;
        self.room.make(file.as_mut(), self.tip.offset, end).attempt("write", &path)?;
        file.write_at(self.tip.offset, &head.encode(payload)).attempt("write", &path)?;
        self.tip.offset = end;
        self.tip.end = Point { sequence, hash: head.chain() };
        Ok(sequence)
    }

    /// After a failure: what wasn't acknowledged is taken back as far as the disk lets us, so that
    /// a change that was refused doesn't appear after the next start.
    pub(super) fn give_up(&mut self, error: &StoreError) {
        self.failed = Some(error.to_string());
        self.file = None;
        self.room = Room::default();
        for later in segments::list(self.disk.as_ref(), &self.dir).unwrap_or_default() {
            if later > self.synced.segment {
                let _ = self.disk.remove(&segments::path(&self.dir, later));
            }
        }
        let path = segments::path(&self.dir, self.synced.segment);
        if let Ok(mut file) = self.disk.open(&path, Mode::Write)
            && file.length().is_ok_and(|length| length > self.synced.offset)
        {
            let _ = file.cut(self.synced.offset);
            let _ = file.sync();
        }
        self.tip = self.synced;
    }
}
