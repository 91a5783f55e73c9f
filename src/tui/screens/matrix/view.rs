//! The matrix, drawn: only what is in view is looked at, however many roles there are.

use ratatui::layout::Rect;
use ratatui::style::Modifier;

use super::grid::{Grid, HEAD};
use super::lines::Line;
use super::state::MatrixScreen;
use super::words;
use crate::service::matrix::{Board, Column, Lock};
use crate::tui::theme::Tone;
use crate::tui::widget::{Canvas, fit, width};

/// Draws the whole screen.
pub(super) fn draw(screen: &MatrixScreen, canvas: &mut Canvas<'_>, area: Rect) {
    let Some(board) = &screen.board else {
        canvas.paragraph(area, screen.trouble.as_deref().unwrap_or("Loading…"), Tone::Dim);
        return;
    };
    let grid = screen.grid(area.width, area.height);
    heads(screen, board, canvas, area, grid);
    let body = Rect { y: area.y + HEAD, height: grid.rows, ..area };
    if screen.lines.is_empty() {
        let text =
            if screen.columns.is_empty() { "No role is left. Press c to show all again." } else { empty(screen) };
        canvas.text(body.x, body.y, body.width, text, Tone::Dim);
    }
    for (y, (place, line)) in (body.y..body.bottom()).zip(screen.lines.iter().enumerate().skip(screen.down.top)) {
        draw_line(screen, board, canvas, Rect { y, height: 1, ..body }, grid, (place, *line));
    }
    canvas.scrollbar(body, screen.lines.len(), screen.down.top);
    super::foot::draw(screen, board, canvas, Rect { y: body.bottom(), height: grid.foot, ..area });
}

fn empty(screen: &MatrixScreen) -> &'static str {
    if screen.narrow.differences {
        "The roles shown don't differ. Press d to show all rows again."
    } else {
        "No permission matches. Press Esc or c to show all again."
    }
}

/// The roles in view: the place among the columns, the place in the matrix, and where it is drawn.
fn in_view(screen: &MatrixScreen, area: Rect, grid: Grid) -> Vec<(usize, usize, u16)> {
    let places = screen.columns.iter().enumerate().skip(screen.across.top).take(grid.across);
    let xs = (0..).map(|place: u16| area.x + grid.label + place * grid.pitch);
    places.zip(xs).map(|((place, column), x)| (place, *column, x)).collect()
}

/// The names of the roles and what they are; at the left what is looked for, and the area that the
/// cursor is in.
fn heads(screen: &MatrixScreen, board: &Board, canvas: &mut Canvas<'_>, area: Rect, grid: Grid) {
    let label = grid.label.saturating_sub(2);
    if screen.narrow.search.draw(canvas, area.x, area.y, label) == 0 {
        let text = if screen.narrow.roles.is_empty() { "Permissions" } else { "Permissions (some roles)" };
        canvas.text(area.x, area.y, label, text, Tone::Dim);
    }
    let group = screen.line().and_then(|line| line.group(board));
    if let Some(group) = group.and_then(|group| board.matrix().groups().get(group)) {
        canvas.text(area.x, area.y + 2, label, &group.label, Tone::Accent);
    }
    let left = screen.across.top;
    let right = screen.columns.len().saturating_sub(left + grid.across);
    let (back, on) = (canvas.theme().glyph("‹", "<"), canvas.theme().glyph("›", ">"));
    let more = match (left, right) {
        (0, 0) => String::new(),
        (left, 0) => format!("{back} {left} more"),
        (0, right) => format!("{right} more {on}"),
        (left, right) => format!("{back} {left} · {right} more {on}"),
    };
    canvas.text(area.x, area.y + 1, label, &more, Tone::Dim);
    for (place, column, x) in in_view(screen, area, grid) {
        if let Some(of) = board.matrix().columns().get(column) {
            // Over the words of the cells: the mark of a cell hangs out at the left.
            role_head(canvas, (x + 1, area.y, grid.pitch.saturating_sub(1)), of, place == screen.across.at);
        }
    }
}

