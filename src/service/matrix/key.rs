//! Which cell of a role is meant: by identities, so that a cell stays the same one when a role, a
//! section or a permission is given another name meanwhile.

use crate::model::{FeatureId, FeatureValue, ObjectId, Role, Scopes, SectionAccess, SectionId, Team};
use crate::service::edit_roles::{Cell, CellValue, Verb};

/// What a row of the matrix sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RowKey {
    /// A feature.
    Feature(FeatureId),
    /// One of an object's three scopes.
    Scope(ObjectId, Verb),
    /// A section of an object's fields.
    Section(ObjectId, SectionId),
}

impl RowKey {
    /// The cell that names mean.
    ///
    /// # Errors
    /// What there is none of.
    pub(in crate::service) fn of(team: &Team, cell: &Cell) -> Result<Self, String> {
        let object = |key: &String| team.object_by_key(key).ok_or_else(|| format!("there is no object {key}"));
        match cell {
            Cell::Feature(key) => match team.catalog.by_key(key) {
                Some(feature) => Ok(Self::Feature(feature.id)),
                None => Err(format!("there is no permission {key}")),
            },
            Cell::Scope(key, verb) => Ok(Self::Scope(object(key)?.id, *verb)),
            Cell::Section(key, name) => {
                let object = object(key)?;
                match object.section_named(name) {
                    Some(section) => Ok(Self::Section(object.id, section.id)),
                    None => Err(format!("there is no section “{name}”")),
                }
            }
        }
    }

    /// What a role itself holds here, before ceilings.
    #[must_use]
    pub fn value_in(self, role: &Role) -> CellValue {
        match self {
            Self::Feature(id) => CellValue::Feature(role.feature(id)),
            Self::Scope(object, verb) => CellValue::Scope(verb.of(role.scopes(object))),
            Self::Section(_, section) => CellValue::Section(role.section(section)),
        }
    }

    /// Makes a role hold a value here; says whether the value is of the cell's kind.
    pub(in crate::service) fn put(self, role: &mut Role, value: CellValue) -> bool {
        match (self, value) {
            (Self::Feature(id), CellValue::Feature(FeatureValue::No)) => {
                role.features.remove(&id);
            }
            (Self::Feature(id), CellValue::Feature(value)) => {
                role.features.insert(id, value);
            }
            (Self::Scope(object, verb), CellValue::Scope(scope)) => {
                let mut scopes = role.scopes(object);
                *verb.of_mut(&mut scopes) = scope;
                if scopes == Scopes::UNLISTED {
                    role.scopes.remove(&object);
                } else {
                    role.scopes.insert(object, scopes);
                }
            }
            (Self::Section(_, section), CellValue::Section(SectionAccess::Edit)) => {
                role.sections.remove(&section);
            }
            (Self::Section(_, section), CellValue::Section(access)) => {
                role.sections.insert(section, access);
            }
            _ => return false,
        }
        true
    }
}
