//! The evaluator. The first half works out what a person's role, type and exceptions come to, the
//! second half what that means for one record. Both run with a trace or without.

use crate::model::catalog::{DecidedBy, Feature};
use crate::model::{
    FeatureId, FeatureValue, FieldId, Moment, Object, ObjectId, RecordAction, RecordId, Role, RoleType, Scope, Status,
    Team, User, UserId,
};

use super::compile::{ObjectRights, Snapshot};
use super::facts::{Asking, Facts, RecordFacts};
use super::reach::Reach;
use super::trace::{Explanation, Layer, Quiet, Recorder, Trace};
use super::witness::{Audit, Columns, Delete, Edit, Permit, Subject, View, Visible};

/// A person whose permissions are being worked out.
pub(super) struct Person<'a> {
    pub(super) team: &'a Team,
    pub(super) user: &'a User,
    pub(super) role: &'a Role,
    pub(super) now: Moment,
}

impl Person<'_> {
    /// What a feature comes to for this person (R8).
    pub(super) fn feature<T: Trace>(&self, feature: &Feature, trace: &mut T) -> FeatureValue {
        let (user, role) = (self.user, self.role);
        if user.status != Status::Active {
            trace.step(Layer::Status, false, || format!("{} is {}", user.name, user.status.token()));
            return FeatureValue::No;
        }
        if !feature.ceiling.admits(role.role_type) {
            trace.step(Layer::Type, false, || {
                format!("the type {} can never hold “{}”", role.role_type.label(), feature.label)
            });
            return FeatureValue::No;
        }
        if feature.decided_by == DecidedBy::TalkFlag {
            trace.step(Layer::Rule, user.talk_access, || {
                format!("Talk access of {} is {}", user.name, if user.talk_access { "Access" } else { "No access" })
            });
            return if user.talk_access { FeatureValue::Yes } else { FeatureValue::No };
        }
        if !self.area_is_on(feature, trace) {
            return FeatureValue::No;
        }
        if feature.decided_by == DecidedBy::Creating {
            return self.creating(feature, trace);
        }
        self.role_or_exception(feature, trace)
    }

    fn area_is_on<T: Trace>(&self, feature: &Feature, trace: &mut T) -> bool {
        let Some(area) = self.team.catalog.areas.get(feature.area) else { return false };
        let Some(access) = area.access.filter(|access| *access != feature.id) else { return true };
        let Some(access) = self.team.catalog.feature(access) else { return false };
        let on = self.feature(access, &mut Quiet) == FeatureValue::Yes;
        trace.step(Layer::Area, on, || {
            format!("the area {} is {} for {}", area.label, if on { "on" } else { "off" }, self.user.name)
        });
        on
    }

    fn creating<T: Trace>(&self, feature: &Feature, trace: &mut T) -> FeatureValue {
        let area = self.team.catalog.areas.get(feature.area);
        let scopes = area.and_then(|area| area.object).map(|object| self.role.scopes(object));
        let may = scopes.is_some_and(|scopes| scopes.edit != Scope::None);
        trace.step(Layer::Rule, may, || {
            format!("“{}” follows creating, which the role “{}” {}", feature.label, self.role.name, allows(may))
        });
        if may { FeatureValue::Yes } else { FeatureValue::No }
    }

    fn role_or_exception<T: Trace>(&self, feature: &Feature, trace: &mut T) -> FeatureValue {
        let by_role = match self.role.feature(feature.id) {
            FeatureValue::Request if !feature.requestable => FeatureValue::No,
            value => value,
        };
        trace.step(Layer::Role, by_role == FeatureValue::Yes, || {
            format!("the role “{}” has “{}” set to {}", self.role.name, feature.label, by_role.label())
        });
        let exception = self.user.exceptions.get(&feature.id).filter(|exception| exception.holds_at(self.now));
        let Some(exception) = exception.filter(|_| !self.role.is_locked()) else { return by_role };
        trace.step(Layer::Exception, exception.visible, || {
            let until = exception.until.map(|until| format!(" until {until}")).unwrap_or_default();
            let value = if exception.visible { "Visible" } else { "Not Visible" };
            format!("{} has an exception: {value}{until}", self.user.name)
        });
        if exception.visible { FeatureValue::Yes } else { FeatureValue::No }
    }

    /// What the person may do with an object's records, before owners are looked at.
    pub(super) fn object<T: Trace>(&self, object: &Object, trace: &mut T) -> ObjectRights {
        let catalog = &self.team.catalog;
        let Some(area) = catalog.area_of_object(object.id) else { return ObjectRights::NONE };
        let access = area.access.and_then(|id| catalog.feature(id));
        if access.is_none_or(|feature| self.feature(feature, trace) != FeatureValue::Yes) {
            return ObjectRights::NONE;
        }
        // What deleting asks besides is told where deleting is what was asked.
        let may_delete = self.may_delete(object, &mut Quiet);
        let narrow = |scope: Scope| match scope {
            Scope::None => Scope::None,
            _ if self.role.role_type == RoleType::Focused => Scope::Own,
            scope => scope,
        };
        let scopes = self.role.scopes(object.id);
        let mut rights = ObjectRights {
            access: true,
            view: narrow(scopes.view),
            edit: narrow(scopes.edit),
            delete: if may_delete { narrow(scopes.delete) } else { Scope::None },
            see: 0,
            write: 0,
        };
        for (position, section) in object.sections.iter().enumerate().take(Object::MAX_SECTIONS) {
            let access = self.role.section(section.id);
            rights.see |= u64::from(access.view()) << position;
            rights.write |= u64::from(access.edit()) << position;
        }
        rights
    }

    /// Deleting needs the area's `may_delete` besides the scope (SPEC part 4).
    fn may_delete<T: Trace>(&self, object: &Object, trace: &mut T) -> bool {
        let catalog = &self.team.catalog;
        let area = catalog.area_of_object(object.id);
        let feature = area.and_then(|area| catalog.by_key(&format!("{}.may_delete", area.key)));
        feature.is_some_and(|feature| self.feature(feature, trace) == FeatureValue::Yes)
    }
}

