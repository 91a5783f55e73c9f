//! A change that a screen proposes with one key: what it would mean is shown first, then it is made
//! and said, with how many sessions took it (B1, 003-24).

use super::effect::Effects;
use super::job::{Ended, Reply, Slot};
use super::overlay::{Answer, Given, Review};
use super::screen::Context;
use super::toast::Toast;
use super::words::sentence;
use crate::service::ServiceError;
use crate::service::draft::{Draft, Saved};
use crate::service::impact::Impact;

const REVIEW: &str = "proposal.review";

/// A change that is proposed.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// The change.
    pub draft: Draft,
    /// The title of its review.
    pub title: String,
    /// What is going to happen, in a sentence or two.
    pub says: String,
    /// The word for doing it.
    pub verb: String,
    /// What is said when it is done.
    pub done: String,
}

/// The one change that a screen proposes just now.
#[derive(Debug, Default)]
pub struct Proposing {
    previewing: Slot<(Proposal, Result<Impact, ServiceError>)>,
    saving: Slot<(String, Result<Saved, ServiceError>)>,
}

impl Proposing {
    /// Proposes a change; what was proposed before is dropped.
    pub fn put(&mut self, proposal: Proposal, cx: &Context<'_>) -> Effects {
        let Some(session) = cx.session.cloned() else { return Effects::none() };
        Effects::run(self.previewing.start(move |_| {
            let impact = session.preview(&proposal.draft);
            (proposal, impact)
        }))
    }

    /// Drops what is proposed and not reviewed yet: its person went on to something else.
    pub fn drop_it(&mut self) {
        self.previewing.cancel();
    }

    /// The same; says whether anything was.
    pub fn give_up(&mut self) -> bool {
        self.previewing.give_up()
    }

    /// Is a change being made?
    #[must_use]
    pub fn is_saving(&self) -> bool {
        self.saving.is_waiting()
    }

    /// Takes an answer, if it is to the review: what was reviewed is what is made.
    pub fn answer(&mut self, answer: &Answer, cx: &Context<'_>) -> Option<Effects> {
        if answer.tag != REVIEW || answer.value != Given::Yes {
            return None;
        }
        let (Some(session), Some(proposal)) = (cx.session.cloned(), answer.about::<Proposal>().cloned()) else {
            return Some(Effects::none());
        };
        if self.saving.is_waiting() {
            return Some(Effects::toast(Toast::warn("The change before this one is still being saved.")));
        }
        Some(Effects::run(self.saving.start(move |_| {
            let saved = session.save(&proposal.draft);
            (proposal.done, saved)
        })))
    }

    /// Takes a reply, if it is to what was asked here.
    pub fn reply(&mut self, reply: &mut Reply) -> Option<Effects> {
        if let Some(outcome) = self.previewing.take(reply) {
            return Some(previewed(outcome));
        }
        Some(Effects::toast(match self.saving.take(reply)? {
            Ended::With((done, Ok(saved))) => Toast::saved(&done, &saved),
            Ended::With((_, Err(why))) => Toast::bad(sentence(&why.to_string())),
            Ended::Broken => Toast::bad("That broke off. Try again."),
        }))
    }
}

fn previewed(outcome: Ended<(Proposal, Result<Impact, ServiceError>)>) -> Effects {
    match outcome {
        Ended::With((proposal, Ok(impact))) => {
            let review = Review::new(REVIEW, &proposal.title, &impact, &proposal.verb).saying(&proposal.says);
            Effects::ask(review, proposal)
        }
        Ended::With((_, Err(why))) => Effects::toast(Toast::warn(sentence(&why.to_string()))),
        Ended::Broken => Effects::toast(Toast::bad("That broke off. Try again.")),
    }
}
