//! Where a console runs. Every console is the same thing: bytes in, a size, bytes out. The
//! terminal in front of a person is one way to carry them ([`terminal`]), tests are another
//! ([`headless`]). No console reads a terminal by itself.

pub mod backend;
pub mod console;
pub mod decode;
pub mod frame;
pub mod headless;
pub mod interrupt;
pub mod prompt;
pub mod terminal;

pub use console::Console;
pub use interrupt::Interrupt;
pub use terminal::{TerminalError, run_terminal};