fn allows(may: bool) -> &'static str {
    if may { "allows" } else { "does not allow" }
}

/// What `rolecall check` can be asked about (SPEC part 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// `AREA.view`, `AREA.edit`, `AREA.delete`.
    Record(ObjectId, RecordAction),
    /// `AREA.create`.
    Create(ObjectId),
    /// A feature's key, `AREA.access` among them.
    Feature(FeatureId),
}

/// The text names no action.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "“{0}” is no action; name AREA.access, AREA.view, AREA.edit, AREA.create, AREA.delete or a feature such as contacts.export"
)]
pub struct UnknownAction(pub String);

impl Action {
    /// The action that a key names.
    ///
    /// # Errors
    /// Where it names none.
    pub fn parse(team: &Team, key: &str) -> Result<Self, UnknownAction> {
        if let Some(feature) = team.catalog.by_key(key) {
            return Ok(Self::Feature(feature.id));
        }
        let unknown = || UnknownAction(key.to_owned());
        let (area, verb) = key.rsplit_once('.').ok_or_else(unknown)?;
        let object = team.object_by_key(area).ok_or_else(unknown)?.id;
        match verb {
            "view" => Ok(Self::Record(object, RecordAction::View)),
            "edit" => Ok(Self::Record(object, RecordAction::Edit)),
            "delete" => Ok(Self::Record(object, RecordAction::Delete)),
            "create" => Ok(Self::Create(object)),
            _ => Err(unknown()),
        }
    }
}

/// A yes or a no, with the reason in words that give away nothing but the decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Yes or no.
    pub allowed: bool,
    /// Why, in a sentence.
    pub reason: String,
}

impl Snapshot {
    /// What a feature comes to.
    #[must_use]
    #[inline]
    pub fn feature(&self, who: Subject, id: FeatureId) -> FeatureValue {
        match who {
            Subject::Operator => FeatureValue::Yes,
            Subject::User(user) => self.class(user).map_or(FeatureValue::No, |class| class.feature(id)),
        }
    }

    /// Is a feature Yes?
    #[must_use]
    #[inline]
    pub fn holds(&self, who: Subject, id: FeatureId) -> bool {
        self.feature(who, id) == FeatureValue::Yes
    }

    /// What somebody may do with an object's records, before owners are looked at.
    #[must_use]
    #[inline]
    pub fn rights(&self, who: Subject, object: ObjectId) -> ObjectRights {
        match who {
            Subject::Operator => ObjectRights {
                access: true,
                view: Scope::All,
                edit: Scope::All,
                delete: Scope::All,
                see: u64::MAX,
                write: u64::MAX,
            },
            Subject::User(user) => self.class(user).map_or(ObjectRights::NONE, |class| *class.object(object)),
        }
    }

    /// May somebody sign in and act at all?
    #[must_use]
    pub fn is_active(&self, user: UserId) -> bool {
        self.class(user).is_some_and(|class| class.active)
    }

    pub(super) fn is_focused(&self, user: UserId) -> bool {
        self.class(user).is_some_and(|class| class.role_type == RoleType::Focused)
    }

