//! A scope, worked out for one person: the set of owners whose records it covers.

use std::ops::Range;
use std::sync::Arc;

use crate::model::UserId;

use super::lines::Lines;

/// A set of owners.
#[derive(Debug, Clone)]
pub enum Reach {
    /// Nobody's records.
    Nobody,
    /// One's own.
    Me(UserId),
    /// One's own, and those of whoever has a number in one of the runs.
    Below {
        /// Whose reach it is.
        me: UserId,
        /// At most two runs of numbers.
        runs: [Range<u32>; 2],
        /// Who has which number.
        lines: Arc<Lines>,
    },
    /// One's own, and those of whoever holds the role.
    Peers {
        /// Whose reach it is.
        me: UserId,
        /// Everyone with the role, sorted.
        peers: Arc<[UserId]>,
    },
    /// Everybody's.
    Everyone,
}

impl Reach {
    /// Does the set hold this owner?
    #[must_use]
    #[inline]
    pub fn contains(&self, owner: UserId) -> bool {
        match self {
            Self::Nobody => false,
            Self::Everyone => true,
            Self::Me(me) => *me == owner,
            Self::Peers { me, peers } => *me == owner || peers.binary_search(&owner).is_ok(),
            Self::Below { me, runs, lines } => {
                *me == owner
                    || lines.number_of(owner).is_some_and(|number| runs.iter().any(|run| run.contains(&number)))
            }
        }
    }

    /// Are these surely the same owners, told without looking at each?
    pub(super) fn is_plainly(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Nobody, Self::Nobody) | (Self::Everyone, Self::Everyone) => true,
            (Self::Me(me), Self::Me(other)) => me == other,
            (Self::Peers { me, peers }, Self::Peers { me: other, peers: others }) => me == other && peers == others,
            (Self::Below { me, runs, lines }, Self::Below { me: other, runs: others, lines: there }) => {
                (me, runs) == (other, others) && Arc::ptr_eq(lines, there)
            }
            _ => false,
        }
    }

    /// The owners one by one, none twice, in no order; nothing where the set is [`Self::Everyone`]
    /// or [`Self::Nobody`].
    pub fn owners(&self) -> Box<dyn Iterator<Item = UserId> + '_> {
        match self {
            Self::Nobody | Self::Everyone => Box::new(std::iter::empty()),
            Self::Me(me) => Box::new(std::iter::once(*me)),
            Self::Peers { me, peers } => {
                let me = *me;
                Box::new(std::iter::once(me).chain(peers.iter().copied().filter(move |peer| *peer != me)))
            }
            Self::Below { me, runs, lines } => {
                let me = *me;
                let [own, roles] = runs.clone();
                let overlap = own.clone();
                let second = roles.filter(move |number| !overlap.contains(number));
                let below = own.chain(second).filter_map(|number| lines.person(number));
                Box::new(std::iter::once(me).chain(below.filter(move |person| *person != me)))
            }
        }
    }

    /// How many owners the set holds at the most; `None` for everyone.
    #[must_use]
    pub fn width(&self) -> Option<usize> {
        match self {
            Self::Nobody => Some(0),
            Self::Everyone => None,
            Self::Me(_) => Some(1),
            Self::Peers { peers, .. } => Some(peers.len() + 1),
            Self::Below { runs, .. } => Some(runs.iter().map(ExactSizeIterator::len).sum::<usize>() + 1),
        }
    }
}
