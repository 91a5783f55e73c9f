//! A sheet to read: headings, labelled lines, paragraphs; it scrolls. Lines that have a key can be
//! stood on, one after the other: a field, a permission.

use std::cell::RefCell;
use std::ops::Range;
use std::sync::Arc;

use ratatui::layout::Rect;

use super::canvas::{Canvas, width, wrap};
use crate::model::text::{is_invisible, is_ordinary};
use crate::tui::command::Id;
use crate::tui::theme::Tone;

/// One line of a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// What it is about, at the top.
    Title(String),
    /// A heading, with an empty line before it.
    Heading(String),
    /// A label with a text, and what the text means.
    Pair(String, String, Tone),
    /// A paragraph.
    Text(String, Tone),
    /// A paragraph with a sign before it, in whose column nothing else stands.
    Point(&'static str, String, Tone),
}

/// A sheet, how far it is scrolled, and where one stands on it.
#[derive(Debug, Clone, Default)]
pub struct Sheet {
    lines: Vec<Line>,
    /// The key of each line that can be stood on.
    keys: Vec<Option<String>>,
    /// The width of the longest label.
    label: u16,
    /// The line that one stands on, if there is one.
    at: Option<usize>,
    top: usize,
    /// Where its rows are, as last worked out: most keys change neither lines nor width.
    laid_out: RefCell<Option<Arc<Layout>>>,
}

impl Sheet {
    /// Puts other lines on it; it stays scrolled where it was if it is about the same thing.
    pub fn set(&mut self, lines: Vec<Line>) {
        self.set_keyed(lines.into_iter().map(|line| (None, line)).collect());
    }

    /// The same with keys: one stands on the line of the same key as before, or on the first that
    /// has one.
    pub fn set_keyed(&mut self, lines: Vec<(Option<String>, Line)>) {
        let same = self.lines.first() == lines.first().map(|(_, line)| line);
        let here = if same { self.here().map(str::to_owned) } else { None };
        (self.keys, self.lines) = lines.into_iter().unzip();
        self.laid_out.take();
        let labels = self.lines.iter().filter_map(|line| match line {
            Line::Pair(label, ..) => Some(width(label)),
            _ => None,
        });
        self.label = labels.max().unwrap_or(0);
        let kept = here.and_then(|key| self.keys.iter().position(|other| other.as_ref() == Some(&key)));
        let near = self.at.filter(|_| same).and_then(|at| self.nearest(at));
        self.at = kept.or(near).or_else(|| self.keys.iter().position(Option::is_some));
        if !same {
            self.top = 0;
        }
    }

    /// The key of the line that one stands on.
    #[must_use]
    pub fn here(&self) -> Option<&str> {
        self.keys.get(self.at?)?.as_deref()
    }

    fn nearest(&self, line: usize) -> Option<usize> {
        let stops = self.keys.iter().enumerate().filter(|(_, key)| key.is_some()).map(|(at, _)| at);
        stops.min_by_key(|at| at.abs_diff(line))
    }

    /// Takes a moving command; says whether it was one.
    pub fn moved(&mut self, id: Id, area: Rect) -> bool {
        use crate::tui::moves as go;
        let rows = self.layout(area.width.saturating_sub(2));
        let last = rows.total().saturating_sub(usize::from(area.height));
        let page = usize::from(area.height.saturating_sub(1)).max(1);
        if let Some(at) = self.at {
            return self.walked(id, at, &rows, usize::from(area.height));
        }
        self.top = match id {
            go::UP => self.top.saturating_sub(1),
            go::DOWN => self.top + 1,
            go::PAGE_UP => self.top.saturating_sub(page),
            go::PAGE_DOWN => self.top + page,
            go::FIRST => 0,
            go::LAST => last,
            _ => return false,
        }
        .min(last);
        true
    }

