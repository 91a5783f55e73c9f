//! What an import would do, or did, as a sheet: how many, and why rows are left out. Thousands of
//! rows mostly have one thing wrong, so each thing is told once, with the lines of the first rows.

use crate::service::import::{Affected, ImportReport};
use crate::service::records::ObjectView;
use crate::service::undo::TakesBack;
use crate::tui::theme::Tone;
use crate::tui::widget::Line;
use crate::tui::words::{count, number, sentence};

/// Of more rows than there are lines known, so many are named.
const NAMED: usize = 3;

/// In a sentence: `12 made, 3 changed, 1 left out`.
pub(super) fn summary(report: &ImportReport) -> String {
    let left_out = report.left_out.count;
    let parts = [
        (report.created, "made"),
        (report.updated, "changed"),
        (report.unchanged, "as they were"),
        (left_out, "left out"),
    ];
    let parts: Vec<String> = parts
        .into_iter()
        .filter(|(how_many, _)| *how_many > 0)
        .map(|(how_many, what)| format!("{} {what}", number(how_many)))
        .collect();
    if parts.is_empty() { "nothing in it".to_owned() } else { parts.join(", ") }
}

/// How far an import is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// It was only looked at.
    Before {
        /// A bad row stops the whole.
        strict: bool,
    },
    /// It has happened, and this is what undo does to it.
    Done(TakesBack),
}

/// The sheet.
pub(super) fn sheet(file: &str, object: &ObjectView, report: &ImportReport, stage: Stage) -> Vec<Line> {
    let (one, many) = (object.singular.to_lowercase(), object.label.to_lowercase());
    let pair = |label: &str, how_many: u64, tone| Line::Pair(label.to_owned(), count(how_many, &one, &many), tone);
    let mut lines = vec![Line::Title(format!("{file} to {}", object.label))];
    let stopped = stage == Stage::Before { strict: true } && !report.left_out.is_empty();
    let words = match stage {
        Stage::Done(TakesBack::Whole) => "This is what came of it. Undo takes all of it back.",
        Stage::Done(TakesBack::Part) => "This is what came of it. Undo takes a part of it back.",
        Stage::Done(TakesBack::Nothing) => "This is what came of it.",
        Stage::Before { .. } if stopped => {
            "Nothing would be imported, because rows can't be taken and you asked for all or nothing."
        }
        Stage::Before { .. } => "Nothing has happened yet. This is what would come of it:",
    };
    lines.push(Line::Text(words.to_owned(), if stopped { Tone::Warn } else { Tone::Dim }));
    lines.push(pair("Made", report.created, Tone::Text));
    lines.push(pair("Changed", report.updated, Tone::Text));
    lines.push(pair("As they were", report.unchanged, Tone::Dim));
    let left_out = &report.left_out;
    let tone = if left_out.is_empty() { Tone::Dim } else { Tone::Warn };
    lines.push(Line::Pair("Left out".to_owned(), count(left_out.count, "row", "rows"), tone));
    if !left_out.is_empty() {
        lines.push(Line::Heading("Why rows are left out".to_owned()));
    }
    let causes = left_out.causes().into_iter().map(|cause| (cause.text, cause.rows));
    let others = left_out.others();
    let others = (others.count > 0).then(|| ("other things are wrong".to_owned(), others.clone()));
    let mut all_named = true;
    for (why, rows) in causes.chain(others) {
        all_named &= rows.count <= rows.lines.len() as u64;
        lines.push(Line::Pair(count(rows.count, "row", "rows"), sentence(&why), Tone::Text));
        lines.push(Line::Pair(String::new(), on_lines(&rows), Tone::Dim));
    }
    if all_named {
        return lines;
    }
    lines.push(Line::Heading("The first of them".to_owned()));
    for problem in &left_out.first {
        lines.push(Line::Pair(format!("line {}", number(problem.line)), sentence(&problem.message), Tone::Text));
    }
    if left_out.more() > 0 {
        lines.push(Line::Text(format!("… and {} more.", number(left_out.more())), Tone::Dim));
    }
    lines
}

/// `lines 2, 3, 4 and 3,997 more`
fn on_lines(rows: &Affected) -> String {
    let all = rows.lines.len() as u64 == rows.count;
    let named: Vec<String> =
        rows.lines.iter().take(if all { usize::MAX } else { NAMED }).map(|line| number(*line)).collect();
    let more = rows.count.saturating_sub(named.len() as u64);
    match named.split_last() {
        _ if more > 0 => format!("lines {} and {} more", named.join(", "), number(more)),
        Some((last, [])) => format!("line {last}"),
        Some((last, before)) => format!("lines {} and {last}", before.join(", ")),
        None => String::new(),
    }
}
