//! Judges a whole commit: may this subject make these changes, and is the team still valid after
//! them? Every change on every path — screens, bulk, files, command line — comes through here, and
//! again at the commit itself if the rules changed meanwhile (R16).

mod circles;
mod gains;
mod giving;
mod lines;
mod people;
mod records;
mod roles;
mod rows;
mod settings;
mod stays;
mod transition;
mod valid;

use std::fmt;
use std::sync::Arc;

use crate::model::{Change, Commit, Role, RoleId, RoleType, Team, User, UserId};

use super::compile::Snapshot;
use super::facts::Facts;
use super::witness::{Departure, Outcome, Patch, Subject};

pub use rows::{Heading, RowJudge};
pub use valid::validate;

/// One thing that stands in the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What it is about, such as `the role “Sales”` or `kim@paws.example`.
    pub place: String,
    /// What is wrong and what to do, as a sentence that goes on after the place.
    pub text: String,
}

impl Refusal {
    pub(super) fn new(place: impl Into<String>, text: impl Into<String>) -> Self {
        Self { place: place.into(), text: text.into() }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.text)
    }
}

/// Why a commit was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// There is no such thing, or the subject may not know that there is (R32).
    #[error("no such record")]
    Absent,
    /// The subject may not.
    #[error("{}", joined(.0))]
    Forbidden(Vec<Refusal>),
    /// Nobody may: the account would no longer hold together.
    #[error("{}", joined(.0))]
    Invalid(Vec<Refusal>),
}

