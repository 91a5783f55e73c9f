//! Signing in. One verification and the same answer whether the user exists or not; failures make
//! the next try wait, longer each time, kept over restarts, and never for good.

use std::sync::Arc;

use crate::model::text::fold;
use crate::model::{Moment, Status, User, UserId};
use crate::store::{Secret, Throttle};

use super::engine::Engine;
use super::error::ServiceError;
use super::passwords::{self, Password};
use super::session::Session;

/// Why signing in did not work.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Something about it is wrong; which, nobody is told.
    #[error("email or password is wrong")]
    Wrong,
    /// Too many failures; it has to wait.
    #[error("too many failed sign-ins; try again in {seconds} s")]
    Wait {
        /// How long.
        seconds: u64,
    },
    /// The temporary password was right, but its time is over.
    #[error("this temporary password has expired; ask for a new one")]
    Expired,
    /// Anything else.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

/// Somebody has signed in.
#[derive(Debug)]
pub struct SignedIn {
    /// Their session.
    pub session: Session,
    /// The password was a temporary one: nothing else is possible before it is changed (R21).
    pub must_change_password: bool,
}

/// Failures that cost no wait.
const FREE_TRIES: u32 = 3;
/// The longest wait, in milliseconds.
const LONGEST_WAIT: i64 = 5 * 60 * 1000;

/// How long to wait after this many failures in a row, in milliseconds.
fn wait_after(failures: u32) -> i64 {
    match failures.checked_sub(FREE_TRIES) {
        None => 0,
        Some(beyond) => 1000_i64.checked_shl(beyond.min(16)).unwrap_or(LONGEST_WAIT).min(LONGEST_WAIT),
    }
}

/// The seconds that are left of a wait.
fn left_of(throttle: &Throttle, now: Moment) -> Option<u64> {
    let until = throttle.wait_until.filter(|until| *until > now)?;
    u64::try_from((until.0 - now.0 + 999) / 1000).ok()
}

impl Engine {
    /// Signs somebody in. `address` is where they come from, as far as that is known.
    ///
    /// # Errors
    /// [`SignInError`]; the same for an unknown user, a wrong password, and somebody who is not
    /// active.
    pub fn sign_in(
        self: &Arc<Self>,
        email: &str,
        password: &Password,
        address: Option<&str>,
    ) -> Result<SignedIn, SignInError> {
        let now = self.now();
        let name = fold(email.trim());
        let user = self.view().team().user_by_email(&name).cloned();
        let (user, secret) = self.verified(&name, user, password)?;
        if secret.temporary_until.is_some_and(|until| until <= now) {
            return Err(SignInError::Expired);
        }
        self.store().note_sign_in(user.id, address, now).map_err(ServiceError::from)?;
        let session = Session::of_user(Arc::clone(self), user.id);
        session.restrict(secret.must_change);
        Ok(SignedIn { must_change_password: session.must_change_password(), session })
    }

    /// For how many seconds every further try for this name is refused, if it is; an unknown name waits
    /// alike.
    #[must_use]
    pub fn sign_in_waits(&self, email: &str) -> Option<u64> {
        let throttle = self.store().throttle(&fold(email.trim())).ok()?;
        left_of(&throttle, self.now())
    }

    /// Is it this person's password? Failures are counted by the typed name, so that unknown names
    /// wait alike.
    fn verified(
        &self,
        name: &str,
        user: Option<Arc<User>>,
        password: &Password,
    ) -> Result<(Arc<User>, Secret), SignInError> {
        let now = self.now();
        let throttle = self.store().throttle(name).map_err(ServiceError::from)?;
        if let Some(seconds) = left_of(&throttle, now) {
            return Err(SignInError::Wait { seconds });
        }
        let secret = match &user {
            Some(user) => self.store().secret(user.id).map_err(ServiceError::from)?,
            None => None,
        };
        let right = passwords::verify(password, secret.as_ref().and_then(|secret| secret.password_hash.as_deref()));
        let active = user.filter(|user| user.status == Status::Active);
        let (Some(user), Some(secret), true) = (active, secret, right) else {
            let failures = throttle.failures.saturating_add(1);
            let wait = wait_after(failures);
            let wait_until = (wait > 0).then(|| now.plus(wait));
            self.store().set_throttle(name, Throttle { failures, wait_until }).map_err(ServiceError::from)?;
            return Err(SignInError::Wrong);
        };
        if throttle.failures > 0 {
            self.store().set_throttle(name, Throttle::default()).map_err(ServiceError::from)?;
        }
        Ok((user, secret))
    }
}

