//! The list of users and one user's detail, drawn.

use ratatui::layout::Rect;

use super::state::Users;
use crate::service::users::UserRow;
use crate::tui::theme::Tone;
use crate::tui::widget::{Canvas, Column, Focus, Part, Table, split, tabs, width};
use crate::tui::words::{count, minute, status as status_word};

/// The line about what is shown.
pub(super) fn status(users: &Users) -> String {
    let Some(rows) = &users.master.rows else { return String::new() };
    let mut words = count(rows.len() as u64, "user", "users");
    if !users.roles.is_empty() {
        let roles: Vec<&str> = users.roles.iter().map(String::as_str).collect();
        words.push_str(&format!(" · with the roles {}", roles.join(", ")));
    }
    if !users.chosen.is_empty() {
        words.push_str(&format!(" · {} chosen", users.chosen.len()));
    }
    words
}

/// Draws list and detail, as far as there is room.
pub(super) fn draw(users: &Users, canvas: &mut Canvas<'_>, area: Rect) {
    let master = &users.master;
    let (list, detail) = split(area, master.focus);
    if let Some(list) = list {
        draw_list(users, canvas, list);
    }
    if let Some(detail) = detail {
        if let Some(list) = list {
            canvas.rule_down(list.right() + 1, area.y, area.height);
        }
        if let Some(profile) = master.detail() {
            let focused = master.focus == Focus::Detail;
            let (all, at) = users.tabs();
            let labels: Vec<String> = all.into_iter().map(|tab| tab.label(profile)).collect();
            let below = tabs(canvas, detail, &labels, at, focused);
            master.sheet.draw(canvas, below, focused);
        }
    }
}

fn draw_list(users: &Users, canvas: &mut Canvas<'_>, area: Rect) {
    if users.search.draw(canvas, area.x, area.y, area.width) == 0 {
        canvas.text(area.x, area.y, area.width, "The people of this team", Tone::Dim);
    }
    let below = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    let master = &users.master;
    let Some(rows) = &master.rows else {
        let words = master.trouble.as_deref().unwrap_or("Loading…");
        canvas.paragraph(below, words, Tone::Dim);
        return;
    };
    if rows.is_empty() {
        let words = "Nobody matches. Press Esc to show everybody again.";
        canvas.paragraph(below, words, Tone::Dim);
        return;
    }
    let table = Table {
        columns: columns(users),
        skipped: master.skipped,
        length: rows.len(),
        cursor: master.cursor,
        focused: master.focus == Focus::List,
    };
    table.draw(canvas, below, |index| rows.get(index).map(|row| parts(users, row)));
}

/// The columns that the viewer has; the last ones come into view by moving right.
pub(super) fn columns(users: &Users) -> Vec<Column<'static>> {
    // What a column doesn't need goes to the others.
    let column = |title: &'static str, widest: u16, least: u16, most: u16, share: u16| {
        let most = widest.clamp(width(title), most);
        Column::new(title, least.min(most), most, share)
    };
    let [name, email, role, manager] = users.widest;
    // Room for the mark of those who are chosen.
    let mut columns = vec![
        column("Name", name + 4, 17, 30, 3),
        column("Email", email, 20, 36, 3),
        column("Role", role, 13, 26, 2),
        Column::exactly("Status", 7),
        column("Manager", manager, 10, 24, 2),
    ];
    if users.last_seen {
        columns.push(Column::exactly("Last seen", 16));
    }
    columns
}

/// The widest of each column whose width goes by what is in it.
pub(super) fn widest(rows: &[UserRow]) -> [u16; 4] {
    rows.iter().fold([0; 4], |[name, email, role, manager], row| {
        let outside = if row.account_manager { OUTSIDE } else { "" };
        let me = if row.is_me { YOU } else { "" };
        [
            name.max(width(&row.name) + width(me)),
            email.max(width(&row.email)),
            role.max(width(outside) + width(&row.role)),
            manager.max(row.manager.as_deref().map_or(0, width)),
        ]
    })
}

/// Before the role of somebody who is no part of the team (R27).
const OUTSIDE: &str = "outside · ";
/// After one's own name.
const YOU: &str = " (you)";

fn parts<'a>(users: &Users, row: &'a UserRow) -> Vec<Part<'a>> {
    let (word, tone) = status_word(row.status);
    let name = if row.is_me { format!("{}{YOU}", row.name).into() } else { row.name.as_str().into() };
    // Where some are chosen each row says whether it is, in the same room.
    let name = match (users.chosen.is_empty(), users.chosen.contains_key(&row.email)) {
        (true, _) => name,
        (false, true) => format!("[x] {name}").into(),
        (false, false) => format!("[ ] {name}").into(),
    };
    let role = if row.account_manager { format!("{OUTSIDE}{}", row.role).into() } else { row.role.as_str().into() };
    let mut parts: Vec<Part<'_>> = vec![
        Part { text: name, tone: Tone::Text },
        Part::toned(row.email.as_str(), Tone::Dim),
        Part { text: role, tone: Tone::Text },
        Part::toned(word, tone),
        Part::toned(row.manager.as_deref().unwrap_or(""), Tone::Dim),
    ];
    if users.last_seen {
        parts.push(Part::toned(row.last_seen.map(minute).unwrap_or_else(|| "never".to_owned()), Tone::Dim));
    }
    parts
}
