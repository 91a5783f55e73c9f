//! The permission matrix, by keyboard.

mod live;
mod looks;
mod rights;
mod speed;
mod stage;

use rolecall::host::headless::Headless;
use rolecall::model::RoleType;
use rolecall::service::edit_roles::NewRole;

use crate::harness::{Clinic, ENTER, OWNER};

pub const SAVE: &str = "\x13";
pub const BACKSPACE: &str = "\x7f";

/// A console at the matrix.
pub fn matrix(clinic: &Clinic, email: &str) -> Headless {
    let mut console = clinic.console(email);
    open(&mut console);
    console
}

pub fn open(console: &mut Headless) {
    console.keys(":").keys("permission matrix").keys(ENTER);
}

/// Shows only what this finds, and stands on the first row of it.
pub fn find(console: &mut Headless, text: &str) {
    console.keys("c").keys("/").keys(text).keys(ENTER).keys("gj").wait(std::time::Duration::from_secs(15));
}

/// Shows only these roles.
pub fn roles(console: &mut Headless, names: &[&str]) {
    console.keys("f");
    for name in names {
        // A space chooses, so names are typed without theirs.
        console.keys("\x15").keys(name.replace(' ', "")).keys(" ");
    }
    console.keys(ENTER);
}

/// Stands on one cell: only its row and its role are shown.
pub fn at(console: &mut Headless, role: &str, code: &str) {
    find(console, code);
    roles(console, &[role]);
}

/// Roles with the Task Manager and nothing else, after all others.
pub fn add_roles(clinic: &Clinic, names: &[&str]) {
    for name in names {
        let new = NewRole {
            name: (*name).to_owned(),
            manager: "Account Owner".to_owned(),
            role_type: RoleType::User,
            ..NewRole::default()
        };
        clinic.engine.acting_as(OWNER).unwrap().add_role(&new).unwrap();
    }
}

/// What a role holds, as everybody may read it: `Yes`, `Owned by me` …
pub fn holds(clinic: &Clinic, role: &str, code: &str) -> String {
    let matrix = clinic.engine.acting_as(OWNER).unwrap().matrix().unwrap();
    let column = matrix.columns().iter().position(|column| column.name() == role).unwrap();
    let row = matrix.rows().iter().position(|row| row.code == code).unwrap();
    let board = rolecall::service::matrix::Board::new(matrix);
    board.value(row, column).unwrap().label().to_owned()
}

/// Asserts that the frame says this, over however many lines.
#[track_caller]
pub fn says(console: &Headless, text: &str) {
    let words = |text: &str| text.replace('│', " ").split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words(&console.text()).contains(&words(text)), "doesn't say {text:?}:\n{}", console.text());
}

/// The line of the frame that begins with this permission.
#[track_caller]
pub fn line(console: &Headless, label: &str) -> String {
    let text = console.text();
    let found = text.lines().skip(6).find(|line| line.trim_start_matches([' ', '▌', '>']).starts_with(label));
    found.unwrap_or_else(|| panic!("no line {label:?} in\n{text}")).to_owned()
}
