//! What the list of users knows, and how that changes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use ratatui::layout::Rect;

use super::acts::{Ready, Sorted, refusal};
use super::commands::{
    ACTS, ADD, CLEAR, EDIT, FIND, GO_MANAGER, NARROW, NEXT_TAB, ON_EXCEPTION, PREVIOUS_TAB, REMOVE, RESET, ROLES,
    SEARCH, SELECT, TABS, TURNS,
};
use super::sheets::{Did, Leads, Profile, Tab};
use crate::service::activity::ActivityEntry;
use crate::service::roles::RoleRow;
use crate::service::users::{UserQuery, UserRow};
use crate::service::why::Question;
use crate::service::{Password, ServiceError, Session};
use crate::tui::command::{Id, Spec};
use crate::tui::effect::{Effect, Effects};
use crate::tui::event::{Happening, Key};
use crate::tui::job::{Ended, Reply, Slot};
use crate::tui::master::{Came, Master, Row};
use crate::tui::moves;
use crate::tui::overlay::{Answer, Choice, Given, Picker};
use crate::tui::proposal::Proposing;
use crate::tui::screen::{Context, Screen};
use crate::tui::toast::Toast;
use crate::tui::widget::{Canvas, Focus, Search, SearchStep};
use crate::tui::words::{count, sentence};

const PICK_ROLES: &str = "users.roles";

/// The screen.
#[derive(Debug)]
pub struct Users {
    pub(super) master: Master<UserRow, Profile>,
    pub(super) search: Search,
    pub(super) roles: BTreeSet<String>,
    /// The last sign-ins may be known.
    pub(super) last_seen: bool,
    /// The widest name, email, role and manager.
    pub(super) widest: [u16; 4],
    /// The same of the list that was asked for last, measured where that is made.
    measured: Arc<OnceLock<[u16; 4]>>,
    /// Look again at this time: the records are still being loaded.
    look_at: Option<Duration>,
    /// The tab that is shown, where the person has it.
    pub(super) tab: Tab,
    /// What somebody did last, and whose that is.
    pub(super) did: Option<(String, Did)>,
    pub(super) remembering: Slot<(String, Result<Vec<ActivityEntry>, ServiceError>)>,
    /// Those who are chosen, by email, with their names.
    pub(super) chosen: BTreeMap<String, String>,
    pub(super) proposing: Proposing,
    pub(super) preparing: Slot<Result<Ready, ServiceError>>,
    pub(super) sorting: Slot<Sorted>,
    pub(super) resetting: Slot<(String, Result<Password, ServiceError>)>,
    choosing: Slot<Result<Vec<RoleRow>, ServiceError>>,
}

impl Row for UserRow {
    fn key(&self) -> &str {
        &self.email
    }
}

impl Users {
    /// The screen, at a person if one is named.
    #[must_use]
    pub fn new(email: Option<&str>) -> Self {
        Self {
            master: Master::new(1, email).below_tabs(crate::tui::widget::tabs::ROWS),
            search: Search::default(),
            roles: BTreeSet::new(),
            last_seen: false,
            widest: [0; 4],
            measured: Arc::default(),
            look_at: None,
            tab: Tab::default(),
            did: None,
            remembering: Slot::default(),
            chosen: BTreeMap::new(),
            proposing: Proposing::default(),
            preparing: Slot::default(),
            sorting: Slot::default(),
            resetting: Slot::default(),
            choosing: Slot::default(),
        }
    }

    fn load(&mut self, cx: &Context<'_>) -> Effects {
        self.last_seen = cx.viewer.may("users.edit");
        let query = UserQuery { text: self.search.text().to_owned(), roles: self.roles.clone() };
        self.measured = Arc::default();
        let measured = Arc::clone(&self.measured);
        self.master.list(cx, move |session| {
            let rows = session.users(&query)?;
            // Among 100,000 people that takes longer than a key may.
            let _ = measured.set(super::view::widest(&rows));
            Ok(rows)
        })
    }

    fn open(&mut self, cx: &Context<'_>) -> Effects {
        self.master.open(cx, profile)
    }

    fn select(&mut self, cx: &Context<'_>) -> Effects {
        if let Some(row) = self.master.current() {
            let (email, name) = (row.email.clone(), row.name.clone());
            if self.chosen.remove(&email).is_none() {
                self.chosen.insert(email, name);
            }
        }
        self.master.focus = Focus::List;
        self.master.moved(moves::DOWN, cx);
        self.open(cx)
    }

