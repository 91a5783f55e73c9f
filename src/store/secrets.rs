//! What must never be in the history: password hashes, failed sign-ins, when and from where people
//! came; and what needs no place in it: how each likes their console. A small journal of its own, in which the last entry about a person counts; it is put
//! together anew once most of it is out of date, so that an old hash doesn't linger.

mod format;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::error::{Attempt as _, StoreError};
use super::files::{self, Disk, DiskFile, Mode};
use crate::model::{Moment, UserId};
pub(crate) use format::{ADVICE, check};
use format::{frame, read_all};

const SLACK: u64 = 64 << 10;
const ADDRESSES: usize = 64;
/// Names under which failures are kept.
const NAMES: usize = 10_000;

/// A password as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Secret {
    /// The hash with its parameters, as a PHC string; nobody signs in without one.
    pub password_hash: Option<String>,
    /// It must be changed at the next sign-in (R21).
    pub must_change: bool,
    /// A temporary one ends then.
    pub temporary_until: Option<Moment>,
}

/// Failed sign-ins under a typed name, whether anybody has it or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Throttle {
    /// Failures since the last success.
    pub failures: u32,
    /// No attempt counts before.
    pub wait_until: Option<Moment>,
}

/// From where somebody came (R20).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The address.
    pub address: String,
    /// The first time.
    pub first: Moment,
    /// The last time.
    pub last: Moment,
}

/// When and from where somebody was there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Presence {
    /// The last time.
    pub last_seen: Option<Moment>,
    /// From where, the latest last.
    pub addresses: Vec<Seen>,
}

/// A typed name as it is kept: a digest, because people type passwords into the wrong field.
type Name = [u8; 16];

