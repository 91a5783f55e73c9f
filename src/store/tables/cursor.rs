//! Cursors: where a page ended, as a sort value and an ID (R32), so that they hold nothing that
//! their reader hasn't seen, and go on at the right place whatever changed in between.

use std::fmt;
use std::str::FromStr;

use data_encoding::BASE64URL_NOPAD;

use crate::model::text::fold;
use crate::model::{Object, RecordId};

use super::query::{QueryError, SortBy};

/// A sort value by itself.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum SortValue {
    Empty,
    /// Folded text; also a dropdown's label and an owner's email.
    Text(String),
    Float(f64),
    Int(i64),
}

/// A place in a list. Its text is opaque; a changed one is refused.
#[derive(Debug, Clone, PartialEq)]
pub struct Cursor {
    value: SortValue,
    id: RecordId,
    /// Of the list's object and order, and of the place.
    check: [u8; 8],
}

impl Cursor {
    pub(super) fn new(list: &str, value: SortValue, id: RecordId) -> Self {
        let check = check(list, &value, id);
        Self { value, id, check }
    }

    /// The place, if the cursor is of this list.
    pub(super) fn place(&self, list: &str) -> Result<(&SortValue, RecordId), QueryError> {
        if check(list, &self.value, self.id) == self.check {
            Ok((&self.value, self.id))
        } else {
            Err(QueryError::Cursor)
        }
    }
}

/// Names a list's order. Shown names only: numbers of fields are nobody's business (R32).
pub(super) fn list_name(object: &Object, by: SortBy, descending: bool) -> String {
    let direction = if descending { "down" } else { "up" };
    let name = match by {
        SortBy::Id => "id".to_owned(),
        SortBy::Owner => "owner".to_owned(),
        SortBy::ExternalId => "external_id".to_owned(),
        SortBy::Field(id) => format!("field {}", object.field(id).map_or_else(String::new, |field| fold(&field.name))),
    };
    format!("{}\n{direction}\n{name}", object.key)
}

fn bytes(value: &SortValue, id: RecordId) -> Vec<u8> {
    let mut bytes = id.0.to_be_bytes().to_vec();
    match value {
        SortValue::Empty => bytes.push(0),
        SortValue::Text(text) => {
            bytes.push(1);
            bytes.extend_from_slice(text.as_bytes());
        }
        SortValue::Float(number) => {
            bytes.push(2);
            bytes.extend_from_slice(&number.to_be_bytes());
        }
        SortValue::Int(number) => {
            bytes.push(3);
            bytes.extend_from_slice(&number.to_be_bytes());
        }
    }
    bytes
}

fn check(list: &str, value: &SortValue, id: RecordId) -> [u8; 8] {
    let mut hasher = blake3::Hasher::new_derive_key("rolecall list cursor 1");
    hasher.update(&bytes(value, id));
    hasher.update(&[0xFF]);
    hasher.update(list.as_bytes());
    let mut check = [0; 8];
    hasher.finalize_xof().fill(&mut check);
    check
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut all = self.check.to_vec();
        all.extend(bytes(&self.value, self.id));
        f.write_str(&BASE64URL_NOPAD.encode(&all))
    }
}

impl FromStr for Cursor {
    type Err = QueryError;

    fn from_str(text: &str) -> Result<Self, QueryError> {
        let all = BASE64URL_NOPAD.decode(text.trim().as_bytes()).map_err(|_| QueryError::Cursor)?;
        let (check, rest) = all.split_first_chunk::<8>().ok_or(QueryError::Cursor)?;
        let (id, rest) = rest.split_first_chunk::<8>().ok_or(QueryError::Cursor)?;
        let (tag, rest) = rest.split_first().ok_or(QueryError::Cursor)?;
        let eight = || <[u8; 8]>::try_from(rest).map_err(|_| QueryError::Cursor);
        let value = match tag {
            0 if rest.is_empty() => SortValue::Empty,
            1 => SortValue::Text(String::from_utf8(rest.to_vec()).map_err(|_| QueryError::Cursor)?),
            2 => {
                SortValue::Float(Some(f64::from_be_bytes(eight()?)).filter(|n| !n.is_nan()).ok_or(QueryError::Cursor)?)
            }
            3 => SortValue::Int(i64::from_be_bytes(eight()?)),
            _ => return Err(QueryError::Cursor),
        };
        Ok(Self { value, id: RecordId(u64::from_be_bytes(*id)), check: *check })
    }
}
