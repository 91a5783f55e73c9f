//! A line to type in.

use tui_input::InputRequest;
use unicode_segmentation::UnicodeSegmentation as _;

use super::canvas::{Canvas, width};
use crate::model::text::visible;
use crate::tui::event::{Code, Key};
use crate::tui::theme::Tone;

/// The longest text that a line takes, in characters.
const LONGEST: usize = 4096;

/// One line of text with a cursor.
#[derive(Debug, Clone, Default)]
pub struct Input {
    line: tui_input::Input,
    /// Shown as dots: a password.
    secret: bool,
}

impl Input {
    /// An empty line.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty line whose text isn't shown.
    #[must_use]
    pub fn secret() -> Self {
        Self { secret: true, ..Self::default() }
    }

    /// Isn't the text shown?
    #[must_use]
    pub fn is_secret(&self) -> bool {
        self.secret
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        self.line.value()
    }

    /// Is nothing typed?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text().is_empty()
    }

    /// Replaces the text; the cursor goes to its end.
    pub fn set(&mut self, text: &str) {
        self.line = tui_input::Input::new(text.to_owned());
    }

    /// Empties the line.
    pub fn clear(&mut self) {
        self.line.reset();
    }

    /// Takes a key that edits the line; says whether it did.
    pub fn key(&mut self, key: Key) -> bool {
        use InputRequest as Ask;
        let ask = match (key.code, key.ctrl, key.alt) {
            (Code::Char(character), false, false) => {
                if self.text().chars().count() < LONGEST {
                    self.line.handle(Ask::InsertChar(character));
                }
                return true;
            }
            (Code::Backspace, false, false) => Ask::DeletePrevChar,
            (Code::Backspace, ..) | (Code::Char('w'), true, false) => Ask::DeletePrevWord,
            (Code::Delete, false, false) => Ask::DeleteNextChar,
            (Code::Delete, ..) => Ask::DeleteNextWord,
            (Code::Left, false, false) | (Code::Char('b'), true, false) => Ask::GoToPrevChar,
            (Code::Left, ..) | (Code::Char('b'), false, true) => Ask::GoToPrevWord,
            (Code::Right, false, false) | (Code::Char('f'), true, false) => Ask::GoToNextChar,
            (Code::Right, ..) | (Code::Char('f'), false, true) => Ask::GoToNextWord,
            (Code::Home, ..) | (Code::Char('a'), true, false) => Ask::GoToStart,
            (Code::End, ..) | (Code::Char('e'), true, false) => Ask::GoToEnd,
            (Code::Char('u'), true, false) => Ask::DeleteFromStart,
            (Code::Char('k'), true, false) => Ask::DeleteTillEnd,
            _ => return false,
        };
        self.line.handle(ask);
        true
    }

    /// Takes pasted text; line breaks and tabs become spaces.
    pub fn paste(&mut self, text: &str) {
        let room = LONGEST.saturating_sub(self.text().chars().count());
        let lines = text.replace("\r\n", "\n");
        let pasted = lines.trim_matches(['\n', '\r']).chars().take(room);
        let pasted = pasted.map(|character| if matches!(character, '\n' | '\r' | '\t') { ' ' } else { character });
        let cursor = self.line.cursor();
        let mut whole: String = self.text().chars().take(cursor).chain(pasted).collect();
        let at = whole.chars().count();
        whole.extend(self.text().chars().skip(cursor));
        self.line = tui_input::Input::new(whole).with_cursor(at);
    }

    /// Draws the line, scrolled so that the cursor is in it; puts the cursor there if it has the
    /// keys.
    pub fn draw(&self, canvas: &mut Canvas<'_>, x: u16, y: u16, columns: u16, focused: bool) {
        canvas.fill(ratatui::layout::Rect { x, y, width: columns, height: 1 }, Tone::Field);
        let cursor = self.line.cursor();
        let shown = |text: String| {
            if self.secret { canvas_dot(canvas).repeat(text.chars().count()) } else { visible(&text).into_owned() }
        };
        if !focused {
            // Read from its beginning; what doesn't fit is marked.
            let beginning = self.text().chars().take(8 * usize::from(columns)).collect();
            canvas.text(x, y, columns, &shown(beginning), Tone::Field);
            return;
        }
        let before = shown(self.text().chars().take(cursor).collect());
        let after = shown(self.text().chars().skip(cursor).take(8 * usize::from(columns)).collect());
        // Keep the cursor in view: drop from the left what doesn't fit before it.
        let room = columns.saturating_sub(1);
        let mut used = 0;
        let kept = before.grapheme_indices(true).rev().take_while(|(_, cluster)| {
            used += width(cluster);
            used <= room
        });
        let start = kept.last().map_or(before.len(), |(place, _)| place);
        let at = canvas.text(x, y, columns, before.get(start..).unwrap_or_default(), Tone::Field);
        let left = (x + columns).saturating_sub(at);
        if left > 0 {
            canvas.text(at, y, left, &after, Tone::Field);
        }
        canvas.set_cursor(at.min(x + room), y);
    }
}

fn canvas_dot(canvas: &Canvas<'_>) -> &'static str {
    canvas.theme().glyph("•", "*")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_and_the_usual_keys_edit() {
        let mut input = Input::new();
        for character in "hello world".chars() {
            assert!(input.key(Key::char(character)));
        }
        assert!(input.key(Key::ctrl('w')));
        assert_eq!(input.text(), "hello ");
        input.key(Key::plain(Code::Home));
        input.key(Key::char('>'));
        assert_eq!(input.text(), ">hello ");
        assert!(!input.key(Key::plain(Code::Enter)));
        input.key(Key::ctrl('e'));
        input.paste("a\r\nb\tc\n");
        assert_eq!(input.text(), ">hello a b c");
        input.key(Key::plain(Code::Home));
        input.paste("x");
        input.key(Key::char('y'));
        assert_eq!(input.text(), "xy>hello a b c");
    }
}
