//! The smallest changes that would turn a decision: candidates are tried on a copy, one by one and
//! then two at a time, and only those stay of which the evaluator says that they do turn it. Whether
//! the reader could make one is asked of the judge that would judge it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use crate::authz::{Action, Asking, Facts, OwnerCount, RecordFacts, Subject};
use crate::model::catalog::{DecidedBy, Feature};
use crate::model::{
    Exception, FeatureValue, ObjectId, RecordAction, RecordId, Role, Scope, SectionAccess, Status, Team, User, UserId,
};
use crate::service::draft::Draft;
use crate::service::edit_roles::{Cell, CellValue, RoleChange, Verb};
use crate::service::people::UserChange;
use crate::service::session::Session;
use crate::store::View;

use super::Turn;
use super::ask::{Ask, Asked};

/// So many are shown.
const MOST: usize = 5;

/// A change that might turn a decision.
#[derive(Clone)]
struct Candidate {
    text: String,
    change: Kind,
    /// Where it is about a scope: a narrower one that turns it makes the wider ones needless.
    scope: Option<(Verb, Scope)>,
}

#[derive(Clone)]
enum Kind {
    Draft(Draft),
    /// The record is assigned to the person.
    Assign,
}

impl Asked<'_> {
    /// The smallest changes that would turn a decision, of those that the reader may know of; not all
    /// of them where nobody waits any more. What would turn a yes is told only to those who could do it.
    pub(super) fn turns(&self, ask: &Ask, allowed: bool) -> Vec<Turn> {
        let Some(trial) = Trial::new(self.session, self.view, ask, allowed) else { return Vec::new() };
        let waits = || !self.cancelled.load(Ordering::Relaxed);
        let candidates = trial.candidates();
        let mut turns: Vec<Turn> = Vec::new();
        let mut scopes: Vec<(Verb, Scope)> = Vec::new();
        for candidate in &candidates {
            let wider = candidate.scope.is_some_and(|(verb, scope)| {
                scopes.iter().any(|(known, narrower)| *known == verb && scope.contains(*narrower))
            });
            if !wider && waits() && trial.turns_by(&[candidate]) {
                scopes.extend(candidate.scope);
                turns.push(trial.turn(&[candidate]));
            }
        }
        if turns.is_empty() && !allowed {
            for (place, one) in candidates.iter().enumerate() {
                for other in candidates.iter().skip(place + 1) {
                    if turns.len() < MOST && waits() && trial.turns_by(&[one, other]) {
                        turns.push(trial.turn(&[one, other]));
                    }
                }
            }
        }
        turns.retain(|turn| turn.yours || !allowed);
        turns.sort_by_key(|turn| !turn.yours);
        turns.truncate(MOST);
        turns
    }
}

struct Trial<'a> {
    session: &'a Session,
    view: &'a View,
    ask: &'a Ask,
    allowed: bool,
    user: &'a User,
    role: &'a Role,
    /// Of the record that it is about.
    facts: Option<RecordFacts>,
}

impl<'a> Trial<'a> {
    fn new(session: &'a Session, view: &'a View, ask: &'a Ask, allowed: bool) -> Option<Self> {
        let team = view.team();
        let user = team.users.get(&ask.who)?;
        let role = team.roles.get(&user.role)?;
        let facts = match ask.record {
            Some((object, id)) => Some(view.snapshot().facts_for(session.subject(), object, id, view)?),
            None => None,
        };
        Some(Self { session, view, ask, allowed, user, role, facts })
    }

