//! Why something is as it is (B2): each decision with its layers, the deciding one marked, and what
//! would turn it.

use super::Overlay;
use super::lines::Lines;
use crate::service::why::{Answer, Weight, Why as Explained};
use crate::tui::effect::{Effect, Effects};
use crate::tui::event::{Code, Key, Size};
use crate::tui::theme::Tone;
use crate::tui::widget::Canvas;
use crate::tui::words::sentence;

/// An explanation.
#[derive(Debug)]
pub struct Why {
    title: String,
    lines: Lines,
}

impl Why {
    /// The explanation of something.
    #[must_use]
    pub fn new(why: &Explained) -> Self {
        let mut lines = Lines::default();
        let mut told: Vec<&str> = Vec::new();
        for answer in &why.answers {
            lines.gap();
            explain(answer, &mut told, &mut lines);
        }
        Self { title: format!("Why · {}", why.title), lines }
    }
}

/// A layer that was told already is told again only where something came of it.
fn explain<'a>(answer: &'a Answer, told: &mut Vec<&'a str>, lines: &mut Lines) {
    let (mark, tone) = if answer.allowed { (("✓ ", "+ "), Tone::Good) } else { (("✗ ", "x "), Tone::Bad) };
    lines.marked(0, mark, &answer.headline, tone);
    for step in &answer.steps {
        if told.contains(&step.text.as_str()) && step.weight == Weight::Passes {
            continue;
        }
        told.push(&step.text);
        let (mark, came, tone) = match (step.weight, step.allows) {
            (Weight::Decides, _) => (("▸ ", "> "), " (this decides)", Tone::Title),
            (Weight::Refuses, _) => (("✗ ", "x "), " (this also refuses it)", Tone::Text),
            (Weight::Passes, true) => (("✓ ", "+ "), "", Tone::Dim),
            (Weight::Passes, false) => (("✗ ", "x "), "", Tone::Dim),
        };
        lines.marked(2, mark, &format!("{}: {}{came}", step.layer, step.text), tone);
    }
    if answer.turns.is_empty() {
        return;
    }
    lines.text(if answer.allowed { "What you could do to end it:" } else { "What would change it:" }, Tone::Accent);
    for turn in &answer.turns {
        let text = sentence(&turn.text);
        if turn.yours {
            lines.marked(2, ("• ", "* "), &format!("{text} You can do this."), Tone::Text);
        } else {
            lines.marked(2, ("• ", "* "), &text, Tone::Dim);
        }
    }
}

impl Overlay for Why {
    fn key(&mut self, key: Key) -> Effects {
        match key.code {
            Code::Esc | Code::Enter | Code::Char('q' | 'w') => Effects::of(Effect::Close),
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
        self.lines.draw(canvas, &self.title, &[("Esc", "close")]);
    }

    fn hints(&self) -> Vec<(&'static str, &'static str)> {
        self.lines.hints(Vec::new(), ("Esc", "close"))
    }
}
