//! A list of which some things are chosen, in an order that can be changed.

use ratatui::layout::Rect;

use super::{Answer, Choice, Given, Overlay};
use crate::tui::effect::{Effect, Effects};
use crate::tui::event::{Code, Key};
use crate::tui::moves;
use crate::tui::theme::Tone;
use crate::tui::widget::canvas::centred;
use crate::tui::widget::{Canvas, Cursor};

/// So many rows are in view at most.
const ROWS: u16 = 16;

/// The list.
#[derive(Debug)]
pub struct Arrange {
    tag: &'static str,
    title: String,
    choices: Vec<(Choice, bool)>,
    cursor: Cursor,
}

impl Arrange {
    /// Things in their order, each chosen or not.
    #[must_use]
    pub fn new(tag: &'static str, title: &str, choices: Vec<(Choice, bool)>) -> Self {
        Self { tag, title: title.to_owned(), choices, cursor: Cursor::default() }
    }

    fn rows(&self) -> u16 {
        u16::try_from(self.choices.len()).unwrap_or(ROWS).clamp(1, ROWS)
    }

    /// Takes the thing under the cursor up or down, and the cursor with it.
    fn carry(&mut self, down: bool) {
        let from = self.cursor.at;
        let to = if down { from + 1 } else { from.wrapping_sub(1) };
        if to < self.choices.len() {
            self.choices.swap(from, to);
            self.go(if down { moves::DOWN } else { moves::UP });
        }
    }

    fn go(&mut self, id: crate::tui::command::Id) {
        let rows = self.rows();
        self.cursor.moved(id, self.choices.len(), rows);
    }

    fn submit(&self) -> Effects {
        let chosen = self.choices.iter().filter(|(_, chosen)| *chosen).map(|(choice, _)| choice.key.clone()).collect();
        Effects::of(Effect::Close).and(Effect::Answer(Answer::new(self.tag, Given::Chosen(chosen))))
    }
}

impl Overlay for Arrange {
    fn key(&mut self, key: Key) -> Effects {
        match (key.code, key.ctrl || key.shift || key.alt) {
            (Code::Up, true) | (Code::Char('K' | '-'), _) => self.carry(false),
            (Code::Down, true) | (Code::Char('J' | '+'), _) => self.carry(true),
            (Code::Char(' ') | Code::Tab, _) => {
                if let Some((_, chosen)) = self.choices.get_mut(self.cursor.at) {
                    *chosen = !*chosen;
                }
                self.go(moves::DOWN);
            }
            (Code::Enter, _) => return self.submit(),
            (Code::Esc | Code::Char('q'), _) => return Effects::of(Effect::Close),
            _ => {
                if let Some(step) = moves::in_list(key) {
                    self.go(step);
                }
            }
        }
        Effects::none()
    }

    fn draw(&self, canvas: &mut Canvas<'_>) {
        let inner = canvas.window(centred(canvas.area(), 60, self.rows() + 4), &self.title);
        let area = Rect { y: inner.y + 1, height: inner.height.saturating_sub(2), ..inner };
        for line in 0..area.height {
            let place = self.cursor.top + usize::from(line);
            let Some((choice, chosen)) = self.choices.get(place) else { break };
            let (y, here) = (area.y + line, place == self.cursor.at);
            let tone = match (here, chosen) {
                (true, _) => Tone::Selected,
                (false, true) => Tone::Text,
                (false, false) => Tone::Dim,
            };
            if here {
                canvas.fill(Rect { y, height: 1, ..area }, tone);
            }
            let mark = canvas.theme().glyph(if here { "▌" } else { " " }, if here { ">" } else { " " });
            let x = canvas.text(area.x, y, 1, mark, tone) + 1;
            let x = canvas.text(x, y, 4, if *chosen { "[x] " } else { "[ ] " }, tone);
            let used = canvas.text(x, y, area.right().saturating_sub(x + 1), &choice.label, tone);
            let left = area.right().saturating_sub(used + 3);
            if left > 3 {
                canvas.text_right(used + 2, y, left, &choice.detail, if here { tone } else { Tone::Dim });
            }
        }
        canvas.scrollbar(area, self.choices.len(), self.cursor.top);
    }

    fn hints(&self) -> Vec<(&'static str, &'static str)> {
        vec![("Space", "show or not"), ("J K", "move it"), ("Enter", "done"), ("Esc", "leave")]
    }
}
