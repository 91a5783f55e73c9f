//! Arrays, and nothing else: what no engine can do without.

use rolecall::authz::Snapshot;
use rolecall::model::Scope;

use super::{Case, Engine, word};

/// Answers from plain arrays: by person their role, number and scopes; by role its run of numbers.
pub struct Bare<'a> {
    case: &'a Case<'a>,
    role: Vec<u32>,
    number: Vec<u32>,
    scope: Vec<[Scope; 3]>,
    below: Vec<[std::ops::Range<u32>; 2]>,
}

impl<'a> Bare<'a> {
    /// The arrays for a case; people are numbered as rolecall numbers them.
    pub fn new(case: &'a Case<'a>, snapshot: &Snapshot) -> Self {
        let people: Vec<_> = case.people().collect();
        let scope = |role| super::ACTIONS.map(|action| case.scope(role, action));
        Self {
            case,
            role: people.iter().map(|(_, role, _)| role.0).collect(),
            number: people.iter().map(|(user, ..)| snapshot.lines().number_of(*user).unwrap()).collect(),
            scope: people.iter().map(|(_, role, _)| scope(*role)).collect(),
            below: people.iter().map(|(user, role, _)| snapshot.lines().below(*user, *role)).collect(),
        }
    }

    /// Just the look-ups of a question, without an answer.
    #[inline]
    pub fn touch(&self, place: usize) -> u64 {
        let question = &self.case.questions[place];
        let fact = &self.case.facts[question.record];
        let (me, owner) = (question.me.index(), fact.owner.index());
        u64::from(self.number[owner] ^ self.number[me])
            + u64::from(self.scope[me][0] == Scope::All)
            + u64::from(fact.private)
    }
}

impl Engine for Bare<'_> {
    #[inline]
    fn ask(&mut self, place: usize) -> bool {
        let question = &self.case.questions[place];
        let fact = &self.case.facts[question.record];
        let (me, owner) = (question.me.index(), fact.owner.index());
        let scope = self.scope[me][word_place(word(question.action))];
        if fact.owner == question.me {
            return scope != Scope::None;
        }
        if fact.private {
            return false;
        }
        match scope {
            Scope::All => true,
            Scope::Roles => self.role[me] == self.role[owner],
            Scope::Subordinates => self.below[me].iter().any(|run| run.contains(&self.number[owner])),
            Scope::Own | Scope::None => false,
        }
    }
}

fn word_place(word: &str) -> usize {
    match word.as_bytes()[0] {
        b'v' => 0,
        b'e' => 1,
        _ => 2,
    }
}
