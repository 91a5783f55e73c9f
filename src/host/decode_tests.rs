//! The decoder, at every split point and under random bytes.

use std::time::Duration;

use super::*;
use crate::host::frame::{LONGEST_PASTE, LONGEST_SEQUENCE};

const LATER: Duration = Duration::from_secs(60);

fn decode(pieces: &[&[u8]]) -> Vec<String> {
    let mut decoder = Decoder::new(Distance::Local);
    let mut out = Vec::new();
    for piece in pieces {
        decoder.feed(piece, Duration::ZERO, &mut out);
    }
    decoder.elapse(LATER, &mut out);
    decoder.elapse(LATER * 2, &mut out);
    out.iter().map(show).collect()
}

fn show(event: &Event) -> String {
    match event {
        Event::Key(key) => key.to_string(),
        Event::Paste(text) => format!("paste {text:?}"),
        other => format!("{other:?}"),
    }
}

const CASES: &[(&[u8], &[&str])] = &[
    (b"jjj", &["j", "j", "j"]),
    (b"\x1b[A\x1b[B\x1bOC", &["Up", "Down", "Right"]),
    (b"\x1b", &["Esc"]),
    (b"\x1b\x1b", &["Esc", "Esc"]),
    (b"\x1bx", &["Alt-x"]),
    (b"\x1b[", &["Alt-["]),
    (b"\x1bO", &["Alt-O"]),
    (b"\x1b[5~\x1b[6~\x1b[3~\x1b[H\x1b[F", &["PgUp", "PgDn", "Del", "Home", "End"]),
    (b"\x1b[[A\x1bOP\x1b[15~\x1b[24~", &["F1", "F1", "F5", "F12"]),
    (b"\x1b[Z\t\r\n\x7f\x08", &["Shift-Tab", "Tab", "Enter", "Enter", "Backspace", "Backspace"]),
    (b"\x1b[1;5C\x1b[1;2A", &["Ctrl-Right", "Shift-Up"]),
    (b"\x10\x03", &["Ctrl-P", "Ctrl-C"]),
    ("é山👍A".as_bytes(), &["é", "山", "👍", "A"]),
    ("\x1bé".as_bytes(), &["Alt-é"]),
    (b"\x1b[200~a\x1b[Bc\r\nd\x07\x1b[201~q", &["paste \"a[Bc\\nd\"", "q"]),
    (b"\x1b[200~\x1b[201~q", &["q"]),
    (b"\x1b[201~q", &["q"]),
    // Replies and unknown sequences are dropped, never typed.
    (b"\x1b[?1;2c\x1b[?1zq", &["q"]),
    (b"\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\q", &["q"]),
    (b"\x1b]11;rgb:1e1e/1e1e/1e1e\x07q", &["q"]),
    (b"\x1bP1$r0m\x1b\\q", &["q"]),
    (b"\x1b_Gi=1;OK\x1b\\q", &["q"]),
    (b"\x1b[12;40Rq", &["q"]),
    (b"\x1b[<0;10;10M\x1b[<0;10;10mq", &["q"]),
    (b"\x1b[M !!q", &["q"]),
    (b"\x1b[I\x1b[Oq", &["q"]),
    (b"\x1b[>0;276;0cq", &["q"]),
    (b"\x1b[1;2;3;4;5zq", &["q"]),
    // Broken characters.
    (b"\xff\xc3q\x80\xe5\xb1q", &["q", "q"]),
    // A sequence broken off by another key.
    (b"\x1b[12\x1b[A", &["Up"]),
    (b"\x1b]oops\x1b[A", &["Up"]),
];

