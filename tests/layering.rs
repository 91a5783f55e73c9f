//! The house rule: a room uses only rooms on floors below it, names only the outside crates that are
//! its own, and nobody but authz makes witnesses. `ARCHITECTURE.md` has the reasons.
//!
//! Beside it, `table` holds `tests/README.md` against the tests that there are.
//!
//! The test reads the source as text: `use` trees, paths in code, `self` and `super` followed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

#[path = "layering/paths.rs"]
mod paths;
#[path = "layering/rules.rs"]
mod rules;
#[path = "layering/table.rs"]
mod table;

use std::path::{Path, PathBuf};

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn no_import_climbs_and_no_crate_is_named_in_the_wrong_room() {
    let mut found = Vec::new();
    files(&source(), &mut found);
    found.sort();
    assert!(found.len() > 20, "the source wasn't found");
    let mut wrong = Vec::new();
    let mut makers = Vec::new();
    for path in found {
        let text = std::fs::read_to_string(&path).unwrap();
        let name = path.strip_prefix(source()).unwrap().to_str().unwrap().replace('\\', "/");
        wrong.extend(rules::complaints(&name, &text));
        if rules::makes_system(&name, &text) {
            makers.push(name);
        }
    }
    assert!(wrong.is_empty(), "{} broken house rules:\n{}", wrong.len(), wrong.join("\n"));
    assert!(makers.len() <= 1, "the System witness is asked for in more than one file: {makers:?}");
    assert!(makers.iter().all(|name| name.starts_with("service/")), "only service acts as the program: {makers:?}");
}

/// The test can fail: each made-up line breaks one rule, and the line beside it doesn't.
#[test]
fn broken_rules_are_found() {
    let cases: &[(&str, &str, &str)] = &[
        // The file, a line that breaks a rule there, and what must be said.
        ("model/team.rs", "use crate::authz::Snapshot;", "model may not use authz"),
        ("model/team.rs", "fn f() { let s = crate::store::open(); }", "model may not use store"),
        ("authz/decide.rs", "use crate::exchange::team_file;", "authz may not use exchange"),
        ("exchange/csv.rs", "pub use crate::authz::System;", "exchange may not use authz"),
        ("store/index.rs", "use crate::{model::Team, service::{Engine, Session}};", "store may not use service"),
        ("store/journal/mod.rs", "use super::super::tui::App;", "store may not use tui"),
        ("store/journal/mod.rs", "mod inner { use super::super::super::tui::App; }", "store may not use tui"),
        ("service/mod.rs", "fn f(a: crate::tui::App) {}", "service may not use tui"),
        ("tui/app.rs", "use crate::host::Terminal as T;", "tui may not use host"),
        ("host/local.rs", "use crate::cli;", "host may not use cli"),
        ("model/team.rs", "#[cfg(test)] mod tests { use crate::store::Store; }", "model may not use store"),
        ("tui/app.rs", "use crate::*;", "takes in the whole crate"),
        ("attic/box.rs", "fn f() {}", "is no room"),
        ("store/view.rs", "use sled::Db;", "sled"),
        ("store/view.rs", "fn f() -> sled::Result<()> { todo() }", "sled"),
        ("store/journal.rs", "use bincode::config;", "bincode"),
        ("service/session.rs", "use ratatui::Frame;", "ratatui"),
        ("cli/demo.rs", "use crossterm::{event, style};", "crossterm"),
        ("tui/keys.rs", "use termina::Event;", "termina"),
        ("tui/keys.rs", "use rustix::termios::tcgetattr;", "rustix::termios"),
        ("host/ssh.rs", "use clap::Parser;", "clap"),
        ("cli/import.rs", "use csv::Reader;", "csv"),
        ("service/apply.rs", "let t: toml::Table = toml::from_str(s)?;", "toml"),
        ("store/secrets.rs", "use argon2::Argon2;", "argon2"),
        ("service/engine.rs", "use anyhow::Result;", "anyhow"),
        ("model/team.rs", "use std::fs::File;", "no I/O"),
        ("authz/compile.rs", "let now = jiff::Timestamp::now();", "reads no clock"),
        ("authz/compile.rs", "use std::time::{Duration, SystemTime};", "reads no clock"),
        ("model/ids.rs", "let id = getrandom::u64();", "throws no dice"),
        ("store/view.rs", "static COUNT: AtomicU64 = AtomicU64::new(0);", "process-wide"),
        ("tui/app.rs", "static mut X: u8 = 0;", "process-wide"),
        ("tui/app.rs", "thread_local! { static X: Cell<u8> = Cell::new(0); }", "process-wide"),
        ("tui/app.rs", "#[path = \"../store/index.rs\"] mod index;", "#[path]"),
        ("tui/app.rs", "include!(\"../store/index.rs\");", "include!"),
    ];
    for (file, line, expected) in cases {
        let found = rules::complaints(file, line);
        assert!(found.iter().any(|complaint| complaint.contains(expected)), "{file}: {line}\n  said {found:?}");
        assert!(found[0].contains(&format!("src/{file}:1")), "no place in {found:?}");
    }
    assert!(rules::makes_system("cli/backup.rs", "let s = System::for_the_data_directory();"));
    assert!(rules::makes_system("cli/backup.rs", "let make = authz::System::for_the_data_directory;"));
}