fn role_head(canvas: &mut Canvas<'_>, (x, y, wide): (u16, u16, u16), column: &Column, here: bool) {
    let tone = if here { Tone::Accent } else { Tone::Title };
    let lines = name_lines(column.name(), wide, canvas.mark());
    // The last line of two, where one is enough.
    let skip = u16::try_from(2usize.saturating_sub(lines.len())).unwrap_or(0);
    for (row, line) in (y + skip..).zip(&lines) {
        canvas.text(x, row, wide, line, tone);
    }
    let word = words::under(column);
    let tone = if column.is_locked() || column.lock == Some(Lock::OwnRole) { Tone::Warn } else { Tone::Dim };
    canvas.text(x, y + 2, wide, word, tone);
}

/// A name in at most two lines, broken at spaces alone.
fn name_lines(name: &str, wide: u16, mark: &str) -> Vec<String> {
    let name = crate::model::text::visible(name);
    let (mut first, mut rest) = (String::new(), Vec::new());
    for word in name.split_whitespace() {
        let gap = usize::from(!first.is_empty());
        if rest.is_empty() && (gap == 0 || usize::from(width(&first) + width(word)) + gap <= usize::from(wide)) {
            first.push_str(if gap == 1 { " " } else { "" });
            first.push_str(word);
        } else {
            rest.push(word);
        }
    }
    let cut = |text: &str| fit(text, wide, mark).into_owned();
    if rest.is_empty() { vec![cut(&first)] } else { vec![cut(&first), cut(&rest.join(" "))] }
}

fn draw_line(
    screen: &MatrixScreen,
    board: &Board,
    canvas: &mut Canvas<'_>,
    area: Rect,
    grid: Grid,
    (place, line): (usize, Line),
) {
    let here = place == screen.down.at;
    let label = grid.label.saturating_sub(1);
    match line {
        Line::Group(group) => {
            let Some(group) = board.matrix().groups().get(group) else { return };
            let folded = screen.narrow.folded.contains(&group.key);
            let sign = if folded { canvas.theme().glyph("▸ ", "+ ") } else { canvas.theme().glyph("▾ ", "- ") };
            let tone = if here { Tone::Accent } else { Tone::Title };
            let x = canvas.text(area.x, area.y, 2, sign, tone);
            canvas.text(x, area.y, label.saturating_sub(2), &group.label, tone);
        }
        Line::Row(row) => {
            let Some(row) = board.matrix().rows().get(row) else { return };
            let mark = if here { canvas.theme().glyph("▌", ">") } else { " " };
            canvas.text(area.x, area.y, 1, mark, Tone::Key);
            let tone = if here { Tone::Accent } else { Tone::Text };
            canvas.text(area.x + 2, area.y, label.saturating_sub(2), &row.label, tone);
        }
    }
    let (lines, columns) = screen.span();
    let in_lines = (lines.0..=lines.1).contains(&place);
    for (across, column, x) in in_view(screen, area, grid) {
        let cell = Rect { x, width: grid.pitch.saturating_sub(1), ..area };
        let chosen = in_lines && (columns.0..=columns.1).contains(&across);
        let ground = match (here && across == screen.across.at, chosen) {
            (true, _) => Some(Tone::Selected),
            (false, true) => Some(Tone::SelectedAway),
            (false, false) => None,
        };
        draw_cell(board, canvas, cell, (line, column), ground);
    }
}

fn draw_cell(board: &Board, canvas: &mut Canvas<'_>, area: Rect, (line, column): (Line, usize), ground: Option<Tone>) {
    let theme = canvas.theme();
    let (mark, word, tone) = match line {
        Line::Group(group) => {
            let (word, tone) = words::tri(board.tri(group, column), theme);
            (" ", word, tone)
        }
        Line::Row(row) => match board.reading(row, column) {
            Some(reading) => words::cell(&reading, theme),
            None => return,
        },
    };
    let locked = board.matrix().columns().get(column).is_some_and(|column| column.lock.is_some());
    let mut style = canvas.style(if locked && tone != Tone::Bad { Tone::Dim } else { tone });
    if let Some(ground) = ground {
        canvas.fill(area, ground);
        style = canvas.over(if locked { Tone::Text } else { tone }, ground);
        // Where there is no colour, what is chosen keeps its weight.
        style = style.remove_modifier(Modifier::DIM);
    }
    let x = canvas.styled(area.x, area.y, 1, mark, style);
    canvas.styled(x, area.y, area.width.saturating_sub(1), &word, style);
}
