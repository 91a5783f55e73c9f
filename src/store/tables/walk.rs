//! Finding a page's slots in an order, by the cheaper of two walks: along the global order, testing
//! each record, or along the runs of the list's owners, merged.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use super::audience::{Audience, Part, Run};
use super::key::{Probe, Reader};
use super::order::Order;
use super::sorted::Spot;
use super::table::Table;

/// What things cost, in nanoseconds, as measured at a million records.
const STEP: u64 = 8;
const TAKE_UP_RUN: u64 = 120;
const SEEK_IN_RUN: u64 = 500;
const MERGE_STEP: u64 = 40;

/// Slots that are passed over together.
const PIECE: usize = if cfg!(all(test, debug_assertions)) { 4 } else { 128 };

/// Where a page starts.
#[derive(Clone, Copy, Debug)]
pub(super) enum Start<'v> {
    /// At the first record.
    First,
    /// Behind this place.
    After(Probe<'v>, u64),
    /// At this place.
    Since(Probe<'v>, u64),
    /// At the list's record with this position.
    At(u64),
}

/// One list in one order.
pub(super) struct Walk<'a> {
    pub(super) table: &'a Table,
    pub(super) order: &'a Order,
    pub(super) audience: &'a Audience<'a>,
    /// How many records the list has.
    pub(super) total: u64,
}

impl<'a> Walk<'a> {
    /// Up to `want` slots from `start` on.
    pub(super) fn slots(&self, start: Start<'_>, want: usize) -> Vec<u32> {
        let reader = self.order.key.reader(self.table);
        if let Start::At(position) = start {
            return self.at(&reader, position, want);
        }
        let Some(width) = self.audience.width() else {
            return self.along(self.spot(&reader, start), 0, want, u64::MAX).0;
        };
        if self.worth_merging(width, start, want) {
            return self.merge(&reader, &self.audience.runs(self.table, self.order), start, 0, want);
        }
        let spot = self.spot(&reader, start);
        let merging = self.merge_cost(width, start, want);
        let (found, whole) = self.along(spot, 0, want, (merging / STEP).saturating_mul(2).max(4096));
        if whole {
            return found;
        }
        // Far fewer here than elsewhere in the list.
        if self.table.len() * STEP < merging {
            return self.along(spot, 0, want, u64::MAX).0;
        }
        self.merge(&reader, &self.audience.runs(self.table, self.order), start, 0, want)
    }

    /// Up to `want` slots from the list's record with this position on.
    fn at(&self, reader: &Reader<'_>, position: u64, want: usize) -> Vec<u32> {
        if position >= self.total {
            return Vec::new();
        }
        let place = usize::try_from(position).unwrap_or(usize::MAX);
        let width = self.audience.width();
        if let Some(width) = width {
            let runs = if width <= 2 { self.audience.runs(self.table, self.order) } else { Vec::new() };
            if let [Run { sorted, part: Part::All }] = runs.as_slice() {
                return sorted.from(sorted.nth(place)).take(want).collect();
            }
            if self.merge_cost(width, Start::First, place.saturating_add(want)) < self.locate_cost(width) {
                let runs = self.audience.runs(self.table, self.order);
                return self.merge(reader, &runs, Start::First, place, want);
            }
        }
        let (spot, skip) = self.audience.locate(self.table, self.order, position);
        let (spot, skip) = self.pass(spot, skip);
        if let Some(width) = width
            && let Some(first) = self.along(spot, skip, 1, u64::MAX).0.first()
        {
            let start = Start::Since(reader.probe(*first), self.table.id(*first));
            if self.worth_merging(width, start, want) {
                return self.merge(reader, &self.audience.runs(self.table, self.order), start, 0, want);
            }
        }
        self.along(spot, skip, want, u64::MAX).0
    }

    /// Passes over as many of the list's next records as fill whole pieces of leaves; answers how many
    /// are left to be passed over there.
    fn pass(&self, mut spot: Spot, mut skip: u64) -> (Spot, u64) {
        let leaves = self.order.global.leaves().len();
        while spot.leaf < leaves {
            let rest = self.order.global.leaf(spot.leaf).get(spot.at..).unwrap_or_default();
            let piece = rest.get(..PIECE).unwrap_or(rest);
            let listed: u64 = piece.iter().map(|slot| u64::from(self.audience.admits(self.table, *slot))).sum();
            if listed > skip {
                break;
            }
            skip -= listed;
            spot = if piece.is_empty() {
                Spot { leaf: spot.leaf + 1, at: 0 }
            } else {
                Spot { at: spot.at + piece.len(), ..spot }
            };
        }
        (spot, skip)
    }

