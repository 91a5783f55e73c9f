//! The store against everything that can happen to it: kills, power cuts, flipped bits, full and
//! read-only disks, a second process.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    missing_docs
)]

mod copies;
mod damage;
mod faults;
mod intakes;
mod kills;
mod lasting;
mod live;
mod refusals;
mod sweep;
mod team;
