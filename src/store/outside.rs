//! Files outside the data directory that a person names: backups and lists that go out. A link is
//! followed, a file is written beside what it replaces and put in place as a whole, and what is
//! neither a file nor nothing is never replaced.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

/// Links that lead on to links, at most so many, as the system has it.
const MOST_LINKS: usize = 40;
/// Other names are tried so often where one is taken.
const MOST_NAMES: u32 = 1000;

/// What a path leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A file, or nothing yet; where it really is.
    File(PathBuf),
    /// A pipe or a device, which is written to as it is.
    Stream,
    /// A directory, in which a file must be named.
    Folder,
}

impl Place {
    /// Follows the links of a path.
    ///
    /// # Errors
    /// What the system says; that there is nothing yet is no error.
    pub fn of(path: &Path) -> io::Result<Self> {
        // A name that ends in a slash can only be a directory's.
        if path.as_os_str().as_bytes().ends_with(b"/") {
            return Ok(Self::Folder);
        }
        let mut path = std::path::absolute(path)?;
        for _ in 0..MOST_LINKS {
            let found = match path.symlink_metadata() {
                Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Self::File(path)),
                found => found?,
            };
            if found.is_symlink() {
                // From the link's own directory, or from the root.
                let leads = fs::read_link(&path)?;
                path = path.parent().unwrap_or(Path::new("/")).join(leads);
                continue;
            }
            return Ok(match () {
                () if found.is_dir() => Self::Folder,
                () if found.is_file() => Self::File(path),
                () => Self::Stream,
            });
        }
        Err(io::Error::other("its links lead round in a circle"))
    }
}

/// A file that is being written beside its place. Dropped before it is put there, it is gone.
#[derive(Debug)]
pub struct Beside {
    file: File,
    beside: PathBuf,
    target: PathBuf,
    placed: bool,
}

impl Beside {
    /// Begins a file that is to be at `target`, which [`Place::of`] found.
    ///
    /// # Errors
    /// What the system says.
    pub fn begin(target: PathBuf, mode: u32) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true).mode(mode);
        let mut number = 0;
        loop {
            // Of a length of its own: the target's name may be as long as names can be.
            let beside = target.with_file_name(format!(".rolecall-{}-{number}.part", std::process::id()));
            match options.open(&beside) {
                Err(error) if error.kind() == ErrorKind::AlreadyExists && number < MOST_NAMES => number += 1,
                file => return Ok(Self { file: file?, beside, target, placed: false }),
            }
        }
    }

    /// What to write to.
    #[must_use]
    pub fn file(&self) -> &File {
        &self.file
    }

    /// Puts it in place, over what is there.
    ///
    /// # Errors
    /// What the system says; what was there is then as it was.
    pub fn replace(mut self) -> io::Result<()> {
        self.file.sync_all()?;
        fs::rename(&self.beside, &self.target)?;
        self.placed = true;
        self.sync_folder()
    }

    /// Puts it in place, unless something came by that name meanwhile.
    ///
    /// # Errors
    /// What the system says; what was there is then as it was.
    pub fn place(self) -> io::Result<()> {
        self.file.sync_all()?;
        // Unlike a rename, this fails where something is there.
        fs::hard_link(&self.beside, &self.target)?;
        self.sync_folder()
    }

    /// Makes its name durable.
    fn sync_folder(&self) -> io::Result<()> {
        File::open(self.target.parent().unwrap_or(Path::new("/")))?.sync_all()
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        if !self.placed {
            // What can't be removed is told of by what failed before.
            let _ = fs::remove_file(&self.beside);
        }
    }
}