    /// From line to line, the view following; before the first and after the last one the view goes
    /// to the ends.
    fn walked(&mut self, id: Id, at: usize, rows: &Layout, height: usize) -> bool {
        use crate::tui::moves as go;
        let stops: Vec<usize> =
            self.keys.iter().enumerate().filter(|(_, key)| key.is_some()).map(|(line, _)| line).collect();
        let place = stops.iter().position(|stop| *stop == at).unwrap_or(0);
        let last = stops.len().saturating_sub(1);
        let page = height.saturating_sub(2).max(1);
        let to = match id {
            go::UP => place.saturating_sub(1),
            go::DOWN => (place + 1).min(last),
            go::PAGE_UP => place.saturating_sub(page),
            go::PAGE_DOWN => (place + page).min(last),
            go::FIRST => 0,
            go::LAST => last,
            _ => return false,
        };
        self.at = stops.get(to).copied();
        let of_it = self.at.map(|line| rows.of(line)).unwrap_or_default();
        let (row, end) = (of_it.start, of_it.end.saturating_sub(1).max(of_it.start));
        let most = rows.total().saturating_sub(height);
        self.top = match to {
            0 => 0,
            to if to == last && end + 1 < rows.total() => most,
            // A heading just above comes into view with its first line.
            _ if row <= self.top + 1 => row.saturating_sub(2),
            _ if end >= self.top + height => end + 1 - height,
            _ => self.top,
        };
        if row < self.top || row >= self.top + height {
            self.top = row;
        }
        self.top = self.top.min(most);
        true
    }

    /// Draws what is in view.
    pub fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, focused: bool) {
        let layout = self.layout(area.width.saturating_sub(2));
        let top = self.top.min(layout.total().saturating_sub(1));
        let first = layout.line_at(top);
        let rows = self.lines.iter().enumerate().skip(first).flat_map(|(at, line)| layout.rows(at, line));
        let above = top - layout.of(first).start.min(top);
        for (y, row) in (area.y..area.bottom()).zip(rows.skip(above)) {
            let title = matches!(row, Row { heading: 2, .. });
            let here = focused && Some(row.line) == self.at;
            let (label, tone) = match here {
                true => (Tone::Selected, Tone::Selected),
                false => (Tone::Dim, if title && focused { Tone::Accent } else { row.tone }),
            };
            if here {
                canvas.fill(Rect { y, height: 1, width: area.width.saturating_sub(1), ..area }, Tone::Selected);
            }
            let label = if row.sign { tone } else { label };
            canvas.text(area.x, y, row.split.saturating_sub(1), &row.label, label);
            canvas.text(area.x + row.split, y, area.width.saturating_sub(row.split + 2), &row.text, tone);
        }
        canvas.scrollbar(area, layout.total(), top);
    }

    fn layout(&self, columns: u16) -> Arc<Layout> {
        let kept = self.laid_out.borrow().clone().filter(|layout| layout.columns == columns);
        kept.unwrap_or_else(|| {
            let layout = Arc::new(self.lay_out(columns));
            self.laid_out.replace(Some(Arc::clone(&layout)));
            layout
        })
    }

    /// Where each line's rows are at a width. What is plainly one row isn't broken to find that out:
    /// a sheet may have thousands of lines, of which a few are in view.
    fn lay_out(&self, columns: u16) -> Layout {
        let split = (self.label + 2).min(columns / 2);
        let mut layout = Layout { split, columns, ends: Vec::with_capacity(self.lines.len()) };
        let mut end = 0;
        for (at, line) in self.lines.iter().enumerate() {
            let (text, room, above) = match line {
                Line::Title(text) | Line::Text(text, _) => (text, columns, 0),
                Line::Heading(text) => (text, columns, 1),
                Line::Pair(_, text, _) => (text, columns.saturating_sub(split), 0),
                Line::Point(sign, text, _) => (text, columns.saturating_sub(width(sign) + 1), 0),
            };
            end += if is_one_row(text, room) { above + 1 } else { layout.rows(at, line).len() };
            layout.ends.push(end);
        }
        layout
    }
}

/// Is it one row, as far as a glance tells?
fn is_one_row(text: &str, room: u16) -> bool {
    // What can't be seen is spelled out, which takes more room.
    width(text) <= room && (is_ordinary(text) || !text.chars().any(is_invisible))
}

/// A sheet's lines as rows of a width.
#[derive(Debug)]
struct Layout {
    split: u16,
    columns: u16,
    /// By line: the row behind its last one.
    ends: Vec<usize>,
}

impl Layout {
    fn total(&self) -> usize {
        self.ends.last().copied().unwrap_or(0)
    }

    /// A line's rows.
    fn of(&self, line: usize) -> Range<usize> {
        let start = line.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        start..self.ends.get(line).copied().unwrap_or(start)
    }

    /// The line that a row is of.
    fn line_at(&self, row: usize) -> usize {
        self.ends.partition_point(|end| *end <= row)
    }