    /// Does a scope cover an owner, for its holder `me`? The hot path of every record check.
    #[inline]
    pub(super) fn covers(&self, me: UserId, scope: Scope, owner: UserId) -> bool {
        match scope {
            Scope::None => false,
            Scope::All => true,
            _ if me == owner => true,
            Scope::Own => false,
            Scope::Roles => self.role(me).is_some_and(|role| self.role(owner) == Some(role)),
            Scope::Subordinates => self.is_below(owner, me),
        }
    }

    /// Is one person a subordinate of the other (R4)?
    #[must_use]
    #[inline]
    pub fn is_below(&self, who: UserId, above: UserId) -> bool {
        let (Some(number), Some(role)) = (self.lines().number_of(who), self.role(above)) else { return false };
        who != above && self.lines().below(above, role).iter().any(|run| run.contains(&number))
    }

    /// The owners that a scope covers for a person.
    #[must_use]
    pub fn reach(&self, me: UserId, scope: Scope) -> Reach {
        match (scope, self.role(me)) {
            (Scope::None, _) | (_, None) => Reach::Nobody,
            (Scope::All, _) => Reach::Everyone,
            (Scope::Own, _) => Reach::Me(me),
            (Scope::Roles, Some(role)) => match self.peers(role) {
                Some(peers) => Reach::Peers { me, peers: peers.clone() },
                None => Reach::Me(me),
            },
            (Scope::Subordinates, Some(role)) => {
                Reach::Below { me, runs: self.lines().below(me, role), lines: self.lines().clone() }
            }
        }
    }

    /// May a person do this with a record of these facts?
    #[must_use]
    #[inline]
    pub fn may(&self, me: UserId, action: RecordAction, object: ObjectId, facts: &RecordFacts) -> bool {
        self.record(me, action, object, facts, &mut Quiet)
    }

    fn record<T: Trace>(
        &self,
        me: UserId,
        action: RecordAction,
        object: ObjectId,
        facts: &RecordFacts,
        trace: &mut T,
    ) -> bool {
        let rights = self.rights(Subject::User(me), object);
        let seen = self.within(me, "view", rights.view, facts, trace);
        match action {
            RecordAction::View => seen,
            // R12: never further than view.
            RecordAction::Edit => seen && self.within(me, "create/edit", rights.edit, facts, trace),
            RecordAction::Delete => seen && self.within(me, "delete", rights.delete, facts, trace),
        }
    }

    #[inline]
    fn within<T: Trace>(&self, me: UserId, verb: &str, scope: Scope, facts: &RecordFacts, trace: &mut T) -> bool {
        let name = |user: UserId| self.team().users.get(&user).map_or("nobody", |user| user.name.as_str());
        if scope == Scope::None {
            trace.step(Layer::Scope, false, || format!("{verb} is None"));
            return false;
        }
        if facts.owner == me {
            trace.step(Layer::Record, true, || format!("{} owns it, which every scope covers ({verb})", name(me)));
            return true;
        }
        if facts.private {
            trace.step(Layer::Record, false, || "it is private, and somebody else's".to_owned());
            return false;
        }
        if self.is_focused(me) {
            let assigned = facts.assigned.contains(&me);
            trace.step(Layer::Type, assigned, || {
                let is = if assigned { "is" } else { "is not" };
                format!("a Focused User reaches what they own or are assigned to; {} {is} assigned ({verb})", name(me))
            });
            return assigned;
        }
        let covered = self.covers(me, scope, facts.owner);
        trace.step(Layer::Scope, covered, || {
            let covers = if covered { "covers" } else { "does not cover" };
            format!("{verb} is “{}”, which {covers} the owner, {}", scope.label(), name(facts.owner))
        });
        covered
    }

    /// Which records of an object a list may hold; nothing where the object is switched off (R11).
    #[must_use]
    pub fn visible(&self, who: Subject, object: ObjectId) -> Option<Visible> {
        let Subject::User(me) = who else { return Some(Visible::operator(object)) };
        let rights = self.rights(who, object);
        rights.access.then(|| Visible::person(object, me, self.is_focused(me), self.reach(me, rights.view)))
    }

    /// Which fields of an object may be read; nothing where the object is switched off.
    #[must_use]
    pub fn columns(&self, who: Subject, object: ObjectId) -> Option<Columns> {
        let rights = self.rights(who, object);
        rights.access.then(|| Columns::new(object, self.fields(object, rights.see)))
    }

    /// Which fields of an object may be changed, on records that may be.
    #[must_use]
    pub fn writable(&self, who: Subject, object: ObjectId) -> Vec<FieldId> {
        let rights = self.rights(who, object);
        if rights.access { self.fields(object, rights.write) } else { Vec::new() }
    }

