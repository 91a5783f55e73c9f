//! The file of secrets, as bytes: entries of magic, length, CRC and payload, the last one about
//! somebody counts.

use std::path::Path;

use super::super::codec::v1::{PreferencesV1, SecretV1, ThrottleV1};
use super::super::codec::{self, CodecError};
use super::super::error::StoreError;
use super::super::journal::Damage;
use super::{Entry, Known, People, Presence, Secret, Seen, Throttle};
use crate::model::{Moment, UserId};

const MAGIC: [u8; 4] = *b"RCS1";
const FRAME: usize = 12;
const LONGEST: usize = 1 << 20;
pub(crate) const ADVICE: &str = "Restore the last good backup; or move this file away, and give everyone a new password by \
                      `rolecall passwd`";

pub(super) fn frame(entry: &Entry, path: &Path) -> Result<Vec<u8>, StoreError> {
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
        Entry::Preferences(user, chosen) => codec::write_preferences(&PreferencesV1 {
            user: user.0,
            chosen: chosen.iter().map(|(name, value)| (name.clone(), value.clone())).collect(),
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
pub(super) fn read_all(path: &Path, bytes: &[u8]) -> Result<(Known, u64), StoreError> {
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

/// Checks a file of secrets: whom it tells of, and how far it is sound.
pub(crate) fn check(path: &Path, bytes: &[u8]) -> Result<(People, u64), StoreError> {
    read_all(path, bytes).map(|(known, sound)| (known.people(), sound))
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
    if codec::is_preferences(payload) {
        let stored = codec::read_preferences(payload)?;
        return Ok(Entry::Preferences(UserId(stored.user), stored.chosen.into_iter().collect()));
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
