//! What comes in and goes out as text: the values of fields, the team file, CSV. Everything here is
//! a pure function over text and [`crate::model`]; files are opened by whoever calls.

pub mod csv;
pub mod money;
pub mod team_file;
pub mod value;

pub use value::{BadValue, Comparable};
