//! A form over a screen. It stays open until the screen that asked is content.

use super::{Answer, Given, Overlay};
use crate::tui::effect::{Effect, Effects};
use crate::tui::event::Key;
use crate::tui::theme::Tone;
use crate::tui::widget::canvas::centred;
use crate::tui::widget::{Canvas, FieldKey, Form, FormStep};

/// A form in a window.
#[derive(Debug)]
pub struct Fill {
    tag: &'static str,
    title: String,
    note: String,
    form: Form,
    lasting: bool,
    verb: &'static str,
}

impl Fill {
    /// A form with a title and a word above it.
    #[must_use]
    pub fn new(tag: &'static str, title: &str, note: &str, form: Form) -> Self {
        Self { tag, title: title.to_owned(), note: note.to_owned(), form, lasting: false, verb: "save" }
    }

    /// The same, where Ctrl-S and the last Enter do something else than to save.
    #[must_use]
    pub fn to(self, verb: &'static str) -> Self {
        Self { verb, ..self }
    }

    /// The same, kept open with what is typed in it even where its reader's rights change: it shows
    /// nothing that depends on them.
    #[must_use]
    pub fn lasting(self) -> Self {
        Self { lasting: true, ..self }
    }
}

impl Overlay for Fill {
    fn key(&mut self, key: Key) -> Effects {
        match self.form.key(key) {
            FormStep::Submit => {
                self.form.forgive();
                Effects::of(Effect::Answer(Answer::new(self.tag, Given::Filled(self.form.values()))))
            }
            FormStep::Cancel => Effects::of(Effect::Close),
            FormStep::Stayed | FormStep::Unused => Effects::none(),
        }
    }

    fn paste(&mut self, text: &str) -> Effects {
        self.form.paste(text);
        Effects::none()
    }

    fn complain(&mut self, errors: &[(FieldKey, String)]) {
        for (key, error) in errors {
            self.form.complain(key, error.clone());
        }
    }

    fn stays(&self) -> bool {
        self.lasting
    }

    fn draw(&self, canvas: &mut Canvas<'_>) {
        let columns = 68.min(canvas.area().width.saturating_sub(4));
        let note = if self.note.is_empty() { 0 } else { 2 };
        let height = self.form.height(columns.saturating_sub(4)) + note + 4;
        let inner = canvas.window(centred(canvas.area(), columns, height), &self.title);
        if note > 0 {
            canvas.text(inner.x, inner.y, inner.width, &self.note, Tone::Dim);
        }
        let area = ratatui::layout::Rect {
            y: inner.y + note.max(1),
            height: inner.height.saturating_sub(note.max(1)),
            ..inner
        };
        self.form.draw(canvas, area, true);
    }

    fn hints(&self) -> Vec<(&'static str, &'static str)> {
        self.form.hints(self.verb, "leave")
    }
}
