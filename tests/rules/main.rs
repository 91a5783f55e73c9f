//! The requirements, through a `Session`: what a person sees and may do, over a real store.
//! `tests/README.md` maps numbers to tests.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod account;
mod activity;
mod bulk;
mod demo;
mod drafts;
mod features;
mod fields;
mod house;
mod import;
mod lists;
mod offboarding;
mod people;
mod roles;
mod sections;
mod types;
mod undo;
mod unseen;
mod watched;
mod why;