#[test]
fn every_case_decodes_the_same_at_every_split_point() {
    for (bytes, expected) in CASES {
        assert_eq!(decode(&[bytes]), *expected, "{:?} whole", String::from_utf8_lossy(bytes));
        for split in 1..bytes.len() {
            let (left, right) = bytes.split_at(split);
            assert_eq!(decode(&[left, right]), *expected, "{:?} at {split}", String::from_utf8_lossy(bytes));
        }
        let single: Vec<&[u8]> = bytes.chunks(1).collect();
        assert_eq!(decode(&single), *expected, "{:?} byte by byte", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn a_lone_esc_waits_50_ms_here_and_150_over_a_network() {
    for (distance, wait) in [(Distance::Local, 50), (Distance::Network, 150)] {
        let mut decoder = Decoder::new(distance);
        let mut out = Vec::new();
        decoder.feed(b"\x1b", Duration::from_millis(1000), &mut out);
        decoder.elapse(Duration::from_millis(1000 + wait - 1), &mut out);
        assert!(out.is_empty());
        assert_eq!(decoder.deadline(), Some(Duration::from_millis(1000 + wait)));
        decoder.elapse(Duration::from_millis(1000 + wait), &mut out);
        assert_eq!(out.iter().map(show).collect::<Vec<_>>(), ["Esc"]);
        assert_eq!(decoder.deadline(), None);
    }
}

#[test]
fn an_unfinished_sequence_is_given_up_and_the_next_key_counts() {
    let mut decoder = Decoder::new(Distance::Local);
    let mut out = Vec::new();
    decoder.feed(b"\x1b]0;half a title", Duration::ZERO, &mut out);
    decoder.feed(b"q", Duration::from_secs(2), &mut out);
    assert_eq!(out.iter().map(show).collect::<Vec<_>>(), ["q"]);
}

#[test]
fn long_sequences_and_pastes_are_capped() {
    let long = format!("\x1b[{}m", "1;".repeat(LONGEST_SEQUENCE));
    assert_eq!(decode(&[long.as_bytes(), b"q"]), ["q"]);
    let string = format!("\x1b]{}\x07", "x".repeat(100 * LONGEST_SEQUENCE));
    assert_eq!(decode(&[string.as_bytes(), b"q"]), ["q"]);

    let mut framer = Framer::new(Distance::Local);
    let mut out = Vec::new();
    framer.feed(b"\x1b[200~", Duration::ZERO, &mut out);
    for _ in 0..1000 {
        framer.feed(&[b'x'; 1000], Duration::ZERO, &mut out);
        assert!(framer.pending() <= LONGEST_PASTE + 16);
    }
    assert!(out.is_empty());
    framer.feed(b"\x1b[201~", Duration::ZERO, &mut out);
    assert_eq!(out, [Frame::Paste { bytes: vec![b'x'; LONGEST_PASTE], cut: true }]);
}

#[test]
fn an_unfinished_paste_does_not_swallow_the_keyboard_for_ever() {
    let mut decoder = Decoder::new(Distance::Local);
    let mut out = Vec::new();
    decoder.feed(b"\x1b[200~half", Duration::ZERO, &mut out);
    decoder.feed(b"q", Duration::from_secs(11), &mut out);
    assert_eq!(out.iter().map(show).collect::<Vec<_>>(), ["q"]);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig {
        failure_persistence: None, ..proptest::prelude::ProptestConfig::with_cases(2000)
    })]
    /// Random bytes, biased to what sequences are made of, never panic, never hold more than the
    /// caps, never type a control character, and the keyboard works afterwards.
    #[test]
    fn random_bytes_do_no_harm(
        bytes in proptest::collection::vec(
            proptest::prop_oneof![
                proptest::prelude::any::<u8>(),
                proptest::sample::select(b"\x1b\x1b[O?<>;0129~umRcMPZ]\\\x07 \xc3\xa9".to_vec()),
            ],
            0..200,
        ),
        split in 0usize..200,
    ) {
        let mut decoder = Decoder::new(Distance::Network);
        let mut out = Vec::new();
        let (left, right) = bytes.split_at(split.min(bytes.len()));
        decoder.feed(left, Duration::ZERO, &mut out);
        decoder.feed(right, Duration::ZERO, &mut out);
        proptest::prop_assert!(decoder.framer.pending() <= LONGEST_SEQUENCE.max(bytes.len()));
        decoder.elapse(LATER, &mut out);
        for event in &out {
            if let Event::Key(Key { code: Code::Char(c), .. }) = event {
                proptest::prop_assert!(!c.is_control());
            }
        }
        let mut after = Vec::new();
        decoder.feed(b"q", LATER, &mut after);
        proptest::prop_assert_eq!(after.iter().map(show).collect::<Vec<_>>(), vec!["q".to_owned()]);
    }
}
