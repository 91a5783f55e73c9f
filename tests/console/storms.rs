//! Whatever is typed, pasted or resized, the console stands.

use proptest::prelude::*;

use crate::harness::{ENTER, OWNER, clinic, shows};

#[test]
fn esc_leads_home_from_everywhere() {
    let clinic = clinic(30);
    let mut console = clinic.console(OWNER);
    for way in [
        ":",
        "?",
        "@",
        "\x14",
        "2/x",
        "2f",
        "2\r",
        "3\r",
        "3m",
        "4/dla",
        "4s",
        "4f",
        "4fstat\r",
        "4fcreated\r",
        "4\r\t",
        "4v",
        "4o",
        "4 o",
        "4a",
        "4p",
        "4t",
        "4*D",
        "4D",
        "4x",
        "4i",
        "4n",
        "4e",
        "4\re",
        "4Of",
    ] {
        console.keys(way);
        for _ in 0..6 {
            console.esc();
        }
        assert!(console.text().contains("Records Owned  "), "after {way:?}:\n{}", console.text());
    }
}

#[test]
fn a_storm_of_sizes_leaves_the_same_frame() {
    let clinic = clinic(30);
    let mut console = clinic.console(OWNER);
    console.keys("4");
    let before = console.text();
    for step in 0..60u32 {
        console.resize(step * 7919 % 700, step * 104_729 % 300);
    }
    console.resize(0, 0).resize(u32::MAX, u32::MAX).resize(80, 24);
    assert_eq!(console.text(), before);
}

#[test]
fn a_whole_file_pasted_as_keys_does_no_harm() {
    let clinic = clinic(30);
    let mut console = clinic.console(OWNER);
    let junk: String = ('\u{20}'..'\u{17F}').filter(|c| *c != 'q').collect::<String>().repeat(20);
    console.keys(format!("\x1b[200~{junk}\x1b[201~"));
    shows(&console, "What you may do");
    console.keys("2/").keys(format!("\x1b[200~{junk}\x1b[201~"));
    console.esc();
    shows(&console, "30 users");
}

#[test]
fn q_quits_and_gives_the_terminal_back() {
    let clinic = clinic(5);
    let mut console = clinic.console(OWNER);
    console.keys("4").keys("q");
    assert!(console.is_done());
    let mut console = clinic.door();
    console.keys(b"\x03");
    assert!(console.is_done());
    // In a text, q is a letter.
    let mut console = clinic.console(OWNER);
    console.keys("2/q").keys(ENTER);
    assert!(!console.is_done());
}

fn key() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "1",
        "2",
        "3",
        "4",
        "5",
        "6",
        ":",
        "?",
        "@",
        "/",
        "f",
        "s",
        "m",
        "c",
        "o",
        "a",
        "p",
        "t",
        "D",
        "O",
        "F",
        "v",
        "*",
        "r",
        "g",
        "G",
        "h",
        "j",
        "k",
        "l",
        " ",
        "\r",
        "\t",
        "\x1b[A",
        "\x1b[B",
        "\x1b[C",
        "\x1b[D",
        "\x1b[5~",
        "\x1b[6~",
        "\x1b[Z",
        "\x7f",
        "a",
        "é",
        "山",
        "\x15",
        "\x10",
        "\x14",
        "\x1b[200~x y\x1b[201~",
        "ESC",
        "SMALL",
        "WIDE",
        "TINY",
        "NEWS",
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(24) })]
    /// Random keys, sizes and news: never a panic, always a frame, and Esc always comes home.
    #[test]
    fn random_keys_never_break_it(keys in prop::collection::vec(key(), 1..60)) {
        thread_local!(static CLINIC: crate::harness::Clinic = clinic(40));
        CLINIC.with(|clinic| {
            let mut console = clinic.console("kim@paws.example");
            for key in &keys {
                match *key {
                    "ESC" => console.esc(),
                    "SMALL" => console.resize(80, 24),
                    "WIDE" => console.resize(160, 45),
                    "TINY" => console.resize(30, 8),
                    "NEWS" => console.changed(),
                    key => console.keys(key),
                };
                assert!(!console.text().trim().is_empty());
            }
            console.resize(80, 24);
            for _ in 0..8 {
                console.esc();
                // Esc keeps what was typed; a storm lets it go.
                if console.text().contains("Leave without saving?") {
                    console.keys("y");
                }
            }
            let text = console.text();
            // Signing out or changing the password by chance are fine places to end, too.
            assert!(
                ["Records Owned", "Sign in with", "A new password"].iter().any(|way| text.contains(way)),
                "{keys:?}\n{text}"
            );
        });
    }
}
