//! What a screen is. Each has a folder: `mod.rs` joins the parts, `state.rs` holds what it knows
//! and how that changes, `view.rs` draws it, `commands.rs` lists what it can do.

use std::sync::Arc;
use std::time::Duration;

use ratatui::layout::Rect;

use super::command::{Id, Spec, Viewer};
use super::effect::Effects;
use super::event::{Happening, Size};
use super::job::Reply;
use super::theme::Look;
use super::widget::Canvas;
use crate::service::why::Question;
use crate::service::{Engine, Session};

/// What a screen may look at while it updates itself.
pub struct Context<'a> {
    /// Where its questions go, once somebody is signed in.
    pub session: Option<&'a Session>,
    /// What there is before.
    pub engine: Option<&'a Arc<Engine>>,
    /// Who is signed in, and what they may.
    pub viewer: &'a Viewer,
    /// The room that the screen has.
    pub body: Size,
    /// The time on the console's clock.
    pub now: Duration,
    /// How the console looks.
    pub look: Look,
}

/// A screen.
pub trait Screen: Send {
    /// The way here, after the account's name.
    fn crumbs(&self) -> Vec<String>;

    /// Which of the tabs it belongs to, by the tab's name.
    fn tab(&self) -> Option<String> {
        None
    }

    /// Its commands, beside those of the console.
    fn commands(&self) -> Vec<&'static [Spec]>;

    /// Why a command of its can't be used just now.
    fn blocked(&self, _id: Id) -> Option<String> {
        None
    }

    /// What the key that explains is asked here: about the row, the field or the cell under the
    /// cursor (B2).
    fn why(&self) -> Option<Question> {
        None
    }

    /// Signs that this screen uses and what they mean, for the help.
    fn legend(&self) -> Vec<(&'static str, &'static str)> {
        Vec::new()
    }

    /// Do letters go into a text here?
    fn takes_text(&self) -> bool {
        false
    }

    /// Are the fields that letters go into still on their way? What is typed ahead waits for them.
    fn is_opening(&self) -> bool {
        false
    }

    /// Might a question that one of its jobs brings take a key that is meant for a text here?
    fn is_typed_in(&self) -> bool {
        self.takes_text()
    }

    /// The keys that matter while letters go into a text, for the foot.
    fn text_hints(&self) -> Vec<(&'static str, &'static str)> {
        vec![("Enter", "next"), ("Tab", "next field")]
    }

    /// What would be lost by going away.
    fn unsaved(&self) -> Option<String> {
        None
    }

    /// Is something that was asked of it being done, of which its person is still to be told?
    fn is_saving(&self) -> bool {
        false
    }

    /// It is left while it is saving: what comes of that can only be said, not shown at a field.
    fn part(&mut self) {}

    /// Gives up what it prepares in order to ask or show it; says whether anything was being prepared.
    fn give_up(&mut self) -> bool {
        false
    }

    /// When it wants to be woken, on the console's clock.
    fn deadline(&self) -> Option<Duration> {
        None
    }

    /// The first thing that it does.
    fn start(&mut self, _cx: &Context<'_>) -> Effects {
        Effects::none()
    }

    /// Takes what a job of its own came back with; leaves another's alone.
    fn reply(&mut self, _reply: &mut Reply, _cx: &Context<'_>) -> Effects {
        Effects::none()
    }

    /// Changes itself by what happened.
    fn update(&mut self, happening: Happening, cx: &Context<'_>) -> Effects;

    /// A line about what is shown: how many, filtered by what.
    fn status(&self) -> String {
        String::new()
    }

    /// Draws itself. Looks at nothing but itself and the canvas.
    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect);
}
