//! One thing to choose, in a picker or in a field of a form.

/// A thing to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Its name in code.
    pub key: String,
    /// Its name on screen.
    pub label: String,
    /// A word more, at the right.
    pub detail: String,
    /// A line about it, shown while it is the chosen one (000-28).
    pub note: String,
}

impl Choice {
    /// A thing to choose.
    pub fn new(key: impl Into<String>, label: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { key: key.into(), label: label.into(), detail: detail.into(), note: String::new() }
    }

    /// Has its name a space where what is typed of it ends? Then a space is typed; anywhere else it
    /// can mean that this is chosen.
    #[must_use]
    pub fn goes_on_with_space(&self, typed: &str) -> bool {
        let typed = crate::model::text::fold(typed);
        !typed.trim().is_empty() && crate::model::text::fold(&self.label).contains(&format!("{typed} "))
    }

    /// The same with a line about it.
    #[must_use]
    pub fn note(self, note: impl Into<String>) -> Self {
        Self { note: note.into(), ..self }
    }
}
