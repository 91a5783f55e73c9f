//! Why something is as it is (B2): the decision, layer by layer, with the one that decided marked,
//! and the smallest changes that would turn it. It comes from the one evaluator's trace, so it can't
//! disagree with the decision, and shows nothing that its reader may not see: what is out of their
//! view answers as what isn't there (R14, R32).

mod ask;
mod cells;
mod turn;

use std::sync::atomic::{AtomicBool, Ordering};

use ask::Asked;

use crate::authz::Explanation;
use crate::model::{RecordAction, RecordId};

use super::draft::Draft;
use super::edit_roles::Cell;
use super::error::ServiceError;
use super::session::Session;

/// What to explain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// Why I may see, change and delete a record, or not.
    Record {
        /// The object's key.
        object: String,
        /// Which record.
        id: RecordId,
    },
    /// Why I may see and change a field of a record, or not.
    Field {
        /// The object's key.
        object: String,
        /// Which record.
        id: RecordId,
        /// The field's shown name.
        field: String,
    },
    /// Why I may do this with an object's records at all, or not: what a list holds.
    Records {
        /// The object's key.
        object: String,
        /// What is done with them.
        action: RecordAction,
    },
    /// Why a feature is what it is for me, or for somebody.
    Feature {
        /// Somebody's email; mine if unset.
        user: Option<String>,
        /// The feature's key.
        key: String,
    },
    /// Why a cell of the matrix comes to what it does.
    Cell {
        /// The role's name.
        role: String,
        /// Which cell.
        cell: Cell,
    },
    /// Why I may change a role, or not.
    Role {
        /// Its name.
        name: String,
    },
    /// Why I may change a person, or not.
    Person {
        /// Their email.
        email: String,
    },
}

/// An explanation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Why {
    /// What it is about.
    pub title: String,
    /// Each decision about it.
    pub answers: Vec<Answer>,
}

/// One decision, explained.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// What was decided, in a sentence.
    pub headline: String,
    /// Yes or no.
    pub allowed: bool,
    /// Layer by layer, in the order in which they were looked at.
    pub steps: Vec<Step>,
    /// The smallest changes that would turn it.
    pub turns: Vec<Turn>,
}

/// One layer's say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Which layer, in a word.
    pub layer: String,
    /// Would it allow?
    pub allows: bool,
    /// In words.
    pub text: String,
    /// What came of its say.
    pub weight: Weight,
}

/// What came of a layer's say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// It decided.
    Decides,
    /// Another one decided, and this one would have refused as well.
    Refuses,
    /// It left the decision to others.
    Passes,
}

impl Answer {
    /// A further layer has the last word. What refused before it still would.
    fn decided_by(&mut self, layer: &str, allows: bool, text: String) {
        for step in self.steps.iter_mut().filter(|step| step.weight == Weight::Decides) {
            step.weight = if step.allows || allows { Weight::Passes } else { Weight::Refuses };
        }
        self.steps.push(Step { layer: layer.to_owned(), allows, text, weight: Weight::Decides });
    }
}

/// A change that would turn a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// In words.
    pub text: String,
    /// May the reader make it themselves?
    pub yours: bool,
    /// The change, where there is a draft of its kind.
    pub drafts: Vec<Draft>,
}

impl Session {
    /// Explains something, however long that takes.
    ///
    /// # Errors
    /// Where there is no such thing, or none that this session may know of.
    pub fn why(&self, question: &Question) -> Result<Why, ServiceError> {
        self.why_until(&AtomicBool::new(false), question)
    }

    /// The same as long as somebody waits for it: each change that might turn a decision is tried.
    ///
    /// # Errors
    /// As [`Session::why`], and where `cancelled` turns true.
    pub fn why_until(&self, cancelled: &AtomicBool, question: &Question) -> Result<Why, ServiceError> {
        let view = &self.view();
        let asked = Asked { session: self, view, cancelled };
        let why = match question {
            Question::Cell { role, cell } => self.why_cell(view, role, cell),
            Question::Record { object, id } => asked.record(object, *id),
            Question::Field { object, id, field } => asked.field(object, *id, field),
            Question::Records { object, action } => asked.records(object, *action),
            Question::Feature { user, key } => asked.feature(user.as_deref(), key),
            Question::Role { name } => asked.role(name),
            Question::Person { email } => asked.person(email),
        };
        // What was found until then isn't all.
        if cancelled.load(Ordering::Relaxed) { Err(ServiceError::Cancelled) } else { why }
    }
}

fn steps(explanation: Explanation) -> Vec<Step> {
    let (deciding, also) = (explanation.deciding, explanation.also().collect::<Vec<_>>());
    let steps = explanation.steps.into_iter().enumerate().map(|(place, step)| Step {
        layer: step.layer.to_string(),
        allows: step.allows,
        text: step.text,
        weight: match place {
            _ if place == deciding => Weight::Decides,
            _ if also.contains(&place) => Weight::Refuses,
            _ => Weight::Passes,
        },
    });
    steps.collect()
}
