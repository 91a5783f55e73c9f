//! What must never be in the history: password hashes, failed sign-ins, when and from where people
//! came. A small journal of its own, in which the last entry about a person counts; it is put
//! together anew once most of it is out of date, so that an old hash doesn't linger.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::codec::v1::{SecretV1, ThrottleV1};
use super::codec::{self, CodecError};
use super::error::{Attempt as _, StoreError};
use super::files::{self, Disk, DiskFile, Mode};
use super::journal::Damage;
use crate::model::{Moment, UserId};

const MAGIC: [u8; 4] = *b"RCS1";
const FRAME: usize = 12;
const LONGEST: usize = 1 << 20;
const SLACK: u64 = 64 << 10;
const ADDRESSES: usize = 64;
/// Names under which failures are kept.
const NAMES: usize = 10_000;
const ADVICE: &str = "Restore the last good backup; or move this file away, and give everyone a new password by \
                      `rolecall passwd`";

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
}

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
        if inner.known.people.remove(&user).is_some() { inner.compact() } else { Ok(()) }
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
    pub(crate) fn check(&self) -> Result<(), StoreError> {
        let inner = self.lock();
        let bytes = files::read_whole(inner.disk.as_ref(), &inner.path)?.unwrap_or_default();
        check(&inner.path, &bytes).map(|_| ())
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

fn frame(entry: &Entry, path: &Path) -> Result<Vec<u8>, StoreError> {
    let payload = match entry {
        Entry::Person(user, secret, presence) => codec::write_secret(&SecretV1 {
            user: user.0,
            password: secret.password_hash.clone(),
            must_change: secret.must_change,
            temporary_until: secret.temporary_until.map(|moment| moment.0),
            last_seen: presence.last_seen.map(|moment| moment.0),
            addresses: presence
                .addresses
                .iter()
                .map(|seen| (seen.address.clone(), seen.first.0, seen.last.0))
                .collect(),
        }),
        Entry::Name(name, throttle) => codec::write_throttle(&ThrottleV1 {
            name: *name,
            failures: throttle.failures,
            wait_until: throttle.wait_until.map(|moment| moment.0),
        }),
    };
    let payload = payload.map_err(|source| StoreError::Codec { place: path.display().to_string(), source })?;
    let mut bytes = Vec::with_capacity(FRAME + payload.len());
    bytes.extend_from_slice(&MAGIC);
    let length = u32::try_from(payload.len()).unwrap_or(u32::MAX).to_le_bytes();
    bytes.extend_from_slice(&length);
    bytes.extend_from_slice(&crc(length, &payload).to_le_bytes());
    bytes.extend_from_slice(&payload);
    Ok(bytes)
}

fn crc(length: [u8; 4], payload: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&length);
    hasher.update(payload);
    hasher.finalize()
}

/// Everything in the file, and how far it is sound.
fn read_all(path: &Path, bytes: &[u8]) -> Result<(Known, u64), StoreError> {
    let mut known = Known::default();
    let mut at = 0;
    while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
        let Some((taken, payload)) = entry(rest) else {
            // A torn last entry was never acknowledged; anything sound after it means damage.
            let sound = (1..rest.len()).any(|skip| rest.get(skip..).is_some_and(|rest| entry(rest).is_some()));
            if !sound {
                break;
            }
            return Err(Box::new(Damage {
                path: path.to_owned(),
                offset: at as u64,
                what: "an entry".to_owned(),
                problem: "it was altered, and sound ones follow".to_owned(),
                advice: ADVICE,
            })
            .into());
        };
        let place = || format!("{} at byte {at}", path.display());
        known.take(read(payload).map_err(|source| StoreError::Codec { place: place(), source })?);
        at += taken;
    }
    Ok((known, at as u64))
}

/// Checks a file of secrets: how many entries count, and what is behind the last sound one.
pub(crate) fn check(path: &Path, bytes: &[u8]) -> Result<u64, StoreError> {
    Ok(read_all(path, bytes)?.1)
}

fn entry(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let (frame, rest) = bytes.split_first_chunk::<FRAME>()?;
    let (magic, numbers) = frame.split_first_chunk::<4>()?;
    let (length, sum) = numbers.split_first_chunk::<4>()?;
    let size = u32::from_le_bytes(*length) as usize;
    let payload = rest.get(..size).filter(|_| size <= LONGEST && *magic == MAGIC)?;
    (crc(*length, payload).to_le_bytes() == sum).then_some((FRAME + size, payload))
}

