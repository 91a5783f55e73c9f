//! What a record is called, the same wherever one is named: lists, titles, questions, the history.

use crate::model::{Field, Kind, Object};

/// The place of a field in its object, as far as it is about names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Naming {
    /// The object's first field, or the rest of a person's name.
    Names,
    /// It holds an address, by which people know a record that has no name.
    StandsIn,
    /// It doesn't name.
    Not,
}

impl Naming {
    /// What a field is among those of its object.
    pub(super) fn of(object: &Object, field: &Field) -> Self {
        let mut naming = object.fields.iter().take(2).enumerate();
        let names = naming.any(|(place, other)| other.id == field.id && (place == 0 || field.name.contains("Name")));
        match field.kind {
            _ if names => Self::Names,
            Kind::Email => Self::StandsIn,
            _ => Self::Not,
        }
    }
}

/// A record's name by its fields, in order: those that may be viewed, and of them the ones that
/// aren't empty. Nothing where only its ID is left to call it by.
pub(super) fn name_of<'a>(
    fields: impl Iterator<Item = (Naming, &'a Field)>,
    text: impl Fn(&Field) -> Option<String>,
) -> Option<String> {
    let (mut names, mut stands_in) = (Vec::new(), None);
    for (naming, field) in fields {
        match naming {
            Naming::Names => names.extend(text(field)),
            Naming::StandsIn if stands_in.is_none() => stands_in = text(field),
            Naming::StandsIn | Naming::Not => {}
        }
    }
    if names.is_empty() { stands_in } else { Some(names.join(" ")) }
}
