//! Text beside its case-folded form, which is what it is compared by.

use std::cmp::Ordering;

/// A text's case-folded form: bytes of which ASCII capitals count as their small letters.
#[derive(Debug, Clone, Copy)]
pub(super) struct Folded<'a>(&'a [u8]);

impl<'a> Folded<'a> {
    /// A text that is folded already.
    pub(super) fn of(folded: &'a str) -> Self {
        Self(folded.as_bytes())
    }

    /// The bytes of a text that is folded already, but for ASCII capitals.
    pub(super) fn of_bytes(folded: &'a [u8]) -> Self {
        Self(folded)
    }

    /// The bytes, in which ASCII capitals stand for small letters.
    pub(super) fn bytes(self) -> &'a [u8] {
        self.0
    }

    /// The order of the folded forms.
    pub(super) fn compare(self, other: Self) -> Ordering {
        let shared = self.0.len().min(other.0.len());
        for (a, b) in self.0.iter().zip(other.0).take(shared) {
            if a != b {
                match a.to_ascii_lowercase().cmp(&b.to_ascii_lowercase()) {
                    Ordering::Equal => {}
                    unequal => return unequal,
                }
            }
        }
        self.0.len().cmp(&other.0.len())
    }

    /// Are the folded forms equal?
    pub(super) fn is(self, other: Self) -> bool {
        self.0.eq_ignore_ascii_case(other.0)
    }

    /// The first eight bytes as a number that sorts as they do.
    pub(super) fn prefix(self) -> u64 {
        let mut prefix = 0;
        for place in 0..8 {
            prefix = (prefix << 8) | u64::from(self.0.get(place).map_or(0, u8::to_ascii_lowercase));
        }
        prefix
    }

    /// What follows so many bytes.
    pub(super) fn after(self, bytes: usize) -> Self {
        Self(self.0.get(bytes..).unwrap_or_default())
    }

    /// The folded form by itself.
    pub(super) fn to_text(self) -> String {
        String::from_utf8_lossy(self.0).to_ascii_lowercase()
    }
}

/// A text and its folded form.
#[derive(Debug, Clone, Copy)]
pub(super) struct Text<'a> {
    pub(super) shown: &'a str,
    pub(super) folded: Folded<'a>,
}