    /// A line, broken to the width.
    fn rows(&self, at: usize, line: &Line) -> Vec<Row> {
        let (split, columns) = (self.split, self.columns);
        let mut rows: Vec<Row> = match line {
            Line::Title(text) => Row::of(text, Tone::Title, 2, columns).collect(),
            Line::Heading(text) => {
                std::iter::once(Row::default()).chain(Row::of(text, Tone::Title, 1, columns)).collect()
            }
            Line::Text(text, tone) => Row::of(text, *tone, 0, columns).collect(),
            Line::Pair(label, text, tone) => Row::after(label, split, text, *tone, columns).collect(),
            Line::Point(sign, text, tone) => {
                let points = Row::after(sign, width(sign) + 1, text, *tone, columns);
                points.map(|row| Row { sign: true, ..row }).collect()
            }
        };
        rows.iter_mut().for_each(|row| row.line = at);
        rows
    }
}

#[derive(Debug, Clone)]
struct Row {
    label: String,
    split: u16,
    text: String,
    tone: Tone,
    heading: u8,
    /// Its label is a sign, of the text's own tone.
    sign: bool,
    /// Of which line it is a row.
    line: usize,
}

impl Default for Row {
    fn default() -> Self {
        Self {
            label: String::new(),
            split: 0,
            text: String::new(),
            tone: Tone::Text,
            heading: 0,
            sign: false,
            line: usize::MAX,
        }
    }
}

impl Row {
    /// A label, and a text beside it from one column on.
    fn after(label: &str, split: u16, text: &str, tone: Tone, columns: u16) -> impl Iterator<Item = Self> {
        let lines = wrap(&crate::model::text::visible(text), columns.saturating_sub(split));
        let label = label.to_owned();
        lines.into_iter().enumerate().map(move |(place, text)| {
            let label = if place == 0 { label.clone() } else { String::new() };
            Self { label, split, text, tone, ..Self::default() }
        })
    }

    fn of(text: &str, tone: Tone, heading: u8, columns: u16) -> impl Iterator<Item = Self> {
        let lines = wrap(&crate::model::text::visible(text), columns);
        lines.into_iter().map(move |text| Self { text, tone, heading, ..Self::default() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::moves;

    #[test]
    fn what_a_glance_takes_for_one_row_is_one() {
        let texts = [
            "",
            "x",
            "two words",
            "zwei Wörter",
            "a\tb",
            "dots · and 中文 wide",
            "“a” → “b”",
            "a\u{200b}b – c",
            "  spaced   out  ",
            "a\nb",
        ];
        let lines = texts.iter().flat_map(|text| {
            let text = (*text).to_owned();
            [
                Line::Title(text.clone()),
                Line::Heading(text.clone()),
                Line::Pair("label".to_owned(), text.clone(), Tone::Text),
                Line::Text(text.clone(), Tone::Text),
                Line::Point("+", text, Tone::Text),
            ]
        });
        let mut sheet = Sheet::default();
        sheet.set(lines.collect());
        for columns in 0..30 {
            let layout = sheet.layout(columns);
            for (at, line) in sheet.lines.iter().enumerate() {
                assert_eq!(layout.of(at).len(), layout.rows(at, line).len(), "{line:?} in {columns}");
                assert!(layout.of(at).all(|row| layout.line_at(row) == at));
            }
        }
    }

    #[test]
    fn one_walks_from_key_to_key_and_the_view_follows() {
        let mut sheet = Sheet::default();
        let field = |name: &str| (Some(name.to_owned()), Line::Pair(name.to_owned(), "x".to_owned(), Tone::Text));
        let mut lines = vec![(None, Line::Title("Ada".to_owned())), (None, Line::Heading("One".to_owned()))];
        lines.extend(["a", "b", "c", "d"].map(field));
        sheet.set_keyed(lines.clone());
        let area = Rect::new(0, 0, 20, 5);
        assert_eq!(sheet.here(), Some("a"));
        for _ in 0..9 {
            sheet.moved(moves::DOWN, area);
        }
        assert_eq!((sheet.here(), sheet.top), (Some("d"), 2));
        lines.pop();
        sheet.set_keyed(lines);
        assert_eq!(sheet.here(), Some("c"));
        sheet.moved(moves::FIRST, area);
        assert_eq!((sheet.here(), sheet.top), (Some("a"), 0));
    }
}