fn read(payload: &[u8]) -> Result<Entry, CodecError> {
    if codec::is_throttle(payload) {
        let stored = codec::read_throttle(payload)?;
        let throttle = Throttle { failures: stored.failures, wait_until: stored.wait_until.map(Moment) };
        return Ok(Entry::Name(stored.name, throttle));
    }
    let stored = codec::read_secret(payload)?;
    let secret = Secret {
        password_hash: stored.password,
        must_change: stored.must_change,
        temporary_until: stored.temporary_until.map(Moment),
    };
    let seen = |(address, first, last)| Seen { address, first: Moment(first), last: Moment(last) };
    let presence = Presence {
        last_seen: stored.last_seen.map(Moment),
        addresses: stored.addresses.into_iter().map(seen).collect(),
    };
    Ok(Entry::Person(UserId(stored.user), secret, presence))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::files::RealDisk;

    fn open(path: &Path) -> Secrets {
        let disk: Arc<dyn Disk> = Arc::new(RealDisk);
        Secrets::open(&disk, path).unwrap()
    }

    fn secret(hash: &str) -> Secret {
        Secret { password_hash: Some(hash.to_owned()), must_change: true, temporary_until: Some(Moment(9)) }
    }

    #[test]
    fn secrets_and_delays_outlive_a_restart() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("secrets");
        let secrets = open(&path);
        let throttle = Throttle { failures: 5, wait_until: Some(Moment(77)) };
        secrets.set_secret(UserId(1), secret("$hash")).unwrap();
        secrets.set_throttle("sam@x", throttle).unwrap();
        secrets.set_throttle("kim@x", throttle).unwrap();
        secrets.set_throttle("kim@x", Throttle::default()).unwrap();
        secrets.note_sign_in(UserId(1), Some("10.0.0.1"), Moment(5)).unwrap();
        secrets.note_sign_in(UserId(1), Some("10.0.0.1"), Moment(6)).unwrap();
        let secrets = open(&path);
        assert_eq!(secrets.secret(UserId(1)), Some(secret("$hash")));
        assert_eq!(secrets.secret(UserId(2)), None);
        assert_eq!(secrets.throttle("sam@x"), throttle);
        assert_eq!(secrets.throttle("kim@x"), Throttle::default());
        let seen = Seen { address: "10.0.0.1".into(), first: Moment(5), last: Moment(6) };
        assert_eq!(secrets.presence(UserId(1)), Presence { last_seen: Some(Moment(6)), addresses: vec![seen] });
        let bytes = std::fs::read(&path).unwrap();
        assert!(!bytes.windows(5).any(|five| five == b"sam@x"), "typed names aren't kept as such");
    }

    #[test]
    fn old_hashes_do_not_linger() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("secrets");
        let secrets = open(&path);
        for round in 0..700 {
            secrets
                .set_secret(UserId(1), secret(&format!("$argon2id$v=19${}old-{round:030}", "x".repeat(90))))
                .unwrap();
        }
        assert!(std::fs::metadata(&path).unwrap().len() < 2 * SLACK);
        secrets.set_secret(UserId(2), secret("$stays")).unwrap();
        secrets.forget(UserId(1)).unwrap();
        let bytes = std::fs::read(&path).unwrap();
        assert!(!bytes.windows(4).any(|four| four == b"old-"));
        assert_eq!(open(&path).secret(UserId(2)), Some(secret("$stays")));
        assert_eq!(open(&path).secret(UserId(1)), None);
    }

    #[test]
    fn torn_anywhere_the_last_entry_is_dropped_and_damage_before_it_is_reported() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("secrets");
        let secrets = open(&path);
        secrets.set_secret(UserId(1), secret("$one")).unwrap();
        let first = std::fs::metadata(&path).unwrap().len() as usize;
        secrets.set_secret(UserId(1), secret("$two")).unwrap();
        drop(secrets);
        let whole = std::fs::read(&path).unwrap();
        for length in first..whole.len() {
            std::fs::write(&path, &whole[..length]).unwrap();
            assert_eq!(open(&path).secret(UserId(1)), Some(secret("$one")), "{length}");
        }
        for byte in 0..first {
            let mut hurt = whole.clone();
            hurt[byte] ^= 4;
            let error = read_all(&path, &hurt).unwrap_err().to_string();
            assert!(error.contains("damaged at byte 0"), "{error}");
        }
    }
}
