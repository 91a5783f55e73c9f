//! Prints a team file that is hard to draw: the widest names, two hundred roles, a tree twelve deep.
//! With `plain` after it, the names are ASCII.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stdout, missing_docs, dead_code)]

#[path = "../tests/large_team/mod.rs"]
mod large_team;

fn main() {
    let plain = std::env::args().any(|argument| argument == "plain");
    print!("{}", large_team::team_file(if plain { large_team::plain_name } else { large_team::name }));
}