    fn team(&self) -> &'a Team {
        self.view.team()
    }

    /// Would it come out the other way?
    fn turns_by(&self, candidates: &[&Candidate]) -> bool {
        let mut team = Team::clone(self.team());
        let mut given = Given { view: self.view, record: None };
        for candidate in candidates {
            match &candidate.change {
                Kind::Assign => given.change(self, |facts| facts.assigned.push(self.ask.who)),
                Kind::Draft(Draft::Owner { .. }) => given.change(self, |facts| facts.owner = self.ask.who),
                Kind::Draft(draft) => match draft.edit(self.session, self.view, &mut team) {
                    Some(Ok(())) => {}
                    _ => return false,
                },
            }
        }
        let then = self.view.snapshot().renewed(Arc::new(team), self.view.snapshot().made());
        let Ask { who, action, record, field } = self.ask;
        // Few turn it, so whether the team would hold together is asked of those alone.
        then.check(*who, *action, *record, field.as_deref(), &given).allowed != self.allowed
            && self.view.snapshot().holds_together(then.team())
    }

    fn turn(&self, candidates: &[&Candidate]) -> Turn {
        let text = candidates.iter().map(|candidate| candidate.text.as_str()).collect::<Vec<_>>().join(", and ");
        let drafts: Option<Vec<Draft>> = candidates
            .iter()
            .map(|candidate| match &candidate.change {
                Kind::Draft(draft) => Some(draft.clone()),
                Kind::Assign => None,
            })
            .collect();
        let yours = match &drafts {
            Some(drafts) => self.session.could_save(self.view, drafts),
            // Assigning is a change of the record.
            None => self.facts.as_ref().is_some_and(|facts| match (self.session.subject(), self.ask.record) {
                (Subject::User(me), Some((object, _))) => {
                    self.view.snapshot().may(me, RecordAction::Edit, object, facts)
                }
                _ => false,
            }),
        };
        Turn { text, yours, drafts: drafts.unwrap_or_default() }
    }

    fn candidates(&self) -> Vec<Candidate> {
        let mut found = Vec::new();
        if !self.allowed && self.user.status != Status::Active {
            let text = format!("make {} active", self.whom());
            self.add(&mut found, text, Draft::Status { email: self.user.email.clone(), status: Status::Active });
        }
        match self.ask.action {
            Action::Feature(id) => {
                if let Some(feature) = self.team().catalog.feature(id) {
                    self.by_feature(feature, &mut found);
                    self.by_access(feature, &mut found);
                }
            }
            Action::Record(object, verb) => self.by_object(object, verb, &mut found),
            Action::Create(object) => self.by_object(object, RecordAction::Edit, &mut found),
        }
        found
    }

    fn add(&self, found: &mut Vec<Candidate>, text: String, draft: Draft) {
        found.push(Candidate { text, change: Kind::Draft(draft), scope: None });
    }

    fn whom(&self) -> String {
        self.session.name_of(self.team(), self.ask.who)
    }

    fn role_cell(&self, cell: Cell, value: CellValue) -> Draft {
        let change = RoleChange { cells: vec![(cell, value)], ..RoleChange::default() };
        Draft::Roles(BTreeMap::from([(self.role.name.clone(), change)]))
    }

    /// The role's value and the person's exception.
    fn by_feature(&self, feature: &Feature, found: &mut Vec<Candidate>) {
        let wanted = !self.allowed;
        let email = self.user.email.clone();
        match feature.decided_by {
            DecidedBy::TalkFlag => {
                let change = UserChange { talk_access: Some(wanted), ..UserChange::default() };
                let text =
                    format!("set Talk access of {} to {}", self.whom(), if wanted { "Access" } else { "No access" });
                return self.add(found, text, Draft::User { email, change });
            }
            DecidedBy::Creating => {
                let object = self.team().catalog.areas.get(feature.area).and_then(|area| area.object);
                if let Some(object) = object {
                    self.by_scope(object, RecordAction::Edit, found);
                }
                return;
            }
            DecidedBy::Role => {}
        }
        if self.role.is_locked() {
            return;
        }
        let departs = self.user.exceptions.get(&feature.id).is_some_and(|exception| exception.visible != wanted);
        if departs {
            let text = format!("end the exception of {} for “{}”", self.whom(), feature.label);
            let (email, key) = (email.clone(), feature.key.clone());
            self.add(found, text, Draft::Exception { email, key, exception: None });
        }
        let word = if wanted { "Visible" } else { "Not Visible" };
        let text = format!("give {} the exception “{}”: {word}", self.whom(), feature.label);
        let exception = Some(Exception { visible: wanted, until: None });
        self.add(found, text, Draft::Exception { email, key: feature.key.clone(), exception });
        let value = if wanted { FeatureValue::Yes } else { FeatureValue::No };
        let text = format!("set “{}” to {} in the role “{}”", feature.label, value.label(), self.role.name);
        let draft = self.role_cell(Cell::Feature(feature.key.clone()), CellValue::Feature(value));
        self.add(found, text, draft);
    }

    /// The access of the feature's area.
    fn by_access(&self, feature: &Feature, found: &mut Vec<Candidate>) {
        let catalog = &self.team().catalog;
        let access = catalog.areas.get(feature.area).and_then(|area| area.access);
        if let Some(access) = access.filter(|access| *access != feature.id).and_then(|id| catalog.feature(id)) {
            self.by_feature(access, found);
        }
    }

    fn by_object(&self, object: ObjectId, verb: RecordAction, found: &mut Vec<Candidate>) {
        let Some(known) = self.team().objects.get(&object) else { return };
        let catalog = &self.team().catalog;
        if let Some(field) = self.ask.field.as_deref().and_then(|name| known.field_named(name))
            && let Some(section) = known.sections.iter().find(|section| section.id == field.section)
        {
            let access = match (self.allowed, verb) {
                (true, _) => SectionAccess::Hidden,
                (false, RecordAction::View) => SectionAccess::View,
                (false, _) => SectionAccess::Edit,
            };
            let word = if access == SectionAccess::Edit { "view and edit" } else { "view" };
            let text = format!("let the role “{}” {word} the section “{}”", self.role.name, section.name);
            let cell = Cell::Section(known.key.clone(), section.name.clone());
            let draft = self.role_cell(cell, CellValue::Section(access));
            self.add(found, text, draft);
        }
        self.by_record(object, found);
        let area = catalog.area_of_object(object);
        if verb == RecordAction::Delete
            && let Some(feature) = area.and_then(|area| catalog.by_key(&format!("{}.may_delete", area.key)))
        {
            self.by_feature(feature, found);
        }
        self.by_scope(object, verb, found);
        if let Some(access) = area.and_then(|area| area.access).and_then(|id| catalog.feature(id)) {
            self.by_feature(access, found);
        }
    }

    /// The role's scope, the narrowest first.
    fn by_scope(&self, object: ObjectId, verb: RecordAction, found: &mut Vec<Candidate>) {
        let Some(object) = self.team().objects.get(&object) else { return };
        let (verb, label) = match verb {
            RecordAction::View => (Verb::View, "view"),
            RecordAction::Edit => (Verb::Edit, "create/edit"),
            RecordAction::Delete => (Verb::Delete, "delete"),
        };
        let scopes: &[Scope] = match (self.allowed, verb) {
            (true, Verb::View) => return,
            (true, _) => &[Scope::None],
            (false, _) => &[Scope::Own, Scope::Roles, Scope::Subordinates, Scope::All],
        };
        for scope in scopes {
            let text = format!("set {label} {} to “{}” in the role “{}”", object.label, scope.label(), self.role.name);
            let draft = self.role_cell(Cell::Scope(object.key.clone(), verb), CellValue::Scope(*scope));
            found.push(Candidate { text, change: Kind::Draft(draft), scope: Some((verb, *scope)) });
        }
    }

    /// Whose it is, whom it is assigned to, and whom its owner reports to.
    fn by_record(&self, object: ObjectId, found: &mut Vec<Candidate>) {
        let (Some((_, id)), Some(facts), false) = (self.ask.record, &self.facts, self.allowed) else { return };
        let Some(key) = self.team().objects.get(&object).map(|object| object.key.clone()) else { return };
        let whom = self.whom();
        let becomes = |what: &str| if whom == "you" { format!("become {what}") } else { format!("make {whom} {what}") };
        if facts.owner != self.ask.who {
            let draft = Draft::Owner { object: key, records: vec![id], to: self.user.email.clone() };
            self.add(found, becomes("its owner"), draft);
            if let Some(owner) = self.team().users.get(&facts.owner).filter(|owner| owner.manager != Some(self.ask.who))
            {
                let change = UserChange { manager: Some(self.user.email.clone()), ..UserChange::default() };
                let text = becomes(&format!("the manager of {}", owner.name));
                self.add(found, text, Draft::User { email: owner.email.clone(), change });
            }
        }
        let focused = self.role.role_type == crate::model::RoleType::Focused;
        if focused && !facts.private && !facts.assigned.contains(&self.ask.who) {
            found.push(Candidate { text: format!("assign it to {whom}"), change: Kind::Assign, scope: None });
        }
    }
}

