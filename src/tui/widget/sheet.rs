//! A sheet to read: headings, labelled lines, paragraphs; it scrolls.

use ratatui::layout::Rect;

use super::canvas::{Canvas, width, wrap};
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
}

/// A sheet and how far it is scrolled.
#[derive(Debug, Clone, Default)]
pub struct Sheet {
    lines: Vec<Line>,
    top: usize,
    /// The labelled line that one stands on, where one goes from line to line.
    at: Option<usize>,
}

impl Sheet {
    /// A sheet on which one goes from one labelled line to the next.
    #[must_use]
    pub fn walked() -> Self {
        Self { at: Some(0), ..Self::default() }
    }

    /// The place of the labelled line that one stands on, among the labelled lines.
    #[must_use]
    pub fn at(&self) -> Option<usize> {
        self.at.filter(|at| *at < self.pairs())
    }

    fn pairs(&self) -> usize {
        self.lines.iter().filter(|line| matches!(line, Line::Pair(..))).count()
    }

    /// Puts other lines on it; it stays scrolled where it was if it is about the same thing.
    pub fn set(&mut self, lines: Vec<Line>) {
        if self.lines.first() != lines.first() {
            self.top = 0;
            self.at = self.at.map(|_| 0);
        }
        self.lines = lines;
        self.at = self.at.map(|at| at.min(self.pairs().saturating_sub(1)));
    }

    /// Takes a moving command; says whether it was one.
    pub fn moved(&mut self, id: Id, area: Rect) -> bool {
        use crate::tui::moves as go;
        let rows = self.rows(area.width.saturating_sub(2));
        let last = rows.len().saturating_sub(usize::from(area.height));
        let page = usize::from(area.height.saturating_sub(1)).max(1);
        if let Some(at) = self.at {
            return self.walk(id, at, page, &rows_of(&rows), area);
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

    /// Goes to another labelled line, and brings it into view; above the first one is the top.
    fn walk(&mut self, id: Id, at: usize, page: usize, places: &[(usize, usize)], area: Rect) -> bool {
        use crate::tui::moves as go;
        let last = places.len().saturating_sub(1);
        let at = match id {
            go::UP => at.saturating_sub(1),
            go::DOWN => at + 1,
            go::PAGE_UP => at.saturating_sub(page),
            go::PAGE_DOWN => at + page,
            go::FIRST => 0,
            go::LAST => last,
            _ => return false,
        }
        .min(last);
        self.at = Some(at);
        let height = usize::from(area.height).max(1);
        if let Some((first, end)) = places.get(at) {
            let heading = if at == 0 { 0 } else { first.saturating_sub(2) };
            self.top = self.top.min(heading).max((end + 1).saturating_sub(height)).min(*first);
        }
        true
    }

    /// Draws what is in view.
    pub fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, focused: bool) {
        let rows = self.rows(area.width.saturating_sub(2));
        let top = self.top.min(rows.len().saturating_sub(1));
        for (y, row) in (area.y..area.bottom()).zip(rows.iter().skip(top)) {
            let title = matches!(row, Row { heading: 2, .. });
            if focused && row.pair.is_some() && row.pair == self.at {
                let line = Rect { y, height: 1, width: area.width.saturating_sub(1), ..area };
                canvas.fill(line, Tone::Selected);
                canvas.text(area.x, y, row.split.saturating_sub(1), &row.label, Tone::Selected);
                canvas.text(area.x + row.split, y, area.width.saturating_sub(row.split + 2), &row.text, Tone::Selected);
                continue;
            }
            let tone = if title && focused { Tone::Accent } else { row.tone };
            canvas.text(area.x, y, row.split.saturating_sub(1), &row.label, Tone::Dim);
            canvas.text(area.x + row.split, y, area.width.saturating_sub(row.split + 2), &row.text, tone);
        }
        canvas.scrollbar(area, rows.len(), top);
    }

    /// The lines, broken to a width.
    fn rows(&self, columns: u16) -> Vec<Row> {
        let labels = self.lines.iter().filter_map(|line| match line {
            Line::Pair(label, ..) => Some(width(label)),
            _ => None,
        });
        let split = (labels.max().unwrap_or(0) + 2).min(columns / 2);
        let mut rows = Vec::new();
        let mut pairs = 0;
        for line in &self.lines {
            match line {
                Line::Title(text) => rows.extend(Row::of(text, Tone::Title, 2, columns)),
                Line::Heading(text) => {
                    rows.push(Row::default());
                    rows.extend(Row::of(text, Tone::Title, 1, columns));
                }
                Line::Text(text, tone) => rows.extend(Row::of(text, *tone, 0, columns)),
                Line::Pair(label, text, tone) => {
                    let mut label = label.as_str();
                    for part in wrap(&crate::model::text::visible(text), columns.saturating_sub(split)) {
                        let label = std::mem::take(&mut label).to_owned();
                        rows.push(Row { label, split, text: part, tone: *tone, heading: 0, pair: Some(pairs) });
                    }
                    pairs += 1;
                }
            }
        }
        rows
    }
}

/// The first and the last row of each labelled line.
fn rows_of(rows: &[Row]) -> Vec<(usize, usize)> {
    let mut places: Vec<(usize, usize)> = Vec::new();
    for (place, row) in rows.iter().enumerate() {
        match row.pair {
            Some(pair) if pair + 1 == places.len() => {
                if let Some(last) = places.last_mut() {
                    last.1 = place;
                }
            }
            Some(_) => places.push((place, place)),
            None => {}
        }
    }
    places
}

#[derive(Debug, Clone)]
struct Row {
    label: String,
    split: u16,
    text: String,
    tone: Tone,
    heading: u8,
    /// Which of the labelled lines it is of.
    pair: Option<usize>,
}

impl Default for Row {
    fn default() -> Self {
        Self { label: String::new(), split: 0, text: String::new(), tone: Tone::Text, heading: 0, pair: None }
    }
}

impl Row {
    fn of(text: &str, tone: Tone, heading: u8, columns: u16) -> impl Iterator<Item = Self> {
        let lines = wrap(&crate::model::text::visible(text), columns);
        lines.into_iter().map(move |text| Self { text, tone, heading, ..Self::default() })
    }
}
