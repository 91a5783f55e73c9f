//! What jobs come back with goes to the screen that started them. Where that is behind another one,
//! it is kept until the screen is in front again: else it would wait for ever.

use super::App;
use super::over::Since;
use crate::tui::effect::Effects;
use crate::tui::event::Happening;
use crate::tui::job::Reply;

impl App {
    /// Gives the screen in front a reply; keeps it, if another one waits for it.
    pub(super) fn offer(&mut self, mut reply: Reply) -> Effects {
        let effects = self.with_screen(|screen, cx| screen.reply(&mut reply, cx)).unwrap_or_default();
        let gone: Vec<Reply> = self.kept.extract_if(.., |kept| !kept.is_awaited()).collect();
        self.free(gone);
        if reply.is_awaited() {
            self.kept.push(reply);
        }
        effects
    }

    /// A screen is in front again: it looks at its data anew, and takes what came meanwhile. In this
    /// order, so that what it asks anew, since the rules are others, is not taken from what is kept.
    pub(super) fn come_back(&mut self) {
        let effects = self.tell(Happening::Refresh);
        self.apply(effects);
        for reply in std::mem::take(&mut self.kept) {
            let since = self.since.replace(Since { asked: reply.asked(), by_screen: true });
            let effects = self.offer(reply);
            self.apply(effects);
            self.since = since;
        }
    }
}
