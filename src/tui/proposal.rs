//! A change that a screen proposes with one key: what it would mean is shown first, then it is made
//! and said, with how many sessions took it (B1, 003-24).

use super::effect::{Effect, Effects};
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
    proposal: Option<Proposal>,
    previewing: Slot<Result<Impact, ServiceError>>,
    saving: Slot<Result<Saved, ServiceError>>,
}

impl Proposing {
    /// Proposes a change; what was proposed before is dropped.
    pub fn put(&mut self, proposal: Proposal, cx: &Context<'_>) -> Effects {
        let Some(session) = cx.session.cloned() else { return Effects::none() };
        let draft = proposal.draft.clone();
        self.proposal = Some(proposal);
        Effects::run(self.previewing.start(move |_| session.preview(&draft)))
    }

    /// Is something under way?
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.previewing.is_waiting() || self.saving.is_waiting()
    }

    /// Takes an answer, if it is to the review.
    pub fn answer(&mut self, answer: &Answer, cx: &Context<'_>) -> Option<Effects> {
        if (answer.tag, &answer.value) != (REVIEW, &Given::Yes) {
            return None;
        }
        let (Some(session), Some(proposal)) = (cx.session.cloned(), &self.proposal) else {
            return Some(Effects::none());
        };
        let draft = proposal.draft.clone();
        Some(Effects::run(self.saving.start(move |_| session.save(&draft))))
    }

    /// Takes a reply, if it is to what was asked here.
    pub fn reply(&mut self, reply: &mut Reply) -> Option<Effects> {
        if let Some(outcome) = self.previewing.take(reply) {
            return Some(self.previewed(outcome));
        }
        let outcome = self.saving.take(reply)?;
        let done = self.proposal.take().map(|proposal| proposal.done).unwrap_or_default();
        Some(Effects::toast(match outcome {
            Ended::With(Ok(saved)) => Toast::saved(&done, &saved),
            Ended::With(Err(why)) => Toast::bad(sentence(&why.to_string())),
            Ended::Broken => Toast::bad("That broke off. Try again."),
        }))
    }

    fn previewed(&mut self, outcome: Ended<Result<Impact, ServiceError>>) -> Effects {
        match (outcome, &self.proposal) {
            (Ended::With(Ok(impact)), Some(proposal)) => {
                let review = Review::new(REVIEW, &proposal.title, &impact, &proposal.verb).saying(&proposal.says);
                Effects::of(Effect::Open(Box::new(review)))
            }
            (Ended::With(Err(why)), _) => Effects::toast(Toast::warn(sentence(&why.to_string()))),
            _ => Effects::toast(Toast::bad("That broke off. Try again.")),
        }
    }
}
