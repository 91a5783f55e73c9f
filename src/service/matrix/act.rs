//! Staging: what may be staged is, what may not is left as it is and counted. One act can touch any
//! number of cells, and is taken back as one.

use std::collections::{BTreeMap, BTreeSet};

use super::board::Board;
use super::brush::Brush;
use super::reading::Lock;
use super::rows::{Group, Row};
use super::staged::{CellKey, Edit};
use crate::model::{FeatureValue, Role, Scope};
use crate::service::edit_roles::CellValue;

/// Why a cell was left as it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Skip {
    /// The value isn't one of the cell's kind.
    Kind,
    /// The cell is locked.
    Locked,
    /// Access stays on while something in the area is on (003-29).
    HeldOn,
    /// The viewer may not give it (R31): why not.
    NotHeld(String),
}

/// What an act did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// How many cells are staged otherwise than before.
    pub changed: usize,
    /// How many of them are accesses that came along (003-29).
    pub linked: usize,
    /// What was left as it is, and why.
    pub skipped: BTreeMap<Skip, usize>,
    /// The first lock that was met.
    pub lock: Option<Lock>,
}

impl Outcome {
    pub(super) fn skip(&mut self, why: Skip) {
        *self.skipped.entry(why).or_default() += 1;
    }

    /// How many cells were left as they are.
    #[must_use]
    pub fn left(&self) -> usize {
        self.skipped.values().sum()
    }
}

/// A cell, and the value that it is to have.
pub type Wish = (usize, CellValue);

impl Board {
    /// Paints cells: rows and columns by their places.
    pub fn paint(&mut self, cells: impl IntoIterator<Item = (usize, usize)>, brush: Brush) -> Outcome {
        let mut outcome = Outcome::default();
        let mut wishes: BTreeMap<usize, Vec<Wish>> = BTreeMap::new();
        for (row, column) in cells {
            match self.matrix.rows.get(row).and_then(|row| brush.on(row)) {
                Some(value) => wishes.entry(column).or_default().push((row, value)),
                None => outcome.skip(Skip::Kind),
            }
        }
        self.stage(&wishes, outcome)
    }

    /// Paints whole groups (001-10): the permissions of each, as far as the brush fits them. What
    /// something else decides is no part of it.
    pub fn paint_groups(&mut self, groups: &[usize], columns: &[usize], brush: Brush) -> Outcome {
        let ranges = groups.iter().filter_map(|group| self.matrix.groups.get(*group)).map(|group| group.rows.clone());
        self.paint_areas(&ranges.flatten().collect::<Vec<_>>(), columns, brush)
    }

    /// The same for the rows of groups that are in view: what isn't seen isn't painted.
    pub fn paint_areas(&mut self, rows: &[usize], columns: &[usize], brush: Brush) -> Outcome {
        let mut wishes: BTreeMap<usize, Vec<Wish>> = BTreeMap::new();
        let mut outcome = Outcome::default();
        for row in rows.iter().copied() {
            let Some(at) = self.matrix.rows.get(row).filter(|row| row.elsewhere.is_none()) else { continue };
            // On and off are a matter of the permissions; whose records is set by itself.
            let is_scope = matches!(at.values.first(), Some((CellValue::Scope(_), _)));
            let switches = matches!(brush, Brush::Yes | Brush::No | Brush::Request);
            let Some(value) = brush.on(at).filter(|_| !(is_scope && switches)) else { continue };
            for column in columns {
                let Some(role) = self.role(*column) else { continue };
                let void =
                    value != CellValue::Feature(FeatureValue::No) || self.lock(row, *column) == Some(Lock::Ceiling);
                if !at.ceiling.admits(role.role_type) && void {
                    continue;
                }
                wishes.entry(*column).or_default().push((row, value));
            }
        }
        if wishes.is_empty() {
            outcome.skip(Skip::Kind);
        }
        self.stage(&wishes, outcome)
    }

