//! One field's values, by slot, as compact as their kind allows.

use std::collections::BTreeMap;
use std::io;

use crate::model::{Day, OptionId, Value};

use super::dump::{DumpError, In, Out};
use super::text::TextColumn;
use super::tree::{Array, Empty};

/// The values of one kind.
#[derive(Clone)]
pub(super) enum Cells {
    /// Text, email, phone.
    Text(TextColumn),
    /// Numbers.
    Number(Array<f64>),
    /// Money.
    Money(Array<i64>),
    /// Dates.
    Date(Array<i32>),
    /// Yes and no.
    YesNo(Array<u8>),
    /// Options of a dropdown.
    Option(Array<u16>),
}

/// A field's column.
#[derive(Clone)]
pub(super) struct Column {
    pub(super) cells: Cells,
    /// Values that don't fit the column's cells, which a sound store has none of: kept so that
    /// nothing is lost, shown, and otherwise treated as empty.
    odd: BTreeMap<u32, Value>,
}

impl Column {
    /// An empty column for values like this one.
    pub(super) fn like(value: &Value) -> Self {
        let cells = match value {
            Value::Text(_) => Cells::Text(TextColumn::default()),
            Value::Number(_) => Cells::Number(Array::default()),
            Value::Money(_) => Cells::Money(Array::default()),
            Value::Date(_) => Cells::Date(Array::default()),
            Value::YesNo(_) => Cells::YesNo(Array::default()),
            Value::Option(_) => Cells::Option(Array::default()),
        };
        Self { cells, odd: BTreeMap::new() }
    }

    /// A slot's value.
    pub(super) fn get(&self, slot: u32) -> Option<Value> {
        let value = match &self.cells {
            Cells::Text(column) => column.get(slot).map(|text| Value::Text(text.shown.into())),
            Cells::Number(cells) => Some(cells.get(slot)).filter(|number| !number.is_nan()).map(Value::Number),
            Cells::Money(cells) => Some(cells.get(slot)).filter(|cell| *cell != i64::EMPTY).map(Value::Money),
            Cells::Date(cells) => Some(cells.get(slot)).filter(|cell| *cell != i32::EMPTY).map(|n| Value::Date(Day(n))),
            Cells::YesNo(cells) => {
                Some(cells.get(slot)).filter(|cell| *cell != u8::EMPTY).map(|n| Value::YesNo(n == 1))
            }
            Cells::Option(cells) => {
                Some(cells.get(slot)).filter(|cell| *cell != u16::EMPTY).map(|n| Value::Option(OptionId(n)))
            }
        };
        if value.is_none() && !self.odd.is_empty() { self.odd.get(&slot).cloned() } else { value }
    }

    /// The values of some slots, each with its place among them.
    pub(super) fn each(&self, slots: &[u32], mut take: impl FnMut(usize, Value)) {
        match &self.cells {
            Cells::Text(column) if self.odd.is_empty() => {
                column.each(slots, |place, text| take(place, Value::Text(text.shown.into())));
            }
            _ => slots.iter().enumerate().for_each(|(place, slot)| {
                if let Some(value) = self.get(*slot) {
                    take(place, value);
                }
            }),
        }
    }

    /// Writes a slot's value.
    pub(super) fn set(&mut self, slot: u32, value: Option<&Value>) {
        self.odd.remove(&slot);
        let fits = match (&mut self.cells, value) {
            (Cells::Text(column), Some(Value::Text(text))) => {
                column.set(slot, Some(text));
                true
            }
            (Cells::Number(cells), Some(Value::Number(number))) => put(cells, slot, *number, !number.is_nan()),
            (Cells::Money(cells), Some(Value::Money(amount))) => put(cells, slot, *amount, *amount != i64::EMPTY),
            (Cells::Date(cells), Some(Value::Date(day))) => put(cells, slot, day.0, day.0 != i32::EMPTY),
            (Cells::YesNo(cells), Some(Value::YesNo(yes))) => put(cells, slot, u8::from(*yes), true),
            (Cells::Option(cells), Some(Value::Option(id))) => put(cells, slot, id.0, id.0 != u16::EMPTY),
            _ => false,
        };
        if !fits {
            self.clear(slot);
            if let Some(value) = value {
                self.odd.insert(slot, value.clone());
            }
        }
    }

    /// Writes the values of many slots, neighbours mostly after each other.
    pub(super) fn set_all(&mut self, values: &[(u32, &Value)]) {
        let odd = match &mut self.cells {
            Cells::Text(column) => {
                let mut texts = Vec::with_capacity(values.len());
                let odd = split(values, &mut texts, |value| match value {
                    Value::Text(text) => Some(&**text),
                    _ => None,
                });
                column.set_all(&texts);
                odd
            }
            Cells::Number(cells) => put_all(cells, values, |value| match value {
                Value::Number(number) => Some(*number).filter(|number| !number.is_nan()),
                _ => None,
            }),
            Cells::Money(cells) => put_all(cells, values, |value| match value {
                Value::Money(amount) => Some(*amount).filter(|amount| *amount != i64::EMPTY),
                _ => None,
            }),
            Cells::Date(cells) => put_all(cells, values, |value| match value {
                Value::Date(day) => Some(day.0).filter(|day| *day != i32::EMPTY),
                _ => None,
            }),
            Cells::YesNo(cells) => put_all(cells, values, |value| match value {
                Value::YesNo(yes) => Some(u8::from(*yes)),
                _ => None,
            }),
            Cells::Option(cells) => put_all(cells, values, |value| match value {
                Value::Option(id) => Some(id.0).filter(|id| *id != u16::EMPTY),
                _ => None,
            }),
        };
        if !self.odd.is_empty() {
            values.iter().for_each(|(slot, _)| drop(self.odd.remove(slot)));
        }
        odd.into_iter().for_each(|(slot, value)| self.set(slot, Some(value)));
    }

