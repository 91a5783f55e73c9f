//! The detail of one person: which tab is shown, what stands in it, where its lines lead.

use super::commands::CHANGE_EXCEPTION;
use super::sheets::{Leads, Tab};
use super::state::Users;
use crate::service::ServiceError;
use crate::service::activity::ActivityEntry;
use crate::tui::effect::{Effect, Effects};
use crate::tui::job::Ended;
use crate::tui::route::Route;
use crate::tui::screen::Context;
use crate::tui::widget::Focus;
use crate::tui::words::sentence;

/// So much of what somebody did is shown with them.
const LATEST: usize = 20;

impl Users {
    /// The tabs of the person whose detail is shown, and which of them is.
    pub(super) fn tabs(&self) -> (Vec<Tab>, usize) {
        let tabs = self.master.detail().map(Tab::all).unwrap_or_default();
        let at = tabs.iter().position(|tab| *tab == self.tab).unwrap_or(0);
        (tabs, at)
    }

    pub(super) fn is_on_exceptions(&self) -> bool {
        let (tabs, at) = self.tabs();
        self.master.focus == Focus::Detail && tabs.get(at) == Some(&Tab::Exceptions)
    }

    /// Asks what the person did last, where that is shown and not here.
    pub(super) fn remember(&mut self, cx: &Context<'_>) -> Effects {
        let (tabs, at) = self.tabs();
        let shown = self.master.areas(cx).1.is_some() && tabs.get(at) == Some(&Tab::Activity);
        let (Some(session), Some(row)) = (cx.session.cloned().filter(|_| shown), self.master.current()) else {
            return Effects::none();
        };
        let email = row.email.clone();
        if self.did.as_ref().is_some_and(|(whose, _)| *whose == email) {
            return Effects::none();
        }
        self.did = Some((email.clone(), None));
        Effects::run(self.remembering.start(move |cancel| {
            let did = session.activity_of(&email, LATEST, cancel.flag());
            (email, did)
        }))
    }

    pub(super) fn remembered(&mut self, outcome: Ended<(String, Result<Vec<ActivityEntry>, ServiceError>)>) {
        self.did = match outcome {
            Ended::With((email, did)) => Some((email, Some(did.map_err(|why| sentence(&why.to_string()))))),
            Ended::Broken => None,
        };
        self.show_tab();
    }

    pub(super) fn turn_to(&mut self, next: bool) {
        let (tabs, at) = self.tabs();
        let count = tabs.len().max(1);
        let to = if next { (at + 1) % count } else { (at + count - 1) % count };
        self.tab = tabs.get(to).copied().unwrap_or_default();
        self.master.sheet.set(Vec::new());
        self.show_tab();
    }

    pub(super) fn show_tab(&mut self) {
        let (tabs, at) = self.tabs();
        let lines = match (self.master.detail(), tabs.get(at)) {
            (Some(profile), Some(tab)) => {
                let email = &profile.detail.row.email;
                let did = self.did.as_ref().filter(|(whose, _)| whose == email).and_then(|(_, did)| did.clone());
                tab.lines(profile, &did)
            }
            _ => Vec::new(),
        };
        self.master.sheet.set_keyed(lines);
    }

    /// Goes where the line that one stands on leads.
    pub(super) fn follow(&mut self, cx: &Context<'_>) -> Effects {
        let Some(leads) = self.master.sheet.here().and_then(Leads::of) else { return Effects::none() };
        match leads {
            Leads::User(email) => {
                self.master.want(email);
                self.clear(cx)
            }
            Leads::Role(name) => Effects::of(Effect::Go(Route::Roles { name: Some(name) })),
            Leads::Records(object) => match self.master.current() {
                Some(row) => Effects::of(Effect::Go(super::records_of(&object, &row.email))),
                None => Effects::none(),
            },
            Leads::Exception(_) => self.act(CHANGE_EXCEPTION, cx),
            Leads::Activity(email) => Effects::of(Effect::Go(Route::Activity { person: Some(email) })),
        }
    }
}
