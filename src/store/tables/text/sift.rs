//! Questions asked of many of a column's texts at once. Each pass does one simple thing for all of
//! them: their words are fetched, then those of the dictionary are answered, then what stands by
//! itself is copied, neighbours in one piece, and looked through. So reads don't wait for each other,
//! and little has to be foreseen. Only the slots in question are looked at; of what lies between
//! them nothing is read. Passes are functions by themselves (`inline(never)`): their few numbers then
//! stay in registers, which was measured.

use std::ops::Range;

use memchr::memmem::Finder;

use super::{CODE, EMPTY, Folded, LEAF, TAG, Text, TextColumn, TextLeaf};

/// What a column has in some slots. Used again and again, it takes its room once.
#[derive(Clone, Default)]
pub(in super::super) struct Sifted<'a> {
    /// The slots' words, by place among the slots.
    words: Vec<u32>,
    /// The leaves that they are of, each with the place of its first.
    leaves: Vec<(usize, &'a TextLeaf)>,
    /// The places whose texts stand by themselves and are still in question.
    standing: Vec<u32>,
    /// What such texts show, as far as it was copied, and where it is from.
    page: Vec<u8>,
    runs: Vec<Run<'a>>,
}

/// Neighbours in an arena, copied in one piece.
#[derive(Clone)]
struct Run<'a> {
    /// Where in the page, and from where in the leaf's arena.
    page: usize,
    arena: usize,
    leaf: &'a TextLeaf,
    /// Which of the standing texts is its first.
    first: usize,
}

/// What is known of a dictionary's texts: each is asked about once, when it is first met. Behind
/// them stands the answer for whatever isn't in the dictionary.
#[derive(Clone)]
pub(in super::super) struct Known(Vec<u8>);

const NO: u8 = 0;
const YES: u8 = 1;
const UNKNOWN: u8 = 2;

impl TextColumn {
    /// Nothing known yet of the texts in the dictionary.
    pub(in super::super) fn known(&self) -> Known {
        let mut known = vec![UNKNOWN; self.dictionary.size as usize];
        known.push(NO);
        Known(known)
    }

    /// Fetches what the column has in these slots.
    #[inline(never)]
    pub(in super::super) fn sift<'a>(&'a self, slots: &[u32], into: &mut Sifted<'a>) {
        into.words.clear();
        into.leaves.clear();
        for run in slots.chunk_by(|one, next| *one as usize / LEAF == *next as usize / LEAF) {
            let leaf = run.first().and_then(|first| self.rows.leaf(*first as usize / LEAF));
            match leaf {
                Some(leaf) => {
                    into.leaves.push((into.words.len(), leaf));
                    into.words.extend(run.iter().map(|slot| leaf.word(*slot as usize % LEAF)));
                }
                None => into.words.resize(into.words.len() + run.len(), EMPTY),
            }
        }
    }
}

