//! What a person's role, type and exceptions come to, before any record is looked at. Runs with a
//! trace or without; compiling a class and explaining a decision are the same steps.

use std::cell::Cell;

use crate::model::catalog::{DecidedBy, Feature};
use crate::model::time::shown_end;
use crate::model::{FeatureValue, Moment, Object, Role, RoleType, Scope, Status, Team, User};

use super::classes::ObjectRights;
use super::trace::{Layer, Quiet, Trace};

/// A person whose permissions are being worked out.
pub(super) struct Person<'a> {
    pub(super) team: &'a Team,
    pub(super) user: &'a User,
    pub(super) role: &'a Role,
    pub(super) now: Moment,
    /// The area that was asked about last, and whether it is on: a class asks for all features of one.
    area: Cell<Option<(usize, bool)>>,
}

impl<'a> Person<'a> {
    pub(super) fn new(team: &'a Team, user: &'a User, role: &'a Role, now: Moment) -> Self {
        Self { team, user, role, now, area: Cell::new(None) }
    }
}

impl Person<'_> {
    /// What a feature comes to for this person (R8).
    pub(super) fn feature<T: Trace>(&self, feature: &Feature, trace: &mut T) -> FeatureValue {
        let (user, role) = (self.user, self.role);
        if user.status != Status::Active {
            trace.step(Layer::Status, false, || format!("{} is {}", user.name, user.status.token()));
            return FeatureValue::No;
        }
        let admits = feature.ceiling.admits(role.role_type);
        trace.step(Layer::Type, admits, || {
            let can = if admits { "can hold" } else { "can never hold" };
            format!("the type {} {can} “{}”", role.role_type.label(), feature.label)
        });
        if admits {
            return self.within_type(feature, trace);
        }
        trace.besides(|trace| _ = self.within_type(feature, trace));
        FeatureValue::No
    }

    /// The same where the type's ceiling leaves it open.
    fn within_type<T: Trace>(&self, feature: &Feature, trace: &mut T) -> FeatureValue {
        let user = self.user;
        if feature.decided_by == DecidedBy::TalkFlag {
            trace.step(Layer::Rule, user.talk_access, || {
                format!("Talk access of {} is {}", user.name, if user.talk_access { "Access" } else { "No access" })
            });
            return if user.talk_access { FeatureValue::Yes } else { FeatureValue::No };
        }
        if self.area_is_on(feature, trace) {
            return self.within_area(feature, trace);
        }
        trace.besides(|trace| _ = self.within_area(feature, trace));
        FeatureValue::No
    }

    /// The same where its area is on.
    fn within_area<T: Trace>(&self, feature: &Feature, trace: &mut T) -> FeatureValue {
        match feature.decided_by {
            DecidedBy::Creating => self.creating(feature, trace),
            _ => self.role_or_exception(feature, trace),
        }
    }

    fn area_is_on<T: Trace>(&self, feature: &Feature, trace: &mut T) -> bool {
        let Some(area) = self.team.catalog.areas.get(feature.area) else { return false };
        let Some(access) = area.access.filter(|access| *access != feature.id) else { return true };
        let known = self.area.get().filter(|(known, _)| *known == feature.area).map(|(_, on)| on);
        let on = known.unwrap_or_else(|| {
            let access = self.team.catalog.feature(access);
            access.is_some_and(|access| self.feature(access, &mut Quiet) == FeatureValue::Yes)
        });
        self.area.set(Some((feature.area, on)));
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
            let zone = self.team.account.time_zone.as_deref();
            let until = exception.until.map(|until| format!(" until {}", shown_end(until, zone))).unwrap_or_default();
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
    pub(super) fn may_delete<T: Trace>(&self, object: &Object, trace: &mut T) -> bool {
        let catalog = &self.team.catalog;
        let feature = catalog.area_of_object(object.id).and_then(|area| catalog.feature(area.may_delete?));
        feature.is_some_and(|feature| self.feature(feature, trace) == FeatureValue::Yes)
    }
}

fn allows(may: bool) -> &'static str {
    if may { "allows" } else { "does not allow" }
}
