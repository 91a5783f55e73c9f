//! Slots that are marked, one bit each.

/// The slots.
#[derive(Clone, Default)]
pub(super) struct Marks {
    bits: Vec<u64>,
    count: u64,
}

impl Marks {
    /// Marks one; `false`: it was marked already.
    pub(super) fn mark(&mut self, slot: u32) -> bool {
        let (word, bit) = (slot as usize / 64, 1 << (slot % 64));
        if self.bits.len() <= word {
            self.bits.resize(word + 1, 0);
        }
        let Some(word) = self.bits.get_mut(word) else { return false };
        let fresh = *word & bit == 0;
        *word |= bit;
        self.count += u64::from(fresh);
        fresh
    }

    #[inline]
    pub(super) fn has(&self, slot: u32) -> bool {
        is_set(&self.bits, slot)
    }

    /// How many are marked.
    pub(super) fn count(&self) -> u64 {
        self.count
    }

    /// Those that are marked, in order.
    pub(super) fn slots(&self) -> impl Iterator<Item = u32> + '_ {
        slots_of(&self.bits, 0)
    }
}

/// Is the bit of a slot set?
#[inline]
pub(super) fn is_set(bits: &[u64], slot: u32) -> bool {
    bits.get(slot as usize / 64).is_some_and(|word| word >> (slot % 64) & 1 == 1)
}

/// The slots whose bits are set, in order; the first bit is that of `base`.
pub(super) fn slots_of(bits: &[u64], base: u32) -> impl Iterator<Item = u32> + '_ {
    (base..).step_by(64).zip(bits).flat_map(|(base, word)| {
        let mut word = *word;
        std::iter::from_fn(move || {
            let bit = word.trailing_zeros();
            (word != 0).then(|| {
                word &= word - 1;
                base + bit
            })
        })
    })
}

impl FromIterator<u32> for Marks {
    fn from_iter<I: IntoIterator<Item = u32>>(slots: I) -> Self {
        let mut marks = Self::default();
        slots.into_iter().for_each(|slot| {
            marks.mark(slot);
        });
        marks
    }
}
