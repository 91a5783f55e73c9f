//! A person's departures from their role (R10): what stands, what it comes to, what can be added.

use crate::exchange::value;
use crate::model::catalog::DecidedBy;
use crate::model::time::shown_end;
use crate::model::{Exception, Feature, FeatureValue, Moment, Role, Team, User};

use super::edit_team::user;
use super::error::ServiceError;
use super::session::Session;

/// One exception.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExceptionView {
    /// The feature's key.
    pub key: String,
    /// The feature's name.
    pub label: String,
    /// Visible or Not Visible.
    pub visible: bool,
    /// When it ends.
    pub until: Option<Moment>,
    /// The same as one types it: a day, where it is a day's end in the account's time zone.
    pub until_shown: Option<String>,
    /// Does it still count?
    pub holds: bool,
    /// Is it equal to the role's value?
    pub redundant: bool,
    /// Why it comes to nothing for now, if it does: the area is off, or its time is over.
    pub void: Option<String>,
    /// The area's own permission, if that being No is why: setting it too would mend it.
    pub mended_by: Option<(String, String)>,
}

impl ExceptionView {
    /// The value in the words of the house.
    #[must_use]
    pub fn value(&self) -> &'static str {
        if self.visible { "Visible" } else { "Not Visible" }
    }
}

/// A permission that can take an exception for somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExceptionChoice {
    /// The feature's key.
    pub key: String,
    /// The feature's name.
    pub label: String,
    /// The area's name.
    pub area: String,
    /// What the role says.
    pub by_role: FeatureValue,
    /// What Yes means, and what No (000-28).
    pub yes: String,
    /// What No means.
    pub no: String,
    /// What they have already.
    pub has: Option<Exception>,
    /// The key and the name of the area's own permission, where that comes to No for them: an
    /// exception here comes to nothing before it is switched on (R10).
    pub area_off: Option<(String, String)>,
}

impl Session {
    /// The permissions that can take an exception for somebody: features, not scopes; none beyond
    /// the type's ceiling; none for holders of a locked role (R10).
    ///
    /// # Errors
    /// Where there is no such user, or none can be added.
    pub fn exception_choices(&self, email: &str) -> Result<Vec<ExceptionChoice>, ServiceError> {
        let view = self.view();
        let team = view.team();
        let user = user(team, email)?;
        view.snapshot().may_edit(self.subject(), user.id)?;
        let Some(role) = team.roles.get(&user.role) else { return Ok(Vec::new()) };
        if let Some(why) = none_for(role) {
            return Err(ServiceError::Invalid(why));
        }
        let mut choices = Vec::new();
        for area in &team.catalog.areas {
            let features = area.features.iter().filter_map(|id| team.catalog.feature(*id));
            let possible = features.filter(|feature| feature.decided_by == DecidedBy::Role);
            choices.extend(possible.filter(|feature| feature.ceiling.admits(role.role_type)).map(|feature| {
                ExceptionChoice {
                    key: feature.key.clone(),
                    label: team.catalog.title(feature),
                    area: area.label.clone(),
                    by_role: role.feature(feature.id),
                    yes: feature.yes.clone(),
                    no: feature.no.clone(),
                    has: user.exceptions.get(&feature.id).copied(),
                    area_off: area_off(team, &user, role, feature, self.engine().now())
                        .and_then(|(_, access)| team.catalog.feature(access))
                        .map(|access| (access.key.clone(), access.label.clone())),
                }
            }));
        }
        Ok(choices)
    }

    /// An end as one types it.
    #[must_use]
    pub fn end_shown(&self, end: Moment) -> String {
        shown_end(end, self.view().team().account.time_zone.as_deref())
    }

    /// The name of the time zone in which typed dates end.
    #[must_use]
    pub fn time_zone(&self) -> String {
        self.view().team().account.time_zone.clone().unwrap_or_else(|| "UTC".to_owned())
    }

    /// The moment that a typed end names: a date is that day's end in the account's time zone (R10).
    /// Nothing typed is no end.
    ///
    /// # Errors
    /// Where it is neither, or over already.
    pub fn exception_end(&self, typed: &str) -> Result<Option<Moment>, ServiceError> {
        if typed.trim().is_empty() {
            return Ok(None);
        }
        let view = self.view();
        let end = value::end(typed, view.team().account.time_zone.as_deref());
        let invalid = |text: String| Err(ServiceError::Invalid(text));
        match end {
            None => invalid(format!("“{}” is no date; type one such as 2027-01-31", typed.trim())),
            Some(end) if end <= self.engine().now() => invalid(format!("{} is over; type a later date", typed.trim())),
            Some(end) => Ok(Some(end)),
        }
    }
}

/// Why holders of a role have no exceptions at all.
pub(super) fn none_for(role: &Role) -> Option<String> {
    role.is_locked().then(|| format!("the role “{}” holds every permission; its holders have no exceptions", role.name))
}

/// What stands for somebody, by area.
pub(super) fn of(team: &Team, user: &User, now: Moment) -> Vec<ExceptionView> {
    let Some(role) = team.roles.get(&user.role) else { return Vec::new() };
    let zone = team.account.time_zone.as_deref();
    let known = user.exceptions.iter().filter_map(|(id, exception)| team.catalog.feature(*id).map(|f| (f, exception)));
    let mut views: Vec<(usize, ExceptionView)> = known
        .map(|(feature, exception)| {
            let off = area_off(team, user, role, feature, now);
            let holds = exception.holds_at(now);
            let void = match &off {
                _ if !holds => Some("its time is over".to_owned()),
                _ if !feature.ceiling.admits(role.role_type) => {
                    Some(format!("the type {} can never hold it", role.role_type.label()))
                }
                Some((area, _)) => Some(format!("the area {area} is off for them")),
                None => None,
            };
            let by_role = role.feature(feature.id);
            let same = by_role == if exception.visible { FeatureValue::Yes } else { FeatureValue::No };
            let view = ExceptionView {
                key: feature.key.clone(),
                label: team.catalog.title(feature),
                visible: exception.visible,
                until: exception.until,
                until_shown: exception.until.map(|until| shown_end(until, zone)),
                holds,
                redundant: same,
                void,
                mended_by: off
                    .filter(|_| holds)
                    .and_then(|(_, access)| team.catalog.feature(access))
                    .map(|access| (access.key.clone(), access.label.clone())),
            };
            (feature.area, view)
        })
        .collect();
    views.sort_by_key(|(area, _)| *area);
    views.into_iter().map(|(_, view)| view).collect()
}

/// The area of a feature by name with its own permission, if that comes to No for somebody.
fn area_off(
    team: &Team,
    user: &User,
    role: &Role,
    feature: &Feature,
    now: Moment,
) -> Option<(String, crate::model::FeatureId)> {
    let area = team.catalog.areas.get(feature.area)?;
    let access = area.access.filter(|access| *access != feature.id)?;
    let exception = user.exceptions.get(&access).filter(|exception| exception.holds_at(now));
    let on = exception.map_or(role.feature(access) == FeatureValue::Yes, |exception| exception.visible);
    (!on).then(|| (area.label.clone(), access))
}
