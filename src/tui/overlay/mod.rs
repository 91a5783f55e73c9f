//! What lies over a screen: palette, help, pickers, questions, forms. They are a stack; the top
//! one has the keys, and Esc always takes one away.

mod arrange;
mod confirm;
mod fill;
mod help;
mod lines;
mod note;
mod palette;
mod path;
mod picker;
mod review;
mod why;

pub use arrange::Arrange;
pub use confirm::Confirm;
pub use fill::Fill;
pub use help::Help;
pub use note::Note;
pub use palette::Palette;
pub use path::PathLine;
pub use picker::Picker;
pub use review::Review;
pub use why::Why;

pub use super::widget::Choice;

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use super::effect::{Effect, Effects};
use super::event::{Code, Key, Size};
use super::job::{Job, Reply};
use super::widget::{Canvas, FieldKey};

/// What a question is about. It lies in the question, and comes back with the answer: what is
/// answered is then what was asked, whatever happened meanwhile.
#[derive(Clone, Default)]
pub struct About(Option<Arc<dyn Any + Send + Sync>>);

impl About {
    /// About this.
    #[must_use]
    pub fn this(what: impl Any + Send + Sync) -> Self {
        Self(Some(Arc::new(what)))
    }
}

impl fmt::Debug for About {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "About({})", self.0.is_some())
    }
}

/// What a person answered to an overlay.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The name that whoever opened it gave it.
    pub tag: &'static str,
    /// The answer.
    pub value: Given,
    about: About,
}

impl Answer {
    /// An answer; to which question is added where it was given.
    #[must_use]
    pub fn new(tag: &'static str, value: Given) -> Self {
        Self { tag, value, about: About::default() }
    }

    /// The same, to a question about this.
    #[must_use]
    pub(super) fn to(self, about: &About) -> Self {
        Self { about: about.clone(), ..self }
    }

    /// What the question was about.
    #[must_use]
    pub fn about<T: Any>(&self) -> Option<&T> {
        self.about.0.as_ref()?.downcast_ref()
    }
}

/// The kinds of answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Given {
    /// Yes.
    Yes,
    /// The keys of what was chosen, in the order of the list.
    Chosen(Vec<String>),
    /// A form's fields.
    Filled(Vec<(FieldKey, String)>),
}

/// Something over a screen.
pub trait Overlay: Send {
    /// Takes a key.
    fn key(&mut self, key: Key) -> Effects;

    /// Hears that it is on top; the answer is work for beside the console that it begins with.
    fn start(&mut self) -> Option<Job> {
        None
    }

    /// Takes what came back, if it is what this waits for.
    fn reply(&mut self, _reply: &mut Reply) -> Option<Effects> {
        None
    }

    /// Takes one of the keys that lead out everywhere.
    fn way_out(&mut self, _key: Key) -> Effects {
        Effects::of(Effect::Close)
    }

    /// Hears how large the console is: when it is opened, and when that changes.
    fn sized(&mut self, _size: Size) {}

    /// Takes pasted text.
    fn paste(&mut self, _text: &str) -> Effects {
        Effects::none()
    }

    /// Hears that it comes after keys that were meant for the screen: one of them is no answer to it.
    fn beware(&mut self) {}

    /// Hears what is wrong with what was filled in.
    fn complain(&mut self, _errors: &[(FieldKey, String)]) {}

    /// Does it stay where its reader's rights change? One in which nothing is typed is closed: it may
    /// show what may no longer be seen.
    fn stays(&self) -> bool {
        false
    }

    /// Can't it be asked for again? Then it waits where it comes too late, instead of going.
    fn is_shown_once(&self) -> bool {
        false
    }

    /// Draws itself over the canvas.
    fn draw(&self, canvas: &mut Canvas<'_>);

    /// The keys that work here, for the foot.
    fn hints(&self) -> Vec<(&'static str, &'static str)>;
}

/// The commands of a list in an overlay, where letters are text.
fn list_step(key: Key) -> Option<super::command::Id> {
    use super::moves as go;
    match (key.code, key.ctrl) {
        (Code::Up, _) | (Code::Char('p' | 'k'), true) => Some(go::UP),
        (Code::Down, _) | (Code::Char('n' | 'j'), true) => Some(go::DOWN),
        (Code::PageUp, _) => Some(go::PAGE_UP),
        (Code::PageDown, _) => Some(go::PAGE_DOWN),
        _ => None,
    }
}
