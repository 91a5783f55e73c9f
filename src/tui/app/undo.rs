//! The key that undoes: says what it will take back, and for whom that means what; then takes it
//! back, if that is wanted.

use super::App;
use crate::service::ServiceError;
use crate::service::draft::Saved;
use crate::service::undo::Undoing;
use crate::tui::effect::{Effect, Effects};
use crate::tui::job::{Ended, Slot};
use crate::tui::overlay::{Note, Review};
use crate::tui::toast::Toast;
use crate::tui::words::{count, minute, sentence};

/// The answer to what is asked before.
pub(super) const TAG: &str = "console.undo";

/// An undo under way.
#[derive(Debug, Default)]
pub(super) struct Undo {
    /// What was asked about.
    asked: Option<Undoing>,
    pub(super) looking: Slot<Result<Option<Undoing>, ServiceError>>,
    pub(super) making: Slot<Result<Saved, ServiceError>>,
}

impl App {
    /// Looks for what there is to undo.
    pub(super) fn look_for_undo(&mut self) -> Effects {
        let Some(session) = self.session.clone() else { return Effects::none() };
        Effects::run(self.undo.looking.start(move |cancel| session.undoing(cancel.flag())))
    }

    /// Asks whether to undo what was found.
    pub(super) fn found_undo(&mut self, outcome: Ended<Result<Option<Undoing>, ServiceError>>) -> Effects {
        match outcome {
            Ended::With(Ok(Some(found))) => {
                let review = review(&found);
                self.undo.asked = Some(found);
                Effects::of(Effect::Open(Box::new(review)))
            }
            Ended::With(Ok(None)) => Effects::toast(Toast::warn("There is nothing of yours to undo.")),
            Ended::With(Err(why)) => {
                Effects::of(Effect::Open(Box::new(Note::new("Undo", &sentence(&why.to_string()), &[]))))
            }
            Ended::Broken => Effects::toast(Toast::bad("It could not be found out what to undo.")),
        }
    }

    /// Undoes what was asked about.
    pub(super) fn make_undo(&mut self) -> Effects {
        let (Some(session), Some(asked)) = (self.session.clone(), self.undo.asked.clone()) else {
            return Effects::none();
        };
        Effects::run(self.undo.making.start(move |cancel| session.undo(&asked, cancel.flag())))
    }

    /// Says what became of it.
    pub(super) fn made_undo(&mut self, outcome: Ended<Result<Saved, ServiceError>>) -> Effects {
        let what = self.undo.asked.take().map(|asked| asked.reason).unwrap_or_default();
        match outcome {
            Ended::With(Ok(saved)) => Effects::toast(Toast::good(format!("Undone: {what}.{}", saved.took()))),
            Ended::With(Err(why)) => Effects::toast(Toast::bad(sentence(&why.to_string()))),
            Ended::Broken => Effects::toast(Toast::bad("The undo broke off; look whether it happened.")),
        }
    }
}

fn review(found: &Undoing) -> Review {
    let what = format!("This takes back your last change, “{}”, of {} UTC:", found.reason, minute(found.at));
    let mut sentences: Vec<String> = found.sentences.iter().map(|words| sentence(words)).collect();
    if found.more > 0 {
        sentences.push(format!("and {}.", count(found.more as u64, "change more", "changes more")));
    }
    Review::new(TAG, "Undo", &found.impact, "undo it").listing(&what, &sentences)
}
