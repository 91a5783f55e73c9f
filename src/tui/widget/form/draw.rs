//! A form, drawn. Where there is less room than it takes, the field with the keys stays in view.

use ratatui::layout::Rect;

use super::Form;
use super::field::{Entry, Field};
use super::options::{IN_VIEW, Options};
use crate::tui::theme::Tone;
use crate::tui::widget::canvas::{Canvas, fit, width, wrap};

/// The widest that the column of labels gets.
const LABELS: u16 = 26;
/// The widest that a field gets.
const WIDEST: u16 = 64;

impl Form {
    fn label_width(&self) -> u16 {
        self.fields.iter().map(|field| width(&field.label)).max().unwrap_or(0).min(LABELS)
    }

    /// The rows of a field: a heading above, itself, what is wrong with it or offered under it.
    fn rows(&self, index: usize, field: &Field, room: u16) -> (u16, u16) {
        let above = match (&field.section, index) {
            (Some(_), 0) => 1,
            (Some(_), _) if self.dense => 2,
            (Some(_), _) => 1,
            (None, _) => 0,
        };
        let noted = if self.dense { field.error.is_some() } else { true };
        let note = field.note().filter(|_| noted).map_or(0, |(note, _)| lines(&note, room));
        let offered = match &field.input {
            Entry::Options(options) if index == self.at => options.rows(),
            _ => 0,
        };
        let gap = u16::from(!self.dense);
        (above, 1 + note + u16::try_from(offered).unwrap_or(0) + gap)
    }

    /// The foot of a dense form: two lines for the note of the field with the keys.
    const FOOT: u16 = 3;

    /// How many rows it takes at this width.
    #[must_use]
    pub fn height(&self, columns: u16) -> u16 {
        let room = columns.saturating_sub(self.label_width() + 2).min(WIDEST);
        let rows = self.fields.iter().enumerate().map(|(index, field)| {
            let (above, own) = self.rows(index, field, room);
            above + own
        });
        let rows: u16 = rows.sum();
        if self.dense { rows + Self::FOOT } else { rows.saturating_sub(1) }
    }

    /// Draws it; the field with the keys shows the cursor.
    pub fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, focused: bool) {
        let labels = self.label_width();
        let foot = if self.dense { Self::FOOT.min(area.height.saturating_sub(1)) } else { 0 };
        let body = Rect { height: area.height - foot, ..area };
        let room = body.width.saturating_sub(labels + 2).min(WIDEST);
        let rows: Vec<(u16, u16)> =
            self.fields.iter().enumerate().map(|(index, field)| self.rows(index, field, room)).collect();
        let total: u16 = rows.iter().map(|(above, own)| above + own).sum();
        let gap = u16::from(!self.dense);
        let end: u16 = rows.iter().take(self.at + 1).map(|(above, own)| above + own).sum::<u16>().saturating_sub(gap);
        let top = end.saturating_sub(body.height);
        let mut y = 0u16;
        for (index, field) in self.fields.iter().enumerate() {
            let (above, own) = rows.get(index).copied().unwrap_or((0, 1));
            if above > 0
                && let Some(section) = &field.section
                && let Some(row) = on_screen(body, top, y + above - 1)
            {
                let style = canvas.style(Tone::Title);
                canvas.styled(body.x, row, body.width, section, style);
            }
            y += above;
            self.draw_field(canvas, body, (top, y), labels, room, focused && index == self.at, field);
            y += own;
        }
        if self.dense {
            canvas.scrollbar(body, usize::from(total), usize::from(top));
        }
        if foot > 0
            && let Some((note, tone)) = self.current().and_then(Field::help)
        {
            // Below the fields with room for a list between, so that it stands still; at most at the foot.
            let closed: u16 = rows.iter().map(|(above, _)| above + 1).sum();
            let list = u16::try_from(IN_VIEW).unwrap_or(0);
            let y = (body.bottom() + 1).min(area.y + closed + list + 2);
            let place = Rect { y, height: foot - 1, ..area };
            canvas.paragraph(place, &note, tone);
        }
    }

    #[allow(clippy::too_many_arguments, reason = "a place in a scrolled area, and what stands there")]
    fn draw_field(
        &self,
        canvas: &mut Canvas<'_>,
        body: Rect,
        (top, y): (u16, u16),
        labels: u16,
        room: u16,
        here: bool,
        field: &Field,
    ) {
        let x = body.x + labels + 2;
        if let Some(row) = on_screen(body, top, y) {
            let tone = if here { Tone::Accent } else { Tone::Dim };
            let label = fit(&field.label, labels, canvas.mark()).into_owned();
            canvas.text_right(body.x, row, labels, &label, tone);
            if field.is_changed() && self.dense {
                canvas.text(x - 2, row, 1, "*", Tone::Warn);
            }
            match &field.input {
                _ if field.locked.is_some() => {
                    canvas.text(x, row, room, &field.shown(), if here { Tone::Selected } else { Tone::Dim });
                }
                Entry::Line(line) => line.draw(canvas, x, row, room, here),
                Entry::Options(options) => draw_options(canvas, x, row, room, options, here),
            }
        }
        let mut y = y + 1;
        if let Entry::Options(options) = &field.input
            && here
            && options.is_open()
        {
            y += draw_list(canvas, body, (top, y), x, room, options);
        }
        let shown = if self.dense { field.error.is_some() } else { true };
        if let Some((note, tone)) = field.note().filter(|_| shown) {
            for line in wrap(&note, room) {
                if let Some(row) = on_screen(body, top, y) {
                    canvas.text(x, row, room, &line, tone);
                }
                y += 1;
            }
        }
    }
}

