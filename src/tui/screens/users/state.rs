//! What the list of users knows, and how that changes.

use std::collections::BTreeSet;

use ratatui::layout::Rect;

use super::commands::{CLEAR, COMMANDS, MANAGER, ROLES, SEARCH};
use crate::service::ServiceError;
use crate::service::roles::RoleRow;
use crate::service::users::{UserDetail, UserQuery, UserRow};
use crate::tui::command::{Id, Spec};
use crate::tui::effect::{Effect, Effects};
use crate::tui::event::{Happening, Key};
use crate::tui::job::{Ended, Slot};
use crate::tui::moves;
use crate::tui::overlay::{Answer, Choice, Given, Picker};
use crate::tui::screen::{Context, Screen};
use crate::tui::toast::Toast;
use crate::tui::widget::{Canvas, Cursor, Focus, Search, SearchStep, Sheet, Table, split};
use crate::tui::words::{count, sentence};

const PICK_ROLES: &str = "users.roles";

/// The screen.
#[derive(Debug, Default)]
pub struct Users {
    pub(super) rows: Option<Vec<UserRow>>,
    pub(super) trouble: Option<String>,
    pub(super) cursor: Cursor,
    /// How many columns are moved out of view at the left.
    pub(super) skipped: usize,
    pub(super) search: Search,
    pub(super) roles: BTreeSet<String>,
    pub(super) focus: Focus,
    pub(super) sheet: Sheet,
    /// The last sign-ins may be known.
    pub(super) last_seen: bool,
    /// Whose detail is on the sheet.
    pub(super) shown: Option<String>,
    /// Go to this person once the list is here.
    wanted: Option<String>,
    loading: Slot<Result<Vec<UserRow>, ServiceError>>,
    opening: Slot<Result<UserDetail, ServiceError>>,
    choosing: Slot<Result<Vec<RoleRow>, ServiceError>>,
}

impl Users {
    /// The screen, at a person if one is named.
    #[must_use]
    pub fn new(email: Option<&str>) -> Self {
        Self { wanted: email.map(str::to_owned), ..Self::default() }
    }

    /// The row that the cursor is on.
    pub(super) fn current(&self) -> Option<&UserRow> {
        self.rows.as_ref().and_then(|rows| rows.get(self.cursor.at))
    }

    fn load(&mut self, cx: &Context<'_>) -> Effects {
        self.last_seen = cx.viewer.may("users.edit");
        let Some(session) = cx.session.cloned() else { return Effects::none() };
        let query = UserQuery { text: self.search.text().to_owned(), roles: self.roles.clone() };
        Effects::run(self.loading.start(move |_| session.users(&query)))
    }

    /// Fetches the detail of the person under the cursor, if it is shown.
    fn open_current(&mut self, cx: &Context<'_>) -> Effects {
        let area = Rect::new(0, 0, cx.body.width, cx.body.height);
        let (Some(session), Some(row), (_, Some(_))) = (cx.session.cloned(), self.current(), split(area, self.focus))
        else {
            return Effects::none();
        };
        let email = row.email.clone();
        Effects::run(self.opening.start(move |_| session.user_detail(&email)))
    }

    fn rows_in_view(cx: &Context<'_>) -> u16 {
        Table::rows(cx.body.height.saturating_sub(1))
    }

    fn loaded(&mut self, outcome: Ended<Result<Vec<UserRow>, ServiceError>>, cx: &Context<'_>) -> Effects {
        match outcome {
            Ended::With(Ok(rows)) => {
                let wanted = self.wanted.take().or_else(|| self.current().map(|row| row.email.clone()));
                if let Some(position) = rows.iter().position(|row| Some(&row.email) == wanted.as_ref()) {
                    self.cursor.at = position;
                }
                self.cursor.settle(rows.len(), Self::rows_in_view(cx));
                self.rows = Some(rows);
                self.trouble = None;
            }
            Ended::With(Err(why)) => self.trouble = Some(sentence(&why.to_string())),
            Ended::Broken => self.trouble = Some("The list could not be shown.".to_owned()),
        }
        self.open_current(cx)
    }

    fn command(&mut self, id: Id, cx: &Context<'_>) -> Effects {
        match id {
            SEARCH => {
                self.focus = Focus::List;
                self.search.open();
            }
            ROLES => {
                let Some(session) = cx.session.cloned() else { return Effects::none() };
                return Effects::run(self.choosing.start(move |_| session.roles()));
            }
            CLEAR => return self.clear(cx),
            MANAGER => return self.go_to_manager(cx),
            moves::OPEN => {
                self.focus = Focus::Detail;
                return self.open_current(cx);
            }
            moves::NEXT_PANE => {
                self.focus = if self.focus == Focus::List { Focus::Detail } else { Focus::List };
                return self.open_current(cx);
            }
            moves::BACK => return self.back(cx),
            moves::LEFT => self.skipped = self.skipped.saturating_sub(1),
            moves::RIGHT => self.skipped = (self.skipped + 1).min(super::view::columns(self).len() - 2),
            _ => return self.moved(id, cx),
        }
        Effects::none()
    }

    fn moved(&mut self, id: Id, cx: &Context<'_>) -> Effects {
        let area = Rect::new(0, 0, cx.body.width, cx.body.height);
        if let (Focus::Detail, (_, Some(detail))) = (self.focus, split(area, self.focus)) {
            self.sheet.moved(id, detail);
            return Effects::none();
        }
        let length = self.rows.as_ref().map_or(0, Vec::len);
        self.cursor.moved(id, length, Self::rows_in_view(cx));
        self.open_current(cx)
    }

    fn back(&mut self, cx: &Context<'_>) -> Effects {
        if self.focus == Focus::Detail {
            self.focus = Focus::List;
            return Effects::none();
        }
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
        let Some(manager) = self.current().and_then(|row| row.manager_email.clone()) else { return Effects::none() };
        self.wanted = Some(manager);
        self.focus = Focus::List;
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
                step.map(|id| self.moved(id, cx)).unwrap_or_default()
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
        if let Some(outcome) = self.loading.take(&mut reply) {
            return self.loaded(outcome, cx);
        }
        match self.opening.take(&mut reply) {
            Some(Ended::With(Ok(detail))) => {
                self.shown = Some(detail.row.email.clone());
                self.sheet.set(super::view::sheet(&detail));
            }
            Some(Ended::With(Err(_)) | Ended::Broken) => self.sheet.set(Vec::new()),
            None => {}
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
        if self.focus == Focus::Detail {
            crumbs.extend(self.current().map(|row| row.name.clone()));
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
            MANAGER if self.current().is_none_or(|row| row.manager_email.is_none()) => {
                Some("This person has no manager of their own; the role tree decides.".to_owned())
            }
            moves::OPEN if self.focus == Focus::Detail => Some("It is open already.".to_owned()),
            moves::OPEN if self.current().is_none() => Some("There is nobody to open.".to_owned()),
            _ => None,
        }
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
                let length = self.rows.as_ref().map_or(0, Vec::len);
                self.cursor.settle(length, Self::rows_in_view(cx));
                if self.shown.as_ref() != self.current().map(|row| &row.email) {
                    self.open_current(cx)
                } else {
                    Effects::none()
                }
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
