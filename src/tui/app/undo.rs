//! The key that undoes: says what it will take back, and for whom that means what; then takes it
//! back, if that is wanted.

use super::App;
use crate::service::ServiceError;
use crate::service::draft::Saved;
use crate::service::undo::{Standing, Undoing};
use crate::tui::effect::{Effect, Effects};
use crate::tui::job::{Ended, Slot};
use crate::tui::overlay::{Answer, Note, Review};
use crate::tui::toast::Toast;
use crate::tui::words::{count, minute, number, sentence};

/// The answer to what is asked before.
pub(super) const TAG: &str = "console.undo";

/// So many of the newer changes that can't be undone are told of.
const NEWER: usize = 3;

/// An undo under way.
#[derive(Debug, Default)]
pub(super) struct Undo {
    pub(super) looking: Slot<Result<Option<Undoing>, ServiceError>>,
    pub(super) making: Slot<(String, Result<Saved, ServiceError>)>,
}

impl App {
    /// Looks for what there is to undo.
    pub(super) fn look_for_undo(&mut self) -> Effects {
        let Some(session) = self.session.clone() else { return Effects::none() };
        Effects::run(self.undo.looking.start(move |cancel| session.undoing(cancel.flag())))
    }

    /// Asks whether to undo what was found.
    pub(super) fn found_undo(outcome: Ended<Result<Option<Undoing>, ServiceError>>) -> Effects {
        match outcome {
            Ended::With(Ok(Some(found))) => {
                let review = review(&found);
                Effects::ask(review, found)
            }
            Ended::With(Ok(None)) => Effects::toast(Toast::warn("There is nothing of yours to undo.")),
            Ended::With(Err(why)) => {
                let why = why.to_string();
                let (first, more) = why.split_once('\n').unwrap_or((&why, ""));
                let more: Vec<String> = more.lines().map(str::to_owned).collect();
                Effects::of(Effect::Open(Box::new(Note::new("Undo", &sentence(first), &more))))
            }
            Ended::Broken => Effects::toast(Toast::bad("It could not be found out what to undo.")),
        }
    }

    /// Undoes what was asked about.
    pub(super) fn make_undo(&mut self, answer: &Answer) -> Effects {
        let (Some(session), Some(asked)) = (self.session.clone(), answer.about::<Undoing>().cloned()) else {
            return Effects::none();
        };
        if self.undo.making.is_waiting() {
            return Effects::toast(Toast::warn("The undo before this one is still under way."));
        }
        Effects::run(self.undo.making.start(move |cancel| {
            let made = session.undo(&asked, cancel.flag());
            (asked.reason, made)
        }))
    }

    /// Says what became of it.
    pub(super) fn made_undo(outcome: Ended<(String, Result<Saved, ServiceError>)>) -> Effects {
        match outcome {
            Ended::With((what, Ok(saved))) => Effects::toast(Toast::good(format!("Undone: {what}.{}", saved.took()))),
            Ended::With((_, Err(why))) => Effects::toast(Toast::bad(sentence(&why.to_string()))),
            Ended::Broken => Effects::toast(Toast::bad("The undo broke off; look whether it happened.")),
        }
    }
}

fn review(found: &Undoing) -> Review {
    let cannot = |standing: &Standing| {
        let Standing { reason, at, why, .. } = standing;
        format!("“{reason}”, of {} UTC, can't be undone: {why}.", minute(*at))
    };
    let mut heed: Vec<String> = Vec::new();
    if let Some(last) = found.newer.first() {
        heed.push(format!("Your last change, {}", cannot(last)));
        heed.extend(found.newer.iter().skip(1).take(NEWER - 1).map(cannot));
        let more = found.newer.len().saturating_sub(NEWER);
        if more > 0 {
            heed.push(format!("Nor can {} before these.", count(more as u64, "change", "changes")));
        }
    }
    let of = format!("“{}”, of {} UTC", found.reason, minute(found.at));
    let what = match heed.is_empty() {
        true => format!("This takes back your last change, {of}:"),
        false => format!("An older change can: this takes back {of}:"),
    };
    let mut sentences: Vec<String> = found.sentences.iter().map(|words| sentence(words)).collect();
    if found.more > 0 {
        sentences.push(format!("and {} more.", number(found.more as u64)));
    }
    let verb = if heed.is_empty() { "undo it" } else { "undo the older one" };
    let review = Review::new(TAG, "Undo", &found.impact, verb);
    let review = match &found.stays {
        Some(stays) => review.warning(&[sentence(stays)]),
        None => review,
    };
    let review = review.listing(&what, &sentences).warning(&heed);
    // Whoever presses u and Enter by habit means the whole of their last change.
    if heed.is_empty() && found.stays.is_none() { review } else { review.grave() }
}
