//! The surface that everything draws on: text goes through here, so that what a person typed is
//! always drawn visibly, cut to its width, in the style of its meaning.

use std::borrow::Cow;
use std::time::Duration;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};
use ratatui::widgets::{Block, Clear, Widget as _};
use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

use crate::model::text::{is_ordinary, visible};
use crate::tui::theme::{Theme, Tone};

/// How many columns a text takes.
#[must_use]
pub fn width(text: &str) -> u16 {
    let columns = if is_ordinary(text) { text.len() } else { text.width() };
    u16::try_from(columns).unwrap_or(u16::MAX)
}

/// A text cut to a number of columns; what was cut away is marked.
#[must_use]
pub fn fit<'a>(text: &'a str, columns: u16, mark: &str) -> Cow<'a, str> {
    if width(text) <= columns {
        return Cow::Borrowed(text);
    }
    let room = columns.saturating_sub(width(mark));
    let mut cut = String::new();
    let mut used = 0;
    for cluster in text.graphemes(true) {
        let wide = width(cluster);
        if used + wide > room {
            break;
        }
        used += wide;
        cut.push_str(cluster);
    }
    if columns >= width(mark) {
        cut.push_str(mark);
    }
    Cow::Owned(cut)
}

/// A text broken into lines of at most this many columns, at spaces where there are any.
#[must_use]
pub fn wrap(text: &str, columns: u16) -> Vec<String> {
    let columns = columns.max(1);
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let mut line = String::new();
        for word in paragraph.split(' ').filter(|word| !word.is_empty()) {
            let gap = u16::from(!line.is_empty());
            if width(&line) + gap + width(word) <= columns {
                if gap == 1 {
                    line.push(' ');
                }
                line.push_str(word);
                continue;
            }
            // A word that no line holds goes on where the one before it ended, if a piece fits there.
            let begun = width(&line) + gap;
            if width(word) > columns && gap == 1 && begun + PIECE <= columns {
                line.push(' ');
            } else if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            line = break_word(line, word, columns, &mut lines);
        }
        lines.push(line);
    }
    lines
}

/// The least that a broken word leaves on a line.
const PIECE: u16 = 4;

/// Breaks off as many full lines as a word fills after what the line holds; what is left starts the
/// next line.
fn break_word(mut line: String, word: &str, columns: u16, lines: &mut Vec<String>) -> String {
    for cluster in word.graphemes(true) {
        if width(&line) + width(cluster) > columns && !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        line.push_str(cluster);
    }
    line
}

/// What is drawn on, for one frame.
pub struct Canvas<'a> {
    buffer: &'a mut Buffer,
    theme: &'a Theme,
    now: Duration,
    cursor: Option<Position>,
}

impl<'a> Canvas<'a> {
    /// A canvas over a frame's buffer.
    pub fn new(buffer: &'a mut Buffer, theme: &'a Theme, now: Duration) -> Self {
        Self { buffer, theme, now, cursor: None }
    }

    /// All of it.
    #[must_use]
    pub fn area(&self) -> Rect {
        self.buffer.area
    }

