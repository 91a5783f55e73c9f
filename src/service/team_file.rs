//! The team as a file: export it, and apply one as a single commit (SPEC part 4).

use crate::exchange::team_file::{self, FileError, Format, Options, TeamFile};
use crate::model::UserId;
use crate::model::catalog::features::{
    ACCOUNT_BILLING, ACCOUNT_CUSTOMIZE, ACCOUNT_SETTINGS, ROLES_MANAGE, USERS_EDIT, USERS_MANAGE,
};
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
        for feature in [ROLES_MANAGE, USERS_EDIT] {
            if !self.holds(view, feature) {
                let label = view.team().catalog.feature(feature).map_or("", |feature| feature.label.as_str());
                return Err(ServiceError::Denied(format!("you need “{label}” to export the team")));
            }
        }
        Ok(())
    }

    /// What a file says about the team, right or wrong, is answered only to whoever may change
    /// that part of it.
    fn may_change(&self, view: &View, file: &TeamFile) -> Result<(), ServiceError> {
        let holds = |feature| self.holds(view, feature);
        let mut fields = view.team().catalog.features().filter(|feature| feature.key.ends_with(".manage_fields"));
        let manages_fields = fields.any(|feature| holds(feature.id));
        let needs = [
            ("account", holds(ACCOUNT_SETTINGS) || (file.has_seats() && holds(ACCOUNT_BILLING))),
            ("permissions", holds(ACCOUNT_SETTINGS)),
            ("fields", holds(ACCOUNT_SETTINGS) || holds(ACCOUNT_CUSTOMIZE) || manages_fields),
            ("roles", holds(ROLES_MANAGE)),
            ("users", holds(USERS_MANAGE) || holds(USERS_EDIT)),
        ];
        let denied = |what: &str| Err(ServiceError::Denied(format!("you can't change {what}")));
        if let Some((part, _)) = needs.iter().find(|(part, may)| file.has(part) && !may) {
            return denied(&format!("the team's {part}"));
        }
        if file.has_exceptions() && !holds(USERS_EDIT) {
            return denied("people's exceptions");
        }
        if needs.iter().any(|(_, may)| *may) { Ok(()) } else { denied("the team") }
    }

    /// Applies a file: all of it, or nothing.
    ///
    /// # Errors
    /// Everything that is wrong with the file; or what the rules refuse.
    pub fn apply_team(&self, name: &str, text: &str, format: Format, prune: bool) -> Result<Applied, ServiceError> {
        if !self.engine().has_account() {
            return Err(ServiceError::NoAccount);
        }
        let file = TeamFile::read(name, text, format).map_err(|errors| listed(&errors))?;
        self.may_change(&self.view(), &file)?;
        let mut applied = Applied::default();
        self.commit(&format!("apply {name}"), |view| {
            let plan = team_file::plan(&file, view.team(), self.engine().now(), Options { prune })
                .map_err(|errors| listed(&errors))?;
            if !plan.departures.is_empty() {
                // Who may not revoke anybody isn't told who owns what.
                self.permit(view, plan.changes.clone())?;
            }
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
        })
        .map_err(|error| placed(&file, name, error))?;
        Ok(applied)
    }
}

/// What the rules refuse, with the place of the file that asks for it.
fn placed(file: &TeamFile, name: &str, error: ServiceError) -> ServiceError {
    let named = format!("{name}:");
    let place = |line: String| match file.place_of(&line) {
        Some(place) if !line.starts_with(&named) => place.to_string(),
        _ => line,
    };
    match error {
        ServiceError::InvalidList(lines) => ServiceError::InvalidList(lines.into_iter().map(place).collect()),
        ServiceError::Denied(text) => ServiceError::Denied(place(text)),
        other => other,
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
