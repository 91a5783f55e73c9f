//! The first matches of a long list, before all of it has been looked at. They are met along the
//! list's own order, so that they are the rows that the whole answer begins with, however much is
//! still to be found behind them.

use super::page::List;
use super::query::{QueryError, Row};
use super::recall::Known;
use super::scan::Scan;
use super::sorted::Spot;

/// A list of up to so many records is answered as a whole.
const QUICK: u64 = if cfg!(debug_assertions) { 12 } else { 1 << 15 };
/// The most of a list's records that are looked at for a beginning.
const LOOKED_AT: usize = if cfg!(debug_assertions) { 16 } else { 1 << 14 };
/// Records looked at together: few, since a page is often found among the first of them.
const TOGETHER: usize = if cfg!(debug_assertions) { 4 } else { 512 };

impl List<'_> {
    /// Those among the first records of the list's order that match, at most a page of them; nothing
    /// where the whole answer takes no longer.
    pub(super) fn begin(mut self, scan: Scan<'_>) -> Result<Option<Vec<Row>>, QueryError> {
        let mut question = self.question()?;
        let at_the_top = self.query.after.is_none() && self.query.position.unwrap_or(0) == 0;
        if !at_the_top || self.query.limit == 0 || !question.asks() || question.nothing || question.only.is_some() {
            return Ok(None);
        }
        let (among, wider) = match self.known(scan) {
            Known::Exactly(_) => return Ok(None),
            Known::Within(wider) => (wider.count.min(self.audience.total(self.table)), Some(wider)),
            Known::Nothing => (self.audience.total(self.table), None),
        };
        let Some(order) = self.order_at_hand().filter(|_| among > QUICK) else { return Ok(None) };
        let (mut found, mut chunk) = (Vec::new(), Vec::with_capacity(TOGETHER));
        let wide = |slot: &u32| wider.as_ref().is_none_or(|wider| wider.contains(*slot));
        let listed = order.global.from(Spot::START).filter(wide);
        let listed = listed.filter(|slot| self.audience.admits(self.table, *slot));
        let mut looked_at = listed.take(LOOKED_AT);
        while found.len() < self.query.limit {
            chunk.clear();
            chunk.extend(looked_at.by_ref().take(TOGETHER));
            if chunk.is_empty() {
                break;
            }
            scan.pause()?;
            question.narrow_chunk(&mut chunk);
            found.extend_from_slice(&chunk);
        }
        found.truncate(self.query.limit);
        let shown = self.shown();
        Ok(Some(found.iter().filter_map(|slot| self.table.row(*slot, &shown)).collect()))
    }
}
