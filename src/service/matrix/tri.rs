//! The heading of a group in one role: all of it, some of it, nothing (003-28).

use super::board::Board;
use crate::model::{FeatureValue, SectionAccess};
use crate::service::edit_roles::CellValue;

/// How much of a group a role has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tri {
    /// How many are wholly on: Yes, or view and edit.
    pub on: usize,
    /// How many are on in some way: On request, or view, too.
    pub some: usize,
    /// How many there are that the role could have.
    pub of: usize,
}

impl Tri {
    /// Everything is on.
    #[must_use]
    pub fn is_all(self) -> bool {
        self.of > 0 && self.on == self.of
    }

    /// Nothing is on.
    #[must_use]
    pub fn is_none(self) -> bool {
        self.some == 0
    }
}

impl Board {
    /// How much of a group a role has, with the draft. Scopes count neither way: they say whose, not
    /// whether.
    #[must_use]
    pub fn tri(&self, group: usize, column: usize) -> Tri {
        let mut tri = Tri { on: 0, some: 0, of: 0 };
        let (Some(group), Some(role)) = (self.matrix().groups().get(group), self.role(column)) else { return tri };
        for row in self.matrix().rows().get(group.rows.clone()).unwrap_or_default() {
            if row.elsewhere.is_some() || !row.ceiling.admits(role.role_type) {
                continue;
            }
            let (on, some) = match row.key.value_in(role) {
                CellValue::Feature(value) => (value == FeatureValue::Yes, value != FeatureValue::No),
                CellValue::Section(access) => (access == SectionAccess::Edit, access != SectionAccess::Hidden),
                CellValue::Scope(_) => continue,
            };
            tri.on += usize::from(on);
            tri.some += usize::from(some);
            tri.of += 1;
        }
        tri
    }
}
