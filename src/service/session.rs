//! A session: one subject at one engine. Screens and commands talk to it alone. Each call pins one
//! generation, asks authz, and answers with plain values.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::authz::{Patch, Subject};
use crate::model::{Actor, Change, Commit, FeatureId, FeatureValue, Reason, RoleType, Swap, User, UserId};
use crate::store::{CommitError, Committed, View};

use super::engine::Engine;
use super::error::ServiceError;

/// One subject's way to everything.
#[derive(Debug, Clone)]
pub struct Session {
    engine: Arc<Engine>,
    subject: Subject,
    /// The user's epoch when they signed in; a reset of their password begins another (R21).
    epoch: u64,
    /// A temporary password was used and not changed yet: nothing else is possible (R21).
    restricted: Arc<AtomicBool>,
}

/// Whoever is no longer signed in may do what nobody may.
const NOBODY: Subject = Subject::User(UserId(u32::MAX));

/// Who the session is, for the console's head line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Me {
    /// The account's name.
    pub account: String,
    /// The email; empty for the operator.
    pub email: String,
    /// The name.
    pub name: String,
    /// The role's name.
    pub role: String,
    /// The role's type.
    pub role_type: RoleType,
}

impl Session {
    pub(super) fn new(engine: Arc<Engine>, subject: Subject) -> Self {
        let epoch = engine.epoch(subject);
        let restricted = Arc::new(AtomicBool::new(false));
        if let Subject::User(user) = subject {
            engine.presence().enter(user, epoch, &restricted);
        }
        Self { engine, subject, epoch, restricted }
    }

    pub(super) fn restrict(&self, restricted: bool) {
        self.restricted.store(restricted, Ordering::Release);
    }

    /// Must the password be changed before anything else?
    #[must_use]
    pub fn must_change_password(&self) -> bool {
        self.restricted.load(Ordering::Acquire)
    }

    pub(super) fn of_user(engine: Arc<Engine>, user: UserId) -> Self {
        Self::new(engine, Subject::User(user))
    }

    /// The engine that the session is at.
    #[must_use]
    pub fn engine(&self) -> &Arc<Engine> {
        &self.engine
    }

    /// Who asks: nobody, once the session has ended or before a temporary password is changed.
    pub(super) fn subject(&self) -> Subject {
        if self.must_change_password() || self.has_ended() { NOBODY } else { self.subject }
    }

    /// Whose sessions there are beside this one, each once for each session.
    pub(super) fn others(&self) -> Vec<UserId> {
        self.engine.presence().others(&self.restricted, |user| self.engine.epoch(Subject::User(user)))
    }

    fn has_ended(&self) -> bool {
        self.engine.epoch(self.subject) != self.epoch
    }

    pub(super) fn view(&self) -> View {
        self.engine.view()
    }

    /// Is it the operator's?
    #[must_use]
    pub fn is_operator(&self) -> bool {
        self.subject == Subject::Operator
    }