    fn fields(&self, object: ObjectId, sections: u64) -> Vec<FieldId> {
        let Some(object) = self.team().objects.get(&object) else { return Vec::new() };
        let may = |field: &&crate::model::Field| {
            object.section_position(field.section).is_some_and(|position| sections >> position & 1 == 1)
        };
        object.fields.iter().filter(may).map(|field| field.id).collect()
    }

    fn permit<A>(
        &self,
        who: Subject,
        action: RecordAction,
        object: ObjectId,
        id: RecordId,
        facts: &dyn Facts,
    ) -> Option<Permit<A>> {
        let found = facts.record(&Asking::new(), object, id)?;
        let may = match who {
            Subject::Operator => true,
            Subject::User(me) => self.may(me, action, object, &found),
        };
        may.then(|| Permit::new(object, id, self.generation()))
    }

    /// Permission to see a record. A record out of view answers as one that isn't there (R32).
    #[must_use]
    pub fn permit_view(&self, who: Subject, object: ObjectId, id: RecordId, facts: &dyn Facts) -> Option<Permit<View>> {
        self.permit(who, RecordAction::View, object, id, facts)
    }

    /// Permission to change a record.
    #[must_use]
    pub fn permit_edit(&self, who: Subject, object: ObjectId, id: RecordId, facts: &dyn Facts) -> Option<Permit<Edit>> {
        self.permit(who, RecordAction::Edit, object, id, facts)
    }

    /// Permission to delete a record.
    #[must_use]
    pub fn permit_delete(
        &self,
        who: Subject,
        object: ObjectId,
        id: RecordId,
        facts: &dyn Facts,
    ) -> Option<Permit<Delete>> {
        self.permit(who, RecordAction::Delete, object, id, facts)
    }

    /// The record that an external ID names, for somebody who may see it (R32).
    #[must_use]
    pub fn find_external(
        &self,
        who: Subject,
        object: ObjectId,
        external_id: &str,
        facts: &dyn Facts,
    ) -> Option<Permit<View>> {
        let id = facts.external(&Asking::new(), object, external_id)?;
        self.permit_view(who, object, id, facts)
    }

    /// Permission to read the history.
    #[must_use]
    pub fn audit(&self, who: Subject) -> Option<Audit> {
        self.holds(who, crate::model::catalog::features::AUDIT_VIEW).then(Audit::new)
    }

    /// Answers `rolecall check` for a person (SPEC part 4).
    #[must_use]
    pub fn check(
        &self,
        who: UserId,
        action: Action,
        record: Option<(ObjectId, RecordId)>,
        field: Option<&str>,
        facts: &dyn Facts,
    ) -> Decision {
        let explained = self.decide(who, action, record, field, facts, &mut Quiet);
        Decision { allowed: explained.is_ok(), reason: explained.err().unwrap_or_else(|| "allowed".to_owned()) }
    }

    /// The same, layer by layer, for whoever may know everything.
    #[must_use]
    pub fn explain(
        &self,
        who: UserId,
        action: Action,
        record: Option<(ObjectId, RecordId)>,
        field: Option<&str>,
        facts: &dyn Facts,
    ) -> (Decision, Explanation) {
        let mut recorder = Recorder::default();
        let decided = self.decide(who, action, record, field, facts, &mut recorder);
        let decision =
            Decision { allowed: decided.is_ok(), reason: decided.err().unwrap_or_else(|| "allowed".to_owned()) };
        let explanation = recorder.explain(decision.allowed);
        (decision, explanation)
    }

