//! A matrix with a draft over it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Matrix;
use super::key::RowKey;
use super::rows::Group;
use super::staged::Staged;
use crate::authz::RoleRights;
use crate::model::{FeatureValue, Role, RoleId};
use crate::service::edit_roles::{CellValue, RoleChange};

/// A matrix and what was staged over it. Each role is there as the draft would make it.
#[derive(Debug, Clone)]
pub struct Board {
    pub(super) matrix: Arc<Matrix>,
    pub(super) staged: Staged,
    pub(super) now: Vec<Now>,
}

/// One role with the draft.
#[derive(Debug, Clone)]
pub(super) struct Now {
    pub(super) role: Arc<Role>,
    pub(super) rights: Arc<RoleRights>,
}

impl Board {
    /// A matrix with nothing staged.
    #[must_use]
    pub fn new(matrix: Matrix) -> Self {
        Self::with(Arc::new(matrix), Staged::default())
    }

    pub(super) fn with(matrix: Arc<Matrix>, staged: Staged) -> Self {
        let mut board = Self { matrix, staged, now: Vec::new() };
        board.now = board
            .matrix
            .columns
            .iter()
            .map(|column| Now { role: Arc::clone(&column.role), rights: Arc::clone(&column.rights) })
            .collect();
        let roles: BTreeSet<RoleId> = board.staged.edits().map(|((role, _), _)| role).collect();
        board.redo(&roles);
        board
    }

    /// The matrix below.
    #[must_use]
    pub fn matrix(&self) -> &Arc<Matrix> {
        &self.matrix
    }

    /// What is staged.
    #[must_use]
    pub fn staged(&self) -> &Staged {
        &self.staged
    }

    /// A role as the draft would make it.
    pub(super) fn role(&self, column: usize) -> Option<&Arc<Role>> {
        self.now.get(column).map(|now| &now.role)
    }

    /// What a role would come to.
    pub(super) fn rights(&self, column: usize) -> Option<&RoleRights> {
        self.now.get(column).map(|now| now.rights.as_ref())
    }

    /// What a cell holds, with the draft.
    #[must_use]
    pub fn value(&self, row: usize, column: usize) -> Option<CellValue> {
        Some(self.matrix.rows.get(row)?.key.value_in(self.role(column)?))
    }

    /// Works out anew what these roles are with the draft.
    pub(super) fn redo(&mut self, roles: &BTreeSet<RoleId>) {
        for (place, column) in self.matrix.columns.iter().enumerate().filter(|(_, c)| roles.contains(&c.id())) {
            let mut role = Role::clone(&column.role);
            for (row, edit) in self.staged.of_role(role.id) {
                row.put(&mut role, edit.mine);
            }
            let rights = if role == *column.role {
                Arc::clone(&column.rights)
            } else {
                Arc::new(self.matrix.snapshot.role_rights(&role))
            };
            if let Some(now) = self.now.get_mut(place) {
                *now = Now { role: Arc::new(role), rights };
            }
        }
    }

    /// How many permissions of a group are on in a role, its access apart (003-29).
    pub(super) fn others_on(&self, group: &Group, role: &Role) -> usize {
        let rows = self.matrix.rows.get(group.rows.clone()).unwrap_or_default();
        let access = group.access.and_then(|row| self.matrix.rows.get(row)).map(|row| row.key);
        rows.iter()
            .filter(|row| Some(row.key) != access && row.elsewhere.is_none())
            .filter(|row| matches!(row.key.value_in(role), CellValue::Feature(v) if v != FeatureValue::No))
            .count()
    }

    /// The cells that somebody else changed meanwhile to another thing than what is staged.
    #[must_use]
    pub fn conflicts(&self) -> Vec<(usize, usize)> {
        let mut found: Vec<(usize, usize)> = self
            .staged
            .edits()
            .filter_map(|((role, row), edit)| {
                let (row, column) = (self.matrix.row_of(row)?, self.matrix.column_of(role)?);
                let stored = self.matrix.rows.get(row)?.key.value_in(&self.matrix.columns.get(column)?.role);
                (stored != edit.base).then_some((row, column))
            })
            .collect();
        found.sort_unstable();
        found
    }

    /// The places of the staged cells, from the top.
    #[must_use]
    pub fn places(&self) -> Vec<(usize, usize)> {
        let place = |((role, row), _)| Some((self.matrix.row_of(row)?, self.matrix.column_of(role)?));
        let mut found: Vec<(usize, usize)> = self.staged.edits().filter_map(place).collect();
        found.sort_unstable();
        found
    }

    /// What is staged, role by role, as it is saved: the staged cells alone, each with what it held,
    /// so that two people's edits of one role go together and nobody's is written over unseen.
    #[must_use]
    pub fn changes(&self) -> BTreeMap<String, RoleChange> {
        let mut changes: BTreeMap<String, RoleChange> = BTreeMap::new();
        for ((role, key), edit) in self.staged.edits() {
            let column = self.matrix.column_of(role).and_then(|column| self.matrix.columns.get(column));
            let row = self.matrix.row_of(key).and_then(|row| self.matrix.rows.get(row));
            if let (Some(column), Some(row)) = (column, row) {
                let change = changes.entry(column.name().to_owned()).or_default();
                change.cells.push((row.cell.clone(), edit.mine));
                change.expected.push((row.cell.clone(), edit.base));
            }
        }
        changes
    }

    /// The key of a cell.
    pub(super) fn key(&self, row: usize, column: usize) -> Option<(RoleId, RowKey)> {
        Some((self.matrix.columns.get(column)?.id(), self.matrix.rows.get(row)?.key))
    }

    /// Do these roles differ in a row?
    #[must_use]
    pub fn differs(&self, row: usize, columns: &[usize]) -> bool {
        let mut values = columns.iter().filter_map(|column| self.value(row, *column));
        let first = values.next();
        values.any(|value| Some(value) != first)
    }
}
