//! Which rows and roles are in view: narrowed by text, by chosen roles, to differences or to what is
//! staged, with areas folded.

use std::collections::BTreeSet;

use crate::model::RoleId;
use crate::service::matrix::{Board, RowKey};
use crate::tui::fuzzy::Fuzzy;
use crate::tui::widget::Search;

/// A line of the matrix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Line {
    /// The heading of a group.
    Group(usize),
    /// A permission.
    Row(usize),
}

/// The same line in whatever matrix comes next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum LineKey {
    /// A group by its key.
    Group(String),
    /// A row by what it sets.
    Row(RowKey),
}

impl Line {
    /// What names the line for good.
    pub(super) fn key(self, board: &Board) -> Option<LineKey> {
        match self {
            Self::Group(group) => board.matrix().groups().get(group).map(|group| LineKey::Group(group.key.clone())),
            Self::Row(row) => board.matrix().rows().get(row).map(|row| LineKey::Row(row.key)),
        }
    }

    /// The group that the line is in.
    pub(super) fn group(self, board: &Board) -> Option<usize> {
        match self {
            Self::Group(group) => Some(group),
            Self::Row(row) => board.matrix().rows().get(row).map(|row| row.group),
        }
    }
}

/// What narrows the view.
#[derive(Debug, Default)]
pub(super) struct Narrow {
    /// Permissions by text.
    pub(super) search: Search,
    /// Only these roles; all if empty.
    pub(super) roles: BTreeSet<RoleId>,
    /// Groups of which only the heading is shown, by key.
    pub(super) folded: BTreeSet<String>,
    /// Only rows in which the roles in view differ.
    pub(super) differences: bool,
    /// Only rows with staged cells.
    pub(super) staged: bool,
}

impl Narrow {
    /// Is anything left out, folding apart?
    pub(super) fn is_narrow(&self) -> bool {
        !self.search.text().is_empty() || !self.roles.is_empty() || self.differences || self.staged
    }

    /// The columns in view.
    pub(super) fn columns(&self, board: &Board) -> Vec<usize> {
        let columns = board.matrix().columns().iter().enumerate();
        let shown = |id: RoleId| self.roles.is_empty() || self.roles.contains(&id);
        columns.filter(|(_, column)| shown(column.id())).map(|(place, _)| place).collect()
    }

    /// The rows of each group that aren't left out, given the columns; folding apart.
    pub(super) fn rows(&self, board: &Board, columns: &[usize]) -> Vec<(usize, Vec<usize>)> {
        let found = self.found(board);
        let staged: BTreeSet<usize> = match self.staged {
            true => board.places().into_iter().map(|(row, _)| row).collect(),
            false => BTreeSet::new(),
        };
        let groups = board.matrix().groups().iter().enumerate().map(|(place, group)| {
            let rows = group.rows.clone();
            let rows = rows.filter(|row| found.as_ref().is_none_or(|found| found.contains(row)));
            let rows = rows.filter(|row| !self.staged || staged.contains(row));
            (place, rows.filter(|row| !self.differences || board.differs(*row, columns)).collect())
        });
        groups.collect()
    }

    /// The lines in view, given the columns.
    pub(super) fn lines(&self, board: &Board, columns: &[usize]) -> Vec<Line> {
        let searches = !self.search.text().is_empty();
        let mut lines = Vec::new();
        for (place, rows) in self.rows(board, columns) {
            let Some(group) = board.matrix().groups().get(place).filter(|_| !rows.is_empty()) else { continue };
            lines.push(Line::Group(place));
            if searches || self.staged || !self.folded.contains(&group.key) {
                lines.extend(rows.into_iter().map(Line::Row));
            }
        }
        lines
    }

    /// The rows that the text finds; `None` where there is no text.
    fn found(&self, board: &Board) -> Option<BTreeSet<usize>> {
        let text = self.search.text().trim();
        if text.is_empty() {
            return None;
        }
        let groups = board.matrix().groups();
        let rows = board.matrix().rows();
        // A text that stands there as it is counts before letters that are scattered.
        let names: Vec<String> = rows
            .iter()
            .map(|row| {
                let group = groups.get(row.group).map_or("", |group| group.label.as_str());
                format!("{group} {} {}", row.label, row.code)
            })
            .collect();
        let folded = crate::model::text::fold(text);
        let plain: BTreeSet<usize> = names
            .iter()
            .enumerate()
            .filter(|(_, name)| crate::model::text::fold(name).contains(&folded))
            .map(|(place, _)| place)
            .collect();
        Some(if plain.is_empty() { Fuzzy::new(text).ranked(names.iter()).into_iter().collect() } else { plain })
    }
}
