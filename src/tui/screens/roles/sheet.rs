//! One role's permissions as a sheet to read (003-32), line by line, so that each can be asked why.

use crate::model::{FeatureValue, SectionAccess};
use crate::service::edit_roles::{Cell, Verb};
use crate::service::roles::{RoleArea, RoleDetail};
use crate::tui::theme::Tone;
use crate::tui::widget::Line;

/// A line, and the key of the cell that it shows.
type CellLine = (Option<String>, Line);

/// One role's sheet.
pub(super) fn lines(detail: &RoleDetail) -> Vec<CellLine> {
    let row = &detail.row;
    let pair = |label: &str, text: String| (None, Line::Pair(label.to_owned(), text, Tone::Text));
    let mut lines = vec![(None, Line::Title(row.name.clone()))];
    if !row.description.is_empty() {
        lines.push((None, Line::Text(row.description.clone(), Tone::Dim)));
    }
    lines.push(pair("Type", row.role_type.label().to_owned()));
    if let Some(manager) = &row.manager {
        lines.push(pair("Role Manager", manager.clone()));
    }
    let names: Vec<&str> = row.members.iter().map(|member| member.name.as_str()).collect();
    lines.push(pair("Members", if names.is_empty() { "nobody".to_owned() } else { names.join(", ") }));
    if !row.may_assign.is_empty() {
        lines.push(pair("May assign", row.may_assign.join(", ")));
    }
    if row.locked {
        let words = "This role is locked: it can't be edited or deleted.".to_owned();
        lines.push((None, Line::Text(words, Tone::Dim)));
    }
    for area in &detail.areas {
        area_lines(area, &mut lines);
    }
    lines
}

fn area_lines(area: &RoleArea, lines: &mut Vec<CellLine>) {
    lines.push((None, Line::Heading(area.label.clone())));
    if let Some(scopes) = area.scopes {
        let verbs = [
            ("Can view", Verb::View, scopes.view),
            ("Can create/edit", Verb::Edit, scopes.edit),
            ("Can delete", Verb::Delete, scopes.delete),
        ];
        for (label, verb, scope) in verbs {
            let line = Line::Pair(label.to_owned(), scope.label().to_owned(), Tone::Text);
            lines.push((Some(Cell::Scope(area.key.clone(), verb).key()), line));
        }
    }
    for feature in &area.features {
        let tone = match feature.value {
            FeatureValue::Yes => Tone::Good,
            FeatureValue::Request => Tone::Warn,
            FeatureValue::No => Tone::Dim,
        };
        let words = if feature.ceiling { "No (its type can't have it)" } else { feature.value.label() };
        let line = Line::Pair(feature.label.clone(), words.to_owned(), tone);
        lines.push((Some(Cell::Feature(feature.key.clone()).key()), line));
    }
    for (section, access) in &area.sections {
        let (words, tone) = match access {
            SectionAccess::Hidden => ("hidden", Tone::Dim),
            SectionAccess::View => ("view", Tone::Text),
            SectionAccess::Edit => ("view and edit", Tone::Text),
        };
        let line = Line::Pair(format!("Section {section}"), words.to_owned(), tone);
        lines.push((Some(Cell::Section(area.key.clone(), section.clone()).key()), line));
    }
}
