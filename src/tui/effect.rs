//! What an update asks of the console around it. Updates change their own state and return these;
//! nothing reaches around.

use std::any::Any;

use super::command::Invocation;
use super::job::Job;
use super::overlay::{About, Answer, Overlay};
use super::route::Route;
use super::screen::Screen;
use super::task::Task;
use super::theme::Look;
use super::toast::Toast;
use super::widget::FieldKey;
use crate::service::Session;

/// One thing to do.
pub enum Effect {
    /// Run this beside the console; its reply comes back to the screen that asked.
    Run(Job),
    /// Run this beside the console, whatever screen is shown meanwhile; its end is told there.
    Begin(Task),
    /// Run a command, as if its key had been pressed.
    Invoke(Invocation),
    /// Show this screen; Esc comes back.
    Go(Route),
    /// Show a screen that no route names, such as one that asks for a password.
    Show(Box<dyn Screen>),
    /// Go back to the screen before.
    Back,
    /// Lay this over the screen.
    Open(Box<dyn Overlay>),
    /// Lay a question over the screen, about this.
    Ask(Box<dyn Overlay>, About),
    /// Take the top overlay away.
    Close,
    /// Tell the top overlay what is wrong with what was filled in.
    Complain(Vec<(FieldKey, String)>),
    /// Give the screen what a person answered.
    Answer(Answer),
    /// Say something.
    Toast(Toast),
    /// Look like this from now on.
    Look(Look),
    /// Somebody signed in.
    Enter(Session),
    /// Sign out.
    Leave,
    /// End the console.
    Quit,
}

/// Things to do, in order.
#[derive(Default)]
pub struct Effects(Vec<Effect>);

impl Effects {
    /// Nothing to do.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// One thing to do.
    #[must_use]
    pub fn of(effect: Effect) -> Self {
        Self(vec![effect])
    }

    /// And then another.
    #[must_use]
    pub fn and(mut self, effect: Effect) -> Self {
        self.0.push(effect);
        self
    }

    /// And then all of those.
    #[must_use]
    pub fn then(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// Ask something about this; the answer brings it back.
    #[must_use]
    pub fn ask(question: impl Overlay + 'static, about: impl Any + Send + Sync) -> Self {
        Self::of(Effect::Ask(Box::new(question), About::this(about)))
    }

    /// The same, with every answer among them to a question about this.
    #[must_use]
    pub(super) fn answering(self, about: &About) -> Self {
        let to = |effect| match effect {
            Effect::Answer(answer) => Effect::Answer(answer.to(about)),
            effect => effect,
        };
        Self(self.0.into_iter().map(to).collect())
    }

    /// Say something.
    #[must_use]
    pub fn toast(toast: Toast) -> Self {
        Self::of(Effect::Toast(toast))
    }

    /// Run this beside the console.
    #[must_use]
    pub fn run(job: Job) -> Self {
        Self::of(Effect::Run(job))
    }
}

impl IntoIterator for Effects {
    type Item = Effect;
    type IntoIter = std::vec::IntoIter<Effect>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}
