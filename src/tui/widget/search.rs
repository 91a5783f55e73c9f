//! Search as you type: a line above a list that takes letters while it is open.

use super::canvas::{Canvas, width};
use super::input::Input;
use crate::tui::event::{Code, Key};
use crate::tui::theme::Tone;

/// A search above a list.
#[derive(Debug, Clone, Default)]
pub struct Search {
    input: Input,
    open: bool,
    /// The text is the one from before: what is typed takes its place.
    before: bool,
}

/// What a key did to a search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SearchStep {
    /// The text is another one now.
    Changed,
    /// Nothing that concerns the list.
    Stayed,
    /// The key is the list's.
    Unused,
}

impl Search {
    /// What its keys do above a list that is narrowed by it, for the foot.
    pub const HINTS: [(&str, &str); 3] = [("Enter", "keep"), ("Esc", "clear"), ("Up Down", "choose")];

    /// Takes letters from now on. A text that is there is marked: typing begins another one, and going
    /// along it keeps it.
    pub fn open(&mut self) {
        self.before = !self.open && !self.input.is_empty();
        self.open = true;
    }

    /// Does it take letters?
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.open
    }

    /// What is searched for.
    #[must_use]
    pub fn text(&self) -> &str {
        self.input.text()
    }

    /// Searches for nothing any more; says whether it did before.
    pub fn clear(&mut self) -> bool {
        let was = self.open || !self.input.is_empty();
        self.input.clear();
        (self.open, self.before) = (false, false);
        was
    }

    /// Takes a key while it is open. Enter keeps the text and closes, Esc takes it away.
    pub fn key(&mut self, key: Key) -> SearchStep {
        match key.code {
            Code::Esc => {
                let had = !self.input.is_empty();
                self.clear();
                if had { SearchStep::Changed } else { SearchStep::Stayed }
            }
            Code::Enter | Code::Tab => {
                (self.open, self.before) = (false, false);
                SearchStep::Stayed
            }
            _ => {
                let before = self.input.text().to_owned();
                let takes_away = key.text().is_some() || matches!(key.code, Code::Backspace | Code::Delete);
                if self.before && takes_away {
                    self.input.clear();
                }
                let taken = self.input.key(key);
                self.before &= !taken;
                match taken {
                    false => SearchStep::Unused,
                    true if before == self.input.text() => SearchStep::Stayed,
                    true => SearchStep::Changed,
                }
            }
        }
    }

    /// The next of these names that holds what is searched for: from where one stands on (0), the one
    /// after it (1), or the one before it (-1), round and round.
    #[must_use]
    pub fn next_of<'n>(&self, names: impl Iterator<Item = &'n str>, here: usize, step: isize) -> Option<usize> {
        let wanted = crate::model::text::fold(self.text().trim());
        if wanted.is_empty() {
            return None;
        }
        let hits: Vec<usize> = names
            .enumerate()
            .filter(|(_, name)| crate::model::text::fold(name).contains(&wanted))
            .map(|(place, _)| place)
            .collect();
        let next = match step {
            0 => hits.iter().find(|place| **place >= here).or(hits.first()),
            1 => hits.iter().find(|place| **place > here).or(hits.first()),
            _ => hits.iter().rev().find(|place| **place < here).or(hits.last()),
        };
        next.copied()
    }

    /// Takes pasted text.
    pub fn paste(&mut self, text: &str) {
        if std::mem::take(&mut self.before) {
            self.input.clear();
        }
        self.input.paste(text);
    }

    /// Draws it in a line, if it is open or holds a text; returns the columns used.
    pub fn draw(&self, canvas: &mut Canvas<'_>, x: u16, y: u16, columns: u16) -> u16 {
        if !self.open && self.input.is_empty() {
            return 0;
        }
        let start = canvas.text(x, y, columns, "/ ", if self.open { Tone::Accent } else { Tone::Key });
        let wide = columns.saturating_sub(start - x).min(32);
        self.input.draw(canvas, start, y, wide, self.open);
        if self.before {
            let marked = width(self.text()).min(wide.saturating_sub(1));
            canvas.fill(ratatui::layout::Rect { x: start, y, width: marked, height: 1 }, Tone::Selected);
        }
        start - x + wide
    }
}
