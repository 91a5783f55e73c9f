//! What must never be in the history: password hashes, failed sign-ins, when and from where people
//! came. A small journal of its own, in which the last entry about a person counts; it is put
//! together anew once most of it is out of date, so that an old hash doesn't linger.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::codec::{self, v1::SecretV1};
use super::error::{Attempt as _, StoreError};
use super::files::{self, Disk, DiskFile, Mode};
use super::journal::Damage;
use crate::model::{Moment, UserId};

const MAGIC: [u8; 4] = *b"RCS1";
const FRAME: usize = 12;
const LONGEST: usize = 1 << 20;
const SLACK: u64 = 64 << 10;
const ADDRESSES: usize = 64;
/// Failures that cost nothing yet: anyone can mistype.
const FREE: u32 = 3;
const LONGEST_DELAY: i64 = 15 * 60 * 1000;
const ADVICE: &str = "Restore the last good backup; or move this file away, and give everyone a new password by \
                      `rolecall passwd`";

/// A password as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Password {
    /// The hash with its parameters, as a PHC string.
    pub hash: String,
    /// It must be changed at the next sign-in (R21).
    pub must_change: bool,
    /// A temporary one ends then.
    pub expires: Option<Moment>,
}

/// From where somebody came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The address.
    pub address: String,
    /// The first time.
    pub first: Moment,
    /// The last time.
    pub last: Moment,
}

/// Everything kept about one person.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Secret {
    /// Nobody signs in without one.
    pub password: Option<Password>,
    /// Attempts since the last good one.
    pub failures: u32,
    /// No attempt counts before.
    pub next_allowed: Option<Moment>,
    /// When they were last there.
    pub last_seen: Option<Moment>,
    /// From where they came, the latest last (R20).
    pub addresses: Vec<Seen>,
}

