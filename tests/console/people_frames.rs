//! Frames of what is done with people, text and styles, at 80×24 and 120×40.

use rolecall::host::headless::Headless;

use crate::harness::{Clinic, DARK, ENTER, OWNER, SMALL, WIDE, clinic};

/// Each form, review and picker once.
fn tour(clinic: &Clinic, size: rolecall::tui::event::Size) -> String {
    let mut console: Headless = clinic.console_with(Some(OWNER), size, DARK);
    let mut frames = String::new();
    console.keys("2").keys("/").keys("sam@").keys(ENTER);
    for (name, keys) in [
        ("details", "\r"),
        ("exceptions", "]"),
        ("change an exception", "\r"),
        ("records owned", "\x1b]"),
        ("role", "r"),
        ("manager", "\x03m"),
        ("new exception", "\x03a"),
        ("edit", "\x1be"),
        ("revoke", "\x1bv"),
        ("reset", "\x03p"),
        ("ownership", "\x03O"),
        ("new user", "\x1bn"),
        ("what is wrong", "\x13"),
        ("mine", "\x1b1e"),
    ] {
        // Esc counts once nothing follows it.
        match keys.strip_prefix('\x1b') {
            Some(rest) => console.esc().keys(rest),
            None => console.keys(keys),
        };
        frames.push_str(&format!("── {name}\n{}", console.text()));
    }
    frames
}

#[test]
fn every_form_about_people() {
    let clinic = clinic(60);
    insta::assert_snapshot!("people_80x24", tour(&clinic, SMALL));
    insta::assert_snapshot!("people_120x40", tour(&clinic, WIDE));
    let mut console = clinic.console_with(Some(OWNER), SMALL, DARK);
    console.keys("2").keys("/").keys("sam@").keys(ENTER).keys(ENTER).keys("]");
    insta::assert_snapshot!("people_styles", console.frame().styles());
}
