//! The engine: one store, one clock, one source of chance, shared by every session of a process.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crate::authz::{Subject, System};
use crate::model::{Moment, UserId};
use crate::store::{Options, Progress, Store, View};

use super::activity::{Gone, Lasts};
use super::clock::{Chance, Clock, SystemClock};
use super::error::ServiceError;
use super::presence::Presence;
use super::session::Session;

/// The program itself: opening, checking and copying the data directory, which whoever holds it may
/// do. The one place that asks for it.
pub(super) fn system() -> System {
    System::for_the_data_directory()
}

/// Everything that sessions share.
pub struct Engine {
    store: Store,
    clock: Arc<dyn Clock>,
    chance: Chance,
    /// Where the store is.
    directory: PathBuf,
    /// The demo's engine lets its audience change persons without a password.
    demo: bool,
    presence: Presence,
    gone: Gone,
    lasts: Lasts,
    /// How often each user's sessions were ended by a reset of their password (R21).
    epochs: Mutex<HashMap<UserId, u64>>,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine").field("demo", &self.demo).finish_non_exhaustive()
    }
}

impl Engine {
    /// Opens the data directory, as whoever can read and write it.
    ///
    /// # Errors
    /// Where the store can't be opened: held by somebody else, damaged, not permitted.
    pub fn open(directory: &Path, options: Options) -> Result<Arc<Self>, ServiceError> {
        let chance = Chance::from_system().map_err(|error| ServiceError::Invalid(error.to_string()))?;
        Self::open_with(directory, options, Arc::new(SystemClock), chance, false)
    }

    /// The same, with a clock and chance of one's own.
    ///
    /// # Errors
    /// As [`Engine::open`].
    pub fn open_with(
        directory: &Path,
        options: Options,
        clock: Arc<dyn Clock>,
        chance: Chance,
        demo: bool,
    ) -> Result<Arc<Self>, ServiceError> {
        let system = system();
        let ticking = Arc::clone(&clock);
        let store = Store::open(directory, options, Arc::new(move || ticking.now()), &system)?;
        Ok(Arc::new(Self {
            store,
            directory: directory.to_owned(),
            clock,
            chance,
            demo,
            presence: Presence::default(),
            gone: Gone::default(),
            lasts: Lasts::default(),
            epochs: Mutex::default(),
        }))
    }

    pub(super) fn store(&self) -> &Store {
        &self.store
    }

    pub(super) fn directory(&self) -> &Path {
        &self.directory
    }

    pub(super) fn chance(&self) -> &Chance {
        &self.chance
    }

    pub(super) fn epoch(&self, subject: Subject) -> u64 {
        let Subject::User(user) = subject else { return 0 };
        self.epochs.lock().unwrap_or_else(PoisonError::into_inner).get(&user).copied().unwrap_or(0)
    }

    pub(super) fn gone(&self) -> &Gone {
        &self.gone
    }

    pub(super) fn lasts(&self) -> &Lasts {
        &self.lasts
    }

    pub(super) fn presence(&self) -> &Presence {
        &self.presence
    }

    pub(super) fn end_sessions(&self, user: UserId) {
        *self.epochs.lock().unwrap_or_else(PoisonError::into_inner).entry(user).or_default() += 1;
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> Moment {
        self.clock.now()
    }

    /// One pinned generation of rules and records.
    pub(super) fn view(&self) -> View {
        self.store.view()
    }

    /// Is there an account in the directory?
    #[must_use]
    pub fn has_account(&self) -> bool {
        !self.view().team().users.is_empty()
    }

    /// Is this the demo, whose audience may change persons at will?
    #[must_use]
    pub fn is_demo(&self) -> bool {
        self.demo
    }

    /// What opening found and mended, for the operator to know.
    #[must_use]
    pub fn findings(&self) -> Vec<String> {
        self.store.findings().iter().map(ToString::to_string).collect()
    }

    /// How far loading the records is; `None` once they are there.
    #[must_use]
    pub fn loading(&self) -> Option<Progress> {
        self.store.loading()
    }

    /// Calls `tell` after every change, from whatever thread made it, until it answers false.
    pub fn subscribe(&self, tell: impl FnMut(u64) -> bool + Send + 'static) {
        self.store.subscribe(Box::new(tell));
    }

    /// The operator's session.
    #[must_use]
    pub fn operator(self: &Arc<Self>) -> Session {
        Session::new(Arc::clone(self), Subject::Operator)
    }

    /// A session that sees and may do exactly what a user may; the command line's `--as`.
    ///
    /// # Errors
    /// Where there is no such user, or they aren't active.
    pub fn acting_as(self: &Arc<Self>, email: &str) -> Result<Session, ServiceError> {
        let view = self.view();
        if view.team().users.is_empty() {
            return Err(ServiceError::NoAccount);
        }
        let Some(user) = view.team().user_by_email(email) else {
            return Err(ServiceError::NotFound(format!("there is no user {email}")));
        };
        if !view.snapshot().is_active(user.id) {
            return Err(ServiceError::Denied(format!("{} is {}", user.email, user.status.token())));
        }
        Ok(Session::of_user(Arc::clone(self), user.id))
    }

    /// Everybody that the demo's audience can be; nobody outside the demo.
    #[must_use]
    pub fn personas(&self) -> Vec<Persona> {
        if !self.demo {
            return Vec::new();
        }
        let view = self.view();
        let team = view.team();
        let worth = |email: &str| super::demo::PERSONAS.iter().position(|persona| persona.email == email);
        let active = team.users.values().filter(|user| view.snapshot().is_active(user.id));
        let mut personas: Vec<Persona> = active
            .map(|user| Persona {
                email: user.email.clone(),
                name: user.name.clone(),
                role: team.roles.get(&user.role).map(|role| role.name.clone()).unwrap_or_default(),
                about: worth(&user.email)
                    .and_then(|place| super::demo::PERSONAS.get(place))
                    .map(|persona| persona.about),
            })
            .collect();
        // Those with a story first, in the order of the walk.
        personas.sort_by_key(|persona| worth(&persona.email).unwrap_or(usize::MAX));
        personas
    }

    /// Signs in as anybody, in the demo alone.
    ///
    /// # Errors
    /// Outside the demo, and where there is no such active user.
    pub fn become_persona(self: &Arc<Self>, email: &str) -> Result<Session, ServiceError> {
        if !self.demo {
            return Err(ServiceError::Denied("only the demo lets its audience change persons".to_owned()));
        }
        self.acting_as(email)
    }
}

/// Somebody that the demo's audience can be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Persona {
    /// Their email.
    pub email: String,
    /// Their name.
    pub name: String,
    /// Their role's name.
    pub role: String,
    /// What there is to see through their eyes.
    pub about: Option<&'static str>,
}
