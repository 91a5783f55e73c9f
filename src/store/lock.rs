//! One process at a time: a lock file of our own with the holder's pid and user inside, so that a
//! second process can say who has the store. The lock itself is the system's and ends with the
//! process; the text in the file is only for people, and says after a crash that there was one.

use std::fmt;
use std::fs::{File, Metadata, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::error::{Attempt as _, StoreError};
use super::files::{self, Mode};

/// The lock's file.
pub(super) const NAME: &str = "lock";
const PAUSE: Duration = Duration::from_millis(25);
const LONGEST_NOTE: u64 = 200;

/// Who holds a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// The process, if it said so.
    pub pid: Option<u32>,
    /// The user who runs it, if it said so.
    pub user: Option<String>,
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.pid, &self.user) {
            (Some(pid), Some(user)) => write!(f, "process {pid} of the user {user}"),
            (Some(pid), None) => write!(f, "process {pid}"),
            _ => f.write_str("another process"),
        }
    }
}

/// The right to be in the data directory. Dropped, it leaves the note of a crash; see [`Lock::close`].
#[derive(Debug)]
pub struct Lock {
    file: File,
    path: PathBuf,
    writable: bool,
    unclean: bool,
}

impl Lock {
    /// Takes the lock, waiting for it at most `wait`.
    ///
    /// # Errors
    /// [`StoreError::Held`] names the holder.
    pub fn take(dir: &Path, wait: Duration) -> Result<Self, StoreError> {
        let path = dir.join(NAME);
        // On a medium that can't be written there is nothing to protect from another writer, but
        // a writer elsewhere may hold the same file.
        let open = || match files::open(&path, Mode::Keep) {
            Ok(file) => Ok((file, true)),
            Err(error) if cannot_write(&error) => Ok((files::open(&path, Mode::Read).attempt("open", &path)?, false)),
            Err(error) => Err(error).attempt("open", &path),
        };
        let (mut file, mut writable) = open()?;
        let since = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) if is_at(&file, &path) => break,
                // A restored backup has taken its place: the lock is of a file that nobody finds.
                Ok(()) if since.elapsed() <= wait => (file, writable) = open()?,
                Ok(()) => return Err(StoreError::Held(parse(""))),
                Err(TryLockError::WouldBlock) if since.elapsed() < wait => std::thread::sleep(PAUSE),
                Err(TryLockError::WouldBlock) => return Err(StoreError::Held(parse(&note(&file)))),
                Err(TryLockError::Error(error)) => return Err(error).attempt("lock", &path),
            }
        }
        let unclean = !note(&file).is_empty();
        let mut lock = Self { file, path, writable, unclean };
        lock.write(&format!("{} {}\n", std::process::id(), user_name()))?;
        Ok(lock)
    }

    /// Did the last holder end without closing the store?
    #[must_use]
    pub fn after_crash(&self) -> bool {
        self.unclean
    }

    /// Can the data directory be written at all?
    #[must_use]
    pub fn writable(&self) -> bool {
        self.writable
    }

    /// Lets go, with everything in order.
    ///
    /// # Errors
    /// Where the note can't be removed; the lock is gone all the same.
    pub fn close(mut self) -> Result<(), StoreError> {
        self.write("")
    }

    fn write(&mut self, text: &str) -> Result<(), StoreError> {
        if !self.writable {
            return Ok(());
        }
        // A full disk must not bar the door: the note is only for people.
        let written =
            self.file.set_len(0).and_then(|()| self.file.rewind()).and_then(|()| self.file.write_all(text.as_bytes()));
        match written {
            Err(error) if !matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded) => {
                Err(error).attempt("write", &self.path)
            }
            _ => Ok(()),
        }
    }
}

/// Is it this file that has the name?
fn is_at(file: &File, path: &Path) -> bool {
    let same = |one: &Metadata, other: &Metadata| (one.dev(), one.ino()) == (other.dev(), other.ino());
    matches!((file.metadata(), path.symlink_metadata()), (Ok(one), Ok(other)) if same(&one, &other))
}

fn cannot_write(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem)
}

fn note(mut file: &File) -> String {
    let mut text = String::new();
    let _ = file.rewind();
    let _ = file.take(LONGEST_NOTE).read_to_string(&mut text);
    text
}

fn parse(text: &str) -> Holder {
    let mut words = text.split_whitespace();
    let pid = words.next().and_then(|word| word.parse().ok());
    let user = words.next().map(|word| crate::model::text::visible(word).into_owned());
    Holder { pid, user }
}

fn user_name() -> String {
    ["USER", "LOGNAME"]
        .iter()
        .find_map(|name| std::env::var(name).ok())
        .map(|name| name.split_whitespace().collect::<String>())
        .filter(|name| !name.is_empty() && name.len() < 64)
        .unwrap_or_else(|| {
            let number = rustix::process::getuid().as_raw();
            let known = std::fs::read_to_string("/etc/passwd").ok().and_then(|list| named(&list, number));
            known.unwrap_or_else(|| format!("#{number}"))
        })
}

/// A user's name in the system's list. Whoever is known only elsewhere keeps the number.
fn named(list: &str, number: u32) -> Option<String> {
    list.lines().find_map(|line| {
        let mut parts = line.split(':');
        let (name, of) = (parts.next()?, parts.nth(1)?);
        (of.parse() == Ok(number) && !name.is_empty()).then(|| name.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_opener_is_told_who_holds_the_store() {
        let home = tempfile::tempdir().unwrap();
        let lock = Lock::take(home.path(), Duration::ZERO).unwrap();
        let error = Lock::take(home.path(), Duration::from_millis(60)).unwrap_err();
        let StoreError::Held(holder) = &error else { panic!("{error}") };
        assert_eq!(holder.pid, Some(std::process::id()));
        assert!(error.to_string().contains(&format!("process {}", std::process::id())), "{error}");

        lock.close().unwrap();
        assert!(!Lock::take(home.path(), Duration::ZERO).unwrap().after_crash());
        assert!(Lock::take(home.path(), Duration::ZERO).unwrap().after_crash(), "dropped without close");
    }

    #[test]
    fn a_user_without_a_name_of_their_own_goes_by_the_systems_list() {
        let list = "# users\nroot:x:0:0:root:/root:/bin/sh\nbroken\nvet:x:1001:1001::/home/vet:/bin/sh\n";
        assert_eq!(named(list, 0).as_deref(), Some("root"));
        assert_eq!(named(list, 1001).as_deref(), Some("vet"));
        assert_eq!(named(list, 7), None);
    }

    #[test]
    fn a_waiter_gets_in_when_the_holder_leaves() {
        let home = tempfile::tempdir().unwrap();
        let lock = Lock::take(home.path(), Duration::ZERO).unwrap();
        let waiter = std::thread::spawn({
            let dir = home.path().to_owned();
            move || Lock::take(&dir, Duration::from_secs(5)).is_ok()
        });
        std::thread::sleep(Duration::from_millis(80));
        lock.close().unwrap();
        assert!(waiter.join().unwrap());
    }
}
