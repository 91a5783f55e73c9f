//! The time that an entry of the history gets. Times never go back along the history: whoever looks
//! back stops at the first entry that is too old, whosever it is, and "as of" a moment is a place in
//! the history. So nothing is dated before what stands in front of it, whether it was begun long ago
//! (an import) or the clock was set back.

use std::sync::Mutex;

use super::error::StoreError;
use super::history::made;
use super::journal::record::Kind;
use super::journal::{Journal, Skim};
use super::shared::lock;
use crate::model::Moment;

/// Records looked at together for the time of the last one.
const FEW: u64 = 8;

/// The time of the last entry, once it was asked for.
#[derive(Debug, Default)]
pub(super) struct Stamp {
    last: Mutex<Option<Moment>>,
}

impl Stamp {
    /// The time of the entry that comes next, which was made at `at`.
    ///
    /// # Errors
    /// Where the end of the journal can't be read.
    pub(super) fn next(&self, journal: &Journal, skim: &Skim, at: Moment) -> Result<Moment, StoreError> {
        let mut last = lock(&self.last);
        let before = match *last {
            Some(before) => before,
            None => newest(skim, journal.next() - 1)?.unwrap_or(at),
        };
        let next = at.max(before);
        *last = Some(next);
        Ok(next)
    }
}

/// The time of the newest entry, if there is one that wasn't erased. Parts that no end follows, as
/// a crash leaves them, are no entries.
fn newest(skim: &Skim, mut end: u64) -> Result<Option<Moment>, StoreError> {
    while end > 0 {
        let spots = skim.up_to(end, FEW)?;
        for spot in spots.iter().rev().filter(|spot| spot.kind != Kind::Part) {
            let Some(stored) = skim.walk_at(spot)?.next_up_to(spot.sequence)? else { continue };
            if let Some((_, at)) = made(&stored)? {
                return Ok(Some(at));
            }
        }
        end = spots.first().map_or(0, |spot| spot.sequence - 1);
    }
    Ok(None)
}
