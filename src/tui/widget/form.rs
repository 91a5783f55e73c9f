//! A form: labels at the left, fields at the right, what is wrong under the field where it is
//! wrong. It knows keys and texts; whoever shows it decides what they mean.

use ratatui::layout::Rect;

use super::canvas::{Canvas, width, wrap};
use super::input::Input;
use crate::tui::event::{Code, Key};
use crate::tui::theme::Tone;

/// One field of a form.
#[derive(Debug, Clone)]
pub struct Field {
    /// Its name in code.
    pub key: &'static str,
    /// Its name on screen.
    pub label: String,
    /// A word of help under it.
    pub hint: String,
    /// What is typed or chosen.
    pub input: Entry,
    /// What is wrong with it.
    pub error: Option<String>,
}

/// How a field is filled.
#[derive(Debug, Clone)]
pub enum Entry {
    /// By typing.
    Line(Input),
    /// By going through a few values with the arrows.
    Choice {
        /// The values.
        values: Vec<String>,
        /// The chosen one.
        at: usize,
    },
}

impl Field {
    /// A field to type in.
    #[must_use]
    pub fn line(key: &'static str, label: &str) -> Self {
        Self { key, label: label.to_owned(), hint: String::new(), input: Entry::Line(Input::new()), error: None }
    }

    /// A field for a password.
    #[must_use]
    pub fn secret(key: &'static str, label: &str) -> Self {
        Self { input: Entry::Line(Input::secret()), ..Self::line(key, label) }
    }

    /// A field with a few values.
    #[must_use]
    pub fn choice(key: &'static str, label: &str, values: Vec<String>, at: usize) -> Self {
        Self { input: Entry::Choice { values, at }, ..Self::line(key, label) }
    }

    /// The same with a word of help.
    #[must_use]
    pub fn hint(self, hint: &str) -> Self {
        Self { hint: hint.to_owned(), ..self }
    }

    /// The same, filled.
    #[must_use]
    pub fn filled(mut self, text: &str) -> Self {
        if let Entry::Line(line) = &mut self.input {
            line.set(text);
        }
        self
    }

    /// What is typed or chosen.
    #[must_use]
    pub fn text(&self) -> &str {
        match &self.input {
            Entry::Line(line) => line.text(),
            Entry::Choice { values, at } => values.get(*at).map_or("", String::as_str),
        }
    }

    fn note(&self) -> Option<(&str, Tone)> {
        match (&self.error, self.hint.as_str()) {
            (Some(error), _) => Some((error, Tone::Bad)),
            (None, "") => None,
            (None, hint) => Some((hint, Tone::Dim)),
        }
    }
}

/// What a key did to a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormStep {
    /// Nothing that concerns anyone else.
    Stayed,
    /// It is filled in: look at it.
    Submit,
    /// The person gave up.
    Cancel,
    /// The key isn't the form's.
    Unused,
}

/// A form.
#[derive(Debug, Clone, Default)]
pub struct Form {
    /// The fields, in order.
    pub fields: Vec<Field>,
    /// The field that has the keys.
    pub at: usize,
}

impl Form {
    /// A form of these fields; the first empty one has the keys.
    #[must_use]
    pub fn new(fields: Vec<Field>) -> Self {
        let at = fields.iter().position(|field| field.text().is_empty()).unwrap_or(0);
        Self { fields, at }
    }

    /// What is in a field.
    #[must_use]
    pub fn text(&self, key: &str) -> &str {
        self.fields.iter().find(|field| field.key == key).map_or("", Field::text)
    }

    /// Every field's name and text.
    #[must_use]
    pub fn values(&self) -> Vec<(&'static str, String)> {
        self.fields.iter().map(|field| (field.key, field.text().to_owned())).collect()
    }

    /// Says what is wrong with a field and goes there, if it is the first that is wrong.
    pub fn complain(&mut self, key: &str, error: impl Into<String>) {
        let first = self.fields.iter().all(|field| field.error.is_none());
        if let Some(position) = self.fields.iter().position(|field| field.key == key) {
            if let Some(field) = self.fields.get_mut(position) {
                field.error = Some(error.into());
            }
            if first {
                self.at = position;
            }
        }
    }

