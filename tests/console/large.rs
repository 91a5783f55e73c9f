//! What is hard to draw: the widest names, two hundred roles, a role tree twelve deep, long lists
//! and empty ones, at each size and in each theme. Nothing runs into anything else.

use std::collections::BTreeSet;
use std::sync::Arc;

use rand::prelude::*;
use rand_chacha::ChaCha8Rng;
use rolecall::exchange::team_file::Format;
use rolecall::host::headless::Headless;
use rolecall::service::clock::FixedClock;
use rolecall::service::demo;
use rolecall::tui::event::Size;
use rolecall::tui::theme::{Depth, Glyphs, Look, Scheme};
use unicode_width::UnicodeWidthStr as _;

use crate::explore::{self, Depth as Far, walk};
use crate::harness::{Clinic, DARK, OWNER, clinic, noon};
use crate::large_team::{FREELANCER, MIDDLE, name, plain_name, team_file};

const SIZES: [Size; 3] =
    [Size { width: 80, height: 24 }, Size { width: 120, height: 40 }, Size { width: 160, height: 45 }];

const LOOKS: [(&str, Look); 6] = [
    ("dark", DARK),
    ("light", Look { scheme: Scheme::Light, depth: Depth::Ansi256, glyphs: Glyphs::Unicode }),
    ("high contrast", Look { scheme: Scheme::HighContrast, depth: Depth::True, glyphs: Glyphs::Unicode }),
    ("16 colours", Look { scheme: Scheme::Dark, depth: Depth::Ansi16, glyphs: Glyphs::Unicode }),
    ("no colour", Look { scheme: Scheme::Dark, depth: Depth::None, glyphs: Glyphs::Unicode }),
    ("ASCII", Look { scheme: Scheme::Dark, depth: Depth::None, glyphs: Glyphs::Ascii }),
];

/// A clinic with the large team, and records for it.
fn large(records: u64, named: impl Fn(usize, usize) -> String) -> Clinic {
    let clinic = Clinic::of(|path| {
        let clock = Arc::new(FixedClock::at(noon()));
        let engine = demo::open(path, clock.clone()).unwrap();
        engine.operator().apply_team("large", &team_file(named), Format::Toml, false).unwrap();
        demo::fill(&engine, demo::Amounts::of(records), || true).unwrap();
        (engine, clock)
    });
    assert!(clinic.engine.operator().roles().unwrap().len() >= crate::large_team::ROLES);
    clinic
}

/// What is wrong with how a frame is put together.
fn broken(console: &Headless) -> Vec<String> {
    let frame = console.frame();
    let (width, height) = frame.size();
    let mut wrong = Vec::new();
    for y in 0..height {
        for x in 0..width {
            let symbol = frame.symbol_at(x, y);
            let wide = symbol.width();
            if symbol.is_empty() || (wide == 0 && x > 0) {
                wrong.push(format!("{x},{y}: {symbol:?} has no width"));
            }
            if wide == 2 && (x + 1 >= width || frame.symbol_at(x + 1, y) != " ") {
                wrong.push(format!("{x},{y}: {symbol:?} is cut in two"));
            }
            if wide > 2 {
                wrong.push(format!("{x},{y}: {symbol:?} is {wide} wide"));
            }
        }
    }
    wrong.extend(boxes(console));
    wrong
}

/// Corners have their sides: whatever begins with `╭` goes on to `╮`, `╰` and `╯` at the same places.
fn boxes(console: &Headless) -> Vec<String> {
    let frame = console.frame();
    let (width, height) = frame.size();
    let at = |x: u16, y: u16| if x < width && y < height { frame.symbol_at(x, y) } else { "" };
    let mut wrong = Vec::new();
    for y in 0..height {
        for x in (0..width).filter(|x| at(*x, y) == "╭") {
            let Some(right) = (x + 1..width).find(|right| at(*right, y) == "╮") else {
                wrong.push(format!("{x},{y}: a box without its right corner"));
                continue;
            };
            // What lies below another box isn't seen whole.
            if (y..height).any(|row| (x..=right).any(|column| (column, row) != (x, y) && at(column, row) == "╭")) {
                continue;
            }
            let Some(bottom) = (y + 1..height).find(|bottom| at(x, *bottom) != "│") else {
                wrong.push(format!("{x},{y}: a box without an end"));
                continue;
            };
            if at(x, bottom) != "╰" || at(right, bottom) != "╯" {
                wrong.push(format!("{x},{y}: a box that ends at {bottom} in {:?}", at(x, bottom)));
            }
            let open: Vec<u16> =
                (y + 1..bottom).filter(|side| !["│", "█", "┃", "▐"].contains(&at(right, *side))).collect();
            if !open.is_empty() {
                wrong.push(format!("{x},{y}: a box whose right side is open at {open:?}"));
            }
        }
    }
    wrong
}

#[track_caller]
fn whole(console: &Headless, told: impl FnOnce() -> String) {
    let wrong = broken(console);
    assert!(wrong.is_empty(), "{}\n{}\n{}", told(), wrong.join("\n"), console.text());
}

/// Walks everywhere at a size and in a look.
fn tour(clinic: &Clinic, viewer: &str, size: Size, look: (&str, Look), seed: u64) {
    let mut console = clinic.console_with(Some(viewer), size, look.1);
    let mut story: Vec<String> = Vec::new();
    let mut tried = BTreeSet::new();
    let other = if look.1.glyphs == Glyphs::Ascii { "z" } else { "山" };
    let words: Vec<String> = ["1", other, "e", "x", "Wwww", ""].map(str::to_owned).into();
    let far = Far { places: 20, commands: 3, answers: 2, whatever: 0 };
    let mut check = |console: &mut Headless, act: &explore::Act| {
        act.on(console);
        story.push(act.told());
        whole(console, || format!("{viewer} at {size:?}, {}, seed {seed}, after {}", look.0, story.join(" ")));
        if look.1.glyphs == Glyphs::Ascii {
            assert!(console.text().is_ascii(), "not ASCII after {}\n{}", story.join(" "), console.text());
        }
        !console.is_done()
    };
    walk(&mut console, &mut ChaCha8Rng::seed_from_u64(seed), &words, far, &mut tried, &mut check);
}

#[test]
fn nothing_runs_into_anything_at_any_size_and_in_any_theme() {
    let clinic = large(120, name);
    for (place, size) in SIZES.into_iter().enumerate() {
        for (number, look) in LOOKS.into_iter().enumerate().filter(|(_, (name, _))| *name != "ASCII") {
            let viewer = [OWNER, MIDDLE, FREELANCER][(place + number) % 3];
            tour(&clinic, viewer, size, look, (place * 10 + number) as u64);
        }
    }
}

#[test]
fn where_names_are_plain_an_ascii_console_is_ascii() {
    let clinic = large(0, plain_name);
    for size in SIZES {
        tour(&clinic, OWNER, size, LOOKS[5], 7);
    }
}

#[test]
fn empty_lists_say_what_to_do() {
    let clinic = clinic(0);
    for size in SIZES {
        for viewer in [OWNER, "freya@paws.example"] {
            tour(&clinic, viewer, size, LOOKS[0], 3);
        }
    }
}
