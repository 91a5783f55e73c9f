//! What Home knows, and how that changes.

use std::time::Duration;

use ratatui::layout::Rect;

use super::commands::COMMANDS;
use crate::model::RecordAction;
use crate::service::ServiceError;
use crate::service::home::Home as HomeView;
use crate::service::why::Question;
use crate::tui::command::{Id, Spec};
use crate::tui::effect::{Effect, Effects};
use crate::tui::event::Happening;
use crate::tui::job::{Ended, Reply, Slot};
use crate::tui::moves;
use crate::tui::route::Route;
use crate::tui::screen::{Context, Screen};
use crate::tui::widget::{Canvas, Cursor, Sheet};
use crate::tui::words::sentence;

/// The screen.
#[derive(Debug, Default)]
pub struct Home {
    pub(super) view: Option<HomeView>,
    pub(super) trouble: Option<String>,
    /// Stands in Records Owned.
    pub(super) owned: Cursor,
    /// What one may.
    pub(super) sheet: Sheet,
    /// The right-hand side has the keys.
    pub(super) reading: bool,
    /// Look again at this time: the records are still being loaded.
    look_at: Option<Duration>,
    /// Something changed while this was being counted, and under which rules that is.
    stale: bool,
    rules: u64,
    loading: Slot<Result<HomeView, ServiceError>>,
}

impl Home {
    /// The screen, empty.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn load(&mut self, cx: &Context<'_>) -> Effects {
        self.look_at = None;
        let Some(session) = cx.session.cloned() else { return Effects::none() };
        (self.stale, self.rules) = (false, session.rules());
        Effects::run(self.loading.start(move |cancel| session.home_while(cancel.flag())))
    }

    fn command(&mut self, id: Id, cx: &Context<'_>) -> Effects {
        let owned = self.view.as_ref().map_or(0, |view| view.owned.len());
        match id {
            moves::NEXT_PANE => self.reading = !self.reading,
            moves::BACK => self.reading = false,
            moves::OPEN if !self.reading => {
                let chosen = self.view.as_ref().and_then(|view| view.owned.get(self.owned.at));
                if let Some(chosen) = chosen {
                    let object = chosen.object.clone();
                    let owner = cx.viewer.me.as_ref().map(|me| me.email.clone());
                    return Effects::of(Effect::Go(Route::Records { object, owner }));
                }
            }
            _ if self.reading => {
                let (_, right) = super::view::sides(Rect::new(0, 0, cx.body.width, cx.body.height));
                self.sheet.moved(id, right);
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

    fn blocked(&self, id: Id) -> Option<String> {
        match id {
            moves::BACK if !self.reading => Some("This is the first screen.".to_owned()),
            moves::OPEN if self.reading => Some("Tab goes back to Records Owned.".to_owned()),
            _ => None,
        }
    }

    fn why(&self) -> Option<Question> {
        let view = self.view.as_ref()?;
        if self.reading {
            return Some(match super::view::About::of(view, self.sheet.here()?)? {
                super::view::About::Records(object, action) => Question::Records { object, action },
                super::view::About::Feature(key) => Question::Feature { user: None, key },
            });
        }
        let chosen = view.owned.get(self.owned.at)?;
        Some(Question::Records { object: chosen.object.clone(), action: RecordAction::View })
    }

    fn deadline(&self) -> Option<Duration> {
        self.look_at
    }

    fn start(&mut self, cx: &Context<'_>) -> Effects {
        self.load(cx)
    }

    fn reply(&mut self, reply: &mut Reply, cx: &Context<'_>) -> Effects {
        match self.loading.take(reply) {
            Some(Ended::With(Ok(view))) => {
                let counting = view.owned.iter().any(|owned| owned.owned.is_none());
                self.look_at = counting.then(|| cx.now + Duration::from_millis(200));
                self.sheet.set_keyed(super::view::sheet(&view));
                self.view = Some(view);
                self.trouble = None;
            }
            Some(Ended::With(Err(why))) => self.trouble = Some(sentence(&why.to_string())),
            Some(Ended::Broken) => self.trouble = Some("This could not be shown.".to_owned()),
            None => return Effects::none(),
        }
        if self.stale { self.load(cx) } else { Effects::none() }
    }

    fn update(&mut self, happening: Happening, cx: &Context<'_>) -> Effects {
        match happening {
            Happening::Command(invocation) => self.command(invocation.id, cx),
            // Where records change faster than they are counted, they still get counted.
            Happening::Refresh
                if self.loading.is_waiting() && cx.session.is_some_and(|session| session.rules() == self.rules) =>
            {
                self.stale = true;
                Effects::none()
            }
            Happening::Refresh => self.load(cx),
            Happening::Tick if self.look_at.is_some_and(|at| at <= cx.now) => self.load(cx),
            _ => Effects::none(),
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        super::view::draw(self, canvas, area);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::stage::Stage;

    /// What is being counted is not begun anew by each change: it comes, and is counted once more.
    #[test]
    fn what_changes_while_it_is_counted_is_counted_afterwards() {
        let mut home = Home::new();
        Stage::new().changes_while_it_counts(&mut home);
        assert!(home.view.is_some());
    }
}