#[test]
fn kept_rules_are_not_complained_about() {
    let cases: &[(&str, &str)] = &[
        ("authz/decide.rs", "use crate::model::{Team, User as Person};"),
        ("authz/judge/mod.rs", "use super::super::model::Team; use super::facts::Facts; use self::valid::check;"),
        ("store/view.rs", "use crate::authz::{Permit, View}; use crate::exchange::x; use std::fs::File;"),
        ("store/index/db.rs", "use sled::Db; fn f(e: sled::Error) {}"),
        ("store/codec.rs", "use bincode::config;"),
        ("model/catalog.rs", "let file = toml::from_str(text)?;"),
        ("model/shipped.rs", "fn f(e: toml::de::Error) {}"),
        ("exchange/team.rs", "use toml::Spanned; use csv::Reader; use jsonc_parser::parse;"),
        ("host/local.rs", "use crossterm::terminal; use ratatui::Terminal; use termina::Parser; use anyhow::Result;"),
        ("tui/app.rs", "use ratatui::Frame; use crate::service::Session;"),
        ("cli/mod.rs", "use clap::Parser; use crate::host::run; use anyhow::Context as _;"),
        ("main.rs", "use rolecall::cli; fn main() { rolecall::cli::run(); }"),
        ("lib.rs", "pub mod model; pub mod authz;"),
        // Not code: comments, documentation, strings, characters, lifetimes.
        (
            "model/team.rs",
            "/// Like `crate::store::Store`, see [`crate::tui::App`].\n// use crate::store::Store;\nfn f() {}",
        ),
        ("model/team.rs", "/* use crate::store; /* nested */ crate::tui::x() */ fn f() {}"),
        (
            "model/team.rs",
            "const S: &str = \"use crate::store::Store; // \\\" \"; const R: &str = r#\"crate::tui::x\"#;",
        ),
        ("model/team.rs", "fn f<'a>(x: &'a str) -> char { if x == \"crate::store::x\" { '\"' } else { '\\'' } }"),
        // Visibility names the crate without using it.
        ("model/team.rs", "pub(crate) fn f() {} pub(super) fn g() {}"),
        // A method that is called like a crate, a field, a local module.
        ("store/view.rs", "let x = self.sled().clap; x.toml();"),
        // The time as it is given, and constants.
        ("authz/compile.rs", "fn f(now: Moment) -> std::time::Duration { now.plus(1) }"),
        ("store/view.rs", "static NAMES: &[&str] = &[\"a\"]; fn f(x: &'static AtomicU64) {}"),
        ("store/codec.rs", "#[cfg(test)]\n#[path = \"codec/tests.rs\"]\nmod tests;"),
        ("service/passwords.rs", "static STAND_IN: OnceLock<String> = OnceLock::new();"),
        // Tests may read files and name a crate.
        ("model/shipped/tests.rs", "use std::fs::File; fn f() { let t: toml::Table = x; }"),
        ("model/team.rs", "#[cfg(test)] mod tests { use proptest::prelude; use std::fs::File; }"),
    ];
    for (file, line) in cases {
        let found = rules::complaints(file, line);
        assert!(found.is_empty(), "{file}: {line}\n  said {found:?}");
    }
    assert!(!rules::makes_system("authz/witness.rs", "pub fn for_the_data_directory() -> Self { Self(()) }"));
    assert!(!rules::makes_system("store/open.rs", "pub fn open(system: &System) {}"));
    assert!(!rules::makes_system("store/tests.rs", "let s = System::for_the_data_directory();"));
}
