//! What the screens ask of whoever answers them, and the plain views that come back. Everything
//! here is already cut to what the viewer may see: what isn't in a view is not on a screen.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use crate::model::ids::{FieldId, ObjectId, RecordId};
use crate::model::team::Status;
use crate::model::time::Moment;
use crate::model::value::Kind;

/// Why something wasn't done, in words for the person who asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// What happened and what to do next.
    #[error("{0}")]
    Said(String),
    /// The person may not be signed in any more.
    #[error("You are signed out: your access was changed. Ask an administrator.")]
    Ended,
}

/// What is wrong with something filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// The form's field, if it is about one.
    pub field: Option<&'static str>,
    /// What is wrong.
    pub text: String,
}

/// What came of trying to sign in.
pub enum SignIn {
    /// Signed in.
    In(Arc<dyn Desk>),
    /// Signed in with a temporary password: nothing works until it is changed (R21).
    MustChange(Arc<dyn Desk>),
    /// Refused; the next try is answered after this time.
    Refused {
        /// In words, the same whether the person exists or not.
        text: String,
        /// How long the next try waits.
        wait: Duration,
    },
}

/// Someone of a demo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Persona {
    /// Their email.
    pub email: String,
    /// Their name.
    pub name: String,
    /// Their role.
    pub role: String,
}

/// An account and its first person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Founding {
    /// The account's name.
    pub account: String,
    /// The owner's name.
    pub name: String,
    /// The owner's email.
    pub email: String,
    /// The owner's password.
    pub password: String,
}

/// What there is before anyone is signed in.
pub trait Door: Send + Sync {
    /// The account's name; none in an empty data directory.
    fn account(&self) -> Option<String>;

    /// Makes the account and signs its owner in.
    ///
    /// # Errors
    /// What is wrong with what was filled in.
    fn found(&self, founding: &Founding) -> Result<Arc<dyn Desk>, Complaint>;

    /// Tries to sign in. Takes as long as it takes; not for the drawing thread.
    fn sign_in(&self, email: &str, password: &str) -> SignIn;

    /// The people of a demo, who can be become at once; empty where this isn't one.
    fn personas(&self) -> Vec<Persona>;

    /// Becomes someone of a demo.
    ///
    /// # Errors
    /// Where this isn't a demo, or there is no such person.
    fn become_persona(&self, email: &str) -> Result<Arc<dyn Desk>, Refusal>;

    /// Who is signed in from the start: a demo's first persona.
    fn at_once(&self) -> Option<Arc<dyn Desk>>;

    /// Calls this whenever the store holds a new generation.
    fn watch(&self, wake: Arc<dyn Fn() + Send + Sync>);
}

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Who {
    /// The account's name.
    pub account: String,
    /// The person's name.
    pub name: String,
    /// The person's email.
    pub email: String,
    /// Their role's name.
    pub role: String,
    /// The type of their role, in words.
    pub role_type: String,
    /// Their manager's name.
    pub manager: Option<String>,
    /// The keys of the features that they have.
    pub features: BTreeSet<String>,
    /// The objects whose area they may enter, in order.
    pub objects: Vec<ObjectView>,
}

/// An object as its viewer sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectView {
    /// Its identity.
    pub id: ObjectId,
    /// Its key, such as `contacts`.
    pub key: String,
    /// The name of many.
    pub label: String,
    /// The name of one.
    pub singular: String,
    /// The fields that may be viewed, in order.
    pub fields: Vec<FieldView>,
    /// May records be made here?
    pub may_create: bool,
}

/// A field that may be viewed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldView {
    /// Its identity.
    pub id: FieldId,
    /// Its name.
    pub name: String,
    /// Its section.
    pub section: String,
    /// What it holds.
    pub kind: Kind,
    /// A dropdown's options.
    pub options: Vec<String>,
}

/// What one may do in one area, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AreaWords {
    /// The area's name.
    pub area: String,
    /// What can be done there, a line each.
    pub lines: Vec<String>,
}

/// How many records of an object one owns (000-12).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owned {
    /// The object.
    pub object: ObjectId,
    /// Its name.
    pub label: String,
    /// How many.
    pub count: u64,
}

