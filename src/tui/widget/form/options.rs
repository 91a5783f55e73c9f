//! The things that a field offers: gone through with the arrows, or opened as a list that typing
//! narrows.

use std::collections::BTreeSet;

use crate::tui::event::{Code, Key};
use crate::tui::fuzzy::Fuzzy;
use crate::tui::widget::choice::{Choice, takes_space};

/// So many of the things are in view at once.
pub(super) const IN_VIEW: usize = 6;

/// What a key did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OptionsStep {
    /// It was taken.
    Used,
    /// It was taken, and the field is done.
    Done,
    /// It isn't the field's.
    Unused,
}

/// What is offered and what is chosen.
#[derive(Debug, Clone, Default)]
pub struct Options {
    choices: Vec<Choice>,
    /// Of one to choose, that one.
    at: Option<usize>,
    /// Of several to choose, those.
    several: Option<BTreeSet<usize>>,
    open: bool,
    typed: String,
    found: Vec<usize>,
    hit: usize,
}

impl Options {
    /// Of which one is chosen: this one, or nothing yet.
    #[must_use]
    pub fn one(choices: Vec<Choice>, current: &str) -> Self {
        let at = choices.iter().position(|choice| choice.key == current);
        Self { choices, at, ..Self::default() }
    }

    /// Of which several are chosen: these to begin with.
    #[must_use]
    pub fn several(choices: Vec<Choice>, chosen: &BTreeSet<String>) -> Self {
        let several = (0..choices.len()).filter(|at| choices.get(*at).is_some_and(|c| chosen.contains(&c.key)));
        let several = Some(several.collect());
        Self { choices, several, ..Self::default() }
    }

    /// The keys of what is chosen.
    pub fn chosen(&self) -> impl Iterator<Item = &str> {
        let one = self.at.into_iter();
        let several = self.several.iter().flatten().copied();
        one.chain(several).filter_map(|at| self.choices.get(at)).map(|choice| choice.key.as_str())
    }

    /// The chosen one of one.
    #[must_use]
    pub fn current(&self) -> Option<&Choice> {
        self.at.and_then(|at| self.choices.get(at))
    }

    /// What is chosen, as it is shown.
    #[must_use]
    pub fn shown(&self) -> String {
        match &self.several {
            None => self.current().map(|choice| choice.label.clone()).unwrap_or_default(),
            Some(several) => {
                let labels: Vec<&str> =
                    several.iter().filter_map(|at| self.choices.get(*at)).map(|c| c.label.as_str()).collect();
                labels.join(", ")
            }
        }
    }

    /// Can several be chosen?
    #[must_use]
    pub fn is_several(&self) -> bool {
        self.several.is_some()
    }

