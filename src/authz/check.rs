//! Answers `rolecall check` (SPEC part 4), with its reason or layer by layer.

use std::collections::{BTreeMap, HashSet};

use crate::model::{FeatureId, FeatureValue, ObjectId, RecordAction, RecordId, Scope, Status, Team, UserId};

use super::classes::ObjectRights;
use super::compile::Snapshot;
use super::decide::Person;
use super::facts::{Asking, Facts, RecordFacts};
use super::trace::{Explanation, Layer, Quiet, Recorder, Trace};

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

/// One question about a person, understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked<'a> {
    /// About whom.
    pub who: UserId,
    /// What they want to do.
    pub action: Action,
    /// With which record.
    pub record: Option<(ObjectId, RecordId)>,
    /// With which field of it, by its shown name.
    pub field: Option<&'a str>,
}

/// A yes or a no, with the reason in words that give away nothing but the decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Yes or no.
    pub allowed: bool,
    /// Why, in a sentence.
    pub reason: String,
}

const NO_SUCH_RECORD: &str = "no such record";

impl Snapshot {
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

    /// The same for many questions, in their order. Most are about a record and come to a yes, which
    /// takes no more than a few look-ups; those are made for many records at a time.
    #[must_use]
    pub fn check_each<'a>(&self, facts: &dyn Facts, asked: impl IntoIterator<Item = Asked<'a>>) -> Vec<Decision> {
        let asked: Vec<Asked<'_>> = asked.into_iter().collect();
        let mut plain: BTreeMap<ObjectId, Vec<(usize, UserId, RecordAction, RecordFacts)>> = BTreeMap::new();
        for (place, one) in asked.iter().enumerate() {
            if let (Action::Record(object, verb), Some((of, id)), None) = (one.action, one.record, one.field)
                && of == object
                && let Some(found) = facts.record(&Asking::new(), object, id)
            {
                plain.entry(object).or_default().push((place, one.who, verb, found));
            }
        }
        let mut allowed: HashSet<usize> = HashSet::new();
        for (object, plain) in &plain {
            let mut places = plain.iter().map(|(place, ..)| *place);
            let questions = plain.iter().map(|(_, who, verb, found)| (*who, *verb, found.into()));
            self.may_each(*object, questions, |may| allowed.extend(places.next().filter(|_| may)));
        }
        let decided = |(place, one): (usize, &Asked<'_>)| {
            let decide = || self.check(one.who, one.action, one.record, one.field, facts);
            let yes = || Decision { allowed: true, reason: "allowed".to_owned() };
            debug_assert!(!allowed.contains(&place) || decide() == yes(), "{one:?}");
            if allowed.contains(&place) { yes() } else { decide() }
        };
        asked.iter().enumerate().map(decided).collect()
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
        let person = Person::new(team, user, role, self.made());
        if user.status != Status::Active {
            trace.step(Layer::Status, false, || format!("{} is {}", user.name, user.status.token()));
            return Err(format!("{} is {}", user.email, user.status.token()));
        }
        trace.step(Layer::Status, true, || format!("{} is active", user.name));
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
                self.scope_is_some("create/edit", rights.edit, rights.edit, trace)?;
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
                let reached = match (verb, record) {
                    (_, Some((of, id))) if of == object => self.decide_record(who, verb, object, id, facts, trace),
                    (_, Some(_)) => {
                        trace.step(Layer::Record, false, || "it is a record of another kind".to_owned());
                        return Err(NO_SUCH_RECORD.to_owned());
                    }
                    (RecordAction::View, None) => Ok(()),
                    (RecordAction::Edit, None) => self.scope_is_some("create/edit", rights.edit, rights.edit, trace),
                    (RecordAction::Delete, None) => {
                        let set = if T::LISTENS { self.delete_as_set(who, object) } else { rights.delete };
                        self.scope_is_some("delete", set, rights.delete, trace)
                    }
                };
                let wanted = field.filter(|_| verb != RecordAction::Delete);
                if reached.is_err() && wanted.is_some() {
                    // The section may refuse the field, too.
                    trace.besides(|trace| _ = self.decide_field(&person, object, verb, &rights, wanted, trace));
                }
                reached?;
                self.decide_field(&person, object, verb, &rights, wanted, trace)
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

    /// Whether a scope reaches anything: as it is set, in the trace, and as it comes to.
    fn scope_is_some<T: Trace>(&self, verb: &str, set: Scope, is: Scope, trace: &mut T) -> Result<(), String> {
        trace.step(Layer::Scope, set != Scope::None, || format!("{verb} is “{}”", set.label()));
        if is == Scope::None { Err(format!("{verb} is None")) } else { Ok(()) }
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
        if self.record(who, verb, object, (&found).into(), trace) {
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
