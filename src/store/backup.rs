//! A copy of everything that can't be worked out: the journal and the secrets, in one file, with a
//! digest over all of it. The journal only grows, so a copy up to one record is consistent whatever
//! is committed meanwhile.
//!
//! `RCB1`, then for each file its name's length (2 bytes), name, length (8), contents; a name
//! without letters ends them; then the head (sequence 8, link 32) and the digest (32).

use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::error::{Attempt as _, StoreError};
use super::files::{self, Disk, Mode, RealDisk};
use super::journal::{ChainHash, Point, Walk, segments};
use super::lock::{Lock, NAME as LOCK};
use super::open::{INDEX, JOURNAL, SECRETS, Store};
use super::options::Options;
use super::outside::{Beside, Place};
use super::shared::lock;
use crate::authz::System;

const MAGIC: [u8; 4] = *b"RCB1";
const TAIL: u64 = 8 + 32 + 32;
const CHUNK: usize = 1 << 20;

/// A backup as it was made or read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backup {
    /// The head of the history in it; `verify --head` takes it.
    pub head: Point,
    /// How long the file is.
    pub bytes: u64,
}

impl Store {
    /// Writes a backup; changes go on meanwhile. An older file of this name is replaced once the
    /// new one is whole.
    ///
    /// # Errors
    /// Where the journal can't be read or the file can't be written, or `to` is something else than a
    /// file.
    pub fn backup(&self, to: &Path, _: &System) -> Result<Backup, StoreError> {
        let shared = &self.shared;
        let target = backup_place(to)?;
        let journal = lock(&shared.writer);
        let (head, end) = (journal.head(), journal.end());
        let secrets = shared.secrets.bytes()?;
        drop(journal);
        write(shared.disk.as_ref(), &shared.journal_dir(), head, end, &secrets, target)
    }
}

/// Where a backup of this name really is to be.
///
/// # Errors
/// Where only something else than a file can be there, or the system refuses.
pub fn backup_place(to: &Path) -> Result<PathBuf, StoreError> {
    let unfit = |problem: &str| Err(StoreError::Unfit { path: to.to_owned(), problem: problem.to_owned() });
    match Place::of(to).attempt("look at", to)? {
        Place::File(target) => Ok(target),
        Place::Folder => unfit("is a directory; name a file in it"),
        // A pipe tells nobody whether the backup is whole, and a device is not to be replaced.
        Place::Stream => unfit("is no file but a pipe or a device; name a file, or one that isn't there yet"),
    }
}

/// Counts and digests what goes through.
struct Sum<W> {
    inner: W,
    digest: blake3::Hasher,
    bytes: u64,
}

impl<W: Write> Sum<W> {
    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.digest.update(bytes);
        self.bytes += bytes.len() as u64;
        self.inner.write_all(bytes)
    }

    fn name(&mut self, name: &str, length: u64) -> io::Result<()> {
        self.put(&u16::try_from(name.len()).unwrap_or(0).to_le_bytes())?;
        self.put(name.as_bytes())?;
        if name.is_empty() { Ok(()) } else { self.put(&length.to_le_bytes()) }
    }
}