impl Known {
    /// Marks the places whose text is in the dictionary and passes.
    #[inline(never)]
    pub(in super::super) fn answer(
        &mut self,
        column: &TextColumn,
        sifted: &Sifted<'_>,
        hits: &mut [bool],
        mut passes: impl FnMut(Text<'_>) -> bool,
    ) {
        let others = u32::try_from(self.0.len().saturating_sub(1)).unwrap_or(0);
        if others == 0 {
            return;
        }
        let code = |word: &u32| (word ^ CODE).min(others) as usize;
        let mut met = NO;
        for (word, hit) in sifted.words.iter().zip(hits.iter_mut()) {
            let answer = self.0.get(code(word)).copied().unwrap_or(NO);
            *hit |= answer == YES;
            met |= answer;
        }
        if met & UNKNOWN == 0 {
            return;
        }
        for (word, hit) in sifted.words.iter().zip(hits) {
            let Some(answer) = self.0.get_mut(code(word)) else { continue };
            if *answer == UNKNOWN {
                *answer = u8::from(column.dictionary.text(word & !TAG).is_some_and(&mut passes));
            }
            *hit |= *answer == YES;
        }
    }
}

impl<'a> Sifted<'a> {
    /// Marks the places whose text stands by itself and passes.
    pub(in super::super) fn mark(&mut self, hits: &mut [bool], passes: impl Fn(Folded<'_>) -> bool) {
        self.stand(hits);
        for (leaf, which) in self.by_leaf() {
            for place in self.standing.get(which).unwrap_or_default() {
                let word = self.words.get(*place as usize).copied().unwrap_or(EMPTY);
                if let (Some(text), Some(hit)) = (leaf.folded(word), hits.get_mut(*place as usize)) {
                    *hit = passes(text);
                }
            }
        }
    }

    /// Marks the places whose text stands by itself and holds what the finder looks for.
    #[inline(never)]
    pub(in super::super) fn find(&mut self, finder: &Finder<'_>, hits: &mut [bool]) {
        self.stand(hits);
        self.copy();
        let mut from = 0;
        while let Some(at) = self.page.get(from..).and_then(|rest| finder.find(rest)) {
            let Some((place, body)) = self.at(from + at) else { break };
            let found = from + at..from + at + finder.needle().len();
            // Between two texts there is what is no text: their lengths, and what isn't folded.
            let inside = body.start <= found.start && found.end <= body.end;
            if let Some(hit) = hits.get_mut(place).filter(|_| inside) {
                *hit = true;
            }
            from = if found.start < body.start { body.start } else { body.end };
        }
    }

    /// Takes down which places are in question: all that hold a text by itself and aren't marked.
    #[inline(never)]
    fn stand(&mut self, hits: &[bool]) {
        self.standing.clear();
        // Many columns have none, which is counted in a fraction of the time.
        if self.words.iter().filter(|word| **word < CODE).count() == 0 {
            return;
        }
        self.standing.resize(self.words.len(), 0);
        let mut count = 0;
        for ((place, word), hit) in (0..).zip(&self.words).zip(hits) {
            if let Some(standing) = self.standing.get_mut(count) {
                *standing = place;
            }
            count += usize::from((*word < CODE) & !hit);
        }
        self.standing.truncate(count);
    }

    /// Which of the standing texts are of which leaf.
    fn by_leaf(&self) -> impl Iterator<Item = (&'a TextLeaf, Range<usize>)> {
        let ends = self.leaves.iter().skip(1).map(|(place, _)| *place).chain([usize::MAX]);
        let mut next = 0;
        self.leaves.iter().zip(ends).map(move |((_, leaf), end)| {
            let rest = self.standing.get(next..).unwrap_or_default();
            let count = rest.iter().take_while(|place| (**place as usize) < end).count();
            next += count;
            (*leaf, next - count..next)
        })
    }

    /// Copies the standing texts, and brings them into small letters.
    #[inline(never)]
    fn copy(&mut self) {
        let (mut page, mut runs) = (std::mem::take(&mut self.page), std::mem::take(&mut self.runs));
        page.clear();
        runs.clear();
        for (leaf, which) in self.by_leaf() {
            let mut put = |from: Range<usize>, first: usize| {
                if let Some(texts) = leaf.arena.as_bytes().get(from.clone()).filter(|texts| !texts.is_empty()) {
                    runs.push(Run { page: page.len(), arena: from.start, leaf, first });
                    page.extend_from_slice(texts);
                }
            };
            let (mut run, mut first) = (0..0, which.start);
            for (standing, place) in which.clone().zip(self.standing.get(which).unwrap_or_default()) {
                let word = self.words.get(*place as usize).copied().unwrap_or(EMPTY);
                let Some(body) = leaf.body(word) else { continue };
                let start = (word & !TAG) as usize;
                if start != run.end {
                    put(std::mem::replace(&mut run, start..start), std::mem::replace(&mut first, standing));
                }
                run.end = body.end;
            }
            put(run, first);
        }
        page.make_ascii_lowercase();
        (self.page, self.runs) = (page, runs);
    }

    /// The place of the text to which a byte of the page belongs, and where on the page its folded
    /// form stands.
    fn at(&self, byte: usize) -> Option<(usize, Range<usize>)> {
        let after = self.runs.partition_point(|run| run.page <= byte);
        let run = self.runs.get(after.checked_sub(1)?)?;
        let end = self.runs.get(after).map_or(self.standing.len(), |next| next.first);
        let texts = self.standing.get(run.first..end)?;
        let word = |place: &u32| self.words.get(*place as usize).copied().unwrap_or(EMPTY);
        let offset = |arena: usize| (run.page + arena).saturating_sub(run.arena);
        let behind = texts.partition_point(|place| offset((word(place) & !TAG) as usize) <= byte);
        let place = texts.get(behind.checked_sub(1)?)?;
        let body = run.leaf.body(word(place))?;
        Some((*place as usize, offset(body.start)..offset(body.end)))
    }
}

#[cfg(test)]
mod tests;
