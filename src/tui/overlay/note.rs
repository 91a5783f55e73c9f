//! Something to know, once: what opening the data directory found and mended.

use super::Overlay;
use super::lines::Lines;
use crate::tui::effect::{Effect, Effects};
use crate::tui::event::{Code, Key, Size};
use crate::tui::theme::Tone;
use crate::tui::widget::Canvas;
use crate::tui::words::sentence;

/// A note.
#[derive(Debug)]
pub struct Note {
    title: String,
    lines: Lines,
}

impl Note {
    /// A note: a sentence, and the points that it is about.
    #[must_use]
    pub fn new(title: &str, text: &str, points: &[String]) -> Self {
        let mut lines = Lines::default();
        lines.text(text, Tone::Text);
        if !points.is_empty() {
            lines.gap();
        }
        for point in points {
            lines.marked(0, ("• ", "* "), &sentence(point), Tone::Warn);
        }
        Self { title: title.to_owned(), lines }
    }
}

impl Overlay for Note {
    /// It asks nothing, and may tell what is told once.
    fn is_shown_once(&self) -> bool {
        true
    }

    fn key(&mut self, key: Key) -> Effects {
        match key.code {
            Code::Esc | Code::Enter | Code::Char('q') => Effects::of(Effect::Close),
            _ => {
                self.lines.key(key);
                Effects::none()
            }
        }
    }

    fn sized(&mut self, size: Size) {
        self.lines.sized(size);
    }

    fn draw(&self, canvas: &mut Canvas<'_>) {
        self.lines.draw(canvas, &self.title, &[("Esc", "put it away")]);
    }

    fn hints(&self) -> Vec<(&'static str, &'static str)> {
        self.lines.hints(Vec::new(), ("Esc", "put it away"))
    }
}
