//! The first matches of a long list, before all of it has been looked at. They are met along the
//! list's own order, so that they are the rows that the whole answer begins with, however much is
//! still to be found behind them.

use super::order::Order;
use super::page::List;
use super::query::{QueryError, Row};
use super::recall::Known;
use super::scan::{CHUNK, Scan};
use super::sorted::Spot;
use super::walk::{Start, Walk};

/// A list of up to so many records is answered as a whole.
const QUICK: u64 = if cfg!(debug_assertions) { 12 } else { 1 << 15 };
/// The most of a list's records that are looked at for a beginning: in the list's order they lie apart,
/// so that each takes ten times as long as in the order of slots, and whoever looks for something rare
/// waits for these and then for all.
const LOOKED_AT: usize = if cfg!(debug_assertions) { 16 } else { 1 << 12 };
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
        let wide = |slot: &u32| wider.as_ref().is_none_or(|wider| wider.contains(*slot));
        let listed = |slot: &u32| wide(slot) && self.audience.admits(self.table, *slot);
        let (mut found, mut chunk) = (Vec::new(), Vec::with_capacity(TOGETHER));
        let (mut walked, mut left) = (self.along(&order), LOOKED_AT);
        while found.len() < self.query.limit && left > 0 {
            // What is passed over is work as well.
            scan.pause()?;
            let mut passed = 0;
            chunk.clear();
            let near = walked.by_ref().take(CHUNK).inspect(|_| passed += 1);
            chunk.extend(near.filter(listed).take(TOGETHER.min(left)));
            if passed == 0 {
                break;
            }
            left -= chunk.len();
            question.narrow_chunk(&mut chunk);
            found.extend_from_slice(&chunk);
        }
        drop(walked);
        found.truncate(self.query.limit);
        let shown = self.shown();
        Ok(Some(self.table.rows(&found, &shown)))
    }

    /// The list's first records. Where others are hidden between them, only so many, taken a few at
    /// a time by the cheaper of a page's two walks: how many are hidden, and where, isn't felt in the
    /// time that it takes (R32).
    fn along<'o>(&'o self, order: &'o Order) -> Box<dyn Iterator<Item = u32> + 'o> {
        if self.audience.width().is_none() {
            return Box::new(order.global.from(Spot::START));
        }
        let total = self.audience.total(self.table);
        let walk = Walk { table: self.table, order, audience: &self.audience, total };
        let pieces = [(0, TOGETHER), (TOGETHER, 4 * TOGETHER), (4 * TOGETHER, LOOKED_AT)];
        let piece = move |(from, to)| walk.slots(Start::First, to).into_iter().skip(from);
        Box::new(pieces.into_iter().flat_map(piece))
    }
}