    /// The theme.
    #[must_use]
    pub fn theme(&self) -> &'a Theme {
        self.theme
    }

    /// The time on the console's clock, for what moves.
    #[must_use]
    pub fn now(&self) -> Duration {
        self.now
    }

    /// The style of a meaning.
    #[must_use]
    pub fn style(&self, tone: Tone) -> Style {
        self.theme.style(tone)
    }

    /// The style of a meaning on another one's ground. Where the ground is a reversal, a colour would
    /// become a ground of its own: there the reversal alone counts.
    #[must_use]
    pub fn over(&self, tone: Tone, ground: Tone) -> Style {
        let ground = self.style(ground);
        let reversed = ground.add_modifier.contains(Modifier::REVERSED);
        if reversed || matches!(tone, Tone::Text | Tone::Dim) { ground } else { self.style(tone).patch(ground) }
    }

    /// The buffer itself, for ratatui's own widgets.
    pub fn buffer(&mut self) -> &mut Buffer {
        self.buffer
    }

    /// Where the cursor ends up, if anything asked for it.
    #[must_use]
    pub fn cursor(&self) -> Option<Position> {
        self.cursor
    }

    /// Puts the cursor here.
    pub fn set_cursor(&mut self, x: u16, y: u16) {
        self.cursor = Some(Position { x, y });
    }

    /// Takes the cursor away: something was drawn over where it was.
    pub fn hide_cursor(&mut self) {
        self.cursor = None;
    }

    /// The mark of something cut off.
    #[must_use]
    pub fn mark(&self) -> &'static str {
        self.theme.glyph("…", "~")
    }

    /// One line of text, cut at `columns`. Returns the column after it.
    pub fn text(&mut self, x: u16, y: u16, columns: u16, text: &str, tone: Tone) -> u16 {
        let style = self.style(tone);
        self.styled(x, y, columns, text, style)
    }

    /// The same with a style of one's own.
    pub fn styled(&mut self, x: u16, y: u16, columns: u16, text: &str, style: Style) -> u16 {
        let area = self.buffer.area;
        if y < area.y || y >= area.bottom() || x >= area.right() {
            return x;
        }
        let columns = columns.min(area.right() - x);
        self.leave_no_halves(Rect { x, y, width: 1, height: 1 });
        if is_ordinary(text) {
            return self.ordinary(x, y, columns, text, style);
        }
        let shown = visible(text);
        let shown = fit(&shown, columns, self.mark());
        let shown: Cow<'_, str> = if self.theme.is_ascii() { plainly(&shown).into() } else { shown };
        let (end, _) = self.buffer.set_stringn(x, y, &shown, usize::from(columns), style);
        end
    }

    /// The same for letters that take a cell each, as nearly all do: there is nothing to be taken apart.
    fn ordinary(&mut self, x: u16, y: u16, columns: u16, text: &str, style: Style) -> u16 {
        let mark = if text.len() > usize::from(columns) { self.mark() } else { "" };
        let kept = text.len().min(usize::from(columns.saturating_sub(width(mark))));
        let letters = text.chars().take(kept).chain(mark.chars()).take(usize::from(columns));
        let first = self.buffer.index_of(x, y);
        let cells = self.buffer.content.get_mut(first..).unwrap_or_default();
        let mut end = x;
        for (cell, letter) in cells.iter_mut().zip(letters) {
            cell.set_char(letter).set_style(style);
            end += 1;
        }
        end
    }

    /// One line of text, against the right end of `columns`.
    pub fn text_right(&mut self, x: u16, y: u16, columns: u16, text: &str, tone: Tone) {
        let wide = width(&visible(text)).min(columns);
        self.text(x + columns - wide, y, wide, text, tone);
    }

    /// Paragraphs, broken into lines. Returns how many lines were used.
    pub fn paragraph(&mut self, area: Rect, text: &str, tone: Tone) -> u16 {
        let mut used = 0;
        for line in wrap(text, area.width) {
            if used >= area.height {
                break;
            }
            self.text(area.x, area.y + used, area.width, &line, tone);
            used += 1;
        }
        used
    }

    /// Takes everything away from an area and gives it the ground of a meaning: for what lies over
    /// something else.
    pub fn clear(&mut self, area: Rect, tone: Tone) {
        let area = area.intersection(self.buffer.area);
        self.leave_no_halves(area);
        Clear.render(area, self.buffer);
        self.fill(area, tone);
    }

    /// Gives an area the ground of a meaning.
    pub fn fill(&mut self, area: Rect, tone: Tone) {
        let style = self.style(tone);
        self.buffer.set_style(area.intersection(self.buffer.area), style);
    }

    /// A line across.
    pub fn rule(&mut self, x: u16, y: u16, columns: u16) {
        let line = self.theme.glyph("─", "-").repeat(usize::from(columns));
        self.text(x, y, columns, &line, Tone::Border);
    }

    /// A line down.
    pub fn rule_down(&mut self, x: u16, y: u16, rows: u16) {
        for row in y..y.saturating_add(rows) {
            let line = self.theme.glyph("│", "|");
            self.text(x, row, 1, line, Tone::Border);
        }
    }

    /// A mark at the right edge of what scrolls: how much of it is in view, and where. Nothing if
    /// all of it is.
    pub fn scrollbar(&mut self, area: Rect, length: usize, top: usize) {
        let rows = usize::from(area.height);
        if length <= rows || rows < 3 || area.width == 0 {
            return;
        }
        let thumb = (rows * rows / length).clamp(1, rows);
        let start = top.min(length - rows) * (rows - thumb) / (length - rows);
        let mark = self.theme.glyph("▐", "|");
        for y in (area.y..area.bottom()).skip(start).take(thumb) {
            self.text(area.right() - 1, y, 1, mark, Tone::Dim);
        }
    }

    /// A box over whatever is there; returns what is inside it.
    pub fn window(&mut self, area: Rect, title: &str) -> Rect {
        let area = area.intersection(self.buffer.area);
        self.hide_cursor();
        self.clear(area, Tone::Text);
        let block = Block::bordered().border_set(self.theme.border()).border_style(self.style(Tone::Focus));
        let inner = block.inner(area);
        block.render(area, self.buffer);
        if !title.is_empty() && area.width > 6 {
            let title = format!(" {} ", visible(title));
            self.text(area.x + 2, area.y, area.width - 4, &title, Tone::Title);
        }
        Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner }
    }
}

