//! What opening does about the end of the journal. A crash can leave the last record torn: it was
//! never acknowledged, so it is cut, its bytes are kept aside, and the operator is told. A bad
//! record with good ones after it, or one that something else already has, is damage: opening
//! stops there and alters nothing.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::super::error::{Attempt as _, StoreError};
use super::super::files::{self, Disk, Mode};
use super::record::{self, BadRecord, HEADER, MAGIC};
use super::walk::{self, Stop, Walk};
use super::{Point, segments};

/// A last record that was cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Torn {
    /// The number that it would have had.
    pub sequence: u64,
    /// How many bytes there were.
    pub bytes: u64,
    /// Where they are kept.
    pub kept: PathBuf,
}

impl std::fmt::Display for Torn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { sequence, bytes, kept } = self;
        let kept = kept.display();
        write!(
            f,
            "change {sequence} was under way when rolecall last stopped and was dropped; its {bytes} bytes are kept in {kept}"
        )
    }
}

/// The end of the journal, made sound.
#[derive(Debug)]
pub struct Recovered {
    /// The last record.
    pub end: Point,
    /// The segment that it is in.
    pub segment: u64,
    /// Where the next record goes.
    pub offset: u64,
    /// What was cut.
    pub torn: Option<Torn>,
    /// Why a torn record couldn't be cut: nothing can be added behind it.
    pub stuck: Option<String>,
}

/// Finds the end of the journal, from a known point of it.
///
/// `known` is asked only where the last record is bad, and gives the highest number that anything
/// else (a checkpoint, the index) already has.
///
/// # Errors
/// Where the journal is damaged; where it can't be read or mended.
pub fn recover(
    disk: &Arc<dyn Disk>,
    dir: &Path,
    from: Point,
    known: impl FnOnce() -> u64,
) -> Result<Recovered, StoreError> {
    let mut walk = Walk::from(disk, dir, from.sequence + 1, Some(from), true)?;
    let stop = loop {
        match walk.step()? {
            Ok(Some(_)) => {}
            Ok(None) => break None,
            Err(stop) => break Some(stop),
        }
    };
    if walk.expected() <= from.sequence {
        let (segment, offset) = walk.place();
        return Err(walk::damage(dir, segment, offset, walk.expected(), "the journal ends before its checkpoint"));
    }
    let end = walk.point().unwrap_or(from);
    let Some(stop) = stop else {
        let (segment, offset) = walk.place();
        let missing = segments::list(disk.as_ref(), dir)?.into_iter().find(|first| *first > end.sequence + 1);
        if let Some(first) = missing {
            return Err(walk::damage(dir, first, 0, end.sequence + 1, "the file before it is missing or was cut"));
        }
        return Ok(Recovered { end, segment, offset, torn: None, stuck: None });
    };
    if let Some(problem) = more_than_torn(disk.as_ref(), dir, &stop)? {
        return Err(walk::damage(dir, stop.segment, stop.offset, stop.expected, &problem));
    }
    if known() >= stop.expected {
        let problem = format!("{}, yet this change was already in use", stop.problem);
        return Err(walk::damage(dir, stop.segment, stop.offset, stop.expected, &problem));
    }
    // On a disk that is full or can't be written, everything before the torn record can be read.
    let (torn, stuck) = match cut(disk.as_ref(), dir, &stop) {
        Ok(torn) => (Some(torn), None),
        Err(error) => (None, Some(error.to_string())),
    };
    Ok(Recovered { end, segment: stop.segment, offset: stop.offset, torn, stuck })
}

/// Why a bad record isn't just the torn last one.
fn more_than_torn(disk: &dyn Disk, dir: &Path, stop: &Stop) -> Result<Option<String>, StoreError> {
    // These passed their checksum: they were written whole, by a newer program or by a forger.
    if !matches!(stop.problem, BadRecord::Short | BadRecord::Magic | BadRecord::Length | BadRecord::Checksum) {
        return Ok(Some(stop.problem.to_string()));
    }
    if segments::list(disk, dir)?.into_iter().any(|first| first > stop.segment) {
        return Ok(Some(format!("{}, and more changes follow in the next file", stop.problem)));
    }
    let bytes = tail(disk, dir, stop)?;
    let follows = bytes.windows(MAGIC.len()).enumerate().skip(1).filter(|(_, four)| *four == MAGIC).any(|(at, _)| {
        let found = record::decode(bytes.get(at..).unwrap_or_default());
        found.is_ok_and(|(head, _)| head.sequence >= stop.expected)
    });
    Ok(follows.then(|| format!("{}, and sound changes follow", stop.problem)))
}

fn tail(disk: &dyn Disk, dir: &Path, stop: &Stop) -> Result<Vec<u8>, StoreError> {
    let path = segments::path(dir, stop.segment);
    let whole = files::read_whole(disk, &path)?.unwrap_or_default();
    let offset = usize::try_from(stop.offset).unwrap_or(usize::MAX);
    Ok(whole.get(offset..).unwrap_or_default().to_vec())
}

/// The bytes of a bad record without the room that was reserved behind it.
fn without_room(mut bytes: Vec<u8>) -> Vec<u8> {
    let written = bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    let length = match record::extent(&bytes) {
        Ok(extent) => extent.min(bytes.len()),
        Err(_) if bytes.len() < HEADER => bytes.len(),
        Err(_) => written,
    };
    bytes.truncate(length.max(written));
    bytes
}

/// Cuts the bad record; its bytes are safe elsewhere before.
fn cut(disk: &dyn Disk, dir: &Path, stop: &Stop) -> Result<Torn, StoreError> {
    let bytes = without_room(tail(disk, dir, stop)?);
    let taken = disk.names(dir).attempt("read", dir)?;
    let name = (0_u32..)
        .map(|attempt| format!("torn-{}-{attempt}", stop.expected))
        .find(|name| !taken.contains(name))
        .unwrap_or_default();
    let kept = dir.join(name);
    files::replace(disk, &kept, &bytes)?;
    let path = segments::path(dir, stop.segment);
    let mut file = disk.open(&path, Mode::Write).attempt("open", &path)?;
    file.cut(stop.offset).attempt("cut", &path)?;
    file.sync().attempt("write", &path)?;
    Ok(Torn { sequence: stop.expected, bytes: bytes.len() as u64, kept })
}
