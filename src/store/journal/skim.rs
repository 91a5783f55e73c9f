//! Finding one's way in the journal without reading it: where each record begins and what it is, by
//! its header alone, and places known from before. What is then shown is read whole and checked.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::super::error::{Attempt as _, StoreError};
use super::super::files::{Disk, Mode};
use super::record::{self, HEADER, Kind};
use super::walk::{Walk, damage};
use super::{BadRecord, segments};

/// Every so many records' place is remembered.
const STEP: u64 = 64;
/// Read at once. Payloads longer than that are jumped over.
const CHUNK: usize = 64 << 10;

/// Where a record begins, and what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spot {
    /// Its number.
    pub sequence: u64,
    /// What it is.
    pub kind: Kind,
    /// The first record of its change set, or 0.
    pub set: u64,
    /// How many bytes it has.
    pub extent: u64,
    offset: u64,
    segment: u64,
}

/// The way through one journal.
#[derive(Debug)]
pub struct Skim {
    disk: Arc<dyn Disk>,
    dir: PathBuf,
    /// By number: the file and the place in it.
    known: Mutex<BTreeMap<u64, (u64, u64)>>,
}

impl Skim {
    /// The way through the journal in a directory.
    #[must_use]
    pub fn of(disk: &Arc<dyn Disk>, dir: &Path) -> Self {
        Self { disk: Arc::clone(disk), dir: dir.to_owned(), known: Mutex::default() }
    }

    /// The records up to `last`, at most so many and all of one file, in order.
    ///
    /// # Errors
    /// Where the journal can't be read or is damaged.
    pub fn up_to(&self, last: u64, most: u64) -> Result<Vec<Spot>, StoreError> {
        let listed = segments::list(self.disk.as_ref(), &self.dir)?;
        let Some(segment) = segments::holding(&listed, last) else { return Ok(Vec::new()) };
        let first = last.saturating_sub(most.saturating_sub(1)).max(segment);
        let mut spots = Vec::new();
        self.walk(segment, first, last, |spot| {
            if spot.sequence >= first {
                spots.push(spot);
            }
        })?;
        Ok(spots)
    }

    /// A walk that begins with a record.
    ///
    /// # Errors
    /// As [`Skim::up_to`].
    pub fn walk_from(&self, sequence: u64) -> Result<Walk, StoreError> {
        match self.up_to(sequence, 1)?.first() {
            Some(spot) => self.walk_at(spot),
            None => Walk::from(&self.disk, &self.dir, sequence, None, false),
        }
    }

    /// The same, where it is known where that is.
    ///
    /// # Errors
    /// As [`Skim::up_to`].
    pub fn walk_at(&self, spot: &Spot) -> Result<Walk, StoreError> {
        Walk::at(&self.disk, &self.dir, (spot.segment, spot.offset), spot.sequence)
    }

    fn walk(&self, segment: u64, first: u64, last: u64, mut each: impl FnMut(Spot)) -> Result<(), StoreError> {
        let path = segments::path(&self.dir, segment);
        let file = self.disk.open(&path, Mode::Read).attempt("open", &path)?;
        let (mut sequence, mut offset) = self.nearest(segment, first);
        let (mut chunk, mut start) = (Vec::new(), 0_u64);
        while sequence <= last {
            let at = usize::try_from(offset.saturating_sub(start)).unwrap_or(usize::MAX);
            if chunk.len() < at.saturating_add(HEADER) {
                chunk = vec![0; CHUNK];
                let read = file.read_at(offset, &mut chunk).attempt("read", &path)?;
                chunk.truncate(read);
                start = offset;
            }
            let at = usize::try_from(offset.saturating_sub(start)).unwrap_or(usize::MAX);
            let header = chunk.get(at..).unwrap_or_default();
            let bad = |problem: BadRecord| damage(&self.dir, segment, offset, sequence, &problem.to_string());
            let outline = record::outline(header).map_err(bad)?;
            if outline.sequence != sequence {
                return Err(bad(BadRecord::Sequence { found: outline.sequence, expected: sequence }));
            }
            if sequence.is_multiple_of(STEP) {
                self.known.lock().unwrap_or_else(PoisonError::into_inner).insert(sequence, (segment, offset));
            }
            let extent = outline.extent as u64;
            each(Spot { sequence, kind: outline.kind, set: outline.set, extent, offset, segment });
            offset += extent;
            sequence += 1;
        }
        Ok(())
    }

    /// The nearest place at or before a record, in its file.
    fn nearest(&self, segment: u64, sequence: u64) -> (u64, u64) {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let found = known.range(..=sequence).next_back().filter(|(_, (of, _))| *of == segment);
        found.map_or((segment, 0), |(sequence, (_, offset))| (*sequence, *offset))
    }
}
