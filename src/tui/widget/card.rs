//! A card in the middle of the screen: what is asked before anyone is signed in.

use ratatui::layout::Rect;

use super::Canvas;
use super::canvas::{centred, wrap};
use crate::tui::theme::Tone;

/// The rows that a title and a word under it take, at this width.
fn head_rows(words: &str, columns: u16) -> u16 {
    3 + u16::try_from(wrap(words, columns).len()).unwrap_or(1)
}

/// Draws a card with a title and a word under it; returns the room for what it asks.
pub fn card(canvas: &mut Canvas<'_>, area: Rect, title: &str, words: &str, rows: u16) -> Rect {
    let columns = 64.min(area.width);
    let inner = columns.saturating_sub(4);
    let place = centred(area, columns, rows + head_rows(words, inner) + 2);
    let inside = canvas.window(place, "");
    canvas.text(inside.x, inside.y, inside.width, title, Tone::Accent);
    let below = Rect { y: inside.y + 1, height: inside.height.saturating_sub(1), ..inside };
    let used = canvas.paragraph(below, words, Tone::Dim);
    let top = inside.y + used + 2;
    Rect { y: top, height: inside.bottom().saturating_sub(top), ..inside }
}
