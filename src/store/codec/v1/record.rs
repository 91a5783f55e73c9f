//! Version 1 of records and their values. Rows are many: this is lean.

use serde::de::{self, SeqAccess, Visitor};
use serde::ser::{SerializeStruct as _, SerializeTuple as _};
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
        match self {
            Self::Text(text) => pair(serializer, 1, text),
            Self::Number(number) => pair(serializer, 2, number),
            Self::Money(hundredths) => pair(serializer, 3, hundredths),
            Self::Date(day) => pair(serializer, 4, day),
            Self::YesNo(yes) => pair(serializer, 5, yes),
            Self::Option(option) => pair(serializer, 6, option),
        }
    }
}

fn pair<S: Serializer>(serializer: S, number: u8, holds: &(impl Serialize + ?Sized)) -> Result<S::Ok, S::Error> {
    let mut pair = serializer.serialize_tuple(2)?;
    pair.serialize_element(&number)?;
    pair.serialize_element(holds)?;
    pair.end()
}

/// A record as [`RecordV1`] writes it, without being copied first: rows are many.
pub struct Lean<'a>(pub &'a Record);

impl Serialize for Lean<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        struct Values<'a>(&'a [(FieldId, Value)]);
        struct One<'a>(&'a Value);
        impl Serialize for Values<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_seq(self.0.iter().map(|(field, value)| (field.0, One(value))))
            }
        }
        impl Serialize for One<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self.0 {
                    Value::Text(text) => pair(serializer, 1, text),
                    Value::Number(number) => pair(serializer, 2, number),
                    Value::Money(hundredths) => pair(serializer, 3, hundredths),
                    Value::Date(day) => pair(serializer, 4, &day.0),
                    Value::YesNo(yes) => pair(serializer, 5, yes),
                    Value::Option(option) => pair(serializer, 6, &option.0),
                }
            }
        }
        struct People<'a>(&'a [UserId]);
        impl Serialize for People<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_seq(self.0.iter().map(|user| user.0))
            }
        }
        let Record { id, object, owner, assigned, private, external_id, values } = self.0;
        let mut record = serializer.serialize_struct("RecordV1", 7)?;
        record.serialize_field("id", &id.0)?;
        record.serialize_field("object", &object.0)?;
        record.serialize_field("owner", &owner.0)?;
        record.serialize_field("assigned", &People(assigned))?;
        record.serialize_field("private", private)?;
        record.serialize_field("external_id", external_id)?;
        record.serialize_field("values", &Values(values))?;
        record.end()
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
