//! R16: what changes elsewhere is here at once.

use rolecall::exchange::team_file::Format;

use crate::harness::{Clinic, OWNER, clinic, hides, shows};

fn apply(clinic: &Clinic, file: &str) {
    clinic
        .engine
        .operator()
        .apply_team("test", file, Format::Toml, false)
        .map(|_| ())
        .unwrap_or_else(|e| panic!("{e}"));
}

#[test]
fn r16_a_screen_that_is_no_longer_allowed_goes_away_without_signing_in_again() {
    let clinic = clinic(20);
    let mut console = clinic.console("sam@paws.example");
    console.keys(":").keys("go to contacts").keys("\r");
    shows(&console, "› Contacts");
    apply(
        &clinic,
        "[[roles]]\nname = \"Vet Tech\"\nmanager = \"Vet\"\n[roles.features]\n\"contacts.access\" = \"no\"\n",
    );
    console.changed();
    shows(&console, "Your access was changed");
    hides(&console, "Contacts");
    shows(&console, "What you may do");
}

#[test]
fn r16_a_changed_role_label_is_drawn_anew_and_unsaved_text_is_kept() {
    let clinic = clinic(20);
    let mut console = clinic.console(OWNER);
    console.keys("2").keys("/").keys("sam");
    shows(&console, "Vet Tech");
    apply(&clinic, "[[users]]\nemail = \"sam@paws.example\"\nrole = \"Reception\"\n");
    console.changed();
    shows(&console, "/ sam");
    shows(&console, "Reception");
    hides(&console, "Vet Tech");
}

#[test]
fn r16_a_reset_of_the_password_ends_the_session() {
    let clinic = clinic(5);
    let mut console = clinic.console("sam@paws.example");
    clinic.engine.operator().reset_password("sam@paws.example").unwrap();
    console.changed();
    shows(&console, "Sign in with your email");
    shows(&console, "You are signed out: your access was changed.");
    hides(&console, "Sam Smith");
}
