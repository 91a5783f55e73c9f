//! Drafts: everything that a screen wants to change about the team, or about who owns a record, as a
//! value. The same code works out its changes for the preview (B1) and for the save, so what is
//! shown before is what happens. The editing itself stays with its use case; this only dispatches.

mod many;
mod saved;

use std::collections::BTreeMap;

use crate::model::catalog::features;
use crate::model::text::fold;
use crate::model::{Change, Exception, FeatureId, RecordId, Status, Swap, Team};
use crate::store::View;

use super::delete_user::{self, Heirs};
use super::edit_fields::{FieldsChange, Named};
use super::edit_roles::{self, NewRole, RoleChange};
use super::edit_team::edited;
use super::error::ServiceError;
use super::impact::Impact;
use super::people::{self, NewUser, UserChange};
use super::session::Session;
use super::write_record::RecordDraft;

pub use many::{ForMany, Many};
pub use saved::Saved;

/// Something to change, not changed yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Draft {
    /// Somebody to add (001-13).
    NewUser(NewUser),
    /// Somebody's details, role or manager (001-16, 003-20).
    User {
        /// Who.
        email: String,
        /// What to change of them.
        change: UserChange,
    },
    /// An exception, or with `None` its end (000-31…33).
    Exception {
        /// Whose.
        email: String,
        /// Of which feature, by its key.
        key: String,
        /// What it is to be.
        exception: Option<Exception>,
    },
    /// Access taken away or given back (003-21, 003-22).
    Status {
        /// Whose.
        email: String,
        /// What it is to be.
        status: Status,
    },
    /// Somebody to delete for good, with everything that they leave handed over (003-22, R24).
    DeleteUser {
        /// Whom.
        email: String,
        /// Who takes over.
        heirs: Heirs,
    },
    /// Several of these that change the team, in order, all of them or none: the same for several
    /// people, or an exception together with the one on its area (R10).
    Together(Vec<Draft>),
    /// A role to make (000-29, 003-27).
    NewRole(NewRole),
    /// Roles to change, by name, all of them or none.
    Roles(BTreeMap<String, RoleChange>),
    /// A role to delete (R19).
    DeleteRole {
        /// Which.
        name: String,
        /// The role that takes its place.
        replacement: Option<String>,
    },
    /// The account's own roles in this order (003-33).
    OrderRoles(Vec<String>),
    /// Sections, fields or options of an object (004-22).
    Fields(FieldsChange),
    /// One record to change.
    Record {
        /// The object's key.
        object: String,
        /// Which.
        id: RecordId,
        /// What of it.
        draft: RecordDraft,
    },
    /// Records to give to somebody (R13).
    Owner {
        /// The object's key.
        object: String,
        /// Which records.
        records: Vec<RecordId>,
        /// The new owner's email.
        to: String,
    },
}

impl Draft {
    /// What the history says of it.
    fn reason(&self) -> String {
        match self {
            Self::NewUser(new) => format!("add {}", fold(new.email.trim())),
            Self::User { email, .. } => format!("change {}", fold(email.trim())),
            Self::Exception { email, .. } => format!("exception of {}", fold(email.trim())),
            Self::Status { email, status } => format!("{} {}", status.token(), fold(email.trim())),
            Self::DeleteUser { email, .. } => delete_user::deletion(email),
            Self::Together(drafts) => match drafts.as_slice() {
                [] => String::new(),
                [only] => only.reason(),
                [first, rest @ ..] => format!("{} and {} more", first.reason(), rest.len()),
            },
            Self::NewRole(new) => format!("new role {}", new.name.trim()),
            Self::Roles(changes) => {
                let names: Vec<&str> = changes.keys().map(String::as_str).collect();
                format!("change {}", names.join(", "))
            }
            Self::DeleteRole { name, .. } => format!("delete role {name}"),
            Self::OrderRoles(_) => "order of roles".to_owned(),
            Self::Fields(change) => change.reason(),
            Self::Record { object, .. } => format!("change in {object}"),
            Self::Owner { object, .. } => format!("owner in {object}"),
        }
    }

    /// The edit that it makes to the team; `None` where it changes records.
    pub(super) fn edit(&self, session: &Session, view: &View, team: &mut Team) -> Option<Result<(), ServiceError>> {
        Some(match self {
            Self::NewUser(new) => people::insert(team, new, session.engine().now()).map(|_| ()),
            Self::User { email, change } => people::change(team, email, change),
            Self::Exception { email, key, exception } => people::set_exception(team, email, key, *exception),
            Self::Status { email, status } => people::set_status(team, email, *status),
            Self::Together(drafts) => drafts.iter().try_for_each(|draft| {
                let alone = || Err(ServiceError::Invalid("what changes records happens by itself".to_owned()));
                draft.edit(session, view, team).unwrap_or_else(alone)
            }),
            Self::NewRole(new) => edit_roles::insert(team, new),
            Self::Roles(changes) => edit_roles::change(team, changes),
            Self::DeleteRole { name, replacement } => edit_roles::delete(team, name, replacement.as_deref()),
            Self::OrderRoles(names) => edit_roles::order(team, names),
            Self::Fields(change) => change.apply(&session.sight(view), team),
            Self::Owner { .. } | Self::Record { .. } | Self::DeleteUser { .. } => return None,
        })
    }

