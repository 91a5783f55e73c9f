//! What a change would mean, before it is made (B1): a sentence, then person by person what they
//! gain and lose. Enter makes it, Esc goes back to it.

use ratatui::layout::Rect;

use super::{Answer, Given, Overlay};
use crate::service::impact::{Impact, PersonChange};
use crate::tui::effect::{Effect, Effects};
use crate::tui::event::{Code, Key};
use crate::tui::theme::Tone;
use crate::tui::widget::Canvas;
use crate::tui::widget::canvas::{centred, wrap};

const WIDTH: u16 = 76;

/// The review of a change.
#[derive(Debug)]
pub struct Review {
    tag: &'static str,
    title: String,
    verb: String,
    lines: Vec<Line>,
    top: usize,
}

#[derive(Debug)]
struct Line {
    indent: u16,
    mark: &'static str,
    text: String,
    tone: Tone,
}

impl Line {
    fn of(text: impl Into<String>, tone: Tone) -> Self {
        Self { indent: 0, mark: "", text: text.into(), tone }
    }
}

impl Review {
    /// A review; `verb` is the word for what Enter does, such as `save`.
    #[must_use]
    pub fn new(tag: &'static str, title: &str, impact: &Impact, verb: &str) -> Self {
        Self { tag, title: title.to_owned(), verb: verb.to_owned(), lines: lines(impact), top: 0 }
    }

    /// With a sentence before everything else: what is going to happen.
    #[must_use]
    pub fn saying(mut self, text: &str) -> Self {
        let said = wrap(text, WIDTH - 4).into_iter().map(|text| Line::of(text, Tone::Text));
        self.lines.splice(0..0, said.chain([Line::of("", Tone::Text)]));
        self
    }

    /// How many lines there is room for in a window over this whole.
    fn rows(&self, whole: Rect) -> u16 {
        u16::try_from(self.lines.len()).unwrap_or(u16::MAX).min(whole.height.saturating_sub(8)).max(1)
    }

    /// As far as it scrolls where the least room is that there can be.
    fn last(&self) -> usize {
        self.lines.len().saturating_sub(8)
    }
}

fn lines(impact: &Impact) -> Vec<Line> {
    let mut lines = vec![Line::of(impact.headline(), Tone::Title)];
    if let Some(note) = impact.counted.note().filter(|_| !impact.is_nothing()) {
        lines.push(Line::of(note, Tone::Dim));
    }
    for people in alike(&impact.people) {
        let Some(first) = people.first() else { continue };
        lines.push(Line::of("", Tone::Text));
        lines.extend(wrap(&names(&people), WIDTH - 4).into_iter().map(|text| Line::of(text, Tone::Text)));
        for (mark, tone, changes) in [("+ ", Tone::Good, &first.gains), ("- ", Tone::Bad, &first.losses)] {
            for change in changes {
                for (place, text) in wrap(change, WIDTH - 8).into_iter().enumerate() {
                    lines.push(Line { indent: 2, mark: if place == 0 { mark } else { "  " }, text, tone });
                }
            }
        }
    }
    lines
}

/// People for whom the same changes stand together, in the order of the first of them.
fn alike(people: &[PersonChange]) -> Vec<Vec<&PersonChange>> {
    let mut groups: Vec<Vec<&PersonChange>> = Vec::new();
    let mut known: std::collections::HashMap<(&[String], &[String]), usize> = std::collections::HashMap::new();
    for person in people {
        let place = *known.entry((&person.gains, &person.losses)).or_insert(groups.len());
        match groups.get_mut(place) {
            Some(group) => group.push(person),
            None => groups.push(vec![person]),
        }
    }
    groups
}

fn names(people: &[&PersonChange]) -> String {
    let names: Vec<&str> =
        people.iter().map(|person| if person.name.is_empty() { person.email.as_str() } else { &person.name }).collect();
    match names.as_slice() {
        [one] => (*one).to_owned(),
        many => format!("{} people: {}", many.len(), many.join(", ")),
    }
}

impl Overlay for Review {
    fn key(&mut self, key: Key) -> Effects {
        let last = self.last();
        self.top = match (key.code, key.ctrl) {
            (Code::Enter, _) | (Code::Char('s'), true) => {
                return Effects::of(Effect::Close).and(Effect::Answer(Answer { tag: self.tag, value: Given::Yes }));
            }
            (Code::Esc | Code::Char('q' | 'n'), _) => return Effects::of(Effect::Close),
            (Code::Up | Code::Char('k'), _) => self.top.saturating_sub(1),
            (Code::Down | Code::Char('j'), _) => (self.top + 1).min(last),
            (Code::PageUp, _) => self.top.saturating_sub(10),
            (Code::PageDown | Code::Char(' '), _) => (self.top + 10).min(last),
            (Code::Home | Code::Char('g'), _) => 0,
            (Code::End | Code::Char('G'), _) => last,
            _ => self.top,
        };
        Effects::none()
    }

    fn draw(&self, canvas: &mut Canvas<'_>) {
        let whole = canvas.area();
        let rows = self.rows(whole);
        let inner = canvas.window(centred(whole, WIDTH, rows + 4), &self.title);
        let area = Rect { height: rows, ..inner };
        let top = self.top.min(self.lines.len().saturating_sub(usize::from(rows)));
        for (y, line) in (area.y..area.bottom()).zip(self.lines.iter().skip(top)) {
            let x = canvas.text(area.x + line.indent, y, 2, line.mark, line.tone);
            canvas.text(x, y, area.right().saturating_sub(x + 1), &line.text, line.tone);
        }
        canvas.scrollbar(area, self.lines.len(), top);
        let y = inner.bottom().saturating_sub(1);
        let x = canvas.text(inner.x, y, inner.width, "Enter", Tone::Key);
        let x = canvas.text(x + 1, y, inner.width, &self.verb, Tone::Text);
        let x = canvas.text(x + 3, y, inner.width, "Esc", Tone::Key);
        canvas.text(x + 1, y, inner.width, "back", Tone::Text);
    }

    fn hints(&self) -> Vec<(&'static str, &'static str)> {
        vec![("Enter", "yes"), ("Up Down", "scroll"), ("Esc", "back")]
    }
}
