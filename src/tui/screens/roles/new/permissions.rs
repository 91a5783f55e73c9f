//! The permissions of a role that isn't there yet: a matrix of one column.

use super::commands::{self as can, BRUSHES};
use crate::model::{FeatureValue, Scope, SectionAccess};
use crate::service::edit_roles::{Cell, CellValue};
use crate::service::matrix::{Board, Brush, Matrix, Outcome, Skip};
use crate::tui::command::Id;
use crate::tui::effect::{Effect, Effects};
use crate::tui::moves;
use crate::tui::overlay::{Choice, Picker};
use crate::tui::toast::Toast;
use crate::tui::widget::Cursor;
use crate::tui::words::{count, sentence};

/// The picker of a value.
pub(super) const CHOOSE: &str = "new-role.value";
/// The one role.
pub(super) const COLUMN: usize = 0;

/// A line of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Line {
    /// The heading of a group.
    Group(usize),
    /// A permission.
    Row(usize),
}

/// The list, and what was set in it.
#[derive(Debug, Default)]
pub(super) struct Permissions {
    pub(super) board: Option<Board>,
    pub(super) lines: Vec<Line>,
    pub(super) cursor: Cursor,
    /// What it began with, other than every new role does.
    begun: Vec<(Cell, CellValue)>,
}

impl Permissions {
    /// Everything that was set.
    pub(super) fn cells(&self) -> Vec<(Cell, CellValue)> {
        let staged = self.board.iter().flat_map(|board| board.changes().into_values());
        staged.flat_map(|change| change.cells).collect()
    }

    /// How many permissions are otherwise than they began.
    pub(super) fn staged(&self) -> usize {
        let cells = self.cells();
        let set = cells.iter().filter(|cell| !self.begun.contains(cell)).count();
        set + self.begun.iter().filter(|(cell, _)| !cells.iter().any(|(known, _)| known == cell)).count()
    }

    pub(super) fn is_changed(&self) -> bool {
        self.staged() > 0
    }

    /// A new role begins with Yes (001-09) only where whoever makes it may give that (R31): the others
    /// begin with No, since nothing of it could be saved otherwise.
    pub(super) fn begin(&mut self) {
        let Some(board) = self.board.as_mut() else { return };
        let yes = CellValue::Feature(FeatureValue::Yes);
        let given: Vec<usize> =
            (0..board.matrix().rows().len()).filter(|row| board.value(*row, COLUMN) == Some(yes)).collect();
        board.paint(given.iter().map(|row| (*row, COLUMN)), Brush::No);
        for row in given {
            board.paint([(row, COLUMN)], Brush::Value(yes));
        }
        self.begun = self.cells();
    }

    /// The names of those that begin with No.
    pub(super) fn withheld(&self) -> Vec<&str> {
        let rows = self.board.iter().flat_map(|board| board.matrix().rows());
        let withheld = rows.filter(|row| self.begun.iter().any(|(cell, _)| *cell == row.cell));
        withheld.map(|row| row.label.as_str()).collect()
    }

    /// Goes to the permission that a refusal names; says whether it names one.
    pub(super) fn go_to(&mut self, why: &str, rows: u16) -> bool {
        let Some(board) = &self.board else { return false };
        let named = |row: &crate::service::matrix::Row| why.contains(&format!("“{}”", row.label));
        let row = board.matrix().rows().iter().position(named);
        let line = self.lines.iter().position(|line| matches!(line, Line::Row(at) if Some(*at) == row));
        let Some(line) = line else { return false };
        self.cursor.at = line;
        self.settle_cursor(rows);
        true
    }

    /// It is saved.
    pub(super) fn settle(&mut self) {
        *self = Self::default();
    }

    /// Takes the list anew, with what was set in it.
    pub(super) fn renew(&mut self, matrix: Matrix, rows: u16) {
        let cells = self.cells();
        let mut board = Board::new(matrix);
        for (cell, value) in cells {
            let row = board.matrix().rows().iter().position(|row| row.cell == cell);
            if let Some(row) = row {
                board.paint([(row, COLUMN)], Brush::Value(value));
            }
        }
        self.lines.clear();
        for (place, group) in board.matrix().groups().iter().enumerate() {
            self.lines.push(Line::Group(place));
            self.lines.extend(group.rows.clone().map(Line::Row));
        }
        self.board = Some(board);
        self.settle_cursor(rows);
    }

    pub(super) fn settle_cursor(&mut self, rows: u16) {
        self.cursor.settle(self.lines.len(), rows);
    }

    pub(super) fn line(&self) -> Option<Line> {
        self.lines.get(self.cursor.at).copied()
    }

