//! Choosing a value from explained options, setting by a line, taking back and dropping.

use super::choose::{Choose, Item};
use super::commands as can;
use super::lines::{Line, LineKey};
use super::save;
use super::set_line::SetLine;
use super::state::MatrixScreen;
use super::walk::PICK_ROLES;
use crate::model::{FeatureValue, RoleId, Scope, SectionAccess};
use crate::service::edit_roles::CellValue;
use crate::service::matrix::{Brush, Reading};
use crate::tui::command::Id;
use crate::tui::effect::{Effect, Effects};
use crate::tui::overlay::{Answer, Confirm, Given};
use crate::tui::screen::Context;
use crate::tui::toast::Toast;
use crate::tui::words::count;

const CHOOSE_VALUE: &str = "matrix.value";
const CHOOSE_AREA: &str = "matrix.area";
const CHOOSE_SIDE: &str = "matrix.side";
const LINE: &str = "matrix.line";
const DROP: &str = "matrix.drop";

const AREA: [(&str, char, &str, &str, Brush); 5] = [
    ("on", 'y', "On", "Every permission of the area is Yes. Whose records stays as it is.", Brush::Yes),
    ("all", 'a', "Everything", "Every permission is Yes, and every scope is All.", Brush::Everything),
    ("request", 'r', "On request", "Every permission that can be asked for is On request.", Brush::Request),
    ("off", 'n', "Off", "Every permission of the area is No, its access too: the area is absent.", Brush::No),
    ("edit", 'e', "View and edit", "Every section of fields is shown and can be changed.", Brush::Edit),
];

impl MatrixScreen {
    /// Edits; nothing if the command is another's.
    pub(super) fn edit_command(&mut self, id: Id) -> Option<Effects> {
        Some(match id {
            can::CHOOSE => self.choose(),
            can::SET => match &self.board {
                Some(board) => {
                    let line = SetLine::new(LINE, board.clone(), &self.last_line);
                    Effects::of(Effect::Open(Box::new(line)))
                }
                None => Effects::none(),
            },
            can::UNSTAGE => self.unstage(),
            can::UNDO => {
                let cells = self.board.as_mut().map_or(0, |board| board.undo());
                let cells = count(cells as u64, "change is", "changes are");
                Effects::toast(Toast::good(format!("Taken back: {cells} as before.")))
            }
            can::DROP => {
                let cells = count(self.staged() as u64, "staged change", "staged changes");
                let text = format!("{cells} in the permission matrix will be forgotten. Nothing of it was saved.");
                let confirm = Confirm::new(DROP, "Drop all that is staged?", &text, "drop it").or("keep it").grave();
                Effects::of(Effect::Open(Box::new(confirm)))
            }
            _ => return None,
        })
    }

    fn unstage(&mut self) -> Effects {
        let targets = self.targets();
        let Some(board) = &mut self.board else { return Effects::none() };
        let groups = targets.groups.iter().filter_map(|group| board.matrix().groups().get(*group));
        let rows: Vec<usize> = groups.flat_map(|group| group.rows.clone()).chain(targets.rows).collect();
        let cells = rows.iter().flat_map(|row| targets.columns.iter().map(move |column| (*row, *column)));
        let cells: Vec<(usize, usize)> = cells.collect();
        let outcome = board.unstage(&cells);
        self.range = None;
        match (outcome.changed, outcome.left()) {
            (0, 0) => Effects::toast(Toast::warn("Nothing is staged here.")),
            (0, _) => Effects::toast(Toast::warn(
                "Access stays on while staged permissions need it: take those back first, or with it.",
            )),
            (1, 0) => Effects::none(),
            (cells, _) => {
                let cells = count(cells as u64, "change is", "changes are");
                Effects::toast(Toast::good(format!("Taken back: {cells} as before.")))
            }
        }
    }

    fn choose(&mut self) -> Effects {
        let (Some(board), Some(line), Some(column)) = (&self.board, self.line(), self.column()) else {
            return Effects::none();
        };
        let Some(key) = line.key(board) else { return Effects::none() };
        let Some(role) = board.matrix().columns().get(column) else { return Effects::none() };
        let about = (key, role.id());
        let overlay = match line {
            Line::Group(group) => {
                let Some(group) = board.matrix().groups().get(group) else { return Effects::none() };
                let sections = group.access.is_none() && group.key.ends_with('/');
                let fits = |brush: &Brush| sections == (*brush == Brush::Edit) || *brush == Brush::No;
                let items =
                    AREA.iter().filter(|(.., brush)| fits(brush)).map(|(key, letter, label, meaning, _)| Item {
                        key: (*key).to_owned(),
                        letter: *letter,
                        label: (*label).to_owned(),
                        meaning: if sections && *key == "off" { "Every section is hidden." } else { meaning }
                            .to_owned(),
                        refused: role.lock.map(|lock| lock.words()),
                    });
                let title = format!("{} · {}", group.label, role.name());
                Choose::new(CHOOSE_AREA, &title, &group.help, items.collect(), None)
            }
            Line::Row(row) => {
                let (Some(explained), Some(at)) = (board.explain(row, column), board.matrix().rows().get(row)) else {
                    return Effects::none();
                };
                let title = format!("{} · {}", explained.title, explained.role);
                if explained.reading.theirs.is_some() {
                    return Effects::ask(sides(&title, &explained.reading), about);
                }
                let items = explained.options.iter().enumerate().map(|(place, option)| Item {
                    key: place.to_string(),
                    letter: letter(option.value),
                    label: option.value.label().to_owned(),
                    meaning: option.meaning.clone(),
                    refused: option.refused.clone(),
                });
                let current = at.values.iter().position(|(value, _)| *value == explained.reading.value);
                let words = match explained.notes.is_empty() {
                    true => explained.about.clone(),
                    false => format!("{}\n{}", explained.about, explained.notes.join(" ")),
                };
                Choose::new(CHOOSE_VALUE, &title, words.trim(), items.collect(), current)
            }
        };
        Effects::ask(overlay, about)
    }

