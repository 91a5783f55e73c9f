//! What the list of roles knows, and how that changes.

use ratatui::layout::Rect;

use super::commands::{COMMANDS, MEMBERS};
use crate::service::Session;
use crate::service::roles::{RoleDetail, RoleRow};
use crate::tui::command::{Id, Spec};
use crate::tui::effect::{Effect, Effects};
use crate::tui::event::Happening;
use crate::tui::master::{Came, Master, Row};
use crate::tui::moves;
use crate::tui::overlay::{Answer, Choice, Given, Picker};
use crate::tui::route::Route;
use crate::tui::screen::{Context, Screen};
use crate::tui::widget::{Canvas, Focus};
use crate::tui::words::count;

const PICK_MEMBER: &str = "roles.member";

/// The screen.
#[derive(Debug)]
pub struct Roles {
    pub(super) master: Master<RoleRow, RoleDetail>,
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
        Self { master: Master::new(0, name) }
    }

    fn load(&mut self, cx: &Context<'_>) -> Effects {
        self.master.list(cx, Session::roles)
    }

    fn open(&mut self, cx: &Context<'_>) -> Effects {
        self.master.open(cx, Session::role_detail)
    }

    fn command(&mut self, id: Id, cx: &Context<'_>) -> Effects {
        if self.master.moved(id, cx) {
            return self.open(cx);
        }
        match id {
            MEMBERS => self.pick_member(),
            moves::BACK => Effects::of(Effect::Back),
            _ => Effects::none(),
        }
    }

    fn pick_member(&self) -> Effects {
        let Some(row) = self.master.current() else { return Effects::none() };
        let choices = row.members.iter().map(|m| Choice::new(m.email.clone(), m.name.clone(), m.email.clone()));
        let picker = Picker::one(PICK_MEMBER, &row.name, choices.collect(), None);
        Effects::of(Effect::Open(Box::new(picker)))
    }
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
        vec![moves::PANES, COMMANDS, moves::LIST]
    }

    fn blocked(&self, id: Id) -> Option<String> {
        match id {
            MEMBERS if self.master.current().is_none_or(|row| row.members.is_empty()) => {
                Some("Nobody active holds this role.".to_owned())
            }
            _ => self.master.blocked(id),
        }
    }

    fn start(&mut self, cx: &Context<'_>) -> Effects {
        self.load(cx)
    }

    fn update(&mut self, happening: Happening, cx: &Context<'_>) -> Effects {
        match happening {
            Happening::Command(invocation) => self.command(invocation.id, cx),
            Happening::Reply(mut reply) => match self.master.reply(&mut reply, cx) {
                Came::List => self.open(cx),
                Came::Detail => {
                    if let Some(detail) = self.master.detail() {
                        self.master.sheet.set(super::view::sheet(detail));
                    }
                    Effects::none()
                }
                Came::Other => Effects::none(),
            },
            Happening::Answer(Answer { tag: PICK_MEMBER, value: Given::Chosen(emails) }) => {
                let email = emails.into_iter().next();
                Effects::of(Effect::Go(Route::Users { email }))
            }
            Happening::Refresh => self.load(cx),
            Happening::Tick => {
                self.master.settle(cx);
                if self.master.wants_detail(cx) { self.open(cx) } else { Effects::none() }
            }
            Happening::Key(_) | Happening::Paste(_) | Happening::Answer(_) => Effects::none(),
        }
    }

    fn status(&self) -> String {
        self.master.rows.as_ref().map(|rows| count(rows.len() as u64, "role", "roles")).unwrap_or_default()
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        super::view::draw(self, canvas, area);
    }
}
