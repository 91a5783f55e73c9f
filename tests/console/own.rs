//! One's own details and password, for everybody; and what opening found, for whoever it concerns.

use std::sync::Arc;

use rolecall::host::headless::Headless;
use rolecall::service::clock::{Chance, FixedClock};
use rolecall::service::setup::NewAccount;
use rolecall::service::{Engine, Password};
use rolecall::store::Options;
use rolecall::tui::{App, Start};

use crate::harness::{DARK, ENTER, OWNER, OWNER_PASSWORD, SMALL, clinic, hides, noon, shows};

const SAVE: &str = "\x13";

/// 002-35: every persona changes their own details, and nothing that decides access.
#[test]
fn everybody_changes_their_own_details_002_35() {
    let clinic = clinic(5);
    for email in [OWNER, "kim@paws.example", "sam@paws.example", "freya@paws.example", "paula@brightagency.example"] {
        let mut console = clinic.console(email);
        shows(&console, "e my details");
        console.keys("e");
        shows(&console, "My details");
        let before = clinic.engine.operator().user_detail(email).unwrap();
        // Role and manager can be read, not changed.
        console.keys("\x1b[B\x1b[B\x1b[B\x1b[B\x1b[B").keys("Account Owner");
        shows(&console, "Somebody who manages users changes this.");
        console.keys("\x1b[A\x1b[A\x1b[A\x1b[A\x1b[A").keys("\x15Somebody Else").keys(ENTER);
        console.keys("\x15Desk").keys(ENTER).keys("\x15nobody").keys(SAVE);
        shows(&console, "isn't an email address");
        console.keys("@paws.example").keys(ENTER).keys("\x15de").keys(SAVE);
        shows(&console, "Your details are changed.");
        let after = clinic.engine.operator().user_detail(email).unwrap();
        assert_eq!(after.row.name, "Somebody Else", "{email}");
        assert_eq!(after.email_from_name.as_deref(), Some("Desk"));
        assert_eq!(after.reply_to.as_deref(), Some("nobody@paws.example"));
        assert_eq!(after.language.as_deref(), Some("de"));
        assert_eq!((after.row.role, after.row.manager_email), (before.row.role, before.row.manager_email));
        console.changed();
        shows(&console, "Somebody Else");
        // The palette has it everywhere.
        console.keys("2").keys(":").keys("my details").keys(ENTER);
        shows(&console, "About me");
        console.esc();
        shows(&console, "› Users");
    }
}

/// 002-35: and the password, with the one that they have.
#[test]
fn everybody_changes_their_own_password_002_35() {
    let clinic = clinic(5);
    let mut console = clinic.console(OWNER);
    console.keys(":").keys("change my password").keys(ENTER);
    console
        .keys("not it")
        .keys(ENTER)
        .keys("nine ducks in the rain")
        .keys(ENTER)
        .keys("nine ducks in the rain")
        .keys(ENTER);
    shows(&console, "The current password is wrong.");
    console.keys("\x15").keys(OWNER_PASSWORD).keys(SAVE);
    shows(&console, "Your password is changed.");
    assert!(clinic.engine.sign_in(OWNER, &Password::new("nine ducks in the rain"), None).is_ok());
}

fn open(path: &std::path::Path) -> Arc<Engine> {
    let clock = Arc::new(FixedClock::at(noon()));
    Engine::open_with(path, Options { index: false, ..Options::default() }, clock, Chance::seeded(7), false).unwrap()
}

#[test]
fn what_opening_found_is_told_to_whoever_manages_the_account() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("data");
    let engine = open(&path);
    let new = NewAccount {
        account: "Found".to_owned(),
        owner_name: "Fay Found".to_owned(),
        owner_email: "fay@found.example".to_owned(),
        password: Some(Password::new("a lamp in the window")),
    };
    engine.create_account(&new).unwrap();
    let file = "[[users]]\nemail = \"uwe@found.example\"\nname = \"Uwe\"\nrole = \"User\"\n";
    let format = rolecall::exchange::team_file::Format::Toml;
    engine.operator().apply_team("test", file, format, false).map(drop).unwrap_or_else(|error| panic!("{error}"));
    let temporary = engine.operator().reset_password("uwe@found.example").unwrap();
    drop(engine);
    // A power cut in the middle of a change.
    let journal = std::fs::read_dir(path.join("journal")).unwrap().map(|entry| entry.unwrap().path()).max().unwrap();
    let mut bytes = std::fs::read(&journal).unwrap();
    bytes.extend([0x52; 11]);
    std::fs::write(&journal, bytes).unwrap();
    let engine = open(&path);
    assert_eq!(engine.findings().len(), 1);
    let uwe = engine.sign_in("uwe@found.example", &temporary, None).unwrap().session;
    uwe.change_password(&temporary, &Password::new("a lamp in the other window")).unwrap();
    let console = |email: &str, password: &str| {
        let engine = Arc::clone(&engine);
        let open = Box::new(move |_: &_| Ok(engine));
        let app = App::new(Start { open, persona: None, look: DARK, size: SMALL, wake: Arc::new(|| true) });
        let mut console = Headless::new(app, SMALL).unwrap();
        console.run_jobs();
        console.keys(email).keys(ENTER).keys(password).keys(ENTER);
        console
    };
    let mut fay = console("fay@found.example", "a lamp in the window");
    shows(&fay, "Found and mended");
    shows(&fay, "was under way when rolecall last stopped");
    fay.esc();
    shows(&fay, "What you may do");
    hides(&fay, "Found and mended");
    fay.keys("2").keys("1");
    hides(&fay, "Found and mended");
    let uwe = console("uwe@found.example", "a lamp in the other window");
    shows(&uwe, "What you may do");
    hides(&uwe, "Found and mended");
}
