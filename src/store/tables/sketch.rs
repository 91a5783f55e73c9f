//! Orders as bytes, beside the records that they are of: the bare slots in their order, from which
//! an order is made in a fraction of the time that sorting takes. That is left to whoever needs it
//! first, so that a start pays for reading alone. Lists sorted by owner go by people's emails, which
//! are many and change without the records: those are sorted anew.

use std::io;
use std::sync::Arc;

use crate::model::{FieldId, ObjectId};

use super::Tables;
use super::dump::{DumpError, In, Out};
use super::key::{Ranks, SortKey};
use super::marks::Marks;
use super::query::SortBy;
use super::table::Table;

/// Slots written at a time.
const PIECE: usize = 1 << 16;
const NO_PLACE: u32 = u32::MAX;

/// What an order is of.
pub type Sort = (ObjectId, SortBy, bool);

impl Tables {
    /// The orders in use that a dump would hold.
    #[must_use]
    pub fn sorts(&self) -> Vec<Sort> {
        let sorts = self.objects.iter().flat_map(|(object, table)| {
            table.sorts_in_use().into_iter().map(|(by, descending)| (*object, by, descending))
        });
        sorts.filter(|(_, by, _)| code(*by).is_some()).collect()
    }
}

impl Tables {
    /// The orders that were read from a dump and that nobody needed yet.
    #[must_use]
    pub fn kept_sorts(&self) -> Vec<Sort> {
        let sorts = self
            .objects
            .iter()
            .flat_map(|(object, table)| table.sketched().into_iter().map(|(by, descending)| (*object, by, descending)));
        sorts.collect()
    }
}

fn code(by: SortBy) -> Option<(u8, u32)> {
    match by {
        SortBy::Id => Some((0, 0)),
        SortBy::ExternalId => Some((1, 0)),
        SortBy::Field(field) => Some((2, field.0)),
        SortBy::Owner => None,
    }
}

impl Table {
    pub(super) fn dump_orders(&self, out: &mut Out<'_>) -> io::Result<()> {
        let mut sketches = self.sketches();
        sketches.retain(|(key, _)| code(key.by).is_some());
        out.size(sketches.len())?;
        for (key, slots) in sketches {
            let Some((kind, field)) = code(key.by) else { continue };
            out.one(kind)?;
            out.one(field)?;
            out.one(u8::from(key.descending))?;
            dump_ranks(key.ranks.as_deref(), out)?;
            out.size(slots.len())?;
            slots.chunks(PIECE).try_for_each(|piece| out.all(piece))?;
        }
        Ok(())
    }

    pub(super) fn restore_orders(&self, input: &mut In<'_>) -> Result<(), DumpError> {
        for _ in 0..input.size()? {
            let (kind, field, descending) = (input.one::<u8>()?, input.one::<u32>()?, input.one::<u8>()? == 1);
            let by = match kind {
                0 => SortBy::Id,
                1 => SortBy::ExternalId,
                2 => SortBy::Field(FieldId(field)),
                _ => return Err(DumpError::Damaged),
            };
            let ranks = restore_ranks(input)?.map(Arc::new);
            let count = input.size()?;
            if count as u64 != self.len() {
                return Err(DumpError::Damaged);
            }
            let mut slots = vec![0u32; count];
            slots.chunks_mut(PIECE).try_for_each(|piece| input.fill(piece))?;
            let mut seen = Marks::default();
            if !slots.iter().all(|slot| *slot < self.end() && self.is_live(*slot) && seen.mark(*slot)) {
                return Err(DumpError::Damaged);
            }
            self.take_sketch(SortKey { by, descending, ranks }, slots);
        }
        Ok(())
    }
}

fn dump_ranks(ranks: Option<&Ranks>, out: &mut Out<'_>) -> io::Result<()> {
    let Some((ranks, names)) = ranks.and_then(|ranks| Some((ranks, ranks.names()?))) else { return out.one(0u8) };
    out.one(1u8)?;
    out.size(names.len())?;
    names.iter().try_for_each(|name| out.bytes(name.as_bytes()))?;
    out.size(ranks.places().len())?;
    ranks.places().iter().try_for_each(|place| out.one(place.unwrap_or(NO_PLACE)))
}

fn restore_ranks(input: &mut In<'_>) -> Result<Option<Ranks>, DumpError> {
    if input.one::<u8>()? == 0 {
        return Ok(None);
    }
    let names = (0..input.size()?).map(|_| input.text().map(Into::into)).collect::<Result<_, _>>()?;
    let place = |input: &mut In<'_>| input.one::<u32>().map(|place| (place != NO_PLACE).then_some(place));
    let places = (0..input.size()?).map(|_| place(input)).collect::<Result<_, _>>()?;
    Ok(Some(Ranks::of_places(names, places)))
}
