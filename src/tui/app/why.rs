//! The key that explains: asks the screen what it stands on, the session why, and shows the answer.

use super::App;
use crate::service::ServiceError;
use crate::service::why::Why;
use crate::tui::effect::{Effect, Effects};
use crate::tui::job::Ended;
use crate::tui::overlay;
use crate::tui::toast::Toast;
use crate::tui::words::sentence;

impl App {
    /// Asks why what is under the cursor is as it is.
    pub(super) fn explain(&mut self) -> Effects {
        let question = self.place().and_then(|place| place.screen.why());
        let (Some(question), Some(session)) = (question, self.session.clone()) else { return Effects::none() };
        Effects::run(self.explaining.start(move |cancel| session.why_until(cancel.flag(), &question)))
    }

    /// Shows the explanation.
    pub(super) fn explained(outcome: Ended<Result<Why, ServiceError>>) -> Effects {
        match outcome {
            Ended::With(Ok(why)) => Effects::of(Effect::Open(Box::new(overlay::Why::new(&why)))),
            Ended::With(Err(error)) => Effects::toast(Toast::warn(sentence(&error.to_string()))),
            Ended::Broken => Effects::toast(Toast::bad("That could not be explained.")),
        }
    }
}
