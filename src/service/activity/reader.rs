//! What one reader may know of the history. Records that they may not see, and fields and parts of
//! people that they may not view, are absent from it (R14, R32, 002-34).

use std::cell::{Cell, RefCell};
use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::AtomicBool;

use crate::authz::{Audit, Columns, Past, RecordFacts, Subject};
use crate::model::catalog::features;
use crate::model::{Actor, Change, FieldId, ObjectId, Record, RecordAction, RoleId, SectionId, UserId};
use crate::service::describe::{ChangeLine, Sight, describe};
use crate::service::engine::Engine;
use crate::service::error::ServiceError;
use crate::store::{Entry, View};

use super::Kind;
use super::lasts::deletions;

/// Changes of one entry that are told; big change sets have more.
pub(in crate::service) const SHOWN: usize = 200;

/// What everybody may know of a person (002-34); the rest needs "Manage User details".
const KNOWN_OF_PEOPLE: [&str; 7] = ["", "email", "name", "role", "status", "manager", "account manager"];

/// What a reader may know of an entry.
pub(in crate::service) struct Told {
    /// What changed.
    pub(in crate::service) lines: Vec<ChangeLine>,
    /// What it was about.
    pub(in crate::service) kinds: BTreeSet<Kind>,
    /// There is more of it.
    pub(in crate::service) more: bool,
}

/// Somebody who reads the history.
pub(in crate::service) struct Reader<'a> {
    view: &'a View,
    who: Subject,
    engine: &'a Engine,
    audit: &'a Audit,
    /// Nobody waits any more once it is true.
    cancelled: Option<&'a AtomicBool>,
    /// A record was met that is gone, and as what it went wasn't looked up yet.
    unknown: Cell<bool>,
    /// Deletions were looked up to the newest: one may have come back and gone again since others did.
    fresh: Cell<bool>,
    /// May they read what everybody did?
    whole: bool,
    columns: RefCell<HashMap<ObjectId, Option<Columns>>>,
    /// What the roles are called that the changes at hand make or remove.
    roles: RefCell<HashMap<RoleId, String>>,
}

impl<'a> Reader<'a> {
    /// What isn't loaded yet would count as gone, and what is gone tells its past: nobody reads
    /// before everything is there.
    pub(in crate::service) fn new(
        view: &'a View,
        who: Subject,
        engine: &'a Engine,
        audit: &'a Audit,
    ) -> Result<Self, ServiceError> {
        if !view.is_loaded() {
            return Err(ServiceError::Loading);
        }
        let whole = audit.admits(Actor::Operator);
        let (cancelled, unknown, fresh) = (None, Cell::new(false), Cell::new(false));
        let (columns, roles) = (RefCell::default(), RefCell::default());
        Ok(Self { view, who, engine, audit, cancelled, unknown, fresh, whole, columns, roles })
    }

    /// The same, as long as somebody waits.
    pub(in crate::service) fn until(self, cancelled: &'a AtomicBool) -> Self {
        Self { cancelled: Some(cancelled), ..self }
    }

    /// An entry as its reader may know it, with so many of its changes; nothing where they may know
    /// nothing of it.
    pub(in crate::service) fn told(&self, entry: &Entry, most: usize) -> Result<Option<Told>, ServiceError> {
        let (changes, more) = self.known_of(entry, most)?;
        self.meet(&changes);
        if more && changes.iter().any(|change| !matches!(change, Change::Record(_))) {
            // Roles that go come after their people, so that they may not be among the first.
            let goes = |change: &Change| matches!(change, Change::Role(swap) if swap.after.is_none());
            self.meet(&self.engine.store().last_changes_of(self.audit, entry, goes)?);
        }
        let mut told = Told { lines: Vec::new(), kinds: BTreeSet::new(), more };
        for change in &changes {
            let lines = self.lines(change);
            if !lines.is_empty() {
                told.kinds.insert(Kind::of(change));
                told.lines.extend(lines);
            }
        }
        if told.lines.is_empty() && more && most < SHOWN {
            // What there is to tell of comes later.
            return self.told(entry, SHOWN);
        }
        if told.lines.is_empty() {
            let changed = entry.has_changes();
            let is_mine =
                matches!((self.who, entry.commit.actor), (Subject::User(me), Actor::User(other)) if me == other);
            match (changed, is_mine) {
                // What changed nothing, such as a new password, is told by its reason.
                (false, _) => told.kinds.insert(Kind::People),
                // That one did it oneself one knows.
                (true, true) => {
                    let (changes, _) = self.engine.store().changes_of(self.audit, entry, SHOWN, |_| true)?;
                    told.kinds.extend(changes.iter().map(Kind::of));
                    told.more = false;
                    true
                }
                (true, false) => return Ok(None),
            };
        }
        Ok(Some(told))
    }

