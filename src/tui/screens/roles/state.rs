//! What the list of roles knows, and how that changes.

use ratatui::layout::Rect;

use super::commands as can;
use super::delete;
use super::edit::{EditRole, is_within};
use super::new::NewRoleScreen;
use super::order::{self, Order};
use crate::service::Session;
use crate::service::draft::Draft;
use crate::service::edit_roles::{Cell, RoleChange};
use crate::service::roles::{Member, RoleDetail, RoleRow};
use crate::service::why::Question;
use crate::tui::command::{Id, Spec};
use crate::tui::editor::Editor;
use crate::tui::effect::{Effect, Effects};
use crate::tui::event::{Happening, Key};
use crate::tui::job::Reply;
use crate::tui::master::{Came, Master, Row};
use crate::tui::moves;
use crate::tui::overlay::{Answer, Choice, Given, Picker};
use crate::tui::proposal::{Proposal, Proposing};
use crate::tui::route::Route;
use crate::tui::screen::{Context, Screen};
use crate::tui::toast::Toast;
use crate::tui::widget::{Canvas, Focus, Search, SearchStep};
use crate::tui::words::count;

const PICK_MANAGER: &str = "roles.manager";

/// The screen.
#[derive(Debug)]
pub struct Roles {
    pub(super) master: Master<RoleRow, RoleDetail>,
    /// Which member of the role is stood on.
    pub(super) member: Option<usize>,
    /// The viewer manages roles.
    pub(super) manages: bool,
    /// A name that is looked for.
    pub(super) search: Search,
    order: Order,
    proposing: Proposing,
}

impl Row for RoleRow {
    fn key(&self) -> &str {
        &self.name
    }
}

impl Roles {
    /// The screen, at a role if one is named.
    #[must_use]
    pub fn new(name: Option<&str>) -> Self {
        Self {
            master: Master::new(Self::FOOT, name),
            member: None,
            manages: false,
            search: Search::default(),
            order: Order::default(),
            proposing: Proposing::default(),
        }
    }

    /// The rows at the foot of the list that say more about the chosen role.
    pub(super) const FOOT: u16 = 3;

    fn rows(&self) -> &[RoleRow] {
        self.master.rows.as_deref().unwrap_or_default()
    }

    fn row(&self, name: &str) -> Option<&RoleRow> {
        self.rows().iter().find(|row| row.name == name)
    }

    /// The member that is stood on.
    pub(super) fn chosen_member(&self) -> Option<&Member> {
        self.master.current()?.members.get(self.member?)
    }

    fn load(&mut self, cx: &Context<'_>) -> Effects {
        self.manages = cx.viewer.may("roles.manage");
        // A list that was asked for before the order is saved would show the old one.
        if self.order.is_busy() {
            return Effects::none();
        }
        self.master.list(cx, Session::roles)
    }

    fn open(&mut self, cx: &Context<'_>) -> Effects {
        self.master.open(cx, Session::role_detail)
    }

    fn command(&mut self, id: Id, cx: &Context<'_>) -> Effects {
        if let (moves::OPEN, Some(member)) = (id, self.chosen_member()) {
            return Effects::of(Effect::Go(Route::Users { email: Some(member.email.clone()) }));
        }
        if id == moves::BACK && self.member.take().is_some() {
            return Effects::none();
        }
        let before = self.master.current().map(|row| row.name.clone());
        if self.master.moved(id, cx) {
            if before != self.master.current().map(|row| row.name.clone()) || self.master.focus == Focus::Detail {
                self.member = None;
            }
            return self.open(cx);
        }
        let name = self.master.current().map(|row| row.name.clone());
        match (id, name) {
            (moves::BACK, _) => Effects::of(Effect::Back),
            (can::FIND, _) => {
                (self.master.focus, self.member) = (Focus::List, None);
                self.search.open();
                Effects::none()
            }
            (can::CHART, role) => Effects::of(Effect::Go(Route::Chart { role })),
            (can::MATRIX, role) => Effects::of(Effect::Go(Route::Matrix { role })),
            (can::TYPES, _) => Effects::of(Effect::Go(Route::Types)),
            (can::FIELDS, _) => Effects::of(Effect::Go(Route::Fields { object: None })),
            (can::NEW, _) => NewRoleScreen::show(None),
            (can::CLONE, Some(name)) => NewRoleScreen::show(Some(name)),
            (can::EDIT, Some(name)) => Editor::show(EditRole::new(&name)),
            (can::MANAGER, Some(_)) => self.pick_manager(),
            (can::DELETE, Some(name)) => self.delete(&name, None, cx),
            (can::UP, Some(_)) => self.carry(false, cx),
            (can::DOWN, Some(_)) => self.carry(true, cx),
            (can::NEXT_MEMBER, _) => self.along(true),
            (can::MEMBER_BEFORE, _) => self.along(false),
            _ => Effects::none(),
        }
    }

