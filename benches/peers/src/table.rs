//! `benches/README.md`.

use std::fmt::Write as _;
use std::path::PathBuf;

use crate::result::{Part, Peer, Row, Unit};

const HEAD: &str = "# How fast it is, beside its peers

`cargo run --release --manifest-path benches/peers/Cargo.toml -- all` measured this table and wrote it; it is
not edited by hand. With `--quick` the same takes some minutes and is rougher; single parts can be measured
apart (`-- checks lists`). `cargo bench` has the project's own benchmarks, without peers.

In each row all sides answered the same questions about the same team and the same records, in one process
and in turns; their answers were compared before anything was timed. Figures are medians; what only
computes (checks, lists, impact) is measured by processor time, everything that waits by the clock. An
absolute figure says something about the machine too, a ratio hardly: for engines it is how many times as
long as rolecall they take; for bare operations, which nobody can do without (“of it”), how many times as
long as they rolecall takes.

";

/// Writes the table.
pub fn write(parts: &[(&str, Part)]) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../README.md");
    std::fs::write(&path, of(parts)).unwrap();
    eprintln!("wrote benches/README.md");
}

/// The table of some parts.
pub fn of(parts: &[(&str, Part)]) -> String {
    let mut text = HEAD.to_owned();
    // As cargo was told when this was built.
    let how = match option_env!("CARGO_PROFILE_RELEASE_LTO") {
        Some("off") => " All sides were built without link-time optimization, which the released program has.",
        _ => "",
    };
    writeln!(text, "Machine: {}.{how}\n", crate::machine::kind()).unwrap();
    let rows = || parts.iter().flat_map(|(_, part)| &part.rows);
    let aims = rows().filter(|row| row.met.is_some()).count();
    let met = rows().filter(|row| row.met == Some(true)).count();
    writeln!(text, "{met} of {aims} aims are met; the others say why not.\n").unwrap();
    for (name, part) in parts {
        writeln!(text, "## {}\n", title(name)).unwrap();
        writeln!(text, "Measured {}{}.\n", part.at, if part.quick { ", quickly" } else { "" }).unwrap();
        writeln!(text, "| what | of | rolecall | peers | ratio | aim | met |\n|---|---|---:|---:|---:|---|---|")
            .unwrap();
        for row in &part.rows {
            write_row(&mut text, row);
        }
        text.push('\n');
        if *name == "lists" && !part.points.is_empty() {
            text.push_str("![First page against number of records](first-page.svg)\n\n");
        }
        for note in &part.notes {
            writeln!(text, "- {note}").unwrap();
        }
        if !part.notes.is_empty() {
            text.push('\n');
        }
    }
    text.truncate(text.trim_end().len());
    text + "\n"
}

fn title(name: &str) -> &str {
    match name {
        "checks" => "May somebody do something",
        "lists" => "Lists",
        "impact" => "Impact before a change",
        "keys" => "From key to frame",
        "start" => "From start to use",
        "commit" => "Commits",
        "memory" => "Memory",
        "import" => "Imports",
        other => other,
    }
}

fn write_row(text: &mut String, row: &Row) {
    let lines = |each: &dyn Fn(&Peer) -> String| row.peers.iter().map(each).collect::<Vec<_>>().join("<br>");
    let peers = lines(&|peer| format!("{} {}", peer.name, shown(peer.value, row.unit)));
    let ratios = lines(&|peer| ratio(row, peer));
    let met = match row.met {
        Some(true) => "yes",
        Some(false) => "**no**",
        None => "",
    };
    let met = match (met, row.note.as_str()) {
        (met, "") => met.to_owned(),
        ("", note) => note.to_owned(),
        (met, note) => format!("{met}: {note}"),
    };
    let ours = shown(row.ours, row.unit);
    writeln!(text, "| {} | {} | {ours} | {peers} | {ratios} | {} | {met} |", row.what, row.of, row.aim).unwrap();
}

fn ratio(row: &Row, peer: &Peer) -> String {
    // More in a time is better, less time or memory is.
    let turned = (row.unit == Unit::PerSecond) != peer.bare;
    let ratio = if turned { row.ours / peer.value } else { peer.value / row.ours };
    if peer.bare { format!("{} of it", times(ratio)) } else { times(ratio) }
}

fn times(ratio: f64) -> String {
    match ratio {
        r if r >= 10_000.0 => format!("{}×", grouped((r / 100.0).round() as u64 * 100)),
        r if r >= 100.0 => format!("{}×", grouped((r / 10.0).round() as u64 * 10)),
        r if r >= 10.0 => format!("{r:.0}×"),
        r if r >= 0.1 => format!("{r:.2}×"),
        r => format!("{r:.4}×"),
    }
}

/// A number in groups of three digits.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A figure with three digits that mean something.
pub fn shown(value: f64, unit: Unit) -> String {
    let (value, unit) = match unit {
        Unit::Seconds if value < 1e-6 => (value * 1e9, "ns"),
        Unit::Seconds if value < 1e-3 => (value * 1e6, "µs"),
        Unit::Seconds if value < 1.0 => (value * 1e3, "ms"),
        Unit::Seconds => (value, "s"),
        Unit::Bytes if value < 1e6 => (value / 1e3, "kB"),
        Unit::Bytes => (value / 1e6, "MB"),
        Unit::PerSecond => (value / 1e3, "k/s"),
    };
    let places = if value >= 100.0 {
        0
    } else if value >= 10.0 {
        1
    } else {
        2
    };
    format!("{value:.places$} {unit}")
}