    /// The first changes of an entry that its reader may know of, and whether there are more.
    fn known_of(&self, entry: &Entry, most: usize) -> Result<(Vec<Change>, bool), ServiceError> {
        let (store, audit, going) = (self.engine.store(), self.audit, AtomicBool::new(false));
        let cancelled = self.cancelled.unwrap_or(&going);
        self.unknown.set(false);
        // Once something has to be looked up, nothing of this pass counts: it ends with the next few
        // changes, whatever they are, rather than with the last of a million.
        let known = |change: &Change| self.may_know_of(change) || self.unknown.get();
        let found = store.changes_while(audit, entry, most, known, cancelled)?;
        if !self.unknown.get() {
            return Ok(found);
        }
        let walk = |before, down_to| deletions(store, audit, before, down_to, cancelled);
        self.engine.lasts().look(entry.sequence, walk)?;
        self.fresh.set(true);
        Ok(store.changes_while(audit, entry, most, |change| self.may_know_of(change), cancelled)?)
    }

    /// Looks through changes that belong together, before they are put into words: a person's role
    /// may go, or come back, with the same entry.
    pub(in crate::service) fn meet(&self, changes: &[Change]) {
        let roles = changes.iter().filter_map(|change| match change {
            Change::Role(swap) => swap.subject().map(|role| (role.id, role.name.clone())),
            _ => None,
        });
        self.roles.borrow_mut().extend(roles);
    }

    /// A change in words, as far as its reader may know it.
    pub(in crate::service) fn lines(&self, change: &Change) -> Vec<ChangeLine> {
        let mut lines = describe(self.view.team(), change, self);
        lines.retain(|line| self.may_know_part(change, line));
        lines
    }

    /// Of a record's change knows who may see it as it was and as it became, and as it is: a contact
    /// that was sealed since takes its past along. One that is gone has its past for whoever reads what
    /// everybody did, and could see it as it last was. For whoever reads one person's doings alone it
    /// answers as one out of view: of both nothing but a deletion is told (R32).
    pub(in crate::service) fn may_know_of(&self, change: &Change) -> bool {
        let (Subject::User(me), Change::Record(swap)) = (self.who, change) else { return true };
        let Some(subject) = swap.subject() else { return false };
        let may_see = |object, facts: &RecordFacts| self.view.snapshot().may(me, RecordAction::View, object, facts);
        let sees = |record: &Record| {
            let facts = RecordFacts { owner: record.owner, private: record.private, assigned: record.assigned.clone() };
            may_see(record.object, &facts)
        };
        let sides = [swap.before.as_ref(), swap.after.as_ref()];
        let now = || match self.view.snapshot().past_of(self.who, subject.object, subject.id, self.view) {
            Past::Seen => true,
            Past::Hidden | Past::Gone if !self.whole => swap.after.is_none(),
            Past::Hidden => false,
            Past::Gone => {
                let last = self.engine.lasts().get(subject.object, subject.id).filter(|_| self.fresh.get());
                self.unknown.set(self.unknown.get() || last.is_none());
                last.is_some_and(|last| may_see(subject.object, &last))
            }
        };
        sides.into_iter().flatten().all(sees) && now()
    }

    fn may_know_part(&self, change: &Change, line: &ChangeLine) -> bool {
        let Change::User(swap) = change else { return true };
        KNOWN_OF_PEOPLE.contains(&line.part.as_str()) || swap.subject().is_some_and(|user| self.knows_all_of(user.id))
    }

    /// May they know what isn't everybody's to know of a person (002-34)?
    pub(in crate::service) fn knows_all_of(&self, user: UserId) -> bool {
        self.who == Subject::User(user) || self.view.snapshot().holds(self.who, features::USERS_EDIT)
    }
}

impl Sight for Reader<'_> {
    fn other_role(&self, role: RoleId) -> Option<String> {
        self.roles.borrow().get(&role).cloned()
    }

    fn may_name(&self, object: ObjectId, section: SectionId) -> bool {
        self.view.snapshot().may_name(self.who, object, section)
    }

    fn may_read(&self, record: &Record, field: FieldId) -> bool {
        let mut columns = self.columns.borrow_mut();
        let columns =
            columns.entry(record.object).or_insert_with(|| self.view.snapshot().columns(self.who, record.object));
        columns.as_ref().is_some_and(|columns| columns.contains(field))
    }
}
