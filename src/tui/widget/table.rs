//! A table: a head that stays, rows that scroll, columns as wide as they need within what there
//! is, and a mark before the chosen row, so that it shows without colour.

use std::borrow::Cow;

use ratatui::layout::Rect;
use ratatui::style::Modifier;

use super::canvas::{Canvas, width};
use super::list::Cursor;
use crate::tui::theme::Tone;

/// How wide a column may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wide {
    /// Just so.
    Exactly(u16),
    /// At least so much, and its share of what is left, up to a most.
    Share {
        /// The least.
        least: u16,
        /// The most.
        most: u16,
        /// Its share.
        share: u16,
    },
}

impl Wide {
    /// The least that the column is shown with.
    fn least(self) -> u16 {
        match self {
            Self::Exactly(columns) => columns,
            Self::Share { least, .. } => least,
        }
    }
}

/// On which side a column's text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Left: words.
    Left,
    /// Right: numbers.
    Right,
}

/// A column.
#[derive(Debug, Clone)]
pub struct Column<'a> {
    /// Its heading.
    pub title: Cow<'a, str>,
    /// Its width.
    pub wide: Wide,
    /// Its side.
    pub align: Align,
    /// The rows are sorted by it: downwards, if true.
    pub sorted: Option<bool>,
}

impl<'a> Column<'a> {
    /// A column of words.
    pub fn new(title: impl Into<Cow<'a, str>>, least: u16, most: u16, share: u16) -> Self {
        Self { title: title.into(), wide: Wide::Share { least, most, share }, align: Align::Left, sorted: None }
    }

    /// A column of just this width.
    pub fn exactly(title: impl Into<Cow<'a, str>>, columns: u16) -> Self {
        Self { title: title.into(), wide: Wide::Exactly(columns), align: Align::Left, sorted: None }
    }

    /// The same, against the right.
    #[must_use]
    pub fn right(self) -> Self {
        Self { align: Align::Right, ..self }
    }

    /// The same, marked as what the rows are sorted by.
    #[must_use]
    pub fn sorted(self, sorted: Option<bool>) -> Self {
        Self { sorted, ..self }
    }
}

/// What stands in one row and column.
#[derive(Debug, Clone)]
pub struct Part<'a> {
    /// The text.
    pub text: Cow<'a, str>,
    /// What it means.
    pub tone: Tone,
}

impl<'a> Part<'a> {
    /// Ordinary text.
    pub fn new(text: impl Into<Cow<'a, str>>) -> Self {
        Self { text: text.into(), tone: Tone::Text }
    }

    /// Text with a meaning.
    pub fn toned(text: impl Into<Cow<'a, str>>, tone: Tone) -> Self {
        Self { text: text.into(), tone }
    }
}

/// A table to draw.
pub struct Table<'a> {
    /// The columns; the first stays when the others are moved sideways.
    pub columns: Vec<Column<'a>>,
    /// How many of the columns after the first are moved out of view.
    pub skipped: usize,
    /// How many rows there are in all.
    pub length: usize,
    /// Where one stands.
    pub cursor: Cursor,
    /// The table has the keys.
    pub focused: bool,
}

impl<'a> Table<'a> {
    /// How many rows fit into this height.
    #[must_use]
    pub fn rows(height: u16) -> u16 {
        height.saturating_sub(1)
    }

