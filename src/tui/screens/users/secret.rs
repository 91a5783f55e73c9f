//! A temporary password, shown once (R21): whoever closes this has read it.

use crate::service::Password;
use crate::tui::effect::{Effect, Effects};
use crate::tui::event::{Code, Key};
use crate::tui::overlay::Overlay;
use crate::tui::theme::Tone;
use crate::tui::widget::Canvas;
use crate::tui::widget::canvas::{centred, wrap};

/// The window that shows it.
#[derive(Debug)]
pub(super) struct Secret {
    name: String,
    password: Password,
}

const WORDS: &str = "It is shown this once and nowhere else. Give it to them in person or by phone. \
It is good for seven days, and they choose their own at the next sign-in.";

impl Secret {
    pub(super) fn new(name: &str, password: Password) -> Self {
        Self { name: name.to_owned(), password }
    }
}

impl Overlay for Secret {
    fn key(&mut self, key: Key) -> Effects {
        match key.code {
            Code::Enter | Code::Esc => Effects::of(Effect::Close),
            _ => Effects::none(),
        }
    }

    fn stays(&self) -> bool {
        true
    }

    fn is_shown_once(&self) -> bool {
        true
    }

    fn draw(&self, canvas: &mut Canvas<'_>) {
        let rows = u16::try_from(wrap(WORDS, 56).len()).unwrap_or(3) + 6;
        let inner = canvas.window(centred(canvas.area(), 62, rows), "Temporary password");
        canvas.text(inner.x, inner.y, inner.width, &self.name, Tone::Title);
        canvas.text(inner.x, inner.y + 1, inner.width, self.password.reveal(), Tone::Accent);
        let below = ratatui::layout::Rect { y: inner.y + 3, height: inner.height.saturating_sub(3), ..inner };
        canvas.paragraph(below, WORDS, Tone::Text);
    }

    fn hints(&self) -> Vec<(&'static str, &'static str)> {
        vec![("Enter", "I have noted it")]
    }
}
