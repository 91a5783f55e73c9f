//! What Home knows, and how that changes.

use ratatui::layout::Rect;

use super::commands::COMMANDS;
use crate::tui::command::{Id, Spec};
use crate::tui::desk::{Home as HomeView, Refusal, Who};
use crate::tui::effect::{Effect, Effects};
use crate::tui::event::Happening;
use crate::tui::job::{Ended, Slot};
use crate::tui::moves;
use crate::tui::route::Route;
use crate::tui::screen::{Context, Screen};
use crate::tui::widget::{Canvas, Cursor};

/// The screen.
#[derive(Debug, Default)]
pub struct Home {
    pub(super) who: Who,
    pub(super) view: Option<HomeView>,
    pub(super) trouble: Option<String>,
    /// Stands in Records Owned.
    pub(super) owned: Cursor,
    /// How far what one may is scrolled.
    pub(super) scrolled: usize,
    /// The right-hand side has the keys.
    pub(super) reading: bool,
    loading: Slot<Result<HomeView, Refusal>>,
}

impl Home {
    /// The screen, empty.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn load(&mut self, cx: &Context<'_>) -> Effects {
        self.who = cx.who.clone();
        match cx.desk.cloned() {
            Some(desk) => Effects::run(self.loading.start(move |_| desk.home())),
            None => Effects::none(),
        }
    }

    fn command(&mut self, id: Id, cx: &Context<'_>) -> Effects {
        let owned = self.view.as_ref().map_or(0, |view| view.owned.len());
        match id {
            moves::NEXT_PANE => self.reading = !self.reading,
            moves::BACK => self.reading = false,
            moves::OPEN if !self.reading => {
                let chosen = self.view.as_ref().and_then(|view| view.owned.get(self.owned.at));
                if let Some(chosen) = chosen {
                    return Effects::of(Effect::Go(Route::Records { object: chosen.object, mine: true }));
                }
            }
            _ if self.reading => {
                let lines = super::view::words(self).len();
                let mut cursor = Cursor { at: self.scrolled, top: self.scrolled };
                cursor.moved(id, lines, cx.body.height);
                self.scrolled = cursor.at.min(lines.saturating_sub(usize::from(cx.body.height / 2)));
            }
            _ => {
                self.owned.moved(id, owned, cx.body.height);
            }
        }
        Effects::none()
    }
}

impl Screen for Home {
    fn crumbs(&self) -> Vec<String> {
        vec!["Home".to_owned()]
    }

    fn tab(&self) -> Option<String> {
        Some("Home".to_owned())
    }

    fn commands(&self) -> Vec<&'static [Spec]> {
        COMMANDS.to_vec()
    }

    fn start(&mut self, cx: &Context<'_>) -> Effects {
        self.load(cx)
    }

    fn update(&mut self, happening: Happening, cx: &Context<'_>) -> Effects {
        match happening {
            Happening::Command(invocation) => self.command(invocation.id, cx),
            Happening::Refresh => self.load(cx),
            Happening::Reply(mut reply) => {
                match self.loading.take(&mut reply) {
                    Some(Ended::With(Ok(view))) => {
                        self.view = Some(view);
                        self.trouble = None;
                    }
                    Some(Ended::With(Err(why))) => self.trouble = Some(why.to_string()),
                    Some(Ended::Broken) => self.trouble = Some("This could not be shown.".to_owned()),
                    None => {}
                }
                Effects::none()
            }
            _ => Effects::none(),
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        super::view::draw(self, canvas, area);
    }
}