    fn command(&mut self, id: Id, cx: &Context<'_>) -> Effects {
        let in_detail = self.master.focus == Focus::Detail;
        match id {
            moves::OPEN if in_detail => return self.follow(cx),
            moves::LEFT | PREVIOUS_TAB if in_detail || id == PREVIOUS_TAB => {
                self.turn_to(false);
                return self.remember(cx);
            }
            moves::RIGHT | NEXT_TAB if in_detail || id == NEXT_TAB => {
                self.turn_to(true);
                return self.remember(cx);
            }
            SELECT => return self.select(cx),
            _ => {}
        }
        if self.master.moved(id, cx) {
            return self.open(cx);
        }
        match id {
            SEARCH => {
                self.master.focus = Focus::List;
                self.search.open();
            }
            ROLES => {
                let Some(session) = cx.session.cloned() else { return Effects::none() };
                return Effects::run(self.choosing.start(move |_| session.roles()));
            }
            CLEAR => return self.clear(cx),
            GO_MANAGER => return self.go_to_manager(cx),
            moves::BACK | moves::UNSELECT => return self.back(cx),
            moves::LEFT => self.master.skipped = self.master.skipped.saturating_sub(1),
            moves::RIGHT => {
                self.master.skipped = (self.master.skipped + 1).min(super::view::columns(self).len() - 2);
            }
            _ => return self.act(id, cx),
        }
        Effects::none()
    }

    fn back(&mut self, cx: &Context<'_>) -> Effects {
        if !self.chosen.is_empty() {
            self.chosen.clear();
            return Effects::none();
        }
        if self.search.text().is_empty() && self.roles.is_empty() {
            return Effects::of(Effect::Back);
        }
        self.clear(cx)
    }

    pub(super) fn clear(&mut self, cx: &Context<'_>) -> Effects {
        self.search.clear();
        self.roles.clear();
        self.load(cx)
    }

    fn go_to_manager(&mut self, cx: &Context<'_>) -> Effects {
        let Some(manager) = self.master.current().and_then(|row| row.manager_email.clone()) else {
            return Effects::none();
        };
        self.master.want(manager);
        self.master.focus = Focus::List;
        self.clear(cx)
    }

    fn typed(&mut self, key: Key, cx: &Context<'_>) -> Effects {
        if !self.search.is_open() {
            return Effects::none();
        }
        match self.search.key(key) {
            SearchStep::Changed => self.searched(cx),
            SearchStep::Stayed => Effects::none(),
            SearchStep::Unused => {
                let step = moves::in_list(key);
                match step.is_some_and(|id| self.master.moved(id, cx)) {
                    true => self.open(cx),
                    false => Effects::none(),
                }
            }
        }
    }

    /// Another text is searched for: what it finds best is stood on.
    fn searched(&mut self, cx: &Context<'_>) -> Effects {
        if !self.search.text().is_empty() {
            self.master.want_the_first();
        }
        self.load(cx)
    }

    fn pick_roles(&self, roles: Vec<RoleRow>) -> Effects {
        let choices = roles
            .into_iter()
            .map(|role| {
                Choice::new(role.name.clone(), role.name, count(role.members.len() as u64, "member", "members"))
            })
            .collect();
        let picker = Picker::several(PICK_ROLES, "Users with these roles", choices, self.roles.clone()).or_here();
        Effects::of(Effect::Open(Box::new(picker)))
    }

    fn replied(&mut self, reply: &mut Reply, cx: &Context<'_>) -> Effects {
        match self.master.reply(reply, cx) {
            Came::List => {
                let rows = self.master.rows.as_deref().unwrap_or_default();
                // Who is narrowed out of sight isn't meant any more.
                self.chosen.retain(|email, _| rows.iter().any(|row| row.email == *email));
                // While somebody narrows the list, its columns keep their places.
                let narrowed = !self.search.text().is_empty() || !self.roles.is_empty();
                let before = if narrowed { self.widest } else { [0; 4] };
                self.widest = self.measured.get().copied().unwrap_or_default();
                self.widest.iter_mut().zip(before).for_each(|(width, least)| *width = least.max(*width));
                return self.open(cx);
            }
            Came::Detail => {
                let counting = |profile: &Profile| profile.owned.iter().any(|owned| owned.owned.is_none());
                let soon = cx.now + Duration::from_millis(200);
                self.look_at = self.master.detail().filter(|profile| counting(profile)).map(|_| soon);
                self.show_tab();
                return self.remember(cx);
            }
            Came::Other => {}
        }
        if let Some(effects) = self.proposing.reply(reply) {
            return effects;
        }
        if let Some(outcome) = self.remembering.take(reply) {
            self.remembered(outcome);
            return Effects::none();
        }
        if let Some(outcome) = self.preparing.take(reply) {
            return self.prepared(outcome, cx);
        }
        if let Some(outcome) = self.sorting.take(reply) {
            return self.sorted(outcome, cx);
        }
        if let Some(outcome) = self.resetting.take(reply) {
            return Self::has_reset(outcome);
        }
        match self.choosing.take(reply) {
            Some(Ended::With(Ok(roles))) => self.pick_roles(roles),
            Some(Ended::With(Err(why))) => Effects::toast(Toast::bad(sentence(&why.to_string()))),
            Some(Ended::Broken) => Effects::toast(Toast::bad("The roles could not be shown.")),
            None => Effects::none(),
        }
    }
}

fn profile(session: &Session, email: &str) -> Result<Profile, ServiceError> {
    Ok(Profile { detail: session.user_detail(email)?, owned: session.records_owned(email)? })
}

