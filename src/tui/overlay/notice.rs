//! Something to read that is too long for the line at the foot.

use super::Overlay;
use super::lines::Lines;
use crate::tui::effect::{Effect, Effects};
use crate::tui::event::{Code, Key};
use crate::tui::theme::Tone;
use crate::tui::widget::Canvas;

/// A notice.
#[derive(Debug)]
pub struct Notice {
    title: String,
    lines: Lines,
}

impl Notice {
    /// A notice.
    #[must_use]
    pub fn new(title: &str, text: &str) -> Self {
        let mut lines = Lines::default();
        lines.text(text, Tone::Text);
        Self { title: title.to_owned(), lines }
    }
}

impl Overlay for Notice {
    fn key(&mut self, key: Key) -> Effects {
        match key.code {
            Code::Esc | Code::Enter | Code::Char('q') => Effects::of(Effect::Close),
            _ => {
                self.lines.key(key);
                Effects::none()
            }
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>) {
        self.lines.draw(canvas, &self.title, &[("Esc", "close")]);
    }

    fn hints(&self) -> Vec<(&'static str, &'static str)> {
        vec![("Esc", "close")]
    }
}
