//! The walks themselves.

use std::cell::RefCell;
use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

use crate::commands::attempt;
use crate::deeds::{Step, steps};
use crate::house::House;
use crate::judged::complaints;
use crate::lists::disagreements;
use crate::random::{Size, rng, sample_of};

/// How many walks, and how far each goes at most.
const CASES: u32 = 48;
const STEPS: usize = 25;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}

/// What was tried, and how often it was done.
type Tally = BTreeMap<String, (u32, u32)>;

/// Walks a story; what is wrong, with everything that led there.
fn walk(team: u64, steps: &[Step], tally: &RefCell<Tally>) -> Result<(), String> {
    let mut rng = rng(team);
    let size = Size { roles: rng.random_range(2..6), people: rng.random_range(3..9), records: 5 };
    let house = House::of(&sample_of(&mut rng, size));
    let mut state = house.read_anew();
    let mut story: Vec<String> = Vec::new();
    for (number, step) in steps.iter().enumerate() {
        let tried = attempt(&house, &state, step, number);
        let name = format!("{:?}", step.deed);
        let name = name.split([' ', '(']).next().unwrap_or_default().to_owned();
        let after = house.read_anew();
        let done = tried.result.is_ok() && (after.team != state.team || after.records != state.records);
        let mut tally = tally.borrow_mut();
        let counted = tally.entry(name).or_default();
        *(if done { &mut counted.0 } else { &mut counted.1 }) += 1;
        drop(tally);
        let refused = tried.result.as_ref().err().map(ToString::to_string);
        let outcome = match &tried.result {
            Ok(()) => "done".to_owned(),
            Err(why) => format!("refused: {why}"),
        };
        story.push(format!("{number}. {}\n   {outcome}", tried.told));
        let mut wrong = complaints(&state, &after, tried.actor, refused.as_deref());
        if done || tried.actor.is_none() || number == 0 {
            wrong.extend(disagreements(&house, &after, number));
        }
        if !wrong.is_empty() {
            let who = tried.actor.map(|id| format!("{:#?}", state.team.roles[&state.team.users[&id].role]));
            let who = who.unwrap_or_default();
            return Err(format!("{}\n\n{}\n\nby {who}", story.join("\n"), wrong.join("\n")));
        }
        state = after;
    }
    reopened(&house)
}

/// Whoever opens the directory anew finds every screen's answers as they were.
fn reopened(house: &House) -> Result<(), String> {
    let (anew, _directory) = house.opened_anew();
    let state = house.read_anew();
    for user in state.team.users.values() {
        let (Ok(one), Ok(other)) = (house.engine.acting_as(&user.email), anew.acting_as(&user.email)) else { continue };
        let all = |session: &rolecall::service::Session| {
            let people = session.users(&Default::default()).unwrap();
            let details: Vec<_> = people.iter().map(|row| session.user_detail(&row.email).unwrap()).collect();
            let roles = session.roles().unwrap();
            let permissions: Vec<_> = roles.iter().map(|row| session.role_detail(&row.name).unwrap()).collect();
            format!("{people:#?}\n{details:#?}\n{roles:#?}\n{permissions:#?}\n{:#?}", session.home().unwrap())
        };
        if all(&one) != all(&other) {
            return Err(format!("{} sees something else after opening anew", user.email));
        }
    }
    Ok(())
}

/// R22 and R31 hold after whatever anybody tries, on every path (000-01, 003-20…22).
#[test]
fn r22_and_r31_hold_after_whatever_anybody_tries() {
    let cases = number("ROLECALL_STATEFUL_CASES").and_then(|n| u32::try_from(n).ok()).unwrap_or(CASES);
    let seed = number("ROLECALL_STATEFUL_SEED").unwrap_or(1);
    println!("{cases} walks of at most {STEPS} steps, seed {seed}");
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 600, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    let tally = RefCell::default();
    let strategy = (any::<u64>().no_shrink(), steps(STEPS));
    let outcome = runner.run(&strategy, |(team, steps)| {
        walk(team, &steps, &tally).map_err(|why| TestCaseError::fail(format!("team {team}\n{why}")))
    });
    let tally = tally.into_inner();
    println!("done, and not: {tally:?}");
    match outcome {
        Ok(()) => {}
        Err(TestError::Fail(why, _)) => panic!("ROLECALL_STATEFUL_SEED={seed} repeats it:\n{why}"),
        Err(TestError::Abort(why)) => panic!("{why}"),
    }
    let done: u32 = tally.values().map(|(done, _)| done).sum();
    assert!(done > cases, "only {done} steps did anything");
}
