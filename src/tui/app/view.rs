//! The frame around every screen: a line at the head (account, way, who I am), the tabs, the body,
//! a line about what is shown or what just happened, and the keys at the foot.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::App;
use crate::tui::command::{Command, Group};
use crate::tui::console;
use crate::tui::event::Size;
use crate::tui::moves;
use crate::tui::task::Running;
use crate::tui::theme::Tone;
use crate::tui::widget::canvas::{centred, width, wrap};
use crate::tui::widget::{Canvas, fit};

impl App {
    /// Draws the console; returns where the cursor is, if it shows.
    pub fn draw(&self, buffer: &mut Buffer) -> Option<Position> {
        let mut canvas = Canvas::new(buffer, &self.theme, self.now);
        let area = canvas.area();
        canvas.fill(area, Tone::Text);
        if area.width < Size::FULL.width || area.height < Size::FULL.height {
            too_small(&mut canvas, area);
            return None;
        }
        if let Some(lock) = &self.lock {
            let cursor = lock.draw(&mut canvas, area);
            self.foot(&mut canvas, Rect { y: area.bottom() - 1, height: 1, ..area });
            return cursor;
        }
        self.head(&mut canvas, area);
        let body = self.body_area(area);
        if let Some(place) = self.place() {
            place.screen.draw(&mut canvas, body);
        }
        self.status(&mut canvas, Rect { y: area.bottom() - 2, height: 1, ..area });
        if let Some(top) = self.overlays.last() {
            canvas.hide_cursor();
            top.overlay.draw(&mut canvas);
        }
        self.foot(&mut canvas, Rect { y: area.bottom() - 1, height: 1, ..area });
        canvas.cursor()
    }

    /// The room for the screen.
    pub(super) fn body_area(&self, area: Rect) -> Rect {
        let head = if self.session.is_some() { 3 } else { 2 };
        Rect {
            x: area.x + 1,
            y: area.y + head,
            width: area.width.saturating_sub(2),
            height: area.height.saturating_sub(head + 2),
        }
    }

    fn head(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let line = Rect { height: 1, ..area };
        canvas.fill(line, Tone::Head);
        let who = self.viewer.me.as_ref().map(|me| format!("{} · {}", me.name, me.role)).unwrap_or_default();
        let who = fit(&who, area.width / 2, canvas.mark()).into_owned();
        canvas.text_right(area.x, area.y, area.width - 1, &who, Tone::Head);
        let room = area.width.saturating_sub(width(&who) + 4);
        let account = if self.viewer.account.is_empty() { "rolecall" } else { &self.viewer.account };
        let style = canvas.style(Tone::Head).patch(canvas.style(Tone::Title));
        let mut x = canvas.styled(area.x + 1, area.y, room, account, style);
        let crumbs = self.place().map(|place| place.screen.crumbs()).unwrap_or_default();
        for crumb in shortened(crumbs, (area.x + 1 + room).saturating_sub(x), canvas.mark()) {
            let left = (area.x + 1 + room).saturating_sub(x);
            x = canvas.text(x, area.y, left, canvas.theme().glyph(" › ", " > "), Tone::Head);
            let left = (area.x + 1 + room).saturating_sub(x);
            x = canvas.text(x, area.y, left, &crumb, Tone::Head);
        }
        if self.session.is_some() {
            self.tab_line(canvas, Rect { y: area.y + 1, height: 1, ..area });
        }
    }

    fn tab_line(&self, canvas: &mut Canvas<'_>, line: Rect) {
        // What has no tab of its own belongs to the one that it was opened from.
        let current = self.places.iter().rev().find_map(|place| place.screen.tab());
        let tabs = self.tabs();
        let mut x = line.x + 1;
        for tab in tabs {
            let here = current.as_deref() == Some(tab.label.as_str());
            let key = tab.command.keys.first().map(|key| format!("{key} ")).unwrap_or_default();
            let need = width(&key) + width(&tab.label) + 2;
            if x + need > line.right() {
                canvas.text(x, line.y, 1, canvas.mark(), Tone::Dim);
                break;
            }
            x = canvas.text(x, line.y, need, &key, if here { Tone::Accent } else { Tone::Key });
            let start = x;
            x = canvas.text(x, line.y, need, &tab.label, if here { Tone::Accent } else { Tone::Dim });
            if here {
                let under = canvas.theme().glyph("━", "=").repeat(usize::from(x - start));
                canvas.text(start, line.y + 1, x - start, &under, Tone::Accent);
            }
            x += 3;
        }
    }

