//! Where one stands in a list: the chosen row, and the first row in view.

use crate::tui::command::Id;

/// A cursor in a list.
#[derive(Debug, Clone, Copy, Default)]
pub struct Cursor {
    /// The chosen row.
    pub at: usize,
    /// The first row in view.
    pub top: usize,
    /// The first row in view when the cursor last moved: where the room becomes smaller and large
    /// again, the view is what it was.
    before: usize,
    /// Row and view as they were left.
    left: (usize, usize),
}

/// What tells two cursors apart is where they stand.
impl PartialEq for Cursor {
    fn eq(&self, other: &Self) -> bool {
        (self.at, self.top) == (other.at, other.top)
    }
}

impl Eq for Cursor {}

impl Cursor {
    /// A cursor at a row, with another one at the top of the view.
    #[must_use]
    pub fn new(at: usize, top: usize) -> Self {
        Self { at, top, before: top, left: (at, top) }
    }

    /// Brings the cursor into a list of this length, and the view to the cursor. Call it whenever
    /// the list, the room or the cursor changed.
    pub fn settle(&mut self, length: usize, rows: u16) {
        let rows = usize::from(rows).max(1);
        let moved = self.left != (self.at, self.top);
        let from = if moved { self.top } else { self.before };
        self.at = self.at.min(length.saturating_sub(1));
        let top = if self.at < from {
            self.at
        } else if self.at >= from + rows {
            self.at + 1 - rows
        } else {
            from
        };
        self.top = top.min(length.saturating_sub(rows));
        if moved {
            self.before = self.top;
        }
        self.left = (self.at, self.top);
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
        assert_eq!(cursor, Cursor::new(99, 90));
        cursor.moved(moves::DOWN, 100, 10);
        assert_eq!(cursor.at, 99);
        cursor.moved(moves::PAGE_UP, 100, 10);
        assert_eq!(cursor, Cursor::new(90, 90));
        cursor.settle(5, 10);
        assert_eq!(cursor, Cursor::new(4, 0));
        cursor.settle(0, 0);
        assert_eq!(cursor, Cursor::new(0, 0));
    }

    #[test]
    fn a_room_that_shrinks_and_grows_shows_again_what_it_showed() {
        let mut cursor = Cursor::new(6, 0);
        cursor.settle(14, 10);
        assert_eq!(cursor, Cursor::new(6, 0));
        for _ in 0..2 {
            cursor.settle(14, 5);
            assert_eq!(cursor, Cursor::new(6, 2));
        }
        cursor.settle(14, 10);
        assert_eq!(cursor, Cursor::new(6, 0));
        // Who moves in the small room has chosen another view.
        cursor.settle(14, 5);
        cursor.moved(moves::DOWN, 14, 5);
        cursor.settle(14, 10);
        assert_eq!(cursor, Cursor::new(7, 3));
    }
}
