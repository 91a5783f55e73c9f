//! A copy of the records at one point of the journal, in a file of its own, so that lists are there
//! soon after a start: reading a million rows from the index takes seconds, reading their columns
//! as they were a fraction of one. It is derived, like the index: a copy that can't be used is
//! passed over, and small stores have none.

use std::io::{self, Read, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::error::{Attempt as _, StoreError};
use super::files::{self, Disk, DiskFile, Mode};
use super::journal::{ChainHash, Point};
use super::open::JOURNAL;
use super::options::Finding;
use super::replay::Replay;
use super::shared::{Shared, lock};
use super::tables::{DumpError, Sort, Tables};
use super::view::RowsAt;

const NAME: &str = "tables";
/// After so many commits since the last copy, reading them costs more than a new copy.
const COMMITS: u64 = 5000;
/// After a failure nothing is tried for so long, and so long is between two copies for orders alone:
/// more orders may be in use than a copy has room for, and one click asks for another.
const PAUSE: Duration = Duration::from_secs(300);

/// What the last copy holds.
#[derive(Debug, Clone)]
pub(super) struct Copied {
    sequence: u64,
    records: u64,
    /// In these orders.
    sorts: Vec<Sort>,
}

/// How writing copies went in this process, as far as it says when to write the next one.
#[derive(Debug, Default)]
pub(super) struct Pace {
    /// The last one failed.
    failed: Option<Instant>,
    /// That one failed is a finding already.
    told: bool,
    /// The last one that was written for orders alone.
    for_orders: Option<Instant>,
}

impl Pace {
    /// May a copy be written now that is due because the records changed, or for orders alone?
    fn allows(&self, for_orders: bool, now: Instant) -> bool {
        let over = |since: Option<Instant>| since.is_none_or(|since| now.duration_since(since) >= PAUSE);
        over(self.failed) && (!for_orders || over(self.for_orders))
    }
}

/// The records at a point, from the copy and what the journal has after it.
pub(super) fn load(disk: &Arc<dyn Disk>, dir: &Path, head: Point) -> Option<(Copied, Tables)> {
    let (point, mut tables) = read(disk.as_ref(), dir).ok()??;
    if point.sequence > head.sequence || (point.sequence == head.sequence && point != head) {
        return None;
    }
    let copied = Copied { sequence: point.sequence, records: tables.count(), sorts: tables.kept_sorts() };
    let mut replay = Replay::after(disk, &dir.join(JOURNAL), point, false).ok()?;
    while let Some(happened) = replay.next(head.sequence).ok()? {
        let sequence = happened.point.sequence;
        let applied = replay.changes::<StoreError>(&happened, |changes| {
            tables.apply_all(changes).map_err(|problem| StoreError::Replay { sequence, problem: problem.to_string() })
        });
        applied.ok()?;
    }
    Some((copied, tables))
}

/// How far into the journal the copy is, as far as its head can be read.
pub(super) fn sequence(disk: &dyn Disk, dir: &Path) -> Option<u64> {
    let file = disk.open(&dir.join(NAME), Mode::Read).ok()?;
    read_head(&mut At { file, at: 0 }).ok().map(|point| point.sequence)
}

/// Writes a copy of the generation in force, if there are enough records and enough has changed, or
/// lists are in an order that the last copy doesn't have. For that alone nobody waits at the close.
/// Where it can't be written, that is told once.
pub(super) fn keep(shared: &Shared) -> Result<(), StoreError> {
    let current = shared.current.load_full();
    let RowsAt::Loaded(tables) = &current.rows else { return Ok(()) };
    let records = tables.count();
    if records < shared.copy_from {
        return Ok(());
    }
    let sorts = tables.sorts();
    let copied = lock(&shared.copied).clone();
    let changed = copied.as_ref().is_none_or(|copied| {
        current.point.sequence >= copied.sequence.saturating_add(COMMITS)
            || records.abs_diff(copied.records) > copied.records / 16
    });
    let lacks = |copied: &Copied| sorts.iter().any(|sort| !copied.sorts.contains(sort));
    let due = changed || (!shared.is_closing() && copied.as_ref().is_some_and(lacks));
    if !due || !lock(&shared.pace).allows(!changed, Instant::now()) {
        return Ok(());
    }
    let written = write(shared.disk.as_ref(), &shared.dir, current.point, tables);
    let mut pace = lock(&shared.pace);
    pace.failed = written.is_err().then(Instant::now);
    if let Err(error) = written {
        if !std::mem::replace(&mut pace.told, true) {
            shared.found(Finding::NoCopy(error.to_string()));
        }
        return Err(error);
    }
    if !changed {
        pace.for_orders = Some(Instant::now());
    }
    let mut sorts = sorts;
    sorts.extend(tables.kept_sorts());
    *lock(&shared.copied) = Some(Copied { sequence: current.point.sequence, records, sorts });
    Ok(())
}

fn head(point: Point) -> Vec<u8> {
    let mut head = point.sequence.to_le_bytes().to_vec();
    head.extend_from_slice(&point.hash.0);
    let check = crc32fast::hash(&head);
    head.extend_from_slice(&check.to_le_bytes());
    head
}

fn read(disk: &dyn Disk, dir: &Path) -> Result<Option<(Point, Tables)>, DumpError> {
    let file = match disk.open(&dir.join(NAME), Mode::Read) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        file => file?,
    };
    let mut source = At { file, at: 0 };
    let point = read_head(&mut source)?;
    Ok(Some((point, Tables::restore(&mut source)?)))
}

