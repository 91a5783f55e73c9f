//! Identities. People, roles, objects, sections and fields are numbered densely, never reused and
//! never shown (SPEC R32): screens and files name them by email or name. Records carry a random
//! 64-bit identity, shown as thirteen characters.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

macro_rules! dense_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub struct $name(pub u32);

        impl $name {
            /// The position of this identity in a table that has one row for each.
            #[must_use]
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "#{}"), self.0)
            }
        }
    };
}

dense_id!(
    /// A person who signs in. Also the stable owner index that columns hold.
    UserId
);
dense_id!(
    /// A role.
    RoleId
);
dense_id!(
    /// A kind of record: contacts, companies, deals, or a custom object.
    ObjectId
);
dense_id!(
    /// A group of fields of an object.
    SectionId
);
dense_id!(
    /// A field of an object.
    FieldId
);
dense_id!(
    /// A Yes/No permission: one of the catalog's, or one of the account's own (SPEC R33).
    FeatureId
);

/// The three objects that every account has.
impl ObjectId {
    /// People outside the team.
    pub const CONTACTS: Self = Self(0);
    /// Organisations.
    pub const COMPANIES: Self = Self(1);
    /// Sales opportunities.
    pub const DEALS: Self = Self(2);
}

/// The two shipped dropdowns whose options are the account's customization (002-14, 004-22), by
/// identity, so that a new name doesn't change who may edit them.
impl FieldId {
    /// The Status of a contact.
    pub const STATUS: Self = Self(6);
    /// The Lead Source of a contact.
    pub const LEAD_SOURCE: Self = Self(7);

    /// Is it one of the two?
    #[must_use]
    pub fn is_customization(self) -> bool {
        [Self::STATUS, Self::LEAD_SOURCE].contains(&self)
    }
}

/// A record's identity: random, stable, never reused (SPEC part 4). The shown form is thirteen
/// characters of Crockford's base 32, whose order as text is the order of the numbers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RecordId(pub u64);

const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for place in (0..13).rev() {
            let digit = (self.0 >> (place * 5)) & 31;
            let letter = DIGITS.get(digit as usize).copied().unwrap_or(b'0');
            fmt::Write::write_char(f, char::from(letter))?;
        }
        Ok(())
    }
}

impl fmt::Debug for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RecordId({self})")
    }
}

/// The text is not a record's identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a record's ID is 13 letters and digits")]
pub struct NotARecordId;

impl FromStr for RecordId {
    type Err = NotARecordId;

    fn from_str(text: &str) -> Result<Self, NotARecordId> {
        if text.len() != 13 {
            return Err(NotARecordId);
        }
        let mut number: u64 = 0;
        for (place, letter) in text.bytes().enumerate() {
            let lower = letter.to_ascii_lowercase();
            let digit = DIGITS.iter().position(|d| *d == lower).ok_or(NotARecordId)? as u64;
            // 13 × 5 = 65 bits: the first digit may only be 0 to f.
            if place == 0 && digit > 15 {
                return Err(NotARecordId);
            }
            number = (number << 5) | digit;
        }
        Ok(Self(number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shown_id_reads_back_and_sorts_like_its_number() {
        let samples = [0, 1, 31, 32, 0x0123_4567_89ab_cdef, u64::MAX - 1, u64::MAX];
        for pair in samples.windows(2) {
            let (low, high) = (RecordId(pair[0]), RecordId(pair[1]));
            assert!(low.to_string() < high.to_string());
            assert_eq!(high.to_string().parse(), Ok(high));
        }
        assert_eq!("g000000000000".parse::<RecordId>(), Err(NotARecordId));
        assert_eq!("ünïcödé".parse::<RecordId>(), Err(NotARecordId));
    }
}