    /// Is anything wrong?
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.fields.iter().any(|field| field.error.is_some())
    }

    /// Forgets what was wrong.
    pub fn forgive(&mut self) {
        for field in &mut self.fields {
            field.error = None;
        }
    }

    /// Empties a field.
    pub fn clear(&mut self, key: &str) {
        for field in self.fields.iter_mut().filter(|field| field.key == key) {
            if let Entry::Line(line) = &mut field.input {
                line.clear();
            }
        }
    }

    /// Goes to a field.
    pub fn go(&mut self, key: &str) {
        if let Some(position) = self.fields.iter().position(|field| field.key == key) {
            self.at = position;
        }
    }

    /// Takes a key.
    pub fn key(&mut self, key: Key) -> FormStep {
        let count = self.fields.len().max(1);
        match (key.code, key.ctrl) {
            (Code::Esc, _) => return FormStep::Cancel,
            (Code::Char('s'), true) => return FormStep::Submit,
            (Code::Tab | Code::Down, _) => self.at = (self.at + 1) % count,
            (Code::BackTab | Code::Up, _) => self.at = (self.at + count - 1) % count,
            (Code::Enter, _) if self.at + 1 < count => self.at += 1,
            (Code::Enter, _) => return FormStep::Submit,
            _ => return self.edit(key),
        }
        FormStep::Stayed
    }

    fn edit(&mut self, key: Key) -> FormStep {
        let Some(field) = self.fields.get_mut(self.at) else { return FormStep::Unused };
        let used = match &mut field.input {
            Entry::Line(line) => line.key(key),
            Entry::Choice { values, at } => {
                let count = values.len().max(1);
                match key.code {
                    Code::Right | Code::Char(' ') => *at = (*at + 1) % count,
                    Code::Left => *at = (*at + count - 1) % count,
                    _ => return FormStep::Unused,
                }
                true
            }
        };
        if used {
            field.error = None;
            FormStep::Stayed
        } else {
            FormStep::Unused
        }
    }

    /// Takes pasted text.
    pub fn paste(&mut self, text: &str) {
        if let Some(Field { input: Entry::Line(line), error, .. }) = self.fields.get_mut(self.at) {
            line.paste(text);
            *error = None;
        }
    }

    fn label_width(&self) -> u16 {
        self.fields.iter().map(|field| width(&field.label)).max().unwrap_or(0)
    }

    /// How many rows it takes at this width.
    #[must_use]
    pub fn height(&self, columns: u16) -> u16 {
        let room = columns.saturating_sub(self.label_width() + 2);
        let rows = self.fields.iter().map(|field| 2 + note_rows(field, room)).sum::<u16>();
        rows.saturating_sub(1)
    }

    /// Draws it; the field with the keys shows the cursor. Where there is less room than it takes,
    /// the field with the keys stays in view.
    pub fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, focused: bool) {
        let labels = self.label_width();
        let room = area.width.saturating_sub(labels + 2);
        let rows: Vec<u16> = self.fields.iter().map(|field| 2 + note_rows(field, room)).collect();
        let mut first = 0;
        while rows.iter().skip(first).take(self.at + 1 - first).sum::<u16>() > area.height + 1 && first < self.at {
            first += 1;
        }
        let mut y = area.y;
        for (index, field) in self.fields.iter().enumerate().skip(first) {
            let height = rows.get(index).copied().unwrap_or(2);
            if y >= area.bottom() {
                break;
            }
            let here = focused && index == self.at;
            let tone = if here { Tone::Accent } else { Tone::Dim };
            canvas.text_right(area.x, y, labels, &field.label, tone);
            let x = area.x + labels + 2;
            match &field.input {
                Entry::Line(line) => line.draw(canvas, x, y, room, here),
                Entry::Choice { .. } => draw_choice(canvas, x, y, room, field.text(), here),
            }
            if let Some((note, tone)) = field.note() {
                let left = area.bottom().saturating_sub(y + 1);
                canvas.paragraph(Rect { x, y: y + 1, width: room, height: left.min(height) }, note, tone);
            }
            y += height;
        }
    }
}

fn draw_choice(canvas: &mut Canvas<'_>, x: u16, y: u16, room: u16, text: &str, here: bool) {
    let (left, right) = (canvas.theme().glyph("‹ ", "< "), canvas.theme().glyph(" ›", " >"));
    let tone = if here { Tone::Selected } else { Tone::Field };
    canvas.text(x, y, room, &format!("{left}{text}{right}"), tone);
}

fn note_rows(field: &Field, room: u16) -> u16 {
    field.note().map_or(0, |(note, _)| u16::try_from(wrap(note, room).len()).unwrap_or(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn enter_goes_through_the_fields_and_submits_at_the_last() {
        let mut form = Form::new(vec![Field::line("a", "A"), Field::secret("b", "B")]);
        assert_eq!(form.key(Key::char('x')), FormStep::Stayed);
        assert_eq!(form.key(Key::plain(Code::Enter)), FormStep::Stayed);
        assert_eq!(form.at, 1);
        form.paste("secret");
        assert_eq!(form.key(Key::plain(Code::Enter)), FormStep::Submit);
        assert_eq!((form.text("a"), form.text("b")), ("x", "secret"));
        form.complain("a", "no");
        form.complain("b", "no");
        assert_eq!(form.at, 0);
        form.key(Key::char('y'));
        assert!(form.fields[0].error.is_none() && form.has_errors());
        assert_eq!(form.key(Key::plain(Code::Esc)), FormStep::Cancel);
    }
}
