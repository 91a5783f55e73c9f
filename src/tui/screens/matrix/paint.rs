//! What keys do to cells: painting one, a range, an area; copying and pasting.

use super::commands as can;
use super::lines::Line;
use super::state::MatrixScreen;
use crate::service::matrix::{Brush, Lock, Outcome, Shape, Skip};
use crate::tui::command::Id;
use crate::tui::effect::Effects;
use crate::tui::toast::Toast;
use crate::tui::words::{count, sentence};

/// A range: from where it was started to where the cursor is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Range {
    /// A block, whole rows or whole columns.
    pub(super) shape: Shape,
    /// The line and the column in which it was started.
    pub(super) anchor: (usize, usize),
}

/// What a command is about: places in the matrix.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Targets {
    /// Whole groups, where only headings are chosen.
    pub(super) groups: Vec<usize>,
    /// Rows.
    pub(super) rows: Vec<usize>,
    /// Columns.
    pub(super) columns: Vec<usize>,
}

impl MatrixScreen {
    /// The lines and columns that are chosen: first and last of both.
    pub(super) fn span(&self) -> ((usize, usize), (usize, usize)) {
        let (line, column) = (self.down.at, self.across.at);
        let Some(range) = self.range else { return ((line, line), (column, column)) };
        let between = |a: usize, b: usize| (a.min(b), a.max(b));
        let lines = match range.shape {
            Shape::Columns => (0, self.lines.len().saturating_sub(1)),
            Shape::Block | Shape::Rows => between(range.anchor.0, line),
        };
        let columns = match range.shape {
            Shape::Rows => (0, self.columns.len().saturating_sub(1)),
            Shape::Block | Shape::Columns => between(range.anchor.1, column),
        };
        (lines, columns)
    }

    /// What is chosen, as places in the matrix. A heading stands for its whole group where nothing
    /// but headings is chosen, or where the group is folded into it.
    pub(super) fn targets(&self) -> Targets {
        let Some(board) = &self.board else { return Targets::default() };
        let (lines, columns) = self.span();
        let lines = self.lines.get(lines.0..=lines.1).unwrap_or_default();
        let columns = self.columns.get(columns.0..=columns.1).unwrap_or_default().to_vec();
        let headings: Vec<usize> = lines
            .iter()
            .filter_map(|line| match line {
                Line::Group(group) => Some(*group),
                Line::Row(_) => None,
            })
            .collect();
        if headings.len() == lines.len() {
            return Targets { groups: headings, rows: Vec::new(), columns };
        }
        let mut rows = Vec::new();
        for line in lines {
            match line {
                Line::Row(row) => rows.push(*row),
                Line::Group(group) => {
                    let group = board.matrix().groups().get(*group);
                    let folded = group.filter(|group| self.narrow.folded.contains(&group.key));
                    let hidden = folded.filter(|group| !lines.contains(&Line::Row(group.rows.start)));
                    rows.extend(hidden.into_iter().flat_map(|group| group.rows.clone()));
                }
            }
        }
        rows.sort_unstable();
        rows.dedup();
        Targets { groups: Vec::new(), rows, columns }
    }

    /// Changes cells; nothing if the command is another's.
    pub(super) fn paint_command(&mut self, id: Id) -> Option<Effects> {
        let brush = match id {
            can::YES => Brush::Yes,
            can::NO => Brush::No,
            can::REQUEST => Brush::Request,
            can::ALL => Brush::All,
            can::SUBORDINATES => Brush::Subordinates,
            can::OWN => Brush::Own,
            can::EDIT => Brush::Edit,
            can::NEXT => return Some(self.next_value()),
            can::RANGE => return Some(self.start_range(Shape::Block)),
            can::ROWS => return Some(self.start_range(Shape::Rows)),
            can::COLUMNS => return Some(self.start_range(Shape::Columns)),
            can::COPY => return Some(self.copy()),
            can::PASTE => return Some(self.paste()),
            _ => return None,
        };
        Some(self.paint(brush))
    }

    /// Paints what is chosen.
    pub(super) fn paint(&mut self, brush: Brush) -> Effects {
        let targets = self.targets();
        let Some(board) = &mut self.board else { return Effects::none() };
        let outcome = if targets.groups.is_empty() {
            let cells = targets.rows.iter().flat_map(|row| targets.columns.iter().map(move |column| (*row, *column)));
            let cells: Vec<(usize, usize)> = cells.collect();
            board.paint(cells, brush)
        } else {
            let brush = if brush == Brush::All { Brush::Everything } else { brush };
            let rows = self.narrow.rows(board, &self.columns).into_iter();
            let rows: Vec<usize> =
                rows.filter(|(group, _)| targets.groups.contains(group)).flat_map(|(_, rows)| rows).collect();
            board.paint_areas(&rows, &targets.columns, brush)
        };
        self.range = None;
        self.told(&outcome)
    }

    /// The value after the one under the cursor, for all that is chosen; an area goes on and off.
    fn next_value(&mut self) -> Effects {
        let (Some(board), Some(line), Some(column)) = (&self.board, self.line(), self.column()) else {
            return Effects::none();
        };
        let row = match line {
            Line::Group(group) => {
                let on = board.tri(group, column).is_all();
                return self.paint(if on { Brush::No } else { Brush::Yes });
            }
            Line::Row(row) => row,
        };
        let (Some(value), Some(at)) = (board.value(row, column), board.matrix().rows().get(row)) else {
            return Effects::none();
        };
        // What the viewer may not give is stepped over, unless there is nothing else.
        let options = board.options(row, column);
        let may = |value: &_| options.iter().any(|option| option.value == *value && option.refused.is_none());
        let following = std::iter::successors(Some(at.next(value)), |value| Some(at.next(*value)));
        let mut following = following.take(at.values.len().max(1));
        let next = following.find(|next| may(next) && *next != value).unwrap_or_else(|| at.next(value));
        self.paint(Brush::Value(next))
    }

