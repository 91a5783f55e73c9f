//! What the list of roles knows, and how that changes.

use ratatui::layout::Rect;

use super::commands::{COMMANDS, MEMBERS};
use crate::service::ServiceError;
use crate::service::roles::{RoleDetail, RoleRow};
use crate::tui::command::{Id, Spec};
use crate::tui::effect::{Effect, Effects};
use crate::tui::event::Happening;
use crate::tui::job::{Ended, Slot};
use crate::tui::moves;
use crate::tui::overlay::{Answer, Choice, Given, Picker};
use crate::tui::route::Route;
use crate::tui::screen::{Context, Screen};
use crate::tui::widget::{Canvas, Cursor, Focus, Sheet, Table, split};
use crate::tui::words::{count, sentence};

const PICK_MEMBER: &str = "roles.member";

/// The screen.
#[derive(Debug, Default)]
pub struct Roles {
    pub(super) rows: Option<Vec<RoleRow>>,
    pub(super) trouble: Option<String>,
    pub(super) cursor: Cursor,
    pub(super) focus: Focus,
    pub(super) sheet: Sheet,
    /// Whose permissions are on the sheet.
    pub(super) shown: Option<String>,
    wanted: Option<String>,
    loading: Slot<Result<Vec<RoleRow>, ServiceError>>,
    opening: Slot<Result<RoleDetail, ServiceError>>,
}

impl Roles {
    /// The screen, at a role if one is named.
    #[must_use]
    pub fn new(name: Option<&str>) -> Self {
        Self { wanted: name.map(str::to_owned), ..Self::default() }
    }

    /// The row that the cursor is on.
    pub(super) fn current(&self) -> Option<&RoleRow> {
        self.rows.as_ref().and_then(|rows| rows.get(self.cursor.at))
    }

    fn load(&mut self, cx: &Context<'_>) -> Effects {
        let Some(session) = cx.session.cloned() else { return Effects::none() };
        Effects::run(self.loading.start(move |_| session.roles()))
    }

    fn rows_in_view(cx: &Context<'_>) -> u16 {
        Table::rows(cx.body.height)
    }

    fn open_current(&mut self, cx: &Context<'_>) -> Effects {
        let area = Rect::new(0, 0, cx.body.width, cx.body.height);
        let (Some(session), Some(row), (_, Some(_))) = (cx.session.cloned(), self.current(), split(area, self.focus))
        else {
            return Effects::none();
        };
        let name = row.name.clone();
        Effects::run(self.opening.start(move |_| session.role_detail(&name)))
    }

    fn loaded(&mut self, outcome: Ended<Result<Vec<RoleRow>, ServiceError>>, cx: &Context<'_>) -> Effects {
        match outcome {
            Ended::With(Ok(rows)) => {
                let wanted = self.wanted.take().or_else(|| self.current().map(|row| row.name.clone()));
                if let Some(position) = rows.iter().position(|row| Some(&row.name) == wanted.as_ref()) {
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
            MEMBERS => self.pick_member(),
            moves::OPEN => {
                self.focus = Focus::Detail;
                self.open_current(cx)
            }
            moves::NEXT_PANE => {
                self.focus = if self.focus == Focus::List { Focus::Detail } else { Focus::List };
                self.open_current(cx)
            }
            moves::BACK if self.focus == Focus::Detail => {
                self.focus = Focus::List;
                Effects::none()
            }
            moves::BACK => Effects::of(Effect::Back),
            _ => self.moved(id, cx),
        }
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

    fn pick_member(&self) -> Effects {
        let Some(row) = self.current() else { return Effects::none() };
        let choices = row.members.iter().map(|m| Choice::new(m.email.clone(), m.name.clone(), m.email.clone()));
        let picker = Picker::one(PICK_MEMBER, &row.name, choices.collect(), None);
        Effects::of(Effect::Open(Box::new(picker)))
    }
}

impl Screen for Roles {
    fn crumbs(&self) -> Vec<String> {
        let mut crumbs = vec!["Roles".to_owned()];
        if self.focus == Focus::Detail {
            crumbs.extend(self.current().map(|row| row.name.clone()));
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
            moves::OPEN if self.focus == Focus::Detail => Some("It is open already.".to_owned()),
            MEMBERS if self.current().is_none_or(|row| row.members.is_empty()) => {
                Some("Nobody active holds this role.".to_owned())
            }
            _ => None,
        }
    }

    fn start(&mut self, cx: &Context<'_>) -> Effects {
        self.load(cx)
    }

    fn update(&mut self, happening: Happening, cx: &Context<'_>) -> Effects {
        match happening {
            Happening::Command(invocation) => self.command(invocation.id, cx),
            Happening::Reply(mut reply) => {
                if let Some(outcome) = self.loading.take(&mut reply) {
                    return self.loaded(outcome, cx);
                }
                match self.opening.take(&mut reply) {
                    Some(Ended::With(Ok(detail))) => {
                        self.shown = Some(detail.row.name.clone());
                        self.sheet.set(super::view::sheet(&detail));
                    }
                    Some(Ended::With(Err(_)) | Ended::Broken) => self.sheet.set(Vec::new()),
                    None => {}
                }
                Effects::none()
            }
            Happening::Answer(Answer { tag: PICK_MEMBER, value: Given::Chosen(emails) }) => {
                let email = emails.into_iter().next();
                Effects::of(Effect::Go(Route::Users { email }))
            }
            Happening::Refresh => self.load(cx),
            Happening::Tick => {
                let length = self.rows.as_ref().map_or(0, Vec::len);
                self.cursor.settle(length, Self::rows_in_view(cx));
                if self.shown.as_ref() == self.current().map(|row| &row.name) {
                    Effects::none()
                } else {
                    self.open_current(cx)
                }
            }
            Happening::Key(_) | Happening::Paste(_) | Happening::Answer(_) => Effects::none(),
        }
    }

    fn status(&self) -> String {
        self.rows.as_ref().map(|rows| count(rows.len() as u64, "role", "roles")).unwrap_or_default()
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        super::view::draw(self, canvas, area);
    }
}
