//! Version 1 of records and their values. Rows are many: this is lean.

use serde::de::{self, SeqAccess, Visitor};
use serde::ser::SerializeTuple as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::CodecError;
use crate::model::{Day, FieldId, ObjectId, OptionId, Record, RecordId, UserId, Value};

/// A record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecordV1 {
    id: u64,
    object: u32,
    owner: u32,
    assigned: Vec<u32>,
    private: bool,
    external_id: Option<Box<str>>,
    values: Vec<(u32, ValueV1)>,
}

/// A value: its number, then what that number holds.
#[derive(Debug, Clone, PartialEq)]
pub enum ValueV1 {
    /// 1
    Text(Box<str>),
    /// 2
    Number(f64),
    /// 3
    Money(i64),
    /// 4
    Date(i32),
    /// 5
    YesNo(bool),
    /// 6
    Option(u16),
}

impl Serialize for ValueV1 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut pair = serializer.serialize_tuple(2)?;
        match self {
            Self::Text(text) => (pair.serialize_element(&1_u8)?, pair.serialize_element(text)?),
            Self::Number(number) => (pair.serialize_element(&2_u8)?, pair.serialize_element(number)?),
            Self::Money(hundredths) => (pair.serialize_element(&3_u8)?, pair.serialize_element(hundredths)?),
            Self::Date(day) => (pair.serialize_element(&4_u8)?, pair.serialize_element(day)?),
            Self::YesNo(yes) => (pair.serialize_element(&5_u8)?, pair.serialize_element(yes)?),
            Self::Option(option) => (pair.serialize_element(&6_u8)?, pair.serialize_element(option)?),
        };
        pair.end()
    }
}

impl<'de> Deserialize<'de> for ValueV1 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pair;
        impl<'de> Visitor<'de> for Pair {
            type Value = ValueV1;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a value's number and contents")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut pair: A) -> Result<ValueV1, A::Error> {
                fn second<'de, T: Deserialize<'de>, A: SeqAccess<'de>>(pair: &mut A) -> Result<T, A::Error> {
                    pair.next_element()?.ok_or_else(|| de::Error::invalid_length(1, &"a value's contents"))
                }
                Ok(match second::<u8, A>(&mut pair)? {
                    1 => ValueV1::Text(second(&mut pair)?),
                    2 => ValueV1::Number(second(&mut pair)?),
                    3 => ValueV1::Money(second(&mut pair)?),
                    4 => ValueV1::Date(second(&mut pair)?),
                    5 => ValueV1::YesNo(second(&mut pair)?),
                    6 => ValueV1::Option(second(&mut pair)?),
                    other => return Err(de::Error::custom(format!("there is no value {other}"))),
                })
            }
        }
        deserializer.deserialize_tuple(2, Pair)
    }
}

/// A value's size, more or less.
pub fn weight(value: &Value) -> usize {
    match value {
        Value::Text(text) => text.len() + 8,
        _ => 12,
    }
}

impl From<&Value> for ValueV1 {
    fn from(value: &Value) -> Self {
        match value {
            Value::Text(text) => Self::Text(text.clone()),
            Value::Number(number) => Self::Number(*number),
            Value::Money(hundredths) => Self::Money(*hundredths),
            Value::Date(day) => Self::Date(day.0),
            Value::YesNo(yes) => Self::YesNo(*yes),
            Value::Option(option) => Self::Option(option.0),
        }
    }
}

impl From<ValueV1> for Value {
    fn from(value: ValueV1) -> Self {
        match value {
            ValueV1::Text(text) => Self::Text(text),
            ValueV1::Number(number) => Self::Number(number),
            ValueV1::Money(hundredths) => Self::Money(hundredths),
            ValueV1::Date(day) => Self::Date(Day(day)),
            ValueV1::YesNo(yes) => Self::YesNo(yes),
            ValueV1::Option(option) => Self::Option(OptionId(option)),
        }
    }
}

impl From<&Record> for RecordV1 {
    fn from(record: &Record) -> Self {
        Self {
            id: record.id.0,
            object: record.object.0,
            owner: record.owner.0,
            assigned: record.assigned.iter().map(|user| user.0).collect(),
            private: record.private,
            external_id: record.external_id.clone(),
            values: record.values.iter().map(|(field, value)| (field.0, value.into())).collect(),
        }
    }
}

impl TryFrom<RecordV1> for Record {
    type Error = CodecError;

    fn try_from(record: RecordV1) -> Result<Self, CodecError> {
        Ok(Self {
            id: RecordId(record.id),
            object: ObjectId(record.object),
            owner: UserId(record.owner),
            assigned: record.assigned.into_iter().map(UserId).collect(),
            private: record.private,
            external_id: record.external_id,
            values: record.values.into_iter().map(|(field, value)| (FieldId(field), value.into())).collect(),
        })
    }
}
