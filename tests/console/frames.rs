//! Frames, text and styles, at 80×24 and 120×40.

use rolecall::host::headless::Headless;
use rolecall::tui::theme::{Depth, Glyphs, Look, Scheme};

use crate::harness::{Clinic, DARK, ENTER, OWNER, SMALL, WIDE, clinic};

/// Goes to every screen and shows each.
fn tour(console: &mut Headless) -> String {
    let mut frames = String::new();
    for (name, keys) in [
        ("home", "1"),
        ("users", "2"),
        ("user", "\x1b[B\r"),
        ("roles", "3"),
        ("role", "\x1b[B\x1b[B\r"),
        ("contacts", "4"),
        ("contact", "\x1b[B\r"),
        ("deals", "6"),
        ("palette", ":"),
        ("help", "\x03?"),
        ("persona", "\x03@"),
        ("look", "\x03\x14"),
    ] {
        console.keys(keys);
        frames.push_str(&format!("── {name}\n{}", console.text()));
    }
    frames
}

fn at(clinic: &Clinic, email: &str) -> (Headless, Headless) {
    (clinic.console_with(Some(email), SMALL, DARK), clinic.console_with(Some(email), WIDE, DARK))
}

#[test]
fn every_screen_of_the_owner() {
    let clinic = clinic(60);
    let (mut small, mut wide) = at(&clinic, OWNER);
    insta::assert_snapshot!("owner_80x24", tour(&mut small));
    insta::assert_snapshot!("owner_120x40", tour(&mut wide));
}

#[test]
fn every_screen_of_a_vet_tech() {
    let clinic = clinic(60);
    let (mut small, mut wide) = at(&clinic, "sam@paws.example");
    insta::assert_snapshot!("vet_tech_80x24", tour(&mut small));
    insta::assert_snapshot!("vet_tech_120x40", tour(&mut wide));
}

#[test]
fn styles_of_a_list_in_each_theme() {
    let clinic = clinic(20);
    let mut frames = String::new();
    for (name, scheme, depth, glyphs) in [
        ("dark", Scheme::Dark, Depth::True, Glyphs::Unicode),
        ("light 256", Scheme::Light, Depth::Ansi256, Glyphs::Unicode),
        ("high contrast", Scheme::HighContrast, Depth::True, Glyphs::Unicode),
        ("16 colours", Scheme::Dark, Depth::Ansi16, Glyphs::Ascii),
        ("no colour", Scheme::Dark, Depth::None, Glyphs::Ascii),
    ] {
        let mut console = clinic.console_with(Some(OWNER), SMALL, Look { scheme, depth, glyphs });
        console.keys("2");
        frames.push_str(&format!("── {name}\n{}{}", console.text(), console.frame().styles()));
    }
    insta::assert_snapshot!("users_in_each_theme", frames);
}

#[test]
fn without_colour_there_is_none_in_the_bytes_either() {
    let clinic = clinic(5);
    let look = Look { scheme: Scheme::Dark, depth: Depth::None, glyphs: Glyphs::Ascii };
    let mut console = clinic.console_with(Some(OWNER), SMALL, look);
    let _ = tour(&mut console);
    let written = String::from_utf8(console.written()).unwrap();
    for colour in ["\x1b[38;2", "\x1b[48;2", "\x1b[38;5", "\x1b[48;5"] {
        let found = written.find(colour).map(|place| written[place..].chars().take(20).collect::<String>());
        assert_eq!(found, None, "a colour");
    }
    // Lines and marks are plain; only what people typed may be anything.
    assert!(!console.text().contains(['│', '─', '╭', '▌', '…', '·', '›']), "{}", console.text());
}

#[test]
fn each_frame_is_one_piece_between_the_marks_of_synchronized_output() {
    let clinic = clinic(5);
    let mut console = clinic.console_with(Some(OWNER), SMALL, DARK);
    console.written();
    console.keys("4");
    let written = String::from_utf8(console.written()).unwrap();
    assert!(written.starts_with("\x1b[?2026h") && written.ends_with("\x1b[?2026l"), "{written:?}");
    // The same state again writes nothing at all.
    console.changed();
    assert_eq!(String::from_utf8(console.written()).unwrap(), "");
}

#[test]
fn too_small_says_so_and_comes_back() {
    let clinic = clinic(5);
    let mut console = clinic.console_with(Some(OWNER), SMALL, DARK);
    console.keys("4");
    let before = console.text();
    console.resize(60, 20);
    insta::assert_snapshot!("too_small", console.text());
    console.resize(80, 24);
    assert_eq!(console.text(), before);
    console.keys(ENTER);
}
