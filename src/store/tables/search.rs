//! Searches: a text that some field shows, ignoring case. What the records of a chunk show is put
//! side by side, so that one pass finds every hit. Only records that the list may hold get that
//! far: what isn't visible isn't even felt in the time that a search takes.

use memchr::memmem::Finder;

use crate::exchange::value::shown;
use crate::model::text::fold;
use crate::model::{Day, Field, Value};

use super::column::{Cells, Column};
use super::table::Table;
use super::text::{Seen, Text, TextColumn};
use super::tree::Empty as _;

/// No text holds this byte.
const BETWEEN: u8 = 0xFF;

/// A search over some fields.
pub(super) struct Search<'a> {
    finder: Finder<'static>,
    fields: Vec<Searched<'a>>,
    /// What a chunk's records show, and behind each its end and the record's place in the chunk.
    shown: Vec<u8>,
    ends: Vec<(usize, usize)>,
    hit: Vec<bool>,
}

enum Searched<'a> {
    /// Texts, and the dictionary's answers.
    Texts(&'a TextColumn, Vec<bool>),
    /// Options, and the options' answers.
    Options(&'a Column, Vec<bool>),
    /// Yes and no, and their answers.
    YesNo(&'a Column, [bool; 2]),
    /// Numbers, amounts and dates.
    Figures(&'a Column, &'a Field),
}

impl<'a> Search<'a> {
    /// A search for a folded text.
    pub(super) fn new(table: &'a Table, fields: impl Iterator<Item = &'a Field>, wanted: &str) -> Self {
        let finder = Finder::new(wanted.as_bytes()).into_owned();
        let mut searched = Vec::new();
        for field in fields {
            let Some(column) = table.column(field.id) else { continue };
            let shows = |value: &Value| fold(&shown(field, value)).contains(wanted);
            match &column.cells {
                Cells::Text(texts) => {
                    let known = texts.ask_dictionary(|text| finds(&finder, text));
                    searched.push(Searched::Texts(texts, known));
                }
                Cells::Option(_) => {
                    let wanted = super::scan::options(field, |label| label.contains(wanted));
                    searched.push(Searched::Options(column, wanted));
                }
                Cells::YesNo(_) => {
                    let wanted = [shows(&Value::YesNo(false)), shows(&Value::YesNo(true))];
                    searched.push(Searched::YesNo(column, wanted));
                }
                Cells::Number(_) | Cells::Money(_) | Cells::Date(_) => {
                    // Nothing that they show holds anything else.
                    if wanted.bytes().all(|byte| byte.is_ascii_digit() || b"+-.e".contains(&byte)) {
                        searched.push(Searched::Figures(column, field));
                    }
                }
            }
        }
        Self { finder, fields: searched, shown: Vec::new(), ends: Vec::new(), hit: Vec::new() }
    }

    /// Leaves those of a chunk's slots that show the text.
    pub(super) fn narrow(&mut self, slots: &mut Vec<u32>) {
        self.hit.clear();
        self.hit.resize(slots.len(), false);
        for field in &self.fields {
            self.shown.clear();
            self.ends.clear();
            for (place, (slot, hit)) in slots.iter().zip(&mut self.hit).enumerate() {
                if *hit {
                    continue;
                }
                let before = self.shown.len();
                *hit = field.look(*slot, &mut self.shown);
                if self.shown.len() > before {
                    self.shown.push(BETWEEN);
                    self.ends.push((self.shown.len(), place));
                }
            }
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

impl Searched<'_> {
    /// The answer, if it is known without looking; else writes down what the slot shows.
    #[inline]
    fn look(&self, slot: u32, into: &mut Vec<u8>) -> bool {
        match self {
            Self::Texts(texts, known) => match texts.see(slot) {
                Seen::Nothing => false,
                Seen::Code(code) => known.get(code as usize).copied().unwrap_or(false),
                Seen::Text(text) => {
                    into.extend_from_slice(text.folded.bytes());
                    false
                }
            },
            Self::Options(column, wanted) => match &column.cells {
                Cells::Option(cells) => wanted.get(usize::from(cells.get(slot))).copied().unwrap_or(false),
                _ => false,
            },
            Self::YesNo(column, wanted) => match &column.cells {
                Cells::YesNo(cells) => wanted.get(usize::from(cells.get(slot))).copied().unwrap_or(false),
                _ => false,
            },
            Self::Figures(column, field) => {
                match &column.cells {
                    Cells::Number(cells) => {
                        let cell = cells.get(slot);
                        if !cell.is_nan() && !push_whole(cell, into) {
                            push_shown(field, &Value::Number(cell), into);
                        }
                    }
                    Cells::Money(cells) => {
                        let cell = cells.get(slot);
                        if cell != i64::EMPTY {
                            push_money(cell, into);
                        }
                    }
                    Cells::Date(cells) => {
                        let cell = cells.get(slot);
                        if cell != i32::EMPTY && !push_day(cell, into) {
                            push_shown(field, &Value::Date(Day(cell)), into);
                        }
                    }
                    _ => {}
                }
                false
            }
        }
    }
}

fn finds(finder: &Finder<'_>, text: Text<'_>) -> bool {
    let bytes = text.folded.bytes();
    bytes.len() >= finder.needle().len() && finder.find(&bytes.to_ascii_lowercase()).is_some()
}

fn push_shown(field: &Field, value: &Value, into: &mut Vec<u8>) {
    into.extend_from_slice(fold(&shown(field, value)).as_bytes());
}

// The three below write what `shown` writes, without making a text for each of a million cells.

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

/// A day of the years 1 to 9999; false, and nothing written, for any other.
fn push_day(day: i32, into: &mut Vec<u8>) -> bool {
    // Counted from 1 March of year 0, in cycles of 400 years.
    const EPOCH: i64 = 719_468;
    const CYCLE: i64 = 146_097;
    let days = i64::from(day) + EPOCH;
    if !(306..=3_652_364).contains(&days) {
        return false;
    }
    let (cycle, rest) = (days / CYCLE, days % CYCLE);
    let year = (rest - rest / 1460 + rest / 36_524 - rest / 146_096) / 365;
    let day_of_year = rest - (365 * year + year / 4 - year / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = cycle * 400 + year + i64::from(month <= 2);
    push_digits(year.unsigned_abs(), 4, into);
    into.push(b'-');
    push_digits(month.unsigned_abs(), 2, into);
    into.push(b'-');
    push_digits(day.unsigned_abs(), 2, into);
    true
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
        for day in (-719_500..2_933_000).step_by(13).chain([-719_162, 2_932_896, 0, 59, 60]) {
            if let Some(text) = written(&|into| push_day(day, into)) {
                assert_eq!(text, shown(&field, &Value::Date(Day(day))));
            }
        }
        assert!(written(&|into| push_day(20_000, into)).is_some());
    }
}
