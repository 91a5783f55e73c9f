//! Lists for people: aligned columns, no colours, nothing cut off and nothing invisible.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr as _;

use crate::model::text::visible;

const GAP: usize = 2;

/// Rows under a head.
pub struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    /// With these columns.
    pub fn new<T: Into<String>>(head: impl IntoIterator<Item = T>) -> Self {
        Self { rows: vec![head.into_iter().map(Into::into).collect()] }
    }

    /// One more row.
    pub fn row<T: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = T>) {
        self.rows.push(cells.into_iter().map(|cell| visible(cell.as_ref()).into_owned()).collect());
    }

    /// The width of each column.
    pub fn widths(&self) -> Vec<usize> {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = |column: usize| self.rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.width()).max();
        (0..columns).map(|column| width(column).unwrap_or(0)).collect()
    }

    /// Keeps the first columns that fit into a width, but at least `least`; says how many are left out.
    pub fn fit(&mut self, width: usize, least: usize) -> usize {
        let widths = self.widths();
        let mut used = 0;
        let fitting = widths.iter().take_while(|column| {
            used += **column + GAP;
            used <= width + GAP
        });
        let kept = fitting.count().max(least);
        for row in &mut self.rows {
            row.truncate(kept);
        }
        widths.len().saturating_sub(kept)
    }

    /// Writes it.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let widths = self.widths();
        for row in &self.rows {
            let mut line = String::new();
            for (cell, width) in row.iter().zip(&widths) {
                line.push_str(cell);
                line.extend(std::iter::repeat_n(' ', width + GAP - cell.width().min(*width)));
            }
            writeln!(out, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_by_what_is_seen() {
        let mut table = Table::new(["Name", "Role"]);
        table.row(["Zoë 東京", "Vet"]);
        table.row(["a\u{202E}b", ""]);
        let mut out = Vec::new();
        table.write(&mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "Name        Role\nZoë 東京    Vet\na⟨U+202E⟩b\n");
    }

    #[test]
    fn what_does_not_fit_is_left_out_whole() {
        let mut table = Table::new(["aaaa", "bbbb", "cccc"]);
        assert_eq!(table.fit(10, 1), 1);
        assert_eq!(table.fit(1, 1), 1);
        assert_eq!(table.fit(1, 1), 0);
    }
}
