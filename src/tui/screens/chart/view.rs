//! The role chart, drawn. The tree itself is the widget's; the numbers beside it are drawn after it.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line as Row, Span, Text};
use ratatui::widgets::StatefulWidget as _;
use tui_tree_widget::Tree as Widget;

use super::state::Chart;
use super::tree::{Node, Tree};
use crate::tui::theme::Tone;
use crate::tui::widget::canvas::plainly;
use crate::tui::widget::{Canvas, fit, width};
use crate::tui::words::number;

/// A column of numbers.
const NUMBERS: u16 = 9;
/// The room of both, and what stands between them and the tree.
const RIGHT: u16 = 2 * NUMBERS + 2;
/// The least room of the tree.
const NARROWEST: u16 = 56;

pub(super) fn draw(chart: &Chart, canvas: &mut Canvas<'_>, area: Rect) {
    let Some(tree) = &chart.tree else {
        canvas.paragraph(area, chart.trouble.as_deref().unwrap_or("Loading…"), Tone::Dim);
        return;
    };
    // The numbers stand where the widest role ends, so that they are read beside their roles.
    let names = tree.width().clamp(NARROWEST, area.width.saturating_sub(RIGHT).max(NARROWEST));
    if chart.search.draw(canvas, area.x, area.y, names) == 0 {
        canvas.text(area.x + 2, area.y, names.saturating_sub(2), "Role", Tone::Dim);
    }
    let right = area.x + names;
    canvas.text_right(right, area.y, NUMBERS, "Members", Tone::Dim);
    canvas.text_right(right + NUMBERS, area.y, NUMBERS, "Below", Tone::Dim);
    let body = Rect { y: area.y + 1, height: area.height.saturating_sub(Chart::HEAD), ..area };
    let left = Rect { width: names.min(body.width), ..body };
    let selected = canvas.style(Tone::Selected);
    canvas.fill(row_of(chart, body), Tone::Selected);
    draw_tree(chart, tree, canvas, left);
    let shown = tree.shown(&chart.open);
    for (line, name) in (0..body.height).zip(shown.iter().skip(chart.cursor.top)) {
        let Some(node) = tree.node(name) else { continue };
        let here = *name == chart.chosen;
        let y = body.y + line;
        let style = |tone: Tone| if here { selected } else { canvas.style(tone) };
        let (own, below) = (style(Tone::Text), style(Tone::Dim));
        let own_text = format!("{:>1$}", number(node.row.members.len() as u64), usize::from(NUMBERS));
        let below_text = format!("{:>1$}", number(node.below as u64), usize::from(NUMBERS));
        canvas.styled(right, y, NUMBERS, &own_text, own);
        canvas.styled(right + NUMBERS, y, NUMBERS, &below_text, below);
    }
    canvas.scrollbar(body, shown.len(), chart.cursor.top);
}

/// The line of the chosen role.
fn row_of(chart: &Chart, body: Rect) -> Rect {
    let line = u16::try_from(chart.cursor.at.saturating_sub(chart.cursor.top)).unwrap_or(0);
    Rect { y: body.y + line, height: u16::from(line < body.height), ..body }
}

fn draw_tree(chart: &Chart, tree: &Tree, canvas: &mut Canvas<'_>, area: Rect) {
    let theme = canvas.theme();
    let mark = canvas.mark();
    let text = |node: &Node| -> Text<'static> {
        let name = crate::model::text::visible(&node.row.name);
        let depth = tree.path(&node.row.name).map_or(0, |path| path.len());
        let room = area.width.saturating_sub(u16::try_from(depth * 2).unwrap_or(0) + 4);
        let moving = chart.moving.as_deref();
        let note = match moving {
            Some(moving) if moving == node.row.name => "  (moving)",
            None if node.row.locked => "  locked",
            _ => "",
        };
        let shown = fit(&name, room.saturating_sub(width(note)), mark).into_owned();
        let shown = if theme.is_ascii() { plainly(&shown) } else { shown };
        let off = moving.is_some_and(|moving| tree.is_within(&node.row.name, moving));
        let style = |tone: Tone| theme.style(if off { Tone::Off } else { tone });
        // On the chosen line everything is as loud as the line.
        let here = node.row.name == chart.chosen;
        let note = Span::styled(note, style(if here { Tone::Text } else { Tone::Dim }));
        Text::from(Row::from(vec![Span::styled(shown, style(Tone::Text)), note]))
    };
    let items = tree.items(&text);
    let Ok(widget) = Widget::new(&items) else { return };
    let selected = canvas.style(Tone::Selected);
    let widget = widget
        .highlight_style(selected)
        .highlight_symbol(theme.glyph("▌ ", "> "))
        .node_open_symbol(theme.glyph("▾ ", "- "))
        .node_closed_symbol(theme.glyph("▸ ", "+ "))
        .node_no_children_symbol(theme.glyph("· ", "  "));
    let mut state = tree.state(&chart.open, &chart.chosen);
    // The widget scrolls no further than it has drawn; so it draws once aside, to know its length.
    let aside = Rect { x: 0, y: 0, width: 1, height: 1 };
    widget.clone().render(aside, &mut Buffer::empty(aside), &mut state);
    state.scroll_up(usize::MAX);
    state.scroll_down(chart.cursor.top);
    widget.render(area, canvas.buffer(), &mut state);
    debug_assert!(area.height == 0 || state.rendered_at(Position { x: area.x, y: area.y }).is_some());
}
