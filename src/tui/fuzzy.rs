//! Finding by typing any part of a name.

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

/// What was typed, ready to be held against names.
pub struct Fuzzy {
    pattern: Pattern,
    matcher: Matcher,
}

impl Fuzzy {
    /// A search for this text.
    #[must_use]
    pub fn new(typed: &str) -> Self {
        Self {
            pattern: Pattern::parse(typed, CaseMatching::Ignore, Normalization::Smart),
            matcher: Matcher::new(Config::DEFAULT),
        }
    }

    /// The positions of the names that match, the best first; equally good ones keep their order.
    #[must_use]
    pub fn ranked(mut self, names: impl Iterator<Item = impl AsRef<str>>) -> Vec<usize> {
        let mut letters = Vec::new();
        let mut found: Vec<(u32, usize)> = names
            .enumerate()
            .filter_map(|(index, name)| {
                let name = Utf32Str::new(name.as_ref(), &mut letters);
                self.pattern.score(name, &mut self.matcher).map(|score| (score, index))
            })
            .collect();
        found.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        found.into_iter().map(|(_, index)| index).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_part_finds_and_nothing_finds_all() {
        let names = ["Go to Users", "Go to Roles", "Sign out"];
        assert_eq!(Fuzzy::new("").ranked(names.iter()), [0, 1, 2]);
        assert_eq!(Fuzzy::new("rol").ranked(names.iter()), [1]);
        assert_eq!(Fuzzy::new("sout").ranked(names.iter()), [2]);
        assert!(Fuzzy::new("xyz").ranked(names.iter()).is_empty());
    }
}
