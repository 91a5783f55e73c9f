//! The idle lock: a console that nobody touches covers everything and asks for the password.

use std::time::Duration;

use rolecall::exchange::team_file::Format;
use rolecall::host::headless::Headless;
use rolecall::service::Password;
use rolecall::service::setup::NewAccount;
use rolecall::tui::App;

use crate::harness::{Clinic, DARK, ENTER, SMALL, empty, hides, shows};

const EMAIL: &str = "ida@lock.example";
const PASSWORD: &str = "three geese on a roof";

fn account() -> Clinic {
    let clinic = empty();
    let new = NewAccount {
        account: "Lock".to_owned(),
        owner_name: "Ida Idle".to_owned(),
        owner_email: EMAIL.to_owned(),
        password: Some(Password::new(PASSWORD)),
    };
    clinic.engine.create_account(&new).unwrap();
    clinic
}

/// Ida, signed in, at a console that locks after a minute.
fn signed_in(clinic: &Clinic) -> Headless {
    let engine = clinic.engine.clone();
    let start = rolecall::tui::Start {
        open: Box::new(move |_| Ok(engine)),
        persona: None,
        look: DARK,
        size: SMALL,
        wake: std::sync::Arc::new(|| true),
    };
    let mut console = Headless::new(App::new(start).idle_after(Some(Duration::from_secs(60))), SMALL).unwrap();
    console.run_jobs();
    console.keys(EMAIL).keys(ENTER).keys(PASSWORD).keys(ENTER);
    shows(&console, "What you may do");
    console
}

#[test]
fn after_a_while_everything_is_covered_and_what_was_typed_is_kept() {
    let clinic = account();
    let mut console = signed_in(&clinic);
    console.keys("2").keys("/").keys("half a na");
    console.wait(Duration::from_secs(59));
    shows(&console, "half a na");
    console.keys("m").wait(Duration::from_secs(59));
    shows(&console, "half a nam");
    console.wait(Duration::from_secs(2));
    shows(&console, "Locked");
    for word in ["half a nam", "Users", "Ida", "Lock ›", "Home", "commands"] {
        hides(&console, word);
    }
    console.keys("not it").keys(ENTER);
    shows(&console, "The password is wrong.");
    hides(&console, "not it");
    console.keys(PASSWORD).keys(ENTER);
    shows(&console, "half a nam");
    hides(&console, "Locked");
}

#[test]
fn a_key_that_comes_too_late_does_nothing_but_meet_the_lock() {
    let clinic = account();
    let mut console = signed_in(&clinic);
    // The timer was late: the key itself is the first that happens.
    console.wait(Duration::from_secs(30)).keys("2");
    shows(&console, "› Users");
    console.wait(Duration::from_secs(61)).keys(":").keys("home").keys(ENTER);
    shows(&console, "The password is wrong.");
    console.keys("\x1b[200~three geese on a roof\x1b[201~").keys(ENTER);
    shows(&console, "› Users");
}

/// What lies under it doesn't show in any way: two consoles on different screens look alike.
#[test]
fn the_lock_shows_nothing_of_what_is_under_it() {
    let clinic = account();
    let (mut one, mut other) = (signed_in(&clinic), signed_in(&clinic));
    one.keys("3").keys("?");
    other.keys("2").keys("/").keys("xyz");
    for console in [&mut one, &mut other] {
        console.wait(Duration::from_secs(61));
    }
    assert_eq!(one.frame(), other.frame());
    for console in [&mut one, &mut other] {
        console.keys("\x03");
        shows(console, "Press Ctrl-C again to quit. What isn't saved is lost.");
    }
    assert_eq!(one.frame(), other.frame());
    one.keys("\x03");
    assert!(one.is_done());
    other.keys("a").keys("\x0f").keys("\x0f");
    shows(&other, "Signed out.");
    shows(&other, "Sign in with your email");
}

#[test]
fn wrong_passwords_make_it_wait_as_at_the_sign_in() {
    let clinic = account();
    let mut console = signed_in(&clinic);
    console.wait(Duration::from_secs(61));
    for _ in 0..3 {
        console.keys("no, not this one").keys(ENTER);
    }
    console.keys(PASSWORD).keys(ENTER);
    shows(&console, "try again in 1 s");
    clinic.clock.advance(1_001);
    console.keys(PASSWORD).keys(ENTER);
    shows(&console, "What you may do");
}

/// R16: whoever loses their access under the lock is signed out there too.
#[test]
fn a_revocation_reaches_a_locked_console_r16() {
    let clinic = account();
    let file = "[[users]]\nemail = \"pat@lock.example\"\nname = \"Pat\"\nrole = \"User\"\n";
    clinic.engine.operator().apply_team("test", file, Format::Toml, false).map(drop).unwrap_or_else(|e| panic!("{e}"));
    let password = clinic.engine.operator().reset_password("pat@lock.example").unwrap();
    let pat = clinic.engine.sign_in("pat@lock.example", &password, None).unwrap().session;
    pat.change_password(&password, &Password::new("a boat with no oars")).unwrap();
    let mut console = signed_in(&clinic);
    console.keys(":").keys("sign out").keys(ENTER);
    console.keys("pat@lock.example").keys(ENTER).keys("a boat with no oars").keys(ENTER);
    console.wait(Duration::from_secs(61));
    shows(&console, "Locked");
    let file = "[[users]]\nemail = \"pat@lock.example\"\nrole = \"User\"\nstatus = \"revoked\"\n";
    clinic.engine.operator().apply_team("test", file, Format::Toml, false).map(drop).unwrap_or_else(|e| panic!("{e}"));
    console.changed();
    shows(&console, "Sign in with your email");
    hides(&console, "Locked");
}

#[test]
fn a_demo_and_a_door_are_never_locked() {
    let clinic = crate::harness::clinic(5);
    let mut console = clinic.console(crate::harness::OWNER);
    console.wait(Duration::from_secs(60 * 60));
    shows(&console, "What you may do");
    let account = account();
    let mut door = account.door();
    door.wait(Duration::from_secs(60 * 60));
    shows(&door, "Sign in with your email");
}
