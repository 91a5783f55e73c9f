//! What a change would mean, before it is made (B1): a sentence, then person by person what they
//! gain and lose. Enter makes it, or `y` where it can't be taken back; Esc goes back to it.

use std::collections::HashMap;

use super::lines::Lines;
use super::{Answer, Given, Overlay};
use crate::service::impact::{Impact, PersonChange};
use crate::tui::effect::{Effect, Effects};
use crate::tui::event::{Code, Key, Size};
use crate::tui::theme::Tone;
use crate::tui::widget::Canvas;

/// The key that makes the change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Yes {
    Enter,
    Y,
    Save,
}

/// The review of a change.
#[derive(Debug)]
pub struct Review {
    tag: &'static str,
    title: String,
    verb: String,
    yes: Yes,
    /// What is it where it comes after other keys?
    late: Yes,
    lines: Lines,
}

impl Review {
    /// A review; `verb` is the word for what Enter does, such as `save`. What its reader could not take
    /// back is a grave one.
    #[must_use]
    pub fn new(tag: &'static str, title: &str, impact: &Impact, verb: &str) -> Self {
        let (title, verb) = (title.to_owned(), verb.to_owned());
        let yes = if impact.parting.words().is_empty() { Yes::Enter } else { Yes::Y };
        Self { tag, title, verb, yes, late: Yes::Y, lines: lines(impact) }
    }

    /// The same for what somebody might not expect: Enter alone doesn't do it, `y` does.
    #[must_use]
    pub fn grave(self) -> Self {
        Self { yes: Yes::Y, ..self }
    }

    /// The same on a screen on which `y` sets something: where it comes after such keys, neither that
    /// nor Enter does it, but the key that saves.
    #[must_use]
    pub fn where_y_sets(self) -> Self {
        Self { late: Yes::Save, ..self }
    }

    /// With something to heed before everything else.
    #[must_use]
    pub fn warning(mut self, texts: &[String]) -> Self {
        let mut said = Lines::default();
        for text in texts {
            said.marked(0, ("! ", "! "), text, Tone::Warn);
            said.gap();
        }
        self.lines.before(said);
        self
    }

    /// With a sentence before everything else, and what belongs to it below, each with a mark.
    #[must_use]
    pub fn listing(mut self, text: &str, items: &[String]) -> Self {
        let mut said = Lines::default();
        said.text(text, Tone::Text);
        for item in items {
            said.marked(2, ("• ", "* "), item, Tone::Text);
        }
        said.gap();
        self.lines.before(said);
        self
    }

    /// With a sentence before everything else: what is going to happen.
    #[must_use]
    pub fn saying(mut self, text: &str) -> Self {
        let mut said = Lines::default();
        said.text(text, Tone::Text);
        said.gap();
        self.lines.before(said);
        self
    }
}

impl Review {
    fn yes(&self) -> &'static str {
        match self.yes {
            Yes::Enter => "Enter",
            Yes::Y => "y",
            Yes::Save => "Ctrl-S",
        }
    }

    fn go(&self) -> Effects {
        Effects::of(Effect::Close).and(Effect::Answer(Answer::new(self.tag, Given::Yes)))
    }
}

fn lines(impact: &Impact) -> Lines {
    let mut lines = Lines::default();
    for words in impact.parting.words() {
        lines.marked(0, ("! ", "! "), &words, Tone::Warn);
        lines.gap();
    }
    lines.text(&impact.headline(), Tone::Title);
    if let Some(note) = impact.counted.note().filter(|_| !impact.is_nothing()) {
        lines.text(note, Tone::Dim);
    }
    for line in &impact.reporting {
        lines.text(line, Tone::Dim);
    }
    for people in alike(&impact.people) {
        let Some(first) = people.first() else { continue };
        lines.gap();
        lines.text(&names(&people), Tone::Text);
        for gain in &first.gains {
            lines.marked(2, ("+ ", "+ "), gain, Tone::Good);
        }
        for loss in &first.losses {
            lines.marked(2, ("− ", "- "), loss, Tone::Bad);
        }
    }
    lines
}

/// People for whom the same changes stand together, in the order of the first of them.
fn alike(people: &[PersonChange]) -> Vec<Vec<&PersonChange>> {
    let mut groups: Vec<Vec<&PersonChange>> = Vec::new();
    let mut known: HashMap<(&[String], &[String]), usize> = HashMap::new();
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
    let name = |person: &&PersonChange| if person.name.is_empty() { person.email.clone() } else { person.name.clone() };
    let names: Vec<String> = people.iter().map(name).collect();
    match names.as_slice() {
        [one] => one.clone(),
        many => format!("{} people: {}", many.len(), many.join(", ")),
    }
}

impl Overlay for Review {
    fn key(&mut self, key: Key) -> Effects {
        match (key.code, key.ctrl) {
            (Code::Enter, _) if self.yes == Yes::Enter => self.go(),
            (Code::Char('s'), true) if self.yes != Yes::Y => self.go(),
            (Code::Char('y' | 'Y'), false) if self.yes == Yes::Y => self.go(),
            (Code::Esc | Code::Char('q' | 'n'), _) => Effects::of(Effect::Close),
            _ => {
                self.lines.key(key);
                Effects::none()
            }
        }
    }

    fn sized(&mut self, size: Size) {
        self.lines.sized(size);
    }

    fn beware(&mut self) {
        if self.yes == Yes::Enter {
            self.yes = self.late;
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>) {
        self.lines.draw(canvas, &self.title, &[(self.yes(), &self.verb), ("Esc", "back")]);
    }

    fn hints(&self) -> Vec<(&'static str, &'static str)> {
        self.lines.hints(vec![(self.yes(), "yes")], ("Esc", "back"))
    }
}
