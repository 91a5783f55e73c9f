//! A disk that counts what is read from it, and calls off whoever reads more of it than they may: so a
//! test sees how much of the history somebody reads, and turns their flag in the midst of it.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use rolecall::store::files::{Disk, DiskFile, Mode, RealDisk};

#[derive(Debug, Clone, Default)]
pub struct Watched(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    read: AtomicU64,
    /// So much may be read, if it isn't 0.
    most: AtomicU64,
    called_off: AtomicBool,
}

impl Watched {
    /// How many bytes somebody reads.
    pub fn read_by<T>(&self, work: impl FnOnce() -> T) -> (u64, T) {
        let before = self.0.read.load(Ordering::Relaxed);
        let done = work();
        (self.0.read.load(Ordering::Relaxed) - before, done)
    }

    /// A flag that turns true once so many bytes more are read.
    pub fn called_off_after(&self, bytes: u64) -> &AtomicBool {
        self.0.most.store(self.0.read.load(Ordering::Relaxed) + bytes, Ordering::Relaxed);
        self.0.called_off.store(false, Ordering::Relaxed);
        &self.0.called_off
    }
}

impl Disk for Watched {
    fn open(&self, path: &Path, mode: Mode) -> io::Result<Box<dyn DiskFile>> {
        Ok(Box::new(WatchedFile { disk: self.clone(), inner: RealDisk.open(path, mode)? }))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        RealDisk.rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        RealDisk.remove(path)
    }

    fn make_dir(&self, path: &Path) -> io::Result<()> {
        RealDisk.make_dir(path)
    }

    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        RealDisk.sync_dir(path)
    }

    fn names(&self, path: &Path) -> io::Result<Vec<String>> {
        RealDisk.names(path)
    }
}

#[derive(Debug)]
struct WatchedFile {
    disk: Watched,
    inner: Box<dyn DiskFile>,
}

impl DiskFile for WatchedFile {
    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read_at(offset, into)?;
        let Counts { read: sum, most, called_off } = &*self.disk.0;
        let sum = sum.fetch_add(read as u64, Ordering::Relaxed) + read as u64;
        let most = most.load(Ordering::Relaxed);
        called_off.fetch_or(most > 0 && sum >= most, Ordering::Relaxed);
        Ok(read)
    }

    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.inner.write_at(offset, bytes)
    }

    fn reserve(&mut self, length: u64) -> io::Result<()> {
        self.inner.reserve(length)
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        self.inner.cut(length)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.inner.sync()
    }

    fn length(&self) -> io::Result<u64> {
        self.inner.length()
    }
}