    pub(super) fn command(&mut self, id: Id, rows: u16) -> Effects {
        if self.cursor.moved(id, self.lines.len(), rows) {
            return Effects::none();
        }
        if let Some((_, brush)) = BRUSHES.iter().find(|(known, _)| *known == id) {
            return self.paint(*brush);
        }
        match id {
            can::NEXT => self.next(),
            can::CHOOSE => self.choose(),
            can::UNSET => self.unset(),
            can::NEXT_AREA | can::AREA_BEFORE => self.area(id == can::NEXT_AREA, rows),
            _ => Effects::none(),
        }
    }

    fn area(&mut self, on: bool, rows: u16) -> Effects {
        let mut headings = self.lines.iter().enumerate().filter(|(_, line)| matches!(line, Line::Group(_)));
        let at = self.cursor.at;
        let to = if on {
            headings.find(|(place, _)| *place > at)
        } else {
            headings.take_while(|(place, _)| *place < at).last()
        };
        if let Some((place, _)) = to {
            self.cursor.at = place;
            // The heading comes to the top, so that its permissions are in view.
            self.cursor.moved(moves::PAGE_DOWN, self.lines.len(), rows);
            self.cursor.at = place;
            self.cursor.settle(self.lines.len(), rows);
        }
        Effects::none()
    }

    fn paint(&mut self, brush: Brush) -> Effects {
        let (Some(line), Some(board)) = (self.line(), self.board.as_mut()) else { return Effects::none() };
        let outcome = match line {
            Line::Row(row) => board.paint([(row, COLUMN)], brush),
            Line::Group(group) => {
                let brush = if brush == Brush::All { Brush::Everything } else { brush };
                board.paint_groups(&[group], &[COLUMN], brush)
            }
        };
        told(&outcome)
    }

    fn next(&mut self) -> Effects {
        let (Some(line), Some(board)) = (self.line(), self.board.as_ref()) else { return Effects::none() };
        let brush = match line {
            Line::Group(group) if board.tri(group, COLUMN).is_all() => Brush::No,
            Line::Group(_) => Brush::Yes,
            Line::Row(row) => match (board.matrix().rows().get(row), board.value(row, COLUMN)) {
                (Some(at), Some(value)) => Brush::Value(at.next(value)),
                _ => return Effects::none(),
            },
        };
        self.paint(brush)
    }

    fn unset(&mut self) -> Effects {
        let (Some(Line::Row(row)), Some(board)) = (self.line(), self.board.as_mut()) else { return Effects::none() };
        told(&board.unstage(&[(row, COLUMN)]))
    }

    fn choose(&mut self) -> Effects {
        let (Some(line), Some(board)) = (self.line(), self.board.as_ref()) else { return Effects::none() };
        let Line::Row(row) = line else { return self.next() };
        let Some(explained) = board.explain(row, COLUMN) else { return Effects::none() };
        if let Some(lock) = explained.reading.lock {
            return Effects::toast(Toast::warn(lock.words()));
        }
        let choices = explained.options.into_iter().filter(|option| option.refused.is_none());
        let choices =
            choices.map(|option| Choice::new(key(option.value), option.value.label(), "").note(option.meaning));
        let picker = Picker::one(CHOOSE, &explained.title, choices.collect(), Some(&key(explained.reading.value)));
        Effects::of(Effect::Open(Box::new(picker)))
    }

    /// A value was chosen from the picker.
    pub(super) fn chosen(&mut self, keys: &[String]) -> Effects {
        let value = keys.first().and_then(|chosen| VALUES.iter().copied().find(|value| key(*value) == *chosen));
        value.map(|value| self.paint(Brush::Value(value))).unwrap_or_default()
    }
}

/// Every value that a cell can have.
const VALUES: &[CellValue] = &[
    CellValue::Feature(FeatureValue::Yes),
    CellValue::Feature(FeatureValue::Request),
    CellValue::Feature(FeatureValue::No),
    CellValue::Scope(Scope::All),
    CellValue::Scope(Scope::Roles),
    CellValue::Scope(Scope::Subordinates),
    CellValue::Scope(Scope::Own),
    CellValue::Scope(Scope::None),
    CellValue::Section(SectionAccess::Edit),
    CellValue::Section(SectionAccess::View),
    CellValue::Section(SectionAccess::Hidden),
];

fn key(value: CellValue) -> String {
    value.label().to_owned()
}

/// What an act left undone, and why.
fn told(outcome: &Outcome) -> Effects {
    if let (0, Some(lock)) = (outcome.changed, outcome.lock) {
        return Effects::toast(Toast::warn(lock.words()));
    }
    let Some((why, _)) = outcome.skipped.iter().next() else { return Effects::none() };
    let words = match why {
        Skip::Kind if outcome.changed == 0 => {
            "That value isn't one of this permission's; Enter shows which are.".to_owned()
        }
        Skip::Kind => return Effects::none(),
        Skip::Locked | Skip::HeldOn => {
            format!("{} left as it is.", count(outcome.left() as u64, "permission", "permissions"))
        }
        Skip::NotHeld(why) => sentence(why),
    };
    Effects::toast(Toast::warn(words))
}
