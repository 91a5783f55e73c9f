//! What exists, and the changes that can happen to it: plain data. No I/O, no clock, no global
//! (DESIGN of the house: `ARCHITECTURE.md`).

pub mod access;
pub mod catalog;
pub mod change;
pub mod ids;
pub mod record;
pub mod shipped;
pub mod table;
pub mod team;
pub mod text;
pub mod time;
pub mod value;

pub use access::{Exception, FeatureValue, RecordAction, RoleType, Scope, Scopes, SectionAccess};
pub use catalog::{Catalog, Feature, OwnPermission};
pub use change::{Actor, Change, Commit, Reason, Swap};
pub use ids::{FeatureId, FieldId, ObjectId, RecordId, RoleId, SectionId, UserId};
pub use record::Record;
pub use table::{Pair, Table};
pub use team::{Account, Automatic, Field, FieldOption, NextIds, Object, Role, Section, Shipped, Status, Team, User};
pub use time::Moment;
pub use value::{Day, Kind, OptionId, Value};