/// The first screen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Home {
    /// What one may, area by area.
    pub areas: Vec<AreaWords>,
    /// Records Owned.
    pub owned: Vec<Owned>,
}

/// A person, as the list of users shows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Their name.
    pub name: String,
    /// Their email.
    pub email: String,
    /// Their role's name.
    pub role: String,
    /// Whether they can sign in.
    pub status: Status,
    /// Their own manager's name.
    pub manager: Option<String>,
    /// When they were last there, where the viewer may know.
    pub last_seen: Option<Moment>,
    /// An outside person without a seat (R27).
    pub account_manager: bool,
    /// More about them, label and text, as far as the viewer may know.
    pub details: Vec<(String, String)>,
}

/// A role, as the list of roles shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleView {
    /// Its name.
    pub name: String,
    /// Its type, in words.
    pub role_type: String,
    /// The role above it.
    pub manager: Option<String>,
    /// What it is for.
    pub description: String,
    /// The names of those who hold it and are active (R29).
    pub members: Vec<String>,
    /// Locked, shipped or custom, in a word.
    pub origin: &'static str,
}

/// A role's permissions, area by area (003-32).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleSheet {
    /// An area's name, and each permission with its value in words.
    pub areas: Vec<(String, Vec<(String, String)>)>,
}

/// What rows are sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// Their identity.
    Id,
    /// Their owner.
    Owner,
    /// A field.
    Field(FieldId),
}

/// A list that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// Of which object.
    pub object: ObjectId,
    /// With this text somewhere in it.
    pub search: String,
    /// With these values, all of them: what is compared, and its shown text.
    pub filters: Vec<(By, String)>,
    /// In this order.
    pub by: By,
    /// The other way round.
    pub descending: bool,
    /// From this row on.
    pub from: u64,
    /// So many.
    pub rows: usize,
}

/// A part of a list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Page {
    /// How many rows the whole list has, exactly.
    pub total: u64,
    /// The rows asked for.
    pub rows: Vec<RowView>,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowView {
    /// The record.
    pub id: RecordId,
    /// Its owner's name.
    pub owner: String,
    /// Sealed from everyone else.
    pub private: bool,
    /// The texts of the object's viewable fields, in their order.
    pub texts: Vec<String>,
}

/// A record on its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordView {
    /// The record.
    pub id: RecordId,
    /// What it is called.
    pub title: String,
    /// Its owner's name.
    pub owner: String,
    /// The names of those whom it is assigned to.
    pub assigned: Vec<String>,
    /// Sealed from everyone else.
    pub private: bool,
    /// Its name in another system.
    pub external_id: Option<String>,
    /// Its sections with their fields' names and texts; what may not be viewed isn't there.
    pub sections: Vec<(String, Vec<(String, String)>)>,
}

/// Everything that a signed-in person's screens ask.
pub trait Desk: Send + Sync {
    /// Who is signed in, and what they may. Quick.
    ///
    /// # Errors
    /// Where they may not be signed in any more.
    fn who(&self) -> Result<Who, Refusal>;

    /// The first screen.
    ///
    /// # Errors
    /// Why it can't be shown.
    fn home(&self) -> Result<Home, Refusal>;

    /// The people, in the order of their names.
    ///
    /// # Errors
    /// Why they can't be shown.
    fn people(&self) -> Result<Vec<Person>, Refusal>;

    /// The roles, in order.
    ///
    /// # Errors
    /// Why they can't be shown.
    fn roles(&self) -> Result<Vec<RoleView>, Refusal>;

    /// A role's permissions.
    ///
    /// # Errors
    /// Why they can't be shown.
    fn role(&self, name: &str) -> Result<RoleSheet, Refusal>;

    /// A part of a list of records.
    ///
    /// # Errors
    /// Why it can't be shown.
    fn page(&self, ask: &Ask) -> Result<Page, Refusal>;

    /// A record.
    ///
    /// # Errors
    /// Why it can't be shown; the same for one that isn't there and one out of view.
    fn record(&self, object: ObjectId, id: RecordId) -> Result<RecordView, Refusal>;

    /// Changes the person's own password.
    ///
    /// # Errors
    /// What is wrong with what was filled in.
    fn change_password(&self, old: &str, new: &str) -> Result<(), Complaint>;

    /// Signs out.
    fn sign_out(&self);
}
