//! What an editor of a record shows: its sections and fields as far as they may be viewed, each
//! with the reason where it can't be changed (001-22, 004-24), and the people who can own it.

use crate::authz::Subject;
use crate::exchange::value;
use crate::model::{Automatic, Field, RecordId, RoleType, Scope, Status};

use super::error::ServiceError;
use super::records::{Opened, no_such_record};
use super::session::Session;

/// A record to fill in, new or as it is.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordForm {
    /// What names it; the object's singular if it is new.
    pub title: String,
    /// The record; none if it is new.
    pub id: Option<RecordId>,
    /// Why nothing at all can be changed any more, if so.
    pub closed: Option<String>,
    /// The sections that may be viewed, in order.
    pub sections: Vec<FormSection>,
    /// Whose it is: an email.
    pub owner: String,
    /// Whose it is, by name.
    pub owner_name: String,
    /// Why it can't be given to somebody else, if so.
    pub owner_locked: Option<String>,
    /// The active users, by name (000-11).
    pub people: Vec<Person>,
    /// Its name in another system.
    pub external_id: String,
}

/// Somebody, as choices show them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Their email.
    pub email: String,
    /// Their name.
    pub name: String,
    /// Their role's name.
    pub role: String,
}

/// A section of a form.
#[derive(Debug, Clone, PartialEq)]
pub struct FormSection {
    /// Its name.
    pub name: String,
    /// Its fields, in order.
    pub fields: Vec<FormField>,
}

/// A field of a form.
#[derive(Debug, Clone, PartialEq)]
pub struct FormField {
    /// The field.
    pub field: Field,
    /// What it shows.
    pub text: String,
    /// Why it can't be changed, if so.
    pub locked: Option<String>,
}

impl FormField {
    /// Can this be put into it?
    ///
    /// # Errors
    /// Why not.
    pub fn accepts(&self, typed: &str) -> Result<(), String> {
        value::parse(&self.field, typed).map(|_| ()).map_err(|error| error.to_string())
    }
}

impl Session {
    /// What an editor of a record shows; of a new one without an ID.
    ///
    /// # Errors
    /// Where the record can't be seen, or none can be made.
    pub fn record_form(&self, object: &str, id: Option<RecordId>) -> Result<RecordForm, ServiceError> {
        let opened = self.open_at(self.view(), object)?;
        let Opened { view, object, columns, .. } = &opened;
        let (snapshot, who, team) = (view.snapshot(), self.subject(), view.team());
        let row = match id {
            None => None,
            Some(id) => {
                let permit = snapshot.permit_view(who, object.id, id, view);
                let row = permit.and_then(|permit| view.read(&permit, columns));
                Some(self.record_row(&opened, row.ok_or_else(no_such_record)?))
            }
        };
        let closed = match id {
            None if snapshot.rights(who, object.id).edit == Scope::None => {
                Some(format!("You can't create {} any more.", object.label.to_lowercase()))
            }
            Some(id) if snapshot.permit_edit(who, object.id, id, view).is_none() => {
                Some("You can see this record but not change it.".to_owned())
            }
            _ => None,
        };
        let fields = self.field_views(&opened);
        let mut sections: Vec<FormSection> = Vec::new();
        for field in &fields {
            let shown = row.as_ref().and_then(|row| row.value(field.field.id)).map(|value| field.shown(value));
            let locked = match (&closed, field.field.automatic) {
                (Some(why), _) => Some(why.clone()),
                (None, Some(automatic)) => Some(by_itself(automatic).to_owned()),
                (None, None) if !field.writable => {
                    Some(format!("Your role may view “{}”, not change it.", field.section))
                }
                (None, None) => None,
            };
            let entry = FormField { field: field.field.clone(), text: shown.unwrap_or_default(), locked };
            match sections.iter_mut().find(|section| section.name == field.section) {
                Some(section) => section.fields.push(entry),
                None => sections.push(FormSection { name: field.section.clone(), fields: vec![entry] }),
            }
        }
        let me = match who {
            Subject::User(me) => team.users.get(&me),
            Subject::Operator => team.owner(),
        };
        let focused = me.is_some_and(|me| team.role_of(me.id).is_some_and(|role| role.role_type == RoleType::Focused));
        let owner_locked = match &closed {
            Some(why) => Some(why.clone()),
            None if id.is_none() && focused => Some("A Focused User owns what they create.".to_owned()),
            None => None,
        };
        let (owner, owner_name) = match (&row, me) {
            (Some(row), _) => (row.owner.clone(), row.owner_name.clone()),
            (None, Some(me)) => (me.email.clone(), me.name.clone()),
            (None, None) => (String::new(), String::new()),
        };
        Ok(RecordForm {
            title: row
                .as_ref()
                .map_or_else(|| format!("New {}", object.singular.to_lowercase()), |row| row.title(&fields)),
            id,
            closed,
            sections,
            owner,
            owner_name,
            owner_locked,
            people: self.active_people(),
            external_id: row.and_then(|row| row.external_id).unwrap_or_default(),
        })
    }

    /// The active users, by name: whoever a record can be given or assigned to (000-11, R13). Every
    /// user sees them (002-34).
    #[must_use]
    pub fn active_people(&self) -> Vec<Person> {
        let view = self.view();
        let team = view.team();
        let active = team.users.values().filter(|user| user.status == Status::Active);
        let mut people: Vec<Person> = active
            .map(|user| Person {
                email: user.email.clone(),
                name: user.name.clone(),
                role: team.roles.get(&user.role).map(|role| role.name.clone()).unwrap_or_default(),
            })
            .collect();
        people.sort_by(|a, b| (a.name.to_lowercase(), &a.email).cmp(&(b.name.to_lowercase(), &b.email)));
        people
    }
}

fn by_itself(automatic: Automatic) -> &'static str {
    match automatic {
        Automatic::Created => "Filled in by itself when the record is made.",
        Automatic::LastChanged => "Filled in by itself at each change.",
    }
}