    /// Draws the table; `row` is asked for the parts of the rows in view alone, and answers
    /// nothing for one that isn't there yet.
    pub fn draw<'r>(&self, canvas: &mut Canvas<'_>, area: Rect, row: impl Fn(usize) -> Option<Vec<Part<'r>>>) {
        if area.height == 0 || area.width < 4 {
            return;
        }
        let shown = self.layout(area.width.saturating_sub(3));
        for (index, x, wide) in &shown {
            if let Some(column) = self.columns.get(*index) {
                self.heading(canvas, area.x + 2 + x, area.y, *wide, column);
            }
        }
        for line in 0..Self::rows(area.height) {
            let index = self.cursor.top + usize::from(line);
            if index >= self.length {
                break;
            }
            let chosen = index == self.cursor.at;
            let y = area.y + 1 + line;
            if chosen {
                let tone = if self.focused { Tone::Selected } else { Tone::SelectedAway };
                canvas.fill(Rect { x: area.x, y, width: area.width, height: 1 }, tone);
                let key = canvas.style(Tone::Key).remove_modifier(Modifier::all());
                let row = canvas.style(tone);
                let style = if row.add_modifier.contains(Modifier::REVERSED) { row } else { row.patch(key) };
                let mark = canvas.theme().glyph("▌", ">");
                canvas.styled(area.x, y, 1, mark, style);
            }
            let Some(parts) = row(index) else {
                let mark = canvas.mark();
                canvas.text(area.x + 2, y, 1, mark, Tone::Dim);
                continue;
            };
            for (index, x, wide) in &shown {
                if let (Some(part), Some(column)) = (parts.get(*index), self.columns.get(*index)) {
                    self.part(canvas, area.x + 2 + x, y, *wide, column.align, part, chosen);
                }
            }
        }
        let below = Rect { y: area.y + 1, height: Self::rows(area.height), ..area };
        canvas.scrollbar(below, self.length, self.cursor.top);
    }

    fn heading(&self, canvas: &mut Canvas<'_>, x: u16, y: u16, wide: u16, column: &Column<'_>) {
        let mark = match column.sorted {
            Some(true) => canvas.theme().glyph(" ▼", " v"),
            Some(false) => canvas.theme().glyph(" ▲", " ^"),
            None => "",
        };
        let room = wide.saturating_sub(width(mark));
        let title = super::canvas::fit(&column.title, room, canvas.mark()).into_owned();
        let text = format!("{title}{mark}");
        let tone = if column.sorted.is_some() { Tone::Accent } else { Tone::Dim };
        match column.align {
            Align::Left => {
                canvas.text(x, y, wide, &text, tone);
            }
            Align::Right => canvas.text_right(x, y, wide, &text, tone),
        }
    }

    #[allow(clippy::too_many_arguments, reason = "a place, a size, a side, a text and a state")]
    fn part(&self, canvas: &mut Canvas<'_>, x: u16, y: u16, wide: u16, align: Align, part: &Part<'_>, chosen: bool) {
        let mut style = canvas.style(part.tone);
        if chosen {
            // The chosen row keeps its own ground and, where it reverses, its own colour.
            style = canvas.over(part.tone, if self.focused { Tone::Selected } else { Tone::SelectedAway });
        }
        let text = crate::model::text::visible(&part.text);
        let used = width(&text).min(wide);
        let x = if align == Align::Right { x + wide - used } else { x };
        canvas.styled(x, y, wide, &text, style);
    }

    /// Which columns are in view, where each starts, and how wide it is.
    #[must_use]
    pub fn layout(&self, room: u16) -> Vec<(usize, u16, u16)> {
        const GAP: u16 = 2;
        let order = (0..self.columns.len()).filter(|index| *index == 0 || *index > self.skipped);
        let mut chosen: Vec<(usize, Wide)> = Vec::new();
        let mut used = 0u16;
        for index in order {
            let Some(column) = self.columns.get(index) else { continue };
            let gap = if chosen.is_empty() { 0 } else { GAP };
            let least = if chosen.is_empty() { column.wide.least().min(room) } else { column.wide.least() };
            if used + gap + least > room {
                break;
            }
            used += gap + least;
            chosen.push((index, column.wide));
        }
        let mut widths: Vec<u16> = chosen.iter().map(|(_, wide)| wide.least().min(room)).collect();
        spread(&chosen, &mut widths, room - used);
        let mut x = 0;
        let mut shown = Vec::with_capacity(chosen.len());
        for ((index, _), wide) in chosen.into_iter().zip(widths) {
            shown.push((index, x, wide));
            x += wide + GAP;
        }
        shown
    }

    /// How many columns are out of view to the right.
    #[must_use]
    pub fn hidden_right(&self, room: u16) -> usize {
        let last = self.layout(room.saturating_sub(3)).last().map_or(0, |(index, ..)| *index);
        self.columns.len().saturating_sub(last + 1)
    }
}

/// Gives out what is left by shares, until it is gone or every column has its most.
fn spread(columns: &[(usize, Wide)], widths: &mut [u16], mut left: u16) {
    loop {
        let open = |(wide, now): (&(usize, Wide), &u16)| match wide.1 {
            Wide::Share { most, share, .. } if *now < most => Some(share),
            _ => None,
        };
        let total: u16 = columns.iter().zip(widths.iter()).filter_map(open).sum();
        if total == 0 || left == 0 {
            return;
        }
        let pot = left;
        for (column, now) in columns.iter().zip(widths.iter_mut()) {
            if let Wide::Share { most, share, .. } = column.1 {
                let part = (u32::from(pot) * u32::from(share) / u32::from(total)).max(1);
                let part = u16::try_from(part).unwrap_or(pot).min(most.saturating_sub(*now)).min(left);
                *now += part;
                left -= part;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(skipped: usize) -> Table<'static> {
        Table {
            columns: vec![
                Column::new("Name", 10, 30, 2),
                Column::new("Email", 10, 40, 3),
                Column::exactly("Status", 8),
            ],
            skipped,
            length: 0,
            cursor: Cursor::default(),
            focused: true,
        }
    }

    #[test]
    fn columns_share_what_there_is_and_drop_off_at_the_right() {
        let wide = table(0).layout(120);
        assert_eq!(wide.iter().map(|(_, _, w)| *w).collect::<Vec<_>>(), [30, 40, 8]);
        let total: u16 = table(0).layout(50).iter().map(|(_, _, w)| *w).sum();
        assert_eq!(total, 46);
        assert_eq!(table(0).layout(24).len(), 2);
        assert_eq!(table(0).hidden_right(27), 1);
        assert_eq!(table(1).layout(24).iter().map(|(i, ..)| *i).collect::<Vec<_>>(), [0, 2]);
        assert_eq!(table(0).layout(5), [(0, 0, 5)]);
    }
}
