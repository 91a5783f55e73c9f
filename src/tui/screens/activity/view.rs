//! What happened, drawn: the list, and one entry with what was before and what is now.

use ratatui::layout::Rect;

use super::state::Activity;
use crate::service::activity::{ActivityEntry, Kind};
use crate::tui::theme::Tone;
use crate::tui::widget::{Canvas, Column, Focus, Line, Part, Table, split};
use crate::tui::words::{count, minute, number, sentence};

/// The line about what is shown.
pub(super) fn status(activity: &Activity) -> String {
    let Some(entries) = &activity.entries else { return String::new() };
    let mut words = count(entries.len() as u64, "entry", "entries");
    if activity.next.is_some() {
        words.push_str(", and older ones");
    }
    let kinds: Vec<&str> = activity.kinds.iter().copied().map(Kind::word).collect();
    let kinds = (!kinds.is_empty()).then(|| format!("about {}", kinds.join(", ")));
    let by = activity.person.as_ref().map(|email| format!("by {email}"));
    for narrowing in [by, kinds, activity.time.words()].into_iter().flatten() {
        words.push_str(&format!(" · {narrowing}"));
    }
    words
}

/// Draws list and detail, as far as there is room.
pub(super) fn draw(activity: &Activity, canvas: &mut Canvas<'_>, area: Rect) {
    let (list, detail) = split(area, activity.focus);
    if let Some(list) = list {
        draw_list(activity, canvas, list);
    }
    if let Some(detail) = detail {
        if let Some(list) = list {
            canvas.rule_down(list.right() + 1, area.y, area.height);
        }
        if activity.shown.is_some() && activity.shown == activity.current().map(|entry| entry.mark) {
            activity.sheet.draw(canvas, detail, activity.focus == Focus::Detail);
        }
    }
}

fn draw_list(activity: &Activity, canvas: &mut Canvas<'_>, area: Rect) {
    if activity.search.draw(canvas, area.x, area.y, area.width) == 0 {
        let words = if activity.whole { "What happened, newest first" } else { "What you did, newest first" };
        canvas.text(area.x, area.y, area.width, words, Tone::Dim);
    }
    let below = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    let Some(entries) = &activity.entries else {
        canvas.paragraph(below, activity.trouble.as_deref().unwrap_or("Loading…"), Tone::Dim);
        return;
    };
    if entries.is_empty() {
        let words = if activity.is_narrowed() {
            "Nothing like that happened. Press Esc to show everything again."
        } else if activity.whole {
            "Nothing happened yet."
        } else {
            "You have changed nothing yet."
        };
        canvas.paragraph(below, words, Tone::Dim);
        return;
    }
    let mut columns = vec![Column::exactly("When (UTC)", 16)];
    if activity.whole {
        columns.push(Column::new("Who", 12, 22, 1));
    }
    columns.push(Column::new("What", 20, 200, 5));
    let table = Table {
        columns,
        skipped: 0,
        length: entries.len(),
        cursor: activity.cursor,
        focused: activity.focus == Focus::List,
    };
    table.draw(canvas, below, |index| entries.get(index).map(|entry| parts(entry, activity.whole)));
}

fn parts(entry: &ActivityEntry, whole: bool) -> Vec<Part<'_>> {
    let mut parts = vec![Part::toned(minute(entry.at), Tone::Dim)];
    if whole {
        parts.push(Part::new(entry.actor.as_str()));
    }
    parts.push(Part::new(summary(entry)));
    parts
}

/// An entry in a line: what was done, and the first of what that changed.
pub(in crate::tui) fn summary(entry: &ActivityEntry) -> String {
    let mut reason = sentence(&entry.reason);
    reason.pop();
    match entry.lines.as_slice() {
        [] => reason,
        // That a thing was made says enough of its values.
        // What was read of it is no measure of the whole.
        [first, ..] if entry.more => format!("{reason} · {}, and more", first.sentence()),
        [first, rest @ ..]
            if rest.is_empty() || first.part.is_empty() && rest.iter().all(|l| l.subject == first.subject) =>
        {
            format!("{reason} · {}", first.sentence())
        }
        [first, rest @ ..] => format!("{reason} · {}, and {} more", first.sentence(), number(rest.len() as u64)),
    }
}

/// A part's name at the left of a sheet.
fn label(part: &str) -> String {
    if part == "external_id" { "External ID".to_owned() } else { capital(part) }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

/// The sheet of an entry that its reader may know nothing of any more.
pub(super) fn gone() -> Vec<Line> {
    vec![Line::Text("This is no longer yours to see.".to_owned(), Tone::Dim)]
}

/// One entry as a sheet.
pub(super) fn sheet(entry: &ActivityEntry) -> Vec<Line> {
    let pair = |label: &str, text: String| Line::Pair(label.to_owned(), text, Tone::Text);
    let who = if entry.email.is_empty() { entry.actor.clone() } else { format!("{}, {}", entry.actor, entry.email) };
    let mut lines =
        vec![Line::Title(sentence(&entry.reason)), pair("When", format!("{} UTC", minute(entry.at))), pair("Who", who)];
    let mut subject = "";
    let mut made = false;
    for line in &entry.lines {
        if line.subject != subject {
            lines.push(Line::Heading(capital(&line.subject)));
            (subject, made) = (&line.subject, false);
        }
        let shown = |text: &str| if text.is_empty() { "nothing".to_owned() } else { text.to_owned() };
        lines.push(match (line.part.is_empty(), line.after.is_empty()) {
            (true, false) => {
                made = true;
                Line::Text("Made.".to_owned(), Tone::Good)
            }
            (true, true) => Line::Text("Removed.".to_owned(), Tone::Bad),
            // Of something new there was nothing before.
            (false, _) if made && line.before.is_empty() => pair(&label(&line.part), shown(&line.after)),
            (false, _) => pair(&label(&line.part), format!("{} → {}", shown(&line.before), shown(&line.after))),
        });
    }
    if entry.lines.is_empty() && entry.kinds.contains(&Kind::Records) {
        let words = "What it was about is no longer there, or no longer yours to see.";
        lines.push(Line::Text(words.to_owned(), Tone::Dim));
    }
    if entry.more {
        lines.push(Line::Text("There is more of it than is shown here.".to_owned(), Tone::Dim));
    }
    lines
}
