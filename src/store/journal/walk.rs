//! Reading the journal forward, record by record, each checked against the one before. Readers
//! are given the last number that they may look at, so they never meet a record under way.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::super::error::{Attempt as _, StoreError};
use super::super::files::{Disk, DiskFile, Mode};
use super::record::{self, BadRecord, HEADER, Head, MAGIC};
use super::{Damage, Point, RESTORE, segments};

const CHUNK: usize = 256 << 10;

/// A record as it was read.
#[derive(Debug, Clone)]
pub struct Stored {
    /// Everything but the payload.
    pub head: Head,
    /// The payload.
    pub payload: Vec<u8>,
}

/// Where a walk stopped for a bad record.
#[derive(Debug)]
pub(crate) struct Stop {
    pub segment: u64,
    pub offset: u64,
    pub expected: u64,
    pub problem: BadRecord,
}

/// A walk through the journal.
#[derive(Debug)]
pub struct Walk {
    disk: Arc<dyn Disk>,
    dir: PathBuf,
    file: Option<Open>,
    expected: u64,
    previous: Option<super::ChainHash>,
    deep: bool,
}

#[derive(Debug)]
struct Open {
    segment: u64,
    path: PathBuf,
    file: Box<dyn DiskFile>,
    /// Where the next record begins.
    offset: u64,
    /// Bytes of the file, from `start`.
    buffer: Vec<u8>,
    start: u64,
}

impl Walk {
    /// A walk that begins with record `from`. Where the record before it is known, its link is
    /// checked too. A deep walk also checks that each payload is the one that was written.
    ///
    /// # Errors
    /// Where the files can't be read, or something before `from` is damaged in its segment.
    pub fn from(
        disk: &Arc<dyn Disk>,
        dir: &Path,
        from: u64,
        before: Option<Point>,
        deep: bool,
    ) -> Result<Self, StoreError> {
        let listed = segments::list(disk.as_ref(), dir)?;
        let first = segments::holding(&listed, from).or_else(|| listed.first().copied()).unwrap_or(1);
        let mut walk = Self {
            disk: Arc::clone(disk),
            dir: dir.to_owned(),
            file: None,
            expected: first,
            previous: (first == 1).then_some(super::ChainHash::START),
            deep,
        };
        if listed.first().is_some_and(|first| *first > from.max(1)) {
            return Err(walk.damage(first, 0, &BadRecord::Sequence { found: first, expected: from.max(1) }));
        }
        while walk.expected < from {
            if walk.next()?.is_none() {
                break;
            }
        }
        if let Some(point) = before.filter(|point| point.sequence + 1 == walk.expected)
            && walk.previous.replace(point.hash).is_some_and(|hash| hash != point.hash)
        {
            let (segment, offset) = walk.file.as_ref().map_or((first, 0), |file| (file.segment, file.offset));
            return Err(walk.damage(segment, offset, &BadRecord::Chain));
        }
        walk.look_again();
        Ok(walk)
    }

    /// A walk that begins at a place that is known already: the file and where in it, and the number
    /// of the record there.
    ///
    /// # Errors
    /// Where the file can't be opened.
    pub fn at(disk: &Arc<dyn Disk>, dir: &Path, place: (u64, u64), sequence: u64) -> Result<Self, StoreError> {
        let (segment, offset) = place;
        let file = Open::at(disk.as_ref(), dir, segment)?.map(|open| Open { offset, start: offset, ..open });
        let (disk, dir) = (Arc::clone(disk), dir.to_owned());
        Ok(Self { disk, dir, file, expected: sequence, previous: None, deep: false })
    }

    /// The number of the record that comes next.
    #[must_use]
    pub fn expected(&self) -> u64 {
        self.expected
    }

    /// The link of the record last read, if any was.
    #[must_use]
    pub fn point(&self) -> Option<Point> {
        Some(Point { sequence: self.expected.checked_sub(1)?, hash: self.previous? })
    }

    /// The next record if its number isn't above `last`.
    ///
    /// # Errors
    /// Where the record can't be read or is damaged.
    pub fn next_up_to(&mut self, last: u64) -> Result<Option<Stored>, StoreError> {
        if self.expected > last {
            self.look_again();
            return Ok(None);
        }
        match self.next()? {
            Some(stored) => Ok(Some(stored)),
            None => {
                let (segment, offset) = self.place();
                Err(self.damage(segment, offset, &BadRecord::Short))
            }
        }
    }

    /// What comes next may be under way, or not begun: it is read anew when it counts.
    fn look_again(&mut self) {
        if let Some(open) = &mut self.file {
            open.buffer = Vec::new();
            open.start = open.offset;
        }
    }

    /// The next record, up to the end of the last file.
    pub(crate) fn next(&mut self) -> Result<Option<Stored>, StoreError> {
        self.step()?.map_err(|stop| self.damage(stop.segment, stop.offset, &stop.problem))
    }

