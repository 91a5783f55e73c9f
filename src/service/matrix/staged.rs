//! What was staged: for each cell the value it was based on and the value it is to have. Plain data;
//! what may be staged at all is decided in `act`.

use std::collections::BTreeMap;

use super::key::RowKey;
use crate::model::{FeatureId, RoleId};
use crate::service::edit_roles::CellValue;

/// One staged cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edit {
    /// What the cell held when it was staged.
    pub base: CellValue,
    /// What it is to hold.
    pub mine: CellValue,
}

/// A cell, whatever its place on a screen.
pub type CellKey = (RoleId, RowKey);

/// One act of staging, to be taken back as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Act {
    before: Vec<(CellKey, Option<Edit>)>,
}

/// The staged cells, and the acts that staged them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Staged {
    edits: BTreeMap<CellKey, Edit>,
    acts: Vec<Act>,
}

/// So many acts can be taken back one by one.
const REMEMBERED: usize = 200;

impl Staged {
    /// Is nothing staged?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.edits.is_empty()
    }

    /// How many cells are staged.
    #[must_use]
    pub fn len(&self) -> usize {
        self.edits.len()
    }

    /// What is staged for a cell.
    #[must_use]
    pub fn edit(&self, key: CellKey) -> Option<Edit> {
        self.edits.get(&key).copied()
    }

    /// Every staged cell, role by role.
    pub fn edits(&self) -> impl Iterator<Item = (CellKey, Edit)> + '_ {
        self.edits.iter().map(|(key, edit)| (*key, *edit))
    }

    /// The staged cells of one role.
    pub fn of_role(&self, role: RoleId) -> impl Iterator<Item = (RowKey, Edit)> + '_ {
        let first = RowKey::Feature(FeatureId(0));
        let cells = self.edits.range((role, first)..(RoleId(role.0.saturating_add(1)), first));
        cells.map(|((_, row), edit)| (*row, *edit))
    }

    /// Can an act be taken back?
    #[must_use]
    pub fn can_undo(&self) -> bool {
        !self.acts.is_empty()
    }

    /// One act: each cell gets an edit, or none any more. Returns how many cells are different now.
    pub fn act(&mut self, cells: impl IntoIterator<Item = (CellKey, Option<Edit>)>) -> usize {
        let mut before = Vec::new();
        for (key, edit) in cells {
            // A cell that is to hold what it held is not staged.
            let edit = edit.filter(|edit| edit.base != edit.mine);
            let was = match edit {
                Some(edit) => self.edits.insert(key, edit),
                None => self.edits.remove(&key),
            };
            if was != edit {
                before.push((key, was));
            }
        }
        let different = before.len();
        if different > 0 {
            self.acts.push(Act { before });
            let excess = self.acts.len().saturating_sub(REMEMBERED);
            self.acts.drain(..excess);
        }
        different
    }

    /// Takes the last act back; returns the cells that it was about.
    pub fn undo(&mut self) -> Vec<CellKey> {
        let Some(act) = self.acts.pop() else { return Vec::new() };
        let mut cells = Vec::new();
        // Backwards, for a cell that the act met twice.
        for (key, edit) in act.before.into_iter().rev() {
            match edit {
                Some(edit) => self.edits.insert(key, edit),
                None => self.edits.remove(&key),
            };
            cells.push(key);
        }
        cells
    }

    /// What was saved is staged no more; what was staged over it since is based on it. What led there
    /// can't be taken back here any more.
    pub(super) fn saved(&mut self, sent: &[(CellKey, CellValue)]) {
        self.acts.clear();
        for (key, value) in sent {
            match self.edits.get_mut(key) {
                Some(edit) if edit.mine == *value => {
                    self.edits.remove(key);
                }
                Some(edit) => edit.base = *value,
                None => {}
            }
        }
    }

    /// Drops everything.
    pub fn clear(&mut self) {
        self.edits.clear();
        self.acts.clear();
    }

    /// Keeps the cells for which this is so, in the acts too; returns how many are gone.
    pub fn retain(&mut self, mut keep: impl FnMut(CellKey, Edit) -> bool, exists: impl Fn(CellKey) -> bool) -> usize {
        let before = self.edits.len();
        self.edits.retain(|key, edit| keep(*key, *edit));
        for act in &mut self.acts {
            act.before.retain(|(key, _)| exists(*key));
        }
        self.acts.retain(|act| !act.before.is_empty());
        before - self.edits.len()
    }
}
