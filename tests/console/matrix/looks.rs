//! How it looks: sizes, colours, signs; narrowing and folding.

use rolecall::tui::theme::{Depth, Glyphs, Look, Scheme};

use super::{add_roles, find, line, matrix, open, roles};
use crate::harness::{Clinic, DARK, ENTER, OWNER, SMALL, WIDE, clinic, hides, shows};

/// A board with every state in it: staged, void, narrowed, asked for, locked, decided elsewhere.
fn states(clinic: &Clinic, look: Look, size: rolecall::tui::event::Size) -> rolecall::host::headless::Headless {
    let mut console = clinic.console_with(Some(OWNER), size, look);
    open(&mut console);
    roles(&mut console, &["Account Owner", "Vet Tech", "Focused User", "Reception"]);
    console.keys("=").keys("role=\"Vet Tech\" perm=contacts.edit to=all").keys(ENTER);
    console.keys("=").keys("\x15").keys("role=Reception perm=contacts.vcard,contacts.google to=yes").keys(ENTER);
    console.keys("gjjl");
    console
}

#[test]
fn the_matrix_at_80x24_and_120x40() {
    let clinic = clinic(5);
    insta::assert_snapshot!("matrix_80x24", states(&clinic, DARK, SMALL).text());
    insta::assert_snapshot!("matrix_120x40", states(&clinic, DARK, WIDE).text());
    let mut range = states(&clinic, DARK, SMALL);
    range.keys("vjjl");
    insta::assert_snapshot!("matrix_range_80x24", format!("{}{}", range.text(), range.frame().styles()));
    let mut options = states(&clinic, DARK, SMALL);
    options.keys(ENTER);
    insta::assert_snapshot!("matrix_options_80x24", options.text());
    let mut reader = clinic.console_with(Some("sam@paws.example"), SMALL, DARK);
    open(&mut reader);
    insta::assert_snapshot!("matrix_read_only_80x24", reader.text());
}

/// Every state is told by a sign, so that it is there without colour and in plain characters too.
#[test]
fn every_state_is_told_without_colour_and_in_plain_characters() {
    let clinic = clinic(5);
    let signs = |look: Look| {
        let mut console = states(&clinic, look, SMALL);
        let mut seen = Vec::new();
        for _ in 0..14 {
            seen.push(console.text());
            console.keys("\x1b[6~");
        }
        seen.join("\n")
    };
    let plain = signs(Look { scheme: Scheme::Dark, depth: Depth::None, glyphs: Glyphs::Ascii });
    for sign in [
        "*All&Roles",
        "*Yes",
        " ask",
        " - ",
        "=Yes",
        "All>own",
        " x ",
        "(Own)",
        "[x] ",
        "[~] ",
        "[ ] ",
        "locked",
        "=person",
    ] {
        assert!(plain.contains(sign), "no {sign:?} in\n{plain}");
    }
    for glyph in ["∩", "→", "✘", "–", "▸", "▾", "›", "‹", "·", "…", "▌"] {
        assert!(!plain.contains(glyph), "{glyph} in\n{plain}");
    }
    let drawn = signs(DARK);
    for sign in ["*All∩Roles", "All→own", "✘", "–"] {
        assert!(drawn.contains(sign), "no {sign:?}");
    }
}

/// A conflict, a staged cell and the range differ by signs and weight where there is no colour.
#[test]
fn the_cursor_and_the_range_show_without_colour() {
    let clinic = clinic(5);
    let look = Look { scheme: Scheme::Dark, depth: Depth::None, glyphs: Glyphs::Ascii };
    let mut console = states(&clinic, look, SMALL);
    let styles = |console: &rolecall::host::headless::Headless| console.frame().styles();
    let still = styles(&console);
    console.keys("l");
    assert_ne!(still, styles(&console));
    console.keys("h").keys("vj");
    assert_ne!(still, styles(&console));
    shows(&console, "A range of 2 x 1 cells");
}