    /// The same, with a bad record as a value.
    pub(crate) fn step(&mut self) -> Result<Result<Option<Stored>, Stop>, StoreError> {
        loop {
            let Some(open) = self.file.as_mut() else {
                match Open::at(self.disk.as_ref(), &self.dir, self.expected)? {
                    Some(open) => self.file = Some(open),
                    None => return Ok(Ok(None)),
                }
                continue;
            };
            match open.read(self.expected, self.previous, self.deep) {
                Ok(Some(stored)) => {
                    self.expected += 1;
                    self.previous = Some(stored.head.chain());
                    return Ok(Ok(Some(stored)));
                }
                // The end of a file: the next record is in the next file, if there is one.
                Ok(None) if open.segment == self.expected => return Ok(Ok(None)),
                Ok(None) => match Open::at(self.disk.as_ref(), &self.dir, self.expected)? {
                    Some(next) => self.file = Some(next),
                    None => return Ok(Ok(None)),
                },
                Err(Failed::Bad(problem)) => {
                    let (segment, offset) = (open.segment, open.offset);
                    return Ok(Err(Stop { segment, offset, expected: self.expected, problem }));
                }
                Err(Failed::Io(error)) => {
                    let path = open.path.clone();
                    return Err(error).attempt("read", &path);
                }
            }
        }
    }

    /// Where the walk is.
    pub(crate) fn place(&self) -> (u64, u64) {
        self.file.as_ref().map_or((self.expected, 0), |open| (open.segment, open.offset))
    }

    fn damage(&self, segment: u64, offset: u64, problem: &BadRecord) -> StoreError {
        damage(&self.dir, segment, offset, self.expected, &problem.to_string())
    }
}

/// A report of damage in a segment.
pub(crate) fn damage(dir: &Path, segment: u64, offset: u64, sequence: u64, problem: &str) -> StoreError {
    let path = segments::path(dir, segment);
    let what = format!("change {sequence}");
    let advice = if problem == BadRecord::Newer.to_string() { "" } else { RESTORE };
    Box::new(Damage { path, offset, what, problem: problem.to_owned(), advice }).into()
}

enum Failed {
    Io(std::io::Error),
    Bad(BadRecord),
}

impl Open {
    fn at(disk: &dyn Disk, dir: &Path, segment: u64) -> Result<Option<Self>, StoreError> {
        let path = segments::path(dir, segment);
        match disk.open(&path, Mode::Read) {
            Ok(file) => Ok(Some(Self { segment, path, file, offset: 0, buffer: Vec::new(), start: 0 })),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).attempt("open", &path),
        }
    }

    fn read(
        &mut self,
        expected: u64,
        previous: Option<super::ChainHash>,
        deep: bool,
    ) -> Result<Option<Stored>, Failed> {
        self.fill(HEADER)?;
        if self.is_at_end()? {
            return Ok(None);
        }
        let extent = record::extent(self.rest()).map_err(Failed::Bad)?;
        self.fill(extent)?;
        let (head, payload) = record::decode(self.rest()).map_err(Failed::Bad)?;
        if head.sequence != expected {
            return Err(Failed::Bad(BadRecord::Sequence { found: head.sequence, expected }));
        }
        if previous.is_some_and(|hash| hash != head.previous) {
            return Err(Failed::Bad(BadRecord::Chain));
        }
        if deep && !head.vouches_for(payload) {
            return Err(Failed::Bad(BadRecord::Digest));
        }
        let payload = payload.to_vec();
        self.offset += extent as u64;
        Ok(Some(Stored { head, payload }))
    }

    /// Is there nothing more, or nothing but the zeros of room that was reserved ahead?
    fn is_at_end(&self) -> Result<bool, Failed> {
        let zeros = |bytes: &[u8]| bytes.iter().all(|byte| *byte == 0);
        let rest = self.rest();
        if !zeros(rest.get(..MAGIC.len()).unwrap_or(rest)) {
            return Ok(false);
        }
        let (mut at, mut chunk) = (self.offset, vec![0; CHUNK]);
        loop {
            let read = self.file.read_at(at, &mut chunk).map_err(Failed::Io)?;
            if read == 0 || !zeros(chunk.get(..read).unwrap_or_default()) {
                return Ok(read == 0);
            }
            at += read as u64;
        }
    }

    fn rest(&self) -> &[u8] {
        let skip = usize::try_from(self.offset - self.start).unwrap_or(usize::MAX);
        self.buffer.get(skip..).unwrap_or_default()
    }

    /// Makes sure that `wanted` bytes from here are at hand, if the file has them.
    fn fill(&mut self, wanted: usize) -> Result<(), Failed> {
        if self.rest().len() >= wanted {
            return Ok(());
        }
        let mut buffer = vec![0; wanted.max(CHUNK)];
        let read = self.file.read_at(self.offset, &mut buffer).map_err(Failed::Io)?;
        buffer.truncate(read);
        self.buffer = buffer;
        self.start = self.offset;
        Ok(())
    }
}
