//! The rules themselves, and how they are spoken.

use super::paths::{Named, Token, named, tokens};

/// The rooms, each with its floor. A room uses only rooms on lower floors (and itself).
const FLOORS: &[(&str, u32)] =
    &[("model", 0), ("authz", 1), ("exchange", 1), ("store", 2), ("service", 3), ("tui", 4), ("host", 5), ("cli", 6)];

/// Outside crates with the places that may name them: rooms end in `/`, the others are files.
const CRATES: &[(&str, &[&str])] = &[
    ("ratatui", &["tui/", "host/"]),
    ("tui_tree_widget", &["tui/"]),
    ("crossterm", &["tui/", "host/"]),
    ("tui_input", &["tui/"]),
    ("nucleo_matcher", &["tui/"]),
    ("termina", &["host/"]),
    ("rustix::termios", &["host/"]),
    ("signal_hook", &["host/"]),
    ("tokio", &["host/"]),
    ("russh", &["host/ssh.rs"]),
    ("sled", &["store/index/db.rs"]),
    ("bincode", &["store/codec.rs"]),
    ("clap", &["cli/"]),
    ("clap_complete", &["cli/"]),
    ("clap_mangen", &["cli/"]),
    ("csv", &["exchange/"]),
    ("jsonc_parser", &["exchange/"]),
    ("toml", &["exchange/", "model/catalog.rs", "model/shipped.rs"]),
    ("argon2", &["service/"]),
    ("anyhow", &["cli/", "host/", "main.rs"]),
];

/// What `model` and `authz` never do.
const IMPURE: &[(&str, &str)] = &[
    ("std::fs", "does no I/O"),
    ("std::io", "does no I/O"),
    ("std::net", "does no I/O"),
    ("std::env", "does no I/O"),
    ("std::process", "does no I/O"),
    ("std::thread", "does no I/O"),
    ("rustix", "does no I/O"),
    ("std::time::SystemTime", "reads no clock"),
    ("std::time::Instant", "reads no clock"),
    ("jiff::Timestamp::now", "reads no clock"),
    ("jiff::Zoned::now", "reads no clock"),
    ("Timestamp::now", "reads no clock"),
    ("Zoned::now", "reads no clock"),
    ("SystemTime::now", "reads no clock"),
    ("Instant::now", "reads no clock"),
    ("getrandom", "throws no dice"),
    ("rand", "throws no dice"),
];

/// The one function that makes the witness of the program itself.
const SYSTEM: &str = "for_the_data_directory";
const WITNESSES: &str = "authz/witness.rs";

/// What is wrong with a file of `src/`; each complaint names the place.
pub fn complaints(file: &str, source: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    let room = room_of(file);
    let floor = floor(room);
    if floor.is_none() && room != "lib.rs" && room != "main.rs" {
        wrong.push(format!("src/{file}:1: {room} is no room of the house; add it to FLOORS, or put the file in one"));
        return wrong;
    }
    let tokens = tokens(source);
    for path in named(&tokens, &module(file)) {
        let place = format!("src/{file}:{}", path.line);
        wrong.extend(climbs(room, floor, &path).map(|what| format!("{place}: {what}")));
        if !path.in_test && !is_test(file) {
            wrong.extend(outside(file, room, &path.segments).map(|what| format!("{place}: {what}")));
        }
    }
    wrong.extend(global_state(file, &tokens));
    wrong
}

/// Does a file ask for the `System` witness? The file that makes it and tests don't count.
pub fn makes_system(file: &str, source: &str) -> bool {
    file != WITNESSES
        && !is_test(file)
        && named(&tokens(source), &module(file))
            .iter()
            .any(|path| !path.in_test && path.segments.iter().any(|segment| segment == SYSTEM))
}

fn room_of(file: &str) -> &str {
    file.split('/').next().unwrap_or(file)
}

fn floor(room: &str) -> Option<u32> {
    FLOORS.iter().find(|(name, _)| *name == room).map(|(_, floor)| *floor)
}

/// A file of unit tests, by its name.
fn is_test(file: &str) -> bool {
    file.split('/').any(|part| part == "tests" || part == "tests.rs" || part.ends_with("_tests.rs"))
}

fn module(file: &str) -> Vec<String> {
    let path = file.strip_suffix(".rs").unwrap_or(file);
    let mut parts: Vec<String> = path.split('/').map(str::to_owned).collect();
    if parts.last().is_some_and(|last| last == "mod" || last == "lib" || last == "main") {
        parts.pop();
    }
    parts
}

fn climbs(room: &str, floor_here: Option<u32>, path: &Named) -> Option<String> {
    let mut segments = path.segments.iter().map(String::as_str);
    if !matches!(segments.next(), Some("crate" | "rolecall")) {
        return None;
    }
    let there = segments.next().unwrap_or("*");
    if there == "*" {
        return Some("takes in the whole crate; name the room".to_owned());
    }
    let (floor_there, floor_here) = (floor(there)?, floor_here?);
    let allowed = there == room || floor_there < floor_here;
    (!allowed).then(|| format!("{room} may not use {there} ({}): it isn't on a floor below", path.segments.join("::")))
}

fn outside(file: &str, room: &str, segments: &[String]) -> Option<String> {
    let path = segments.join("::");
    let begins = |with: &str| path == with || path.starts_with(&format!("{with}::"));
    for (name, places) in CRATES {
        let allowed =
            places.iter().any(|place| if place.ends_with('/') { file.starts_with(place) } else { file == *place });
        if begins(name) && !allowed {
            return Some(format!("{name} may be named in {} alone", places.join(", ")));
        }
    }
    if room == "model" || room == "authz" {
        let broken = IMPURE.iter().find(|(with, _)| begins(with));
        return broken.map(|(with, rule)| format!("{room} {rule}, but names {with}"));
    }
    None
}

/// Does `#[cfg(test)]` stand right before the attribute whose word is at this place?
fn is_for_tests(tokens: &[Token], at: usize) -> bool {
    let before: Vec<&str> = tokens[at.saturating_sub(9)..at].iter().map(|token| token.text.as_str()).collect();
    before.join("") == "#[cfg(test)]#["
}

/// Many sessions live in one process: nothing that changes may belong to all of it.
fn global_state(file: &str, tokens: &[Token]) -> Vec<String> {
    // A `OnceLock` or `LazyLock` is a constant that is worked out late: allowed.
    const CHANGES: &[&str] = &["mut", "Mutex", "RwLock", "Cell", "RefCell", "ArcSwap"];
    let mut wrong = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let next = tokens.get(at + 1).map_or("", |token| token.text.as_str());
        let before = at.checked_sub(1).and_then(|place| tokens.get(place)).map_or("", |token| token.text.as_str());
        let place = format!("src/{file}:{}", token.line);
        match token.text.as_str() {
            // The token of a lifetime is a single ', so this is never `'static`.
            "static" if before != "'" => {
                let item = tokens[at..].iter().take_while(|token| token.text != "=" && token.text != ";");
                if item.skip(1).any(|t| CHANGES.contains(&t.text.as_str()) || t.text.starts_with("Atomic")) {
                    wrong.push(format!(
                        "{place}: process-wide state that changes; give it to the engine or the session"
                    ));
                }
            }
            "thread_local" if next == "!" => {
                wrong.push(format!("{place}: process-wide state that changes; give it to the engine or the session"));
            }
            "include" if next == "!" => wrong.push(format!("{place}: include! hides code from this test")),
            "path" if before == "[" && next == "=" && !is_for_tests(tokens, at) => {
                wrong.push(format!("{place}: #[path] hides where code is from this test"));
            }
            _ => {}
        }
    }
    wrong
}
