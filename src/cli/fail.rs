//! How a command ends: the exit codes, and errors that say what to do next.

use std::io::{self, ErrorKind, Write};

use crate::service::ServiceError;

/// Wrong usage.
pub const USAGE: u8 = 2;

/// How a command ended that did what it was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Done, or allowed.
    Done,
    /// Not everything could be answered; what could not has been told.
    Failed,
    /// The answer is no.
    Denied,
}

impl End {
    /// The exit code.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Denied => 3,
        }
    }
}

/// What a command comes to.
pub type Outcome = Result<End, Fail>;

/// A command that failed.
#[derive(Debug)]
pub struct Fail {
    error: String,
    hint: Option<String>,
    code: u8,
    /// Whoever read the output has gone: nothing is to be said.
    quiet: bool,
    /// Each line names its own place, at its beginning, where editors look for it.
    placed: bool,
}

impl Fail {
    /// It can't be done.
    pub fn new(error: impl Into<String>) -> Self {
        Self { error: error.into(), hint: None, code: End::Failed.code(), quiet: false, placed: false }
    }

    /// It was asked in the wrong way.
    pub fn usage(error: impl Into<String>) -> Self {
        Self { code: USAGE, ..Self::new(error) }
    }

    /// It isn't allowed.
    pub fn denied(error: impl Into<String>) -> Self {
        Self { code: End::Denied.code(), ..Self::new(error) }
    }

    /// With what to do next.
    pub fn hinting(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    /// With what it means for what was to be done.
    pub fn adding(self, words: &str) -> Self {
        Self { error: format!("{}; {words}", self.error), ..self }
    }

    /// Said also where whoever read the output has gone: something was done that they must know of.
    pub fn loud(self) -> Self {
        Self { quiet: false, ..self }
    }

    /// A file that can't be read or written.
    pub fn file(name: &str, doing: &str, error: &io::Error) -> Self {
        Self::new(format!("{name} can't be {doing}: {error}"))
    }

    /// The exit code.
    pub fn code(&self) -> u8 {
        if self.quiet { End::Done.code() } else { self.code }
    }

    /// Says it: in words, or as one JSON object.
    pub fn tell(&self, json: bool, err: &mut dyn Write) -> io::Result<()> {
        if self.quiet {
            return Ok(());
        }
        if json {
            let object = serde_json::json!({"error": self.error, "hint": self.hint});
            return writeln!(err, "{object}");
        }
        if self.placed {
            writeln!(err, "{}", self.error)?;
            writeln!(err, "error: nothing was changed")?;
        } else {
            writeln!(err, "error: {}", self.error)?;
        }
        match &self.hint {
            Some(hint) => writeln!(err, "hint: {hint}"),
            None => Ok(()),
        }
    }
}

impl From<ServiceError> for Fail {
    fn from(error: ServiceError) -> Self {
        match error {
            ServiceError::Output(error) => error.into(),
            ServiceError::Denied(_) => {
                let hint = error.hint().map(str::to_owned);
                Self { hint, ..Self::denied(error.to_string()) }
            }
            _ => {
                let hint = error.hint().map(str::to_owned);
                let placed = matches!(error, ServiceError::InvalidList(_));
                Self { hint, placed, ..Self::new(error.to_string()) }
            }
        }
    }
}

/// The output can't be written.
impl From<io::Error> for Fail {
    fn from(error: io::Error) -> Self {
        let quiet = error.kind() == ErrorKind::BrokenPipe;
        Self { quiet, ..Self::new(format!("the output can't be written: {error}")) }
    }
}

impl From<serde_json::Error> for Fail {
    fn from(error: serde_json::Error) -> Self {
        match error.io_error_kind() {
            Some(kind) => io::Error::from(kind).into(),
            None => Self::new(error.to_string()),
        }
    }
}
