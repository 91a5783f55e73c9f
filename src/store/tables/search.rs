//! Searches: a text that some field shows, ignoring case. What the records of a chunk show is put
//! side by side, so that one pass finds every hit. Only records that the list may hold get that
//! far: what isn't visible isn't even felt in the time that a search takes.

use memchr::memmem::Finder;

use crate::exchange::value::shown;
use crate::model::text::fold;
use crate::model::{Day, Field, Value};

use super::column::Cells;
use super::table::Table;
use super::text::{Known, Sifted, TextColumn};
use super::tree::{Array, Empty as _};

/// No text holds this byte.
const BETWEEN: u8 = 0xFF;

/// A search over some fields.
#[derive(Clone)]
pub(super) struct Search<'a> {
    finder: Finder<'static>,
    fields: Vec<Searched<'a>>,
    /// What a chunk's records show, and behind each its end and the record's place in the chunk.
    shown: Vec<u8>,
    ends: Vec<(usize, usize)>,
    hit: Vec<bool>,
    sifted: Sifted<'a>,
}

#[derive(Clone)]
enum Searched<'a> {
    /// Texts, and what is known of those in the dictionary.
    Texts(&'a TextColumn, Known),
    /// Options, and the options' answers.
    Options(&'a Array<u16>, Vec<bool>),
    /// Yes and no, and their answers.
    YesNo(&'a Array<u8>, [bool; 2]),
    /// Numbers; the small whole ones are remembered.
    Numbers(&'a Array<f64>, &'a Field, Memory),
    /// Amounts.
    Amounts(&'a Array<i64>),
    /// Dates, which are remembered.
    Dates(&'a Array<i32>, &'a Field, Memory),
}

/// Figures whose answer is remembered, each in the place that its lowest bits say.
#[derive(Clone)]
struct Memory(Vec<(i32, Option<bool>)>);

impl Memory {
    const PLACES: usize = 1 << 13;

    fn new() -> Self {
        Self(vec![(0, None); Self::PLACES])
    }

    #[inline]
    fn ask(&mut self, figure: i32, ask: impl FnOnce() -> bool) -> bool {
        let Some((known, answer)) = self.0.get_mut(figure.cast_unsigned() as usize % Self::PLACES) else {
            return false;
        };
        match answer {
            Some(answer) if *known == figure => *answer,
            _ => {
                *known = figure;
                *answer.insert(ask())
            }
        }
    }
}

impl<'a> Search<'a> {
    /// A search for a folded text.
    pub(super) fn new(table: &'a Table, fields: impl Iterator<Item = &'a Field>, wanted: &str) -> Self {
        let finder = Finder::new(wanted.as_bytes()).into_owned();
        let mut searched = Vec::new();
        for field in fields {
            let Some(column) = table.column(field.id) else { continue };
            let figures = || wanted.bytes().all(|byte| byte.is_ascii_digit() || b"+-.e".contains(&byte));
            match &column.cells {
                Cells::Text(texts) => searched.push(Searched::Texts(texts, texts.known())),
                Cells::Option(cells) => {
                    let wanted = super::scan::options(field, |label| label.contains(wanted));
                    if wanted.contains(&true) {
                        searched.push(Searched::Options(cells, wanted));
                    }
                }
                Cells::YesNo(cells) => {
                    let wanted = [false, true].map(|yes| fold(&shown(field, &Value::YesNo(yes))).contains(wanted));
                    if wanted.contains(&true) {
                        searched.push(Searched::YesNo(cells, wanted));
                    }
                }
                // Nothing that these show holds anything else.
                _ if !figures() => {}
                Cells::Number(cells) => searched.push(Searched::Numbers(cells, field, Memory::new())),
                Cells::Money(cells) => searched.push(Searched::Amounts(cells)),
                Cells::Date(cells) => searched.push(Searched::Dates(cells, field, Memory::new())),
            }
        }
        Self {
            finder,
            fields: searched,
            shown: Vec::new(),
            ends: Vec::new(),
            hit: Vec::new(),
            sifted: Sifted::default(),
        }
    }

    /// Leaves those of a chunk's slots that show the text.
    pub(super) fn narrow(&mut self, slots: &mut Vec<u32>) {
        self.hit.clear();
        self.hit.resize(slots.len(), false);
        for field in &mut self.fields {
            self.shown.clear();
            self.ends.clear();
            let mut page = Page { shown: &mut self.shown, ends: &mut self.ends, finder: &self.finder };
            field.look(slots, &mut self.hit, &mut self.sifted, &mut page);
            self.shown.make_ascii_lowercase();
            let mut start = 0;
            while let Some(at) = self.shown.get(start..).and_then(|rest| self.finder.find(rest)) {
                let which = self.ends.partition_point(|(end, _)| *end <= start + at);
                let Some((end, place)) = self.ends.get(which) else { break };
                if let Some(hit) = self.hit.get_mut(*place) {
                    *hit = true;
                }
                start = *end;
            }
        }
        let mut hits = self.hit.iter();
        slots.retain(|_| hits.next().copied().unwrap_or(false));
    }
}

/// What a chunk's records show, side by side.
struct Page<'p> {
    shown: &'p mut Vec<u8>,
    ends: &'p mut Vec<(usize, usize)>,
    finder: &'p Finder<'static>,
}

impl Page<'_> {
    /// Puts down what the record in this place of the chunk shows.
    fn put(&mut self, place: usize, write: impl FnOnce(&mut Vec<u8>)) {
        write(self.shown);
        self.shown.push(BETWEEN);
        self.ends.push((self.shown.len(), place));
    }

    /// Answers at once for a figure that will come again.
    fn finds(&mut self, write: impl FnOnce(&mut Vec<u8>)) -> bool {
        let start = self.shown.len();
        write(self.shown);
        let found = self.shown.get(start..).is_some_and(|shown| self.finder.find(shown).is_some());
        self.shown.truncate(start);
        found
    }
}

impl<'a> Searched<'a> {
    /// Marks the slots of which the answer is known, and puts down what the others show.
    fn look(&mut self, slots: &[u32], hits: &mut [bool], sifted: &mut Sifted<'a>, page: &mut Page<'_>) {
        match self {
            Self::Texts(texts, known) => {
                texts.sift(slots, sifted);
                known.answer(texts, sifted, hits, |text| {
                    page.finds(|into| into.extend(text.folded.bytes().iter().map(u8::to_ascii_lowercase)))
                });
                sifted.find(page.finder, hits);
            }
            Self::Options(cells, wanted) => {
                for (cell, hit) in cells.cells(slots).zip(hits) {
                    *hit |= wanted.get(usize::from(cell)).copied().unwrap_or(false);
                }
            }
            Self::YesNo(cells, wanted) => {
                for (cell, hit) in cells.cells(slots).zip(hits) {
                    *hit |= wanted.get(usize::from(cell)).copied().unwrap_or(false);
                }
            }
            Self::Numbers(cells, field, memory) => {
                let all = cells.cells(slots).zip(hits).enumerate();
                for (place, (cell, hit)) in all.filter(|(_, (cell, hit))| !**hit && !cell.is_nan()) {
                    match small(cell) {
                        Some(figure) => *hit = memory.ask(figure, || page.finds(|into| push_number(field, cell, into))),
                        None => page.put(place, |into| push_number(field, cell, into)),
                    }
                }
            }
            Self::Amounts(cells) => {
                let all = cells.cells(slots).zip(hits).enumerate();
                for (place, (cell, _)) in all.filter(|(_, (cell, hit))| !**hit && *cell != i64::EMPTY) {
                    page.put(place, |into| push_money(cell, into));
                }
            }
            Self::Dates(cells, field, memory) => {
                let all = cells.cells(slots).zip(hits);
                for (cell, hit) in all.filter(|(cell, hit)| !**hit && *cell != i32::EMPTY) {
                    *hit = memory.ask(cell, || page.finds(|into| push_shown(field, &Value::Date(Day(cell)), into)));
                }
            }
        }
    }
}

/// A whole number that is small enough to come again.
#[allow(clippy::cast_possible_truncation, reason = "looked at before")]
fn small(number: f64) -> Option<i32> {
    let whole = number.fract() == 0.0 && number.abs() < 1e6 && !(number == 0.0 && number.is_sign_negative());
    whole.then_some(number as i32)
}

fn push_number(field: &Field, number: f64, into: &mut Vec<u8>) {
    if !push_whole(number, into) {
        push_shown(field, &Value::Number(number), into);
    }
}

fn push_shown(field: &Field, value: &Value, into: &mut Vec<u8>) {
    into.extend_from_slice(fold(&shown(field, value)).as_bytes());
}

// The two below write what `shown` writes, without making a text for each of a million cells.

fn push_digits(mut number: u64, least: usize, into: &mut Vec<u8>) {
    let start = into.len();
    while number > 0 || into.len() - start < least {
        into.push(b'0' + u8::try_from(number % 10).unwrap_or_default());
        number /= 10;
    }
    if let Some(digits) = into.get_mut(start..) {
        digits.reverse();
    }
}

/// A whole number; false, and nothing written, if it isn't one.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole, positive and small enough")]
fn push_whole(number: f64, into: &mut Vec<u8>) -> bool {
    let size = number.abs();
    if size.fract() != 0.0 || size >= 1e15 || (size == 0.0 && number.is_sign_negative()) {
        return false;
    }
    if number < 0.0 {
        into.push(b'-');
    }
    push_digits(size as u64, 1, into);
    true
}

fn push_money(hundredths: i64, into: &mut Vec<u8>) {
    if hundredths < 0 {
        into.push(b'-');
    }
    let size = hundredths.unsigned_abs();
    push_digits(size / 100, 1, into);
    into.push(b'.');
    push_digits(size % 100, 2, into);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{FieldId, Kind, SectionId};

    #[test]
    fn figures_are_written_as_they_are_shown() {
        let field = Field {
            id: FieldId(0),
            section: SectionId(0),
            name: String::new(),
            kind: Kind::Number,
            options: Vec::new(),
            next_option: 0,
            automatic: None,
        };
        let written = |push: &dyn Fn(&mut Vec<u8>) -> bool| {
            let mut into = Vec::new();
            push(&mut into).then(|| String::from_utf8(into).unwrap())
        };
        for number in [0.0, 1.0, -7.0, 1e14, 123_456_789.0, -1e15, 0.5, -0.0, 1e21] {
            if let Some(text) = written(&|into| push_whole(number, into)) {
                assert_eq!(text, shown(&field, &Value::Number(number)));
            }
        }
        for amount in [0, 5, -5, 99, 100, -12_345, i64::MAX, i64::MIN + 1] {
            let text = written(&|into| {
                push_money(amount, into);
                true
            });
            assert_eq!(text, Some(shown(&field, &Value::Money(amount))));
        }
    }
}
