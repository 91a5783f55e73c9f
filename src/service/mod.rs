//! Use cases: permit → load → change → commit → tell. The only way to data for everything above.

pub mod audit;
pub mod check;
pub mod clock;
pub mod demo;
mod describe;
pub mod edit_fields;
pub mod edit_roles;
mod edit_team;
mod engine;
mod error;
pub mod export_csv;
pub mod fields;
pub mod home;
pub mod import;
pub mod maintenance;
pub mod own_details;
pub mod passwords;
pub mod people;
pub mod records;
pub mod roles;
mod session;
pub mod setup;
mod sign_in;
pub mod team_file;
mod transfer;
pub mod types;
pub mod users;
mod write_record;

pub use describe::ChangeLine;
pub use engine::{Engine, Persona};
pub use error::ServiceError;
pub use passwords::Password;
pub use session::{Me, Session};
pub use sign_in::{SignInError, SignedIn};
pub use write_record::RecordDraft;
