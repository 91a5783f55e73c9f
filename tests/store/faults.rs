//! A disk that fails when it is told to, and remembers what was really on the medium.

use std::collections::BTreeMap;
use std::io;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use rolecall::store::files::{Disk, DiskFile, Mode, RealDisk};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plan {
    /// Only count.
    Count,
    /// At this operation the process ends, in the middle of it.
    Kill(u64),
    /// At this operation, and at no other, the disk refuses.
    Refuse(u64, io::ErrorKind),
    /// At this operation whoever asks for it breaks off.
    Break(u64),
    /// From this operation on nothing can be written.
    RefuseFrom(u64, io::ErrorKind),
}

#[derive(Debug)]
struct State {
    plan: Plan,
    operations: u64,
    dead: bool,
    /// It reserves no room ahead: files end where what was written ends.
    tight: bool,
    /// How much of each file is on the medium.
    synced: BTreeMap<PathBuf, u64>,
    /// What was written since, from where to where.
    unsynced: BTreeMap<PathBuf, Vec<(u64, u64)>>,
}

#[derive(Debug, Clone)]
pub struct FaultDisk(Arc<Mutex<State>>);

impl FaultDisk {
    pub fn new(plan: Plan) -> Self {
        Self(Arc::new(Mutex::new(State {
            plan,
            operations: 0,
            dead: false,
            tight: false,
            synced: BTreeMap::new(),
            unsynced: BTreeMap::new(),
        })))
    }

    /// One on which files grow as they are written.
    pub fn tight(plan: Plan) -> Self {
        let disk = Self::new(plan);
        disk.0.lock().unwrap().tight = true;
        disk
    }

    pub fn operations(&self) -> u64 {
        self.0.lock().unwrap().operations
    }

    pub fn plan(&self, plan: Plan) {
        self.0.lock().unwrap().plan = plan;
    }

    /// The power goes: of what wasn't synced, at most half of each file is there. Where it was written
    /// into room that was there already, half of a write is, now the one and now the other, and of
    /// several the last alone: a disk keeps to no order.
    pub fn cut_power(&self) {
        let state = self.0.lock().unwrap();
        for (path, synced) in &state.synced {
            if let Ok(found) = std::fs::metadata(path) {
                let file = std::fs::OpenOptions::new().write(true).open(path).unwrap();
                let inside = state.unsynced.get(path).into_iter().flatten().filter(|(_, to)| to <= synced);
                let inside: Vec<_> = inside.copied().collect();
                for (place, (from, to)) in inside.iter().copied().enumerate() {
                    let half = (to - from) / 2;
                    let lost = match inside.len() {
                        1 if state.operations.is_multiple_of(2) => from..from + half,
                        1 => from + half..to,
                        several if place + 1 == several => continue,
                        _ => from..to,
                    };
                    file.write_all_at(&vec![0; (lost.end - lost.start) as usize], lost.start).unwrap();
                }
                let kept = synced + found.len().saturating_sub(*synced) / 2;
                file.set_len(kept.min(found.len())).unwrap();
            }
        }
    }

    /// One operation that changes something. `Ok(false)`: it is cut in the middle.
    fn change(&self) -> io::Result<bool> {
        let mut state = self.0.lock().unwrap();
        if state.dead {
            return Err(io::Error::other("the process is gone"));
        }
        state.operations += 1;
        let now = state.operations;
        match state.plan {
            Plan::Kill(at) if now == at => {
                state.dead = true;
                Ok(false)
            }
            Plan::Refuse(at, kind) if now == at => Err(kind.into()),
            Plan::Break(at) if now == at => {
                drop(state);
                panic!("on purpose");
            }
            Plan::RefuseFrom(at, kind) if now >= at => Err(kind.into()),
            _ => Ok(true),
        }
    }

    fn whole(&self, work: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
        if self.change()? { work() } else { Err(io::Error::other("killed")) }
    }
}

impl Disk for FaultDisk {
    fn open(&self, path: &Path, mode: Mode) -> io::Result<Box<dyn DiskFile>> {
        let makes = mode == Mode::New || (mode == Mode::Keep && !path.exists());
        if makes && !self.change()? {
            return Err(io::Error::other("killed"));
        }
        let inner = RealDisk.open(path, mode)?;
        if makes {
            self.0.lock().unwrap().synced.insert(path.to_owned(), 0);
        }
        Ok(Box::new(FaultFile { disk: self.clone(), path: path.to_owned(), inner }))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.whole(|| RealDisk.rename(from, to))?;
        let mut state = self.0.lock().unwrap();
        let synced = state.synced.remove(from).unwrap_or(0);
        state.synced.insert(to.to_owned(), synced);
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        if !path.exists() {
            return RealDisk.remove(path);
        }
        self.whole(|| RealDisk.remove(path))
    }

    fn make_dir(&self, path: &Path) -> io::Result<()> {
        self.whole(|| RealDisk.make_dir(path))
    }

    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        self.whole(|| RealDisk.sync_dir(path))
    }

    fn names(&self, path: &Path) -> io::Result<Vec<String>> {
        RealDisk.names(path)
    }
}

#[derive(Debug)]
struct FaultFile {
    disk: FaultDisk,
    path: PathBuf,
    inner: Box<dyn DiskFile>,
}

impl DiskFile for FaultFile {
    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<usize> {
        self.inner.read_at(offset, into)
    }

    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let written = (offset, offset + bytes.len() as u64);
        self.disk.0.lock().unwrap().unsynced.entry(self.path.clone()).or_default().push(written);
        match self.disk.change() {
            Ok(true) => self.inner.write_at(offset, bytes),
            Ok(false) => {
                self.inner.write_at(offset, &bytes[..bytes.len() / 2])?;
                Err(io::Error::other("killed"))
            }
            Err(error) => {
                // A full disk takes a part.
                self.inner.write_at(offset, &bytes[..bytes.len() / 3])?;
                Err(error)
            }
        }
    }

    fn reserve(&mut self, length: u64) -> io::Result<()> {
        if self.disk.0.lock().unwrap().tight {
            return Err(io::ErrorKind::Unsupported.into());
        }
        if !self.disk.change()? {
            return Err(io::Error::other("killed"));
        }
        self.inner.reserve(length)
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        if !self.disk.change()? {
            return Err(io::Error::other("killed"));
        }
        let mut state = self.disk.0.lock().unwrap();
        if let Some(synced) = state.synced.get_mut(&self.path) {
            *synced = (*synced).min(length);
        }
        self.inner.cut(length)
    }

    fn sync(&mut self) -> io::Result<()> {
        if !self.disk.change()? {
            return Err(io::Error::other("killed"));
        }
        let length = self.inner.length()?;
        self.disk.0.lock().unwrap().unsynced.remove(&self.path);
        self.disk.0.lock().unwrap().synced.insert(self.path.clone(), length);
        Ok(())
    }

    fn length(&self) -> io::Result<u64> {
        self.inner.length()
    }
}
