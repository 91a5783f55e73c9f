//! What a person meets: screens, overlays, widgets, keys, themes.
//!
//! Drawing is a function of state and changes nothing; updates change state and return effects.
//! A console ([`App`]) is told what happens ([`event::Event`]) and drawn when asked; it reads no
//! terminal, no clock and no store. Its screens talk to a
//! `service::Session` and to nothing else.

pub mod app;
pub mod command;
pub mod console;
pub mod editor;
pub mod effect;
pub mod event;
pub mod fuzzy;
pub mod job;
pub mod master;
pub mod moves;
pub mod overlay;
pub mod proposal;
pub mod route;
pub mod screen;
pub mod screens;
#[cfg(test)]
mod stage;
pub mod task;
pub mod theme;
pub mod toast;
pub mod widget;
pub mod words;

pub use app::{App, Start};
