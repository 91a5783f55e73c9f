//! Everybody presses whatever there is to press. It never panics, never shows what its viewer may not
//! see, and never leaves R22 or R31 broken; who was offered nothing changes nothing.
//!
//! `ROLECALL_TEMPESTS=100` makes more of each, `ROLECALL_TEMPESTS_SEED=…` begins elsewhere.

use std::collections::BTreeSet;

use rand::prelude::*;
use rand_chacha::ChaCha8Rng;
use rolecall::model::Value;

use crate::explore::{Act, Depth, walk};
use crate::harness::SMALL;
use crate::judged::{complaints, oracle};
use crate::planted::State;
use crate::twins::pair::{Seen, Twin, base, records, words};
use crate::twins::past::Past;

const EACH: u64 = 4;
const DEPTH: Depth = Depth { places: 12, commands: 4, answers: 4, whatever: 60 };
/// In every text that the viewer may not see at the beginning.
const MARK: &str = "zzsecret";

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}

/// Has the mark come into view by what the viewer may do, such as being somebody's heir?
fn may_show(state: &State, viewer: &str) -> bool {
    let (oracle, user) = (oracle(state), state.team.user_by_email(viewer).unwrap());
    state.records.iter().any(|record| {
        let columns = oracle.columns(user, record.object);
        oracle.may(user, rolecall::model::RecordAction::View, record)
            && columns.iter().any(|field| matches!(record.value(field.id), Some(Value::Text(text)) if &**text == MARK))
    })
}

fn tempest(viewer: &str, seed: u64) {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let base = base();
    let records = records(&base, &mut rng);
    let seen = Seen { team: &base, records: &records, viewer: base.user_by_email(viewer).unwrap() };
    let place = Twin::of(Past::of(&seen, &mut rng).marked(&seen, MARK), &seen);
    let words = words(&base, &records);
    let mut console = place.console(viewer, SMALL);
    let mut story: Vec<String> = Vec::new();
    let mut state = place.state();
    let operator = place.engine.operator();
    let mut generation = operator.generation();
    let mut tried = BTreeSet::new();
    let mut changed = 0;
    walk(&mut console, &mut rng, &words, DEPTH, &mut tried, |console, act: &Act| {
        act.on(console);
        story.push(act.told());
        let told =
            |wrong: String| format!("{viewer}, seed {seed}: {wrong}\nafter {}\n{}", story.join(" "), console.text());
        if operator.generation() != generation {
            generation = operator.generation();
            let after = place.state();
            changed += usize::from(after != state);
            let actor = state.team.user_by_email(viewer).map(|user| user.id);
            let wrong = complaints(&state, &after, actor, None);
            assert!(wrong.is_empty(), "{}", told(wrong.join("\n")));
            state = after;
        }
        let shows = console.text().contains(MARK);
        assert!(!shows || may_show(&state, viewer), "{}", told("the mark shows".to_owned()));
        assert!(!console.text().trim().is_empty(), "{}", told("an empty frame".to_owned()));
        !console.is_done()
    });
    println!("{viewer}, seed {seed}: {} acts, {} commands, {changed} changes", story.len(), tried.len());
}

fn tempests(viewer: &str) {
    let first = number("ROLECALL_TEMPESTS_SEED").unwrap_or(1);
    for seed in first..first + number("ROLECALL_TEMPESTS").unwrap_or(EACH) {
        tempest(viewer, seed);
    }
}

#[test]
fn r22_and_r31_stand_and_nothing_hidden_shows_whatever_the_owner_presses() {
    tempests("olivia@paws.example");
}

#[test]
fn r22_and_r31_stand_and_nothing_hidden_shows_whatever_a_part_of_the_administration_presses() {
    tempests("iris@paws.example");
}

#[test]
fn r22_and_r31_stand_and_nothing_hidden_shows_whatever_a_practice_manager_presses() {
    tempests("kim@paws.example");
}

#[test]
fn r22_and_r31_stand_and_nothing_hidden_shows_whatever_a_vet_tech_presses() {
    tempests("sam@paws.example");
}

#[test]
fn r22_and_r31_stand_and_nothing_hidden_shows_whatever_a_freelancer_presses() {
    tempests("freya@paws.example");
}
