//! A line for the name of a file, with what there is that goes on from what is typed. A folder may be
//! slow to answer, on another machine say: it is asked beside the console, and no key waits for it.

use ratatui::layout::Rect;

use super::{Answer, Given, Overlay};
use crate::service::files;
use crate::tui::effect::{Effect, Effects};
use crate::tui::event::{Code, Key};
use crate::tui::job::{Ended, Job, Reply, Slot};
use crate::tui::theme::Tone;
use crate::tui::widget::canvas::centred;
use crate::tui::widget::{Canvas, Input};

/// So many names are shown.
const ROWS: usize = 8;
/// So many are looked at.
const MOST: usize = 1000;

/// The line.
#[derive(Debug)]
pub struct PathLine {
    tag: &'static str,
    title: String,
    note: String,
    typed: Input,
    /// What is wrong with what was typed before, until it is typed over.
    wrong: Option<String>,
    found: Vec<String>,
    /// Which of the names would be taken.
    at: Option<usize>,
    looking: Slot<Vec<String>>,
    /// What the names are looked for that are under way.
    asked: String,
    /// They are to be completed as soon as they are there.
    completing: bool,
}

impl PathLine {
    /// A line with a word above it, filled to begin with.
    #[must_use]
    pub fn new(tag: &'static str, title: &str, note: &str, path: &str) -> Self {
        let mut typed = Input::new();
        typed.set(path);
        let (title, note) = (title.to_owned(), note.to_owned());
        let (looking, asked) = (Slot::default(), String::new());
        Self { tag, title, note, typed, wrong: None, found: Vec::new(), at: None, looking, asked, completing: false }
    }

    /// The same, asked again because of what is wrong with the name that it is filled with.
    #[must_use]
    pub fn refused(self, why: &str) -> Self {
        Self { wrong: Some(why.to_owned()), ..self }
    }

    /// What is typed is another text now.
    fn changed(&mut self) -> Effects {
        let typed = self.typed.text();
        self.found.retain(|name| name.starts_with(typed));
        (self.wrong, self.at, self.completing) = (None, None, false);
        self.look().map(Effects::run).unwrap_or_default()
    }

    /// Looks for the names that go on from what is typed. A folder that hasn't answered yet isn't asked
    /// once more for each letter.
    fn look(&mut self) -> Option<Job> {
        let typed = self.typed.text();
        if self.looking.is_waiting() && folder(typed) == folder(&self.asked) {
            return None;
        }
        typed.clone_into(&mut self.asked);
        let asked = self.asked.clone();
        Some(self.looking.start(move |cancel| files::beginning_with(&asked, MOST, cancel.flag())).behind())
    }

    fn complete(&mut self) -> Effects {
        if self.at.is_none() && self.looking.is_waiting() {
            self.completing = true;
            return Effects::none();
        }
        self.take()
    }

    /// Takes the chosen name, or as much as all of them begin with.
    fn take(&mut self) -> Effects {
        let taken = match self.at.and_then(|at| self.found.get(at)) {
            Some(name) => name.clone(),
            None => common(&self.found),
        };
        if taken.chars().count() > self.typed.text().chars().count() || self.at.is_some() {
            self.typed.set(&taken);
        }
        self.changed()
    }

    fn go(&mut self, down: bool) {
        let last = self.found.len().checked_sub(1);
        self.at = match (self.at, down) {
            (None, true) => last.map(|_| 0),
            (Some(at), true) => last.map(|last| (at + 1).min(last)),
            (Some(0) | None, false) => None,
            (Some(at), false) => Some(at - 1),
        };
    }
}

/// The folder in which names go on from a text.
fn folder(typed: &str) -> &str {
    typed.rfind('/').and_then(|place| typed.get(..=place)).unwrap_or_default()
}

/// What all of the names begin with.
fn common(names: &[String]) -> String {
    let Some((first, rest)) = names.split_first() else { return String::new() };
    let mut shared: Vec<char> = first.chars().collect();
    for name in rest {
        let same = shared.iter().zip(name.chars()).take_while(|(a, b)| **a == *b).count();
        shared.truncate(same);
    }
    shared.into_iter().collect()
}

impl Overlay for PathLine {
    fn key(&mut self, key: Key) -> Effects {
        match key.code {
            Code::Esc => return Effects::of(Effect::Close),
            Code::Tab => return self.complete(),
            Code::Down => self.go(true),
            Code::Up | Code::BackTab => self.go(false),
            Code::Enter if self.at.is_some() => return self.complete(),
            Code::Enter if self.typed.text().trim().is_empty() => {}
            Code::Enter => {
                let path = self.typed.text().trim().to_owned();
                let answer = Answer::new(self.tag, Given::Chosen(vec![path]));
                return Effects::of(Effect::Close).and(Effect::Answer(answer));
            }
            _ => {
                if self.typed.key(key) {
                    return self.changed();
                }
            }
        }
        Effects::none()
    }

    fn paste(&mut self, text: &str) -> Effects {
        self.typed.paste(text);
        self.changed()
    }

    fn start(&mut self) -> Option<Job> {
        self.look()
    }

    fn reply(&mut self, reply: &mut Reply) -> Option<Effects> {
        let found = match self.looking.take(reply)? {
            Ended::With(found) => found,
            Ended::Broken => Vec::new(),
        };
        if self.asked != self.typed.text() {
            return Some(self.look().map(Effects::run).unwrap_or_default());
        }
        let chosen = self.at.and_then(|at| self.found.get(at));
        self.at = chosen.and_then(|chosen| found.iter().position(|name| name == chosen));
        self.found = found;
        Some(if std::mem::take(&mut self.completing) { self.take() } else { Effects::none() })
    }

    fn draw(&self, canvas: &mut Canvas<'_>) {
        let columns = 76.min(canvas.area().width.saturating_sub(2));
        let height = u16::try_from(ROWS).unwrap_or(8) + 6;
        let inner = canvas.window(centred(canvas.area(), columns, height), &self.title);
        let used = canvas.paragraph(Rect { height: 2, ..inner }, &self.note, Tone::Dim);
        let y = inner.y + used + 1;
        self.typed.draw(canvas, inner.x, y, inner.width, self.at.is_none());
        let below = Rect { y: y + 1, height: inner.bottom().saturating_sub(y + 1), ..inner };
        let y = y + self.wrong.as_ref().map_or(0, |why| canvas.paragraph(below, why, Tone::Bad));
        let top = (self.at.unwrap_or(0) + 1).saturating_sub(ROWS);
        for (row, (place, name)) in (y + 1..inner.bottom()).zip(self.found.iter().enumerate().skip(top).take(ROWS)) {
            let here = self.at == Some(place);
            let tone = if here { Tone::Selected } else { Tone::Dim };
            if here {
                canvas.fill(Rect { x: inner.x, y: row, width: inner.width, height: 1 }, tone);
            }
            let mark = canvas.theme().glyph(if here { "▌" } else { " " }, if here { ">" } else { " " });
            canvas.text(inner.x, row, 1, mark, tone);
            canvas.text(inner.x + 2, row, inner.width.saturating_sub(2), name, tone);
        }
    }

    fn hints(&self) -> Vec<(&'static str, &'static str)> {
        vec![("Enter", "take it"), ("Tab", "complete"), ("Up Down", "choose"), ("Esc", "leave")]
    }
}