/// Both heads stay where they are while everything else moves.
#[test]
fn the_heads_stay_while_the_rest_scrolls_both_ways() {
    let clinic = clinic(5);
    let mut console = matrix(&clinic, OWNER);
    console.keys("]]]]").keys("\x1b[6~");
    shows(&console, "Manager");
    shows(&console, "locked");
    console.keys("\x1b[F");
    shows(&console, "Reception");
    hides(&console, "Administr");
    let last = console.text();
    console.keys("h").keys("l");
    assert_eq!(console.text(), last);
    console.resize(160, 45);
    shows(&console, "Account Owner");
    shows(&console, "Reception");
    console.resize(80, 24);
    shows(&console, "Reception");
}

/// Fuzzy filter of both axes, only differences, folding.
#[test]
fn rows_and_roles_are_narrowed() {
    let clinic = clinic(5);
    let mut console = matrix(&clinic, OWNER);
    console.keys("/").keys("xprt");
    shows(&console, "Can Export Lists");
    shows(&console, "Export deals");
    hides(&console, "Can view");
    console.esc();
    shows(&console, "Can view");
    console.keys("/").keys("zzzz");
    shows(&console, "No permission matches.");
    console.keys(ENTER).keys("y").keys(" ").keys("v").keys("Y").keys("c");
    console.wait(std::time::Duration::from_secs(15));
    roles(&mut console, &["Sales User", "Marketing"]);
    shows(&console, "shown, 14 in all");
    hides(&console, "Support");
    console.keys("d");
    shows(&console, "only differences");
    hides(&console, "Import contacts");
    console.keys("c");
    shows(&console, "Import contacts");
    console.keys("c");
    shows(&console, "All are shown already.");
    console.keys("Z");
    hides(&console, "Can view");
    shows(&console, "Reports");
    console.keys("gz");
    shows(&console, "Can view");
    console.keys("z");
    hides(&console, "Can view");
}

/// A range over folded headings is a range over what is folded into them.
#[test]
fn folded_areas_are_painted_as_what_they_hold() {
    let clinic = clinic(5);
    add_roles(&clinic, &["Newcomer"]);
    let mut console = matrix(&clinic, OWNER);
    roles(&mut console, &["Newcomer"]);
    console.keys("Z").keys("g").keys("vjjj").keys("y");
    shows(&console, "cells set");
    assert!(line(&console, "▸ Contacts  ").contains("[x] 9/9"), "{}", console.text());
    assert!(line(&console, "▸ Companies  ").contains("[x] 4/4"), "{}", console.text());
}

/// The help explains every sign.
#[test]
fn the_help_has_a_legend_of_the_signs() {
    let clinic = clinic(5);
    let mut console = matrix(&clinic, OWNER);
    console.keys("?");
    let mut seen = String::new();
    for _ in 0..6 {
        seen.push_str(&console.text());
        console.keys("\x1b[6~");
    }
    for text in ["Signs", "All∩Own", "can never hold it", "Staged, not saved", "[x] [~] [ ]", "Something else decides"]
    {
        assert!(seen.contains(text), "no {text:?} in\n{seen}");
    }
}

/// The whole keyboard, pressed at random places, never breaks it.
#[test]
fn keys_at_random_never_break_it() {
    let clinic = clinic(5);
    let keys = b"jjklhlyynrasoe0vV|YP=\x1b\r \tgGzZdtc]/f[u\x7fDJK\x02\x06";
    let mut seed = 7u64;
    for email in [OWNER, "sam@paws.example"] {
        let mut console = matrix(&clinic, email);
        for _ in 0..400 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let key = keys[(seed >> 33) as usize % keys.len()];
            console.keys([key]);
            if key == 0x1b {
                console.wait(std::time::Duration::from_millis(200));
            }
        }
        assert!(!console.is_done());
    }
    find(&mut matrix(&clinic, OWNER), "contacts");
}
