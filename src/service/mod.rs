//! (room)

pub mod demo;
