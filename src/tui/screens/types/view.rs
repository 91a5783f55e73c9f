//! The table of types, drawn: ✔, ✘ and "Request permission", with the chosen type explained below.

use ratatui::layout::Rect;

use super::{Line, Types};
use crate::model::RoleType;
use crate::service::types::{TypeRow, TypeValue, about};
use crate::tui::theme::Tone;
use crate::tui::widget::Canvas;

/// The widths of the four types' columns, and their headings where there is room and where not.
const WIDE: [(u16, &str); 4] = [(15, "Account owner"), (15, "Administrator"), (20, "User"), (20, "Focused User")];
const NARROW: [(u16, &str); 4] = [(6, "Owner"), (6, "Admin"), (19, "User"), (19, "Focused User")];

/// The most that the permissions' names take: the marks beside them are to be found by eye.
const WIDEST: u16 = 44;

pub(super) fn draw(types: &Types, canvas: &mut Canvas<'_>, area: Rect) {
    let Some(lines) = &types.lines else {
        canvas.paragraph(area, types.trouble.as_deref().unwrap_or("Loading…"), Tone::Dim);
        return;
    };
    let columns = if area.width >= 110 { WIDE } else { NARROW };
    let right: u16 = columns.iter().map(|(wide, _)| wide).sum();
    let left = area.width.saturating_sub(right + 3).min(WIDEST);
    canvas.text(area.x + 2, area.y, left, "Permission", Tone::Dim);
    let mut x = area.x + 2 + left;
    for (place, (wide, title)) in columns.iter().enumerate() {
        let tone = if place == types.at { Tone::Accent } else { Tone::Dim };
        canvas.text(x, area.y, wide - 1, title, tone);
        x += wide;
    }
    let body = Rect { y: area.y + 1, height: area.height.saturating_sub(Types::AROUND), ..area };
    for (index, y) in (types.cursor.top..lines.len()).zip(body.y..body.bottom()) {
        let here = index == types.cursor.at;
        if here {
            canvas.fill(Rect { y, height: 1, ..body }, Tone::Selected);
            let mark = canvas.theme().glyph("▌", ">");
            canvas.text(body.x, y, 1, mark, Tone::Selected);
        }
        match lines.get(index) {
            Some(Line::Area(label)) => {
                canvas.text(body.x + 1, y, left, label, if here { Tone::Selected } else { Tone::Title });
            }
            Some(Line::Permission(row)) => draw_row(canvas, body, y, left, row, &columns, here),
            None => {}
        }
    }
    canvas.scrollbar(body, lines.len(), types.cursor.top);
    foot(types, canvas, Rect { y: body.bottom() + 1, height: Types::AROUND - 2, ..area });
}

fn draw_row(
    canvas: &mut Canvas<'_>,
    body: Rect,
    y: u16,
    left: u16,
    row: &TypeRow,
    columns: &[(u16, &str); 4],
    here: bool,
) {
    let tone = |tone: Tone| if here { Tone::Selected } else { tone };
    canvas.text(body.x + 2, y, left.saturating_sub(1), &row.label, tone(Tone::Text));
    let mut x = body.x + 2 + left;
    for (value, (wide, _)) in row.values.iter().zip(columns) {
        let (text, meaning) = match value {
            TypeValue::Has => (canvas.theme().glyph("✔", "yes"), Tone::Good),
            TypeValue::HasNot => (canvas.theme().glyph("✘", "no"), Tone::Dim),
            TypeValue::Request => (value.shown(), Tone::Warn),
        };
        canvas.text(x, y, wide - 1, text, tone(meaning));
        x += wide;
    }
}

/// What the permission under the cursor and the chosen type mean.
fn foot(types: &Types, canvas: &mut Canvas<'_>, area: Rect) {
    canvas.rule(area.x, area.y.saturating_sub(1), area.width);
    let mut y = area.y;
    if let Some(Line::Permission(row)) = types.lines.as_ref().and_then(|lines| lines.get(types.cursor.at)) {
        let words = format!("{}: {}", row.label, row.help);
        y += canvas.paragraph(Rect { height: 2, ..area }, &words, Tone::Text);
    }
    if let Some(role_type) = RoleType::ALL.get(types.at) {
        let words = format!("{}: {}", role_type.label(), about(*role_type));
        let below = Rect { y, height: area.bottom().saturating_sub(y), ..area };
        canvas.paragraph(below, &words, Tone::Dim);
    }
}