fn write(
    disk: &dyn Disk,
    journal: &Path,
    head: Point,
    (last, length): (u64, u64),
    secrets: &[u8],
    target: PathBuf,
) -> Result<Backup, StoreError> {
    let to = target.clone();
    let fresh = Beside::begin(target, 0o600).attempt("create", &to)?;
    let mut out = Sum { inner: BufWriter::new(fresh.file()), digest: blake3::Hasher::new(), bytes: 0 };
    out.put(&MAGIC).attempt("write", &to)?;
    for first in segments::list(disk, journal)?.into_iter().filter(|first| *first <= last) {
        let path = segments::path(journal, first);
        let from = disk.open(&path, Mode::Read).attempt("open", &path)?;
        let size = if first == last { length } else { from.length().attempt("read", &path)? };
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        out.name(&format!("{JOURNAL}/{name}"), size).attempt("write", &to)?;
        let mut at = 0;
        let mut chunk = vec![0; CHUNK];
        while at < size {
            let wanted = usize::try_from(size - at).unwrap_or(CHUNK).min(CHUNK);
            let part = chunk.get_mut(..wanted).unwrap_or_default();
            let read = from.read_at(at, part).attempt("read", &path)?;
            if read < wanted {
                return Err(io::Error::from(io::ErrorKind::UnexpectedEof)).attempt("read", &path);
            }
            out.put(part).attempt("write", &to)?;
            at += read as u64;
        }
    }
    let mut finish = || -> io::Result<u64> {
        out.name(SECRETS, secrets.len() as u64)?;
        out.put(secrets)?;
        out.name("", 0)?;
        out.put(&head.sequence.to_le_bytes())?;
        out.put(&head.hash.0)?;
        let digest = out.digest.finalize();
        out.put(digest.as_bytes())?;
        out.inner.flush()?;
        Ok(out.bytes)
    };
    let bytes = finish().attempt("write", &to)?;
    drop(out);
    fresh.replace().attempt("put in place", &to)?;
    Ok(Backup { head, bytes })
}

/// Puts a backup into a directory that has nothing in it, or only what is left where a store was opened
/// and never used.
///
/// # Errors
/// Where the backup isn't whole, the directory isn't empty, or the disk refuses; the directory is
/// then as it was.
pub fn restore(from: &Path, dir: &Path, _: &System) -> Result<Backup, StoreError> {
    let left = room_in(dir)?;
    let backup = check(from)?;
    let mut aside = dir.as_os_str().to_owned();
    aside.push(".restoring");
    let aside = PathBuf::from(aside);
    if aside.exists() {
        fs::remove_dir_all(&aside).attempt("remove", &aside)?;
    }
    files::private_dir(&RealDisk, &aside)?;
    files::private_dir(&RealDisk, &aside.join(JOURNAL))?;
    unpack(from, &aside)?;
    let disk: Arc<dyn Disk> = Arc::new(RealDisk);
    let journal = aside.join(JOURNAL);
    let mut walk = Walk::from(&disk, &journal, 1, None, true)?;
    while walk.next_up_to(backup.head.sequence)?.is_some() {}
    if walk.point() != Some(backup.head) {
        return Err(broken(from, "the history in it does not end in its head"));
    }
    RealDisk.sync_dir(&journal).attempt("write", &journal)?;
    RealDisk.sync_dir(&aside).attempt("write", &aside)?;
    if left == Room::Unused {
        make_room(dir)?;
    }
    fs::rename(&aside, dir).attempt("put in place", dir)?;
    files::sync_parent(&RealDisk, dir)?;
    Ok(backup)
}

/// What a directory has room for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Room {
    /// There is nothing in it, or it isn't there.
    Empty,
    /// It was opened once, and nothing was ever kept in it.
    Unused,
}

/// What is in a directory that nothing was ever kept in.
const UNUSED: &[&str] = &[INDEX, JOURNAL, LOCK];

fn room_in(dir: &Path) -> Result<Room, StoreError> {
    let names = RealDisk.names(dir).attempt("read", dir)?;
    if names.is_empty() {
        return Ok(Room::Empty);
    }
    let journal = dir.join(JOURNAL);
    let ours = names.iter().all(|name| UNUSED.contains(&name.as_str()));
    if ours && RealDisk.names(&journal).attempt("read", &journal)?.is_empty() {
        return Ok(Room::Unused);
    }
    let problem = "is not empty; name a directory that is, or that isn't there yet".to_owned();
    Err(StoreError::Unfit { path: dir.to_owned(), problem })
}

