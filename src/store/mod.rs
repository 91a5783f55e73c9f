//! Everything that is kept, and the only room that touches the data directory. The journal is the
//! truth; the index and the tables are built from it.

pub mod codec;
pub mod error;
pub mod files;
pub mod journal;
pub mod lock;
pub mod secrets;

pub use error::StoreError;
