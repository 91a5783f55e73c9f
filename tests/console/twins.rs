//! B4 and R32: two stores that differ only in what somebody may not see give that person the same
//! frames, cell by cell, and the same bytes, wherever they go and whatever they do.
//!
//! What may be seen is said by the oracle, which shares no code with `src/authz`. Everything else is
//! made anew for each of the two: other people's records and their number, hidden fields, what
//! happened to either in the past, other people's exceptions, details, last sign-ins and addresses.
//!
//! `ROLECALL_TWINS=400` makes more pairs for each persona, `ROLECALL_TWINS_SEED=…` begins elsewhere.

pub mod pair;
pub mod past;

use std::collections::BTreeSet;

use rand::prelude::*;
use rand_chacha::ChaCha8Rng;
use rolecall::host::headless::Headless;

use crate::explore::{Act, Depth, name, offered, walk};
use pair::{Pair, base};

/// Pairs for each persona. Six of them make more than two hundred.
const PAIRS: u64 = 36;

const DEPTH: Depth = Depth { places: 4, commands: 2, answers: 2, whatever: 10 };

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}

/// Where two frames are not the same.
fn difference(a: &Headless, b: &Headless) -> String {
    let (one, other) = (a.text(), b.text());
    if one == other {
        let (one, other) = (a.frame(), b.frame());
        return format!(
            "the same text\n{one_text}with other styles or cursor: {:?} {:?}\n{}\n{}",
            one.cursor,
            other.cursor,
            one.styles(),
            other.styles(),
            one_text = one.text()
        );
    }
    let mut told = String::new();
    for (line, other) in one.lines().zip(other.lines()) {
        told.push_str(&if line == other { format!("  {line}\n") } else { format!("A {line}\nB {other}\n") });
    }
    told
}

/// What was there, and what was done, over all pairs.
#[derive(Default)]
struct Met {
    offered: BTreeSet<String>,
    tried: BTreeSet<String>,
}

/// Walks both consoles of a pair by the same keys.
fn same_frames(pair: &Pair, rng: &mut ChaCha8Rng, met: &mut Met) {
    let (mut a, mut b) = (pair.first.console(pair.viewer, pair.size), pair.second.console(pair.viewer, pair.size));
    let mut story: Vec<String> = Vec::new();
    let mut check = |a: &mut Headless, act: Option<&Act>| {
        if let Some(act) = act {
            act.on(a);
            act.on(&mut b);
            story.push(act.told());
        }
        let same = a.frame() == b.frame() && a.written() == b.written() && a.is_done() == b.is_done();
        let told = || format!("{} sees a difference after {}\n{}", pair.viewer, story.join(" "), difference(a, &b));
        assert!(same, "{}", told());
        !a.is_done()
    };
    check(&mut a, None);
    walk(&mut a, rng, &pair.words, DEPTH, &mut met.tried, |a, act| {
        let goes_on = check(a, Some(act));
        met.offered.extend(offered(a).iter().map(name));
        goes_on
    });
    assert_eq!(pair.first.taken_out(pair.viewer), pair.second.taken_out(pair.viewer), "{}'s exports", pair.viewer);
}

fn persona(viewer: &'static str) {
    let first = number("ROLECALL_TWINS_SEED").unwrap_or(1);
    let pairs = number("ROLECALL_TWINS").unwrap_or(PAIRS);
    println!("{viewer}: seeds {first} to {}", first + pairs - 1);
    let base = base();
    let mut met = Met::default();
    for seed in first..first + pairs {
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            let pair = Pair::of(&base, viewer, &mut rng);
            same_frames(&pair, &mut rng, &mut met);
        }));
        if let Err(panic) = outcome {
            eprintln!("failed on seed {seed}: ROLECALL_TWINS_SEED={seed} ROLECALL_TWINS=1 repeats it");
            std::panic::resume_unwind(panic);
        }
    }
    let never: Vec<&String> = met.offered.difference(&met.tried).collect();
    println!("{viewer}: {} commands were tried, never: {never:?}", met.tried.len());
    // Every screen was gone to, and nearly every command was tried, once there is room for that.
    assert!(!never.iter().any(|name| name.starts_with("go.")), "{viewer} never went to {never:?}");
    assert!(pairs < PAIRS || never.len() * 5 < met.tried.len(), "{viewer} never tried {never:?}");
}

#[test]
fn b4_the_owner_and_other_peoples_private_contacts() {
    persona("olivia@paws.example");
}

#[test]
fn b4_a_practice_manager() {
    persona("kim@paws.example");
}

#[test]
fn b4_a_vet_tech_with_hidden_sections() {
    persona("sam@paws.example");
}

#[test]
fn b4_a_focused_freelancer() {
    persona("freya@paws.example");
}

#[test]
fn b4_somebody_with_a_part_of_the_administration() {
    persona("iris@paws.example");
}

#[test]
fn b4_somebody_in_sales() {
    persona("ben@paws.example");
}
