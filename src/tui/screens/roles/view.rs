//! The list of roles and one role's permissions, drawn.

use ratatui::layout::Rect;

use super::state::Roles;
use crate::model::{FeatureValue, SectionAccess};
use crate::service::roles::{RoleArea, RoleDetail, RoleRow};
use crate::tui::theme::Tone;
use crate::tui::widget::{Canvas, Column, Focus, Line, Part, Table, split};

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
        Column::new("Role", 16, 28, 3),
        Column::new("Type", 12, 14, 1),
        Column::new("Manager", 14, 24, 2),
        Column::exactly("", 7),
        Column::new("Members", 12, 40, 4),
    ];
    let table =
        Table { columns, skipped: 0, length: rows.len(), cursor: master.cursor, focused: master.focus == Focus::List };
    table.draw(canvas, area, |index| rows.get(index).map(parts));
}

fn parts(row: &RoleRow) -> Vec<Part<'_>> {
    let initials: Vec<&str> = row.members.iter().map(|member| member.initials.as_str()).collect();
    let members = match initials.len() {
        0 => String::new(),
        number => format!("{number:>2}  {}", initials.join(" ")),
    };
    let origin = match (row.locked, row.shipped) {
        (true, _) => "locked",
        (_, true) => "shipped",
        _ => "",
    };
    vec![
        Part::new(row.name.as_str()),
        Part::toned(row.role_type.label(), Tone::Dim),
        Part::toned(row.manager.as_deref().unwrap_or(""), Tone::Dim),
        Part::toned(origin, Tone::Dim),
        Part::new(members),
    ]
}

/// One role's sheet.
pub(super) fn sheet(detail: &RoleDetail) -> Vec<Line> {
    let row = &detail.row;
    let mut lines = vec![Line::Title(row.name.clone())];
    if !row.description.is_empty() {
        lines.push(Line::Text(row.description.clone(), Tone::Dim));
    }
    let pair = |label: &str, text: String| Line::Pair(label.to_owned(), text, Tone::Text);
    lines.push(pair("Type", row.role_type.label().to_owned()));
    if let Some(manager) = &row.manager {
        lines.push(pair("Role Manager", manager.clone()));
    }
    let names: Vec<&str> = row.members.iter().map(|member| member.name.as_str()).collect();
    lines.push(pair("Members", if names.is_empty() { "nobody".to_owned() } else { names.join(", ") }));
    if row.locked {
        lines.push(Line::Text("This role is locked: it can't be edited or deleted.".to_owned(), Tone::Dim));
    }
    for area in &detail.areas {
        area_lines(area, &mut lines);
    }
    lines
}

fn area_lines(area: &RoleArea, lines: &mut Vec<Line>) {
    lines.push(Line::Heading(area.label.clone()));
    if let Some(scopes) = area.scopes {
        for (label, scope) in
            [("Can view", scopes.view), ("Can create/edit", scopes.edit), ("Can delete", scopes.delete)]
        {
            lines.push(Line::Pair(label.to_owned(), scope.label().to_owned(), Tone::Text));
        }
    }
    for feature in &area.features {
        let tone = match feature.value {
            FeatureValue::Yes => Tone::Good,
            FeatureValue::Request => Tone::Warn,
            FeatureValue::No => Tone::Dim,
        };
        let words = if feature.ceiling { "No (its type can't have it)" } else { feature.value.label() };
        lines.push(Line::Pair(feature.label.clone(), words.to_owned(), tone));
    }
    for (section, access) in &area.sections {
        let (words, tone) = match access {
            SectionAccess::Hidden => ("hidden", Tone::Dim),
            SectionAccess::View => ("view", Tone::Text),
            SectionAccess::Edit => ("view and edit", Tone::Text),
        };
        lines.push(Line::Pair(format!("Section {section}"), words.to_owned(), tone));
    }
}
