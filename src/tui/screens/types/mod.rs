//! The user types (002-01, 002-09): every permission, and what each of the four types has of it. It
//! is a table to read; a type is chosen in a role's form.

mod view;

use ratatui::layout::Rect;

use crate::model::RoleType;
use crate::service::ServiceError;
use crate::service::types::TypeRow;
use crate::tui::command::{Id, Spec};
use crate::tui::effect::{Effect, Effects};
use crate::tui::event::{Code, Happening, Key};
use crate::tui::job::{Ended, Reply, Slot};
use crate::tui::moves;
use crate::tui::screen::{Context, Screen};
use crate::tui::widget::{Canvas, Cursor};
use crate::tui::words::{count, sentence};

/// Back.
const BACK: Id = moves::BACK;

/// Going back, and from type to type.
pub const COMMANDS: &[Spec] = &[
    Spec::new("types.before", "The type before", "", "What the type to the left is for.")
        .keys(&[Key::plain(Code::Left), Key::char('h')])
        .group(crate::tui::command::Group::Move),
    Spec::new("types.next", "The next type", "", "What the type to the right is for.")
        .keys(&[Key::plain(Code::Right), Key::char('l')])
        .group(crate::tui::command::Group::Move),
    Spec::new(BACK.0, "Back", "back", "One step back.")
        .keys(&[Key::plain(Code::Esc)])
        .group(crate::tui::command::Group::Move),
];

/// A line of the table.
#[derive(Debug)]
pub(super) enum Line {
    /// An area begins.
    Area(String),
    /// A permission.
    Permission(TypeRow),
}

/// The screen.
#[derive(Debug, Default)]
pub struct Types {
    pub(super) lines: Option<Vec<Line>>,
    pub(super) trouble: Option<String>,
    pub(super) cursor: Cursor,
    /// The type that is explained, by its place.
    pub(super) at: usize,
    loading: Slot<Result<Vec<TypeRow>, ServiceError>>,
}

impl Types {
    /// The screen.
    #[must_use]
    pub fn new() -> Self {
        Self { at: 2, ..Self::default() }
    }

    /// The lines of the body that aren't the table's: its head, and what is explained at the foot.
    pub(super) const AROUND: u16 = 7;

    fn rows(cx: &Context<'_>) -> u16 {
        cx.body.height.saturating_sub(Self::AROUND)
    }

    fn loaded(&mut self, outcome: Ended<Result<Vec<TypeRow>, ServiceError>>, cx: &Context<'_>) {
        match outcome {
            Ended::With(Ok(rows)) => {
                let mut lines = Vec::new();
                let mut area = String::new();
                for row in rows {
                    if row.area != area {
                        area.clone_from(&row.area);
                        lines.push(Line::Area(row.area.clone()));
                    }
                    lines.push(Line::Permission(row));
                }
                self.cursor.settle(lines.len(), Self::rows(cx));
                self.lines = Some(lines);
            }
            Ended::With(Err(why)) => self.trouble = Some(sentence(&why.to_string())),
            Ended::Broken => self.trouble = Some("The table could not be shown.".to_owned()),
        }
    }

    fn length(&self) -> usize {
        self.lines.as_ref().map_or(0, Vec::len)
    }
}

impl Screen for Types {
    fn crumbs(&self) -> Vec<String> {
        vec!["Roles".to_owned(), "User types".to_owned()]
    }

    fn tab(&self) -> Option<String> {
        Some("Roles".to_owned())
    }

    fn commands(&self) -> Vec<&'static [Spec]> {
        vec![COMMANDS, moves::LIST]
    }

    fn start(&mut self, cx: &Context<'_>) -> Effects {
        let Some(session) = cx.session.cloned() else { return Effects::none() };
        Effects::run(self.loading.start(move |_| session.types()))
    }

    fn reply(&mut self, reply: &mut Reply, cx: &Context<'_>) -> Effects {
        if let Some(outcome) = self.loading.take(reply) {
            self.loaded(outcome, cx);
        }
        Effects::none()
    }

    fn update(&mut self, happening: Happening, cx: &Context<'_>) -> Effects {
        match happening {
            Happening::Command(invocation) => match invocation.id {
                BACK => return Effects::of(Effect::Back),
                Id("types.before") => self.at = self.at.saturating_sub(1),
                Id("types.next") => self.at = (self.at + 1).min(RoleType::ALL.len() - 1),
                id => _ = self.cursor.moved(id, self.length(), Self::rows(cx)),
            },
            Happening::Tick => self.cursor.settle(self.length(), Self::rows(cx)),
            // The table is of what ships; nothing changes it.
            Happening::Refresh | Happening::Key(_) | Happening::Paste(_) | Happening::Answer(_) => {}
        }
        Effects::none()
    }

    fn status(&self) -> String {
        let permissions = self.lines.iter().flatten().filter(|line| matches!(line, Line::Permission(_))).count();
        if permissions == 0 { String::new() } else { count(permissions as u64, "permission", "permissions") }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        view::draw(self, canvas, area);
    }
}
