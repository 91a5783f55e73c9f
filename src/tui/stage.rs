//! The demo's owner before one screen, for tests of a screen's own steps: which jobs it asks for, and
//! what it does with what comes of them.

use std::sync::Arc;
use std::time::Duration;

use super::command::Viewer;
use super::effect::{Effect, Effects};
use super::event::{Happening, Size};
use super::job::Job;
use super::screen::{Context, Screen};
use super::theme::{Depth, Glyphs, Look, Scheme};
use crate::model::Moment;
use crate::service::clock::FixedClock;
use crate::service::{Engine, Session, demo};

/// A small account, and its owner.
pub struct Stage {
    _directory: tempfile::TempDir,
    engine: Arc<Engine>,
    session: Session,
    /// Who looks.
    pub viewer: Viewer,
}

impl Stage {
    /// Sets it.
    pub fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let clock = Arc::new(FixedClock::at(Moment(1_795_176_000_000)));
        let engine = demo::open(&directory.path().join("data"), clock).unwrap();
        demo::fill(&engine, demo::Amounts::of(5), || true).unwrap();
        let session = engine.acting_as("olivia@paws.example").unwrap();
        let viewer = Viewer::of(&session, true);
        Self { _directory: directory, engine, session, viewer }
    }

    /// What a screen may look at.
    pub fn context(&self) -> Context<'_> {
        Context {
            session: Some(&self.session),
            engine: Some(&self.engine),
            viewer: &self.viewer,
            body: Size { width: 80, height: 20 },
            now: Duration::ZERO,
            look: Look { scheme: Scheme::Dark, depth: Depth::True, glyphs: Glyphs::Unicode },
        }
    }

    /// Holds a screen to this: what it counts is not begun anew by each change; it comes, and is counted
    /// once more.
    pub fn changes_while_it_counts(&self, screen: &mut dyn Screen) {
        let cx = self.context();
        let mut first = jobs(screen.start(&cx));
        for _ in 0..3 {
            assert!(jobs(screen.update(Happening::Refresh, &cx)).is_empty());
        }
        let mut reply = first.remove(0).run();
        assert_eq!(jobs(screen.reply(&mut reply, &cx)).len(), 1);
    }
}

fn jobs(effects: Effects) -> Vec<Job> {
    let job = |effect| if let Effect::Run(job) = effect { Some(job) } else { None };
    effects.into_iter().filter_map(job).collect()
}