/// Takes away what is left of a store that was never used. Nobody else may be in it, and what is no
/// longer empty stays: of the journal only an empty directory can be removed.
fn make_room(dir: &Path) -> Result<(), StoreError> {
    let _held = Lock::take(dir, Options::default().wait)?;
    room_in(dir)?;
    let missing = |error: &io::Error| error.kind() == io::ErrorKind::NotFound;
    for (name, remove) in [
        (JOURNAL, fs::remove_dir as fn(PathBuf) -> io::Result<()>),
        (INDEX, fs::remove_dir_all),
        (LOCK, fs::remove_file),
    ] {
        let path = dir.join(name);
        match remove(path.clone()) {
            Err(error) if !missing(&error) => return Err(error).attempt("remove", &path),
            _ => {}
        }
    }
    Ok(())
}

fn broken(path: &Path, problem: &str) -> StoreError {
    StoreError::Backup { path: path.to_owned(), problem: problem.to_owned() }
}

/// Is the file a whole backup?
fn check(path: &Path) -> Result<Backup, StoreError> {
    let file = File::open(path).attempt("open", path)?;
    let bytes = file.metadata().attempt("read", path)?.len();
    let before = bytes.checked_sub(32).filter(|_| bytes >= TAIL).ok_or_else(|| broken(path, "it is too short"))?;
    let mut reader = BufReader::with_capacity(CHUNK, file);
    let mut digest = blake3::Hasher::new();
    let mut body = reader.by_ref().take(before);
    let mut last = Vec::new();
    let mut chunk = vec![0; CHUNK];
    loop {
        let read = body.read(&mut chunk).attempt("read", path)?;
        let part = chunk.get(..read).unwrap_or_default();
        if part.is_empty() {
            break;
        }
        digest.update(part);
        last.extend_from_slice(part);
        let surplus = last.len().saturating_sub(40);
        last.drain(..surplus);
    }
    let mut found = [0; 32];
    reader.read_exact(&mut found).attempt("read", path)?;
    if found != *digest.finalize().as_bytes() {
        return Err(broken(path, "it was altered or cut"));
    }
    let (sequence, hash) = last.split_first_chunk::<8>().ok_or_else(|| broken(path, "it is too short"))?;
    let hash = ChainHash(hash.try_into().map_err(|_| broken(path, "it is too short"))?);
    Ok(Backup { head: Point { sequence: u64::from_le_bytes(*sequence), hash }, bytes })
}

fn unpack(path: &Path, into: &Path) -> Result<(), StoreError> {
    let mut reader = BufReader::with_capacity(CHUNK, File::open(path).attempt("open", path)?);
    let mut magic = [0; 4];
    reader.read_exact(&mut magic).attempt("read", path)?;
    if magic != MAGIC {
        return Err(broken(path, "it does not begin like one"));
    }
    loop {
        let mut length = [0; 2];
        reader.read_exact(&mut length).attempt("read", path)?;
        let mut name = vec![0; usize::from(u16::from_le_bytes(length))];
        if name.is_empty() {
            return Ok(());
        }
        reader.read_exact(&mut name).attempt("read", path)?;
        let mut length = [0; 8];
        reader.read_exact(&mut length).attempt("read", path)?;
        let name = String::from_utf8(name).ok().filter(|name| expected(name));
        let target = into.join(name.ok_or_else(|| broken(path, "it holds a file that doesn't belong there"))?);
        let file = files::open(&target, Mode::New).attempt("create", &target)?;
        let mut out = BufWriter::with_capacity(CHUNK, file);
        let length = u64::from_le_bytes(length);
        let copied = io::copy(&mut reader.by_ref().take(length), &mut out).attempt("write", &target)?;
        if copied < length {
            return Err(broken(path, "a file in it is too short"));
        }
        out.flush().attempt("write", &target)?;
        out.get_ref().sync_all().attempt("write", &target)?;
    }
}

/// Only these names are unpacked, so that no backup writes anywhere else.
fn expected(name: &str) -> bool {
    let segment = name.strip_prefix("journal/").and_then(|name| name.strip_suffix(".journal"));
    name == SECRETS || segment.is_some_and(|digits| digits.len() == 20 && digits.bytes().all(|b| b.is_ascii_digit()))
}
