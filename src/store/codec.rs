//! How things become bytes. The only place that names bincode: it is always given a limit (ten
//! hostile bytes could otherwise ask for all memory), and what it leaves over is an error.
//!
//! Everything stored is in an envelope that says what it is, in which version, how long, and has a
//! checksum over all of that and over the key under which it is kept, so that a value that turns
//! up under another key is seen. The types inside are frozen, one set for each version ([`v1`]);
//! enums are numbers that are given out once.

pub mod v1;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::model::{Actor, Change, Commit, Moment, Reason, Record, Team, UserId};

/// Nothing that is decoded may ask for more.
const LIMIT: usize = 32 << 20;
const CONFIG: bincode::config::Configuration<
    bincode::config::LittleEndian,
    bincode::config::Varint,
    bincode::config::Limit<LIMIT>,
> = bincode::config::standard().with_limit::<LIMIT>();

/// Room for a row of the usual size.
const ROW: usize = 256;

const BEFORE: usize = 6;
const AFTER: usize = 4;

/// What an envelope holds. The numbers are stored: never change or reuse one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// A commit or a part of one.
    Commit = 1,
    /// A row of the index.
    Record = 2,
    /// The team at one point of the journal.
    Team = 3,
    /// One person's secrets.
    Secret = 4,
    /// What the index knows of itself.
    Mark = 5,
    /// Failed sign-ins under a name.
    Throttle = 6,
    /// How one person likes their console.
    Preferences = 7,
}

/// Why bytes can't be understood.
#[derive(Debug, thiserror::Error)]
pub enum CodecError {
    /// Too short, too long, or changed.
    #[error("it was damaged")]
    Damaged,
    /// It is something else.
    #[error("it is not what should be there")]
    Kind,
    /// A newer program wrote it.
    #[error("a newer rolecall wrote it (version {0}); run that version")]
    Newer(u8),
    /// The bytes are whole and don't make sense.
    #[error("its contents make no sense: {0}")]
    Contents(String),
}

fn contents(problem: impl ToString) -> CodecError {
    CodecError::Contents(problem.to_string())
}

fn encode<T: Serialize>(value: &T) -> Result<Vec<u8>, CodecError> {
    let mut bytes = Vec::with_capacity(ROW);
    bincode::serde::encode_into_std_write(value, &mut bytes, CONFIG).map_err(contents)?;
    Ok(bytes)
}

fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, CodecError> {
    let (value, consumed) = bincode::serde::decode_from_slice(bytes, CONFIG).map_err(contents)?;
    if consumed == bytes.len() { Ok(value) } else { Err(contents("something is left over")) }
}

/// Puts a payload into its envelope.
#[must_use]
pub fn seal(kind: Kind, version: u8, key: &[u8], payload: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(BEFORE + payload.len() + AFTER);
    bytes.push(kind as u8);
    bytes.push(version);
    bytes.extend_from_slice(&u32::try_from(payload.len()).unwrap_or(u32::MAX).to_le_bytes());
    bytes.extend_from_slice(payload);
    let crc = checksum(key, &bytes);
    bytes.extend_from_slice(&crc.to_le_bytes());
    bytes
}

/// Takes a payload of the versions that this program knows out of its envelope.
///
/// # Errors
/// Where it isn't whole, isn't of this kind, or is newer.
pub fn unseal<'a>(kind: Kind, newest: u8, key: &[u8], bytes: &'a [u8]) -> Result<&'a [u8], CodecError> {
    let (rest, crc) = bytes.split_last_chunk::<AFTER>().ok_or(CodecError::Damaged)?;
    let (head, payload) = rest.split_first_chunk::<BEFORE>().ok_or(CodecError::Damaged)?;
    let [found, version, length @ ..] = *head;
    if checksum(key, rest) != u32::from_le_bytes(*crc) || payload.len() != u32::from_le_bytes(length) as usize {
        return Err(CodecError::Damaged);
    }
    if found != kind as u8 {
        return Err(CodecError::Kind);
    }
    if version == 0 || version > newest { Err(CodecError::Newer(version)) } else { Ok(payload) }
}

fn checksum(key: &[u8], bytes: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&u32::try_from(key.len()).unwrap_or(u32::MAX).to_le_bytes());
    hasher.update(key);
    hasher.update(bytes);
    hasher.finalize()
}

/// A commit, or a part of one, as the journal keeps it.
///
/// # Errors
/// Never for what the model can hold.
pub fn write_commit(commit: &Commit) -> Result<Vec<u8>, CodecError> {
    Ok(seal(Kind::Commit, 1, b"", &encode(&v1::LeanCommit(commit))?))
}

/// The other way. A blanked payload is read by whoever knows that it is one.
///
/// # Errors
/// Where the bytes aren't a commit.
pub fn read_commit(bytes: &[u8]) -> Result<Commit, CodecError> {
    decode::<v1::CommitV1>(unseal(Kind::Commit, 1, b"", bytes)?)?.try_into()
}

/// The same piece by piece: who, when and why, and the changes one after the other as they are asked
/// for. Of a commit of thousands, whoever wants the first few reads only those.
///
/// # Errors
/// Where the bytes aren't a commit.
pub fn open_commit(bytes: &[u8]) -> Result<((Actor, Moment, Reason), Changes<'_>), CodecError> {
    let payload = unseal(Kind::Commit, 1, b"", bytes)?;
    // As `v1::CommitV1` is laid out: a sequence begins with its length.
    let ((actor, at, reason, left), used): ((Option<u32>, i64, String, u64), usize) =
        bincode::serde::decode_from_slice(payload, CONFIG).map_err(contents)?;
    let actor = actor.map_or(Actor::Operator, |id| Actor::User(UserId(id)));
    let rest = payload.get(used..).unwrap_or_default();
    Ok(((actor, Moment(at), Reason(reason)), Changes { rest, left }))
}

