//! Random accounts: role trees of several shapes, people with and without managers of their own,
//! in every status, with exceptions that hold, have ended or end later; records of every kind.

mod people;
mod records;
mod roles;

use std::collections::BTreeSet;

use rand::prelude::*;
use rand_chacha::ChaCha8Rng;
use rolecall::model::shipped::new_team;
use rolecall::model::{Account, Change, FeatureId, Moment, OwnPermission, Role, RoleId, Shipped, Team};

use crate::world::World;

pub use people::{random_exception, random_exceptions};
pub use records::{random_record, random_value};
pub use roles::random_role;

/// The present of every random account.
pub const NOW: Moment = Moment(1_800_000_000_000);

/// A random account.
#[derive(Debug, Clone)]
pub struct Sample {
    pub team: Team,
    pub world: World,
}

/// How much of everything.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    pub roles: u32,
    pub people: u32,
    pub records: usize,
}

impl Size {
    /// Mostly small, where every case is met; now and then larger.
    pub fn random(rng: &mut ChaCha8Rng) -> Self {
        if rng.random_bool(0.1) {
            Self { roles: rng.random_range(6..16), people: rng.random_range(20..50), records: 30 }
        } else {
            Self { roles: rng.random_range(0..9), people: rng.random_range(1..16), records: 16 }
        }
    }
}

pub fn rng(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

/// The random account of a seed. It is valid.
pub fn sample(rng: &mut ChaCha8Rng) -> Sample {
    let size = Size::random(rng);
    sample_of(rng, size)
}

pub fn sample_of(rng: &mut ChaCha8Rng, size: Size) -> Sample {
    let mut team = bare_team(rng);
    roles::add_roles(&mut team, rng, size.roles);
    people::add_people(&mut team, rng, size.people);
    roles::add_may_assign(&mut team, rng);
    let world = World { records: records::records(&team, rng, size.records) };
    Sample { team, world }
}

/// A fresh account without the shipped roles that can be edited.
fn bare_team(rng: &mut ChaCha8Rng) -> Team {
    let changes = new_team("Paws Clinic", "Olive Owner", "owner@paws.example", Moment(0)).unwrap();
    let Some(Change::Account(account)) = changes.first() else { panic!("the account comes first") };
    let mut account: Account = account.after.clone().unwrap();
    for number in 0..rng.random_range(0..3) {
        account.permissions.push(OwnPermission {
            id: FeatureId(account.next.permission),
            key: format!("portal.feature{number}"),
            label: format!("Portal feature {number}"),
        });
        account.next.permission += 1;
    }
    let mut team = Team::new(account.clone()).unwrap();
    for change in &changes[1..] {
        team.apply(change).unwrap();
    }
    team.roles.retain(|_, role| matches!(role.shipped, Some(Shipped::AccountOwner | Shipped::Administrator)));
    let stays: BTreeSet<RoleId> = team.roles.keys().copied().collect();
    for role in team.roles.values() {
        assert!(role.may_assign.iter().all(|id| stays.contains(id)));
    }
    team
}

/// Something of a role changed in place.
pub fn alter(team: &mut Team, id: RoleId, how: impl FnOnce(&mut Role)) {
    let role = team.roles.get_mut(&id).unwrap();
    how(std::sync::Arc::make_mut(role));
}