/// Another attempt came too early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooSoon {
    /// The next one counts then.
    pub until: Moment,
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
    known: BTreeMap<UserId, Secret>,
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
            Inner { disk: Arc::clone(disk), path: path.to_owned(), file: None, length, known, failed: None };
        if length < bytes.len() as u64 {
            let mut file = disk.open(path, Mode::Write).attempt("open", path)?;
            file.cut(length).attempt("cut", path)?;
            inner.file = Some(file);
        }
        Ok(Self { inner: Mutex::new(inner) })
    }

    /// What is kept about a person; nothing is a person without a password.
    #[must_use]
    pub fn of(&self, user: UserId) -> Secret {
        self.lock().known.get(&user).cloned().unwrap_or_default()
    }

    /// When each person was last there.
    #[must_use]
    pub fn last_seen(&self) -> BTreeMap<UserId, Moment> {
        self.lock().known.iter().filter_map(|(user, secret)| Some((*user, secret.last_seen?))).collect()
    }

    /// Gives a person a password, or takes it away. Failures are forgotten with the old one.
    ///
    /// # Errors
    /// Where the disk refuses; the old one then stays.
    pub fn set_password(&self, user: UserId, password: Option<Password>) -> Result<(), StoreError> {
        self.lock().change(user, true, |secret| {
            secret.password = password;
            secret.failures = 0;
            secret.next_allowed = None;
        })
    }

    /// Counts an attempt before the password is looked at, so that neither many at once nor a
    /// crash in between give anybody a free one. The delay grows and has an end: nobody is locked
    /// out for good.
    ///
    /// # Errors
    /// Where the disk refuses.
    pub fn attempt(&self, user: UserId, now: Moment) -> Result<Result<(), TooSoon>, StoreError> {
        let mut inner = self.lock();
        let before = inner.known.get(&user).cloned().unwrap_or_default();
        if let Some(until) = before.next_allowed.filter(|until| now < *until) {
            // A clock that was set back must not lock anyone out.
            if until.0 - now.0 <= LONGEST_DELAY {
                return Ok(Err(TooSoon { until }));
            }
        }
        inner.change(user, true, |secret| {
            secret.failures = secret.failures.saturating_add(1);
            secret.next_allowed = delay(secret.failures).map(|delay| now.plus(delay));
        })?;
        Ok(Ok(()))
    }

    /// The attempt was good.
    ///
    /// # Errors
    /// Where the disk refuses.
    pub fn signed_in(&self, user: UserId, now: Moment, address: Option<&str>) -> Result<(), StoreError> {
        self.lock().change(user, true, |secret| {
            secret.failures = 0;
            secret.next_allowed = None;
            secret.last_seen = Some(now);
            if let Some(address) = address {
                note(&mut secret.addresses, address, now);
            }
        })
    }

    /// A person is there. Not worth waiting for the medium.
    ///
    /// # Errors
    /// Where the disk refuses.
    pub fn touch(&self, user: UserId, now: Moment) -> Result<(), StoreError> {
        self.lock().change(user, false, |secret| secret.last_seen = Some(now))
    }

    /// Forgets a person, and rewrites the file so that nothing of them is left in it.
    ///
    /// # Errors
    /// Where the disk refuses.
    pub fn forget(&self, user: UserId) -> Result<(), StoreError> {
        let mut inner = self.lock();
        if inner.known.remove(&user).is_some() { inner.compact() } else { Ok(()) }
    }

    /// The whole file, as short as it can be, for a backup.
    ///
    /// # Errors
    /// Never for what can be held.
    pub fn bytes(&self) -> Result<Vec<u8>, StoreError> {
        self.lock().bytes()
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How long the next attempt must wait after so many failures, in milliseconds.
fn delay(failures: u32) -> Option<i64> {
    let steps = failures.checked_sub(FREE)?.min(20);
    Some((1000_i64 << steps).min(LONGEST_DELAY))
}

fn note(addresses: &mut Vec<Seen>, address: &str, now: Moment) {
    let known = addresses.iter().position(|seen| seen.address == address).map(|at| addresses.remove(at));
    let first = known.map_or(now, |seen| seen.first);
    addresses.push(Seen { address: address.to_owned(), first, last: now });
    if addresses.len() > ADDRESSES {
        addresses.remove(0);
    }
}

impl Inner {
    fn change(&mut self, user: UserId, sync: bool, change: impl FnOnce(&mut Secret)) -> Result<(), StoreError> {
        if let Some(reason) = &self.failed {
            return Err(StoreError::ReadOnly(reason.clone()));
        }
        let mut secret = self.known.get(&user).cloned().unwrap_or_default();
        change(&mut secret);
        let bytes = frame(user, &secret, &self.path)?;
        let written = self.append(&bytes, sync);
        if let Err(error) = written {
            self.failed = Some(error.to_string());
            if let Some(file) = &mut self.file {
                let _ = file.cut(self.length);
            }
            return Err(error);
        }
        self.length += bytes.len() as u64;
        self.known.insert(user, secret);
        if self.length > SLACK && self.length > 2 * self.live()? { self.compact() } else { Ok(()) }
    }

    fn append(&mut self, bytes: &[u8], sync: bool) -> Result<(), StoreError> {
        let file = match &mut self.file {
            Some(file) => file,
            none => {
                let file = self.disk.open(&self.path, Mode::Keep).attempt("open", &self.path)?;
                files::sync_parent(self.disk.as_ref(), &self.path)?;
                none.insert(file)
            }
        };
        file.write_at(self.length, bytes).attempt("write", &self.path)?;
        if sync { file.sync().attempt("write", &self.path) } else { Ok(()) }
    }

    fn live(&self) -> Result<u64, StoreError> {
        Ok(self.bytes()?.len() as u64)
    }

    fn bytes(&self) -> Result<Vec<u8>, StoreError> {
        let mut bytes = Vec::new();
        for (user, secret) in &self.known {
            bytes.extend(frame(*user, secret, &self.path)?);
        }
        Ok(bytes)
    }

    fn compact(&mut self) -> Result<(), StoreError> {
        let bytes = self.bytes()?;
        files::replace(self.disk.as_ref(), &self.path, &bytes)
            .inspect_err(|error| self.failed = Some(error.to_string()))?;
        self.file = None;
        self.length = bytes.len() as u64;
        Ok(())
    }
}

fn frame(user: UserId, secret: &Secret, path: &Path) -> Result<Vec<u8>, StoreError> {
    let password = secret
        .password
        .as_ref()
        .map(|password| (password.hash.clone(), password.must_change, password.expires.map(|moment| moment.0)));
    let stored = SecretV1 {
        user: user.0,
        forgotten: false,
        password,
        failures: secret.failures,
        next_allowed: secret.next_allowed.map(|moment| moment.0),
        last_seen: secret.last_seen.map(|moment| moment.0),
        addresses: secret.addresses.iter().map(|seen| (seen.address.clone(), seen.first.0, seen.last.0)).collect(),
    };
    let payload = codec::write_secret(&stored)
        .map_err(|source| StoreError::Codec { place: path.display().to_string(), source })?;
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
pub(crate) fn read_all(path: &Path, bytes: &[u8]) -> Result<(BTreeMap<UserId, Secret>, u64), StoreError> {
    let mut known = BTreeMap::new();
    let mut at = 0;
    while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
        let Some((taken, secret)) = entry(rest) else {
            // A torn last entry was never acknowledged; anything sound after it means damage.
            let sound = (1..rest.len()).any(|skip| rest.get(skip..).is_some_and(|rest| entry(rest).is_some()));
            if !sound {
                break;
            }
            return Err(Box::new(Damage {
                path: path.to_owned(),
                offset: at as u64,
                sequence: known.len() as u64 + 1,
                problem: "an entry was altered, and sound ones follow".to_owned(),
                advice: ADVICE,
            })
            .into());
        };
        let stored = codec::read_secret(secret)
            .map_err(|source| StoreError::Codec { place: format!("{} at byte {at}", path.display()), source })?;
        at += taken;
        let (user, secret) = from_stored(stored);
        known.insert(user, secret);
    }
    Ok((known, at as u64))
}

fn entry(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let (frame, rest) = bytes.split_first_chunk::<FRAME>()?;
    let (magic, numbers) = frame.split_first_chunk::<4>()?;
    let (length, sum) = numbers.split_first_chunk::<4>()?;
    let size = u32::from_le_bytes(*length) as usize;
    let payload = rest.get(..size).filter(|_| size <= LONGEST && *magic == MAGIC)?;
    (crc(*length, payload).to_le_bytes() == sum).then_some((FRAME + size, payload))
}

fn from_stored(stored: SecretV1) -> (UserId, Secret) {
    let password = stored.password.map(|(hash, must_change, expires)| Password {
        hash,
        must_change,
        expires: expires.map(Moment),
    });
    let seen = |(address, first, last)| Seen { address, first: Moment(first), last: Moment(last) };
    let secret = Secret {
        password,
        failures: stored.failures,
        next_allowed: stored.next_allowed.map(Moment),
        last_seen: stored.last_seen.map(Moment),
        addresses: stored.addresses.into_iter().map(seen).collect(),
    };
    (UserId(stored.user), secret)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::files::RealDisk;

    fn open(path: &Path) -> Secrets {
        let disk: Arc<dyn Disk> = Arc::new(RealDisk);
        Secrets::open(&disk, path).unwrap()
    }

    fn password(hash: &str) -> Option<Password> {
        Some(Password { hash: hash.to_owned(), must_change: true, expires: Some(Moment(9)) })
    }

    #[test]
    fn secrets_and_the_growing_delay_outlive_a_restart() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("secrets");
        let secrets = open(&path);
        secrets.set_password(UserId(1), password("$hash")).unwrap();
        let mut now = Moment(1_000_000);
        for _ in 0..FREE - 1 {
            assert_eq!(secrets.attempt(UserId(1), now).unwrap(), Ok(()));
        }
        let mut waits = Vec::new();
        for _ in 0..14 {
            assert_eq!(open(&path).attempt(UserId(1), now).unwrap(), Ok(()));
            let Err(TooSoon { until }) = open(&path).attempt(UserId(1), now).unwrap() else { panic!("no delay") };
            waits.push(until.0 - now.0);
            now = until;
        }
        assert_eq!(waits[..4], [1000, 2000, 4000, 8000]);
        assert_eq!(waits.last(), Some(&LONGEST_DELAY));
        let secrets = open(&path);
        secrets.signed_in(UserId(1), now, Some("10.0.0.1")).unwrap();
        let secret = open(&path).of(UserId(1));
        assert_eq!((secret.failures, secret.next_allowed, secret.last_seen), (0, None, Some(now)));
        assert_eq!(secret.password, password("$hash"));
        assert_eq!(secret.addresses, [Seen { address: "10.0.0.1".into(), first: now, last: now }]);
    }

    #[test]
    fn old_hashes_do_not_linger() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("secrets");
        let secrets = open(&path);
        for round in 0..2000 {
            secrets.set_password(UserId(1), password(&format!("$argon2id$v=19$old-{round:030}"))).unwrap();
        }
        assert!(std::fs::metadata(&path).unwrap().len() < 2 * SLACK);
        secrets.set_password(UserId(2), password("$stays")).unwrap();
        secrets.forget(UserId(1)).unwrap();
        let bytes = std::fs::read(&path).unwrap();
        assert!(!bytes.windows(4).any(|four| four == b"old-"));
        assert_eq!(open(&path).of(UserId(2)).password, password("$stays"));
        assert_eq!(open(&path).of(UserId(1)), Secret::default());
    }

    #[test]
    fn torn_anywhere_the_last_entry_is_dropped_and_damage_before_it_is_reported() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("secrets");
        let secrets = open(&path);
        secrets.set_password(UserId(1), password("$one")).unwrap();
        let first = std::fs::metadata(&path).unwrap().len() as usize;
        secrets.set_password(UserId(1), password("$two")).unwrap();
        drop(secrets);
        let whole = std::fs::read(&path).unwrap();
        for length in first..whole.len() {
            std::fs::write(&path, &whole[..length]).unwrap();
            assert_eq!(open(&path).of(UserId(1)).password, password("$one"), "{length}");
        }
        for byte in 0..first {
            let mut hurt = whole.clone();
            hurt[byte] ^= 4;
            let error = read_all(&path, &hurt).unwrap_err().to_string();
            assert!(error.contains("damaged at byte 0"), "{error}");
        }
    }
}
