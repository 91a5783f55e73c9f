//! The list of roles and one role's permissions, drawn.

use ratatui::layout::Rect;

use super::state::Roles;
use crate::service::roles::RoleRow;
use crate::tui::theme::Tone;
use crate::tui::widget::{Canvas, Column, Focus, Part, Table, split, width};

/// Shown where the account has no role of its own yet (000-30).
pub(super) const HINT: &str =
    "Create roles and their permissions before you add users, so that new users only ever have what they should.";

/// Draws list and detail, as far as there is room.
pub(super) fn draw(roles: &Roles, canvas: &mut Canvas<'_>, area: Rect) {
    let master = &roles.master;
    let (list, detail) = split(area, master.focus);
    if let Some(list) = list {
        draw_list(roles, canvas, list);
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

fn draw_list(roles: &Roles, canvas: &mut Canvas<'_>, area: Rect) {
    let master = &roles.master;
    let Some(rows) = &master.rows else {
        canvas.paragraph(area, master.trouble.as_deref().unwrap_or("Loading…"), Tone::Dim);
        return;
    };
    let columns = vec![
        Column::new("Role", 18, 30, 3),
        Column::new("Type", 13, 14, 1),
        Column::new("Manager", 14, 24, 2),
        Column::exactly("", 7),
        Column::new("Members", 12, 40, 4),
    ];
    let focused = master.focus == Focus::List;
    let table = Table { columns, skipped: 0, length: rows.len(), cursor: master.cursor, focused };
    let room = table.layout(area.width.saturating_sub(3)).last().map_or(0, |(_, _, wide)| *wide);
    let body = Rect { height: area.height.saturating_sub(Roles::FOOT), ..area };
    let ascii = canvas.theme().is_ascii();
    // Where marks are plain, so is a role's.
    let shown = |row: &&RoleRow| !row.icon.is_empty() && (row.icon.is_ascii() || !ascii);
    let icons = rows.iter().filter(shown).map(|row| width(&row.icon) + 1).max().unwrap_or(0);
    table.draw(canvas, body, |index| {
        let member = roles.member.filter(|_| index == master.cursor.at);
        rows.get(index).map(|row| parts(row, member, room, (icons, ascii)))
    });
    let foot = Rect { y: body.bottom(), height: Roles::FOOT, ..area };
    canvas.rule(foot.x, foot.y, foot.width);
    let own = rows.iter().any(|row| !row.shipped);
    if roles.search.draw(canvas, foot.x, foot.y + 1, foot.width) > 0 {
        return;
    }
    let words = match master.current() {
        _ if !own && roles.manages => HINT,
        Some(row) => row.description.as_str(),
        None => "",
    };
    let below = Rect { y: foot.y + 1, height: Roles::FOOT - 1, ..foot };
    canvas.paragraph(below, words, Tone::Dim);
}

fn parts(row: &RoleRow, member: Option<usize>, room: u16, (icons, ascii): (u16, bool)) -> Vec<Part<'_>> {
    let origin = match (row.locked, row.shipped) {
        (true, _) => "locked",
        (_, true) => "shipped",
        _ => "custom",
    };
    let shown = !row.icon.is_empty() && (row.icon.is_ascii() || !ascii);
    let icon = if shown { row.icon.as_str() } else { "" };
    // Names begin below each other, whether or not there is an icon before them.
    let gap = " ".repeat(usize::from(icons.saturating_sub(width(icon))));
    let name = format!("{icon}{gap}{}", row.name);
    vec![
        Part::new(name),
        Part::toned(row.role_type.label(), Tone::Dim),
        Part::toned(row.manager.as_deref().unwrap_or(""), Tone::Dim),
        Part::toned(origin, if row.shipped { Tone::Dim } else { Tone::Text }),
        Part::new(members(row, member, room)),
    ]
}

/// How many hold the role, and the initials of as many as there is room for, with `+7` for the rest
/// (003-34); the one that is stood on between brackets and in view.
fn members(row: &RoleRow, member: Option<usize>, room: u16) -> String {
    let all = row.members.len();
    if all == 0 {
        return String::new();
    }
    let number = format!("{all:>2} ");
    let room = usize::from(room.saturating_sub(width(&number) + 1));
    let shown = |at: usize| match row.members.get(at) {
        Some(one) if Some(at) == member => format!("[{}]", one.initials),
        Some(one) => one.initials.clone(),
        None => String::new(),
    };
    // Where those end that are in view from one on: the rest, if any, is a number behind them.
    let end = |first: usize| {
        let (mut used, mut fits) = (0, first);
        for at in first..all {
            used += usize::from(width(&shown(at))) + usize::from(at > first);
            if used > room {
                return fits;
            }
            let more = rest(all - at - 1);
            if used + more.len() <= room {
                fits = at + 1;
            }
        }
        fits
    };
    let mut first = 0;
    while member.is_some_and(|member| first < member && end(first) <= member) {
        first += 1;
    }
    let end = end(first).max(first + 1).min(all);
    let mark = if first > 0 { "…" } else { " " };
    let initials: Vec<String> = (first..end).map(shown).collect();
    format!("{number}{mark}{}{}", initials.join(" "), rest(all - end))
}

/// ` +7`, if there are that many more.
fn rest(more: usize) -> String {
    if more == 0 { String::new() } else { format!(" +{more}") }
}