    /// The generation of rules and records; a screen draws again when it moves (R16).
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.view().generation()
    }

    /// The generation of the rules alone: it stays while only records change.
    #[must_use]
    pub fn rules(&self) -> u64 {
        self.view().snapshot().generation()
    }

    /// May the session still act? A revocation ends it at once (R16).
    #[must_use]
    pub fn is_live(&self) -> bool {
        match self.subject {
            Subject::Operator => true,
            Subject::User(user) => !self.has_ended() && self.view().snapshot().is_active(user),
        }
    }

    pub(super) fn user(&self) -> Result<Arc<User>, ServiceError> {
        let Subject::User(id) = self.subject else {
            return Err(ServiceError::Invalid("the operator is no user of the account".to_owned()));
        };
        let view = self.view();
        view.team().users.get(&id).cloned().ok_or_else(|| ServiceError::NotFound("you are no longer here".to_owned()))
    }

    /// Who the session is.
    #[must_use]
    pub fn me(&self) -> Me {
        let view = self.view();
        let team = view.team();
        let account = team.account.name.clone();
        let user = match self.subject {
            Subject::User(id) => team.users.get(&id),
            Subject::Operator => None,
        };
        match user {
            Some(user) => {
                let role = team.roles.get(&user.role);
                Me {
                    account,
                    email: user.email.clone(),
                    name: user.name.clone(),
                    role: role.map(|role| role.name.clone()).unwrap_or_default(),
                    role_type: role.map_or(RoleType::Focused, |role| role.role_type),
                }
            }
            None => Me {
                account,
                email: String::new(),
                name: "Operator".to_owned(),
                role: "Operator".to_owned(),
                role_type: RoleType::AccountOwner,
            },
        }
    }

    /// What a feature comes to, by its key; No for keys that don't exist (R11).
    #[must_use]
    pub fn feature(&self, key: &str) -> FeatureValue {
        let view = self.view();
        let id = view.team().catalog.by_key(key).map(|feature| feature.id);
        id.map_or(FeatureValue::No, |id| view.snapshot().feature(self.subject(), id))
    }

    pub(super) fn holds(&self, view: &View, feature: FeatureId) -> bool {
        view.snapshot().holds(self.subject(), feature)
    }

    pub(super) fn actor(&self) -> Actor {
        match self.subject {
            Subject::Operator => Actor::Operator,
            Subject::User(user) => Actor::User(user),
        }
    }

    /// Changes as something that the store may write, by the rules of one generation.
    pub(super) fn permit(&self, view: &View, changes: Vec<Change>) -> Result<Patch, ServiceError> {
        self.permit_for("", view, changes)
    }

    pub(super) fn permit_for(&self, reason: &str, view: &View, changes: Vec<Change>) -> Result<Patch, ServiceError> {
        let (actor, at, reason) = (self.actor(), self.engine.now(), Reason(reason.to_owned()));
        Ok(view.snapshot().permit_commit(self.subject(), Commit { actor, at, reason, changes }, view)?)
    }

    /// Puts something into the history that changes nothing in it: secrets are kept apart.
    pub(super) fn note(&self, reason: &str) -> Result<(), ServiceError> {
        let patch = self.permit_for(reason, &self.view(), Vec::new())?;
        self.engine.store().commit(patch)?;
        Ok(())
    }

    /// Makes changes: permit, commit, tell. `changes` works them out from the rules and records in
    /// force; it is called again where somebody else's commit came between.
    pub(super) fn commit(
        &self,
        reason: &str,
        mut changes: impl FnMut(&View) -> Result<Vec<Change>, ServiceError>,
    ) -> Result<Option<Committed>, ServiceError> {
        const TRIES: usize = 8;
        for _ in 0..TRIES {
            let view = self.view();
            let changes = changes(&view)?;
            if changes.is_empty() {
                return Ok(None);
            }
            let gone = gone(&changes);
            let patch = self.permit_for(reason, &view, changes)?;
            match self.engine.store().commit(patch) {
                Ok(committed) => {
                    gone.into_iter().for_each(|user| self.forget(user));
                    return Ok(Some(committed));
                }
                Err(CommitError::Stale(_)) => {}
                Err(CommitError::Denied(denied)) => return Err(denied.into()),
                Err(CommitError::Store(error)) => return Err(error.into()),
            }
        }
        Err(ServiceError::Meanwhile("others keep changing the same thing".to_owned()))
    }

    /// What is kept of people beside the history goes with them (R30). They are gone already: what
    /// can't be removed now is a finding, and the next opening of the store removes it.
    fn forget(&self, user: UserId) {
        self.engine.end_sessions(user);
        self.engine.store().forget(user);
    }
}

/// Whom changes delete.
fn gone(changes: &[Change]) -> Vec<UserId> {
    let gone = changes.iter().filter_map(|change| match change {
        Change::User(Swap { before: Some(user), after: None }) => Some(user.id),
        _ => None,
    });
    gone.collect()
}

impl From<CommitError> for ServiceError {
    fn from(error: CommitError) -> Self {
        match error {
            CommitError::Stale(what) => Self::Meanwhile(what),
            CommitError::Denied(denied) => Self::from(denied),
            CommitError::Store(error) => Self::from(error),
        }
    }
}
