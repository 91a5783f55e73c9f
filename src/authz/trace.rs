//! The evaluator's trace. `check` runs the evaluator without one, `explain` with one, so that an
//! explanation can't disagree with the decision.

use std::fmt;

/// Takes the evaluator's steps, or nothing.
pub trait Trace {
    /// Is anybody there who wants to hear of what comes after a no? Whoever only decides stops there.
    const LISTENS: bool;

    /// It is decided: what follows is told besides.
    fn decided(&mut self) {}

    /// It is decided, and whoever listens hears what else there is to it.
    fn besides(&mut self, tell: impl FnOnce(&mut Self))
    where
        Self: Sized,
    {
        if Self::LISTENS {
            self.decided();
            tell(self);
        }
    }

    /// One layer had its say. `text` is only called where somebody listens.
    fn step(&mut self, layer: Layer, allows: bool, text: impl FnOnce() -> String);
}

/// Nobody listens.
#[derive(Debug)]
pub struct Quiet;

impl Trace for Quiet {
    const LISTENS: bool = false;

    #[inline]
    fn step(&mut self, _: Layer, _: bool, _: impl FnOnce() -> String) {}
}

/// What a step of a decision looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Layer {
    /// Whether the person is active.
    Status,
    /// The ceiling of the role's type.
    Type,
    /// The area's access.
    Area,
    /// The role's value.
    Role,
    /// The person's exception.
    Exception,
    /// Rules that no role sets: importing, the Talk flag.
    Rule,
    /// A scope, or what it comes to for this record's owner.
    Scope,
    /// The record's owner, its assignees, its seal.
    Record,
    /// The field's section.
    Section,
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Status => "status",
            Self::Type => "type",
            Self::Area => "area",
            Self::Role => "role",
            Self::Exception => "exception",
            Self::Rule => "rule",
            Self::Scope => "scope",
            Self::Record => "record",
            Self::Section => "section",
        })
    }
}

/// One layer's say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Which layer.
    pub layer: Layer,
    /// Would it allow?
    pub allows: bool,
    /// In words.
    pub text: String,
}

/// A decision, layer by layer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// What was decided.
    pub allowed: bool,
    /// In the order in which they were looked at.
    pub steps: Vec<Step>,
    /// The position of the step that decided.
    pub deciding: usize,
}

impl Explanation {
    /// The positions of the steps that would have refused as well, had the deciding one not.
    pub fn also(&self) -> impl Iterator<Item = usize> {
        // An exception is in the place of the role's value, so that only the exception counts.
        let overridden = |place: usize| {
            let layer = |place: usize| self.steps.get(place).map(|step| step.layer);
            layer(place) == Some(Layer::Role) && layer(place + 1) == Some(Layer::Exception)
        };
        let steps = self.steps.iter().enumerate().filter(|_| !self.allowed);
        steps
            .filter(|(place, step)| !step.allows && *place != self.deciding)
            .map(|(place, _)| place)
            .filter(move |place| !overridden(*place))
    }
}

/// Writes the steps down.
#[derive(Debug, Default)]
pub struct Recorder {
    steps: Vec<Step>,
    /// How many steps it took to decide, where more followed.
    decided: Option<usize>,
}

impl Recorder {
    /// The explanation of a decision that this recorder listened to. The last step whose say is
    /// the decision's is the one that decided: later layers override earlier ones.
    #[must_use]
    pub fn explain(self, allowed: bool) -> Explanation {
        let decided = self.steps.get(..self.decided.unwrap_or(self.steps.len())).unwrap_or_default();
        let deciding = decided.iter().rposition(|step| step.allows == allowed);
        Explanation { allowed, deciding: deciding.unwrap_or(0), steps: self.steps }
    }
}

impl Trace for Recorder {
    const LISTENS: bool = true;

    fn decided(&mut self) {
        self.decided.get_or_insert(self.steps.len());
    }

    fn step(&mut self, layer: Layer, allows: bool, text: impl FnOnce() -> String) {
        self.steps.push(Step { layer, allows, text: text() });
    }
}
