//! Finding by typing any part of a name. Where some name has what was typed in it, word by word, only
//! such names are found; letters are passed over only where that finds nothing.

use nucleo_matcher::pattern::{AtomKind, CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

/// What was typed, ready to be held against names.
pub struct Fuzzy {
    parts: Pattern,
    letters: Pattern,
    matcher: Matcher,
}

impl Fuzzy {
    /// A search for this text.
    #[must_use]
    pub fn new(typed: &str) -> Self {
        let pattern = |kind| Pattern::new(typed, CaseMatching::Ignore, Normalization::Smart, kind);
        Self {
            parts: pattern(AtomKind::Substring),
            letters: pattern(AtomKind::Fuzzy),
            matcher: Matcher::new(Config::DEFAULT),
        }
    }

    /// The positions of the names that match, the best first; equally good ones keep their order.
    #[must_use]
    pub fn ranked(self, names: impl Iterator<Item = impl AsRef<str>>) -> Vec<usize> {
        self.ranked_beside(names.map(|name| (name, "")))
    }

    /// The same of names, each with what is said beside it: where that alone has what was typed, it
    /// comes after all whose name has it.
    #[must_use]
    pub fn ranked_beside(mut self, names: impl Iterator<Item = (impl AsRef<str>, impl AsRef<str>)>) -> Vec<usize> {
        let (names, beside): (Vec<_>, Vec<_>) = names.unzip();
        let mut letters = Vec::new();
        let mut score =
            |pattern: &Pattern, text: &str| pattern.score(Utf32Str::new(text, &mut letters), &mut self.matcher);
        let mut found: Vec<(bool, u32, usize)> = Vec::new();
        for (index, (name, beside)) in names.iter().zip(&beside).enumerate() {
            if let Some(score) = score(&self.parts, name.as_ref()) {
                found.push((true, score, index));
            } else if !beside.as_ref().is_empty()
                && score(&self.parts, &format!("{} {}", name.as_ref(), beside.as_ref())).is_some()
            {
                // Where in a sentence it stands makes none the better.
                found.push((false, 0, index));
            }
        }
        if found.is_empty() {
            let scored = names.iter().enumerate();
            let scored = scored.filter_map(|(index, name)| Some((true, score(&self.letters, name.as_ref())?, index)));
            found = scored.collect();
        }
        found.sort_by(|a, b| (b.0, b.1).cmp(&(a.0, a.1)).then(a.2.cmp(&b.2)));
        found.into_iter().map(|(.., index)| index).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_passed_over_only_where_nothing_has_the_whole() {
        let people = ["Sam Smith", "Sofía Márquez", "Olivia Hart of the same", "Ana Samuelsson"];
        assert_eq!(Fuzzy::new("sam").ranked(people.iter()), [0, 2, 3]);
        assert_eq!(Fuzzy::new("sfa").ranked(people.iter()), [1]);
        assert_eq!(Fuzzy::new("marq sof").ranked(people.iter()), [1]);
        assert_eq!(Fuzzy::new("!sam").ranked(people.iter()), [] as [usize; 0]);
    }

    #[test]
    fn names_come_before_what_is_said_beside_them() {
        let commands = [("Change the look", "dark light theme"), ("Dark horses", ""), ("Sign out", "leave; no dark")];
        assert_eq!(Fuzzy::new("dark").ranked_beside(commands.into_iter()), [1, 0, 2]);
        assert_eq!(Fuzzy::new("look dark").ranked_beside(commands.into_iter()), [0]);
    }

    #[test]
    fn any_part_finds_and_nothing_finds_all() {
        let names = ["Go to Users", "Go to Roles", "Sign out"];
        assert_eq!(Fuzzy::new("").ranked(names.iter()), [0, 1, 2]);
        assert_eq!(Fuzzy::new("rol").ranked(names.iter()), [1]);
        assert_eq!(Fuzzy::new("sout").ranked(names.iter()), [2]);
        assert_eq!(Fuzzy::new("to us").ranked(names.iter()), [0]);
        assert!(Fuzzy::new("xyz").ranked(names.iter()).is_empty());
    }
}
