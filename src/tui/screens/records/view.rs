//! A list of records and one record's detail, drawn.

use ratatui::layout::Rect;

use super::state::{Column as Shown, Records};
use crate::model::{FieldId, Kind};
use crate::service::records::RecordRow;
use crate::tui::theme::Tone;
use crate::tui::widget::{Canvas, Column, Focus, Part, Table, split, width};
use crate::tui::words::{count, number};

/// The line about what is shown: the exact number, or that it is still being counted.
pub(super) fn status(records: &Records) -> String {
    let (total, counting) = (records.pages.at_least(), records.pages.is_counting());
    if records.pages.total().is_none() && !counting {
        return String::new();
    }
    let one = records.object.singular.to_lowercase();
    let many = records.object.label.to_lowercase();
    let mut words = match counting {
        true if total == 0 => format!("No {many} so far · counting…"),
        true => format!("At least {} · counting…", count(total, &one, &many)),
        false => count(total, &one, &many),
    };
    if records.is_narrowed() && !counting {
        words.push_str(if total == 1 { " matches" } else { " match" });
    }
    if total > 0 {
        words.push_str(&format!(" · row {}", number(records.cursor.at as u64 + 1)));
    }
    if records.current().is_some_and(|row| row.private) {
        words.push_str(" · private: only its owner sees it");
    }
    if records.previewing.is_waiting() || records.asking.is_waiting() {
        words.push_str(" · one moment…");
    }
    if records.anew {
        words.push_str(" · searching…");
    }
    if records.is_choosing() {
        words.push_str(&format!(" · {}", records.selected_in_words()));
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
    let has_rows = records.loading.is_none() && records.trouble.is_none() && records.pages.at_least() > 0;
    let aside = if has_rows { columns_aside(records, canvas, area.width) } else { String::new() };
    canvas.text_right(area.x, area.y, area.width - 1, &aside, Tone::Dim);
    let room = area.width.saturating_sub(used + gap + width(&aside) + 3);
    canvas.text(x, area.y, room, &narrowed(records), Tone::Dim);
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
        (None, None) if records.pages.at_least() > 0 => draw_table(records, canvas, below),
        (None, None) if records.pages.is_counting() => {
            let many = records.object.label.to_lowercase();
            canvas.paragraph(below, &format!("No {many} that match so far; still looking…"), Tone::Dim);
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
    let mut words: Vec<String> = records.narrowing.iter().map(|narrowing| narrowing.words(&records.me)).collect();
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
        format!("There are no {many} that you may see. Press n to make one, or i to bring some in from a file.")
    } else {
        format!("There are no {many} that you may see.")
    }
}

/// The table without its rows.
fn table<'a>(records: &Records, shown: &[Shown<'a>]) -> Table<'a> {
    Table {
        columns: shown.iter().map(|column| heading(records, column)).collect(),
        skipped: records.skipped,
        length: records.length(),
        cursor: records.cursor,
        focused: records.focus == Focus::List,
    }
}

/// How many columns there are and on which side some are out of view; nothing if none is.
fn columns_aside(records: &Records, canvas: &Canvas<'_>, wide: u16) -> String {
    let shown = records.columns();
    let hidden = table(records, &shown).hidden_right(wide) > 0;
    if !hidden && records.skipped == 0 {
        return String::new();
    }
    let left = if records.skipped > 0 { canvas.theme().glyph("← ", "< ") } else { "" };
    let right = if hidden { canvas.theme().glyph(" →", " >") } else { "" };
    format!("{left}{} columns{right}", shown.len())
}

fn draw_table(records: &Records, canvas: &mut Canvas<'_>, area: Rect) {
    let shown = records.columns();
    let table = table(records, &shown);
    let names: Vec<FieldId> = shown.iter().filter_map(Shown::names).collect();
    let sealed = Some(canvas.theme().glyph("◈", "#"));
    table.draw(canvas, area, |index| {
        let row = records.pages.row(index as u64)?;
        // Where no column names the row, the first that would says what it is called instead.
        let nameless = names.first().filter(|_| names.iter().all(|field| row.value(*field).is_none()));
        let parts = shown.iter().enumerate().map(|(place, column)| {
            let mark = sealed.filter(|_| place == 0 && row.private);
            if nameless.is_some() && column.names().as_ref() == nameless {
                return Part::toned(marked(row.title(&records.object.fields), mark), Tone::Dim);
            }
            part(row, column, mark)
        });
        Some(parts.collect())
    });
    if records.is_choosing() {
        let mark = canvas.theme().glyph("✓", "*");
        for line in 0..Table::rows(area.height) {
            let row = records.pages.row((records.cursor.top + usize::from(line)) as u64);
            if row.is_some_and(|row| records.is_selected(row.id)) {
                canvas.text(area.x + 1, area.y + 1 + line, 1, mark, Tone::Key);
            }
        }
    }
}

fn heading<'a>(records: &Records, column: &Shown<'a>) -> Column<'a> {
    let title: &'a str = match column {
        Shown::Owner => "Owner",
        Shown::External => "External ID",
        Shown::Field(view) => &view.field.name,
    };
    let sorted = (records.sort.as_deref() == Some(column.query_name())).then_some(records.descending);
    let least = width(title).min(14) + if sorted.is_some() { 2 } else { 0 };
    let kind = match column {
        Shown::Owner => return Column::new(title, least.max(14), 22, 2).sorted(sorted),
        Shown::External => return Column::new(title, least.max(12), 20, 1).sorted(sorted),
        Shown::Field(view) => view.field.kind,
    };
    // What alone names a record comes first in width too: rows must be told apart.
    if let (Shown::Field(view), Some(first), 1) = (column, records.object.fields.first(), records.naming())
        && view.field.id == first.field.id
    {
        return Column::new(title, 28, 40, 4).sorted(sorted);
    }
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

fn part<'a>(row: &'a RecordRow, column: &Shown<'_>, mark: Option<&str>) -> Part<'a> {
    match column {
        Shown::Owner => Part::toned(marked(row.owner_name.clone(), mark), Tone::Dim),
        Shown::External => Part::toned(marked(row.external_id.clone().unwrap_or_default(), mark), Tone::Dim),
        Shown::Field(view) => {
            let text = row.value(view.field.id).map(|value| view.shown(value)).unwrap_or_default();
            Part::new(marked(text, mark))
        }
    }
}

/// The first column marks what is private; the line below the list says what the mark means.
fn marked(text: String, mark: Option<&str>) -> String {
    match mark {
        Some(mark) => format!("{mark} {text}"),
        None => text,
    }
}
