//! Going round the gate doesn't compile. Each file in `compile_fail/` tries one way; its `.stderr`
//! is what the compiler answers, naming the witness that is missing; its twin does the same thing
//! the right way, and is compiled here as a part of this test.
//!
//! After a change of words only: `TRYBUILD=overwrite cargo test --test compile_fail`, and read what
//! it wrote.
#![allow(missing_docs, dead_code)]

#[path = "compile_fail/admitted_twin.rs"]
mod admitted_twin;
#[path = "compile_fail/asking_twin.rs"]
mod asking_twin;
#[path = "compile_fail/constructor_twin.rs"]
mod constructor_twin;
#[path = "compile_fail/copy_twin.rs"]
mod copy_twin;
#[path = "compile_fail/history_twin.rs"]
mod history_twin;
#[path = "compile_fail/literal_twin.rs"]
mod literal_twin;
#[path = "compile_fail/rooms_twin.rs"]
mod rooms_twin;
#[path = "compile_fail/store_twin.rs"]
mod store_twin;
#[path = "compile_fail/tuple_twin.rs"]
mod tuple_twin;
#[path = "compile_fail/verdict_twin.rs"]
mod verdict_twin;

const TRIED: [&str; 10] =
    ["admitted", "asking", "constructor", "copy", "history", "literal", "rooms", "store", "tuple", "verdict"];

#[test]
fn going_round_the_gate_does_not_compile() {
    copy_twin::main();
    let cases = trybuild::TestCases::new();
    for name in TRIED {
        cases.compile_fail(format!("tests/compile_fail/{name}.rs"));
    }
}

/// Every file is tried, has a twin, and its expected answer names what is missing.
#[test]
fn every_way_round_is_tried() {
    let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/compile_fail");
    for entry in std::fs::read_dir(&here).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let (stem, ending) = name.rsplit_once('.').unwrap();
        let known = TRIED.contains(&stem.trim_end_matches("_twin"));
        assert!(known && ["rs", "stderr"].contains(&ending), "{name} is tried by nobody");
    }
    let witnesses =
        ["Permit", "Visible", "Columns", "Patch", "Admitted", "Verdict", "Audit", "Asking", "System", "private"];
    for name in TRIED {
        assert!(here.join(format!("{name}_twin.rs")).exists(), "{name} has no twin");
        let expected = std::fs::read_to_string(here.join(format!("{name}.stderr"))).unwrap();
        assert!(witnesses.iter().any(|witness| expected.contains(witness)), "{name}.stderr names no witness");
    }
}