    /// Stages wishes, column by column, as one act.
    pub(super) fn stage(&mut self, wishes: &BTreeMap<usize, Vec<Wish>>, mut outcome: Outcome) -> Outcome {
        let mut edits: Vec<(CellKey, Option<Edit>)> = Vec::new();
        for (column, wishes) in wishes {
            self.stage_column(*column, wishes, &mut edits, &mut outcome);
        }
        let roles: BTreeSet<_> = edits.iter().map(|((role, _), _)| *role).collect();
        outcome.changed = self.staged.act(edits);
        self.redo(&roles);
        outcome
    }

    fn stage_column(
        &self,
        column: usize,
        wishes: &[Wish],
        edits: &mut Vec<(CellKey, Option<Edit>)>,
        outcome: &mut Outcome,
    ) {
        let (Some(role), Some(stored)) = (self.role(column), self.matrix.columns.get(column)) else { return };
        let mut possible = Vec::new();
        for (row, value) in wishes {
            match self.obstacle(*row, column, *value) {
                None => possible.push((*row, *value)),
                Some((why, lock)) => {
                    outcome.lock = outcome.lock.or(lock);
                    outcome.skip(why);
                }
            }
        }
        let mut draft = self.drafted(role, &possible);
        if self.matrix.may_change(role.id, &draft.role).is_err() {
            draft = self.one_by_one(role, &possible, outcome);
        }
        for _ in &draft.refused {
            outcome.lock = outcome.lock.or(Some(Lock::HeldOn(1)));
            outcome.skip(Skip::HeldOn);
        }
        outcome.linked += draft.linked.len();
        for row in possible.iter().map(|(row, _)| *row).chain(draft.linked) {
            let (Some(at), Some(key)) = (self.matrix.rows.get(row), self.key(row, column)) else { continue };
            let (held, mine) = (at.key.value_in(&stored.role), at.key.value_in(&draft.role));
            let base = self.staged.edit(key).map_or(held, |edit| edit.base);
            // What somebody else made of it meanwhile is either what is asked for now, or is chosen
            // against by going back to what was there before.
            let base = if mine == base { held } else { base };
            edits.push((key, Some(Edit { base, mine }).filter(|_| mine != held)));
        }
    }

    /// Where not all of it may be given: as much as may, cell by cell.
    fn one_by_one(&self, role: &Role, wishes: &[Wish], outcome: &mut Outcome) -> Draft {
        let mut kept = Draft::of(role);
        for wish in wishes {
            let next = self.drafted(&kept.role, &[*wish]);
            match self.matrix.may_change(role.id, &next.role) {
                Ok(()) => kept.take(next),
                Err(why) => outcome.skip(Skip::NotHeld(why)),
            }
        }
        kept
    }

    /// Why a cell can't have a value, whoever gives it.
    fn obstacle(&self, row: usize, column: usize, value: CellValue) -> Option<(Skip, Option<Lock>)> {
        let at = self.matrix.rows.get(row)?;
        match self.lock(row, column) {
            // Whether access may go is seen once the whole act is known.
            None | Some(Lock::HeldOn(_)) => {}
            lock => return Some((Skip::Locked, lock)),
        }
        let void = !at.ceiling.admits(self.role(column)?.role_type) && value != CellValue::Feature(FeatureValue::No);
        if void {
            return Some((Skip::Locked, Some(Lock::Ceiling)));
        }
        (!at.takes(value)).then_some((Skip::Kind, None))
    }

    /// A role with wishes put into it, and what 003-29 asks for: while something in an area is on,
    /// its access is.
    fn drafted(&self, role: &Role, wishes: &[Wish]) -> Draft {
        let mut draft = Draft::of(role);
        let mut groups: BTreeMap<usize, bool> = BTreeMap::new();
        for (row, value) in wishes {
            let Some(at) = self.matrix.rows.get(*row) else { continue };
            at.key.put(&mut draft.role, *value);
            *groups.entry(at.group).or_default() |= turns_on(at, *value);
        }
        for (group, turned_on) in groups {
            let Some(group) = self.matrix.groups.get(group) else { continue };
            let Some((access, at)) = access(self, group) else { continue };
            let yes = CellValue::Feature(FeatureValue::Yes);
            if at.key.value_in(&draft.role) == yes {
                continue;
            }
            let was_on = at.key.value_in(role) == yes;
            let asked_off = wishes.iter().any(|(row, _)| *row == access);
            if was_on && self.others_on(group, &draft.role) > 0 {
                // It was to go, alone.
                at.key.put(&mut draft.role, yes);
                draft.refused.push(access);
            } else if turned_on && !asked_off {
                at.key.put(&mut draft.role, yes);
                draft.linked.push(access);
            }
        }
        draft
    }

