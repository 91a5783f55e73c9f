//! One numbering of owners for both sides of a change. Places are the numbers before the change;
//! whoever is new stands behind them. A run of numbers afterwards is then a few runs of places: as
//! many as the change tore it into.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use crate::authz::compile::Snapshot;
use crate::model::{RoleId, UserId};

/// Everyone's place.
pub(super) struct Places<'a> {
    before: &'a Snapshot,
    after: &'a Snapshot,
    /// By user index: the place, or [`NOWHERE`].
    place: Vec<u32>,
    /// By place.
    person: Vec<UserId>,
    /// The numbers afterwards as runs of places, in the order of the numbers.
    pieces: Vec<Piece>,
    /// Did anybody's place on the lines change?
    moved: bool,
    /// The roles that aren't held by just the same people.
    roles: BTreeSet<RoleId>,
}

/// Numbers that follow each other, at places that follow each other.
struct Piece {
    number: u32,
    place: u32,
    len: u32,
}

/// What of somebody's reach may differ because people stand elsewhere.
#[derive(Clone, Copy, Default)]
pub(super) struct ReachChange {
    /// Who is below them.
    pub(super) lines: bool,
    /// Who holds their role.
    pub(super) role: bool,
}

const NOWHERE: u32 = u32::MAX;

impl<'a> Places<'a> {
    pub(super) fn of(before: &'a Snapshot, after: &'a Snapshot) -> Self {
        let (old, new) = (before.lines(), after.lines());
        let mut place = vec![NOWHERE; before.users_end().max(after.users_end())];
        let mut person: Vec<UserId> = (0..old.len()).filter_map(|number| old.person(number)).collect();
        let moved = !Arc::ptr_eq(old, new) && old != new;
        if moved {
            let is_new = |user: &UserId| old.number_of(*user).is_none();
            person.extend((0..new.len()).filter_map(|number| new.person(number)).filter(is_new));
        }
        for (at, user) in (0..).zip(&person) {
            if let Some(slot) = place.get_mut(user.index()) {
                *slot = at;
            }
        }
        let mut roles = BTreeSet::new();
        for user in (0..).map(UserId).take(place.len()) {
            let (was, is) = (before.role(user), after.role(user));
            if was != is {
                roles.extend(was.into_iter().chain(is));
            }
        }
        let mut places = Self { before, after, place, person, pieces: Vec::new(), moved, roles };
        places.pieces = places.torn();
        places
    }

    fn torn(&self) -> Vec<Piece> {
        let lines = self.after.lines();
        if !self.moved {
            return vec![Piece { number: 0, place: 0, len: lines.len() }];
        }
        let mut pieces: Vec<Piece> = Vec::new();
        for number in 0..lines.len() {
            let Some(place) = lines.person(number).and_then(|person| self.of_user(person)) else { continue };
            match pieces.last_mut() {
                Some(last) if last.place + last.len == place => last.len += 1,
                _ => pieces.push(Piece { number, place, len: 1 }),
            }
        }
        pieces
    }

    /// How many places there are.
    pub(super) fn len(&self) -> u32 {
        u32::try_from(self.person.len()).unwrap_or(NOWHERE)
    }

    /// Who is where.
    pub(super) fn people(&self) -> impl Iterator<Item = (u32, UserId)> + '_ {
        (0..).zip(self.person.iter().copied())
    }

    /// Somebody's place.
    pub(super) fn of_user(&self, user: UserId) -> Option<u32> {
        self.place.get(user.index()).copied().filter(|place| *place != NOWHERE)
    }

    /// Somebody's role, before or after.
    pub(super) fn role(&self, user: UserId, after: bool) -> Option<RoleId> {
        if after { self.after.role(user) } else { self.before.role(user) }
    }

    /// Does everybody stand where they stood, and hold the role that they held?
    pub(super) fn are_the_same(&self) -> bool {
        !self.moved && self.same_roles()
    }

    /// Does everybody hold the role that they held?
    pub(super) fn same_roles(&self) -> bool {
        self.roles.is_empty()
    }

    /// What of somebody's reach may differ.
    pub(super) fn changed_for(&self, user: UserId) -> ReachChange {
        let (was, is) = (self.before.role(user), self.after.role(user));
        let role = was != is || was.is_some_and(|role| self.roles.contains(&role));
        let lines = (self.moved || was != is) && self.below(user, false) != self.below(user, true);
        ReachChange { lines, role }
    }

    /// The places of those below somebody, before or after: runs in order, none touching another.
    pub(super) fn below(&self, user: UserId, after: bool) -> Vec<Range<u32>> {
        let snapshot = if after { self.after } else { self.before };
        let Some(role) = snapshot.role(user) else { return Vec::new() };
        let numbers = snapshot.lines().below(user, role);
        let mut runs: Vec<Range<u32>> = Vec::new();
        for numbers in numbers.into_iter().filter(|run| run.start < run.end) {
            if after { runs.extend(self.places_of(numbers)) } else { runs.push(numbers) }
        }
        runs.sort_unstable_by_key(|run| run.start);
        let mut joined: Vec<Range<u32>> = Vec::with_capacity(runs.len());
        for run in runs {
            match joined.last_mut() {
                Some(last) if run.start <= last.end => last.end = last.end.max(run.end),
                _ => joined.push(run),
            }
        }
        joined
    }

    fn places_of(&self, numbers: Range<u32>) -> impl Iterator<Item = Range<u32>> + '_ {
        let first = self.pieces.partition_point(|piece| piece.number + piece.len <= numbers.start);
        let pieces = self.pieces.get(first..).unwrap_or_default().iter();
        pieces.take_while(move |piece| piece.number < numbers.end).map(move |piece| {
            let from = numbers.start.max(piece.number) - piece.number;
            let to = numbers.end.min(piece.number + piece.len) - piece.number;
            piece.place + from..piece.place + to
        })
    }
}
