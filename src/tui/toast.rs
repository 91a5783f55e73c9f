//! A word about what just happened. It takes no keys and goes away by itself.

use std::time::Duration;

use super::theme::Tone;

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

    /// The same of a change of one's own that the key for it takes back.
    #[must_use]
    pub fn undoable(self) -> Self {
        Self { text: format!("{} u takes it back.", self.text), ..self }
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