    /// Is the cursor still on what the options were about?
    fn still_chosen(&self, answer: &Answer) -> bool {
        let asked = answer.about::<(LineKey, RoleId)>();
        let Some(board) = &self.board else { return false };
        let line = self.line().and_then(|line| line.key(board));
        let role = self.column().and_then(|column| board.matrix().columns().get(column)).map(|column| column.id());
        asked.is_some() && asked == line.zip(role).as_ref()
    }

    /// An overlay was answered.
    pub(super) fn answered(&mut self, answer: &Answer, cx: &Context<'_>) -> Effects {
        match (answer.tag, &answer.value) {
            (PICK_ROLES, Given::Chosen(names)) => {
                self.picked_roles(names, cx);
                Effects::none()
            }
            (CHOOSE_VALUE | CHOOSE_AREA | CHOOSE_SIDE, _) if !self.still_chosen(answer) => {
                Effects::toast(Toast::warn("That cell is not there any more; nothing was staged."))
            }
            (CHOOSE_VALUE, Given::Chosen(keys)) => {
                let place = keys.first().and_then(|key| key.parse::<usize>().ok());
                let row = match (self.line(), &self.board) {
                    (Some(Line::Row(row)), Some(board)) => board.matrix().rows().get(row),
                    _ => None,
                };
                let value = row.zip(place).and_then(|(row, place)| row.values.get(place)).map(|(value, _)| *value);
                value.map(|value| self.paint(Brush::Value(value))).unwrap_or_default()
            }
            (CHOOSE_AREA, Given::Chosen(keys)) => {
                let brush = AREA.iter().find(|(key, ..)| keys.iter().any(|chosen| chosen == key));
                brush.map(|(.., brush)| self.paint(*brush)).unwrap_or_default()
            }
            (CHOOSE_SIDE, Given::Chosen(keys)) => self.chose_side(keys.first().map(String::as_str)),
            (LINE, Given::Filled(fields)) => {
                let line = fields.first().map(|(_, text)| text.clone()).unwrap_or_default();
                self.set_by(line)
            }
            (DROP, Given::Yes) => {
                if let Some(board) = &mut self.board {
                    board.drop_all();
                }
                if self.narrow.staged {
                    self.narrow.staged = false;
                    self.narrowed(cx);
                }
                Effects::toast(Toast::good("Dropped: everything is as it was saved."))
            }
            (save::REVIEW, Given::Yes) => match answer.about::<save::Sending>() {
                Some(sending) => self.save_now(sending.clone(), cx),
                None => Effects::none(),
            },
            _ => Effects::none(),
        }
    }

    fn chose_side(&mut self, side: Option<&str>) -> Effects {
        let (Some(Line::Row(row)), Some(column)) = (self.line(), self.column()) else { return Effects::none() };
        if let Some(board) = &mut self.board {
            match side {
                Some("mine") => board.keep_mine(row, column),
                Some("theirs") => board.unstage(&[(row, column)]),
                _ => return Effects::none(),
            };
        }
        Effects::none()
    }

    fn set_by(&mut self, line: String) -> Effects {
        let Some(board) = &mut self.board else { return Effects::none() };
        let wishes = board.matrix().read_line(&line);
        let outcome = match wishes {
            Ok(wishes) => board.stage_line(&wishes),
            // The matrix changed since it was read.
            Err(error) => return Effects::toast(Toast::bad(error.text)),
        };
        self.last_line = line;
        self.told(&outcome)
    }
}

/// Three ways: what it was, what somebody else made of it, what is staged.
fn sides(title: &str, reading: &Reading) -> Choose {
    let was = reading.base.map_or("", CellValue::label);
    let theirs = reading.theirs.map_or("", CellValue::label);
    let about = format!("Somebody else changed this cell after you staged it. It was {was}.");
    let item = |key: &str, letter: char, label: String, meaning: &str| Item {
        key: key.to_owned(),
        letter,
        label,
        meaning: meaning.to_owned(),
        refused: None,
    };
    let items = vec![
        item("mine", 'm', format!("Mine: {}", reading.value.label()), "Stays staged, and is saved over theirs."),
        item("theirs", 't', format!("Theirs: {theirs}"), "Is there already; yours is staged no more."),
    ];
    Choose::new(CHOOSE_SIDE, title, &about, items, None)
}

/// The letter that sets a value.
fn letter(value: CellValue) -> char {
    match value {
        CellValue::Feature(FeatureValue::Yes) => 'y',
        CellValue::Feature(FeatureValue::No)
        | CellValue::Scope(Scope::None)
        | CellValue::Section(SectionAccess::Hidden) => 'n',
        CellValue::Feature(FeatureValue::Request)
        | CellValue::Scope(Scope::Roles)
        | CellValue::Section(SectionAccess::View) => 'r',
        CellValue::Scope(Scope::All) => 'a',
        CellValue::Scope(Scope::Subordinates) => 's',
        CellValue::Scope(Scope::Own) => 'o',
        CellValue::Section(SectionAccess::Edit) => 'e',
    }
}
