//! Everything that is kept, and the only room that touches the data directory. The journal is the
//! truth; the index and the tables are built from it.
//!
//! [`Store`] is the way in. Reading goes through [`View`], one pinned generation of rules and
//! records; writing through [`Store::commit`], which takes nothing but what authz has judged.

mod backup;
mod behind;
mod checkpoint;
mod codec;
mod commit;
mod copy;
pub mod error;
pub mod files;
mod follow;
mod history;
mod index;
mod intake;
mod journal;
mod load;
pub mod lock;
mod open;
mod options;
pub mod outside;
mod replay;
mod secrets;
mod shared;
mod spool;
mod stamp;
mod tables;
mod verify;
mod view;

pub use backup::{Backup, backup_place, restore};
pub use commit::{ChangeSet, CommitError, Committed};
pub use error::StoreError;
pub use history::{Entry, HistoryPage, LookBack};
pub use intake::{Closing, Intake};
pub use journal::{ChainHash, Damage, NotAHead, Point, Torn, record};
pub use open::{Store, is_made};
pub use options::{Finding, Now, Options, Progress};
pub use secrets::{Presence, Secret, Seen, Throttle};
pub use shared::Subscriber;
pub use tables::{Cursor, Filter, ListQuery, Page, QueryError, Recall, Row, Scan, SortBy};
pub use verify::{Report, verify};
pub use view::{MayChange, View};
