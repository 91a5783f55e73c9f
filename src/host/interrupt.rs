//! Ctrl-C for commands that run long outside the console: they are asked to stop, and leave nothing
//! half done. A second one ends the program at once.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::consts::SIGINT;
use signal_hook::flag;

/// What a shell expects of a program that was interrupted.
const INTERRUPTED: i32 = 130;

/// Listens until it is dropped; from then on the first Ctrl-C ends the program, as it would have
/// before. A program listens once.
#[derive(Debug)]
pub struct Interrupt {
    asked: Arc<AtomicBool>,
}

impl Interrupt {
    /// Begins to listen.
    ///
    /// # Errors
    /// What the system says.
    pub fn listen() -> io::Result<Self> {
        let asked = Arc::new(AtomicBool::new(false));
        // The second one comes first: it looks at what the first one left.
        flag::register_conditional_shutdown(SIGINT, INTERRUPTED, Arc::clone(&asked))?;
        flag::register(SIGINT, Arc::clone(&asked))?;
        Ok(Self { asked })
    }

    /// True as soon as it was asked to stop.
    #[must_use]
    pub fn asked(&self) -> &AtomicBool {
        &self.asked
    }
}

impl Drop for Interrupt {
    fn drop(&mut self) {
        // Taking the handlers away would leave a Ctrl-C that does nothing: what the system did by
        // itself doesn't come back. So whoever presses it now presses it for the second time.
        self.asked.store(true, Ordering::Relaxed);
    }
}
