//! The list of users and one user's detail, drawn.

use ratatui::layout::Rect;

use super::state::Users;
use crate::service::users::{UserDetail, UserRow};
use crate::tui::theme::Tone;
use crate::tui::widget::{Canvas, Column, Focus, Line, Part, Table, split};
use crate::tui::words::{count, minute, status as status_word, without_manager};

/// The line about what is shown.
pub(super) fn status(users: &Users) -> String {
    let Some(rows) = &users.master.rows else { return String::new() };
    let mut words = count(rows.len() as u64, "user", "users");
    if !users.roles.is_empty() {
        let roles: Vec<&str> = users.roles.iter().map(String::as_str).collect();
        words.push_str(&format!(" · with the roles {}", roles.join(", ")));
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
        if master.detail().is_some() {
            master.sheet.draw(canvas, detail, master.focus == Focus::Detail);
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
    table.draw(canvas, below, |index| rows.get(index).map(|row| parts(row, users.last_seen)));
}

/// The columns that the viewer has; the last ones come into view by moving right.
pub(super) fn columns(users: &Users) -> Vec<Column<'static>> {
    let mut columns = vec![
        Column::new("Name", 17, 30, 3),
        Column::new("Email", 20, 36, 3),
        Column::new("Role", 13, 24, 2),
        Column::exactly("Status", 8),
        Column::new("Manager", 9, 24, 2),
    ];
    if users.last_seen {
        columns.push(Column::exactly("Last seen", 16));
    }
    columns
}

fn parts(row: &UserRow, last_seen: bool) -> Vec<Part<'_>> {
    let (word, tone) = status_word(row.status);
    let name = if row.is_me { format!("{} (you)", row.name).into() } else { row.name.as_str().into() };
    let role = if row.account_manager { format!("{} · outside", row.role).into() } else { row.role.as_str().into() };
    let mut parts: Vec<Part<'_>> = vec![
        Part { text: name, tone: Tone::Text },
        Part::toned(row.email.as_str(), Tone::Dim),
        Part { text: role, tone: Tone::Text },
        Part::toned(word, tone),
        Part::toned(row.manager.as_deref().unwrap_or(""), Tone::Dim),
    ];
    if last_seen {
        parts.push(Part::toned(row.last_seen.map(minute).unwrap_or_else(|| "never".to_owned()), Tone::Dim));
    }
    parts
}

/// One person's sheet; what the viewer may not know isn't on it.
pub(super) fn sheet(detail: &UserDetail) -> Vec<Line> {
    let row = &detail.row;
    let (word, tone) = status_word(row.status);
    let pair = |label: &str, text: &str| Line::Pair(label.to_owned(), text.to_owned(), Tone::Text);
    let mut lines = vec![
        Line::Title(row.name.clone()),
        pair("Email", &row.email),
        pair("Role", &row.role),
        pair("Type", row.role_type.label()),
        Line::Pair("Status".to_owned(), word.to_owned(), tone),
        pair("Manager", row.manager.as_deref().unwrap_or(without_manager(row.role_type))),
    ];
    if row.account_manager {
        lines.push(pair("Outside", "an account manager; takes no seat"));
    }
    let may_know = detail.exceptions.is_some() || row.is_me;
    let last_seen = row.last_seen.map(minute).unwrap_or_else(|| "never".to_owned());
    let more = [
        ("Last seen", may_know.then_some(last_seen)),
        ("Language", detail.language.clone()),
        ("Email 'From' Name", detail.email_from_name.clone()),
        ("Reply To Email", detail.reply_to.clone()),
    ];
    lines.extend(more.into_iter().filter_map(|(label, text)| text.map(|text| pair(label, &text))));
    if !detail.reports.is_empty() {
        lines.push(Line::Heading("Reports to this person".to_owned()));
        lines.extend(detail.reports.iter().map(|name| Line::Text(name.clone(), Tone::Text)));
    }
    if let Some(exceptions) = &detail.exceptions {
        lines.push(Line::Heading("User Permission Exceptions".to_owned()));
        if exceptions.is_empty() {
            lines.push(Line::Text("None: everything is as the role says.".to_owned(), Tone::Dim));
        }
        for exception in exceptions {
            let mut words = (if exception.visible { "Visible" } else { "Not Visible" }).to_owned();
            if let Some(until) = exception.until {
                words.push_str(&format!(" until {}", minute(until)));
            }
            if !exception.holds {
                words.push_str(" (ended)");
            } else if exception.redundant {
                words.push_str(" (the role says the same)");
            }
            lines.push(Line::Pair(exception.label.clone(), words, Tone::Text));
        }
    }
    if let Some(addresses) = detail.addresses.as_ref().filter(|addresses| !addresses.is_empty()) {
        lines.push(Line::Heading("Signed in from".to_owned()));
        lines.extend(addresses.iter().map(|seen| {
            Line::Pair(seen.address.clone(), format!("{} to {}", minute(seen.first), minute(seen.last)), Tone::Text)
        }));
    }
    lines
}
