//! Ctrl-C for commands that run long outside the console: they are asked to stop, and leave nothing
//! half done. A second one ends the program at once.

use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use signal_hook::consts::SIGINT;
use signal_hook::{SigId, flag, low_level};

/// What a shell expects of a program that was interrupted.
const INTERRUPTED: i32 = 130;

/// Listens until it is dropped.
#[derive(Debug)]
pub struct Interrupt {
    asked: Arc<AtomicBool>,
    listening: Vec<SigId>,
}

impl Interrupt {
    /// Begins to listen.
    ///
    /// # Errors
    /// What the system says.
    pub fn listen() -> io::Result<Self> {
        let asked = Arc::new(AtomicBool::new(false));
        // The second one comes first: it looks at what the first one left.
        let end = flag::register_conditional_shutdown(SIGINT, INTERRUPTED, Arc::clone(&asked))?;
        let ask = flag::register(SIGINT, Arc::clone(&asked))?;
        Ok(Self { asked, listening: vec![end, ask] })
    }

    /// True as soon as it was asked to stop.
    #[must_use]
    pub fn asked(&self) -> &AtomicBool {
        &self.asked
    }
}

impl Drop for Interrupt {
    fn drop(&mut self) {
        for id in self.listening.drain(..) {
            low_level::unregister(id);
        }
    }
}
