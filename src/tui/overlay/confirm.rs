//! A question before something happens, naming the thing.

use super::{Answer, Given, Overlay};
use crate::tui::effect::{Effect, Effects};
use crate::tui::event::{Code, Key};
use crate::tui::theme::Tone;
use crate::tui::widget::Canvas;
use crate::tui::widget::canvas::{centred, width, wrap};

/// A question that is answered by yes or by going away.
#[derive(Debug)]
pub struct Confirm {
    tag: &'static str,
    title: String,
    text: String,
    yes: String,
    no: &'static str,
    grave: bool,
}

impl Confirm {
    /// A question; `yes` is the word for what happens then.
    #[must_use]
    pub fn new(tag: &'static str, title: &str, text: &str, yes: &str) -> Self {
        Self {
            tag,
            title: title.to_owned(),
            text: text.to_owned(),
            yes: yes.to_owned(),
            no: "change nothing",
            grave: false,
        }
    }

    /// The question before something unsaved is left (001-11).
    #[must_use]
    pub fn leaving(tag: &'static str, what: &str) -> Self {
        Self::new(tag, "Leave without saving?", what, "leave without saving").or("stay").grave()
    }

    /// The question before something is left that is being saved.
    #[must_use]
    pub fn leaving_early(tag: &'static str, what: &str) -> Self {
        Self::new(tag, "Leave before it is saved?", what, "leave").or("stay").grave()
    }

    /// The same with a word for what going away means.
    #[must_use]
    pub fn or(self, no: &'static str) -> Self {
        Self { no, ..self }
    }

    /// The same for something that takes away: Enter alone doesn't do it, `y` does.
    #[must_use]
    pub fn grave(self) -> Self {
        Self { grave: true, ..self }
    }
}

impl Overlay for Confirm {
    fn key(&mut self, key: Key) -> Effects {
        match key.code {
            Code::Char('y' | 'Y') => Effects::of(Effect::Close).and(Effect::Answer(Answer::new(self.tag, Given::Yes))),
            Code::Enter if !self.grave => {
                Effects::of(Effect::Close).and(Effect::Answer(Answer::new(self.tag, Given::Yes)))
            }
            Code::Esc | Code::Char('n' | 'N' | 'q') => Effects::of(Effect::Close),
            _ => Effects::none(),
        }
    }

    fn beware(&mut self) {
        self.grave = true;
    }

    fn draw(&self, canvas: &mut Canvas<'_>) {
        let lines = wrap(&self.text, 56);
        let height = u16::try_from(lines.len()).unwrap_or(4) + 4;
        let area = centred(canvas.area(), 62, height);
        let inner = canvas.window(area, &self.title);
        let used = canvas.paragraph(inner, &self.text, Tone::Text);
        let y = inner.y + used + 1;
        let keys = if self.grave { "y" } else { "Enter" };
        let tone = if self.grave { Tone::Bad } else { Tone::Key };
        // Of a long word the end goes, so that the way back stays.
        let back = width(self.no) + 7;
        let x = canvas.text(inner.x, y, inner.width, keys, tone);
        let x = canvas.text(x + 1, y, inner.right().saturating_sub(x + 1 + back), &self.yes, Tone::Text);
        let x = canvas.text(x + 3, y, inner.right().saturating_sub(x + 3), "Esc", Tone::Key);
        canvas.text(x + 1, y, inner.right().saturating_sub(x + 1), self.no, Tone::Text);
    }

    fn hints(&self) -> Vec<(&'static str, &'static str)> {
        vec![(if self.grave { "y" } else { "Enter" }, "yes"), ("Esc", self.no)]
    }
}
