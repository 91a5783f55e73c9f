//! A word about what just happened. It takes no keys and goes away by itself.

use std::time::Duration;

use super::theme::Tone;
use crate::service::draft::Saved;
use crate::service::undo::TakesBack;

/// A word about what just happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Toast {
    /// The word.
    pub text: String,
    /// How it went.
    pub tone: Tone,
}

impl Toast {
    /// It went well.
    pub fn good(text: impl Into<String>) -> Self {
        Self { text: text.into(), tone: Tone::Good }
    }

    /// Look at this.
    pub fn warn(text: impl Into<String>) -> Self {
        Self { text: text.into(), tone: Tone::Warn }
    }

    /// It went wrong.
    pub fn bad(text: impl Into<String>) -> Self {
        Self { text: text.into(), tone: Tone::Bad }
    }

    /// A change of one's own was made: how many other sessions took it, and whether undo takes it
    /// back.
    pub fn saved(text: &str, saved: &Saved) -> Self {
        Self::good(format!("{text}{}", saved.took())).undone_by(saved.takes_back)
    }

    /// The same with what the key that undoes does to it, if anything.
    #[must_use]
    pub fn undone_by(self, takes_back: TakesBack) -> Self {
        let words = match takes_back {
            TakesBack::Whole => " u takes it back.",
            TakesBack::Part => " u takes a part of it back.",
            TakesBack::Nothing => "",
        };
        Self { text: self.text + words, ..self }
    }

    /// How long it stays: long enough to read, longer where it went wrong.
    #[must_use]
    pub fn stays(&self) -> Duration {
        let reading = Duration::from_millis(40 * self.text.chars().count() as u64);
        let least = if self.tone == Tone::Good { 3 } else { 6 };
        Duration::from_secs(least) + reading
    }

    /// The mark before it, so that it isn't told by colour alone.
    #[must_use]
    pub fn mark(&self) -> (&'static str, &'static str) {
        match self.tone {
            Tone::Good => ("✓ ", "ok "),
            Tone::Bad => ("✗ ", "!! "),
            _ => ("! ", "! "),
        }
    }
}
