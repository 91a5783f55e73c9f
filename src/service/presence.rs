//! Who is signed in just now: whoever makes a change is told how many other sessions took it
//! (003-24, B6). A session that was dropped or ended isn't counted.

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use crate::model::UserId;

/// The sessions of people at one engine.
#[derive(Debug, Default)]
pub(super) struct Presence(Mutex<Vec<Present>>);

#[derive(Debug)]
struct Present {
    user: UserId,
    /// The epoch in which it began (R21).
    epoch: u64,
    /// What all clones of a session share; gone with the last of them.
    session: Weak<AtomicBool>,
}

impl Presence {
    /// Somebody begins a session.
    pub(super) fn enter(&self, user: UserId, epoch: u64, session: &Arc<AtomicBool>) {
        let mut present = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        present.retain(|other| other.session.strong_count() > 0);
        present.push(Present { user, epoch, session: Arc::downgrade(session) });
    }

    /// The users of all sessions but one, a session each. `epoch` tells the epoch that a user is in.
    pub(super) fn others(&self, but: &Arc<AtomicBool>, epoch: impl Fn(UserId) -> u64) -> Vec<UserId> {
        let present = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let others = present.iter().filter(|other| {
            other.session.strong_count() > 0
                && !std::ptr::eq(other.session.as_ptr(), Arc::as_ptr(but))
                && epoch(other.user) == other.epoch
        });
        others.map(|other| other.user).collect()
    }
}