/// The row of the screen for a row of the form, if it is in view.
fn on_screen(body: Rect, top: u16, y: u16) -> Option<u16> {
    let row = body.y + y.checked_sub(top)?;
    (row < body.bottom()).then_some(row)
}

fn draw_options(canvas: &mut Canvas<'_>, x: u16, y: u16, room: u16, options: &Options, here: bool) {
    if options.is_open() {
        canvas.fill(Rect { x, y, width: room, height: 1 }, Tone::Field);
        let at = canvas.text(x, y, room, canvas.theme().glyph("› ", "> "), Tone::Key);
        let at = canvas.text(at, y, (x + room).saturating_sub(at), options.typed(), Tone::Field);
        canvas.set_cursor(at.min(x + room.saturating_sub(1)), y);
        return;
    }
    let tone = if here { Tone::Selected } else { Tone::Field };
    let shown = options.shown();
    let shown = if shown.is_empty() { canvas.theme().glyph("—", "-").to_owned() } else { shown };
    let (left, right) = match options.is_several() {
        true => ("", canvas.theme().glyph(" ▾", " v")),
        false => (canvas.theme().glyph("‹ ", "< "), canvas.theme().glyph(" ›", " >")),
    };
    let inner = room.saturating_sub(width(left) + width(right));
    let shown = fit(&shown, inner, canvas.mark()).into_owned();
    canvas.text(x, y, room, &format!("{left}{shown}{right}"), tone);
}

fn draw_list(
    canvas: &mut Canvas<'_>,
    body: Rect,
    (top, mut y): (u16, u16),
    x: u16,
    room: u16,
    options: &Options,
) -> u16 {
    let first = y;
    for (choice, chosen, hit) in options.in_view() {
        if let Some(row) = on_screen(body, top, y) {
            let tone = if hit { Tone::Selected } else { Tone::Text };
            if hit {
                canvas.fill(Rect { x, y: row, width: room, height: 1 }, tone);
            }
            let mark = match (options.is_several(), chosen) {
                (true, true) => "[x] ",
                (true, false) => "[ ] ",
                (false, true) => canvas.theme().glyph("• ", "* "),
                (false, false) => "  ",
            };
            let used = canvas.text(x, row, room, mark, tone);
            choice.draw(canvas, (used, row), (x + room).saturating_sub(used), hit);
        }
        y += 1;
    }
    if y == first {
        if let Some(row) = on_screen(body, top, y) {
            canvas.text(x, row, room, "Nothing by that name.", Tone::Dim);
        }
        y += 1;
    }
    y - first
}

fn lines(note: &str, room: u16) -> u16 {
    u16::try_from(wrap(note, room).len()).unwrap_or(1)
}