    /// The right without which nothing about roles or fields is answered, not even what is wrong
    /// with the draft (R11), where the session lacks it.
    fn lacks(&self, session: &Session, view: &View) -> Option<FeatureId> {
        match self {
            Self::Fields(change) => {
                let manage = view.team().catalog.by_key(&format!("{}.manage_fields", change.object));
                let manage = manage.map_or(features::ACCOUNT_SETTINGS, |feature| feature.id);
                // A name that is taken out of sight is told to nobody who couldn't use a free one (R32).
                let rights = match change.named() {
                    Some(Named::Field) => vec![manage],
                    Some(Named::Whole) => vec![features::ACCOUNT_SETTINGS],
                    None => vec![manage, features::ACCOUNT_SETTINGS, features::ACCOUNT_CUSTOMIZE],
                };
                rights.iter().all(|right| !session.holds(view, *right)).then(|| rights.first().copied()).flatten()
            }
            Self::NewRole(_) | Self::Roles(_) | Self::DeleteRole { .. } | Self::OrderRoles(_) => {
                (!session.holds(view, features::ROLES_MANAGE)).then_some(features::ROLES_MANAGE)
            }
            _ => None,
        }
    }

    /// Everything that it changes, by the rules and records of one generation.
    fn changes(&self, session: &Session, view: &View) -> Result<Vec<Change>, ServiceError> {
        match self {
            Self::Record { object, id, draft } => return session.rewritten(view, object, *id, draft),
            Self::Owner { object, records, to } => return session.give_away(view, object, records, to),
            Self::DeleteUser { email, heirs } => return session.departure(view, email, heirs),
            _ => {}
        }
        if let Some(right) = self.lacks(session, view) {
            let label = view.team().catalog.feature(right).map_or("", |feature| feature.label.as_str());
            return Err(ServiceError::Denied(format!("you need “{label}” for this")));
        }
        edited(view, |team| self.edit(session, view, team).unwrap_or(Ok(()))).map(|(changes, ())| changes)
    }
}

impl Session {
    /// What a draft would mean, for whom. Nothing is changed.
    ///
    /// # Errors
    /// Just what saving it would be refused with.
    pub fn preview(&self, draft: &Draft) -> Result<Impact, ServiceError> {
        let view = self.view();
        let changes = draft.changes(self, &view)?;
        self.impact_of(&view, &changes)
    }

    /// Could this session save these drafts, all of them together?
    pub(super) fn could_save(&self, view: &View, drafts: &[Draft]) -> bool {
        let team = edited(view, |team| {
            drafts.iter().filter_map(|draft| draft.edit(self, view, team)).collect::<Result<Vec<()>, ServiceError>>()
        });
        let owners = drafts.iter().map(|draft| match draft {
            Draft::Owner { object, records, to } => self.give_away(view, object, records, to),
            _ => Ok(Vec::new()),
        });
        let owners: Result<Vec<Vec<Change>>, ServiceError> = owners.collect();
        let (Ok((mut changes, _)), Ok(owners)) = (team, owners) else { return false };
        changes.extend(owners.into_iter().flatten());
        !changes.is_empty() && self.permit(view, changes).is_ok()
    }

    /// Makes a draft happen, all of it or nothing.
    ///
    /// # Errors
    /// Where a value can't be taken, or the rules say no.
    pub fn save(&self, draft: &Draft) -> Result<Saved, ServiceError> {
        // Before anybody is there: who can't be given a password isn't added.
        let first = match draft {
            Draft::NewUser(_) => Some(self.engine().first_password()?),
            _ => None,
        };
        let mut new = None;
        let saved = self.commit_and_tell(&draft.reason(), |view| {
            let changes = draft.changes(self, view)?;
            new = changes.iter().find_map(|change| match change {
                Change::User(Swap { before: None, after: Some(user) }) => Some(user.id),
                _ => None,
            });
            Ok(changes)
        })?;
        let password = match (first, new) {
            (Some(first), Some(new)) => Some(self.engine().keep_first_password(new, first)?),
            _ => None,
        };
        Ok(Saved { password, ..saved })
    }

    /// Gives records to somebody: those that this session may change, all or none.
    fn give_away(
        &self,
        view: &View,
        object: &str,
        records: &[RecordId],
        to: &str,
    ) -> Result<Vec<Change>, ServiceError> {
        let opened = self.open_at(view.clone(), object)?;
        let draft = RecordDraft { owner: Some(to.to_owned()), ..RecordDraft::default() };
        let mut changes = Vec::new();
        for id in records {
            let before = self.editable(&opened, *id)?;
            let after = self.changed(&opened, &before, &draft)?;
            if after != before {
                changes.push(Change::Record(Swap::changed(before, after)));
            }
        }
        Ok(changes)
    }
}
