//! One cell as it is read: what it holds with the draft, what that comes to, where it comes from,
//! and whether it can be changed.

use super::board::Board;
use super::key::RowKey;
use super::rows::Elsewhere;
use crate::model::{FeatureValue, Scope, SectionAccess};
use crate::service::edit_roles::{CellValue, Verb};

/// Why a cell can't be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lock {
    /// The viewer may not change roles (003-32).
    ReadOnly,
    /// The role is one of the two that are locked (R6).
    LockedRole,
    /// It is the viewer's own role (R31).
    OwnRole,
    /// The role's type can never hold it (002-10…16, R9).
    Ceiling,
    /// Something else decides it.
    Elsewhere(Elsewhere),
    /// Access stays on while so many permissions of the area are on (003-29).
    HeldOn(usize),
}

/// What a cell's value comes to (R8, R9, R12).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Came {
    /// Just what is set.
    AsSet,
    /// The role's type can never hold it.
    Never,
    /// The area is off, so it counts for nothing.
    AreaOff,
    /// A Focused User's records only: owned or assigned.
    Focused,
    /// It asks for more than view: no further than this.
    Within(Scope),
    /// Nothing can be deleted, because the permission to delete isn't Yes.
    NoDelete,
    /// Something else decides it: this is what comes of it, where it can be said for the role.
    Elsewhere(Option<FeatureValue>),
}

/// One cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// What it holds, with the draft.
    pub value: CellValue,
    /// What that comes to.
    pub came: Came,
    /// What it held when it was staged, if it is.
    pub base: Option<CellValue>,
    /// What somebody else made of it meanwhile, where that is another thing than both.
    pub theirs: Option<CellValue>,
    /// Why it can't be changed.
    pub lock: Option<Lock>,
}

impl Board {
    /// One cell, with the draft.
    #[must_use]
    pub fn reading(&self, row: usize, column: usize) -> Option<Reading> {
        let (at, role) = (self.matrix().rows().get(row)?, self.role(column)?);
        let edit = self.staged().edit((role.id, at.key));
        let stored = at.key.value_in(&self.matrix().columns().get(column)?.role);
        Some(Reading {
            value: at.key.value_in(role),
            came: self.came(row, column),
            base: edit.map(|edit| edit.base),
            theirs: edit.filter(|edit| edit.base != stored).map(|_| stored),
            lock: self.lock(row, column),
        })
    }

    /// What a cell's value comes to.
    fn came(&self, row: usize, column: usize) -> Came {
        let (Some(row), Some(role), Some(rights)) =
            (self.matrix().rows().get(row), self.role(column), self.rights(column))
        else {
            return Came::AsSet;
        };
        match (row.key, row.key.value_in(role)) {
            (RowKey::Feature(id), value) => match row.elsewhere {
                Some(Elsewhere::Creating) => Came::Elsewhere(Some(rights.feature(id))),
                Some(Elsewhere::Person) => Came::Elsewhere(None),
                None if !row.ceiling.admits(role.role_type) => Came::Never,
                None if value != CellValue::Feature(rights.feature(id)) => Came::AreaOff,
                None => Came::AsSet,
            },
            (RowKey::Scope(object, verb), CellValue::Scope(scope)) => {
                let (reached, view) = (rights.object(object), role.scopes(object).view);
                let focused = role.role_type == crate::model::RoleType::Focused;
                match (verb, scope) {
                    (_, Scope::None) => Came::AsSet,
                    _ if !reached.access => Came::AreaOff,
                    (Verb::Delete, _) if reached.delete == Scope::None => Came::NoDelete,
                    _ if focused => Came::Focused,
                    (Verb::Edit | Verb::Delete, scope) if !view.contains(scope) => Came::Within(view),
                    _ => Came::AsSet,
                }
            }
            (RowKey::Section(object, _), CellValue::Section(access)) => {
                let off = access != SectionAccess::Hidden && !rights.object(object).access;
                if off { Came::AreaOff } else { Came::AsSet }
            }
            _ => Came::AsSet,
        }
    }

    /// Why a cell can't be changed, if it can't.
    #[must_use]
    pub fn lock(&self, row: usize, column: usize) -> Option<Lock> {
        let (at, role) = (self.matrix().rows().get(row)?, self.role(column)?);
        if let Some(elsewhere) = at.elsewhere {
            return Some(Lock::Elsewhere(elsewhere));
        }
        if let Some(lock) = self.matrix().columns().get(column)?.lock {
            return Some(lock);
        }
        let held = at.key.value_in(role);
        if !at.ceiling.admits(role.role_type) && held == CellValue::Feature(FeatureValue::No) {
            return Some(Lock::Ceiling);
        }
        let group = self.matrix().groups().get(at.group)?;
        let on = self.others_on(group, role);
        (group.access == Some(row) && held == CellValue::Feature(FeatureValue::Yes) && on > 0)
            .then_some(Lock::HeldOn(on))
    }
}
