//! The few things that the store asks of a disk, behind a trait, so that a test can make any of
//! them fail. Files are 0600, directories 0700, and a symbolic link is never followed: whoever can
//! plant one could otherwise lead the store's writes elsewhere.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, FileExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

use super::error::{Attempt as _, StoreError};

/// How a file is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// To read what is there.
    Read,
    /// To read and write what is there.
    Write,
    /// To write something that isn't there yet.
    New,
    /// To read and write, made if it isn't there.
    Keep,
}

/// A disk, or a test's idea of one.
pub trait Disk: Send + Sync + fmt::Debug {
    /// Opens a file; a symbolic link is an error.
    ///
    /// # Errors
    /// What the system says.
    fn open(&self, path: &Path, mode: Mode) -> io::Result<Box<dyn DiskFile>>;
    /// Gives a file another name, over whatever has it.
    ///
    /// # Errors
    /// What the system says.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Removes a file.
    ///
    /// # Errors
    /// What the system says.
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// Makes a directory that only its owner may enter; one that is there stays.
    ///
    /// # Errors
    /// What the system says.
    fn make_dir(&self, path: &Path) -> io::Result<()>;
    /// Makes the names in a directory durable.
    ///
    /// # Errors
    /// What the system says.
    fn sync_dir(&self, path: &Path) -> io::Result<()>;
    /// The names in a directory, sorted; none if it isn't there.
    ///
    /// # Errors
    /// What the system says.
    fn names(&self, path: &Path) -> io::Result<Vec<String>>;
}

/// An open file.
pub trait DiskFile: Send + Sync + fmt::Debug {
    /// Reads at a place; fewer bytes than asked for only at the end.
    ///
    /// # Errors
    /// What the system says.
    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<usize>;
    /// Writes all of it at a place.
    ///
    /// # Errors
    /// What the system says; a part may have been written.
    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()>;
    /// Makes room ahead: the file is this long afterwards, with zeros at its end, and what is written
    /// there then needs no more of the disk's own book-keeping.
    ///
    /// # Errors
    /// What the system says, also where it can't do that; the file is then as it was.
    fn reserve(&mut self, length: u64) -> io::Result<()>;
    /// Cuts the file to a length.
    ///
    /// # Errors
    /// What the system says.
    fn cut(&mut self, length: u64) -> io::Result<()>;
    /// Returns when everything written is on the medium.
    ///
    /// # Errors
    /// What the system says; what was written may or may not be kept.
    fn sync(&mut self) -> io::Result<()>;
    /// How long it is.
    ///
    /// # Errors
    /// What the system says.
    fn length(&self) -> io::Result<u64>;
}

/// The disk of this machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct RealDisk;

impl Disk for RealDisk {
    fn open(&self, path: &Path, mode: Mode) -> io::Result<Box<dyn DiskFile>> {
        Ok(Box::new(open(path, mode)?))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn make_dir(&self, path: &Path) -> io::Result<()> {
        match fs::DirBuilder::new().mode(0o700).create(path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && is_dir(path)? => Ok(()),
            result => result,
        }
    }

    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        File::open(path)?.sync_all()
    }

    fn names(&self, path: &Path) -> io::Result<Vec<String>> {
        let entries = match fs::read_dir(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let mut names = entries
            .map(|entry| entry.map(|entry| entry.file_name().to_string_lossy().into_owned()))
            .collect::<io::Result<Vec<_>>>()?;
        names.sort_unstable();
        Ok(names)
    }
}

/// Opens a file of the store on this machine's disk.
pub(crate) fn open(path: &Path, mode: Mode) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).mode(0o600).custom_flags(no_follow());
    match mode {
        Mode::Read => &mut options,
        Mode::Write => options.write(true),
        Mode::New => options.write(true).create_new(true),
        Mode::Keep => options.write(true).create(true),
    };
    options.open(path)
}

fn no_follow() -> i32 {
    (rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::CLOEXEC).bits().cast_signed()
}

/// Zeros behind the end of a file. They are written, not only promised by the file system: what is
/// written over them changes nothing but bytes.
fn write_zeros(file: &File, from: u64, to: u64) -> io::Result<()> {
    const ZEROS: &[u8] = &[0; 64 << 10];
    let mut at = from;
    while let Some(zeros) = to.checked_sub(at).filter(|left| *left > 0) {
        let zeros = ZEROS.get(..usize::try_from(zeros).unwrap_or(ZEROS.len())).unwrap_or(ZEROS);
        file.write_all_at(zeros, at)?;
        at += zeros.len() as u64;
    }
    Ok(())
}

fn is_dir(path: &Path) -> io::Result<bool> {
    Ok(fs::symlink_metadata(path)?.is_dir())
}