    /// Is the list open?
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.open
    }

    /// What the list is narrowed by.
    pub(super) fn typed(&self) -> &str {
        &self.typed
    }

    /// Chooses what was chosen in another; what isn't offered any more is dropped.
    pub(super) fn choose(&mut self, keys: &BTreeSet<String>) {
        let at = |choice: &Choice| keys.contains(&choice.key);
        match &mut self.several {
            None => self.at = self.choices.iter().position(at),
            Some(several) => {
                *several = self.choices.iter().enumerate().filter(|(_, c)| at(c)).map(|(index, _)| index).collect();
            }
        }
    }

    /// The part of the list that is in view: each thing, whether it is chosen, whether the next key
    /// concerns it.
    pub(super) fn in_view(&self) -> impl Iterator<Item = (&Choice, bool, bool)> {
        let top = self.hit.saturating_sub(IN_VIEW - 1);
        self.found.iter().enumerate().skip(top).take(IN_VIEW).filter_map(move |(place, at)| {
            let chosen = self.at == Some(*at) || self.several.as_ref().is_some_and(|several| several.contains(at));
            self.choices.get(*at).map(|choice| (choice, chosen, place == self.hit))
        })
    }

    /// The line about what is chosen, or about what would be.
    pub(super) fn note(&self) -> &str {
        let hit = self.found.get(self.hit).filter(|_| self.open).copied();
        hit.or(self.at).and_then(|at| self.choices.get(at)).map_or("", |choice| choice.note.as_str())
    }

    /// How many rows the open list takes.
    pub(super) fn rows(&self) -> usize {
        if self.open { self.found.len().clamp(1, IN_VIEW) } else { 0 }
    }

    /// Closes the list and forgets what was typed.
    pub(super) fn close(&mut self) {
        self.open = false;
        self.typed.clear();
    }

    fn narrow(&mut self) {
        let labels = self.choices.iter().map(Choice::found_by);
        self.found = Fuzzy::new(&self.typed).ranked(labels);
        self.hit = 0;
    }

    fn open(&mut self) {
        self.open = true;
        self.narrow();
        self.hit = self.at.and_then(|at| self.found.iter().position(|found| *found == at)).unwrap_or(0);
    }

    /// Takes pasted text: it narrows the list.
    pub(super) fn paste(&mut self, text: &str) {
        if !self.open {
            self.open();
        }
        self.typed.extend(text.chars().filter(|c| !c.is_control()).take(80));
        self.narrow();
    }

    /// Takes a key.
    pub(super) fn key(&mut self, key: Key) -> OptionsStep {
        if self.open { self.key_open(key) } else { self.key_closed(key) }
    }

    fn key_closed(&mut self, key: Key) -> OptionsStep {
        let count = self.choices.len();
        match (key.code, key.text()) {
            (Code::Right | Code::Left, _) if self.several.is_none() && count > 0 => {
                let step = if key.code == Code::Right { 1 } else { count - 1 };
                self.at =
                    Some(self.at.map_or(if key.code == Code::Right { 0 } else { count - 1 }, |at| (at + step) % count));
            }
            (Code::Char(' '), _) => self.open(),
            (_, Some(letter)) => {
                self.open();
                self.typed.push(letter);
                self.narrow();
            }
            (Code::Backspace | Code::Delete, _) if self.several.is_some() => {
                if let Some(several) = &mut self.several {
                    several.pop_last();
                }
            }
            _ => return OptionsStep::Unused,
        }
        OptionsStep::Used
    }

    fn key_open(&mut self, key: Key) -> OptionsStep {
        let last = self.found.len().saturating_sub(1);
        match (key.code, key.text()) {
            (Code::Esc, _) => self.close(),
            (Code::Up, _) => self.hit = self.hit.saturating_sub(1),
            (Code::Down, _) => self.hit = (self.hit + 1).min(last),
            (Code::PageUp, _) => self.hit = self.hit.saturating_sub(IN_VIEW),
            (Code::PageDown, _) => self.hit = (self.hit + IN_VIEW).min(last),
            (Code::Enter | Code::Tab, _) => {
                if self.several.is_none() {
                    self.at = self.found.get(self.hit).copied().or(self.at);
                }
                self.close();
                return OptionsStep::Done;
            }
            (Code::Char(' '), _) if self.several.is_some() && (key.ctrl || !self.takes_space()) => self.toggle(),
            (Code::Backspace, _) => {
                self.typed.pop();
                self.narrow();
            }
            (_, Some(letter)) => {
                self.typed.push(letter);
                self.narrow();
            }
            _ => {}
        }
        OptionsStep::Used
    }

    /// Does a space tell the thing that the next key concerns from another that is found?
    pub(super) fn takes_space(&self) -> bool {
        let of = |at: &usize| self.choices.get(*at);
        takes_space(&self.typed, self.found.get(self.hit).and_then(of), self.found.iter().filter_map(of))
    }

    fn toggle(&mut self) {
        if let (Some(at), Some(several)) = (self.found.get(self.hit), &mut self.several) {
            if !several.remove(at) {
                several.insert(*at);
            }
            self.hit = (self.hit + 1).min(self.found.len().saturating_sub(1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offered() -> Vec<Choice> {
        ["Sales", "Marketing", "Support"].map(|name| Choice::new(name.to_lowercase(), name, "")).to_vec()
    }

    fn press(options: &mut Options, keys: &str) {
        for character in keys.chars() {
            let code = if character == '\n' { Key::plain(Code::Enter) } else { Key::char(character) };
            options.key(code);
        }
    }

    #[test]
    fn one_is_chosen_by_arrows_or_by_typing() {
        let mut options = Options::one(offered(), "sales");
        options.key(Key::plain(Code::Right));
        assert_eq!(options.shown(), "Marketing");
        press(&mut options, "supp\n");
        assert_eq!(options.chosen().collect::<Vec<_>>(), ["support"]);
        press(&mut options, "zzz\n");
        assert_eq!(options.shown(), "Support");
        assert!(!options.is_open());
    }

    #[test]
    fn several_are_chosen_with_space_and_keep_their_order() {
        let mut options = Options::several(offered(), &BTreeSet::new());
        press(&mut options, " ");
        press(&mut options, "supp \n");
        press(&mut options, "sal \n");
        assert_eq!(options.shown(), "Sales, Support");
        options.key(Key::plain(Code::Backspace));
        assert_eq!(options.shown(), "Sales");
        options.choose(&BTreeSet::from(["marketing".to_owned(), "gone".to_owned()]));
        assert_eq!(options.shown(), "Marketing");
    }
}