    fn decide<T: Trace>(
        &self,
        who: UserId,
        action: Action,
        record: Option<(ObjectId, RecordId)>,
        field: Option<&str>,
        facts: &dyn Facts,
        trace: &mut T,
    ) -> Result<(), String> {
        let team = self.team();
        let (Some(user), Some(role)) = (team.users.get(&who), team.role_of(who)) else {
            return Err("no such user".to_owned());
        };
        let person = Person { team, user, role, now: self.made() };
        if user.status != Status::Active {
            trace.step(Layer::Status, false, || format!("{} is {}", user.name, user.status.token()));
            return Err(format!("{} is {}", user.email, user.status.token()));
        }
        match action {
            Action::Feature(id) => {
                let feature = team.catalog.feature(id).ok_or("no such feature")?;
                match person.feature(feature, trace) {
                    FeatureValue::Yes => {}
                    FeatureValue::No => return Err(format!("“{}” is No", feature.label)),
                    FeatureValue::Request => return Err(format!("“{}” is on request", feature.label)),
                }
                if let Some((object, id)) = record {
                    let needed = feature.on_record;
                    self.decide_record(who, needed, object, id, facts, trace)?;
                }
                Ok(())
            }
            Action::Create(object) => {
                let rights = self.object_rights(&person, object, trace)?;
                self.scope_is_some("create/edit", rights.edit, trace)?;
                if let Some((object, id)) = record {
                    self.decide_record(who, RecordAction::View, object, id, facts, trace)?;
                }
                self.decide_field(&person, object, RecordAction::Edit, &rights, field, trace)
            }
            Action::Record(object, verb) => {
                let rights = self.object_rights(&person, object, trace)?;
                if verb == RecordAction::Delete
                    && let Some(object) = team.objects.get(&object)
                {
                    person.may_delete(object, trace);
                }
                match (verb, record) {
                    (_, Some((of, id))) if of == object => self.decide_record(who, verb, object, id, facts, trace)?,
                    (_, Some(_)) => {
                        trace.step(Layer::Record, false, || "it is a record of another kind".to_owned());
                        return Err(NO_SUCH_RECORD.to_owned());
                    }
                    (RecordAction::View, None) => {}
                    (RecordAction::Edit, None) => self.scope_is_some("create/edit", rights.edit, trace)?,
                    (RecordAction::Delete, None) => self.scope_is_some("delete", rights.delete, trace)?,
                }
                if verb == RecordAction::Delete {
                    return Ok(());
                }
                self.decide_field(&person, object, verb, &rights, field, trace)
            }
        }
    }

    fn object_rights<T: Trace>(
        &self,
        person: &Person<'_>,
        object: ObjectId,
        trace: &mut T,
    ) -> Result<ObjectRights, String> {
        let object = person.team.objects.get(&object).ok_or("no such object")?;
        let rights = person.object(object, trace);
        if rights.access { Ok(rights) } else { Err(format!("{} is switched off", object.label)) }
    }

    fn scope_is_some<T: Trace>(&self, verb: &str, scope: Scope, trace: &mut T) -> Result<(), String> {
        let some = scope != Scope::None;
        trace.step(Layer::Scope, some, || format!("{verb} is “{}”", scope.label()));
        if some { Ok(()) } else { Err(format!("{verb} is None")) }
    }

    fn decide_record<T: Trace>(
        &self,
        who: UserId,
        verb: RecordAction,
        object: ObjectId,
        id: RecordId,
        facts: &dyn Facts,
        trace: &mut T,
    ) -> Result<(), String> {
        let Some(found) = facts.record(&Asking::new(), object, id) else {
            trace.step(Layer::Record, false, || "there is no such record".to_owned());
            return Err(NO_SUCH_RECORD.to_owned());
        };
        if self.record(who, verb, object, &found, trace) {
            return Ok(());
        }
        // The reason tells a refusal apart from an absence only where the record may be seen.
        if self.may(who, RecordAction::View, object, &found) {
            let verb = if verb == RecordAction::Delete { "deleted" } else { "changed" };
            return Err(format!("the record can be seen but not {verb}"));
        }
        Err(NO_SUCH_RECORD.to_owned())
    }

    fn decide_field<T: Trace>(
        &self,
        person: &Person<'_>,
        object: ObjectId,
        verb: RecordAction,
        rights: &ObjectRights,
        field: Option<&str>,
        trace: &mut T,
    ) -> Result<(), String> {
        let Some(name) = field else { return Ok(()) };
        let object = person.team.objects.get(&object).ok_or("no such object")?;
        let no_such_field = || "no such field".to_owned();
        let Some(field) = object.field_named(name) else {
            trace.step(Layer::Section, false, || format!("{} have no field “{name}”", object.label));
            return Err(no_such_field());
        };
        let position = object.section_position(field.section).ok_or_else(no_such_field)?;
        let section = object.sections.get(position).map_or("", |section| section.name.as_str());
        let (sees, writes) = (rights.see >> position & 1 == 1, rights.write >> position & 1 == 1);
        let may = if verb == RecordAction::View { sees } else { writes };
        trace.step(Layer::Section, may, || {
            let what = if writes {
                "viewed and edited"
            } else if sees {
                "viewed"
            } else {
                "neither viewed nor edited"
            };
            format!("the section “{section}” can be {what} by the role “{}”", person.role.name)
        });
        match (may, sees) {
            (true, _) => Ok(()),
            (false, true) => Err(format!("“{}” can be seen but not changed", field.name)),
            (false, false) => Err(no_such_field()),
        }
    }
}

const NO_SUCH_RECORD: &str = "no such record";