impl Screen for Users {
    fn crumbs(&self) -> Vec<String> {
        let mut crumbs = vec!["Users".to_owned()];
        if self.master.focus == Focus::Detail {
            crumbs.extend(self.master.current().map(|row| row.name.clone()));
        }
        crumbs
    }

    fn tab(&self) -> Option<String> {
        Some("Users".to_owned())
    }

    fn commands(&self) -> Vec<&'static [Spec]> {
        match self.is_on_exceptions() && self.master.sheet.here().is_some() {
            true => vec![ON_EXCEPTION, TURNS, ACTS, moves::PANES, FIND, ADD, NARROW, moves::LIST],
            false if self.master.focus == Focus::Detail => {
                vec![moves::PANES, TURNS, ACTS, REMOVE, FIND, ADD, NARROW, moves::LIST]
            }
            false if !self.chosen.is_empty() => {
                let acts = ACTS.iter().filter(|spec| super::acts::OF_SEVERAL.contains(&spec.id));
                let rest = [FIND, ADD, NARROW, ACTS, REMOVE, moves::LIST, moves::COLUMNS, TABS];
                moves::with_chosen(acts).into_iter().chain(rest).collect()
            }
            false => vec![moves::PANES, FIND, ADD, NARROW, ACTS, REMOVE, moves::LIST, moves::COLUMNS, TABS],
        }
    }

    fn blocked(&self, id: Id) -> Option<String> {
        let narrowed = !self.search.text().is_empty() || !self.roles.is_empty();
        match id {
            CLEAR if !narrowed => Some("Everybody is shown already.".to_owned()),
            GO_MANAGER if self.master.current().is_none_or(|row| row.manager_email.is_none()) => {
                Some("This person has no manager of their own; the role tree decides.".to_owned())
            }
            moves::OPEN if self.master.focus == Focus::Detail => {
                let leads = self.master.sheet.here().is_some();
                (!leads).then(|| "Nothing here leads further.".to_owned())
            }
            EDIT | RESET if self.is_me() => None,
            NEXT_TAB | PREVIOUS_TAB if self.tabs().0.len() < 2 => Some("There is one tab.".to_owned()),
            _ => match self.master.detail().filter(|_| self.chosen.is_empty()) {
                Some(profile) => refusal(id, &profile.detail.acts).map(|why| sentence(why)),
                None => self.master.blocked(id),
            },
        }
    }

    fn why(&self) -> Option<Question> {
        let email = self.master.current()?.email.clone();
        match self.is_on_exceptions().then(|| self.master.sheet.here().and_then(Leads::of)).flatten() {
            Some(Leads::Exception(key)) => Some(Question::Feature { user: Some(email), key }),
            _ => Some(Question::Person { email }),
        }
    }

    fn takes_text(&self) -> bool {
        self.search.is_open()
    }

    fn text_hints(&self) -> Vec<(&'static str, &'static str)> {
        Search::HINTS.to_vec()
    }

    fn is_saving(&self) -> bool {
        self.proposing.is_saving() || self.resetting.is_waiting()
    }

    fn give_up(&mut self) -> bool {
        // All of them, whichever it was.
        let asked = [self.preparing.give_up(), self.sorting.give_up(), self.choosing.give_up()];
        self.proposing.give_up() || asked.contains(&true)
    }

    fn deadline(&self) -> Option<Duration> {
        self.look_at
    }

    fn start(&mut self, cx: &Context<'_>) -> Effects {
        self.load(cx)
    }

    fn reply(&mut self, reply: &mut Reply, cx: &Context<'_>) -> Effects {
        self.replied(reply, cx)
    }

    fn update(&mut self, happening: Happening, cx: &Context<'_>) -> Effects {
        match happening {
            Happening::Command(invocation) => self.command(invocation.id, cx),
            Happening::Key(key) => self.typed(key, cx),
            Happening::Paste(text) if self.search.is_open() => {
                self.search.paste(&text);
                self.searched(cx)
            }
            Happening::Answer(answer) if answer.tag != PICK_ROLES => {
                let proposed = self.proposing.answer(&answer, cx);
                proposed.or_else(|| self.act_answered(&answer, cx)).unwrap_or_default()
            }
            Happening::Answer(Answer { tag: PICK_ROLES, value: Given::Chosen(roles), .. }) => {
                self.roles = roles.into_iter().collect();
                self.load(cx)
            }
            Happening::Refresh => {
                self.did = None;
                self.load(cx)
            }
            Happening::Tick => {
                self.master.settle(cx);
                let due = self.look_at.is_some_and(|at| at <= cx.now);
                if due {
                    self.look_at = None;
                }
                if due || self.master.wants_detail(cx) { self.open(cx) } else { Effects::none() }
            }
            Happening::Paste(_) | Happening::Answer(_) => Effects::none(),
        }
    }

    fn status(&self) -> String {
        super::view::status(self)
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        super::view::draw(self, canvas, area);
    }
}