    fn start_range(&mut self, shape: Shape) -> Effects {
        let anchor = self.range.map_or((self.down.at, self.across.at), |range| range.anchor);
        // The same key again ends it.
        self.range = match self.range {
            Some(range) if range.shape == shape => None,
            _ => Some(Range { shape, anchor }),
        };
        Effects::none()
    }

    fn copy(&mut self) -> Effects {
        let targets = self.targets();
        let Some(board) = &self.board else { return Effects::none() };
        let in_groups = targets.groups.iter().filter_map(|group| board.matrix().groups().get(*group));
        let rows: Vec<usize> = in_groups.flat_map(|group| group.rows.clone()).chain(targets.rows).collect();
        let shape = self.range.map_or(Shape::Block, |range| range.shape);
        // A whole area goes to the same area of another role.
        let shape = if targets.groups.is_empty() { shape } else { Shape::Columns };
        let clip = board.copy(shape, &rows, &targets.columns);
        let (down, across) = clip.size();
        if down == 0 || across == 0 {
            return Effects::toast(Toast::warn("There is nothing here to copy."));
        }
        self.clip = Some(clip);
        self.range = None;
        let cells = format!("{} × {}", count(down as u64, "row", "rows"), count(across as u64, "role", "roles"));
        Effects::toast(Toast::good(format!("Copied: {cells}. P pastes.")))
    }

    fn paste(&mut self) -> Effects {
        let Some(clip) = self.clip.clone() else { return Effects::none() };
        let (down, across) = clip.size();
        let ranged = self.range.is_some();
        let targets = self.targets();
        // From the cursor on as far as the clip reaches, or over the range.
        let rows: Vec<usize> = if ranged {
            targets.rows
        } else {
            let from = self.lines.iter().skip(self.down.at);
            let rows = from.filter_map(|line| match line {
                Line::Row(row) => Some(*row),
                Line::Group(_) => None,
            });
            rows.take(down).collect()
        };
        let columns: Vec<usize> = if ranged {
            targets.columns
        } else {
            self.columns.iter().skip(self.across.at).take(across).copied().collect()
        };
        let Some(board) = &mut self.board else { return Effects::none() };
        let outcome = board.paste(&clip, &rows, &columns);
        self.range = None;
        self.told(&outcome)
    }

    /// What an act did, in a word; a single cell shows it by itself.
    pub(super) fn told(&self, outcome: &Outcome) -> Effects {
        let left = outcome.left();
        if outcome.changed == 0 {
            return Effects::toast(Toast::warn(why(outcome, self.held_on())));
        }
        if outcome.changed == 1 && left == 0 {
            return Effects::none();
        }
        let cells = count(outcome.changed as u64, "cell", "cells");
        let mut text = match self.staged() {
            0 => format!("{cells} set back; nothing is staged any more"),
            staged => format!("{cells} set; {staged} staged in all"),
        };
        if outcome.linked > 0 {
            text.push_str(", access to the area among them");
        }
        if let Some(left) = self::left(outcome) {
            text.push_str(&format!("; {left}"));
        }
        text.push('.');
        Effects::toast(if left > 0 { Toast::warn(text) } else { Toast::good(text) })
    }

    /// How many permissions hold the access under the cursor on.
    fn held_on(&self) -> usize {
        let (Some(board), Some(Line::Row(row)), Some(column)) = (&self.board, self.line(), self.column()) else {
            return 0;
        };
        match board.lock(row, column) {
            Some(Lock::HeldOn(on)) => on,
            _ => 0,
        }
    }
}

/// Why an act staged nothing. `on`: how many permissions hold the access under the cursor on.
pub(super) fn why(outcome: &Outcome, on: usize) -> String {
    let why = outcome.skipped.keys().next().map(|skip| match (skip, outcome.lock) {
        (Skip::NotHeld(why), _) => sentence(why),
        (Skip::HeldOn, _) => Lock::HeldOn(on).words(),
        (_, Some(lock)) => lock.words(),
        _ => "That value doesn't fit here. Enter shows those that do.".to_owned(),
    });
    why.unwrap_or_else(|| "It is so already.".to_owned())
}

/// What an act left as it is, by why; nothing if it left nothing.
pub(super) fn left(outcome: &Outcome) -> Option<String> {
    let of = |wanted: fn(&Skip) -> bool| -> usize {
        outcome.skipped.iter().filter(|(skip, _)| wanted(skip)).map(|(_, number)| number).sum()
    };
    let kinds = [
        (of(|skip| *skip == Skip::Kind), "of another kind"),
        (of(|skip| *skip == Skip::Locked), "locked"),
        (of(|skip| *skip == Skip::HeldOn), "held on"),
        (of(|skip| matches!(skip, Skip::NotHeld(_))), "not yours to give"),
    ];
    let kinds = kinds.iter().filter(|(number, _)| *number > 0);
    let kinds: Vec<String> = kinds.map(|(number, kind)| format!("{number} {kind}")).collect();
    (!kinds.is_empty()).then(|| format!("{} left as they are: {}", outcome.left(), kinds.join(", ")))
}
