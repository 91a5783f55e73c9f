//! The Field Editor, drawn: sections with their fields, what each holds, and a dropdown's options.

use ratatui::layout::Rect;

use super::state::{Fields, Line, kind};
use crate::service::fields::FieldEntry;
use crate::tui::theme::Tone;
use crate::tui::widget::{Canvas, width};

pub(super) fn draw(fields: &Fields, canvas: &mut Canvas<'_>, area: Rect) {
    let mut x = area.x;
    for (key, label) in &fields.objects {
        let here = Some(key) == fields.object.as_ref();
        let (open, close) = if here { ("[", "]") } else { (" ", " ") };
        let tone = if here { Tone::Accent } else { Tone::Dim };
        x = canvas.text(x, area.y, area.right().saturating_sub(x), &format!("{open}{label}{close}"), tone) + 1;
    }
    let body = Rect { y: area.y + Fields::HEAD, height: area.height.saturating_sub(Fields::HEAD), ..area };
    let Some(editor) = &fields.editor else {
        canvas.paragraph(body, fields.trouble.as_deref().unwrap_or("Loading…"), Tone::Dim);
        return;
    };
    if fields.lines.is_empty() {
        canvas.paragraph(body, "There is no section here that you may see.", Tone::Dim);
    }
    for (index, y) in (fields.cursor.top..fields.lines.len()).zip(body.y..body.bottom()) {
        let here = index == fields.cursor.at;
        if here {
            canvas.fill(Rect { y, height: 1, ..body }, Tone::Selected);
            let mark = canvas.theme().glyph("▌", ">");
            canvas.text(body.x, y, 1, mark, Tone::Selected);
        }
        let tone = |tone: Tone| if here { Tone::Selected } else { tone };
        let line = Rect { y, height: 1, x: body.x + 2, width: body.width.saturating_sub(4) };
        match fields.lines.get(index) {
            Some(Line::Section(place)) => {
                let Some(section) = editor.sections.get(*place) else { continue };
                let right = if editor.may_permit { "P Permissions" } else { "" };
                let room = line.width.saturating_sub(width(right) + 2);
                canvas.text(line.x, y, room, &section.name, tone(Tone::Title));
                canvas.text_right(line.x, y, line.width, right, tone(Tone::Key));
            }
            Some(Line::Field(place, field)) => {
                let entry = editor.sections.get(*place).and_then(|section| section.fields.get(*field));
                if let Some(entry) = entry {
                    draw_field(canvas, line, entry, &tone);
                }
            }
            None => {}
        }
    }
    canvas.scrollbar(body, fields.lines.len(), fields.cursor.top);
}

fn draw_field(canvas: &mut Canvas<'_>, line: Rect, entry: &FieldEntry, tone: &dyn Fn(Tone) -> Tone) {
    let names = (line.width / 3).clamp(20, 40);
    canvas.text(line.x + 2, line.y, names - 3, &entry.name, tone(Tone::Text));
    canvas.text(line.x + names, line.y, 10, kind(entry.kind), tone(Tone::Dim));
    let rest = line.x + names + 11;
    let words = match entry {
        entry if entry.names_records => "names the records".to_owned(),
        entry if entry.automatic => "fills itself".to_owned(),
        entry => entry.options.join(", "),
    };
    canvas.text(rest, line.y, line.right().saturating_sub(rest), &words, tone(Tone::Dim));
}
