//! First run, sign-in, temporary passwords, sign-out.

use std::time::Duration;

use rolecall::service::Password;

use crate::harness::{ENTER, OWNER, OWNER_PASSWORD, TAB, clinic, empty, hides, shows};

#[test]
fn the_first_frame_is_drawn_before_the_store_is_opened() {
    let clinic = clinic(1);
    let engine = std::sync::Arc::clone(&clinic.engine);
    let app = rolecall::tui::App::new(rolecall::tui::Start {
        open: Box::new(move |progress| {
            progress.set(1, 2);
            Ok(engine)
        }),
        persona: None,
        look: crate::harness::DARK,
        size: crate::harness::SMALL,
        wake: std::sync::Arc::new(|| true),
    });
    let mut console = rolecall::host::headless::Headless::new(app, crate::harness::SMALL).unwrap();
    shows(&console, "Opening…");
    console.run_jobs();
    shows(&console, "Sign in with your email");
}

#[test]
fn an_empty_directory_asks_for_the_account_and_its_owner_and_signs_them_in() {
    let place = empty();
    let mut console = place.door();
    shows(&console, "This data directory is empty");
    // Nothing filled in: every field says what it needs.
    console.keys(b"\x13");
    shows(&console, "Type a name for the account.");
    for text in ["Paws Clinic", "Olivia Hart", "olivia", "short", "shorter"] {
        console.keys(text).keys(TAB);
    }
    console.keys(b"\x13");
    shows(&console, "The two passwords differ");
    console.keys(b"\x15").keys("short").keys(b"\x13");
    shows(&console, "The owner's email");
    // The cursor went to the field that is wrong.
    console.keys("@paws.example").keys(b"\x13");
    shows(&console, "needs at least 12 characters");
    console.keys(b"\x15a walk in the park").keys(TAB).keys(b"\x15a walk in the park").keys(ENTER);
    shows(&console, "Olivia Hart · Account Owner");
    shows(&console, "What you may do");
    shows(&console, "The account is made.");
    hides(&console, "persona");
}

/// Enter on an email that isn't there says so, and the cursor stays; what is typed next is the email.
#[test]
fn signing_in_without_an_email_says_what_is_missing_and_stays_there() {
    let clinic = clinic(1);
    for nothing in ["", "  "] {
        let mut console = clinic.door();
        console.keys(nothing).keys(ENTER);
        shows(&console, "Type your email address.");
        hides(&console, "Type your password.");
        console.keys("\x15").keys(OWNER);
        shows(&console, OWNER);
        hides(&console, "Type your email address.");
        console.keys(ENTER).keys(OWNER_PASSWORD).keys(ENTER);
        shows(&console, "Olivia Hart · Account Owner");
    }
}

#[test]
fn signing_in_says_the_same_of_a_wrong_password_and_an_unknown_person() {
    let clinic = clinic(1);
    let mut known = clinic.door();
    known.keys(OWNER).keys(ENTER).keys("not the password").keys(ENTER);
    let mut unknown = clinic.door();
    unknown.keys("olivia@paws.exampl").keys("x").keys(ENTER).keys("not the password").keys(ENTER);
    shows(&known, "Email or password is wrong.");
    shows(&unknown, "Email or password is wrong.");
    assert_eq!(known.text().replace(OWNER, ""), unknown.text().replace("olivia@paws.examplx", ""));
}

#[test]
fn passwords_are_never_on_the_screen() {
    let clinic = clinic(1);
    let mut console = clinic.door();
    console.keys(OWNER).keys(ENTER).keys(OWNER_PASSWORD);
    hides(&console, "park");
    shows(&console, &"•".repeat(OWNER_PASSWORD.len()));
    let written = String::from_utf8_lossy(&console.written()).into_owned();
    assert!(!written.contains("park") && !written.contains("a walk"));
    console.keys(ENTER);
    shows(&console, "What you may do");
}

#[test]
fn the_growing_delay_is_shown_honestly_and_ends() {
    let clinic = clinic(1);
    let mut console = clinic.door();
    console.keys(OWNER).keys(ENTER);
    for _ in 0..3 {
        hides(&console, "The next try");
        console.keys("wrong wrong wrong").keys(ENTER);
    }
    // At once, not only when the next one is refused.
    shows(&console, "Email or password is wrong.");
    shows(&console, "The next try is possible in 1 s.");
    console.keys(OWNER_PASSWORD).keys(ENTER);
    shows(&console, "Too many failed tries.");
    shows(&console, "The next try is possible in 1 s.");
    console.wait(Duration::from_millis(1100));
    clinic.clock.advance(1100);
    shows(&console, "The next try is possible now.");
    console.keys("\x15").keys("wrong wrong wrong").keys(ENTER);
    shows(&console, "Email or password is wrong.");
    shows(&console, "The next try is possible in 2 s.");
    console.wait(Duration::from_millis(2100));
    clinic.clock.advance(2100);
    console.keys(OWNER_PASSWORD).keys(ENTER);
    shows(&console, "What you may do");
}

/// R21: a temporary password must be changed before anything else.
#[test]
fn r21_a_temporary_password_is_changed_before_anything_else() {
    let clinic = clinic(1);
    let temporary = clinic.engine.operator().reset_password("sam@paws.example").unwrap();
    let mut console = clinic.door();
    console.keys("sam@paws.example").keys(ENTER).keys(temporary.reveal()).keys(ENTER);
    shows(&console, "Your password is a temporary one.");
    hides(&console, "Home");
    console.keys("short").keys(ENTER).keys("short").keys(ENTER);
    shows(&console, "needs at least 12 characters");
    console.keys("\x15a bone in the garden").keys(TAB).keys("\x15a bone in the garden").keys(ENTER);
    shows(&console, "Sam Smith · Vet Tech");
    shows(&console, "Your password is changed.");
    let again = clinic.engine.sign_in("sam@paws.example", &Password::new("a bone in the garden"), None).unwrap();
    assert!(!again.must_change_password);
}

#[test]
fn everyone_changes_their_own_password_002_35() {
    let clinic = clinic(1);
    let mut console = clinic.console(OWNER);
    console.keys(":").keys("change my pass").keys(ENTER);
    shows(&console, "Password now");
    console.keys("wrong").keys(TAB).keys("a bone in the garden").keys(TAB).keys("a bone in the garden").keys(ENTER);
    shows(&console, "The current password is wrong.");
    console.keys("\x15").keys(OWNER_PASSWORD).keys(b"\x13");
    shows(&console, "Your password is changed.");
    shows(&console, "What you may do");
}

#[test]
fn signing_out_leaves_nothing_of_the_person_behind() {
    let clinic = clinic(5);
    let mut console = clinic.console(OWNER);
    console.keys("4").keys(":").keys("sign out").keys(ENTER);
    shows(&console, "Sign in with your email");
    hides(&console, "Olivia");
    hides(&console, "Contacts");
    console.esc();
    shows(&console, "Sign in with your email");
}
