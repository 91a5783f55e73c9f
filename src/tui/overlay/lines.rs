//! Lines to read in a window: wrapped, marked, scrolled. What every overlay with something to read
//! is made of.

use ratatui::layout::Rect;

use crate::tui::event::{Code, Key, Size};
use crate::tui::theme::Tone;
use crate::tui::widget::Canvas;
use crate::tui::widget::canvas::{centred, wrap};

/// How wide such a window is.
pub(super) const WIDTH: u16 = 76;
/// The columns for a text in it.
const ROOM: u16 = WIDTH - 5;

/// One line.
#[derive(Debug, Clone)]
struct Line {
    indent: u16,
    /// Before the text, in Unicode and in ASCII.
    mark: (&'static str, &'static str),
    text: String,
    tone: Tone,
}

/// Lines, and how far they are scrolled.
#[derive(Debug, Clone, Default)]
pub(super) struct Lines {
    lines: Vec<Line>,
    top: usize,
    /// The height of the console, once it is known.
    height: Option<u16>,
}

/// The rows of the console that such a window leaves to other things.
const AROUND: u16 = 8;

impl Lines {
    /// Adds a paragraph.
    pub(super) fn text(&mut self, text: &str, tone: Tone) {
        self.marked(0, ("", ""), text, tone);
    }

    /// Adds an empty line, unless there is nothing above it.
    pub(super) fn gap(&mut self) {
        if !self.lines.is_empty() {
            self.lines.push(Line { indent: 0, mark: ("", ""), text: String::new(), tone: Tone::Text });
        }
    }

    /// Adds a paragraph with a mark before its first line.
    pub(super) fn marked(&mut self, indent: u16, mark: (&'static str, &'static str), text: &str, tone: Tone) {
        let wide = u16::try_from(mark.0.chars().count()).unwrap_or(0);
        for (place, text) in wrap(text, ROOM.saturating_sub(indent + wide)).into_iter().enumerate() {
            let line = match place {
                0 => Line { indent, mark, text, tone },
                _ => Line { indent: indent + wide, mark: ("", ""), text, tone },
            };
            self.lines.push(line);
        }
    }

    /// Puts these before all others.
    pub(super) fn before(&mut self, mut first: Self) {
        first.lines.append(&mut self.lines);
        self.lines = first.lines;
    }

    /// Hears how large the console is.
    pub(super) fn sized(&mut self, size: Size) {
        self.height = Some(size.height);
    }

    /// The keys of such a window, for the foot: those that scroll where there is more than is in view.
    pub(super) fn hints(
        &self,
        mut own: Vec<(&'static str, &'static str)>,
        last: (&'static str, &'static str),
    ) -> Vec<(&'static str, &'static str)> {
        if self.height.is_none_or(|height| self.lines.len() > usize::from(height.saturating_sub(AROUND))) {
            own.push(("Up Down", "scroll"));
        }
        own.push(last);
        own
    }

    /// Takes a key that scrolls.
    pub(super) fn key(&mut self, key: Key) {
        let rows = self.height.map_or(1, |height| height.saturating_sub(AROUND)).max(1);
        let last = self.lines.len().saturating_sub(usize::from(rows));
        self.top = match key.code {
            Code::Up | Code::Char('k') => self.top.saturating_sub(1),
            Code::Down | Code::Char('j') => self.top + 1,
            Code::PageUp => self.top.saturating_sub(10),
            Code::PageDown | Code::Char(' ') => self.top + 10,
            Code::Home | Code::Char('g') => 0,
            Code::End | Code::Char('G') => last,
            _ => self.top,
        }
        .min(last);
    }

    /// Draws a window with the lines in it and the keys at its foot.
    pub(super) fn draw(&self, canvas: &mut Canvas<'_>, title: &str, keys: &[(&str, &str)]) {
        let whole = canvas.area();
        let rows = u16::try_from(self.lines.len()).unwrap_or(u16::MAX).min(whole.height.saturating_sub(AROUND)).max(1);
        let inner = canvas.window(centred(whole, WIDTH, rows + 4), title);
        let area = Rect { height: rows, ..inner };
        let top = self.top.min(self.lines.len().saturating_sub(usize::from(rows)));
        for (y, line) in (area.y..area.bottom()).zip(self.lines.iter().skip(top)) {
            let mark = canvas.theme().glyph(line.mark.0, line.mark.1);
            let x = canvas.text(area.x + line.indent, y, 4, mark, line.tone);
            canvas.text(x, y, area.right().saturating_sub(x + 1), &line.text, line.tone);
        }
        canvas.scrollbar(area, self.lines.len(), top);
        let (mut x, y) = (inner.x, inner.bottom().saturating_sub(1));
        for (key, word) in keys {
            x = canvas.text(x, y, inner.right().saturating_sub(x), key, Tone::Key);
            x = canvas.text(x + 1, y, inner.right().saturating_sub(x + 1), word, Tone::Text) + 3;
        }
    }
}