/// The records as they are but for one.
struct Given<'a> {
    view: &'a View,
    record: Option<(ObjectId, RecordId, RecordFacts)>,
}

impl Given<'_> {
    fn change(&mut self, trial: &Trial<'_>, how: impl FnOnce(&mut RecordFacts)) {
        let (Some((object, id)), Some(facts)) = (trial.ask.record, &trial.facts) else { return };
        let (_, _, facts) = self.record.get_or_insert_with(|| (object, id, facts.clone()));
        how(facts);
    }
}

impl Facts for Given<'_> {
    fn record(&self, asking: &Asking, object: ObjectId, id: RecordId) -> Option<RecordFacts> {
        match &self.record {
            Some((of, other, facts)) if (*of, *other) == (object, id) => Some(facts.clone()),
            _ => self.view.record(asking, object, id),
        }
    }

    fn external(&self, asking: &Asking, object: ObjectId, external_id: &str) -> Option<RecordId> {
        self.view.external(asking, object, external_id)
    }

    fn owner_counts(&self, asking: &Asking, object: ObjectId) -> Vec<OwnerCount> {
        self.view.owner_counts(asking, object)
    }

    fn assigned_counts(&self, asking: &Asking, object: ObjectId, user: UserId) -> Vec<(UserId, u64)> {
        self.view.assigned_counts(asking, object, user)
    }

    fn assigned_in_all(&self, asking: &Asking, object: ObjectId, user: UserId) -> u64 {
        self.view.assigned_in_all(asking, object, user)
    }
}
