//! What lies over the screens. A question keeps what it is about beside it, and its answer brings
//! that along. What a job has to show is shown only to whoever has not gone on since they asked for it,
//! to another screen, another question or a text: the next key would be an answer to it, and was
//! meant for something else. Where they only pressed keys on the same screen, it is shown, but Enter is
//! no answer to it.

use super::App;
use crate::tui::effect::Effects;
use crate::tui::event::Key;
use crate::tui::job::{Reply, Step};
use crate::tui::overlay::{About, Overlay};
use crate::tui::toast::Toast;

/// An overlay and what it is about.
pub(super) struct Laid {
    pub(super) overlay: Box<dyn Overlay>,
    about: About,
}

/// The job that what is being done comes from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Since {
    /// At which step it was asked for.
    pub(super) asked: Step,
    /// It is the screen's own, which knows whether keys meanwhile went into a text.
    pub(super) by_screen: bool,
}

impl App {
    /// Lays something over the screen.
    pub(super) fn lay_over(&mut self, overlay: Box<dyn Overlay>, about: About) {
        let mut laid = Laid { overlay, about };
        laid.overlay.sized(self.size);
        if self.since.is_some_and(|since| since.asked.keys != self.went.keys) {
            // The next key may be one more of those.
            laid.overlay.beware();
        }
        if !self.is_late() {
            self.put_on_top(laid);
        } else if laid.overlay.is_shown_once() {
            self.waiting.push(laid);
        } else {
            self.too_late();
        }
    }

    fn put_on_top(&mut self, mut laid: Laid) {
        self.went.fronts += 1;
        self.jobs.extend(laid.overlay.start().map(|job| job.at(self.went)));
        self.overlays.push(laid);
    }

    /// Has the person gone on since what is being done was asked for? Whoever has not signed in yet has
    /// nowhere to go.
    pub(super) fn is_late(&self) -> bool {
        let Some(Since { asked, by_screen }) = self.since.filter(|_| self.session.is_some()) else { return false };
        let typed_in = || self.place().is_some_and(|place| !by_screen || place.screen.is_typed_in());
        asked.fronts != self.went.fronts || (asked.typed != self.went.typed && typed_in())
    }

    /// Says so.
    pub(super) fn too_late(&mut self) {
        self.say(Toast::warn("You had gone on before that could be shown. Ask for it again."));
    }

    /// What can't be shown a second time is shown as soon as it takes no key from anything else.
    pub(super) fn show_what_waits(&mut self) {
        if self.overlays.is_empty() && !self.takes_text() && !self.waiting.is_empty() {
            let next = self.waiting.remove(0);
            self.put_on_top(next);
        }
    }

    /// Takes away what lies over the screen. What can't be shown a second time waits.
    pub(super) fn uncover(&mut self) {
        let (once, gone): (Vec<Laid>, Vec<Laid>) =
            std::mem::take(&mut self.overlays).into_iter().partition(|laid| laid.overlay.is_shown_once());
        drop(gone);
        self.waiting.splice(0..0, once);
    }

    /// Was something laid over the screen since this step, and is there still?
    pub(super) fn is_covered_since(&self, asked: Step) -> bool {
        !self.overlays.is_empty() && asked.fronts != self.went.fronts
    }

    /// What is shown once waits for its turn.
    pub(super) fn let_wait(&mut self, overlay: Box<dyn Overlay>, about: About) {
        let mut laid = Laid { overlay, about };
        laid.overlay.sized(self.size);
        self.waiting.push(laid);
    }

    /// A key for the one on top, if there is one.
    pub(super) fn key_over(&mut self, key: Key) -> Option<Effects> {
        let Laid { overlay, about } = self.overlays.last_mut()?;
        Some(overlay.key(key).answering(about))
    }

    /// A reply for whichever of them waits for it.
    pub(super) fn reply_over(&mut self, reply: &mut Reply) -> Option<Effects> {
        self.overlays.iter_mut().find_map(|Laid { overlay, about }| Some(overlay.reply(reply)?.answering(about)))
    }

    /// A paste for the one on top, if there is one.
    pub(super) fn paste_over(&mut self, text: &str) -> Option<Effects> {
        let Laid { overlay, about } = self.overlays.last_mut()?;
        Some(overlay.paste(text).answering(about))
    }
}