impl DiskFile for File {
    fn read_at(&self, mut offset: u64, into: &mut [u8]) -> io::Result<usize> {
        let mut filled = 0;
        while let Some(rest) = into.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            match std::os::unix::fs::FileExt::read_at(self, rest, offset) {
                Ok(0) => break,
                Ok(read) => {
                    filled += read;
                    offset += read as u64;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(filled)
    }

    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.write_all_at(bytes, offset)
    }

    fn reserve(&mut self, length: u64) -> io::Result<()> {
        let from = self.metadata()?.len();
        write_zeros(self, from, length).inspect_err(|_| drop(self.set_len(from)))
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        self.set_len(length)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.sync_data()
    }

    fn length(&self) -> io::Result<u64> {
        Ok(self.metadata()?.len())
    }
}

/// The whole of a file; `None` if it isn't there.
pub(crate) fn read_whole(disk: &dyn Disk, path: &Path) -> Result<Option<Vec<u8>>, StoreError> {
    let file = match disk.open(path, Mode::Read) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        file => file.attempt("open", path)?,
    };
    let length = file.length().attempt("read", path)?;
    let mut bytes = vec![0; usize::try_from(length).unwrap_or(usize::MAX)];
    let read = file.read_at(0, &mut bytes).attempt("read", path)?;
    bytes.truncate(read);
    Ok(Some(bytes))
}

/// Puts a file in place as a whole: a reader finds the old one or the new one.
pub(crate) fn replace(disk: &dyn Disk, path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let fresh = path.with_extension("new");
    match disk.remove(&fresh) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error).attempt("remove", &fresh),
        _ => {}
    }
    let mut file = disk.open(&fresh, Mode::New).attempt("create", &fresh)?;
    file.write_at(0, bytes).attempt("write", &fresh)?;
    file.sync().attempt("write", &fresh)?;
    disk.rename(&fresh, path).attempt("put in place", path)?;
    sync_parent(disk, path)
}

/// Makes a file's name durable.
pub(crate) fn sync_parent(disk: &dyn Disk, path: &Path) -> Result<(), StoreError> {
    let parent = path.parent().unwrap_or(Path::new("."));
    disk.sync_dir(parent).attempt("write", parent)
}

/// Makes sure that a directory is there and that nobody else can look into it.
///
/// # Errors
/// Where it is a link or no directory, or the system refuses.
pub fn private_dir(disk: &dyn Disk, path: &Path) -> Result<(), StoreError> {
    let unfit = |problem: &str| StoreError::Unfit { path: path.to_owned(), problem: problem.to_owned() };
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_symlink() => {
            return Err(unfit("is a symbolic link; name the directory that it leads to"));
        }
        Ok(found) if !found.is_dir() => return Err(unfit("is not a directory")),
        Ok(found) => {
            if found.permissions().mode() & 0o077 != 0 {
                let tight = fs::Permissions::from_mode(0o700);
                fs::set_permissions(path, tight).attempt("close to other users the directory", path)?;
            }
            return Ok(());
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error).attempt("look at", path),
    }
    if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        fs::create_dir_all(parent).attempt("create", parent)?;
    }
    disk.make_dir(path).attempt("create", path)?;
    sync_parent(disk, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_for_their_owner_alone_and_links_are_refused() {
        let home = tempfile::tempdir().unwrap();
        let dir = home.path().join("a/b");
        private_dir(&RealDisk, &dir).unwrap();
        assert_eq!(fs::metadata(&dir).unwrap().permissions().mode() & 0o777, 0o700);

        replace(&RealDisk, &dir.join("file"), b"one").unwrap();
        replace(&RealDisk, &dir.join("file"), b"two").unwrap();
        assert_eq!(read_whole(&RealDisk, &dir.join("file")).unwrap().unwrap(), b"two");
        assert_eq!(fs::metadata(dir.join("file")).unwrap().permissions().mode() & 0o777, 0o600);

        std::os::unix::fs::symlink(dir.join("file"), dir.join("link")).unwrap();
        std::os::unix::fs::symlink(&dir, home.path().join("door")).unwrap();
        assert!(RealDisk.open(&dir.join("link"), Mode::Read).is_err());
        assert!(RealDisk.open(&dir.join("link"), Mode::Keep).is_err());
        assert!(private_dir(&RealDisk, &home.path().join("door")).unwrap_err().to_string().contains("symbolic link"));
    }

    #[test]
    fn a_directory_that_others_could_enter_is_closed() {
        let home = tempfile::tempdir().unwrap();
        let dir = home.path().join("open");
        fs::create_dir(&dir).unwrap();
        fs::set_permissions(&dir, fs::Permissions::from_mode(0o755)).unwrap();
        private_dir(&RealDisk, &dir).unwrap();
        assert_eq!(fs::metadata(&dir).unwrap().permissions().mode() & 0o777, 0o700);
    }
}
