//! rolecall measured beside its peers, in one run on one machine.
//!
//! `cargo run --release --manifest-path benches/peers/Cargo.toml -- all` measures everything and
//! writes `benches/README.md` and the plot. Parts can be measured apart (`-- checks lists`); what each
//! said last is kept in `benches/peers/results/`, and the table is made of all of them. `--quick`
//! takes fewer rounds and leaves out ten million records; `table` only writes the table anew. `--try` goes
//! through everything with few records, to see that it works, and keeps nothing.
//!
//! Nothing here is timed before all sides were seen to give the same answers.

mod checks;
mod commit;
mod engines;
mod impact;
mod import;
mod keys;
mod lists;
mod machine;
mod measure;
mod memory;
mod plot;
mod pty;
mod result;
mod shapes;
mod sqlite;
mod start;
mod table;
mod world;

use std::time::Instant;

use measure::Effort;
use result::Part;

/// A part of the table: its name, and what measures it.
type Measure = fn(&Effort) -> Part;

const PARTS: &[(&str, Measure)] = &[
    ("checks", checks::run),
    ("lists", lists::run),
    ("impact", impact::run),
    ("keys", keys::run),
    ("start", start::run),
    ("commit", commit::run),
    ("memory", memory::run),
    ("import", import::run),
];

fn usage() -> ! {
    let names: Vec<&str> = PARTS.iter().map(|(name, _)| *name).collect();
    eprintln!("usage: peers [--quick | --try] all | table | PART…\nparts: {}", names.join(", "));
    std::process::exit(2);
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // Some things are measured in a process of their own, which is this program again.
    if arguments.first().is_some_and(|first| first == "child") {
        return memory::child(&arguments[1..]);
    }
    let flag = |name: &str| arguments.iter().any(|argument| argument == name);
    let effort = match (flag("--try"), flag("--quick")) {
        (true, _) => Effort::TRY,
        (false, true) => Effort::QUICK,
        (false, false) => Effort::WHOLE,
    };
    let wanted: Vec<&str> = arguments.iter().map(String::as_str).filter(|a| !a.starts_with("--")).collect();
    let known = |name: &&str| ["all", "table"].contains(name) || PARTS.iter().any(|(part, _)| part == name);
    if wanted.is_empty() || !wanted.iter().all(known) {
        usage();
    }
    for (name, run) in PARTS.iter().filter(|(name, _)| wanted.contains(name) || wanted.contains(&"all")) {
        eprintln!("== {name}");
        let began = Instant::now();
        let part = run(&effort);
        eprintln!("== {name} took {:.0} s", began.elapsed().as_secs_f64());
        if flag("--try") {
            println!("{}", table::of(&[(name, part)]));
        } else {
            part.keep(name);
        }
    }
    if flag("--try") {
        return;
    }
    let parts: Vec<(&str, Part)> = PARTS.iter().filter_map(|(name, _)| Some((*name, Part::kept(name)?))).collect();
    plot::draw(&parts);
    table::write(&parts);
}
