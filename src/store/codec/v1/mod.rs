//! Version 1 of everything stored. Frozen: a change of the model gets a new version beside this
//! one, and a way from here to there. Every number that stands for a word is given out once, in
//! `numbers!`, and never again.

mod record;
mod team;

use std::sync::Arc;

use serde::de::{self, Visitor};
use serde::ser::SerializeStruct as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub(super) use record::weight as value_weight;
pub use record::{Lean, RecordV1};
pub use team::{AccountV1, ObjectV1, RoleV1, TeamV1, UserV1};

use super::{CodecError, contents, encode};
use crate::model::{
    Actor, Automatic, Change, Commit, FeatureValue, Kind, Moment, Object, Reason, Role, RoleType, Scope, SectionAccess,
    Shipped, Status, Swap, User, UserId,
};

macro_rules! numbers {
    ($($name:ident { $($variant:ident = $number:literal),+ $(,)? })+) => {
        /// The number that stands for a word, and the other way.
        trait Numbered: Sized {
            fn number(self) -> u8;
            fn from_number(number: u8) -> Result<Self, CodecError>;
        }
        $(impl Numbered for $name {
            fn number(self) -> u8 {
                match self { $(Self::$variant => $number),+ }
            }
            fn from_number(number: u8) -> Result<Self, CodecError> {
                match number {
                    $($number => Ok(Self::$variant),)+
                    _ => Err(contents(format!(concat!("there is no ", stringify!($name), " {}"), number))),
                }
            }
        })+
    };
}
numbers! {
    RoleType { AccountOwner = 1, Administrator = 2, User = 3, Focused = 4 }
    FeatureValue { Yes = 1, Request = 2, No = 3 }
    Scope { All = 1, Roles = 2, Subordinates = 3, Own = 4, None = 5 }
    SectionAccess { Hidden = 1, View = 2, Edit = 3 }
    Shipped { AccountOwner = 1, Administrator = 2, Editable = 3 }
    Status { Active = 1, Invited = 2, Revoked = 3 }
    Kind { Text = 1, Number = 2, Money = 3, Date = 4, YesNo = 5, Email = 6, Phone = 7, Dropdown = 8 }
    Automatic { Created = 1, LastChanged = 2 }
}

fn optional<T: Numbered>(value: Option<T>) -> u8 {
    value.map_or(0, Numbered::number)
}

fn from_optional<T: Numbered>(number: u8) -> Result<Option<T>, CodecError> {
    if number == 0 { Ok(None) } else { T::from_number(number).map(Some) }
}

/// Kinds of change; 3 bytes before their contents: kind, version, presence of both sides.
const ACCOUNT: u8 = 1;
const ROLE: u8 = 2;
const USER: u8 = 3;
const OBJECT: u8 = 4;
const RECORD: u8 = 5;

/// Bytes that are kept as they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blob(pub Vec<u8>);

impl Serialize for Blob {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Blob {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bytes;
        impl Visitor<'_> for Bytes {
            type Value = Blob;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("bytes")
            }
            fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Blob, E> {
                Ok(Blob(bytes.to_vec()))
            }
            fn visit_byte_buf<E: de::Error>(self, bytes: Vec<u8>) -> Result<Blob, E> {
                Ok(Blob(bytes))
            }
        }
        deserializer.deserialize_byte_buf(Bytes)
    }
}

/// A commit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CommitV1 {
    /// The acting person; nobody: the operator.
    actor: Option<u32>,
    at: i64,
    reason: String,
    changes: Vec<ChangeV1>,
}

/// A change: its kind, the version of its two sides, and those.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChangeV1 {
    kind: u8,
    version: u8,
    before: Option<Blob>,
    after: Option<Blob>,
}

/// A commit as [`CommitV1`] writes it, without being copied first.
pub struct LeanCommit<'a>(pub &'a Commit);

impl Serialize for LeanCommit<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        struct Changes<'a>(&'a [Change]);
        impl Serialize for Changes<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_seq(self.0.iter().map(LeanChange))
            }
        }
        let Commit { actor, at, reason, changes } = self.0;
        let actor = match actor {
            Actor::Operator => None,
            Actor::User(user) => Some(user.0),
        };
        let mut commit = serializer.serialize_struct("CommitV1", 4)?;
        commit.serialize_field("actor", &actor)?;
        commit.serialize_field("at", &at.0)?;
        commit.serialize_field("reason", &reason.0)?;
        commit.serialize_field("changes", &Changes(changes))?;
        commit.end()
    }
}

