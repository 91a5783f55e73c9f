//! rolecall: a terminal console for running a team. `ARCHITECTURE.md` is the map.
//!
//! A room uses only rooms below it: `cli` → `host` → `tui` → `service` → `store` → `authz` and
//! `exchange` → `model`.
#![forbid(unsafe_code)]

#[doc(hidden)]
pub mod authz;
pub mod cli;
pub mod exchange;
pub mod host;
pub mod model;
pub mod service;
#[doc(hidden)]
pub mod store;
pub mod tui;
