//! Text columns. What repeats (first names, job titles) is kept once, in the column's dictionary;
//! what doesn't goes into the arena of its leaf. Beside the text its case-folded form is at hand
//! without being made again: text whose folded form is itself or just its ASCII lower case says so
//! in its tag, and only the rest keeps a second copy.

use std::hash::{BuildHasher as _, RandomState};
use std::io;
use std::ops::Range;
use std::sync::Arc;

use crate::model::text::fold;

use super::dump::{DumpError, In, Out};
use super::folded::{Folded, Text};
use super::lookup::Lookup;
use super::tree::{LEAF, Tree};

mod sift;

pub(super) use sift::{Known, Sifted};

/// The most texts that a column's dictionary holds; each at most [`DICTIONARY_TEXT`] bytes.
const DICTIONARY: u32 = 1 << 16;
const DICTIONARY_TEXT: usize = 64;

/// Of so many texts that are looked up in a full dictionary, one in sixteen should be there.
const TRIAL: u32 = 4096;

const EMPTY: u32 = u32::MAX;
const TAG: u32 = 0b11 << 30;
/// The folded form is the text itself.
const SAME: u32 = 0;
/// ASCII with capitals: the folded form is its lower case.
const LOWER: u32 = 1 << 30;
/// The folded form follows the text.
const STORED: u32 = 2 << 30;
/// The rest of the word is a number in the dictionary.
const CODE: u32 = 3 << 30;

/// Some texts, one arena.
#[derive(Clone)]
struct TextLeaf {
    /// By row: a tag, and a place in the arena or a number in the dictionary.
    words: [u32; LEAF],
    arena: String,
    /// Bytes of the arena that no row names any longer.
    waste: usize,
}

impl Default for TextLeaf {
    fn default() -> Self {
        Self { words: [EMPTY; LEAF], arena: String::new(), waste: 0 }
    }
}

impl TextLeaf {
    #[inline]
    fn word(&self, row: usize) -> u32 {
        self.words.get(row).copied().unwrap_or(EMPTY)
    }

    /// Lengths are written in bytes below 64 with a mark above for "more", so that the arena stays
    /// valid text.
    #[inline]
    fn length(&self, mut place: usize) -> Option<(usize, usize)> {
        let (mut length, mut shift) = (0, 0);
        loop {
            let byte = *self.arena.as_bytes().get(place)?;
            place += 1;
            length |= usize::from(byte & 63) << shift;
            if byte & 64 == 0 {
                return Some((length, place));
            }
            shift += 6;
        }
    }

    /// Where in the arena the folded form stands of the text of which this is the word. Whatever
    /// belongs to the text begins at the word's place, and ends where this ends.
    #[inline]
    fn body(&self, word: u32) -> Option<Range<usize>> {
        let (mut length, mut start) = self.length((word & !TAG) as usize)?;
        if word & TAG == STORED {
            (length, start) = self.length(start + length)?;
        }
        Some(start..start + length)
    }

    /// The folded form of the text of which this is the word.
    #[inline]
    fn folded(&self, word: u32) -> Option<Folded<'_>> {
        self.arena.as_bytes().get(self.body(word)?).map(Folded::of_bytes)
    }

    fn piece(&self, place: usize) -> Option<(&str, usize)> {
        let (length, start) = self.length(place)?;
        Some((self.arena.get(start..start + length)?, start + length))
    }

    fn read(&self, word: u32) -> Option<Text<'_>> {
        let (shown, after) = self.piece((word & !TAG) as usize)?;
        let folded = if word & TAG == STORED { self.piece(after)?.0 } else { shown };
        Some(Text { shown, folded: Folded::of(folded) })
    }

    fn push_piece(&mut self, text: &str) {
        let mut length = text.len();
        loop {
            let low = u8::try_from(length & 63).unwrap_or_default();
            length >>= 6;
            self.arena.push(char::from(if length == 0 { low } else { low | 64 }));
            if length == 0 {
                break;
            }
        }
        self.arena.push_str(text);
    }

    /// Writes a text at the arena's end.
    fn push(&mut self, text: &str) -> u32 {
        let needed = text.len() * 2 + 8;
        if self.arena.capacity() - self.arena.len() < needed {
            self.arena.reserve_exact(needed + self.arena.len() / 8);
        }
        let place = u32::try_from(self.arena.len()).unwrap_or(EMPTY) & !TAG;
        self.push_piece(text);
        if text.is_ascii() {
            return place | if text.bytes().any(|byte| byte.is_ascii_uppercase()) { LOWER } else { SAME };
        }
        let folded = fold(text);
        if folded == text {
            return place | SAME;
        }
        self.push_piece(&folded);
        place | STORED
    }

    fn set_word(&mut self, row: usize, word: u32) {
        let Some(slot) = self.words.get_mut(row) else { return };
        let old = std::mem::replace(slot, word);
        if old & TAG != CODE {
            let lost = self.read(old).map_or(0, |text| text.shown.len() + 1);
            self.waste += lost;
        }
    }

    fn set_text(&mut self, row: usize, text: &str) {
        self.set_word(row, EMPTY);
        if self.waste > 512 && self.waste > self.arena.len() / 2 {
            self.compact();
        }
        let word = self.push(text);
        if let Some(slot) = self.words.get_mut(row) {
            *slot = word;
        }
    }

    fn compact(&mut self) {
        let old = std::mem::take(self);
        for row in 0..LEAF {
            let word = old.word(row);
            let new = if word & TAG == CODE {
                word
            } else if let Some(text) = old.read(word) {
                self.push(text.shown)
            } else {
                EMPTY
            };
            if let Some(slot) = self.words.get_mut(row) {
                *slot = new;
            }
        }
    }
}

