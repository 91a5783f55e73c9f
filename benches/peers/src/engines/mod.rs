//! Other engines for the same rules. Each gets what the rules need in its own terms, from the team
//! itself and not from anything that rolecall compiled of it; so equal answers mean something.

pub mod bare;
pub mod casbin;
pub mod cedar;
pub mod rego;

use rolecall::authz::RecordFacts;
use rolecall::model::{RecordAction, RoleId, Scope, Team, UserId};

use crate::world::CONTACTS;

/// May this person do that with this record?
#[derive(Debug, Clone, Copy)]
pub struct Question {
    /// Who asks.
    pub me: UserId,
    /// What for.
    pub action: RecordAction,
    /// The record's place.
    pub record: usize,
}

/// Somebody who answers questions that were given beforehand.
pub trait Engine {
    /// Answers the question at this place.
    fn ask(&mut self, place: usize) -> bool;
}

/// What an engine is made from.
pub struct Case<'a> {
    /// The team.
    pub team: &'a Team,
    /// The records.
    pub facts: &'a [RecordFacts],
    /// The questions.
    pub questions: &'a [Question],
}

/// The word of an action.
pub fn word(action: RecordAction) -> &'static str {
    match action {
        RecordAction::View => "view",
        RecordAction::Edit => "edit",
        RecordAction::Delete => "delete",
    }
}

/// All actions.
pub const ACTIONS: [RecordAction; 3] = [RecordAction::View, RecordAction::Edit, RecordAction::Delete];

impl Case<'_> {
    /// What a role's scope for an action comes to: editing and deleting reach no further than
    /// viewing. Of two scopes of these teams one always holds the other.
    pub fn scope(&self, role: RoleId, action: RecordAction) -> Scope {
        let role = &self.team.roles[&role];
        if role.is_locked() {
            return Scope::All;
        }
        let (scopes, narrow) = (role.scopes(CONTACTS), |a: Scope, b: Scope| if a == Scope::All { b } else { a });
        match action {
            RecordAction::View => scopes.view,
            RecordAction::Edit if scopes.edit == scopes.view => scopes.view,
            RecordAction::Edit => narrow(scopes.edit, scopes.view),
            RecordAction::Delete => narrow(scopes.delete, scopes.view),
        }
    }

    /// Everyone: the person, their role, and whoever is next above them on their reporting line — a
    /// person, or the role above their own.
    pub fn people(&self) -> impl Iterator<Item = (UserId, RoleId, Above)> + '_ {
        self.team.users.values().map(|user| {
            let above = match (user.manager, self.team.roles[&user.role].manager) {
                (Some(manager), _) => Above::Person(manager),
                (None, Some(role)) => Above::Holders(role),
                (None, None) => Above::Nobody,
            };
            (user.id, user.role, above)
        })
    }
}

/// Who is next above somebody.
#[derive(Debug, Clone, Copy)]
pub enum Above {
    /// Their manager.
    Person(UserId),
    /// All holders of a role.
    Holders(RoleId),
    /// Nobody.
    Nobody,
}