impl Session {
    /// Is whoever sits here still the one who signed in? Their password says so: after a pause, and
    /// before what can't be taken back. Wrong ones make the next try wait, as at the sign-in.
    ///
    /// # Errors
    /// [`SignInError`].
    pub fn prove(&self, password: &Password) -> Result<(), SignInError> {
        let user = self.user()?;
        self.engine().verified(&user.email, Some(Arc::clone(&user)), password)?;
        Ok(())
    }

    /// For how many seconds a further try of [`Session::prove`] is refused, if it is.
    #[must_use]
    pub fn proof_waits(&self) -> Option<u64> {
        self.engine().sign_in_waits(&self.user().ok()?.email)
    }

    /// Changes one's own password.
    ///
    /// # Errors
    /// Where the current password is wrong or the new one isn't acceptable.
    pub fn change_password(&self, current: &Password, new: &Password) -> Result<(), ServiceError> {
        let user = self.user()?;
        self.prove(current).map_err(|why| proof("the current password is wrong", why))?;
        if current.reveal() == new.reveal() {
            return Err(ServiceError::Invalid("the new password is the old one".to_owned()));
        }
        passwords::acceptable(new, &user.email, &user.name)?;
        self.engine().set_password(user.id, new, false)?;
        self.restrict(false);
        Ok(())
    }

    /// The operator's reset: a temporary password, shown once, to be changed at the next sign-in
    /// (R21). Ends the user's other sessions.
    ///
    /// # Errors
    /// Where there is no such user, or this isn't the operator.
    pub fn reset_password(&self, email: &str) -> Result<Password, ServiceError> {
        if !self.is_operator() {
            return Err(ServiceError::Denied("only the operator resets passwords from the command line".to_owned()));
        }
        let view = self.view();
        let Some(user) = view.team().user_by_email(email) else {
            return Err(ServiceError::NotFound(format!("there is no user {email}")));
        };
        if user.status == Status::Revoked {
            return Err(ServiceError::Invalid(format!("{} is revoked; reactivate them first", user.email)));
        }
        self.temporary_password(user)
    }

    /// Gives a temporary password to whom the caller has judged that it may be given.
    pub(super) fn temporary_password(&self, user: &User) -> Result<Password, ServiceError> {
        let password = passwords::temporary(self.engine().chance());
        // No audit record, no change.
        self.note(&format!("temporary password for {}", user.email))?;
        self.engine().set_password(user.id, &password, true)?;
        self.engine().end_sessions(user.id);
        self.engine().store().set_throttle(&user.email, Throttle::default())?;
        Ok(password)
    }
}

/// What a failed proof says to somebody who is signed in.
pub(super) fn proof(wrong: &str, why: SignInError) -> ServiceError {
    match why {
        SignInError::Wrong => ServiceError::Denied(wrong.to_owned()),
        SignInError::Service(error) => error,
        SignInError::Wait { .. } | SignInError::Expired => ServiceError::Denied(why.to_string()),
    }
}

/// How long a temporary password is good for, in milliseconds.
const TEMPORARY_FOR: i64 = 7 * 24 * 60 * 60 * 1000;

/// A temporary password that is nobody's yet.
pub(super) struct FirstPassword {
    password: Password,
    secret: Secret,
}

impl Engine {
    pub(super) fn set_password(&self, user: UserId, password: &Password, temporary: bool) -> Result<(), ServiceError> {
        self.store().set_secret(user, self.secret_of(password, temporary)?)?;
        Ok(())
    }

    /// A temporary password for somebody who isn't there yet (R21), in the form in which it is kept.
    pub(super) fn first_password(&self) -> Result<FirstPassword, ServiceError> {
        let password = passwords::temporary(self.chance());
        let secret = self.secret_of(&password, true)?;
        Ok(FirstPassword { password, secret })
    }

    /// Keeps it for whoever is there now.
    pub(super) fn keep_first_password(&self, user: UserId, first: FirstPassword) -> Result<Password, ServiceError> {
        let FirstPassword { password, secret } = first;
        let kept = self.store().set_secret(user, secret);
        let what = "they are added, but have no password yet; reset it when this is mended";
        kept.map(|()| password).map_err(|error| ServiceError::Invalid(format!("{what}: {error}")))
    }

    fn secret_of(&self, password: &Password, temporary: bool) -> Result<Secret, ServiceError> {
        Ok(Secret {
            password_hash: Some(passwords::hash(password, self.chance())?),
            must_change: temporary,
            temporary_until: temporary.then(|| self.now().plus(TEMPORARY_FOR)),
        })
    }
}
