//! Records: contacts, companies, deals, rows of custom objects.

use serde::{Deserialize, Serialize};

use super::ids::{FieldId, ObjectId, RecordId, UserId};
use super::value::Value;

/// A contact, a company, a deal, or a row of a custom object.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Its identity.
    pub id: RecordId,
    /// What it is a record of.
    pub object: ObjectId,
    /// Exactly one (000-11).
    pub owner: UserId,
    /// The built-in relationship "Assigned to" (R34), sorted, without repeats.
    pub assigned: Vec<UserId>,
    /// Sealed from everyone but its owner (R14).
    pub private: bool,
    /// Its name in another system, unique per object.
    pub external_id: Option<Box<str>>,
    /// The fields that aren't empty, sorted by field.
    pub values: Vec<(FieldId, Value)>,
}

impl Record {
    /// The value of a field, if it isn't empty.
    #[must_use]
    pub fn value(&self, field: FieldId) -> Option<&Value> {
        let position = self.values.binary_search_by_key(&field, |(id, _)| *id).ok()?;
        self.values.get(position).map(|(_, value)| value)
    }

    /// Sets or empties a field.
    pub fn set(&mut self, field: FieldId, value: Option<Value>) {
        match (self.values.binary_search_by_key(&field, |(id, _)| *id), value) {
            (Ok(position), Some(value)) => {
                if let Some(slot) = self.values.get_mut(position) {
                    slot.1 = value;
                }
            }
            (Ok(position), None) => {
                self.values.remove(position);
            }
            (Err(position), Some(value)) => self.values.insert(position, (field, value)),
            (Err(_), None) => {}
        }
    }
}