    /// Takes cells out of the draft; an access that staged permissions need stays (003-29).
    pub fn unstage(&mut self, cells: &[(usize, usize)]) -> Outcome {
        let mut outcome = Outcome::default();
        let keys = cells.iter().filter_map(|(row, column)| self.key(*row, *column));
        let gone: BTreeSet<CellKey> = keys.filter(|key| self.staged.edit(*key).is_some()).collect();
        let (stay, go): (Vec<CellKey>, Vec<CellKey>) = gone.iter().partition(|key| self.is_needed(**key, &gone));
        for _ in stay {
            outcome.skip(Skip::HeldOn);
        }
        let roles: BTreeSet<_> = go.iter().map(|(role, _)| *role).collect();
        outcome.changed = self.staged.act(go.into_iter().map(|key| (key, None)));
        self.redo(&roles);
        outcome
    }

    /// Is this an access that would be off while something of its area is staged on, that doesn't go
    /// with it?
    fn is_needed(&self, (role, row): CellKey, going: &BTreeSet<CellKey>) -> bool {
        let (Some(column), Some(at)) = (self.matrix.column_of(role), self.matrix.row_of(row)) else { return false };
        let Some(group) = self.matrix.rows.get(at).and_then(|row| self.matrix.groups.get(row.group)) else {
            return false;
        };
        let stored = self.matrix.columns.get(column).map(|column| row.value_in(&column.role));
        let stays_on = |place: usize| {
            self.key(place, column).filter(|key| !going.contains(key)).is_some_and(|key| {
                let edit = self.staged.edit(key);
                edit.is_some_and(|edit| matches!(edit.mine, CellValue::Feature(v) if v != FeatureValue::No))
            })
        };
        let off = stored != Some(CellValue::Feature(FeatureValue::Yes));
        group.access == Some(at) && off && group.rows.clone().any(stays_on)
    }

    /// Takes the last act back; returns how many cells it was about.
    pub fn undo(&mut self) -> usize {
        let cells = self.staged.undo();
        self.redo(&cells.iter().map(|(role, _)| *role).collect());
        cells.len()
    }

    /// Drops everything that is staged.
    pub fn drop_all(&mut self) {
        let roles = self.staged.edits().map(|((role, _), _)| role).collect();
        self.staged.clear();
        self.redo(&roles);
    }
}

/// A role with wishes put into it.
struct Draft {
    role: Role,
    /// Accesses that came along.
    linked: Vec<usize>,
    /// Accesses that had to stay.
    refused: Vec<usize>,
}

impl Draft {
    fn of(role: &Role) -> Self {
        Self { role: role.clone(), linked: Vec::new(), refused: Vec::new() }
    }

    fn take(&mut self, next: Self) {
        self.role = next.role;
        self.linked.extend(next.linked);
        self.refused.extend(next.refused);
    }
}

fn access<'a>(board: &'a Board, group: &Group) -> Option<(usize, &'a Row)> {
    group.access.and_then(|place| Some((place, board.matrix.rows.get(place)?)))
}

/// Does the value switch something on that needs the area?
fn turns_on(row: &Row, value: CellValue) -> bool {
    row.elsewhere.is_none()
        && match value {
            CellValue::Feature(value) => value != FeatureValue::No,
            CellValue::Scope(scope) => scope != Scope::None,
            // Sections are a group without an access of its own.
            CellValue::Section(_) => false,
        }
}
