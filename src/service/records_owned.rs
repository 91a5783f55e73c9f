//! What somebody owns, as far as the viewer may see it (000-12): counted by object.

use std::sync::atomic::AtomicBool;

use crate::store::{Filter, ListQuery, SortBy};

use super::edit_team::user;
use super::error::ServiceError;
use super::home::OwnedCount;
use super::session::Session;

impl Session {
    /// How many records somebody owns of each object that the viewer may open, and how many of that
    /// object the viewer sees in all. What the viewer may not see isn't counted (R32).
    ///
    /// # Errors
    /// Where there is no such user, or counting fails.
    pub fn records_owned(&self, email: &str) -> Result<Vec<OwnedCount>, ServiceError> {
        let view = self.view();
        let owner = user(view.team(), email)?;
        let mut counts = Vec::new();
        for object in view.team().objects.values() {
            let Ok(opened) = self.open_at(view.clone(), &object.key) else { continue };
            let total = |filters| {
                let query = ListQuery { filters, limit: 0, ..ListQuery::default() };
                let page = opened.view.page(&opened.visible, &opened.columns, &query, &AtomicBool::new(false));
                page.map(|page| page.total).map_err(|error| ServiceError::Invalid(error.to_string()))
            };
            let (owned, visible) = if self.loaded() {
                let theirs = vec![Filter::is(SortBy::Owner, owner.email.clone())];
                (Some(total(theirs)?), Some(total(Vec::new())?))
            } else {
                (None, None)
            };
            counts.push(OwnedCount { object: object.key.clone(), label: object.label.clone(), owned, visible });
        }
        Ok(counts)
    }
}
