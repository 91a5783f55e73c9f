//! Chance that is always the same: one ChaCha stream for each thing that is made, so that what a
//! record holds depends on its place alone and not on how many come before it.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};

/// What is being made; each kind has streams of its own.
#[derive(Clone, Copy)]
pub(super) enum Making {
    Company = 1,
    /// A company's name alone, which contacts and deals ask for as well.
    CompanyName = 2,
    Contact = 3,
    Deal = 4,
}

/// The dice for one thing.
pub(super) struct Dice(ChaCha8Rng);

impl Dice {
    /// The dice for the thing at this place.
    pub(super) fn of(making: Making, place: u64) -> Self {
        let mut seed = *b"rolecall demo, records, seed 0 1";
        if let Some(last) = seed.last_mut() {
            *last = making as u8;
        }
        let mut rng = ChaCha8Rng::from_seed(seed);
        rng.set_stream(place);
        Self(rng)
    }

    /// A number below `limit`; 0 if there is none.
    pub(super) fn below(&mut self, limit: u32) -> u32 {
        ((u64::from(self.0.next_u32()) * u64::from(limit)) >> 32) as u32
    }

    /// A number below `limit`, for large limits.
    pub(super) fn below_many(&mut self, limit: u64) -> u64 {
        ((u128::from(self.0.next_u64()) * u128::from(limit)) >> 64) as u64
    }

    /// A number from `low` to `high`, both included.
    pub(super) fn between(&mut self, low: i32, high: i32) -> i32 {
        let span = high.saturating_sub(low).saturating_add(1).max(1).unsigned_abs();
        low.saturating_add_unsigned(self.below(span))
    }

    /// Yes, in so many of a hundred throws.
    pub(super) fn chance(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }

    /// One of the list; the default if the list is empty.
    pub(super) fn pick<T: Copy + Default>(&mut self, list: &[T]) -> T {
        let place = self.below(u32::try_from(list.len()).unwrap_or(u32::MAX));
        list.get(place as usize).copied().unwrap_or_default()
    }

    /// One of the list, by weight; the default if there is no weight at all.
    pub(super) fn weighted<T: Copy + Default>(&mut self, list: &[(T, u32)]) -> T {
        let mut left = self.below(list.iter().map(|(_, weight)| *weight).sum());
        for (item, weight) in list {
            if left < *weight {
                return *item;
            }
            left -= weight;
        }
        T::default()
    }
}

/// A number that looks random and is met once only: a mixing step that can be turned back (the
/// finaliser of splitmix64), so that no two places share one.
pub(super) fn scatter(place: u64) -> u64 {
    let mut z = place.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