    fn clear(&mut self, slot: u32) {
        match &mut self.cells {
            Cells::Text(column) => column.set(slot, None),
            Cells::Number(cells) => cells.set(slot, f64::EMPTY),
            Cells::Money(cells) => cells.set(slot, i64::EMPTY),
            Cells::Date(cells) => cells.set(slot, i32::EMPTY),
            Cells::YesNo(cells) => cells.set(slot, u8::EMPTY),
            Cells::Option(cells) => cells.set(slot, u16::EMPTY),
        }
    }

    /// Writes the column down.
    pub(super) fn dump(&self, out: &mut Out<'_>) -> io::Result<()> {
        match &self.cells {
            Cells::Text(column) => out.one(0u8).and_then(|()| column.dump(out))?,
            Cells::Number(cells) => out.one(1u8).and_then(|()| cells.dump(out))?,
            Cells::Money(cells) => out.one(2u8).and_then(|()| cells.dump(out))?,
            Cells::Date(cells) => out.one(3u8).and_then(|()| cells.dump(out))?,
            Cells::YesNo(cells) => out.one(4u8).and_then(|()| cells.dump(out))?,
            Cells::Option(cells) => out.one(5u8).and_then(|()| cells.dump(out))?,
        }
        out.size(self.odd.len())?;
        for (slot, value) in &self.odd {
            out.one(*slot)?;
            match value {
                Value::Text(text) => out.one(0u8).and_then(|()| out.bytes(text.as_bytes()))?,
                Value::Number(number) => out.one(1u8).and_then(|()| out.one(*number))?,
                Value::Money(amount) => out.one(2u8).and_then(|()| out.one(*amount))?,
                Value::Date(day) => out.one(3u8).and_then(|()| out.one(day.0))?,
                Value::YesNo(yes) => out.one(4u8).and_then(|()| out.one(u8::from(*yes)))?,
                Value::Option(id) => out.one(5u8).and_then(|()| out.one(id.0))?,
            }
        }
        Ok(())
    }

    /// Reads what [`Self::dump`] wrote.
    pub(super) fn restore(input: &mut In<'_>) -> Result<Self, DumpError> {
        let cells = match input.one::<u8>()? {
            0 => Cells::Text(TextColumn::restore(input)?),
            1 => Cells::Number(Array::restore(input)?),
            2 => Cells::Money(Array::restore(input)?),
            3 => Cells::Date(Array::restore(input)?),
            4 => Cells::YesNo(Array::restore(input)?),
            5 => Cells::Option(Array::restore(input)?),
            _ => return Err(DumpError::Damaged),
        };
        let mut odd = BTreeMap::new();
        for _ in 0..input.size()? {
            let slot = input.one()?;
            let value = match input.one::<u8>()? {
                0 => Value::Text(input.text()?.into()),
                1 => Value::Number(input.one()?),
                2 => Value::Money(input.one()?),
                3 => Value::Date(Day(input.one()?)),
                4 => Value::YesNo(input.one::<u8>()? == 1),
                5 => Value::Option(OptionId(input.one()?)),
                _ => return Err(DumpError::Damaged),
            };
            odd.insert(slot, value);
        }
        Ok(Self { cells, odd })
    }

    /// Gives back the room that growing left over.
    pub(super) fn shrink(&mut self) {
        if let Cells::Text(column) = &mut self.cells {
            column.shrink();
        }
    }
}

/// Puts the values that fit aside, and answers the others.
fn split<'v, T>(
    values: &[(u32, &'v Value)],
    fitting: &mut Vec<(u32, T)>,
    fits: impl Fn(&'v Value) -> Option<T>,
) -> Vec<(u32, &'v Value)> {
    let mut odd = Vec::new();
    for (slot, value) in values {
        match fits(value) {
            Some(cell) => fitting.push((*slot, cell)),
            None => odd.push((*slot, *value)),
        }
    }
    odd
}

fn put_all<'v, T: Empty + Copy>(
    cells: &mut Array<T>,
    values: &[(u32, &'v Value)],
    fits: impl Fn(&'v Value) -> Option<T>,
) -> Vec<(u32, &'v Value)> {
    let mut fitting = Vec::with_capacity(values.len());
    let odd = split(values, &mut fitting, fits);
    cells.set_all(&fitting);
    odd
}

fn put<T: Empty>(cells: &mut Array<T>, slot: u32, value: T, fits: bool) -> bool {
    if fits {
        cells.set(slot, value);
    }
    fits
}
