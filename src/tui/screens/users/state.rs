//! What the list of users knows, and how that changes.

use std::collections::BTreeSet;

use ratatui::layout::Rect;

use super::commands::{CLEAR, COMMANDS, MANAGER, ROLES, SEARCH};
use crate::service::roles::RoleRow;
use crate::service::users::{UserDetail, UserQuery, UserRow};
use crate::service::why::Question;
use crate::service::{ServiceError, Session};
use crate::tui::command::{Id, Spec};
use crate::tui::effect::{Effect, Effects};
use crate::tui::event::{Happening, Key};
use crate::tui::job::{Ended, Slot};
use crate::tui::master::{Came, Master, Row};
use crate::tui::moves;
use crate::tui::overlay::{Answer, Choice, Given, Picker};
use crate::tui::screen::{Context, Screen};
use crate::tui::toast::Toast;
use crate::tui::widget::{Canvas, Focus, Search, SearchStep};
use crate::tui::words::{count, sentence};

const PICK_ROLES: &str = "users.roles";

/// The screen.
#[derive(Debug)]
pub struct Users {
    pub(super) master: Master<UserRow, UserDetail>,
    pub(super) search: Search,
    pub(super) roles: BTreeSet<String>,
    /// The last sign-ins may be known.
    pub(super) last_seen: bool,
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
            master: Master::new(1, email),
            search: Search::default(),
            roles: BTreeSet::new(),
            last_seen: false,
            choosing: Slot::default(),
        }
    }

    fn load(&mut self, cx: &Context<'_>) -> Effects {
        self.last_seen = cx.viewer.may("users.edit");
        let query = UserQuery { text: self.search.text().to_owned(), roles: self.roles.clone() };
        self.master.list(cx, move |session| session.users(&query))
    }

    fn open(&mut self, cx: &Context<'_>) -> Effects {
        self.master.open(cx, Session::user_detail)
    }

    fn command(&mut self, id: Id, cx: &Context<'_>) -> Effects {
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
            MANAGER => return self.go_to_manager(cx),
            moves::BACK => return self.back(cx),
            moves::LEFT => self.master.skipped = self.master.skipped.saturating_sub(1),
            moves::RIGHT => {
                self.master.skipped = (self.master.skipped + 1).min(super::view::columns(self).len() - 2);
            }
            _ => {}
        }
        Effects::none()
    }

    fn back(&mut self, cx: &Context<'_>) -> Effects {
        if self.search.text().is_empty() && self.roles.is_empty() {
            return Effects::of(Effect::Back);
        }
        self.clear(cx)
    }

    fn clear(&mut self, cx: &Context<'_>) -> Effects {
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
            SearchStep::Changed => self.load(cx),
            SearchStep::Stayed => Effects::none(),
            SearchStep::Unused => {
                let step = moves::LIST.iter().find(|spec| spec.keys.contains(&key)).map(|spec| spec.id);
                match step.is_some_and(|id| self.master.moved(id, cx)) {
                    true => self.open(cx),
                    false => Effects::none(),
                }
            }
        }
    }

    fn pick_roles(&self, roles: Vec<RoleRow>) -> Effects {
        let choices = roles
            .into_iter()
            .map(|role| {
                Choice::new(role.name.clone(), role.name, count(role.members.len() as u64, "member", "members"))
            })
            .collect();
        let picker = Picker::several(PICK_ROLES, "Users with these roles", choices, self.roles.clone());
        Effects::of(Effect::Open(Box::new(picker)))
    }

    fn reply(&mut self, mut reply: crate::tui::job::Reply, cx: &Context<'_>) -> Effects {
        match self.master.reply(&mut reply, cx) {
            Came::List => return self.open(cx),
            Came::Detail => {
                if let Some(detail) = self.master.detail() {
                    self.master.sheet.set(super::view::sheet(detail));
                }
                return Effects::none();
            }
            Came::Other => {}
        }
        match self.choosing.take(&mut reply) {
            Some(Ended::With(Ok(roles))) => self.pick_roles(roles),
            Some(Ended::With(Err(why))) => Effects::toast(Toast::bad(sentence(&why.to_string()))),
            Some(Ended::Broken) => Effects::toast(Toast::bad("The roles could not be shown.")),
            None => Effects::none(),
        }
    }
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
        vec![moves::PANES, COMMANDS, moves::LIST, moves::COLUMNS]
    }

    fn blocked(&self, id: Id) -> Option<String> {
        let narrowed = !self.search.text().is_empty() || !self.roles.is_empty();
        match id {
            CLEAR if !narrowed => Some("Everybody is shown already.".to_owned()),
            MANAGER if self.master.current().is_none_or(|row| row.manager_email.is_none()) => {
                Some("This person has no manager of their own; the role tree decides.".to_owned())
            }
            _ => self.master.blocked(id),
        }
    }

    fn why(&self) -> Option<Question> {
        Some(Question::Person { email: self.master.current()?.email.clone() })
    }

    fn takes_text(&self) -> bool {
        self.search.is_open()
    }

    fn text_hints(&self) -> Vec<(&'static str, &'static str)> {
        vec![("Enter", "keep"), ("Esc", "clear"), ("Up Down", "choose")]
    }

    fn start(&mut self, cx: &Context<'_>) -> Effects {
        self.load(cx)
    }

    fn update(&mut self, happening: Happening, cx: &Context<'_>) -> Effects {
        match happening {
            Happening::Command(invocation) => self.command(invocation.id, cx),
            Happening::Key(key) => self.typed(key, cx),
            Happening::Paste(text) if self.search.is_open() => {
                self.search.paste(&text);
                self.load(cx)
            }
            Happening::Reply(reply) => self.reply(reply, cx),
            Happening::Answer(Answer { tag: PICK_ROLES, value: Given::Chosen(roles) }) => {
                self.roles = roles.into_iter().collect();
                self.load(cx)
            }
            Happening::Refresh => self.load(cx),
            Happening::Tick => {
                self.master.settle(cx);
                if self.master.wants_detail(cx) { self.open(cx) } else { Effects::none() }
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