/// The changes of a commit, each read when it is asked for.
#[derive(Debug)]
pub struct Changes<'a> {
    rest: &'a [u8],
    left: u64,
}

impl Changes<'_> {
    /// How many are still to be read.
    #[must_use]
    pub fn left(&self) -> u64 {
        self.left
    }

    fn read(&mut self) -> Result<Option<Change>, CodecError> {
        if self.left == 0 {
            return if self.rest.is_empty() { Ok(None) } else { Err(contents("something is left over")) };
        }
        let (change, used): (v1::ChangeV1, usize) =
            bincode::serde::decode_from_slice(self.rest, CONFIG).map_err(contents)?;
        self.rest = self.rest.get(used..).unwrap_or_default();
        self.left -= 1;
        change.try_into().map(Some)
    }
}

impl Iterator for Changes<'_> {
    type Item = Result<Change, CodecError>;

    fn next(&mut self) -> Option<Self::Item> {
        let read = self.read();
        if read.is_err() {
            (self.rest, self.left) = (&[], 0);
        }
        read.transpose()
    }
}

/// Who made a commit and when, for whoever looks for one person's.
///
/// # Errors
/// As [`read_commit`], but for what comes after.
pub fn read_commit_head(bytes: &[u8]) -> Result<(Actor, Moment), CodecError> {
    let payload = unseal(Kind::Commit, 1, b"", bytes)?;
    // The first things in it.
    let ((actor, at), _): ((Option<u32>, i64), usize) =
        bincode::serde::decode_from_slice(payload, CONFIG).map_err(contents)?;
    Ok((actor.map_or(Actor::Operator, |id| Actor::User(UserId(id))), Moment(at)))
}

/// A change's size in the journal, more or less, for cutting big commits into parts.
#[must_use]
pub fn weight(change: &Change) -> usize {
    let record = |record: &Record| {
        64 + record.values.iter().map(|(_, value)| v1::value_weight(value)).sum::<usize>() + record.assigned.len() * 5
    };
    match change {
        Change::Record(swap) => swap.before.as_ref().map_or(0, record) + swap.after.as_ref().map_or(0, record),
        _ => 4096,
    }
}

/// A row, kept under a key.
///
/// # Errors
/// Never for what the model can hold.
pub fn write_record(key: &[u8], record: &Record) -> Result<Vec<u8>, CodecError> {
    Ok(seal(Kind::Record, 1, key, &encode(&v1::Lean(record))?))
}

/// The other way.
///
/// # Errors
/// Where the bytes aren't a row of this key.
pub fn read_record(key: &[u8], bytes: &[u8]) -> Result<Record, CodecError> {
    decode::<v1::RecordV1>(unseal(Kind::Record, 1, key, bytes)?)?.try_into()
}

/// The whole team.
///
/// # Errors
/// Never for what the model can hold.
pub fn write_team(team: &Team) -> Result<Vec<u8>, CodecError> {
    Ok(seal(Kind::Team, 1, b"", &encode(&v1::TeamV1::from(team))?))
}

/// The other way.
///
/// # Errors
/// Where the bytes aren't a team.
pub fn read_team(bytes: &[u8]) -> Result<Team, CodecError> {
    decode::<v1::TeamV1>(unseal(Kind::Team, 1, b"", bytes)?)?.try_into()
}

/// One person's secrets.
///
/// # Errors
/// Never for what can be held.
pub fn write_secret(secret: &v1::SecretV1) -> Result<Vec<u8>, CodecError> {
    Ok(seal(Kind::Secret, 1, b"", &encode(secret)?))
}

/// The other way.
///
/// # Errors
/// Where the bytes aren't secrets.
pub fn read_secret(bytes: &[u8]) -> Result<v1::SecretV1, CodecError> {
    decode(unseal(Kind::Secret, 1, b"", bytes)?)
}

/// Is it failed sign-ins, as far as its first byte says?
#[must_use]
pub fn is_throttle(bytes: &[u8]) -> bool {
    bytes.first() == Some(&(Kind::Throttle as u8))
}

/// Is it preferences, as far as its first byte says?
#[must_use]
pub fn is_preferences(bytes: &[u8]) -> bool {
    bytes.first() == Some(&(Kind::Preferences as u8))
}

/// How one person likes their console.
///
/// # Errors
/// Never for what can be held.
pub fn write_preferences(preferences: &v1::PreferencesV1) -> Result<Vec<u8>, CodecError> {
    Ok(seal(Kind::Preferences, 1, b"", &encode(preferences)?))
}

/// The other way.
///
/// # Errors
/// Where the bytes aren't preferences.
pub fn read_preferences(bytes: &[u8]) -> Result<v1::PreferencesV1, CodecError> {
    decode(unseal(Kind::Preferences, 1, b"", bytes)?)
}

/// Failed sign-ins under a name.
///
/// # Errors
/// Never for what can be held.
pub fn write_throttle(throttle: &v1::ThrottleV1) -> Result<Vec<u8>, CodecError> {
    Ok(seal(Kind::Throttle, 1, b"", &encode(throttle)?))
}

/// The other way.
///
/// # Errors
/// Where the bytes aren't failed sign-ins.
pub fn read_throttle(bytes: &[u8]) -> Result<v1::ThrottleV1, CodecError> {
    decode(unseal(Kind::Throttle, 1, b"", bytes)?)
}

#[cfg(test)]
#[path = "codec/tests.rs"]
mod tests;
