//! The records that match a question: gathered by looking at all that the list may hold, on several
//! threads where there are many, or only at what a wider question left.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use super::audience::Audience;
use super::marks::{is_set, slots_of};
use super::query::QueryError;
use super::scan::{CHUNK, Question, Scan};
use super::sorted::Spot;
use super::table::Table;

/// Slots that one thread takes at a time; whole words of bits.
const BLOCK: u32 = if cfg!(all(test, debug_assertions)) { 128 } else { 1 << 15 };
/// More threads than this would only take the memory's time from others.
const MOST_THREADS: usize = 4;

/// Records in question, one bit each.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Matches {
    bits: Vec<u64>,
    pub(super) count: u64,
}

impl Matches {
    fn none() -> Self {
        Self { bits: Vec::new(), count: 0 }
    }

    fn add(&mut self, slots: &[u32], base: u32) {
        self.count += slots.len() as u64;
        for slot in slots {
            let at = slot.saturating_sub(base);
            if let Some(word) = self.bits.get_mut(at as usize / 64) {
                *word |= 1 << (at % 64);
            }
        }
    }

    #[inline]
    pub(super) fn contains(&self, slot: u32) -> bool {
        is_set(&self.bits, slot)
    }

    pub(super) fn slots(&self) -> impl Iterator<Item = u32> + '_ {
        slots_of(&self.bits, 0)
    }

    /// Those of a block.
    fn slots_in(&self, block: Range<u32>) -> impl Iterator<Item = u32> + '_ {
        let end = (block.end as usize).div_ceil(64).min(self.bits.len());
        slots_of(self.bits.get(block.start as usize / 64..end).unwrap_or_default(), block.start)
    }
}

/// What there is to look at; nothing in it is hidden from the list.
enum Source<'a> {
    /// All that the list may hold.
    All(&'a Table, &'a Audience<'a>),
    /// These, sorted by slot.
    These(Vec<u32>),
    /// What a wider question found, as far as the list may hold it: the wider one may have asked for
    /// more owners.
    Within(&'a Matches, &'a Table, &'a Audience<'a>),
}

impl Source<'_> {
    /// Puts the slots of a block.
    fn put(&self, block: Range<u32>, into: &mut Vec<u32>) {
        match self {
            Self::All(table, audience) => audience.admitted(table, block, into),
            Self::These(slots) => {
                let from = slots.partition_point(|slot| *slot < block.start);
                let rest = slots.get(from..).unwrap_or_default();
                into.extend(rest.iter().take_while(|slot| **slot < block.end));
            }
            Self::Within(wider, table, audience) => {
                into.extend(wider.slots_in(block).filter(|slot| audience.admits(table, *slot)));
            }
        }
    }
}

/// The records of the list that match. Where it is known what a wider question found, of the same
/// list at the same generation, only those are looked at.
pub(super) fn gather(
    question: &mut Question<'_>,
    table: &Table,
    audience: &Audience<'_>,
    wider: Option<&Matches>,
    scan: Scan<'_>,
) -> Result<Matches, QueryError> {
    if question.nothing {
        return Ok(Matches::none());
    }
    let source = match (question.only, wider) {
        (Some(only), _) => Source::These([only].into_iter().filter(|slot| audience.admits(table, *slot)).collect()),
        (None, Some(wider)) => Source::Within(wider, table, audience),
        (None, None) => match few(table, audience) {
            Some(slots) => Source::These(slots),
            None => Source::All(table, audience),
        },
    };
    let blocks = table.end().div_ceil(BLOCK);
    let sweep = Sweep { source: &source, end: table.end(), next: AtomicUsize::new(0), found: Mutex::default() };
    let others = threads(&source).min(blocks as usize).saturating_sub(1);
    thread::scope(|scope| {
        let cancel = scan.cancel;
        for _ in 0..others {
            let (sweep, mut question) = (&sweep, question.clone());
            scope.spawn(move || sweep.run(&mut question, Scan { cancel, ..Scan::default() }));
        }
        sweep.run(question, scan)
    })?;
    scan.pause()?;
    Ok(sweep.whole())
}

/// How many threads the work is worth.
fn threads(source: &Source<'_>) -> usize {
    let much = match source {
        Source::All(table, _) => table.len(),
        Source::These(slots) => slots.len() as u64,
        Source::Within(wider, ..) => wider.count,
    };
    if much <= u64::from(BLOCK) {
        return 1;
    }
    thread::available_parallelism().map_or(1, usize::from).min(MOST_THREADS)
}

/// The list's records by their owners' runs, if they are few and there is an order at hand.
fn few(table: &Table, audience: &Audience<'_>) -> Option<Vec<u32>> {
    audience.width()?;
    if audience.total(table) > table.len() / 8 {
        return None;
    }
    let order = table.any_order()?;
    let mut slots = Vec::new();
    for run in audience.runs(table, &order) {
        let admitted = run.sorted.from(Spot::START).filter(|slot| audience.takes(table, run.part, *slot));
        slots.extend(admitted);
    }
    slots.sort_unstable();
    Some(slots)
}

/// One look at everything, in blocks that threads take in turn.
struct Sweep<'a> {
    source: &'a Source<'a>,
    end: u32,
    next: AtomicUsize,
    found: Mutex<Vec<(usize, Matches)>>,
}

impl Sweep<'_> {
    fn run(&self, question: &mut Question<'_>, scan: Scan<'_>) -> Result<(), QueryError> {
        let (mut slots, mut chunk) = (Vec::new(), Vec::with_capacity(CHUNK));
        loop {
            let place = self.next.fetch_add(1, Ordering::Relaxed);
            let start = u32::try_from(place).ok().and_then(|place| place.checked_mul(BLOCK));
            let Some(start) = start.filter(|start| *start < self.end) else { return Ok(()) };
            let block = start..self.end.min(start.saturating_add(BLOCK));
            let mut found = Matches { bits: vec![0; block.len().div_ceil(64)], count: 0 };
            slots.clear();
            self.source.put(block, &mut slots);
            for part in slots.chunks(CHUNK) {
                scan.pause()?;
                chunk.clear();
                chunk.extend_from_slice(part);
                question.narrow_chunk(&mut chunk);
                found.add(&chunk, start);
            }
            if found.count > 0 {
                self.found.lock().unwrap_or_else(PoisonError::into_inner).push((place, found));
            }
        }
    }

    fn whole(self) -> Matches {
        let found = self.found.into_inner().unwrap_or_else(PoisonError::into_inner);
        let mut whole = Matches { bits: vec![0; self.end as usize / 64 + 1], count: 0 };
        for (place, block) in found {
            whole.count += block.count;
            let start = place * (BLOCK as usize / 64);
            for (word, bits) in whole.bits.iter_mut().skip(start).zip(&block.bits) {
                *word = *bits;
            }
        }
        whole
    }
}