/// A change as [`ChangeV1`] writes it.
struct LeanChange<'a>(&'a Change);

impl Serialize for LeanChange<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        fn sides<S: Serializer, T>(
            serializer: S,
            kind: u8,
            swap: &Swap<T>,
            encoded: impl Fn(&T) -> Result<Vec<u8>, CodecError>,
        ) -> Result<S::Ok, S::Error> {
            let side = |side: &Option<T>| match side {
                Some(side) => encoded(side).map(|bytes| Some(Blob(bytes))).map_err(serde::ser::Error::custom),
                None => Ok(None),
            };
            let mut change = serializer.serialize_struct("ChangeV1", 4)?;
            change.serialize_field("kind", &kind)?;
            change.serialize_field("version", &1_u8)?;
            change.serialize_field("before", &side(&swap.before)?)?;
            change.serialize_field("after", &side(&swap.after)?)?;
            change.end()
        }
        match self.0 {
            Change::Account(swap) => sides(serializer, ACCOUNT, swap, |account| encode(&AccountV1::from(account))),
            Change::Role(swap) => sides(serializer, ROLE, swap, |role| encode(&RoleV1::from(&**role))),
            Change::User(swap) => sides(serializer, USER, swap, |user| encode(&UserV1::from(&**user))),
            Change::Object(swap) => sides(serializer, OBJECT, swap, |object| encode(&ObjectV1::from(&**object))),
            Change::Record(swap) => sides(serializer, RECORD, swap, |record| encode(&Lean(record))),
        }
    }
}

impl TryFrom<CommitV1> for Commit {
    type Error = CodecError;

    fn try_from(commit: CommitV1) -> Result<Self, CodecError> {
        Ok(Self {
            actor: commit.actor.map_or(Actor::Operator, |user| Actor::User(UserId(user))),
            at: Moment(commit.at),
            reason: Reason(commit.reason),
            changes: commit.changes.into_iter().map(Change::try_from).collect::<Result<_, _>>()?,
        })
    }
}

impl TryFrom<ChangeV1> for Change {
    type Error = CodecError;

    fn try_from(change: ChangeV1) -> Result<Self, CodecError> {
        fn sides<V: de::DeserializeOwned, T>(
            change: &ChangeV1,
            from: impl Fn(V) -> Result<T, CodecError>,
        ) -> Result<Swap<T>, CodecError> {
            let side = |side: &Option<Blob>| side.as_ref().map(|blob| from(super::decode(&blob.0)?)).transpose();
            Ok(Swap { before: side(&change.before)?, after: side(&change.after)? })
        }
        if change.version != 1 {
            return Err(CodecError::Newer(change.version));
        }
        Ok(match change.kind {
            ACCOUNT => Self::Account(sides(&change, |account: AccountV1| Ok(account.into()))?),
            ROLE => Self::Role(sides(&change, |role: RoleV1| Role::try_from(role).map(Arc::new))?),
            USER => Self::User(sides(&change, |user: UserV1| User::try_from(user).map(Arc::new))?),
            OBJECT => Self::Object(sides(&change, |object: ObjectV1| Object::try_from(object).map(Arc::new))?),
            RECORD => Self::Record(sides(&change, |record: RecordV1| record.try_into())?),
            kind => return Err(contents(format!("there is no change of kind {kind}"))),
        })
    }
}

/// One person's secrets: never a part of the history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretV1 {
    /// The person.
    pub user: u32,
    /// PHC string.
    pub password: Option<String>,
    /// It must be changed.
    pub must_change: bool,
    /// When it ends.
    pub temporary_until: Option<i64>,
    /// When they last signed in or did something.
    pub last_seen: Option<i64>,
    /// Address, first seen, last seen.
    pub addresses: Vec<(String, i64, i64)>,
}

/// Failed sign-ins under a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThrottleV1 {
    /// Digest of the typed name.
    pub name: [u8; 16],
    /// Since the last good one.
    pub failures: u32,
    /// No attempt counts before.
    pub wait_until: Option<i64>,
}

/// How one person likes their console.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreferencesV1 {
    /// The person.
    pub user: u32,
    /// Names with what was chosen, by name.
    pub chosen: Vec<(String, String)>,
}
