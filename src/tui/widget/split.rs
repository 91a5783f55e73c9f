//! A list with its detail: side by side where there is room, one over the other where there isn't.

use ratatui::layout::Rect;

/// Which of the two has the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Focus {
    /// The list.
    #[default]
    List,
    /// The detail.
    Detail,
}

/// From this width on, both are shown.
pub const WIDE: u16 = 108;

/// The room of the list and of the detail, as far as each is shown.
#[must_use]
pub fn split(area: Rect, focus: Focus) -> (Option<Rect>, Option<Rect>) {
    if area.width >= WIDE {
        let detail = (area.width * 2 / 5).clamp(44, 72);
        let list = area.width - detail - 3;
        let right = Rect { x: area.x + list + 3, width: detail, ..area };
        return (Some(Rect { width: list, ..area }), Some(right));
    }
    match focus {
        Focus::List => (Some(area), None),
        Focus::Detail => (None, Some(area)),
    }
}