fn digest(name: &str) -> Name {
    let hash = blake3::derive_key("rolecall sign-in name 1", name.as_bytes());
    hash.first_chunk().copied().unwrap_or_default()
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Known {
    people: BTreeMap<UserId, (Secret, Presence)>,
    names: BTreeMap<Name, Throttle>,
    preferences: BTreeMap<UserId, Preferences>,
}

/// Whom the file tells of.
#[derive(Debug, Default)]
pub(crate) struct People {
    /// Everybody.
    pub(crate) all: BTreeSet<UserId>,
    /// Those who have a password.
    pub(crate) with_password: BTreeSet<UserId>,
}

impl Known {
    fn people(&self) -> People {
        let with_password = self.people.iter().filter(|(_, (secret, _))| secret.password_hash.is_some());
        People {
            all: self.people.keys().chain(self.preferences.keys()).copied().collect(),
            with_password: with_password.map(|(user, _)| *user).collect(),
        }
    }
}

/// How one person likes their console: names with what was chosen.
pub type Preferences = BTreeMap<String, String>;

/// The second journal.
#[derive(Debug)]
pub struct Secrets {
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    disk: Arc<dyn Disk>,
    path: PathBuf,
    file: Option<Box<dyn DiskFile>>,
    length: u64,
    live: u64,
    known: Known,
    failed: Option<String>,
}

impl Secrets {
    /// Reads the file; a torn last entry is dropped.
    ///
    /// # Errors
    /// Where the file is damaged or can't be read.
    pub fn open(disk: &Arc<dyn Disk>, path: &Path) -> Result<Self, StoreError> {
        let bytes = files::read_whole(disk.as_ref(), path)?.unwrap_or_default();
        let (known, length) = read_all(path, &bytes)?;
        let mut inner =
            Inner { disk: Arc::clone(disk), path: path.to_owned(), file: None, length, live: 0, known, failed: None };
        if length < bytes.len() as u64 {
            let mut file = disk.open(path, Mode::Write).attempt("open", path)?;
            file.cut(length).attempt("cut", path)?;
            inner.file = Some(file);
        }
        inner.live = inner.bytes()?.len() as u64;
        Ok(Self { inner: Mutex::new(inner) })
    }

    /// A person's password, if they have one.
    #[must_use]
    pub fn secret(&self, user: UserId) -> Option<Secret> {
        self.lock().known.people.get(&user).map(|(secret, _)| secret.clone())
    }

    /// When and from where somebody was there.
    #[must_use]
    pub fn presence(&self, user: UserId) -> Presence {
        self.lock().known.people.get(&user).map(|(_, presence)| presence.clone()).unwrap_or_default()
    }

    /// Gives a person a password, or takes it away.
    ///
    /// # Errors
    /// Where the disk refuses; the old one then stays.
    pub fn set_secret(&self, user: UserId, secret: Secret) -> Result<(), StoreError> {
        self.lock().change_person(user, |kept, _| *kept = secret)
    }

    /// What a person chose under a name, if they did.
    #[must_use]
    pub fn preference(&self, user: UserId, name: &str) -> Option<String> {
        self.lock().known.preferences.get(&user)?.get(name).cloned()
    }

    /// How many names a person chose something under.
    #[must_use]
    pub fn preferences(&self, user: UserId) -> usize {
        self.lock().known.preferences.get(&user).map_or(0, Preferences::len)
    }

    /// Keeps what a person chose under a name; nothing takes it away.
    ///
    /// # Errors
    /// Where the disk refuses; what was chosen before then stays.
    pub fn set_preference(&self, user: UserId, name: &str, chosen: Option<&str>) -> Result<(), StoreError> {
        let mut inner = self.lock();
        let before = inner.known.preferences.get(&user).cloned().unwrap_or_default();
        let mut after = before.clone();
        match chosen {
            Some(chosen) => after.insert(name.to_owned(), chosen.to_owned()),
            None => after.remove(name),
        };
        if after == before { Ok(()) } else { inner.change(&Entry::Preferences(user, after)) }
    }

    /// Failures under a typed name.
    #[must_use]
    pub fn throttle(&self, name: &str) -> Throttle {
        self.lock().known.names.get(&digest(name)).copied().unwrap_or_default()
    }

    /// Keeps failures under a typed name; none removes it. There is room for the latest
    /// [`NAMES`] names, so that trying many doesn't fill the disk.
    ///
    /// # Errors
    /// Where the disk refuses.
    pub fn set_throttle(&self, name: &str, throttle: Throttle) -> Result<(), StoreError> {
        let mut inner = self.lock();
        inner.change(&Entry::Name(digest(name), throttle))?;
        if inner.known.names.len() > NAMES {
            let soonest = inner.known.names.iter().min_by_key(|(_, kept)| (kept.wait_until, kept.failures));
            if let Some(soonest) = soonest.map(|(name, _)| *name) {
                inner.known.names.remove(&soonest);
            }
        }
        Ok(())
    }

    /// Somebody signed in, or is there.
    ///
    /// # Errors
    /// Where the disk refuses.
    pub fn note_sign_in(&self, user: UserId, address: Option<&str>, now: Moment) -> Result<(), StoreError> {
        self.lock().change_person(user, |_, presence| {
            presence.last_seen = Some(now);
            if let Some(address) = address {
                note(&mut presence.addresses, address, now);
            }
        })
    }

    /// Forgets a person, and rewrites the file so that nothing of them is left in it.
    ///
    /// # Errors
    /// Where the disk refuses.
    pub fn forget(&self, user: UserId) -> Result<(), StoreError> {
        let mut inner = self.lock();
        let known = inner.known.people.remove(&user).is_some();
        let chose = inner.known.preferences.remove(&user).is_some();
        if known || chose { inner.compact() } else { Ok(()) }
    }

    /// Forgets everybody but some people, as [`Secrets::forget`] does.
    ///
    /// # Errors
    /// Where the disk refuses.
    pub fn forget_all_but(&self, stays: impl Fn(UserId) -> bool) -> Result<(), StoreError> {
        let mut inner = self.lock();
        let before = inner.known.people.len() + inner.known.preferences.len();
        inner.known.people.retain(|user, _| stays(*user));
        inner.known.preferences.retain(|user, _| stays(*user));
        let after = inner.known.people.len() + inner.known.preferences.len();
        if after < before { inner.compact() } else { Ok(()) }
    }

    /// The whole file, as short as it can be, for a backup.
    ///
    /// # Errors
    /// Never for what can be held.
    pub fn bytes(&self) -> Result<Vec<u8>, StoreError> {
        self.lock().bytes()
    }

    /// Checks the file as [`check`] does, while nobody writes to it.
    ///
    /// # Errors
    /// Where it is damaged.
    pub(crate) fn check(&self) -> Result<People, StoreError> {
        let inner = self.lock();
        let bytes = files::read_whole(inner.disk.as_ref(), &inner.path)?.unwrap_or_default();
        check(&inner.path, &bytes).map(|(people, _)| people)
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn note(addresses: &mut Vec<Seen>, address: &str, now: Moment) {
    let known = addresses.iter().position(|seen| seen.address == address).map(|at| addresses.remove(at));
    let first = known.map_or(now, |seen| seen.first);
    addresses.push(Seen { address: address.to_owned(), first, last: now });
    if addresses.len() > ADDRESSES {
        addresses.remove(0);
    }
}

/// One entry of the file.
#[derive(Clone)]
enum Entry {
    Person(UserId, Secret, Presence),
    Name(Name, Throttle),
    Preferences(UserId, Preferences),
}

impl Known {
    fn take(&mut self, entry: Entry) {
        match entry {
            Entry::Person(user, secret, presence) => {
                self.people.insert(user, (secret, presence));
            }
            Entry::Name(name, throttle) if throttle == Throttle::default() => {
                self.names.remove(&name);
            }
            Entry::Name(name, throttle) => {
                self.names.insert(name, throttle);
            }
            Entry::Preferences(user, chosen) if chosen.is_empty() => {
                self.preferences.remove(&user);
            }
            Entry::Preferences(user, chosen) => {
                self.preferences.insert(user, chosen);
            }
        }
    }
}

impl Inner {
    fn change_person(
        &mut self,
        user: UserId,
        change: impl FnOnce(&mut Secret, &mut Presence),
    ) -> Result<(), StoreError> {
        let (mut secret, mut presence) = self.known.people.get(&user).cloned().unwrap_or_default();
        change(&mut secret, &mut presence);
        self.change(&Entry::Person(user, secret, presence))
    }

    fn change(&mut self, entry: &Entry) -> Result<(), StoreError> {
        if let Some(reason) = &self.failed {
            return Err(StoreError::ReadOnly(reason.clone()));
        }
        let bytes = frame(entry, &self.path)?;
        if let Err(error) = self.append(&bytes) {
            self.failed = Some(error.to_string());
            if let Some(file) = &mut self.file {
                let _ = file.cut(self.length);
            }
            return Err(error);
        }
        self.length += bytes.len() as u64;
        self.known.take(entry.clone());
        if self.length > SLACK + 2 * self.live { self.compact() } else { Ok(()) }
    }

    fn append(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        let file = match &mut self.file {
            Some(file) => file,
            none => {
                let file = self.disk.open(&self.path, Mode::Keep).attempt("open", &self.path)?;
                files::sync_parent(self.disk.as_ref(), &self.path)?;
                none.insert(file)
            }
        };
        file.write_at(self.length, bytes).attempt("write", &self.path)?;
        file.sync().attempt("write", &self.path)
    }

    fn bytes(&self) -> Result<Vec<u8>, StoreError> {
        let mut bytes = Vec::new();
        for (user, (secret, presence)) in &self.known.people {
            bytes.extend(frame(&Entry::Person(*user, secret.clone(), presence.clone()), &self.path)?);
        }
        for (name, throttle) in &self.known.names {
            bytes.extend(frame(&Entry::Name(*name, *throttle), &self.path)?);
        }
        for (user, chosen) in &self.known.preferences {
            bytes.extend(frame(&Entry::Preferences(*user, chosen.clone()), &self.path)?);
        }
        Ok(bytes)
    }

    fn compact(&mut self) -> Result<(), StoreError> {
        let bytes = self.bytes()?;
        files::replace(self.disk.as_ref(), &self.path, &bytes)
            .inspect_err(|error| self.failed = Some(error.to_string()))?;
        self.file = None;
        self.length = bytes.len() as u64;
        self.live = self.length;
        Ok(())
    }
}

#[cfg(test)]
#[path = "secrets/tests.rs"]
mod tests;
