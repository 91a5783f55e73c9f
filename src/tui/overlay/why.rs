//! Why something is as it is (B2): each decision with its layers, the deciding one marked, and what
//! would turn it.

use super::Overlay;
use super::lines::Lines;
use crate::service::why::{Answer, Why as Explained};
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

/// A layer that was told already is told again only where it decided.
fn explain<'a>(answer: &'a Answer, told: &mut Vec<&'a str>, lines: &mut Lines) {
    let (mark, tone) = if answer.allowed { (("✓ ", "+ "), Tone::Good) } else { (("✗ ", "x "), Tone::Bad) };
    lines.marked(0, mark, &answer.headline, tone);
    for step in &answer.steps {
        if told.contains(&step.text.as_str()) && !step.deciding {
            continue;
        }
        told.push(&step.text);
        let mark = match (step.deciding, step.allows) {
            (true, _) => ("▸ ", "> "),
            (false, true) => ("✓ ", "+ "),
            (false, false) => ("✗ ", "x "),
        };
        let text = format!("{}: {}", step.layer, step.text);
        let text = if step.deciding { format!("{text} (this decides)") } else { text };
        lines.marked(2, mark, &text, if step.deciding { Tone::Title } else { Tone::Dim });
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
