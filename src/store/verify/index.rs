//! Holding the index against the journal. Where the store is in use, that goes batch by batch: between
//! two of them the index moves on, and what it is held against moves along with it.

use super::super::behind::Following;
use super::super::error::StoreError;
use super::super::index::{FIRST, Index, IndexError, Mark, Place};
use super::super::journal::Point;
use super::super::load::LoadError;
use super::super::options::Finding;
use super::super::replay::Replay;
use super::super::shared::{Shared, lock};
use super::Checking;

/// How far it came.
enum Next {
    /// The next batch begins there.
    At(Place),
    /// Everything was looked at.
    Done,
    /// It is being made, and can't be compared with anything yet.
    Unfinished,
}

impl Checking {
    /// Looks at an index that nobody else uses; `true`: it is as it should be.
    pub(super) fn index(&mut self, index: &Index) -> bool {
        match self.alone(index) {
            Ok(()) => true,
            // It may be all right, and the next start finds out by itself.
            Err(error @ IndexError::Unavailable(_)) => {
                let way_out = "see that it can be read and that the disk has room, then verify again";
                self.problem(format!("{error}; not all of it was checked: {way_out}"));
                true
            }
            Err(error) => {
                self.doubt(&error);
                false
            }
        }
    }

    /// An index isn't as it should be, and nothing can be done about it here.
    pub(super) fn doubt(&mut self, error: &IndexError) {
        self.problem(format!("{error}; the next start puts it aside and builds it anew"));
    }

    fn alone(&mut self, index: &Index) -> Result<(), IndexError> {
        let (mark, end) = (index.mark(), self.report.head.sequence);
        if self.whole && mark.applied.sequence == end && mark.applied != self.report.head {
            self.problem(format!("the history was rewritten: the index knows another change {end}"));
        }
        if self.whole && mark.reached > end {
            let reached = mark.reached;
            self.problem(format!("the history ends at change {end}, but the index already has change {reached}"));
        }
        if !self.whole || mark != Mark::at(self.report.head) {
            let (applied, made_up) = (mark.applied.sequence, "the next start makes up what it lacks");
            self.report
                .notes
                .push(format!("the index ends at change {applied} and was held against itself; {made_up}"));
            return index.scan(|_| ());
        }
        let mut next = Some(FIRST);
        while let Some(from) = next {
            next = self.batch(index, from)?;
        }
        self.sums(index)
    }

    /// Looks at the index of an open store, which is held for a batch at a time. Where it is damaged,
    /// it is put aside at once, and that is told.
    pub(super) fn following(&mut self, shared: &Shared) -> Result<(), StoreError> {
        // From the end of what was read already.
        let mut replay = Replay::after(&shared.disk, &shared.journal_dir(), self.report.head, false)?;
        let (mut from, told) = (FIRST, lock(&shared.findings).len());
        loop {
            let mut slot = lock(&shared.following);
            let Some(mut following) = slot.take() else {
                // None was asked for, or it was given up.
                self.found_of_the_index(shared, 0);
                return Ok(());
            };
            match self.next(shared, &mut following, &mut replay, from) {
                Ok(Next::At(next)) => from = next,
                Ok(Next::Done) => {
                    *slot = Some(following);
                    self.found_of_the_index(shared, told);
                    return Ok(());
                }
                Ok(Next::Unfinished) => {
                    *slot = Some(following);
                    self.report.notes.push("the index is being made; it was not checked".to_owned());
                    return Ok(());
                }
                Err(LoadError::Store(error)) => {
                    *slot = Some(following);
                    return Err(error);
                }
                Err(error) => {
                    let (renewed, finding) = following.anew(shared, error);
                    *slot = renewed;
                    self.problem(&finding);
                    shared.found(finding);
                    return Ok(());
                }
            }
            *slot = Some(following);
        }
    }

    /// What the store itself has found wrong with its index, but for what was told before.
    fn found_of_the_index(&mut self, shared: &Shared, told: usize) {
        let of_the_index = |finding: &&Finding| matches!(finding, Finding::NoIndex(_) | Finding::IndexRebuilt { .. });
        let problems = &mut self.report.problems;
        problems.extend(lock(&shared.findings).iter().skip(told).filter(of_the_index).map(ToString::to_string));
    }

    fn next(
        &mut self,
        shared: &Shared,
        following: &mut Following,
        replay: &mut Replay,
        from: Place,
    ) -> Result<Next, LoadError> {
        let current = shared.current.load_full();
        following.keep_up(shared, &current, || true)?;
        if following.index.mark() != Mark::at(current.point) {
            return Ok(Next::Unfinished);
        }
        self.expect_up_to(replay, current.point)?;
        match self.batch(&following.index, from)? {
            Some(next) => Ok(Next::At(next)),
            None => self.sums(&following.index).map(|()| Next::Done).map_err(LoadError::from),
        }
    }

    /// What was committed meanwhile belongs into the index, too.
    fn expect_up_to(&mut self, replay: &mut Replay, point: Point) -> Result<(), StoreError> {
        while let Some(happened) = replay.next(point.sequence)? {
            let expected = &mut self.expected;
            replay.changes::<StoreError>(&happened, |changes| {
                changes.iter().try_for_each(|change| expected.apply(change)).map_err(|error| StoreError::Replay {
                    sequence: happened.point.sequence,
                    problem: error.to_string(),
                })
            })?;
        }
        Ok(())
    }

    /// Holds some pages against what they should hold; where the next ones begin.
    fn batch(&self, index: &Index, from: Place) -> Result<Option<Place>, IndexError> {
        let mut found = Vec::new();
        let next = index.some(from, |record, hash| found.push(((record.object, record.id), hash)))?;
        if self.expected.between(from, next).eq(found) { Ok(next) } else { Err(wrong()) }
    }

    fn sums(&self, index: &Index) -> Result<(), IndexError> {
        if index.said() == self.expected.tallies() { Ok(()) } else { Err(wrong()) }
    }
}

fn wrong() -> IndexError {
    IndexError::Damaged("its rows aren't what the journal says".to_owned())
}
