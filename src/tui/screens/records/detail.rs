//! One record's sheet, on which one goes from line to line. Sections and fields that may not be
//! viewed aren't in it at all (R11).

use crate::service::records::RecordDetail;
use crate::tui::theme::Tone;
use crate::tui::widget::Line;

/// The key of a field's line begins so, and goes on with the field's name.
const FIELD: &str = "field:";

/// The field that a line of the sheet is about, by its key.
pub(super) fn field_of(key: &str) -> Option<&str> {
    key.strip_prefix(FIELD)
}

fn head(detail: &RecordDetail) -> Vec<(&'static str, String, Tone)> {
    let row = &detail.row;
    let mut lines = vec![("Owner", row.owner_name.clone(), Tone::Text)];
    match detail.assigned.as_slice() {
        [] => lines.push(("Assigned to", "nobody".to_owned(), Tone::Dim)),
        people => lines.push(("Assigned to", people.join(", "), Tone::Text)),
    }
    if row.private {
        lines.push(("Private", "yes: nobody but its owner sees it".to_owned(), Tone::Warn));
    }
    if let Some(external) = &row.external_id {
        lines.push(("External ID", external.clone(), Tone::Text));
    }
    lines.push(("You may", may(detail).to_owned(), Tone::Dim));
    lines.push(("ID", row.id.to_string(), Tone::Dim));
    lines
}

fn may(detail: &RecordDetail) -> &'static str {
    match (detail.row.may_edit, detail.row.may_delete) {
        (true, true) => "see, change and delete it",
        (true, false) => "see and change it",
        (false, true) => "see and delete it",
        (false, false) => "see it",
    }
}

/// The sheet, each line that can be stood on with its key.
pub(super) fn sheet(detail: &RecordDetail) -> Vec<(Option<String>, Line)> {
    let mut lines = vec![(None, Line::Title(detail.title.clone()))];
    for (label, text, tone) in head(detail) {
        lines.push((Some(label.to_owned()), Line::Pair(label.to_owned(), text, tone)));
    }
    for section in &detail.sections {
        // Where nothing can be changed, the head says so once.
        let locked = detail.row.may_edit && !section.writable;
        let note = if locked { " · view only" } else { "" };
        lines.push((None, Line::Heading(format!("{}{note}", section.name))));
        for (name, text) in &section.fields {
            lines.push((Some(format!("{FIELD}{name}")), Line::Pair(name.clone(), text.clone(), Tone::Text)));
        }
    }
    lines
}
