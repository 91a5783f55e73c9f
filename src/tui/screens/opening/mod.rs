//! The first frame: the data directory is being opened. Drawn before anything of it is read.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use ratatui::layout::Rect;

use crate::tui::command::Spec;
use crate::tui::effect::Effects;
use crate::tui::event::Happening;
use crate::tui::screen::{Context, Screen};
use crate::tui::theme::Tone;
use crate::tui::widget::Canvas;
use crate::tui::widget::canvas::centred;

/// How far the opening is. Shared with whoever opens.
#[derive(Debug, Clone, Default)]
pub struct Progress(Arc<(AtomicU64, AtomicU64)>);

impl Progress {
    /// So many of so many are done.
    pub fn set(&self, done: u64, total: u64) {
        self.0.0.store(done, Ordering::Relaxed);
        self.0.1.store(total, Ordering::Relaxed);
    }

    fn get(&self) -> Option<(u64, u64)> {
        let (done, total) = (self.0.0.load(Ordering::Relaxed), self.0.1.load(Ordering::Relaxed));
        (total > 0).then(|| (done.min(total), total))
    }
}

/// The screen.
#[derive(Debug)]
pub struct Opening {
    progress: Progress,
    shown: Option<(u64, u64)>,
    now: Duration,
}

impl Opening {
    /// The screen over this progress.
    #[must_use]
    pub fn new(progress: Progress) -> Self {
        Self { progress, shown: None, now: Duration::ZERO }
    }
}

impl Screen for Opening {
    fn crumbs(&self) -> Vec<String> {
        Vec::new()
    }

    fn commands(&self) -> Vec<&'static [Spec]> {
        Vec::new()
    }

    fn deadline(&self) -> Option<Duration> {
        Some(self.now + Duration::from_millis(100))
    }

    fn update(&mut self, _happening: Happening, cx: &Context<'_>) -> Effects {
        self.now = cx.now;
        self.shown = self.progress.get();
        Effects::none()
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let place = centred(area, 40, 3);
        canvas.text(place.x, place.y, place.width, canvas.theme().glyph("Opening…", "Opening..."), Tone::Title);
        let Some((done, total)) = self.shown else { return };
        let full = u64::from(place.width) * done / total.max(1);
        let full = u16::try_from(full).unwrap_or(place.width).min(place.width);
        let (on, off) = (canvas.theme().glyph("█", "#"), canvas.theme().glyph("░", "."));
        let x = canvas.text(place.x, place.y + 1, full, &on.repeat(usize::from(full)), Tone::Accent);
        let rest = place.width - full;
        canvas.text(x, place.y + 1, rest, &off.repeat(usize::from(rest)), Tone::Border);
        let words = format!("{} %", done * 100 / total.max(1));
        canvas.text(place.x, place.y + 2, place.width, &words, Tone::Dim);
    }
}