impl TextLeaf {
    fn dump(&self, out: &mut Out<'_>) -> io::Result<()> {
        out.all(&self.words)?;
        out.size(self.waste)?;
        out.bytes(self.arena.as_bytes())
    }

    fn restore(&mut self, input: &mut In<'_>) -> Result<(), DumpError> {
        input.fill(&mut self.words)?;
        self.waste = input.size()?;
        self.arena = input.text()?;
        Ok(())
    }
}

/// Texts that repeat, by number. Nothing is ever taken out, so numbers hold in every clone.
#[derive(Clone, Default)]
struct Dictionary {
    texts: Tree<TextLeaf>,
    size: u32,
    lookup: Lookup,
    hasher: RandomState,
}

impl Dictionary {
    fn text(&self, code: u32) -> Option<Text<'_>> {
        let leaf = self.texts.leaf(code as usize / LEAF)?;
        leaf.read(leaf.word(code as usize % LEAF))
    }

    fn code(&self, text: &str) -> Option<u32> {
        self.lookup.find(self.hasher.hash_one(text), |code| self.text(code).is_some_and(|t| t.shown == text))
    }

    fn add(&mut self, text: &str) -> u32 {
        let code = self.size;
        self.size += 1;
        self.texts.change(code as usize / LEAF, |leaf| leaf.set_text(code as usize % LEAF, text));
        let hash = self.hasher.hash_one(text);
        let mut lookup = std::mem::take(&mut self.lookup);
        lookup.insert(hash, code, |code| self.hasher.hash_one(self.text(code).map_or("", |text| text.shown)));
        self.lookup = lookup;
        code
    }
}

impl Dictionary {
    fn restore(size: u32, texts: Tree<TextLeaf>) -> Self {
        let mut dictionary = Self { texts, size, ..Self::default() };
        let mut lookup = Lookup::default();
        lookup.reserve(size, |_| 0);
        for code in 0..size {
            let hash_of = |code| dictionary.hasher.hash_one(dictionary.text(code).map_or("", |text| text.shown));
            lookup.insert(hash_of(code), code, hash_of);
        }
        dictionary.lookup = lookup;
        dictionary
    }
}

/// A text, or none, per slot.
#[derive(Clone, Default)]
pub(super) struct TextColumn {
    rows: Tree<TextLeaf>,
    dictionary: Arc<Dictionary>,
    /// The column's texts hardly repeat, so they aren't looked up in the dictionary any longer.
    alone: bool,
    /// Since the dictionary is full: how many texts were looked up, and how many it had.
    asked: (u32, u32),
}

impl TextColumn {
    /// A column whose texts are known not to repeat.
    pub(super) fn of_unique() -> Self {
        Self { alone: true, ..Self::default() }
    }

