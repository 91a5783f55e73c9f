//! The permission matrix: every permission down, every role across, with what each cell comes to and
//! why, and a draft of changes over it (B7).
//!
//! A [`Matrix`] is one generation as somebody may see it. A [`Board`] is a matrix with the cells that
//! were staged over it: nothing applies before it is saved (000-29). A board is a plain value: it
//! stages, undoes, copies and pastes, and takes in a newer matrix cell by cell, without asking
//! anything of a store.

mod act;
mod board;
mod brush;
mod clip;
mod explain;
mod key;
mod line;
mod merge;
mod reading;
mod rows;
mod sketch;
mod staged;
mod tri;

#[cfg(test)]
mod random_tests;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::Arc;

use crate::authz::{RoleRights, Snapshot, Subject};
use crate::model::catalog::features;
use crate::model::{Role, RoleId, RoleType};

use super::error::ServiceError;
use super::session::Session;

pub use act::{Outcome, Skip};
pub use board::Board;
pub use brush::Brush;
pub use clip::{Clip, Shape};
pub use explain::{Explained, OptionView};
pub use key::RowKey;
pub use line::{LineError, Wishes};
pub use merge::Merged;
pub use reading::{Came, Lock, Reading};
pub use rows::{Elsewhere, Group, Row};
pub use staged::{CellKey, Edit, Staged};
pub use tri::Tri;

/// Everything that roles permit, at one generation, as somebody may see it.
#[derive(Debug, Clone)]
pub struct Matrix {
    snapshot: Arc<Snapshot>,
    subject: Subject,
    groups: Vec<Group>,
    rows: Vec<Row>,
    columns: Vec<Column>,
    row_at: HashMap<RowKey, usize>,
    column_at: HashMap<RoleId, usize>,
    may_edit: bool,
}

/// One role.
#[derive(Debug, Clone)]
pub struct Column {
    role: Arc<Role>,
    rights: Arc<RoleRights>,
    /// Why none of its cells can be changed by the viewer.
    pub lock: Option<Lock>,
}

impl Column {
    /// Which role.
    #[must_use]
    pub fn id(&self) -> RoleId {
        self.role.id
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.role.name
    }

    /// Is it one of the two that nobody changes (R6)?
    #[must_use]
    pub fn is_locked(&self) -> bool {
        self.role.is_locked()
    }

    /// Its type.
    #[must_use]
    pub fn role_type(&self) -> RoleType {
        self.role.role_type
    }
}

impl Matrix {
    /// The groups of rows, in order.
    #[must_use]
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// The rows, in order.
    #[must_use]
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The roles: what shipped first, then the account's own in their order (003-33).
    #[must_use]
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// May the viewer change roles at all?
    #[must_use]
    pub fn may_edit(&self) -> bool {
        self.may_edit
    }

    /// The column of a role.
    #[must_use]
    pub fn column_of(&self, role: RoleId) -> Option<usize> {
        self.column_at.get(&role).copied()
    }

    /// The row that sets something.
    #[must_use]
    pub fn row_of(&self, key: RowKey) -> Option<usize> {
        self.row_at.get(&key).copied()
    }

    fn may_change(&self, was: RoleId, is: &Role) -> Result<(), String> {
        self.snapshot.may_change_role(self.subject, was, is).map_err(|denied| match denied {
            crate::authz::Denied::Forbidden(refusals) | crate::authz::Denied::Invalid(refusals) => {
                refusals.first().map(|refusal| refusal.text.clone()).unwrap_or_default()
            }
            crate::authz::Denied::Absent => denied.to_string(),
        })
    }
}

impl Matrix {
    /// The matrix of one generation for whoever looks. Everybody signed in may read it (003-32);
    /// sections that the viewer may not see are in it for those who manage roles alone (R32).
    pub(super) fn of(snapshot: &Arc<Snapshot>, subject: Subject) -> Self {
        let team = snapshot.team();
        let may_edit = snapshot.holds(subject, features::ROLES_MANAGE);
        let sees = |object: &crate::model::Object, place: usize| {
            object.sections.get(place).is_some_and(|section| snapshot.may_name(subject, object.id, section.id))
        };
        let (groups, rows) = rows::rows(team, &sees);
        let mine = match subject {
            Subject::User(user) => team.users.get(&user).map(|user| user.role),
            Subject::Operator => None,
        };
        let mut roles: Vec<&Arc<Role>> = team.roles.values().collect();
        roles.sort_by_key(|role| (role.shipped.is_none(), role.order, role.id));
        let column = |role: &Arc<Role>| Column {
            role: Arc::clone(role),
            rights: Arc::new(snapshot.role_rights(role)),
            lock: match () {
                () if !may_edit => Some(Lock::ReadOnly),
                () if role.is_locked() => Some(Lock::LockedRole),
                () if mine == Some(role.id) => Some(Lock::OwnRole),
                () => None,
            },
        };
        let columns: Vec<Column> = roles.into_iter().map(column).collect();
        let row_at = rows.iter().enumerate().map(|(place, row)| (row.key, place)).collect();
        let column_at = columns.iter().enumerate().map(|(place, column)| (column.id(), place)).collect();
        let snapshot = Arc::clone(snapshot);
        Self { snapshot, subject, groups, rows, columns, row_at, column_at, may_edit }
    }
}

impl Session {
    /// The permission matrix, as the viewer may see it.
    ///
    /// # Errors
    /// None at present; the store may be asked in time.
    pub fn matrix(&self) -> Result<Matrix, ServiceError> {
        Ok(Matrix::of(self.view().snapshot(), self.subject()))
    }

    /// The matrix, where the rules or the viewer are others than those of a known one: records come
    /// and go without changing it.
    ///
    /// # Errors
    /// As [`Session::matrix`].
    pub fn matrix_after(&self, known: &Matrix) -> Result<Option<Matrix>, ServiceError> {
        let same = Arc::ptr_eq(self.view().snapshot(), &known.snapshot) && self.subject() == known.subject;
        if same { Ok(None) } else { self.matrix().map(Some) }
    }
}
