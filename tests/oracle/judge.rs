//! Whether a change may be made (R4, R6, R7, R10, R13, R14, R19, R22, R24, R31): asked of authz and
//! of the oracle, of random actors with random commits.

use std::sync::Arc;

use rand::prelude::*;
use rand_chacha::ChaCha8Rng;
use rolecall::authz::{Subject, compile};
use rolecall::model::{Actor, UserId};

use crate::changes::Draft;
use crate::random::{NOW, Sample, Size, rng, sample_of};
use crate::says::{Oracle, against};
use crate::seeds::{on, seeds};

const TEAMS: u64 = 20;
const COMMITS: usize = 40;

fn team(rng: &mut ChaCha8Rng) -> Sample {
    let size = Size { roles: rng.random_range(1..7), people: rng.random_range(2..9), records: 4 };
    sample_of(rng, size)
}

fn draft(sample: &Sample, rng: &mut ChaCha8Rng) -> Draft {
    let mut draft = Draft::of(sample);
    let changes = if rng.random_bool(0.6) { 1 } else { rng.random_range(2..5) };
    for _ in 0..changes {
        draft.anything(rng);
    }
    draft
}

/// Whoever has something to administer, mostly.
fn actor(sample: &Sample, oracle: &Oracle<'_>, rng: &mut ChaCha8Rng) -> UserId {
    let administers = |id: &&UserId| {
        let user = oracle.user(**id);
        ["users.manage", "users.edit", "roles.manage", "account.settings"].iter().any(|key| oracle.holds(user, key))
            && sample.team.owner().map(|owner| owner.id) != Some(user.id)
    };
    let a_part = |id: &&UserId| administers(id) && !oracle.role(oracle.user(**id)).is_locked();
    let users = &sample.team.users;
    let in_part = users.keys().filter(a_part).choose(rng).filter(|_| rng.random_bool(0.8));
    let some = in_part.or_else(|| users.keys().filter(administers).choose(rng)).filter(|_| rng.random_bool(0.9));
    *some.unwrap_or_else(|| users.keys().choose(rng).unwrap())
}

/// The operator may do whatever leaves the team valid, and nothing else.
#[test]
fn the_operator_may_do_whatever_leaves_the_team_valid() {
    let mut allowed = 0;
    let mut disagreements = Vec::new();
    for seed in seeds("the_operator_may_do_whatever_leaves_the_team_valid", TEAMS) {
        on(seed, || {
            let mut rng = rng(seed);
            let sample = team(&mut rng);
            let snapshot = compile(Arc::new(sample.team.clone()), NOW);
            let before = Oracle::new(&sample.team, &sample.world.records, NOW);
            for _ in 0..COMMITS {
                let draft = draft(&sample, &mut rng);
                let after = Oracle::new(&draft.team, &draft.records, NOW);
                let reasons = against(&before, &after, None);
                let said = snapshot.permit_commit(Subject::Operator, draft.commit(Actor::Operator), &sample.world);
                allowed += usize::from(said.is_ok());
                let said = said.map(drop).map_err(|denied| denied.to_string());
                // Records that change hands in the same commit are judged by R13 as well.
                let records_move = draft.changes.iter().any(|change| !change.is_policy());
                if said.is_ok() != reasons.is_empty() && (said.is_ok() || !records_move) {
                    disagreements.push(format!("seed {seed}: {said:?}\n{reasons:?}\n{:#?}", draft.told));
                }
            }
        });
    }
    none(&disagreements);
    assert!(allowed > 100, "only {allowed} commits were allowed");
}

/// R31, both ways: nothing is permitted that the oracle refuses, nor the other way round.
#[test]
fn nobody_gives_what_they_do_not_hold() {
    let (mut allowed, mut refused) = (0, 0);
    let mut disagreements = Vec::new();
    for seed in seeds("nobody_gives_what_they_do_not_hold", TEAMS) {
        on(seed, || {
            let mut rng = rng(seed);
            let sample = team(&mut rng);
            let snapshot = compile(Arc::new(sample.team.clone()), NOW);
            let before = Oracle::new(&sample.team, &sample.world.records, NOW);
            for _ in 0..COMMITS {
                let draft = draft(&sample, &mut rng);
                let actor = actor(&sample, &before, &mut rng);
                let records_move = draft.changes.iter().any(|change| !change.is_policy());
                let after = Oracle::new(&draft.team, &draft.records, NOW);
                let reasons = against(&before, &after, Some(actor));
                let commit = draft.commit(Actor::User(actor));
                let said = snapshot.permit_commit(Subject::User(actor), commit, &sample.world);
                let said = said.map(drop).map_err(|denied| denied.to_string());
                *(if said.is_ok() { &mut allowed } else { &mut refused }) += 1;
                let why = || {
                    let me = before.user(actor);
                    format!("{said:?}\n{reasons:?}\n{:#?}\nby {me:?}\nof {:?}", draft.told, before.role(me))
                };
                // Records that change hands in the same commit are judged by R13 as well.
                if said.is_ok() != reasons.is_empty() && (said.is_ok() || !records_move) {
                    disagreements.push(format!("seed {seed}: {}", why()));
                }
            }
        });
    }
    none(&disagreements);
    println!("{allowed} allowed, {refused} refused");
    assert!(allowed > 100 && refused > 100, "{allowed} allowed, {refused} refused");
}

fn none(disagreements: &[String]) {
    let first: Vec<&str> = disagreements.iter().take(5).map(String::as_str).collect();
    assert!(first.is_empty(), "{} disagreements:\n{}", disagreements.len(), first.join("\n\n"));
}