fn joined(refusals: &[Refusal]) -> String {
    refusals.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

impl Snapshot {
    /// May somebody reset another's password or mail them again (R31)? The owner is touched by the
    /// owner or the operator alone, and one's effective rights contain theirs.
    ///
    /// # Errors
    /// Why not.
    pub fn may_touch(&self, who: Subject, target: UserId) -> Result<(), Denied> {
        self.asked_of(who, target, people::touch)
    }

    /// May somebody revoke another's access, or give it back (003-21, 003-22, R22, R31)?
    ///
    /// # Errors
    /// Why not.
    pub fn may_admit(&self, who: Subject, target: UserId) -> Result<(), Denied> {
        self.asked_of(who, target, people::admit)
    }

    /// May somebody change another's details, role, manager or exceptions at all (003-20)? What it
    /// is changed to is judged with the change.
    ///
    /// # Errors
    /// Why not.
    pub fn may_edit(&self, who: Subject, target: UserId) -> Result<(), Denied> {
        self.asked_of(who, target, people::edit)
    }

    /// May somebody put people into a role (R31)?
    ///
    /// # Errors
    /// Why not.
    pub fn may_assign(&self, who: Subject, role: RoleId) -> Result<(), Denied> {
        let team = self.team();
        let Some(found) = team.roles.get(&role) else { return Err(Denied::Absent) };
        let result = match who {
            Subject::User(me) => giving::Giver::new(self, self, me).may_assign(role),
            Subject::Operator if found.role_type == RoleType::AccountOwner => {
                Err("the role Account Owner moves only by transfer of ownership".to_owned())
            }
            Subject::Operator => Ok(()),
        };
        result.map_err(|text| Denied::Forbidden(vec![Refusal::new(valid::role_place(found), text)]))
    }

    /// May somebody delete another, who is revoked (003-22), for good? Then what they leave behind may be handed over (R24),
    /// seen or unseen.
    ///
    /// # Errors
    /// Why not.
    pub fn permit_departure(&self, who: Subject, leaver: UserId) -> Result<Departure, Denied> {
        self.asked_of(who, leaver, people::remove)?;
        let user = self.team().users.get(&leaver).ok_or(Denied::Absent)?;
        transition::only_the_revoked_go(user).map_err(|refusal| Denied::Invalid(vec![refusal]))?;
        Ok(Departure::new(leaver))
    }

    fn asked_of(
        &self,
        who: Subject,
        target: UserId,
        may: impl FnOnce(&giving::Giver<'_>, &User) -> Result<(), String>,
    ) -> Result<(), Denied> {
        let Some(user) = self.team().users.get(&target) else { return Err(Denied::Absent) };
        let Subject::User(me) = who else { return Ok(()) };
        let giver = giving::Giver::new(self, self, me);
        may(&giver, user).map_err(|text| Denied::Forbidden(vec![Refusal::new(user.email.clone(), text)]))
    }

    /// A commit as something that the store may write.
    ///
    /// # Errors
    /// What stands in the way, all of it.
    pub fn permit_commit(&self, who: Subject, commit: Commit, facts: &dyn Facts) -> Result<Patch, Denied> {
        let outcome = self::commit(self, who, &commit, facts)?;
        Ok(Patch::new(who, commit, self.generation()).with(outcome))
    }
}

/// Judges a change of one role by itself, before it is made (R31).
pub(super) fn change_of_role(now: &Snapshot, who: Subject, was: RoleId, is: &Role) -> Result<(), Denied> {
    let Subject::User(me) = who else { return Ok(()) };
    // A role that isn't there yet is judged whole.
    let was = now.team().roles.get(&was);
    let giver = giving::Giver::new(now, now, me);
    match roles::refusal(&giver, was.map(AsRef::as_ref), Some(is)) {
        None => Ok(()),
        Some(text) => Err(Denied::Forbidden(vec![Refusal::new(valid::role_place(is), text)])),
    }
}

impl Snapshot {
    /// Would nothing be wrong with a team that came of this one?
    #[must_use]
    pub fn holds_together(&self, after: &Team) -> bool {
        after_sound(self, after).is_empty()
    }

    /// May somebody put a role on the list of those that another role's holders may assign (R31)?
    /// Whoever holds all of it may; a locked role or one of type Administrator is never listed.
    #[must_use]
    pub fn may_list_role(&self, who: Subject, role: RoleId) -> bool {
        let Some(role) = self.team().roles.get(&role) else { return false };
        if role.is_locked() || role.role_type == crate::model::RoleType::Administrator {
            return false;
        }
        let Subject::User(me) = who else { return true };
        let giver = giving::Giver::new(self, self, me);
        giver.lacks(&giving::of_role(self.team(), role)).is_none()
    }
}

/// Whoever isn't active may do nothing (R8).
fn inactive(now: &Snapshot, who: Subject) -> Result<(), Denied> {
    match who {
        Subject::User(me) if !now.is_active(me) => {
            Err(Denied::Forbidden(vec![Refusal::new("you", "are no longer active; nothing was changed")]))
        }
        _ => Ok(()),
    }
}

/// Judges a commit; the rules after it, where it changes them.
pub(super) fn commit(
    now: &Snapshot,
    who: Subject,
    commit: &Commit,
    facts: &dyn Facts,
) -> Result<Option<Outcome>, Denied> {
    inactive(now, who)?;
    records::judge(now, who, commit, facts)?;
    if !commit.changes.iter().any(Change::is_policy) {
        return Ok(None);
    }
    let after = applied(now.team(), commit)?;
    let problems = after_sound(now, &after);
    if !problems.is_empty() {
        return Err(Denied::Invalid(problems));
    }
    let after = now.renewed(Arc::new(after), commit.at).known_sound();
    let problems = transition::judge(now, &after, who, commit, facts);
    if !problems.is_empty() {
        return Err(Denied::Invalid(problems));
    }
    if let Subject::User(me) = who {
        gifts(&giving::Giver::new(now, &after, me), commit)?;
    }
    Ok(Some(Outcome { on: Arc::clone(now.team()), rules: Arc::new(after) }))
}

/// Everything that is wrong with the team after a change. Where it was sound before, only what the
/// change can have upset is looked at.
fn after_sound(now: &Snapshot, after: &Team) -> Vec<Refusal> {
    if now.is_sound() && stays::sound(now.team(), after) {
        debug_assert_eq!(validate(after), Vec::new(), "a change upset what wasn't looked at");
        return Vec::new();
    }
    validate(after)
}

/// R31: whoever makes the change gives nothing that they don't hold.
fn gifts(giver: &giving::Giver<'_>, commit: &Commit) -> Result<(), Denied> {
    let mut refusals = people::judge(giver);
    refusals.extend(roles::judge(giver));
    refusals.extend(lines::judge(giver));
    refusals.extend(settings::judge(giver));
    if refusals.is_empty() {
        refusals.extend(gains::judge(giver, commit));
    }
    if refusals.is_empty() { Ok(()) } else { Err(Denied::Forbidden(refusals)) }
}

fn applied(team: &Team, commit: &Commit) -> Result<Team, Denied> {
    let mut after = team.clone();
    for change in &commit.changes {
        after.apply(change).map_err(|stale| Denied::Invalid(vec![Refusal::new("this change", stale.to_string())]))?;
    }
    Ok(after)
}
