//! Home, drawn: who I am and Records Owned at the left, what I may at the right.

use ratatui::layout::Rect;

use super::state::Home;
use crate::model::RecordAction;
use crate::service::activity::ActivityPage;
use crate::service::home::{AreaSummary, Home as HomeView, Named};
use crate::tui::theme::Tone;
use crate::tui::widget::{Canvas, Line};
use crate::tui::words::{minute, number, sentence, without_manager};

/// The room of the left side and of the right.
pub(super) fn sides(area: Rect) -> (Rect, Rect) {
    let left = Rect { width: (area.width * 2 / 5).clamp(30, 46), ..area };
    let gap = 3;
    (left, Rect { x: left.right() + gap, width: area.width.saturating_sub(left.width + gap), ..area })
}

/// What a line tells of, which is what `w` explains.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum About {
    Records(String, RecordAction),
    Feature(String),
}

impl About {
    /// Its name among the lines of the sheet.
    fn key(&self) -> String {
        match self {
            Self::Records(object, action) => format!("records {object} {action:?}"),
            Self::Feature(key) => format!("feature {key}"),
        }
    }

    /// What the line by this name tells of.
    pub(super) fn of(view: &HomeView, key: &str) -> Option<Self> {
        let area = |area: &AreaSummary| -> Vec<Self> {
            let records = area.sentences.iter().map(|said| Self::Records(said.object.clone(), said.action));
            let features = area.features.iter().chain(&area.on_request);
            records.chain(features.map(|feature| Self::Feature(feature.key.clone()))).collect()
        };
        view.areas.iter().flat_map(area).find(|about| about.key() == key)
    }
}

/// What one may, as a sheet; each line can be stood on and explained.
pub(super) fn sheet(view: &HomeView) -> Vec<(Option<String>, Line)> {
    let mut lines = vec![(None, Line::Title("What you may do".to_owned()))];
    if view.areas.is_empty() {
        let words = "Nothing yet. Ask somebody who administers the account for a role with permissions.";
        lines.push((None, Line::Text(words.to_owned(), Tone::Dim)));
    }
    for area in &view.areas {
        lines.push((None, Line::Heading(area.area.clone())));
        lines.extend(area_lines(area));
    }
    lines
}

fn area_lines(area: &AreaSummary) -> Vec<(Option<String>, Line)> {
    let feature = |feature: &Named| Some(About::Feature(feature.key.clone()).key());
    let said = area.sentences.iter().map(|said| {
        let about = About::Records(said.object.clone(), said.action);
        (Some(about.key()), Line::Text(sentence(&said.words), Tone::Text))
    });
    let held = area.features.iter().map(|held| (feature(held), Line::Point("+", held.label.clone(), Tone::Good)));
    let asked = area
        .on_request
        .iter()
        .map(|asked| (feature(asked), Line::Point("?", format!("{} (on request)", asked.label), Tone::Warn)));
    let mut lines: Vec<(Option<String>, Line)> = said.chain(held).chain(asked).collect();
    if lines.is_empty() {
        lines.push((None, Line::Text("You may look at it.".to_owned(), Tone::Text)));
    }
    lines
}

/// Draws it.
pub(super) fn draw(home: &Home, canvas: &mut Canvas<'_>, area: Rect) {
    let (left, right) = sides(area);
    canvas.rule_down(left.right() + 1, area.y, area.height);
    match (&home.view, &home.trouble) {
        (Some(view), _) => {
            who_i_am(home, view, canvas, left);
            home.sheet.draw(canvas, right, home.reading);
        }
        (None, Some(trouble)) => {
            canvas.paragraph(left, trouble, Tone::Warn);
        }
        (None, None) => {
            canvas.text(left.x, left.y, left.width, "One moment…", Tone::Dim);
        }
    }
}

fn who_i_am(home: &Home, view: &HomeView, canvas: &mut Canvas<'_>, area: Rect) {
    let me = &view.me;
    let mut y = area.y;
    canvas.text(area.x, y, area.width, &me.name, Tone::Title);
    y += 1;
    canvas.text(area.x, y, area.width, &me.email, Tone::Dim);
    y += 2;
    let manager = view.manager.as_deref().unwrap_or(without_manager(me.role_type));
    for (label, text) in [("Role", me.role.as_str()), ("Type", me.role_type.label()), ("Manager", manager)] {
        canvas.text(area.x, y, 9, label, Tone::Dim);
        canvas.text(area.x + 9, y, area.width - 9, text, Tone::Text);
        y += 1;
    }
    y += 1;
    canvas.text(area.x, y, area.width, "Records Owned", if home.reading { Tone::Title } else { Tone::Accent });
    canvas.text_right(area.x, y, area.width, "visible", Tone::Dim);
    canvas.text_right(area.x, y, area.width.saturating_sub(10), "mine", Tone::Dim);
    y += 1;
    if view.owned.is_empty() {
        let below = Rect { y, height: area.bottom().saturating_sub(y), ..area };
        canvas.paragraph(below, "Your role opens no records.", Tone::Dim);
    }
    for (index, owned) in view.owned.iter().enumerate() {
        if y >= area.bottom() {
            break;
        }
        let here = index == home.owned.at;
        let tone = match (here, home.reading) {
            (true, false) => Tone::Selected,
            (true, true) => Tone::SelectedAway,
            _ => Tone::Text,
        };
        if here {
            canvas.fill(Rect { y, height: 1, ..area }, tone);
            canvas.text(area.x, y, 1, canvas.theme().glyph("▌", ">"), tone);
        }
        let shown = |count: Option<u64>| count.map(number).unwrap_or_else(|| "…".to_owned());
        canvas.text(area.x + 2, y, area.width - 2, &owned.label, tone);
        canvas.text_right(area.x, y, area.width, &shown(owned.visible), if here { tone } else { Tone::Dim });
        canvas.text_right(area.x, y, area.width.saturating_sub(10), &shown(owned.owned), tone);
        y += 1;
    }
    latest(view, canvas, Rect { y: y + 1, height: area.bottom().saturating_sub(y + 1), ..area });
}

/// The latest activity, where there is room for some of it.
fn latest(view: &HomeView, canvas: &mut Canvas<'_>, area: Rect) {
    let ActivityPage { entries, whole, .. } = &view.latest;
    if entries.is_empty() || area.height < 2 {
        return;
    }
    let title = if *whole { "Latest activity" } else { "What you did lately" };
    canvas.text(area.x, area.y, area.width, title, Tone::Title);
    // Where time and deed don't fit beside each other, the deed stands below.
    let below = area.width < 40;
    let step = if below { 2 } else { 1 };
    for (y, entry) in (area.y + 1..area.bottom()).step_by(step).zip(entries) {
        if below && y + 1 >= area.bottom() {
            break;
        }
        let when = minute(entry.at);
        let when = when.get(5..).unwrap_or_default();
        let x = canvas.text(area.x + 2, y, area.width - 2, when, Tone::Dim) + 1;
        // As the Activity screen has it: who did it, unless all of it is one's own.
        let who = if *whole { entry.actor.as_str() } else { "" };
        let room = area.right().saturating_sub(x);
        match (below, who) {
            (true, _) => {
                canvas.text(x, y, room, who, Tone::Dim);
                canvas.text(area.x + 2, y + 1, area.width - 2, &entry.reason, Tone::Text);
            }
            (false, "") => _ = canvas.text(x, y, room, &entry.reason, Tone::Text),
            (false, who) => _ = canvas.text(x, y, room, &format!("{who}: {}", entry.reason), Tone::Text),
        }
    }
}
