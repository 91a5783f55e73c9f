//! A list of records and one record's detail, drawn.

use ratatui::layout::Rect;

use super::state::{Column as Shown, Records};
use crate::model::Kind;
use crate::service::records::{RecordDetail, RecordRow};
use crate::tui::theme::Tone;
use crate::tui::widget::{Canvas, Column, Focus, Line, Part, Table, split, width};
use crate::tui::words::{count, number};

/// The line about what is shown: always the exact number.
pub(super) fn status(records: &Records) -> String {
    let Some(total) = records.pages.total() else { return String::new() };
    let one = records.object.singular.to_lowercase();
    let many = records.object.label.to_lowercase();
    let mut words = count(total, &one, &many);
    if records.is_narrowed() {
        words.push_str(" match");
    }
    if total > 0 {
        words.push_str(&format!(" · row {}", number(records.cursor.at as u64 + 1)));
    }
    if records.anew {
        words.push_str(" · searching…");
    }
    words
}

/// Draws list and detail, as far as there is room.
pub(super) fn draw(records: &Records, canvas: &mut Canvas<'_>, area: Rect) {
    let (list, detail) = split(area, records.focus);
    if let Some(list) = list {
        draw_list(records, canvas, list);
    }
    if let Some(detail) = detail {
        if let Some(list) = list {
            canvas.rule_down(list.right() + 1, area.y, area.height);
        }
        if records.shown.is_some() && records.shown == records.current().map(|row| row.id) {
            records.sheet.draw(canvas, detail, records.focus == Focus::Detail);
        }
    }
}

fn draw_list(records: &Records, canvas: &mut Canvas<'_>, area: Rect) {
    let used = records.search.draw(canvas, area.x, area.y, area.width);
    let gap = if used > 0 { 2 } else { 0 };
    let x = area.x + used + gap;
    canvas.text(x, area.y, area.width.saturating_sub(used + gap), &narrowed(records), Tone::Dim);
    let below = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    if let Some(loading) = &records.loading {
        let words = match &loading.failed {
            Some(why) => format!("Loading the records stopped: {why}"),
            None => format!("Loading… {} of {} records", number(loading.done), number(loading.total)),
        };
        canvas.paragraph(below, &words, Tone::Dim);
        return;
    }
    match (&records.trouble, records.pages.total()) {
        (Some(trouble), _) => {
            canvas.paragraph(below, trouble, Tone::Warn);
        }
        (None, None) => {
            canvas.paragraph(below, "Loading…", Tone::Dim);
        }
        (None, Some(0)) => {
            canvas.paragraph(below, &empty(records), Tone::Dim);
        }
        (None, Some(_)) => draw_table(records, canvas, below),
    }
}

/// What search, filters and order are in force.
fn narrowed(records: &Records) -> String {
    let mut words = Vec::new();
    if records.mine {
        words.push("Records Owned".to_owned());
    }
    words.extend(records.filters.iter().map(|(name, value)| format!("{name} is {value}")));
    if words.is_empty() && records.search.text().is_empty() {
        words.push(format!("The {} that you may see", records.object.label.to_lowercase()));
    }
    words.join(" · ")
}

fn empty(records: &Records) -> String {
    let many = records.object.label.to_lowercase();
    if records.is_narrowed() {
        format!("No {many} match. Press Esc to show all again.")
    } else if records.object.may_create {
        format!("There are no {many} yet. `rolecall import {} FILE.csv` brings some in.", records.object.key)
    } else {
        format!("There are no {many} that you may see.")
    }
}

fn draw_table(records: &Records, canvas: &mut Canvas<'_>, area: Rect) {
    let shown = records.columns();
    let table = Table {
        columns: shown.iter().map(|column| heading(records, column)).collect(),
        skipped: records.skipped,
        length: records.length(),
        cursor: records.cursor,
        focused: records.focus == Focus::List,
    };
    let hidden = table.hidden_right(area.width);
    if hidden > 0 || records.skipped > 0 {
        let left = if records.skipped > 0 { canvas.theme().glyph("← ", "< ") } else { "" };
        let right = if hidden > 0 { canvas.theme().glyph(" →", " >") } else { "" };
        let words = format!("{left}{} columns{right}", shown.len());
        canvas.text_right(area.x, area.y.saturating_sub(1), area.width - 1, &words, Tone::Dim);
    }
    table.draw(canvas, area, |index| {
        let row = records.pages.row(index as u64)?;
        Some(shown.iter().enumerate().map(|(place, column)| part(row, column, place == 0)).collect())
    });
}

fn heading<'a>(records: &Records, column: &Shown<'a>) -> Column<'a> {
    let (title, name): (&'a str, &str) = match column {
        Shown::Owner => ("Owner", "owner"),
        Shown::Field(view) => (&view.field.name, &view.field.name),
    };
    let sorted = (records.sort.as_deref() == Some(name)).then_some(records.descending);
    let least = width(title).min(14) + if sorted.is_some() { 2 } else { 0 };
    let kind = match column {
        Shown::Owner => return Column::new(title, least.max(14), 22, 2).sorted(sorted),
        Shown::Field(view) => view.field.kind,
    };
    let naming = title.ends_with("Name");
    let column = match kind {
        Kind::Text if naming => Column::new(title, least.max(12), 20, 2),
        Kind::Text => Column::new(title, least.max(16), 28, 3),
        Kind::Email => Column::new(title, least.max(24), 32, 3),
        Kind::Phone => Column::new(title, least.max(17), 18, 1),
        Kind::Dropdown => Column::new(title, least.max(10), 16, 1),
        Kind::Date => Column::exactly(title, least.max(10)),
        Kind::YesNo => Column::exactly(title, least.max(3)),
        Kind::Number | Kind::Money => Column::exactly(title, least.max(11)).right(),
    };
    column.sorted(sorted)
}

fn part<'a>(row: &'a RecordRow, column: &Shown<'_>, first: bool) -> Part<'a> {
    match column {
        Shown::Owner => Part::toned(row.owner_name.as_str(), Tone::Dim),
        Shown::Field(view) => {
            let mut text = row.value(view.field.id).map(|value| view.shown(value)).unwrap_or_default();
            if first && row.private {
                text.push_str(" (private)");
            }
            Part::new(text)
        }
    }
}

/// One record's sheet: sections and fields that may not be viewed aren't in the detail at all.
pub(super) fn sheet(detail: &RecordDetail) -> Vec<Line> {
    let row = &detail.row;
    let pair = |label: &str, text: &str| Line::Pair(label.to_owned(), text.to_owned(), Tone::Text);
    let mut lines = vec![Line::Title(detail.title.clone()), pair("Owner", &row.owner_name)];
    if !row.assigned.is_empty() {
        lines.push(pair("Assigned to", &row.assigned.join(", ")));
    }
    if row.private {
        lines.push(Line::Pair("Private".to_owned(), "yes: nobody but its owner sees it".to_owned(), Tone::Warn));
    }
    if let Some(external) = &row.external_id {
        lines.push(pair("External ID", external));
    }
    lines.push(Line::Pair("ID".to_owned(), row.id.to_string(), Tone::Dim));
    for section in &detail.sections {
        lines.push(Line::Heading(section.name.clone()));
        for (name, text) in &section.fields {
            lines.push(Line::Pair(name.clone(), text.clone(), Tone::Text));
        }
    }
    lines
}
