//! Tabs of a detail: their names in a line, the one that is shown underlined.

use ratatui::layout::Rect;

use super::canvas::{Canvas, width};
use crate::tui::theme::Tone;

/// The rows that they take.
pub const ROWS: u16 = 2;

/// Draws tabs; returns the room below.
pub fn tabs(canvas: &mut Canvas<'_>, area: Rect, labels: &[String], at: usize, focused: bool) -> Rect {
    let gaps = 2 * u16::try_from(labels.len().saturating_sub(1)).unwrap_or(0);
    let need = labels.iter().map(|label| width(label)).sum::<u16>() + gaps;
    // Where there is no room for all, those before the one that is shown make way.
    let first = if need > area.width { at } else { 0 };
    let mut x = area.x;
    for (index, label) in labels.iter().enumerate().skip(first) {
        let here = index == at;
        let tone = match (here, focused) {
            (true, true) => Tone::Accent,
            (true, false) => Tone::Title,
            (false, _) => Tone::Dim,
        };
        let end = canvas.text(x, area.y, area.right().saturating_sub(x), label, tone);
        if here {
            let under = canvas.theme().glyph("━", "=").repeat(usize::from(end - x));
            canvas.text(x, area.y + 1, end - x, &under, tone);
        }
        x = end + 2;
        if x >= area.right() {
            break;
        }
    }
    Rect { y: area.y + ROWS, height: area.height.saturating_sub(ROWS), ..area }
}
