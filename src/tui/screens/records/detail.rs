//! One record's sheet. Sections and fields that may not be viewed aren't in it at all (R11).

use crate::service::records::RecordDetail;
use crate::tui::theme::Tone;
use crate::tui::widget::Line;

/// What stands on a labelled line of the sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum About {
    /// The record as such.
    Record,
    /// A field, by its shown name.
    Field(String),
}

fn head(detail: &RecordDetail) -> Vec<(String, String, Tone)> {
    let row = &detail.row;
    let mut lines = vec![("Owner".to_owned(), row.owner_name.clone(), Tone::Text)];
    let assigned = if detail.assigned.is_empty() { "nobody".to_owned() } else { detail.assigned.join(", ") };
    let tone = if detail.assigned.is_empty() { Tone::Dim } else { Tone::Text };
    lines.push(("Assigned to".to_owned(), assigned, tone));
    if row.private {
        lines.push(("Private".to_owned(), "yes: nobody but its owner sees it".to_owned(), Tone::Warn));
    }
    if let Some(external) = &row.external_id {
        lines.push(("External ID".to_owned(), external.clone(), Tone::Text));
    }
    lines.push(("You may".to_owned(), may(detail).to_owned(), Tone::Dim));
    lines.push(("ID".to_owned(), row.id.to_string(), Tone::Dim));
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

/// The sheet.
pub(super) fn sheet(detail: &RecordDetail) -> Vec<Line> {
    let mut lines = vec![Line::Title(detail.title.clone())];
    lines.extend(head(detail).into_iter().map(|(label, text, tone)| Line::Pair(label, text, tone)));
    for section in &detail.sections {
        let locked = detail.row.may_edit && !section.writable;
        let note = if locked { " · view only" } else { "" };
        lines.push(Line::Heading(format!("{}{note}", section.name)));
        for (name, text) in &section.fields {
            lines.push(Line::Pair(name.clone(), text.clone(), Tone::Text));
        }
    }
    lines
}

/// What each labelled line of the sheet is about, in order.
pub(super) fn about(detail: &RecordDetail) -> Vec<About> {
    let mut about = vec![About::Record; head(detail).len()];
    let fields = detail.sections.iter().flat_map(|section| &section.fields);
    about.extend(fields.map(|(name, _)| About::Field(name.clone())));
    about
}