    fn typed(&mut self, key: Key, cx: &Context<'_>) -> Effects {
        match self.search.key(key) {
            SearchStep::Changed => self.find(0, cx),
            SearchStep::Stayed => {
                if !self.search.is_open() {
                    self.search.clear();
                }
                Effects::none()
            }
            SearchStep::Unused => match moves::in_list(key) {
                Some(moves::UP) => self.find(-1, cx),
                Some(_) => self.find(1, cx),
                None => Effects::none(),
            },
        }
    }

    /// Goes to the next role whose name holds what is searched for.
    fn find(&mut self, step: isize, cx: &Context<'_>) -> Effects {
        let names = self.rows().iter().map(|row| row.name.as_str());
        let found = self.search.next_of(names, self.master.cursor.at, step);
        let Some(place) = found else { return Effects::none() };
        self.master.cursor.at = place;
        self.master.settle(cx);
        self.open(cx)
    }

    /// Along the members of the chosen role.
    fn along(&mut self, on: bool) -> Effects {
        let many = self.master.current().map_or(0, |row| row.members.len());
        self.member = match (self.member, on) {
            (_, true) if many == 0 || self.master.focus == Focus::Detail => None,
            (None, true) => Some(0),
            (Some(at), true) => Some((at + 1).min(many - 1)),
            (None | Some(0), false) => None,
            (Some(at), false) => Some(at - 1),
        };
        Effects::none()
    }

    fn pick_manager(&self) -> Effects {
        let Some(row) = self.master.current() else { return Effects::none() };
        let fits = |other: &&RoleRow| !is_within(self.rows(), &other.name, &row.name);
        let choices = self.rows().iter().filter(fits);
        let choices = choices
            .map(|other| Choice::new(other.name.clone(), other.name.clone(), "").note(other.description.clone()));
        let title = format!("The Role Manager of “{}”", row.name);
        let picker = Picker::one(PICK_MANAGER, &title, choices.collect(), row.manager.as_deref());
        Effects::ask(picker, row.name.clone())
    }

    fn set_manager(&mut self, name: &str, manager: &str, cx: &Context<'_>) -> Effects {
        let Some(row) = self.row(name) else { return gone(name) };
        if row.manager.as_deref() == Some(manager) {
            return Effects::none();
        }
        let (name, manager) = (name.to_owned(), manager.to_owned());
        let change = RoleChange { manager: Some(manager.clone()), ..RoleChange::default() };
        let proposal = Proposal {
            draft: Draft::Roles([(name.clone(), change)].into()),
            title: "Change the Role Manager".to_owned(),
            says: format!("“{name}”, with the roles below it, moves under “{manager}”."),
            verb: "move it".to_owned(),
            done: format!("“{name}” is under “{manager}” now."),
        };
        self.proposing.put(proposal, cx)
    }

    fn delete(&mut self, name: &str, heir: Option<String>, cx: &Context<'_>) -> Effects {
        let Some(row) = self.row(name) else { return gone(name) };
        if heir.is_none() && !delete::is_free(self.rows(), row) {
            return Effects::ask(delete::picker(self.rows(), row), row.name.clone());
        }
        let proposal = delete::proposal(self.rows(), row, heir);
        self.proposing.put(proposal, cx)
    }

    /// An answer is about the role that was asked about, wherever one stands by now.
    fn answered(&mut self, answer: &Answer, cx: &Context<'_>) -> Effects {
        let Given::Chosen(names) = &answer.value else {
            return self.proposing.answer(answer, cx).unwrap_or_default();
        };
        let (Some(role), Some(chosen)) = (answer.about::<String>(), names.first()) else { return Effects::none() };
        match answer.tag {
            PICK_MANAGER => self.set_manager(role, chosen, cx),
            delete::PICK_HEIR => self.delete(role, Some(chosen.clone()), cx),
            _ => Effects::none(),
        }
    }

