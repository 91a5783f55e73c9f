//! One field of a form: what it is called, what is in it, what is wrong with it.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::options::Options;
use crate::tui::theme::Tone;
use crate::tui::widget::choice::Choice;
use crate::tui::widget::input::Input;

/// A field's name in code: fixed, or made from what the field stands for.
pub type FieldKey = Cow<'static, str>;

/// One field of a form.
#[derive(Debug, Clone)]
pub struct Field {
    /// Its name in code.
    pub key: FieldKey,
    /// Its name on screen.
    pub label: String,
    /// A word of help.
    pub hint: String,
    /// The heading that stands above it, if a group of fields begins with it.
    pub section: Option<String>,
    /// What is typed or chosen.
    pub input: Entry,
    /// Why it can be read and not changed, if so.
    pub locked: Option<String>,
    /// What is wrong with it.
    pub error: Option<String>,
    /// What was in it to begin with.
    pub(super) original: String,
    /// What somebody else has put there since, where something else is typed here.
    pub(super) theirs: Option<Box<Field>>,
}

/// How a field is filled.
#[derive(Debug, Clone)]
pub enum Entry {
    /// By typing.
    Line(Input),
    /// By choosing one or several of what is offered.
    Options(Options),
}

impl Field {
    fn of(key: FieldKey, label: &str, input: Entry) -> Self {
        let mut field = Self {
            key,
            label: label.to_owned(),
            hint: String::new(),
            section: None,
            input,
            locked: None,
            error: None,
            original: String::new(),
            theirs: None,
        };
        field.original = field.value();
        field
    }

    /// A field to type in.
    #[must_use]
    pub fn line(key: impl Into<FieldKey>, label: &str) -> Self {
        Self::of(key.into(), label, Entry::Line(Input::new()))
    }

    /// A field for a password.
    #[must_use]
    pub fn secret(key: impl Into<FieldKey>, label: &str) -> Self {
        Self::of(key.into(), label, Entry::Line(Input::secret()))
    }

    /// A field of which one is chosen; nothing is, where `current` isn't among them.
    #[must_use]
    pub fn choice(key: impl Into<FieldKey>, label: &str, choices: Vec<Choice>, current: &str) -> Self {
        Self::of(key.into(), label, Entry::Options(Options::one(choices, current)))
    }

    /// A field of which several are chosen.
    #[must_use]
    pub fn several(key: impl Into<FieldKey>, label: &str, choices: Vec<Choice>, chosen: &BTreeSet<String>) -> Self {
        Self::of(key.into(), label, Entry::Options(Options::several(choices, chosen)))
    }

    /// A field that is yes or no; its value is `yes` or `no`.
    #[must_use]
    pub fn yes_no(key: impl Into<FieldKey>, label: &str, yes: bool) -> Self {
        let choices = vec![Choice::new("yes", "Yes", ""), Choice::new("no", "No", "")];
        Self::choice(key, label, choices, if yes { "yes" } else { "no" })
    }

    /// The same with a word of help.
    #[must_use]
    pub fn hint(self, hint: &str) -> Self {
        Self { hint: hint.to_owned(), ..self }
    }

    /// The same, filled.
    #[must_use]
    pub fn filled(mut self, text: &str) -> Self {
        if let Entry::Line(line) = &mut self.input {
            line.set(text);
        }
        self.original = self.value();
        self
    }

    /// The same under a heading.
    #[must_use]
    pub fn under(self, section: &str) -> Self {
        Self { section: Some(section.to_owned()), ..self }
    }

    /// The same, to be read only, and why.
    #[must_use]
    pub fn locked(self, why: &str) -> Self {
        Self { locked: Some(why.to_owned()), ..self }
    }

    /// What is typed, or the key of the one that is chosen.
    #[must_use]
    pub fn text(&self) -> &str {
        match &self.input {
            Entry::Line(line) => line.text(),
            Entry::Options(options) => options.current().map_or("", |choice| choice.key.as_str()),
        }
    }

    /// What is in it as one text: the keys of several stand in lines.
    #[must_use]
    pub fn value(&self) -> String {
        match &self.input {
            Entry::Line(line) => line.text().to_owned(),
            Entry::Options(options) => options.chosen().collect::<Vec<_>>().join("\n"),
        }
    }

    /// What is in it as it is shown.
    #[must_use]
    pub fn shown(&self) -> Cow<'_, str> {
        match &self.input {
            Entry::Line(line) => Cow::Borrowed(line.text()),
            Entry::Options(options) => Cow::Owned(options.shown()),
        }
    }

    /// Is it for a password?
    #[must_use]
    pub fn is_secret(&self) -> bool {
        matches!(&self.input, Entry::Line(line) if line.is_secret())
    }

    /// Is there something else in it than to begin with?
    #[must_use]
    pub fn is_changed(&self) -> bool {
        self.locked.is_none() && self.value() != self.original
    }

    /// What is in it, to be read and not changed, and why: without a heading, and without what others
    /// made of it.
    pub(super) fn only_read(self, why: &str) -> Self {
        Self { section: None, error: None, theirs: None, locked: Some(why.to_owned()), ..self }
    }

    /// Puts into it what is in another.
    pub(super) fn take(&mut self, other: &Self) {
        match (&mut self.input, &other.input) {
            (Entry::Line(mine), Entry::Line(theirs)) => *mine = theirs.clone(),
            (Entry::Options(mine), Entry::Options(theirs)) => {
                mine.choose(&theirs.chosen().map(str::to_owned).collect());
            }
            _ => {}
        }
    }

    /// The line to be shown with it while it has the keys: what is wrong, what somebody else did,
    /// why it is locked, what the chosen one means, a word of help.
    pub(super) fn note(&self) -> Option<(Cow<'_, str>, Tone)> {
        if let Some(error) = &self.error {
            return Some((format!("! {error}").into(), Tone::Bad));
        }
        self.help()
    }

    /// The same without what is wrong, where that stands under the field already.
    pub(super) fn help(&self) -> Option<(Cow<'_, str>, Tone)> {
        if let Some(theirs) = &self.theirs {
            let theirs = theirs.shown();
            let theirs = if theirs.is_empty() { "nothing" } else { &theirs };
            let words = format!("Meanwhile somebody else put “{theirs}” here. Saving puts yours; Ctrl-R takes theirs.");
            return Some((words.into(), Tone::Warn));
        }
        if let Some(why) = &self.locked {
            return Some((why.into(), Tone::Dim));
        }
        let about = match &self.input {
            Entry::Options(options) => options.note(),
            Entry::Line(_) => "",
        };
        let words = if about.is_empty() { self.hint.as_str() } else { about };
        (!words.is_empty()).then_some((words.into(), Tone::Dim))
    }
}
