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
    pub fn ranked(mut self, names: impl Iterator<Item = impl AsRef<str>>) -> Vec<usize> {
        let names: Vec<_> = names.collect();
        let mut letters = Vec::new();
        let mut all = |pattern: &Pattern| -> Vec<(u32, usize)> {
            let scored = names.iter().enumerate().filter_map(|(index, name)| {
                let name = Utf32Str::new(name.as_ref(), &mut letters);
                pattern.score(name, &mut self.matcher).map(|score| (score, index))
            });
            scored.collect()
        };
        let mut found = all(&self.parts);
        if found.is_empty() {
            found = all(&self.letters);
        }
        found.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        found.into_iter().map(|(_, index)| index).collect()
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
    fn any_part_finds_and_nothing_finds_all() {
        let names = ["Go to Users", "Go to Roles", "Sign out"];
        assert_eq!(Fuzzy::new("").ranked(names.iter()), [0, 1, 2]);
        assert_eq!(Fuzzy::new("rol").ranked(names.iter()), [1]);
        assert_eq!(Fuzzy::new("sout").ranked(names.iter()), [2]);
        assert_eq!(Fuzzy::new("to us").ranked(names.iter()), [0]);
        assert!(Fuzzy::new("xyz").ranked(names.iter()).is_empty());
    }
}
