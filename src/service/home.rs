//! Home: who I am and what I may, in words; the records I own, counted (000-12).

use std::sync::atomic::AtomicBool;

use crate::authz::{ObjectRights, Subject};
use crate::model::catalog::Area;
use crate::model::{FeatureValue, RecordAction, RoleType, Scope};
use crate::store::{Filter, ListQuery, SortBy, View};

use super::activity::{ActivityPage, ActivityQuery};
use super::error::ServiceError;
use super::records::{Opened, query_error};
use super::session::{Me, Session};

/// What the Home screen shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    /// Who I am.
    pub me: Me,
    /// My own manager's name, if I have one.
    pub manager: Option<String>,
    /// What I may, area by area. Areas that are switched off are absent (R11).
    pub areas: Vec<AreaSummary>,
    /// Records Owned, by object that I may see.
    pub owned: Vec<OwnedCount>,
    /// What happened in the last days, as far as I may know it.
    pub latest: ActivityPage,
}

/// What I may in one area.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AreaSummary {
    /// The area's name.
    pub area: String,
    /// Whose records I may see, change and delete: what I may not isn't here (R11).
    pub sentences: Vec<Sentence>,
    /// The features that I hold.
    pub features: Vec<Named>,
    /// The features that I may ask for.
    pub on_request: Vec<Named>,
}

/// What I may do with an object's records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// The object's key.
    pub object: String,
    /// What is done with them.
    pub action: RecordAction,
    /// In words.
    pub words: String,
}

/// A feature by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Its key.
    pub key: String,
    /// Its name.
    pub label: String,
}

/// How many records of an object I own and see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnedCount {
    /// The object's key.
    pub object: String,
    /// The object's name.
    pub label: String,
    /// How many I own; `None` while records are still being loaded.
    pub owned: Option<u64>,
    /// How many I see; `None` while records are still being loaded.
    pub visible: Option<u64>,
}

/// So many entries of the latest activity.
const LATEST: usize = 8;
/// And so far back, in milliseconds.
const LATELY: i64 = 7 * 24 * 60 * 60 * 1000;

impl Session {
    /// The Home screen.
    ///
    /// # Errors
    /// Where counting fails.
    pub fn home(&self) -> Result<Home, ServiceError> {
        self.home_while(&AtomicBool::new(false))
    }

    /// The same, as long as somebody waits.
    ///
    /// # Errors
    /// As [`Session::home`], and where `cancelled` turns true.
    pub fn home_while(&self, cancelled: &AtomicBool) -> Result<Home, ServiceError> {
        let view = self.view();
        let team = view.team();
        let manager = match self.subject() {
            Subject::User(id) => team.users.get(&id).and_then(|user| user.manager),
            Subject::Operator => None,
        };
        let areas = team.catalog.areas.iter().filter_map(|area| summary(&view, self.subject(), area)).collect();
        let mut owned = Vec::new();
        for object in team.objects.values() {
            let Ok(opened) = self.open_at(view.clone(), &object.key) else { continue };
            let (owned_now, visible) = if self.loaded() { self.counts(&opened, cancelled)? } else { (None, None) };
            owned.push(OwnedCount {
                object: object.key.clone(),
                label: object.label.clone(),
                owned: owned_now,
                visible,
            });
        }
        Ok(Home {
            me: self.me(),
            manager: manager.and_then(|id| team.users.get(&id)).map(|user| user.name.clone()),
            areas,
            owned,
            latest: if self.loaded() { self.latest(cancelled)? } else { ActivityPage::default() },
        })
    }

    fn latest(&self, cancelled: &AtomicBool) -> Result<ActivityPage, ServiceError> {
        let since = Some(self.engine().now().plus(-LATELY));
        let query = ActivityQuery { since, limit: LATEST, brief: true, ..ActivityQuery::default() };
        match self.activity(&query, cancelled) {
            Err(ServiceError::Loading | ServiceError::Denied(_)) => Ok(ActivityPage::default()),
            page => page,
        }
    }

    /// How many records of an object are mine, and how many I see. Sums, never scans.
    fn counts(&self, opened: &Opened, cancelled: &AtomicBool) -> Result<(Option<u64>, Option<u64>), ServiceError> {
        let total = |filters| {
            let query = ListQuery { filters, limit: 0, ..ListQuery::default() };
            let page = opened.view.page(&opened.visible, &opened.columns, &query, cancelled);
            page.map(|page| page.total).map_err(query_error)
        };
        let mine = match self.subject() {
            Subject::User(_) => Some(total(vec![Filter::is(SortBy::Owner, self.me().email)])?),
            Subject::Operator => None,
        };
        Ok((mine, Some(total(Vec::new())?)))
    }

    /// Are all records loaded? Lists never show a partial number.
    #[must_use]
    pub fn loaded(&self) -> bool {
        self.engine().loading().is_none()
    }
}

fn summary(view: &View, who: Subject, area: &Area) -> Option<AreaSummary> {
    let (team, snapshot) = (view.team(), view.snapshot());
    let value = |id| snapshot.feature(who, id);
    if area.access.is_some_and(|access| value(access) == FeatureValue::No) {
        return None;
    }
    let named = |wanted: FeatureValue| -> Vec<Named> {
        let features = area.features.iter().filter(|id| area.access != Some(**id) || wanted == FeatureValue::Request);
        let features = features.filter(|id| value(**id) == wanted).filter_map(|id| team.catalog.feature(*id));
        features.map(|feature| Named { key: feature.key.clone(), label: feature.label.clone() }).collect()
    };
    let focused = matches!(who, Subject::User(user) if team.role_of(user).is_some_and(|role| role.role_type == RoleType::Focused));
    let object = area.object.and_then(|object| team.objects.get(&object));
    let sentences =
        object.map(|object| sentences(area, &object.key, snapshot.rights(who, object.id), focused)).unwrap_or_default();
    let summary = AreaSummary {
        area: area.label.clone(),
        sentences,
        features: named(FeatureValue::Yes),
        on_request: named(FeatureValue::Request),
    };
    let empty = area.access.is_none() && summary.features.is_empty() && summary.on_request.is_empty();
    (!empty).then_some(summary)
}

/// Whose records can be seen, changed and deleted, said to the person themselves.
fn sentences(area: &Area, object: &str, rights: ObjectRights, focused: bool) -> Vec<Sentence> {
    let what = area.label.to_lowercase();
    let whose = |scope: Scope| match scope {
        Scope::None => format!("none of the {what}"),
        // R8: assignments widen what Focused Users reach.
        _ if focused => format!("{what} owned by me or assigned to me"),
        Scope::All => format!("all {what}"),
        Scope::Roles => format!("{what} owned by me and my roles"),
        Scope::Subordinates => format!("{what} owned by me and my subordinates"),
        Scope::Own => format!("{what} owned by me"),
    };
    if !rights.access {
        return Vec::new();
    }
    let said = [
        (RecordAction::View, rights.view, format!("see {}", whose(rights.view))),
        (RecordAction::Edit, rights.edit, format!("create {what}; change {}", whose(rights.edit))),
        (RecordAction::Delete, rights.delete, format!("delete {}", whose(rights.delete))),
    ];
    let said = said.into_iter().filter(|(_, scope, _)| *scope != Scope::None);
    said.map(|(action, _, words)| Sentence { object: object.to_owned(), action, words }).collect()
}
