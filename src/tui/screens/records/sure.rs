//! What is looked up and asked before records are deleted, or left by whoever they were assigned to.

use super::acts::{Deed, Found, Preview, SURE_ASSIGN, SURE_DELETE};
use super::state::Records;
use crate::service::ServiceError;
use crate::service::bulk::{Act, Outcome};
use crate::service::impact::Impact;
use crate::tui::effect::Effects;
use crate::tui::overlay::{Confirm, Review};
use crate::tui::screen::Context;
use crate::tui::toast::Toast;
use crate::tui::words::{number, sentence};

impl Records {
    /// Asks whether to delete; of several, once it is known how many of them may be.
    pub(super) fn ask_delete(&mut self, cx: &Context<'_>) -> Effects {
        self.begin_anew();
        let (Some(session), Some(target)) = (cx.session.cloned(), self.target()) else { return Effects::none() };
        let deed = Deed { target, act: Act::Delete };
        if deed.target.count == 1 {
            let about = self.about(&deed.target);
            return sure_to_delete(deed, &about, &format!("{about} is deleted."));
        }
        let object = self.object.key.clone();
        Effects::run(self.previewing.start(move |cancel| {
            let counted = session.count_on_records(&object, &deed.target.which, &deed.act, cancel.flag());
            Preview { deed, found: Found::Delete(counted) }
        }))
    }

    /// It was counted how many of several would be deleted: it is said of those that were counted, and
    /// no more are.
    pub(super) fn counted_to_delete(&self, deed: Deed, counted: Result<Outcome, ServiceError>) -> Effects {
        let Outcome { of, changed, .. } = match counted {
            Ok(outcome) => outcome,
            Err(why) => return Effects::toast(Toast::bad(sentence(&why.to_string()))),
        };
        let deed = Deed { target: deed.target.counted_anew(of), ..deed };
        let (some, all) = (self.counted(changed), self.counted(of));
        let verb = if changed == 1 { "is" } else { "are" };
        let text = match changed {
            0 => return Effects::toast(Toast::warn(format!("You may delete none of these {all}."))),
            every if every == of => format!("{some} {verb} deleted."),
            few => format!("{} of {all} {verb} deleted; the others you may not delete.", number(few)),
        };
        sure_to_delete(deed, &some, &text)
    }

    /// Whoever has a record by being assigned alone doesn't see it afterwards: looks first.
    pub(super) fn ask_to_leave(&mut self, deed: Deed, cx: &Context<'_>) -> Effects {
        let Some(session) = cx.session.cloned() else { return Effects::none() };
        let object = self.object.key.clone();
        Effects::run(self.previewing.start(move |cancel| {
            let preview = session.preview_on_records(&object, &deed.target.which, &deed.act, cancel.flag());
            Preview { deed, found: Found::Unassigned(preview.map(|(impact, _)| impact)) }
        }))
    }

    /// What it would mean not to be assigned any more: shown before it happens, where it means anything.
    pub(super) fn asked_to_leave(
        &mut self,
        deed: Deed,
        preview: Result<Impact, ServiceError>,
        cx: &Context<'_>,
    ) -> Effects {
        match preview {
            Ok(impact) if impact.is_nothing() => self.begin(deed, cx),
            Ok(impact) => {
                let text = format!("{} is no longer assigned to you.", self.about(&deed.target));
                let review = Review::new(SURE_ASSIGN, "Leave it?", &impact, "leave it").saying(&text);
                Effects::ask(review, deed)
            }
            Err(why) => Effects::toast(Toast::bad(sentence(&why.to_string()))),
        }
    }
}

/// Asks whether to delete these.
fn sure_to_delete(deed: Deed, what: &str, text: &str) -> Effects {
    let confirm = Confirm::new(SURE_DELETE, &format!("Delete {what}?"), text, &format!("delete {what}")).grave();
    Effects::ask(confirm, deed)
}
