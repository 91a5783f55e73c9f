//! What the screens ask of whoever answers them, and the plain views that come back. Everything
//! here is already cut to what the viewer may see: what isn't in a view is not on a screen.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use zeroize::Zeroizing;

use crate::model::{FeatureValue, Field, FieldId, Moment, RecordId, RoleType, Scopes, SectionAccess, Status, Value};

#[derive(Clone)]
#[allow(missing_docs)]
pub struct Password(Zeroizing<String>);
#[allow(missing_docs)]
impl Password {
    pub fn new(typed: impl Into<String>) -> Self {
        Self(Zeroizing::new(typed.into()))
    }
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs)]
pub enum ServiceError {
    #[error("{0}")]
    Denied(String),
    #[error("{0}")]
    NotFound(String),
    #[error("{0}")]
    Invalid(String),
    #[error("the records are still being loaded")]
    Loading,
    #[error("cancelled")]
    Cancelled,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs)]
pub enum SignInError {
    #[error("email or password is wrong")]
    Wrong,
    #[error("too many failed sign-ins; try again in {seconds} s")]
    Wait { seconds: u64 },
    #[error("this temporary password has expired; ask for a new one")]
    Expired,
    #[error(transparent)]
    Service(#[from] ServiceError),
}

#[allow(missing_docs)]
pub struct SignedIn {
    pub session: Session,
    pub must_change_password: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Persona {
    pub email: String,
    pub name: String,
    pub role: String,
}

#[derive(Clone)]
#[allow(missing_docs)]
pub struct NewAccount {
    pub account: String,
    pub owner_name: String,
    pub owner_email: String,
    pub password: Option<Password>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Me {
    pub account: String,
    pub email: String,
    pub name: String,
    pub role: String,
    pub role_type: RoleType,
}

#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Home {
    pub me: Me,
    pub manager: Option<String>,
    pub areas: Vec<AreaSummary>,
    pub owned: Vec<OwnedCount>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct AreaSummary {
    pub area: String,
    pub sentences: Vec<String>,
    pub features: Vec<String>,
    pub on_request: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct OwnedCount {
    pub object: String,
    pub label: String,
    pub owned: Option<u64>,
    pub visible: Option<u64>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct UserQuery {
    pub text: String,
    pub roles: BTreeSet<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct UserRow {
    pub email: String,
    pub name: String,
    pub role: String,
    pub role_type: RoleType,
    pub status: Status,
    pub manager: Option<String>,
    pub manager_email: Option<String>,
    pub last_seen: Option<Moment>,
    pub account_manager: bool,
    pub is_me: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct UserDetail {
    pub row: UserRow,
    pub language: Option<String>,
    pub email_from_name: Option<String>,
    pub reply_to: Option<String>,
    pub exceptions: Option<Vec<ExceptionView>>,
    pub addresses: Option<Vec<AddressView>>,
    pub reports: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct ExceptionView {
    pub key: String,
    pub label: String,
    pub visible: bool,
    pub until: Option<Moment>,
    pub holds: bool,
    pub redundant: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct AddressView {
    pub address: String,
    pub first: Moment,
    pub last: Moment,
}

#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct RoleRow {
    pub name: String,
    pub role_type: RoleType,
    pub manager: Option<String>,
    pub description: String,
    pub icon: String,
    pub locked: bool,
    pub shipped: bool,
    pub members: Vec<Member>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Member {
    pub name: String,
    pub email: String,
    pub initials: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct RoleDetail {
    pub row: RoleRow,
    pub areas: Vec<RoleArea>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct RoleArea {
    pub key: String,
    pub label: String,
    pub scopes: Option<Scopes>,
    pub features: Vec<RoleFeature>,
    pub sections: Vec<(String, SectionAccess)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct RoleFeature {
    pub key: String,
    pub label: String,
    pub value: FeatureValue,
    pub ceiling: bool,
    pub help: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct RecordQuery {
    pub object: String,
    pub search: Option<String>,
    pub filters: Vec<(String, String)>,
    pub sort: Option<String>,
    pub descending: bool,
    pub limit: usize,
    pub after: Option<String>,
    pub position: Option<u64>,
    pub fields: Option<Vec<String>>,
}

#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub struct RecordsPage {
    pub total: u64,
    pub rows: Vec<RecordRow>,
    pub next: Option<String>,
    pub fields: Vec<FieldView>,
    pub generation: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct FieldView {
    pub field: Field,
    pub section: String,
    pub writable: bool,
}

#[allow(missing_docs)]
impl FieldView {
    pub fn shown(&self, value: &Value) -> String {
        match value {
            Value::Text(text) => text.to_string(),
            Value::Number(number) => number.to_string(),
            Value::Money(cents) => format!("{}.{:02}", cents / 100, cents % 100),
            Value::Date(day) => day.to_string(),
            Value::YesNo(yes) => (if *yes { "yes" } else { "no" }).to_owned(),
            Value::Option(id) => {
                self.field.options.iter().find(|option| option.id == *id).map_or(String::new(), |o| o.label.clone())
            }
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub struct RecordRow {
    pub id: RecordId,
    pub external_id: Option<String>,
    pub owner: String,
    pub owner_name: String,
    pub assigned: Vec<String>,
    pub private: bool,
    pub values: Vec<(FieldId, Value)>,
}

#[allow(missing_docs)]
impl RecordRow {
    pub fn value(&self, field: FieldId) -> Option<&Value> {
        self.values.iter().find(|(id, _)| *id == field).map(|(_, value)| value)
    }
}

#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub struct RecordDetail {
    pub title: String,
    pub row: RecordRow,
    pub sections: Vec<SectionView>,
    pub may_edit: bool,
    pub may_delete: bool,
}

#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub struct SectionView {
    pub name: String,
    pub writable: bool,
    pub fields: Vec<(String, String)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct ObjectView {
    pub key: String,
    pub label: String,
    pub singular: String,
    pub fields: Vec<FieldView>,
    pub may_create: bool,
    pub may_export: bool,
}

#[allow(missing_docs)]
pub type Session = Arc<dyn Desk>;
#[allow(missing_docs)]
pub type Engine = Arc<dyn Door>;

#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Loading {
    pub done: u64,
    pub total: u64,
    pub failed: Option<String>,
}

#[allow(missing_docs, clippy::missing_errors_doc)]
pub trait Door: Send + Sync {
    fn has_account(&self) -> bool;
    fn account_name(&self) -> String;
    fn create_account(&self, new: &NewAccount) -> Result<Option<Password>, ServiceError>;
    fn sign_in(&self, email: &str, password: &Password, address: Option<&str>) -> Result<SignedIn, SignInError>;
    fn personas(&self) -> Vec<Persona>;
    fn become_persona(&self, email: &str) -> Result<Session, ServiceError>;
    fn subscribe(&self, tell: Box<dyn FnMut(u64) -> bool + Send>);
    fn loading(&self) -> Option<Loading>;
}

#[allow(missing_docs, clippy::missing_errors_doc)]
pub trait Desk: Send + Sync {
    fn is_live(&self) -> bool;
    fn me(&self) -> Me;
    fn feature(&self, key: &str) -> FeatureValue;
    fn home(&self) -> Result<Home, ServiceError>;
    fn users(&self, query: &UserQuery) -> Result<Vec<UserRow>, ServiceError>;
    fn user_detail(&self, email: &str) -> Result<UserDetail, ServiceError>;
    fn roles(&self) -> Result<Vec<RoleRow>, ServiceError>;
    fn role_detail(&self, name: &str) -> Result<RoleDetail, ServiceError>;
    fn objects(&self) -> Vec<ObjectView>;
    fn records_until(&self, query: &RecordQuery, cancelled: &AtomicBool) -> Result<RecordsPage, ServiceError>;
    fn record(&self, object: &str, name: &str) -> Result<RecordDetail, ServiceError>;
    fn change_password(&self, current: &Password, new: &Password) -> Result<(), ServiceError>;
}