    fn status(&self, canvas: &mut Canvas<'_>, line: Rect) {
        let room = line.width.saturating_sub(2);
        match &self.toast {
            Some((toast, _)) => {
                let (mark, plain) = toast.mark();
                let mark = canvas.theme().glyph(mark, plain);
                let indent = width(mark);
                // What doesn't fit is not cut off: a refusal says at its end what to do.
                let lines = wrap(&toast.text, room.saturating_sub(indent));
                let above = u16::try_from(lines.len()).unwrap_or(1).clamp(1, 4) - 1;
                let top = Rect { y: line.y - above, height: above + 1, ..line };
                canvas.clear(top, Tone::Text);
                canvas.text(top.x + 1, top.y, room, mark, toast.tone);
                for (y, text) in (top.y..top.bottom()).zip(lines) {
                    canvas.text(top.x + 1 + indent, y, room.saturating_sub(indent), &text, toast.tone);
                }
            }
            None => {
                let task = self.tasks.last().map(Running::words).unwrap_or_default();
                let used = width(&task).min(room / 2);
                canvas.text_right(line.x + 1, line.y, room, &fit(&task, used, canvas.mark()), Tone::Accent);
                let text = self.place().map(|place| place.screen.status()).unwrap_or_default();
                canvas.text(line.x + 1, line.y, room.saturating_sub(used + 1), &text, Tone::Dim);
            }
        }
    }

    /// The keys that work here, as many as there is room for; help and commands always.
    fn foot(&self, canvas: &mut Canvas<'_>, line: Rect) {
        canvas.fill(line, Tone::Foot);
        if self.lock.is_some() {
            let hints = super::lock::Lock::hints().map(|(key, text)| (key.to_owned(), text.to_owned()));
            keys(canvas, line.x + 1, line.right(), line.y, &hints);
            return;
        }
        if let Some(top) = self.overlays.last() {
            let hints: Vec<(String, String)> =
                top.overlay.hints().into_iter().map(|(key, text)| (key.to_owned(), text.to_owned())).collect();
            keys(canvas, line.x + 1, line.right(), line.y, &hints);
            return;
        }
        let menu = self.menu();
        let shown = |own: bool| -> Vec<(String, String)> {
            let usable = menu.commands().iter().filter(|c| !c.short.is_empty() && c.blocked.is_none());
            let mut found: Vec<&Command> = usable
                .filter(|c| {
                    (c.group == Group::Console && ![console::PERSONA, console::UNDO].contains(&c.invocation.id)) == own
                })
                .collect();
            // Esc goes back everywhere: where there isn't room for all, what only this screen does comes first.
            found.sort_by_key(|c| c.invocation.id == moves::BACK || c.invocation.id == console::PERSONA);
            let hint = |c: &Command| c.keys.first().map(|key| (key.to_string(), c.short.to_string()));
            found.into_iter().filter_map(hint).collect()
        };
        let takes_text = self.place().is_some_and(|place| place.screen.takes_text());
        let always: Vec<(String, String)> = if takes_text {
            vec![("Ctrl-P".to_owned(), "commands".to_owned()), ("Ctrl-C".to_owned(), "quit".to_owned())]
        } else {
            shown(true)
        };
        // Between two of them stand two columns, and one at the edge.
        let need: u16 = always.iter().map(|(key, text)| width(key) + width(text) + 3).sum();
        let split = (line.right() + 1).saturating_sub(need);
        let own = if takes_text { self.text_hints() } else { shown(false) };
        keys(canvas, line.x + 1, split.saturating_sub(2), line.y, &own);
        keys(canvas, split, line.right(), line.y, &always);
    }

    /// What Enter and Esc do while a text is typed.
    fn text_hints(&self) -> Vec<(String, String)> {
        let hints = self.place().map(|place| place.screen.text_hints()).unwrap_or_default();
        hints.into_iter().map(|(key, text)| (key.to_owned(), text.to_owned())).collect()
    }
}

/// The way here as far as there is room: where there isn't enough, its beginning goes, not its end.
fn shortened(mut crumbs: Vec<String>, room: u16, mark: &str) -> Vec<String> {
    let wide = |crumbs: &[String]| crumbs.iter().map(|crumb| width(crumb) + 3).sum::<u16>();
    let mut cut = false;
    while crumbs.len() > 1 && wide(&crumbs) + if cut { 3 + width(mark) } else { 0 } > room {
        crumbs.remove(0);
        cut = true;
    }
    if cut {
        crumbs.insert(0, mark.to_owned());
    }
    crumbs
}

fn keys(canvas: &mut Canvas<'_>, from: u16, to: u16, y: u16, hints: &[(String, String)]) {
    let mut x = from;
    for (key, text) in hints {
        let need = width(key) + width(text) + 1;
        if x + need > to {
            break;
        }
        x = canvas.text(x, y, need, key, Tone::FootKey) + 1;
        x = canvas.text(x, y, need, text, Tone::Foot) + 2;
    }
}

fn too_small(canvas: &mut Canvas<'_>, area: Rect) {
    let lines = [
        "This window is too small.".to_owned(),
        format!(
            "It has {} × {}; rolecall needs {} × {}.",
            area.width,
            area.height,
            Size::FULL.width,
            Size::FULL.height
        ),
        "Make it larger, or press Ctrl-C to quit.".to_owned(),
    ];
    let place = centred(area, 44, if area.width < 44 { 5 } else { 3 });
    let mut y = place.y;
    for (nth, line) in lines.iter().enumerate() {
        for part in wrap(line, place.width) {
            canvas.text(place.x, y, place.width, &part, if nth == 0 { Tone::Title } else { Tone::Text });
            y += 1;
        }
    }
}
