//! How many records each owner has, public and private apart. A list's total is a sum of these,
//! never a scan.

use std::sync::{Arc, Mutex, PoisonError};

use crate::authz::{Lines, Reach};

use super::tree::{Array, Empty};

/// One owner's records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) public: u32,
    pub(super) private: u32,
}

impl Empty for Tally {
    const EMPTY: Self = Self { public: 0, private: 0 };
}

/// Everyone's records.
#[derive(Clone, Default)]
pub(super) struct Counts {
    owners: Array<Tally, 64>,
    people: u32,
    public: u64,
    sums: Sums,
}

/// Public records summed up along the reporting lines, for the lines that asked last: a scope over
/// subordinates is then two subtractions. Made by the first reader of a generation.
#[derive(Default)]
struct Sums(Mutex<Option<Summed>>);

/// For which lines, and the sums.
type Summed = (Arc<Lines>, Arc<[u64]>);

impl Clone for Sums {
    /// Whoever clones is about to change the counts.
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Counts {
    /// An owner's records.
    #[inline]
    pub(super) fn of(&self, owner: u32) -> Tally {
        self.owners.get(owner)
    }

    /// One more than the highest owner that ever had a record.
    pub(super) fn people(&self) -> u32 {
        self.people
    }

    /// One record more.
    pub(super) fn add(&mut self, owner: u32, private: bool) {
        self.sums = Sums::default();
        self.people = self.people.max(owner.saturating_add(1));
        self.public += u64::from(!private);
        self.owners.change(owner, |tally| {
            let side = if private { &mut tally.private } else { &mut tally.public };
            *side = side.saturating_add(1);
        });
    }

    /// One record less.
    pub(super) fn remove(&mut self, owner: u32, private: bool) {
        self.sums = Sums::default();
        self.public = self.public.saturating_sub(u64::from(!private));
        self.owners.change(owner, |tally| {
            let side = if private { &mut tally.private } else { &mut tally.public };
            *side = side.saturating_sub(1);
        });
    }

    /// The public records of everyone in a reach.
    pub(super) fn public_in(&self, reach: &Reach) -> u64 {
        match reach {
            Reach::Nobody => 0,
            Reach::Everyone => self.public,
            Reach::Me(me) => u64::from(self.of(me.0).public),
            Reach::Peers { me, peers } => {
                let mine = if peers.binary_search(me).is_ok() { 0 } else { u64::from(self.of(me.0).public) };
                mine + peers.iter().map(|peer| u64::from(self.of(peer.0).public)).sum::<u64>()
            }
            Reach::Below { me, runs, lines } => {
                let [a, b] = runs;
                let both = a.start.max(b.start)..a.end.min(b.end);
                let sums = self.sums(lines);
                let sum = |run: &std::ops::Range<u32>| {
                    if run.start >= run.end {
                        return 0;
                    }
                    let at = |number: u32| sums.get(number as usize).copied().unwrap_or_default();
                    at(run.end).saturating_sub(at(run.start))
                };
                let below = sum(a) + sum(b) - sum(&both);
                let counted = lines.number_of(*me).is_some_and(|number| a.contains(&number) || b.contains(&number));
                below + if counted { 0 } else { u64::from(self.of(me.0).public) }
            }
        }
    }

    fn sums(&self, lines: &Arc<Lines>) -> Arc<[u64]> {
        let mut kept = self.sums.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, sums)) = kept.as_ref()
            && Arc::ptr_eq(known, lines)
        {
            return Arc::clone(sums);
        }
        let mut sum = 0;
        let mut sums = Vec::with_capacity(lines.len() as usize + 1);
        sums.push(0);
        for number in 0..lines.len() {
            sum += lines.person(number).map_or(0, |person| u64::from(self.of(person.0).public));
            sums.push(sum);
        }
        let sums: Arc<[u64]> = sums.into();
        *kept = Some((Arc::clone(lines), Arc::clone(&sums)));
        sums
    }
}
