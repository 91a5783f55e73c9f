//! A newer matrix under the same draft. Each staged cell remembers what it was based on: where
//! somebody else changed the very cell meanwhile, it is shown three ways and waits for a choice;
//! everything else goes together without a word (B7).

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Matrix;
use super::act::Outcome;
use super::board::Board;
use super::staged::{CellKey, Edit};
use crate::service::edit_roles::CellValue;

/// What became of a draft over a newer matrix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Merged {
    /// Staged cells whose role or permission is gone.
    pub gone: usize,
    /// Staged cells that somebody else set to the same value.
    pub agreed: usize,
    /// Cells that wait for a choice and did not before.
    pub conflicts: usize,
}

impl Board {
    /// Takes a newer matrix in; the draft is kept, cell by cell.
    pub fn merge(&mut self, newer: Matrix) -> Merged {
        let before: BTreeSet<_> =
            self.conflicts().into_iter().filter_map(|(row, column)| self.key(row, column)).collect();
        let mut merged = Merged::default();
        let stored = |(role, row): CellKey| {
            newer.row_of(row)?;
            newer.column_of(role).and_then(|column| newer.columns.get(column)).map(|column| row.value_in(&column.role))
        };
        let mut staged = std::mem::take(&mut self.staged);
        staged.retain(
            |key, edit| match stored(key) {
                None => {
                    merged.gone += 1;
                    false
                }
                Some(value) if value == edit.mine => {
                    merged.agreed += 1;
                    false
                }
                Some(_) => true,
            },
            |key| stored(key).is_some(),
        );
        *self = Self::with(Arc::new(newer), staged);
        let after = self.conflicts().into_iter().filter_map(|(row, column)| self.key(row, column));
        merged.conflicts = after.filter(|key| !before.contains(key)).count();
        merged
    }

    /// Forgets what was saved; what was staged since stays, based on what was saved. Whoever calls it
    /// takes in the matrix with it, before or after.
    pub fn saved(&mut self, sent: &[(CellKey, CellValue)]) {
        self.staged.saved(sent);
        let roles = sent.iter().map(|((role, _), _)| *role).collect();
        self.redo(&roles);
    }

    /// What a save sends: each staged cell with its value.
    #[must_use]
    pub fn sent(&self) -> Vec<(CellKey, CellValue)> {
        self.staged.edits().map(|(key, edit)| (key, edit.mine)).collect()
    }

    /// Keeps what is staged for a cell, over what somebody else made of it.
    pub fn keep_mine(&mut self, row: usize, column: usize) -> Outcome {
        let mut outcome = Outcome::default();
        let Some(key) = self.key(row, column) else { return outcome };
        let stored = self.matrix.columns.get(column).map(|stored| key.1.value_in(&stored.role));
        if let (Some(edit), Some(base)) = (self.staged.edit(key), stored) {
            outcome.changed = self.staged.act([(key, Some(Edit { base, ..edit }))]);
        }
        outcome
    }
}
