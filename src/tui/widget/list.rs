//! Where one stands in a list: the chosen row, and the first row in view.

use crate::tui::command::Id;

/// A cursor in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cursor {
    /// The chosen row.
    pub at: usize,
    /// The first row in view.
    pub top: usize,
}

impl Cursor {
    /// Brings the cursor into a list of this length, and the view to the cursor. Call it whenever
    /// the list, the room or the cursor changed.
    pub fn settle(&mut self, length: usize, rows: u16) {
        let rows = usize::from(rows).max(1);
        self.at = self.at.min(length.saturating_sub(1));
        if self.at < self.top {
            self.top = self.at;
        } else if self.at >= self.top + rows {
            self.top = self.at + 1 - rows;
        }
        self.top = self.top.min(length.saturating_sub(rows));
    }

    /// Takes one of the moving commands; says whether it was one.
    pub fn moved(&mut self, id: Id, length: usize, rows: u16) -> bool {
        use crate::tui::moves as go;
        let page = usize::from(rows.saturating_sub(1)).max(1);
        let last = length.saturating_sub(1);
        self.at = match id {
            go::UP => self.at.saturating_sub(1),
            go::DOWN => self.at.saturating_add(1).min(last),
            go::PAGE_UP => self.at.saturating_sub(page),
            go::PAGE_DOWN => self.at.saturating_add(page).min(last),
            go::FIRST => 0,
            go::LAST => last,
            _ => return false,
        };
        self.settle(length, rows);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::moves;

    #[test]
    fn the_cursor_stays_in_the_list_and_in_view() {
        let mut cursor = Cursor::default();
        cursor.moved(moves::LAST, 100, 10);
        assert_eq!(cursor, Cursor { at: 99, top: 90 });
        cursor.moved(moves::DOWN, 100, 10);
        assert_eq!(cursor.at, 99);
        cursor.moved(moves::PAGE_UP, 100, 10);
        assert_eq!(cursor, Cursor { at: 90, top: 90 });
        cursor.settle(5, 10);
        assert_eq!(cursor, Cursor { at: 4, top: 0 });
        cursor.settle(0, 0);
        assert_eq!(cursor, Cursor { at: 0, top: 0 });
    }
}