    fn carry(&mut self, down: bool, cx: &Context<'_>) -> Effects {
        let at = self.master.cursor.at;
        let Some(rows) = self.master.rows.as_mut() else { return Effects::none() };
        let Some((to, effects)) = self.order.carry(rows, at, down, cx) else { return Effects::none() };
        self.master.cursor.at = to;
        self.master.settle(cx);
        effects
    }

    fn replied(&mut self, reply: &mut Reply, cx: &Context<'_>) -> Effects {
        if let Some(effects) = self.order.reply(reply, cx) {
            return effects.then(self.load(cx));
        }
        if let Some(effects) = self.proposing.reply(reply) {
            return effects.then(self.load(cx));
        }
        match self.master.reply(reply, cx) {
            Came::List => {
                let many = self.master.current().map_or(0, |row| row.members.len());
                self.member = self.member.filter(|at| *at < many);
                self.open(cx)
            }
            Came::Detail => {
                if let Some(detail) = self.master.detail() {
                    self.master.sheet.set_keyed(super::sheet::lines(detail));
                }
                Effects::none()
            }
            Came::Other => Effects::none(),
        }
    }
}

fn gone(name: &str) -> Effects {
    Effects::toast(Toast::warn(format!("The role “{name}” is not there any more; nothing was changed.")))
}

impl Screen for Roles {
    fn crumbs(&self) -> Vec<String> {
        let mut crumbs = vec!["Roles".to_owned()];
        if self.master.focus == Focus::Detail {
            crumbs.extend(self.master.current().map(|row| row.name.clone()));
        }
        crumbs
    }

    fn tab(&self) -> Option<String> {
        Some("Roles".to_owned())
    }

    fn commands(&self) -> Vec<&'static [Spec]> {
        let row = self.master.current();
        let mut sets = vec![moves::PANES];
        if row.is_some_and(|row| !row.locked) {
            sets.push(can::EDITABLE);
        }
        sets.push(can::COMMANDS);
        if row.is_some_and(|row| !row.shipped) {
            sets.push(can::CUSTOM);
        }
        sets.extend([can::MEMBERS, moves::LIST]);
        sets
    }

    fn blocked(&self, id: Id) -> Option<String> {
        let row = self.master.current();
        match id {
            can::UP | can::DOWN => order::blocked(self.rows(), self.master.cursor.at, id == can::DOWN),
            can::NEXT_MEMBER if row.is_none_or(|row| row.members.is_empty()) => {
                Some("Nobody active holds this role.".to_owned())
            }
            can::CLONE | can::MATRIX if row.is_none() => Some("There is no role here.".to_owned()),
            moves::OPEN if self.chosen_member().is_some() => None,
            _ => self.master.blocked(id),
        }
    }

    fn takes_text(&self) -> bool {
        self.search.is_open()
    }

    fn text_hints(&self) -> Vec<(&'static str, &'static str)> {
        vec![("Down", "next"), ("Up", "before"), ("Enter", "stay there"), ("Esc", "leave it")]
    }

    fn why(&self) -> Option<Question> {
        let role = self.master.current()?.name.clone();
        let reads = self.master.focus == Focus::Detail;
        Some(match self.master.sheet.here().filter(|_| reads).and_then(Cell::from_key) {
            Some(cell) => Question::Cell { role, cell },
            None => Question::Role { name: role },
        })
    }

    fn is_saving(&self) -> bool {
        self.proposing.is_saving() || self.order.is_busy()
    }

    fn give_up(&mut self) -> bool {
        self.proposing.give_up()
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
            Happening::Answer(answer) => self.answered(&answer, cx),
            Happening::Refresh => self.load(cx),
            Happening::Tick => {
                self.master.settle(cx);
                if self.master.wants_detail(cx) { self.open(cx) } else { Effects::none() }
            }
            Happening::Key(key) if self.search.is_open() => self.typed(key, cx),
            Happening::Paste(text) if self.search.is_open() => {
                self.search.paste(&text);
                self.find(0, cx)
            }
            Happening::Key(_) | Happening::Paste(_) => Effects::none(),
        }
    }

    fn status(&self) -> String {
        if let Some(member) = self.chosen_member() {
            return format!("{} · {} · Enter opens the profile", member.name, member.email);
        }
        let Some(rows) = &self.master.rows else { return String::new() };
        let own = rows.iter().filter(|row| !row.shipped).count();
        format!("{}, {own} custom", count(rows.len() as u64, "role", "roles"))
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        super::view::draw(self, canvas, area);
    }
}