fn read_head(source: &mut At) -> Result<Point, DumpError> {
    let mut start = [0; 44];
    source.read_exact(&mut start)?;
    let (sequence, rest) = start.split_first_chunk::<8>().ok_or(DumpError::Damaged)?;
    let (hash, _) = rest.split_first_chunk::<32>().ok_or(DumpError::Damaged)?;
    let point = Point { sequence: u64::from_le_bytes(*sequence), hash: ChainHash(*hash) };
    if head(point) == start { Ok(point) } else { Err(DumpError::Damaged) }
}

fn write(disk: &dyn Disk, dir: &Path, point: Point, tables: &Tables) -> Result<(), StoreError> {
    let path = dir.join(NAME);
    let fresh = path.with_extension("new");
    match disk.remove(&fresh) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error).attempt("remove", &fresh),
        _ => {}
    }
    let mut sink = At { file: disk.open(&fresh, Mode::New).attempt("create", &fresh)?, at: 0 };
    let mut written = sink.write_all(&head(point)).and_then(|()| tables.dump(&mut sink));
    written = written.and_then(|()| sink.file.sync());
    if let Err(error) = written {
        // Half a copy is of no use, and on a full disk it is in the way.
        let _ = disk.remove(&fresh);
        return Err(error).attempt("write", &fresh);
    }
    disk.rename(&fresh, &path).attempt("put in place", &path)?;
    files::sync_parent(disk, &path)
}

/// A file that is read or written from its start on.
struct At {
    file: Box<dyn DiskFile>,
    at: u64,
}

impl Read for At {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read_at(self.at, into)?;
        self.at += read as u64;
        Ok(read)
    }
}

impl Write for At {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write_at(self.at, bytes)?;
        self.at += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_for_orders_alone_and_after_a_failure_wait_for_their_time() {
        let now = Instant::now();
        let soon = now + PAUSE / 2;
        let later = now + PAUSE;
        let written = Pace { for_orders: Some(now), ..Pace::default() };
        let failed = Pace { failed: Some(now), told: true, ..Pace::default() };
        for (pace, for_orders, allowed_soon) in [
            (&Pace::default(), true, true),
            (&written, true, false),
            (&written, false, true),
            (&failed, true, false),
            (&failed, false, false),
        ] {
            assert_eq!(pace.allows(for_orders, soon), allowed_soon, "{pace:?} {for_orders}");
            assert!(pace.allows(for_orders, later), "{pace:?} {for_orders}");
        }
    }
}
