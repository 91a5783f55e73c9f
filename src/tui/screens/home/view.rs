//! Home, drawn: who I am and Records Owned at the left, what I may at the right.

use ratatui::layout::Rect;

use super::state::Home;
use crate::tui::theme::Tone;
use crate::tui::widget::Canvas;
use crate::tui::widget::canvas::wrap;
use crate::tui::words::number;

/// What one may, as lines with their tones.
pub(super) fn words(home: &Home) -> Vec<(String, Tone)> {
    let mut lines = Vec::new();
    for area in home.view.iter().flat_map(|view| &view.areas) {
        if !lines.is_empty() {
            lines.push((String::new(), Tone::Text));
        }
        lines.push((area.area.clone(), Tone::Title));
        lines.extend(area.lines.iter().map(|line| (format!("  {line}"), Tone::Text)));
    }
    lines
}

/// Draws it.
pub(super) fn draw(home: &Home, canvas: &mut Canvas<'_>, area: Rect) {
    let left = Rect { width: (area.width * 2 / 5).clamp(30, 44), ..area };
    let gap = 3;
    let right = Rect { x: left.right() + gap, width: area.width.saturating_sub(left.width + gap), ..area };
    who_i_am(home, canvas, left);
    canvas.rule_down(left.right() + 1, area.y, area.height);
    what_i_may(home, canvas, right);
}

fn who_i_am(home: &Home, canvas: &mut Canvas<'_>, area: Rect) {
    let mut y = area.y;
    canvas.text(area.x, y, area.width, &home.who.name, Tone::Title);
    y += 1;
    canvas.text(area.x, y, area.width, &home.who.email, Tone::Dim);
    y += 2;
    let manager = home.who.manager.as_deref().unwrap_or("by the role tree");
    for (label, text) in [("Role", home.who.role.as_str()), ("Type", &home.who.role_type), ("Reports to", manager)] {
        canvas.text(area.x, y, 12, label, Tone::Dim);
        canvas.text(area.x + 12, y, area.width - 12, text, Tone::Text);
        y += 1;
    }
    y += 1;
    canvas.text(area.x, y, area.width, "Records Owned", Tone::Title);
    y += 1;
    let Some(view) = &home.view else {
        let words = home.trouble.as_deref().unwrap_or("Counting…");
        canvas.text(area.x, y, area.width, words, Tone::Dim);
        return;
    };
    if view.owned.is_empty() {
        canvas.paragraph(
            Rect { y, height: area.bottom().saturating_sub(y), ..area },
            "Your role has no records.",
            Tone::Dim,
        );
    }
    for (index, owned) in view.owned.iter().enumerate() {
        if y >= area.bottom() {
            break;
        }
        let here = index == home.owned.at && !home.reading;
        let tone = if here { Tone::Selected } else { Tone::Text };
        if here {
            canvas.fill(Rect { y, height: 1, ..area }, tone);
        }
        canvas.text(area.x, y, 1, if here { canvas.theme().glyph("▌", ">") } else { " " }, tone);
        canvas.text(area.x + 2, y, area.width - 2, &owned.label, tone);
        canvas.text_right(area.x + 2, y, area.width - 3, &number(owned.count), tone);
        y += 1;
    }
}

fn what_i_may(home: &Home, canvas: &mut Canvas<'_>, area: Rect) {
    canvas.text(area.x, area.y, area.width, "What you may do", if home.reading { Tone::Accent } else { Tone::Title });
    let lines: Vec<(String, Tone)> = words(home)
        .into_iter()
        .flat_map(|(line, tone)| {
            let indent = line.len() - line.trim_start().len();
            let room = area.width.saturating_sub(u16::try_from(indent).unwrap_or(0) + 1);
            wrap(line.trim_start(), room)
                .into_iter()
                .enumerate()
                .map(move |(n, part)| (format!("{}{part}", " ".repeat(indent + if n > 0 { 2 } else { 0 })), tone))
                .collect::<Vec<_>>()
        })
        .collect();
    let room = area.height.saturating_sub(2);
    for (row, (line, tone)) in (0..room).zip(lines.iter().skip(home.scrolled)) {
        canvas.text(area.x, area.y + 2 + row, area.width, line, *tone);
    }
    if lines.len() > home.scrolled + usize::from(room) {
        let more = canvas.theme().glyph("Tab, ↓ for more", "Tab, Down for more");
        canvas.text_right(area.x, area.y, area.width, more, Tone::Dim);
    }
}
