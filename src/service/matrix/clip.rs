//! Copying cells and pasting them elsewhere. A whole column is pasted row by row, a whole row role by
//! role, a block from the cursor on; what is smaller than where it goes is repeated.

use std::collections::BTreeMap;

use super::act::{Outcome, Skip, Wish};
use super::board::Board;
use super::key::RowKey;
use crate::model::RoleId;
use crate::service::edit_roles::CellValue;

/// What was copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Some rows of some roles.
    Block,
    /// Whole rows.
    Rows,
    /// Whole columns.
    Columns,
}

/// Copied cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clip {
    shape: Shape,
    rows: Vec<RowKey>,
    roles: Vec<RoleId>,
    values: BTreeMap<(usize, usize), CellValue>,
}

impl Clip {
    /// How many rows and roles there are in it.
    #[must_use]
    pub fn size(&self) -> (usize, usize) {
        (self.rows.len(), self.roles.len())
    }

    /// What it is.
    #[must_use]
    pub fn shape(&self) -> Shape {
        self.shape
    }
}

impl Board {
    /// Copies cells with the draft, by the places of their rows and columns.
    #[must_use]
    pub fn copy(&self, shape: Shape, rows: &[usize], columns: &[usize]) -> Clip {
        let mut values = BTreeMap::new();
        for (down, row) in rows.iter().enumerate() {
            for (across, column) in columns.iter().enumerate() {
                if let Some(value) = self.value(*row, *column) {
                    values.insert((down, across), value);
                }
            }
        }
        Clip {
            shape,
            rows: rows.iter().filter_map(|row| self.matrix.rows.get(*row)).map(|row| row.key).collect(),
            roles: columns.iter().filter_map(|c| self.matrix.columns.get(*c)).map(super::Column::id).collect(),
            values,
        }
    }

    /// Pastes into these rows and columns: the places that are in view from the cursor on, or a
    /// range. Whole columns keep their rows, whole rows their roles.
    pub fn paste(&mut self, clip: &Clip, rows: &[usize], columns: &[usize]) -> Outcome {
        let (height, width) = clip.size();
        let mut outcome = Outcome::default();
        let mut wishes: BTreeMap<usize, Vec<Wish>> = BTreeMap::new();
        if height == 0 || width == 0 {
            return outcome;
        }
        // Where in the clip a row and a column of the board are found.
        let downs: Vec<(usize, usize)> = match clip.shape {
            Shape::Columns => {
                let place = |(down, key): (usize, &RowKey)| self.matrix.row_of(*key).map(|row| (row, down));
                clip.rows.iter().enumerate().filter_map(place).collect()
            }
            Shape::Rows | Shape::Block => rows.iter().enumerate().map(|(place, row)| (*row, place % height)).collect(),
        };
        let acrosses: Vec<(usize, usize)> = match clip.shape {
            Shape::Rows => {
                let place = |(across, role): (usize, &RoleId)| self.matrix.column_of(*role).map(|c| (c, across));
                clip.roles.iter().enumerate().filter_map(place).collect()
            }
            Shape::Columns | Shape::Block => {
                columns.iter().enumerate().map(|(place, column)| (*column, place % width)).collect()
            }
        };
        for (row, down) in &downs {
            let Some(at) = self.matrix.rows.get(*row) else { continue };
            for (column, across) in &acrosses {
                match clip.values.get(&(*down, *across)) {
                    // What something else decides isn't copied with a whole column or row.
                    Some(_) if at.elsewhere.is_some() && clip.shape != Shape::Block => {}
                    // Nor is what is there already.
                    Some(value) if self.value(*row, *column) == Some(*value) => {}
                    Some(value) if at.takes(*value) => wishes.entry(*column).or_default().push((*row, *value)),
                    _ => outcome.skip(Skip::Kind),
                }
            }
        }
        self.stage(&wishes, outcome)
    }
}