    fn spot(&self, reader: &Reader<'_>, start: Start<'_>) -> Spot {
        match start {
            Start::After(probe, id) => self.order.global.seek(|slot| reader.compare_to(slot, &probe, id).is_le()),
            Start::Since(probe, id) => self.order.global.seek(|slot| reader.compare_to(slot, &probe, id).is_lt()),
            Start::First | Start::At(_) => Spot::START,
        }
    }

    fn locate_cost(&self, width: usize) -> u64 {
        if self.order.tallies.is_none() {
            return self.table.len() * STEP;
        }
        let people = self.table.counts.people() as usize;
        let summed = width.min(people.saturating_sub(width)) as u64 + 20;
        self.order.global.leaves().len() as u64 * summed + 2 * people as u64 + 4096 * STEP
    }

    fn merge_cost(&self, width: usize, start: Start<'_>, want: usize) -> u64 {
        let each = if matches!(start, Start::First) { TAKE_UP_RUN } else { SEEK_IN_RUN };
        let levels = u64::from(usize::BITS - width.leading_zeros()) + 1;
        width as u64 * each + want as u64 * MERGE_STEP * levels
    }

    fn worth_merging(&self, width: usize, start: Start<'_>, want: usize) -> bool {
        let steps = (want as u64).saturating_mul(self.table.len()) / self.total.max(1);
        self.merge_cost(width, start, want) < steps.min(self.table.len()) * STEP
    }

    /// Along the global order. False if it took more steps than it was allowed.
    pub(super) fn along(&self, spot: Spot, skip: u64, want: usize, budget: u64) -> (Vec<u32>, bool) {
        let mut found = Vec::with_capacity(want.min(1024));
        let mut skip = skip;
        let mut steps = 0;
        for slot in self.order.global.from(spot) {
            if found.len() >= want {
                break;
            }
            steps += 1;
            if steps > budget {
                return (found, false);
            }
            if !self.audience.admits(self.table, slot) {
                continue;
            }
            if skip > 0 {
                skip -= 1;
                continue;
            }
            found.push(slot);
        }
        (found, true)
    }

    /// Along the runs of the list's owners.
    pub(super) fn merge(
        &self,
        reader: &Reader<'_>,
        runs: &[Run<'_>],
        start: Start<'_>,
        skip: usize,
        want: usize,
    ) -> Vec<u32> {
        let mut tails: Vec<_> = runs
            .iter()
            .map(|run| {
                let spot = match start {
                    Start::After(probe, id) => run.sorted.seek(|slot| reader.compare_to(slot, &probe, id).is_le()),
                    Start::Since(probe, id) => run.sorted.seek(|slot| reader.compare_to(slot, &probe, id).is_lt()),
                    Start::First | Start::At(_) => Spot::START,
                };
                run.sorted.from(spot).filter(|slot| self.audience.takes(self.table, run.part, *slot))
            })
            .collect();
        if let [only] = tails.as_mut_slice() {
            return only.skip(skip).take(want).collect();
        }
        let head = |run: usize, slot: u32| {
            Reverse(Head {
                probe: reader.probe(slot),
                id: self.table.id(slot),
                slot,
                run,
                descending: reader.descending,
            })
        };
        let firsts: Vec<_> =
            tails.iter_mut().enumerate().filter_map(|(run, tail)| Some(head(run, tail.next()?))).collect();
        let mut heap = BinaryHeap::from(firsts);
        let mut skip = skip;
        let mut found = Vec::with_capacity(want.min(1024));
        while found.len() < want {
            let Some(mut top) = heap.peek_mut() else { break };
            if skip > 0 {
                skip -= 1;
            } else {
                found.push(top.0.slot);
            }
            let run = top.0.run;
            match tails.get_mut(run).and_then(Iterator::next) {
                Some(slot) => *top = head(run, slot),
                None => {
                    std::collections::binary_heap::PeekMut::pop(top);
                }
            }
        }
        found
    }
}

/// The next record of a run.
struct Head<'a> {
    probe: Probe<'a>,
    id: u64,
    slot: u32,
    run: usize,
    descending: bool,
}

impl Ord for Head<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.probe.compare(&other.probe, self.descending).then_with(|| self.id.cmp(&other.id))
    }
}

impl PartialOrd for Head<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Head<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Head<'_> {}
