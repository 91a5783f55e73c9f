//! The foot: the cell under the cursor in words — what it permits, to whom, what its value means,
//! where that comes from, and what stands in the way of another.

use ratatui::layout::Rect;

use super::lines::Line;
use super::state::MatrixScreen;
use super::words;
use crate::service::matrix::{Board, Explained, Group};
use crate::tui::theme::Tone;
use crate::tui::widget::Canvas;
use crate::tui::widget::canvas::{width, wrap};
use crate::tui::words::count;

/// Draws the foot: a rule, then as many lines as there is room for.
pub(super) fn draw(screen: &MatrixScreen, board: &Board, canvas: &mut Canvas<'_>, area: Rect) {
    if area.height < 2 {
        return;
    }
    canvas.rule(area.x, area.y, area.width);
    counted(board, canvas, area);
    let area = Rect { y: area.y + 1, height: area.height - 1, ..area };
    if screen.range.is_some() {
        range(screen, board, canvas, area);
        return;
    }
    match (screen.line(), screen.column(), &screen.explained) {
        (Some(Line::Group(group)), Some(column), _) => {
            if let Some(of) = board.matrix().groups().get(group) {
                heading(board, canvas, area, (group, of), column);
            }
        }
        (Some(Line::Row(_)), Some(_), Some(explained)) => cell(canvas, area, explained),
        _ => {}
    }
}

/// What is staged, at the rule: the line below may have something else to say.
fn counted(board: &Board, canvas: &mut Canvas<'_>, area: Rect) {
    let (staged, conflicts) = (board.staged().len(), board.conflicts().len());
    if staged == 0 {
        return;
    }
    let x = canvas.text(area.x + 2, area.y, area.width, &format!(" * {staged} staged, not saved "), Tone::Accent);
    if conflicts > 0 {
        canvas.text(
            x + 2,
            area.y,
            area.width,
            &format!(" ! {} ", count(conflicts as u64, "conflict", "conflicts")),
            Tone::Bad,
        );
    }
}

fn title(canvas: &mut Canvas<'_>, area: Rect, left: &str, role: &str, right: &str) {
    // The names come first: where there isn't room for all three, the key gives way.
    let names = width(left) + width(role) + 3;
    let right = if names + width(right) + 2 > area.width { "" } else { right };
    let room = area.width.saturating_sub(width(right) + 2);
    let x = canvas.text(area.x, area.y, room, left, Tone::Title);
    let x = canvas.text(x + 1, area.y, (area.x + room).saturating_sub(x + 1), "·", Tone::Dim);
    canvas.text(x + 1, area.y, (area.x + room).saturating_sub(x + 1), role, Tone::Accent);
    canvas.text_right(area.x, area.y, area.width, right, Tone::Dim);
}

/// Paragraphs below each other, until the room is used up.
fn paragraphs(canvas: &mut Canvas<'_>, area: Rect, texts: &[(String, Tone)]) -> u16 {
    let mut y = area.y;
    for (text, tone) in texts {
        for line in wrap(text, area.width) {
            if y >= area.bottom() {
                return y;
            }
            canvas.text(area.x, y, area.width, &line, *tone);
            y += 1;
        }
    }
    y
}

fn cell(canvas: &mut Canvas<'_>, area: Rect, explained: &Explained) {
    title(canvas, area, &explained.title, &explained.role, &explained.code);
    let rest = Rect { y: area.y + 1, height: area.height - 1, ..area };
    let value = match explained.reading.came {
        crate::service::matrix::Came::Never => "No".to_owned(),
        crate::service::matrix::Came::Elsewhere(Some(value)) => value.label().to_owned(),
        crate::service::matrix::Came::Elsewhere(None) => "Person by person".to_owned(),
        _ => explained.reading.value.label().to_owned(),
    };
    // What stands in the way comes before what else could be chosen.
    let mut texts = vec![(format!("{value}: {}", explained.meaning), Tone::Text)];
    let notes = explained.notes.iter().map(|note| (note.clone(), Tone::Warn));
    texts.extend(notes);
    let y = paragraphs(canvas, rest, &texts);
    let rest = Rect { y, height: rest.bottom().saturating_sub(y), ..rest };
    let others = explained.options.iter().filter(|option| option.value != explained.reading.value);
    let others: Vec<(String, Tone)> = others
        .map(|option| {
            let open = explained.reading.lock.is_none();
            let refused = option.refused.as_ref().filter(|_| open).map_or("", |_| " (not yours to give)");
            (format!("{}{refused}: {}", option.value.label(), option.meaning), Tone::Dim)
        })
        .collect();
    if usize::from(rest.height) >= others.len() {
        paragraphs(canvas, rest, &others);
    } else if rest.height > 0 && explained.reading.lock.is_none() {
        let line = |names: Vec<&str>| format!("Enter explains {}", names.join(" · "));
        let whole = line(explained.options.iter().map(|option| option.value.label()).collect());
        // Where that is too long, the words of the cells.
        let theme = canvas.theme();
        let short = line(explained.options.iter().map(|option| words::value(option.value, theme).0).collect());
        let text = if width(&whole) <= rest.width { whole } else { short };
        canvas.text(rest.x, rest.y, rest.width, &text, Tone::Dim);
    }
}

fn heading(board: &Board, canvas: &mut Canvas<'_>, area: Rect, (place, group): (usize, &Group), column: usize) {
    let Some(role) = board.matrix().columns().get(column) else { return };
    title(canvas, area, &group.label, role.name(), &group.key);
    let tri = board.tri(place, column);
    let theme = canvas.theme();
    let mut texts = vec![(format!("{} are on. {}", words::tri(tri, theme).0, group.help), Tone::Text)];
    match role.lock {
        Some(lock) => texts.push((lock.words(), Tone::Warn)),
        None if group.key.ends_with('/') => {
            texts.push(("y view and edit all · r view all · n hide all".to_owned(), Tone::Dim))
        }
        None => texts.push((
            "y all on · a everything · r on request · n all off · s o its scopes · Y copies".to_owned(),
            Tone::Dim,
        )),
    }
    paragraphs(canvas, Rect { y: area.y + 1, height: area.height - 1, ..area }, &texts);
}

fn range(screen: &MatrixScreen, board: &Board, canvas: &mut Canvas<'_>, area: Rect) {
    let targets = screen.targets();
    let groups = targets.groups.iter().filter_map(|group| board.matrix().groups().get(*group));
    let rows: usize = targets.rows.len() + groups.map(|group| group.rows.len()).sum::<usize>();
    let text = format!("A range of {rows} × {} cells", targets.columns.len());
    canvas.text(area.x, area.y, area.width, &text, Tone::Title);
    let texts = [
        ("Moving stretches it. y n r a s o 0 e Space set it · Enter chooses".to_owned(), Tone::Text),
        ("Y copies · P pastes · Backspace takes back · V rows · | columns · Esc ends it".to_owned(), Tone::Dim),
    ];
    paragraphs(canvas, Rect { y: area.y + 1, height: area.height - 1, ..area }, &texts);
}
