//! The changes that can happen. A change carries what was there and what is there afterwards, so
//! that it can be applied, compared against the present (a commit whose `before` is stale is
//! refused), shown in the history, and undone by turning it round.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::catalog::CatalogError;
use super::ids::{ObjectId, RecordId, UserId};
use super::record::Record;
use super::table::{Dense, Pair, Table};
use super::team::{Account, Object, Role, Team, User};
use super::time::Moment;

/// One thing, before and after. `None` before: it is made. `None` after: it is gone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Swap<T> {
    /// What was there.
    pub before: Option<T>,
    /// What is there afterwards.
    pub after: Option<T>,
}

impl<T> Swap<T> {
    /// Something new.
    pub fn made(after: T) -> Self {
        Self { before: None, after: Some(after) }
    }

    /// Something changed.
    pub fn changed(before: T, after: T) -> Self {
        Self { before: Some(before), after: Some(after) }
    }

    /// Something removed.
    pub fn removed(before: T) -> Self {
        Self { before: Some(before), after: None }
    }

    /// The change that takes this one back.
    #[must_use]
    pub fn reversed(self) -> Self {
        Self { before: self.after, after: self.before }
    }

    /// Whichever side is there, the later one first.
    pub fn subject(&self) -> Option<&T> {
        self.after.as_ref().or(self.before.as_ref())
    }
}

/// One change.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// The account's name, seats, own permissions, number counters.
    Account(Swap<Account>),
    /// A role.
    Role(Swap<Arc<Role>>),
    /// A person.
    User(Swap<Arc<User>>),
    /// An object with its sections and fields.
    Object(Swap<Arc<Object>>),
    /// A record.
    Record(Swap<Record>),
}

impl Change {
    /// Does it change what decides access, and not just a record?
    #[must_use]
    pub fn is_policy(&self) -> bool {
        !matches!(self, Self::Record(_))
    }

    /// The change that takes this one back.
    #[must_use]
    pub fn reversed(self) -> Self {
        match self {
            Self::Account(swap) => Self::Account(swap.reversed()),
            Self::Role(swap) => Self::Role(swap.reversed()),
            Self::User(swap) => Self::User(swap.reversed()),
            Self::Object(swap) => Self::Object(swap.reversed()),
            Self::Record(swap) => Self::Record(swap.reversed()),
        }
    }

    /// The record that it changes.
    #[must_use]
    pub fn record(&self) -> Option<(ObjectId, RecordId)> {
        match self {
            Self::Record(swap) => swap.subject().map(|record| (record.object, record.id)),
            _ => None,
        }
    }
}

/// Who made a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Actor {
    /// Whoever can read and write the data directory (SPEC part 4).
    Operator,
    /// A person.
    User(UserId),
}

/// What a commit is a part of, for undo and for the history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason(
    /// The command in a few words, such as "import contacts from spring.csv".
    pub String,
);

/// Changes that happen together or not at all.
#[derive(Debug, Clone, PartialEq)]
pub struct Commit {
    /// Who.
    pub actor: Actor,
    /// When.
    pub at: Moment,
    /// In a few words.
    pub reason: Reason,
    /// What, in order.
    pub changes: Vec<Change>,
}

/// The team is not as the change expects.
#[derive(Debug, thiserror::Error)]
pub enum StaleChange {
    /// Somebody else changed it meanwhile.
    #[error("{0} was changed meanwhile; look at it again and repeat the change")]
    Meanwhile(String),
    /// The account's own permissions clash with the catalog.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
}

impl Team {
    /// The team after a policy change; changes to records leave it as it is.
    ///
    /// # Errors
    /// Where what the change expects isn't there; the team may then hold a part of it and must be
    /// dropped.
    pub fn apply(&mut self, change: &Change) -> Result<(), StaleChange> {
        match change {
            Change::Account(swap) => {
                if swap.before.as_ref().is_some_and(|before| *before != self.account) {
                    return Err(StaleChange::Meanwhile("the account".to_owned()));
                }
                if let Some(after) = &swap.after {
                    let permissions_changed = after.permissions != self.account.permissions;
                    self.account = after.clone();
                    if permissions_changed {
                        self.catalog = Arc::new(super::catalog::Catalog::with(&after.permissions)?);
                    }
                }
                Ok(())
            }
            Change::Role(swap) => {
                replace(&mut self.roles, swap, |role| role.id, |role| format!("the role “{}”", role.name))
            }
            Change::User(swap) => {
                replace(&mut self.users, swap, |user| user.id, |user| format!("the user {}", user.email))
            }
            Change::Object(swap) => {
                replace(&mut self.objects, swap, |object| object.id, |object| format!("the fields of {}", object.label))
            }
            Change::Record(_) => Ok(()),
        }
    }
}

impl Team {
    /// The changes that lead from this team to another, in an order in which they can be applied.
    #[must_use]
    pub fn changes_to(&self, after: &Team) -> Vec<Change> {
        let mut changes = Vec::new();
        if self.account != after.account {
            changes.push(Change::Account(Swap::changed(self.account.clone(), after.account.clone())));
        }
        changes.extend(swaps(&self.objects, &after.objects).map(Change::Object));
        // Roles that go are left by their people first, so they come last.
        let (gone, kept): (Vec<_>, Vec<_>) = swaps(&self.roles, &after.roles).partition(|swap| swap.after.is_none());
        changes.extend(kept.into_iter().map(Change::Role));
        changes.extend(swaps(&self.users, &after.users).map(Change::User));
        changes.extend(gone.into_iter().map(Change::Role));
        changes
    }
}

fn swaps<'a, K: Dense, T: PartialEq>(
    before: &'a Table<K, T>,
    after: &'a Table<K, T>,
) -> impl Iterator<Item = Swap<Arc<T>>> + 'a {
    let (gone, changed): (Vec<_>, Vec<_>) = before.apart(after).partition(|(_, is)| is.is_none());
    let swap = |(was, is): Pair<'a, T>| Swap { before: was.cloned(), after: is.cloned() };
    changed.into_iter().chain(gone).map(swap)
}

fn replace<K: Dense, T: PartialEq>(
    map: &mut Table<K, T>,
    swap: &Swap<Arc<T>>,
    key: impl Fn(&T) -> K,
    name: impl Fn(&T) -> String,
) -> Result<(), StaleChange> {
    let Some(subject) = swap.subject() else { return Ok(()) };
    if map.get(&key(subject)) != swap.before.as_ref() {
        return Err(StaleChange::Meanwhile(name(subject)));
    }
    match &swap.after {
        Some(after) => map.insert(key(after), Arc::clone(after)),
        None => map.remove(&key(subject)),
    };
    Ok(())
}
