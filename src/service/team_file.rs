//! The team as a file: export it, and apply one as a single commit (SPEC part 4).

use crate::exchange::team_file::{self, FileError, Format, Options, TeamFile};
use crate::model::UserId;
use crate::store::View;

use super::error::ServiceError;
use super::session::Session;

/// What applying a file did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Applied {
    /// How many things were made, changed or removed; 0 where the team was so already.
    pub changes: usize,
    /// What is worth knowing but no error.
    pub notes: Vec<String>,
}

impl Session {
    /// The team as a file.
    ///
    /// # Errors
    /// Where this isn't the operator or somebody who manages roles and people.
    pub fn export_team(&self, format: Format) -> Result<String, ServiceError> {
        let view = self.view();
        if view.team().users.is_empty() {
            return Err(ServiceError::NoAccount);
        }
        self.may_see_whole_team(&view)?;
        Ok(team_file::export(view.team(), format))
    }

    /// The file tells every exception and every cell, so it takes the rights to see them.
    fn may_see_whole_team(&self, view: &View) -> Result<(), ServiceError> {
        use crate::model::catalog::features::{ROLES_MANAGE, USERS_EDIT};
        for feature in [ROLES_MANAGE, USERS_EDIT] {
            if !self.holds(view, feature) {
                let label = view.team().catalog.feature(feature).map_or("", |feature| feature.label.as_str());
                return Err(ServiceError::Denied(format!("you need “{label}” to export the team")));
            }
        }
        Ok(())
    }

    /// What is wrong with a file tells about the team, so it takes some right to change it.
    fn may_change_team(&self, view: &View) -> Result<(), ServiceError> {
        use crate::model::catalog::features::{
            ACCOUNT_CUSTOMIZE, ACCOUNT_SETTINGS, ROLES_MANAGE, USERS_EDIT, USERS_MANAGE,
        };
        let any = [ROLES_MANAGE, USERS_EDIT, USERS_MANAGE, ACCOUNT_SETTINGS, ACCOUNT_CUSTOMIZE];
        let fields = view.team().catalog.features().filter(|feature| feature.key.ends_with(".manage_fields"));
        if any.into_iter().chain(fields.map(|feature| feature.id)).any(|feature| self.holds(view, feature)) {
            return Ok(());
        }
        Err(ServiceError::Denied("you can't change the team".to_owned()))
    }

    /// Applies a file: all of it, or nothing.
    ///
    /// # Errors
    /// Everything that is wrong with the file; or what the rules refuse.
    pub fn apply_team(&self, name: &str, text: &str, format: Format, prune: bool) -> Result<Applied, ServiceError> {
        if !self.engine().has_account() {
            return Err(ServiceError::NoAccount);
        }
        self.may_change_team(&self.view())?;
        let file = TeamFile::read(name, text, format).map_err(|errors| listed(&errors))?;
        let mut applied = Applied::default();
        self.commit(&format!("apply {name}"), |view| {
            let plan = team_file::plan(&file, view.team(), self.engine().now(), Options { prune })
                .map_err(|errors| listed(&errors))?;
            let refused: Vec<FileError> = plan
                .departures
                .iter()
                .filter_map(|departure| {
                    let needed = left_behind(view, departure.user);
                    (!needed.is_empty()).then(|| departure.refused(&needed))
                })
                .collect();
            if !refused.is_empty() {
                return Err(listed(&refused));
            }
            applied =
                Applied { changes: plan.changes.len(), notes: plan.notes.iter().map(ToString::to_string).collect() };
            Ok(plan.changes)
        })?;
        Ok(applied)
    }
}

/// What somebody would leave behind (R24): without numbers, because whoever applies the file may
/// not see those records.
fn left_behind(view: &View, user: UserId) -> Vec<String> {
    let owned = view.snapshot().owns_in(user, view);
    let labels = owned.iter().filter_map(|object| view.team().objects.get(object));
    labels.map(|object| format!("their {} need another owner", object.label.to_lowercase())).collect()
}

fn listed(errors: &[FileError]) -> ServiceError {
    ServiceError::InvalidList(errors.iter().map(ToString::to_string).collect())
}