    /// The text in a slot.
    #[inline]
    pub(super) fn get(&self, slot: u32) -> Option<Text<'_>> {
        let leaf = self.rows.leaf(slot as usize / LEAF)?;
        let word = leaf.word(slot as usize % LEAF);
        if word == EMPTY {
            None
        } else if word & TAG == CODE {
            self.dictionary.text(word & !TAG)
        } else {
            leaf.read(word)
        }
    }

    /// The texts of some slots, each with its place among them. First all words are read, then where
    /// all texts lie, then the texts: reads of one kind don't wait for each other, those of one text do.
    pub(super) fn each<'a>(&'a self, slots: &[u32], mut take: impl FnMut(usize, Text<'a>)) {
        let word = |slot: &u32| {
            let leaf = self.rows.leaf(*slot as usize / LEAF)?;
            Some((leaf, leaf.word(*slot as usize % LEAF)))
        };
        let words: Vec<Option<(&TextLeaf, u32)>> = slots.iter().map(word).collect();
        let text = |(leaf, word): &(&'a TextLeaf, u32)| match *word {
            EMPTY => None,
            word if word & TAG == CODE => self.dictionary.text(word & !TAG),
            word => leaf.read(word),
        };
        let texts: Vec<Option<Text<'_>>> = words.iter().map(|word| word.as_ref().and_then(text)).collect();
        let there = texts.into_iter().enumerate().filter_map(|(place, text)| Some((place, text?)));
        there.for_each(|(place, text)| take(place, text));
    }

    /// Writes a slot's text.
    pub(super) fn set(&mut self, slot: u32, text: Option<&str>) {
        let (leaf, row) = (slot as usize / LEAF, slot as usize % LEAF);
        let code = text.and_then(|text| self.interned(text));
        self.rows.change(leaf, |leaf| match (code, text) {
            (Some(code), _) => leaf.set_word(row, code | CODE),
            (None, Some(text)) => leaf.set_text(row, text),
            (None, None) => leaf.set_word(row, EMPTY),
        });
    }

    /// Writes the texts of many slots, neighbours mostly after each other.
    pub(super) fn set_all(&mut self, texts: &[(u32, &str)]) {
        for run in texts.chunk_by(|(a, _), (b, _)| *a as usize / LEAF == *b as usize / LEAF) {
            let Some((first, _)) = run.first() else { continue };
            let codes: Vec<Option<u32>> = run.iter().map(|(_, text)| self.interned(text)).collect();
            self.rows.change(*first as usize / LEAF, |leaf| {
                for ((slot, text), code) in run.iter().zip(codes) {
                    match code {
                        Some(code) => leaf.set_word(*slot as usize % LEAF, code | CODE),
                        None => leaf.set_text(*slot as usize % LEAF, text),
                    }
                }
            });
        }
    }

    fn interned(&mut self, text: &str) -> Option<u32> {
        if self.alone || text.len() > DICTIONARY_TEXT {
            return None;
        }
        let known = self.dictionary.code(text);
        if self.dictionary.size < DICTIONARY {
            return Some(known.unwrap_or_else(|| Arc::make_mut(&mut self.dictionary).add(text)));
        }
        self.asked = (self.asked.0 + 1, self.asked.1 + u32::from(known.is_some()));
        if self.asked.0 == TRIAL {
            self.alone = self.asked.1 < TRIAL / 16;
            self.asked = (0, 0);
        }
        known
    }

    /// Writes the column down.
    pub(super) fn dump(&self, out: &mut Out<'_>) -> io::Result<()> {
        out.one(u8::from(self.alone))?;
        out.one(self.dictionary.size)?;
        self.dictionary.texts.dump(out, TextLeaf::dump)?;
        self.rows.dump(out, TextLeaf::dump)
    }

    /// Reads what [`Self::dump`] wrote.
    pub(super) fn restore(input: &mut In<'_>) -> Result<Self, DumpError> {
        let alone = input.one::<u8>()? == 1;
        let size = input.one()?;
        if size > DICTIONARY {
            return Err(DumpError::Damaged);
        }
        let dictionary = Arc::new(Dictionary::restore(size, Tree::restore(input, TextLeaf::restore)?));
        let rows = Tree::restore(input, TextLeaf::restore)?;
        Ok(Self { rows, dictionary, alone, asked: (0, 0) })
    }

    /// Gives back the room that growing left over.
    pub(super) fn shrink(&mut self) {
        self.rows.each_leaf_mut(|leaf| leaf.arena.shrink_to_fit());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_come_back_and_fold_as_the_model_folds() {
        let mut column = TextColumn::default();
        let mut unique = TextColumn::of_unique();
        let long = "Straße ".repeat(900);
        let samples = ["a", "Anna", "STRASSE", "straße", "ÉCOLE", "école", "İstanbul", &long, "中文", "ﬀ"];
        for round in 0..3u32 {
            for (row, text) in samples.iter().enumerate() {
                let slot = u32::try_from(row).unwrap() * 700 + round;
                column.set(slot, Some(text));
                unique.set(slot, Some("to be replaced, and long enough to be noticed"));
                unique.set(slot, Some(text));
                for column in [&column, &unique] {
                    let read = column.get(slot).unwrap();
                    assert_eq!(read.shown, *text);
                    assert_eq!(read.folded.to_text(), fold(text));
                }
            }
        }
        for a in samples {
            for b in samples {
                let (mut x, mut y) = (TextColumn::default(), TextColumn::of_unique());
                x.set(0, Some(a));
                y.set(0, Some(b));
                let (x, y) = (x.get(0).unwrap().folded, y.get(0).unwrap().folded);
                assert_eq!(x.compare(y), fold(a).cmp(&fold(b)));
                assert_eq!(x.is(y), fold(a) == fold(b));
                assert!(x.prefix() <= y.prefix() || fold(a) > fold(b));
            }
        }
    }

    #[test]
    fn an_arena_that_is_mostly_waste_is_written_anew() {
        let mut column = TextColumn::of_unique();
        column.set(1, Some("stays"));
        for round in 0..2000 {
            column.set(0, Some(&format!("text number {round} of many")));
        }
        let leaf = column.rows.leaf(0).unwrap();
        assert!(leaf.arena.len() < 4096, "{}", leaf.arena.len());
        assert_eq!(column.get(1).unwrap().shown, "stays");
        assert_eq!(column.get(0).unwrap().shown, "text number 1999 of many");
        column.set(0, None);
        assert!(column.get(0).is_none());
    }
}