impl Canvas<'_> {
    /// A wide character whose second half an area covers goes: terminals would draw it over the edge.
    fn leave_no_halves(&mut self, area: Rect) {
        let Some(left) = area.x.checked_sub(1) else { return };
        for y in area.top()..area.bottom() {
            if let Some(cell) = self.buffer.cell_mut((left, y)).filter(|cell| width(cell.symbol()) > 1) {
                cell.set_symbol(" ");
            }
        }
    }
}

/// A text with typographic marks replaced by plain ones, wherever they stand; letters stay.
pub(crate) fn plainly(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '…' => '~',
            '·' | '•' => '-',
            '›' => '>',
            '–' | '—' => '-',
            '“' | '”' => '"',
            '’' => '\'',
            '→' => '>',
            '⏎' => '|',
            '×' => 'x',
            '∩' => '&',
            '✘' => 'x',
            // Any other sign: an icon that somebody chose, or one that came with a role.
            '\u{2190}'..='\u{2BFF}' => '*',
            c => c,
        })
        .collect()
}

/// A box of this size in the middle of an area.
#[must_use]
pub fn centred(area: Rect, width: u16, height: u16) -> Rect {
    let width = width.min(area.width);
    let height = height.min(area.height);
    Rect { x: area.x + (area.width - width) / 2, y: area.y + (area.height - height) / 2, width, height }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_letters_are_put_as_any_others_are() {
        let theme = Theme::new(crate::tui::theme::Look::from_environment(&|_| None));
        let area = Rect::new(0, 0, 12, 1);
        for text in ["", "a", "two words", "just twelve!", "more than twelve letters", " ~ "] {
            for (x, columns) in [(0, 12), (0, 5), (3, 1), (3, 0), (3, 40), (11, 4), (12, 4)] {
                let (mut by_letter, mut by_cluster) = (Buffer::empty(area), Buffer::empty(area));
                let style = theme.style(Tone::Accent);
                let end = Canvas::new(&mut by_letter, &theme, Duration::ZERO).styled(x, 0, columns, text, style);
                let room = columns.min(12 - x);
                let mark = theme.glyph("…", "~");
                let expected = if x < 12 {
                    by_cluster.set_stringn(x, 0, fit(text, room, mark), usize::from(room), style).0
                } else {
                    x
                };
                assert_eq!((by_letter, end), (by_cluster, expected), "{text:?} at {x}, {columns} columns");
            }
        }
    }

    #[test]
    fn texts_are_cut_by_their_columns_not_their_bytes() {
        assert_eq!(fit("Zoë", 3, "…"), "Zoë");
        assert_eq!(fit("abcdef", 4, "…"), "abc…");
        assert_eq!(fit("山山山", 5, "…"), "山山…");
        assert_eq!(fit("山山山", 4, "…"), "山…");
        assert_eq!(fit("abc", 0, "…"), "");
    }

    #[test]
    fn lines_break_at_spaces_and_long_words_break_anywhere() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("abcdefgh", 3), ["abc", "def", "gh"]);
        assert_eq!(wrap("a\n\nb", 5), ["a", "", "b"]);
        assert_eq!(wrap("12 abcdefghij", 8), ["12 abcde", "fghij"]);
        assert_eq!(wrap("12345 abcdefghij", 8), ["12345", "abcdefgh", "ij"]);
    }
}
