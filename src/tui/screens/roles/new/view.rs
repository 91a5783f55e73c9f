//! The two steps of a new role, drawn.

use ratatui::layout::Rect;

use super::permissions::{COLUMN, Line, Permissions};
use super::{NewRoleScreen, Step};
use crate::service::matrix::{Board, Came, Tri};
use crate::tui::screens::roles::view::HINT;
use crate::tui::theme::Tone;
use crate::tui::widget::Canvas;

/// The lines above the list, and those that explain a permission below it.
const HEAD: u16 = 2;
const FOOT: u16 = 5;

/// How many permissions are in view in a body of this height.
pub(super) fn rows(height: u16) -> u16 {
    height.saturating_sub(HEAD + FOOT)
}

pub(super) fn draw(screen: &NewRoleScreen, canvas: &mut Canvas<'_>, area: Rect) {
    let step = |step: Step| if screen.step == step { Tone::Accent } else { Tone::Dim };
    let mark = |step: Step| if screen.step == step { canvas.theme().glyph("▸ ", "> ") } else { "  " };
    let (first, second) = (mark(Step::Details), mark(Step::Permissions));
    let x = canvas.text(area.x, area.y, area.width, &format!("{first}1 Name, manager, type"), step(Step::Details));
    let x = canvas.text(x + 3, area.y, area.width, &format!("{second}2 Permissions"), step(Step::Permissions));
    let name = screen.form.text(super::edit::NAME);
    let room = area.right().saturating_sub(x + 3);
    canvas.text_right(x + 3, area.y, room, name, Tone::Text);
    let body = Rect { y: area.y + HEAD, height: area.height.saturating_sub(HEAD), ..area };
    match (&screen.trouble, screen.step) {
        (Some(trouble), _) => _ = canvas.paragraph(body, trouble, Tone::Bad),
        (None, _) if !screen.ready => _ = canvas.paragraph(body, "One moment…", Tone::Dim),
        (None, Step::Details) => {
            let used = canvas.paragraph(body, HINT, Tone::Dim) + 1;
            let below = Rect { y: body.y + used, height: body.height.saturating_sub(used), ..body };
            screen.form.draw(canvas, below, true);
        }
        (None, Step::Permissions) => list(&screen.permissions, canvas, body),
    }
}

fn list(permissions: &Permissions, canvas: &mut Canvas<'_>, area: Rect) {
    let Some(board) = &permissions.board else {
        canvas.paragraph(area, "One moment…", Tone::Dim);
        return;
    };
    let body = Rect { height: area.height.saturating_sub(FOOT), ..area };
    let label = (area.width / 2).min(48);
    for (index, y) in (permissions.cursor.top..permissions.lines.len()).zip(body.y..body.bottom()) {
        let Some(line) = permissions.lines.get(index) else { break };
        let here = index == permissions.cursor.at;
        let tone = |tone: Tone| if here { Tone::Selected } else { tone };
        if here {
            canvas.fill(Rect { y, height: 1, ..body }, Tone::Selected);
            let mark = canvas.theme().glyph("▌", ">");
            canvas.text(body.x, y, 1, mark, Tone::Selected);
        }
        match line {
            Line::Group(group) => {
                let name = board.matrix().groups().get(*group).map_or("", |group| group.label.as_str());
                canvas.text(body.x + 2, y, label, name, tone(Tone::Title));
                let (words, meaning) = tri(board.tri(*group, COLUMN));
                canvas.text(body.x + 2 + label, y, body.width.saturating_sub(label + 4), &words, tone(meaning));
            }
            Line::Row(row) => {
                let name = board.matrix().rows().get(*row).map_or("", |row| row.label.as_str());
                canvas.text(body.x + 4, y, label.saturating_sub(3), name, tone(Tone::Text));
                let (words, meaning) = value(board, *row);
                canvas.text(body.x + 2 + label, y, body.width.saturating_sub(label + 4), &words, tone(meaning));
            }
        }
    }
    canvas.scrollbar(body, permissions.lines.len(), permissions.cursor.top);
    foot(permissions, board, canvas, Rect { y: body.bottom(), height: FOOT, ..area });
}

/// A heading's three states: all, some, nothing.
fn tri(tri: Tri) -> (String, Tone) {
    match tri {
        tri if tri.of == 0 => (String::new(), Tone::Dim),
        tri if tri.is_all() => (format!("[x] all {}", tri.of), Tone::Good),
        tri if tri.is_none() => (format!("[ ] none of {}", tri.of), Tone::Dim),
        tri => (format!("[~] {} of {}", tri.on, tri.of), Tone::Warn),
    }
}

fn value(board: &Board, row: usize) -> (String, Tone) {
    let Some(reading) = board.reading(row, COLUMN) else { return (String::new(), Tone::Dim) };
    let set = reading.value.label();
    let (words, tone) = match reading.came {
        Came::AsSet if matches!(set, "No" | "None" | "Hidden") => (set.to_owned(), Tone::Dim),
        Came::AsSet => (set.to_owned(), if set == "On request" { Tone::Warn } else { Tone::Good }),
        Came::Never => ("No (its type can't have it)".to_owned(), Tone::Dim),
        Came::AreaOff | Came::NoDelete => (format!("{set} (void)"), Tone::Dim),
        Came::Focused => (format!("{set} (own or assigned)"), Tone::Warn),
        Came::Within(view) => (format!("{set} ∩ {}", view.label()), Tone::Warn),
        Came::Elsewhere(Some(value)) => (format!("{} (follows creating)", value.label()), Tone::Dim),
        Came::Elsewhere(None) => ("person by person".to_owned(), Tone::Dim),
    };
    let mark = if reading.base.is_some() { "* " } else { "  " };
    (format!("{mark}{words}"), tone)
}

/// What the permission under the cursor means (000-28).
fn foot(permissions: &Permissions, board: &Board, canvas: &mut Canvas<'_>, area: Rect) {
    canvas.rule(area.x, area.y, area.width);
    let area = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    match permissions.line() {
        Some(Line::Group(group)) => {
            let Some(group) = board.matrix().groups().get(group) else { return };
            let used = canvas.paragraph(area, &group.help, Tone::Text);
            let keys = if group.key.ends_with('/') {
                "y view and edit all · r view all · n hide all"
            } else {
                "y all on · n all off · a everything, scopes All · r on request · s, o scopes"
            };
            canvas.text(area.x, area.y + used, area.width, keys, Tone::Dim);
        }
        Some(Line::Row(row)) => {
            let Some(explained) = board.explain(row, COLUMN) else { return };
            let about = if explained.about.is_empty() { String::new() } else { format!(" {}", explained.about) };
            let used = canvas.paragraph(area, &format!("{}{about}", explained.meaning), Tone::Text);
            let notes = explained.notes.iter().filter(|note| !note.starts_with("Staged"));
            let left = Rect { y: area.y + used, height: area.height.saturating_sub(used), ..area };
            canvas.paragraph(left, &notes.cloned().collect::<Vec<_>>().join(" "), Tone::Warn);
        }
        None => {}
    }
}
