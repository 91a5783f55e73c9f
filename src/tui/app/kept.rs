//! What jobs come back with goes to the screen that started them. Where that is behind another one,
//! or a palette or question was opened over it while it saves, it is kept until the screen is in front
//! again: else it would wait for ever, or take away what is open. A screen that was left while it saves
//! stays out of sight until what came of that was told.

use super::over::Since;
use super::{App, Place};
use crate::tui::effect::{Effect, Effects};
use crate::tui::event::Happening;
use crate::tui::job::Reply;
use crate::tui::theme::Tone;
use crate::tui::toast::Toast;

impl App {
    /// Gives the screen in front a reply; keeps it, if another one waits for it.
    pub(super) fn offer(&mut self, mut reply: Reply) -> Effects {
        let effects = self.with_screen(|screen, cx| screen.reply(&mut reply, cx)).unwrap_or_default();
        let gone: Vec<Reply> = self.kept.extract_if(.., |kept| !kept.is_awaited()).collect();
        self.free(gone);
        if reply.is_awaited() {
            self.tell_parted(&mut reply);
        }
        if reply.is_awaited() {
            self.kept.push(reply);
        }
        effects
    }

    /// A screen is in front again: it looks at its data anew, and takes what came meanwhile. In this
    /// order, so that what it asks anew, since the rules are others, is not taken from what is kept.
    pub(super) fn come_back(&mut self) {
        // It looks now, whatever it was that brought it back.
        let since = self.since.take();
        let effects = self.tell(Happening::Refresh);
        self.apply(effects);
        self.since = since;
        self.hear_kept();
    }

    /// Offers what is kept once more.
    pub(super) fn hear_kept(&mut self) {
        if !self.overlays.is_empty() {
            return;
        }
        for reply in std::mem::take(&mut self.kept) {
            let since = self.since.replace(Since { asked: reply.asked(), by_screen: true });
            let effects = self.offer(reply);
            self.apply(effects);
            self.since = since;
        }
    }

    /// Leaves screens behind. One that is saving stays out of sight until that was told.
    pub(super) fn leave(&mut self, which: impl FnMut(&mut Place) -> bool) {
        let left = self.places.extract_if(.., which);
        let (mut saving, left): (Vec<Place>, Vec<Place>) = left.partition(|place| place.screen.is_saving());
        self.free(left);
        if saving.is_empty() {
            return;
        }
        saving.iter_mut().for_each(|place| place.screen.part());
        self.parted.extend(saving);
        for mut reply in std::mem::take(&mut self.kept) {
            self.tell_parted(&mut reply);
            if reply.is_awaited() {
                self.kept.push(reply);
            }
        }
    }

    /// Gives a reply to whichever screen was left while it waits for it. Of what comes of it only words
    /// are said, and what can't be shown a second time waits: there is no screen to go on with.
    fn tell_parted(&mut self, reply: &mut Reply) {
        let mut parted = std::mem::take(&mut self.parted);
        let mut told: Vec<(String, Effect)> = Vec::new();
        for place in &mut parted {
            let effects = place.screen.reply(reply, &self.context());
            let name = place.screen.crumbs().pop().unwrap_or_default();
            told.extend(effects.into_iter().map(|effect| (name.clone(), effect)));
        }
        for (name, effect) in told {
            match effect {
                // A save may have another one behind it.
                Effect::Run(_) => self.do_now(effect),
                Effect::Toast(toast) if toast.tone == Tone::Bad => {
                    self.say(Toast::bad(format!("{name}: {}", toast.text)));
                }
                Effect::Toast(toast) => self.say(toast),
                Effect::Open(overlay) if overlay.is_shown_once() => self.let_wait(overlay, Default::default()),
                _ => {}
            }
        }
        let done: Vec<Place> = parted.extract_if(.., |place| !place.screen.is_saving()).collect();
        self.parted = parted;
        self.free(done);
    }
}
