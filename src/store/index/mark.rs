//! How far into the journal the index is, as it says so itself.

use super::super::codec::{self, Kind};
use super::super::journal::{ChainHash, Point};
use super::{IndexError, damaged};
use crate::model::{ObjectId, RecordId};

pub(super) const KEY: &[u8] = b"mapplied";
/// The first version had a key for each row.
const VERSION: u8 = 2;

/// How far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// Everything up to here is in it.
    pub applied: Point,
    /// Nothing after this change is in it, but something between may be.
    pub reached: u64,
    /// What was begun after `applied`.
    pub begun: Begun,
}

/// What may be half done. Done again, or gone on with, it comes to the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begun {
    /// Nothing but a batch.
    Nothing,
    /// A change set, up to the record of the journal with this number.
    Set(u64),
    /// Everything anew from the tables, as they were at `from` or later: the object's rows below
    /// `next`, and all of the objects before.
    Filling {
        /// What `applied` will be.
        from: Point,
        /// Under way.
        object: ObjectId,
        /// The first ID that isn't done.
        next: RecordId,
    },
}

impl Mark {
    /// Of an index with everything up to a point.
    #[must_use]
    pub fn at(applied: Point) -> Self {
        Self { applied, reached: applied.sequence, begun: Begun::Nothing }
    }

    pub(super) fn sealed(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(101);
        write_point(&mut bytes, self.applied);
        bytes.extend_from_slice(&self.reached.to_be_bytes());
        match self.begun {
            Begun::Nothing => bytes.push(0),
            Begun::Set(part) => {
                bytes.push(1);
                bytes.extend_from_slice(&part.to_be_bytes());
            }
            Begun::Filling { from, object, next } => {
                bytes.push(2);
                write_point(&mut bytes, from);
                bytes.extend_from_slice(&object.0.to_be_bytes());
                bytes.extend_from_slice(&next.0.to_be_bytes());
            }
        }
        codec::seal(Kind::Mark, VERSION, KEY, &bytes)
    }

    pub(super) fn read(value: &[u8]) -> Result<Self, IndexError> {
        let payload = codec::unseal(Kind::Mark, VERSION, KEY, value).map_err(damaged)?;
        parse(payload).ok_or_else(|| damaged("its mark makes no sense, or an older rolecall made it"))
    }
}

fn write_point(bytes: &mut Vec<u8>, point: Point) {
    bytes.extend_from_slice(&point.sequence.to_be_bytes());
    bytes.extend_from_slice(&point.hash.0);
}

fn parse(mut bytes: &[u8]) -> Option<Mark> {
    let rest = &mut bytes;
    let applied = point(rest)?;
    let reached = u64::from_be_bytes(take(rest)?);
    let begun = match take::<1>(rest)? {
        [0] => Begun::Nothing,
        [1] => Begun::Set(u64::from_be_bytes(take(rest)?)),
        [2] => {
            let (from, object) = (point(rest)?, ObjectId(u32::from_be_bytes(take(rest)?)));
            Begun::Filling { from, object, next: RecordId(u64::from_be_bytes(take(rest)?)) }
        }
        _ => return None,
    };
    (rest.is_empty() && reached >= applied.sequence).then_some(Mark { applied, reached, begun })
}

fn point(rest: &mut &[u8]) -> Option<Point> {
    Some(Point { sequence: u64::from_be_bytes(take(rest)?), hash: ChainHash(take(rest)?) })
}

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (taken, left) = rest.split_first_chunk::<N>()?;
    *rest = left;
    Some(*taken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_read_as_it_was_written_and_an_older_one_refused() {
        let point = Point { sequence: 7, hash: ChainHash([9; 32]) };
        let filling = Begun::Filling { from: point, object: ObjectId(3), next: RecordId(1 << 60) };
        for begun in [Begun::Nothing, Begun::Set(12), filling] {
            let mark = Mark { applied: point, reached: 20, begun };
            assert_eq!(Mark::read(&mark.sealed()).unwrap(), mark);
        }
        let mut first = point.sequence.to_be_bytes().to_vec();
        first.extend_from_slice(&point.hash.0);
        let error = Mark::read(&codec::seal(Kind::Mark, 1, KEY, &first)).unwrap_err();
        assert!(error.to_string().contains("older"), "{error}");
    }
}
