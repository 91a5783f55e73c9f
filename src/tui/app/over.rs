//! What lies over the screens. A question keeps what it is about beside it, and its answer brings
//! that along. What a job has to show lies over nothing that somebody has opened or types in
//! meanwhile, nor over a screen that was behind when it came: the next key would be an answer to it,
//! and was meant for something else.

use super::App;
use crate::tui::effect::Effects;
use crate::tui::event::Key;
use crate::tui::overlay::{About, Overlay};
use crate::tui::toast::Toast;

/// An overlay and what it is about.
pub(super) struct Laid {
    pub(super) overlay: Box<dyn Overlay>,
    about: About,
}

/// Where what is being done comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Source {
    /// A key, or whatever else happens to the console.
    #[default]
    Here,
    /// A job of the console's own.
    Console,
    /// A job of the screen in front.
    Screen,
    /// A job whose screen was behind when it ended.
    Kept,
}

impl App {
    /// Lays something over the screen.
    pub(super) fn lay_over(&mut self, overlay: Box<dyn Overlay>, about: About) {
        let mut laid = Laid { overlay, about };
        laid.overlay.sized(self.size);
        let screen = self.place().map(|place| place.screen.as_ref());
        let waits = match self.source {
            Source::Here => false,
            Source::Console => !self.overlays.is_empty() || screen.is_some_and(|screen| screen.takes_text()),
            Source::Screen => !self.overlays.is_empty() || screen.is_some_and(|screen| screen.is_typed_in()),
            Source::Kept => true,
        };
        match waits {
            false => self.overlays.push(laid),
            // What can't be shown a second time waits until the others are gone.
            true if laid.overlay.stays() => self.overlays.insert(0, laid),
            true => self.say(Toast::warn("You had gone on before that could be shown. Ask for it again.")),
        }
    }

    /// A key for the one on top, if there is one.
    pub(super) fn key_over(&mut self, key: Key) -> Option<Effects> {
        let Laid { overlay, about } = self.overlays.last_mut()?;
        Some(overlay.key(key).answering(about))
    }

    /// A paste for the one on top, if there is one.
    pub(super) fn paste_over(&mut self, text: &str) -> Option<Effects> {
        let Laid { overlay, about } = self.overlays.last_mut()?;
        Some(overlay.paste(text).answering(about))
    }
}
