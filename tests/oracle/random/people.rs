//! Random people.

use std::collections::BTreeMap;
use std::sync::Arc;

use rand::prelude::*;
use rand_chacha::ChaCha8Rng;
use rolecall::model::{Exception, FeatureId, Moment, RoleId, Status, Team, User, UserId};

use super::NOW;
use crate::says::{exceptions_are_allowed, people_make_no_cycle};

/// Adds people beside the owner. Managers of their own cross roles, wherever no cycle forms.
pub fn add_people(team: &mut Team, rng: &mut ChaCha8Rng, count: u32) {
    let owners = team.owner().unwrap().role;
    let roles: Vec<RoleId> = team.roles.keys().copied().filter(|role| *role != owners).collect();
    let managed = rng.random_range(0.0..0.8);
    for _ in 0..count {
        let id = UserId(team.account.next.user);
        team.account.next.user += 1;
        // Some numbers are gone: people were deleted.
        if rng.random_bool(0.05) {
            continue;
        }
        let role = *roles.choose(rng).unwrap();
        let status = match rng.random_range(0..10) {
            0 => Status::Invited,
            1 => Status::Revoked,
            _ => Status::Active,
        };
        let mut user = User {
            id,
            email: format!("person{}@paws.example", id.0),
            name: format!("Person {}", id.0),
            role,
            status,
            manager: None,
            exceptions: BTreeMap::new(),
            language: None,
            email_from_name: None,
            reply_to: None,
            account_manager: rng.random_bool(0.1),
            talk_access: rng.random_bool(0.4),
            created: Moment(0),
        };
        user.exceptions = random_exceptions(team, rng, &user);
        team.users.insert(id, Arc::new(user));
    }
    let people: Vec<UserId> = team.users.keys().copied().collect();
    for id in people.iter().copied() {
        if team.users[&id].role != owners && rng.random_bool(managed) {
            let manager = *people.choose(rng).unwrap();
            let before = team.users[&id].clone();
            Arc::make_mut(team.users.get_mut(&id).unwrap()).manager = Some(manager);
            if manager == id || !people_make_no_cycle(team) {
                team.users.insert(id, before);
            }
        }
    }
}

/// Exceptions that could be saved for this person (R10).
pub fn random_exceptions(team: &Team, rng: &mut ChaCha8Rng, user: &User) -> BTreeMap<FeatureId, Exception> {
    let mut exceptions = BTreeMap::new();
    let all: Vec<FeatureId> = team.catalog.features().map(|feature| feature.id).collect();
    for _ in 0..rng.random_range(0..8usize).saturating_sub(2) {
        let id = *all.choose(rng).unwrap();
        let exception = random_exception(rng);
        let mut tried = user.clone();
        tried.exceptions = BTreeMap::from([(id, exception)]);
        if exceptions_are_allowed(team, &tried) {
            exceptions.insert(id, exception);
        }
    }
    exceptions
}

pub fn random_exception(rng: &mut ChaCha8Rng) -> Exception {
    let until = match rng.random_range(0..6) {
        0 => Some(NOW.plus(-1)),
        1 => Some(NOW),
        2 => Some(NOW.plus(1)),
        3 => Some(NOW.plus(86_400_000)),
        _ => None,
    };
    Exception { visible: rng.random_bool(0.6), until }
}
