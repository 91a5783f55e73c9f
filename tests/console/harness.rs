//! Consoles over the demo's clinic with a clock that stands still, and over an empty directory.

use std::sync::Arc;

use rolecall::host::headless::Headless;
use rolecall::model::Moment;
use rolecall::service::clock::{Chance, FixedClock};
use rolecall::service::{Engine, demo};
use rolecall::store::Options;
use rolecall::tui::event::Size;
use rolecall::tui::theme::{Depth, Glyphs, Look, Scheme};
use rolecall::tui::{App, Start};

pub const SMALL: Size = Size { width: 80, height: 24 };
pub const WIDE: Size = Size { width: 120, height: 40 };
pub const DARK: Look = Look { scheme: Scheme::Dark, depth: Depth::True, glyphs: Glyphs::Unicode };
pub const OWNER: &str = "olivia@paws.example";
pub const OWNER_PASSWORD: &str = "a walk in the park";

/// 2026-11-20 12:00 UTC.
pub fn noon() -> Moment {
    Moment(1_795_176_000_000)
}

pub struct Clinic {
    pub engine: Arc<Engine>,
    pub clock: Arc<FixedClock>,
    _directory: tempfile::TempDir,
}

/// The demo's clinic with so many contacts.
pub fn clinic(contacts: u64) -> Clinic {
    let directory = tempfile::tempdir().unwrap();
    let clock = Arc::new(FixedClock::at(noon()));
    let engine = demo::open(&directory.path().join("data"), clock.clone()).unwrap();
    demo::fill(&engine, demo::Amounts::of(contacts), || true).unwrap();
    Clinic { engine, clock, _directory: directory }
}

/// A directory with nothing in it yet.
pub fn empty() -> Clinic {
    let directory = tempfile::tempdir().unwrap();
    let clock = Arc::new(FixedClock::at(noon()));
    let path = directory.path().join("data");
    let engine = Engine::open_with(&path, Options::default(), clock.clone(), Chance::seeded(7), false).unwrap();
    Clinic { engine, clock, _directory: directory }
}

impl Clinic {
    /// What is made in a directory of its own.
    pub fn of(make: impl FnOnce(&std::path::Path) -> (Arc<Engine>, Arc<FixedClock>)) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let (engine, clock) = make(&directory.path().join("data"));
        Self { engine, clock, _directory: directory }
    }

    /// A console, signed in as a persona or at the door.
    pub fn console_with(&self, persona: Option<&str>, size: Size, look: Look) -> Headless {
        let engine = Arc::clone(&self.engine);
        let app = App::new(Start {
            open: Box::new(move |_| Ok(engine)),
            persona: persona.map(str::to_owned),
            look,
            size,
            wake: Arc::new(|| true),
        });
        let mut console = Headless::new(app, size).unwrap();
        console.run_jobs();
        console
    }

    pub fn console(&self, email: &str) -> Headless {
        self.console_with(Some(email), SMALL, DARK)
    }

    pub fn door(&self) -> Headless {
        self.console_with(None, SMALL, DARK)
    }
}

pub const ENTER: &str = "\r";
pub const TAB: &str = "\t";
pub const UP: &str = "\x1b[A";
pub const DOWN: &str = "\x1b[B";
pub const RIGHT: &str = "\x1b[C";
pub const PAGE_DOWN: &str = "\x1b[6~";

/// Asserts that the frame has this text somewhere.
#[track_caller]
pub fn shows(console: &Headless, text: &str) {
    assert!(console.text().contains(text), "no {text:?} in\n{}", console.text());
}

/// Asserts that the frame has this text nowhere.
#[track_caller]
pub fn hides(console: &Headless, text: &str) {
    assert!(!console.text().contains(text), "{text:?} in\n{}", console.text());
}
