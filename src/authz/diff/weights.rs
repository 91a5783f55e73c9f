//! How many records of one object stand at each place, summed up so that a run of places, or the
//! holders of a role within one, is a difference of two sums.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::ops::Range;

use crate::authz::facts::OwnerCount;
use crate::model::RoleId;

use super::places::Places;

/// Somebody's role before and after.
type Roles = (Option<RoleId>, Option<RoleId>);

/// The records of one object.
pub(super) struct Weights {
    /// Public records at all places before this one; one entry more than there are places.
    sums: Vec<u64>,
    /// By place.
    private: Vec<u64>,
    /// Public records of owners who have no place: nothing but All covers them.
    pub(super) elsewhere: u64,
    by_role: OnceCell<ByRole>,
}

/// People who went from one role to another, or stayed, together; in order of place.
struct ByRole {
    groups: BTreeMap<Roles, Range<usize>>,
    places: Vec<u32>,
    /// As [`Weights::sums`], along `places`.
    sums: Vec<u64>,
}

impl Weights {
    pub(super) fn of(places: &Places<'_>, counts: &[OwnerCount]) -> Self {
        let size = places.len() as usize;
        let (mut public, mut private, mut elsewhere) = (vec![0_u64; size], vec![0_u64; size], 0);
        for count in counts {
            match places.of_user(count.owner).map(|place| place as usize) {
                Some(place) => {
                    public.get_mut(place).into_iter().for_each(|slot| *slot += count.public);
                    private.get_mut(place).into_iter().for_each(|slot| *slot += count.private);
                }
                None => elsewhere += count.public,
            }
        }
        Self { sums: summed(public), private, elsewhere, by_role: OnceCell::new() }
    }

    /// Private records at a place.
    pub(super) fn private(&self, place: u32) -> u64 {
        self.private.get(place as usize).copied().unwrap_or(0)
    }

    /// Public records within a run of places.
    pub(super) fn public(&self, run: &Range<u32>) -> u64 {
        between(&self.sums, run.start as usize..run.end as usize)
    }

    /// Public records within a run of places, of those who had or have a role.
    pub(super) fn public_of(&self, places: &Places<'_>, run: &Range<u32>, roles: Roles) -> u64 {
        if roles == (None, None) {
            return self.public(run);
        }
        let by_role = self.by_role.get_or_init(|| ByRole::of(self, places));
        let within = |group: &Range<usize>| {
            let people = by_role.places.get(group.clone()).unwrap_or_default();
            let at = |place: u32| group.start + people.partition_point(|person| *person < place);
            between(&by_role.sums, at(run.start)..at(run.end))
        };
        match roles {
            (Some(was), is) => {
                let held = by_role.groups.range((Some(was), None)..=(Some(was), Some(RoleId(u32::MAX))));
                let held = held.filter(|((_, role), _)| is.is_none_or(|is| *role == Some(is)));
                held.map(|(_, group)| within(group)).sum()
            }
            (None, is) => {
                let held = by_role.groups.iter().filter(|((_, role), _)| *role == is);
                held.map(|(_, group)| within(group)).sum()
            }
        }
    }
}

impl ByRole {
    fn of(weights: &Weights, places: &Places<'_>) -> Self {
        let roles = |user| (places.role(user, false), places.role(user, true));
        let mut people: Vec<(Roles, u32)> = places.people().map(|(place, user)| (roles(user), place)).collect();
        people.sort_unstable();
        let mut groups: BTreeMap<Roles, Range<usize>> = BTreeMap::new();
        for (at, (roles, _)) in people.iter().enumerate() {
            groups.entry(*roles).or_insert(at..at).end = at + 1;
        }
        let places: Vec<u32> = people.into_iter().map(|(_, place)| place).collect();
        let sums = summed(places.iter().map(|place| weights.public(&(*place..place + 1))).collect());
        Self { groups, places, sums }
    }
}

fn summed(mut counts: Vec<u64>) -> Vec<u64> {
    let mut sum = 0;
    for count in &mut counts {
        sum += std::mem::replace(count, sum);
    }
    counts.push(sum);
    counts
}

fn between(sums: &[u64], run: Range<usize>) -> u64 {
    let at = |place: usize| sums.get(place).or(sums.last()).copied().unwrap_or(0);
    at(run.end).saturating_sub(at(run.start))
}
