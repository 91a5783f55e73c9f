//! Moving about the matrix, and narrowing what is in view.

use std::collections::BTreeSet;

use super::commands as can;
use super::lines::Line;
use super::state::{BACK, MatrixScreen};
use crate::tui::command::Id;
use crate::tui::effect::{Effect, Effects};
use crate::tui::moves;
use crate::tui::overlay::{Choice, Picker};
use crate::tui::screen::Context;

pub(super) const PICK_ROLES: &str = "matrix.roles";

impl MatrixScreen {
    /// Moves or narrows; the last to be asked.
    pub(super) fn walk_command(&mut self, id: Id, cx: &Context<'_>) -> Effects {
        let grid = self.grid(cx.body.width, cx.body.height);
        match id {
            moves::LEFT => self.across.at = self.across.at.saturating_sub(1),
            moves::RIGHT => self.across.at += 1,
            can::FIRST_ROLE => self.across.at = 0,
            can::LAST_ROLE => self.across.at = self.columns.len().saturating_sub(1),
            can::NEXT_AREA => self.go_to_area(true),
            can::AREA_BEFORE => self.go_to_area(false),
            can::NEXT_STAGED => self.go_to_staged(cx),
            BACK if self.range.take().is_some() => {}
            BACK if self.narrow.is_narrow() => self.show_all(cx),
            BACK => return Effects::of(Effect::Back),
            can::FIND => self.narrow.search.open(),
            can::ROLES => return self.pick_roles(),
            can::DIFFERENCES => {
                self.narrow.differences = !self.narrow.differences;
                self.narrowed(cx);
            }
            can::STAGED => {
                self.narrow.staged = !self.narrow.staged;
                self.narrowed(cx);
            }
            can::CLEAR => self.show_all(cx),
            can::FOLD => self.fold(cx),
            can::FOLD_ALL => self.fold_all(cx),
            _ => {
                self.down.moved(id, self.lines.len(), grid.rows);
            }
        }
        Effects::none()
    }

    fn show_all(&mut self, cx: &Context<'_>) {
        self.narrow.search.clear();
        self.narrow.roles.clear();
        self.narrow.differences = false;
        self.narrow.staged = false;
        self.narrowed(cx);
    }

    fn go_to_area(&mut self, next: bool) {
        let headings = self.lines.iter().enumerate().filter(|(_, line)| matches!(line, Line::Group(_)));
        let mut places = headings.map(|(place, _)| place);
        let at = self.down.at;
        let to = if next { places.find(|place| *place > at) } else { places.take_while(|place| *place < at).last() };
        // The area is shown from its heading on.
        if let Some(to) = to {
            (self.down.at, self.down.top) = (to, to);
        }
    }

    /// To the next cell that waits for a choice; where there is none, to the next that is staged.
    fn go_to_staged(&mut self, cx: &Context<'_>) {
        let Some(board) = &self.board else { return };
        let conflicts = board.conflicts();
        let places = if conflicts.is_empty() { board.places() } else { conflicts };
        let here = match (self.line(), self.column()) {
            (Some(Line::Row(row)), Some(column)) => Some((row, column)),
            (Some(Line::Group(group)), Some(_)) => board
                .matrix()
                .groups()
                .get(group)
                .and_then(|group| group.rows.start.checked_sub(1))
                .map(|row| (row, usize::MAX)),
            _ => None,
        };
        let next = places.iter().find(|place| Some(**place) > here).or(places.first()).copied();
        let Some((row, column)) = next else { return };
        let in_view = |screen: &Self| {
            let line = screen.lines.iter().position(|line| *line == Line::Row(row));
            line.zip(screen.columns.iter().position(|known| *known == column))
        };
        if in_view(self).is_none() {
            // It is folded away or narrowed out: show it.
            let group = self.board.as_ref().and_then(|b| b.matrix().groups().iter().find(|g| g.rows.contains(&row)));
            if let Some(key) = group.map(|group| group.key.clone()) {
                self.narrow.folded.remove(&key);
            }
            self.narrowed(cx);
        }
        if in_view(self).is_none() {
            self.show_all(cx);
        }
        if let Some((line, column)) = in_view(self) {
            (self.down.at, self.across.at) = (line, column);
        }
    }

    fn fold(&mut self, cx: &Context<'_>) {
        let Some(board) = &self.board else { return };
        let group = self.line().and_then(|line| line.group(board));
        let Some((place, group)) = group.and_then(|place| Some((place, board.matrix().groups().get(place)?))) else {
            return;
        };
        let key = group.key.clone();
        if !self.narrow.folded.remove(&key) {
            self.narrow.folded.insert(key);
        }
        self.narrowed(cx);
        if let Some(heading) = self.lines.iter().position(|line| *line == Line::Group(place)) {
            self.down.at = heading;
        }
    }

    fn fold_all(&mut self, cx: &Context<'_>) {
        let Some(board) = &self.board else { return };
        let place = self.line().and_then(|line| line.group(board));
        let keys: BTreeSet<String> = board.matrix().groups().iter().map(|group| group.key.clone()).collect();
        self.narrow.folded = if self.narrow.folded.is_empty() { keys } else { BTreeSet::new() };
        self.narrowed(cx);
        let heading = self.lines.iter().position(|line| matches!(line, Line::Group(group) if Some(*group) == place));
        self.down.at = heading.unwrap_or(self.down.at);
    }

    fn pick_roles(&self) -> Effects {
        let Some(board) = &self.board else { return Effects::none() };
        let columns = board.matrix().columns();
        let choices = columns.iter().map(|c| Choice::new(c.name(), c.name(), c.role_type().label())).collect();
        let chosen = columns.iter().filter(|c| self.narrow.roles.contains(&c.id())).map(|c| c.name().to_owned());
        let picker = Picker::several(PICK_ROLES, "Roles to show", choices, chosen.collect());
        Effects::of(Effect::Open(Box::new(picker)))
    }

    pub(super) fn picked_roles(&mut self, names: &[String], cx: &Context<'_>) {
        let Some(board) = &self.board else { return };
        let columns = board.matrix().columns().iter();
        self.narrow.roles = columns.filter(|c| names.iter().any(|name| name == c.name())).map(|c| c.id()).collect();
        self.narrowed(cx);
    }
}
