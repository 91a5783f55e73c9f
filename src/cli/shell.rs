//! Where a command runs: the data directory, who asks, and where the answer goes.

use std::io::{self, BufWriter, IsTerminal as _, Read, Write};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use etcetera::base_strategy::{BaseStrategy as _, choose_native_strategy};
use rustix::fs::OFlags;
use serde_json::Value as Json;

use super::args::Global;
use super::fail::Fail;
use crate::model::text::fold;
use crate::service::{Engine, ServiceError, Session};
use crate::store::Options;

/// Lists and counts need every record; so long is waited for them to be loaded.
const PATIENCE: Duration = Duration::from_secs(60 * 60);

/// What every command is given.
pub struct Shell {
    /// What was said before or after the command.
    pub global: Global,
    /// Where answers go.
    pub out: Box<dyn Write>,
}

impl Shell {
    /// Answers go to the standard output.
    pub fn new(global: Global) -> Self {
        Self { global, out: Box::new(BufWriter::new(io::stdout().lock())) }
    }

    /// Are answers wanted as JSON?
    pub fn json(&self) -> bool {
        self.global.json
    }

    /// Answers with a JSON value on one line.
    pub fn put_json(&mut self, value: &Json) -> Result<(), Fail> {
        serde_json::to_writer(&mut self.out, value)?;
        Ok(writeln!(self.out)?)
    }

    /// Says something beside the answer.
    pub fn remark(&mut self, text: &str) {
        // A remark that nobody can read is no reason to fail.
        let _ = self.out.flush();
        let _ = writeln!(io::stderr(), "{text}");
    }

    /// The data directory.
    pub fn directory(&self) -> Result<PathBuf, Fail> {
        if let Some(given) = self.global.data.as_ref().filter(|given| !given.is_empty()) {
            // Whole and without a slash at its end: other names are made from it.
            let whole =
                std::path::absolute(given).map_err(|error| Fail::file(&given.to_string_lossy(), "used", &error))?;
            if whole.is_file() {
                let message = format!("--data {}: that is a file", given.to_string_lossy());
                return Err(Fail::new(message).hinting("name the directory that the data is in, or a new one"));
            }
            return Ok(whole.components().collect());
        }
        let home = choose_native_strategy().map_err(|_| {
            Fail::new("there is no home directory to keep the data in").hinting("name a directory with --data DIR")
        })?;
        Ok(home.data_dir().join("rolecall"))
    }

    /// The engine of an account that exists; a directory that doesn't isn't made.
    pub fn engine(&self, patience: bool) -> Result<Arc<Engine>, Fail> {
        let directory = self.directory()?;
        if !is_made(&directory)? {
            return Err(ServiceError::NoAccount.into());
        }
        open(&directory, patience)
    }

    /// A session of whoever asks, with every record loaded.
    pub fn session(&self) -> Result<Session, Fail> {
        self.session_at(&self.engine(true)?)
    }

    /// A session of whoever asks, for what doesn't need every record.
    pub fn quick_session(&self) -> Result<Session, Fail> {
        self.session_at(&self.engine(false)?)
    }

    fn session_at(&self, engine: &Arc<Engine>) -> Result<Session, Fail> {
        if !engine.has_account() {
            return Err(ServiceError::NoAccount.into());
        }
        match &self.global.as_user {
            Some(email) => Ok(engine.acting_as(email)?),
            None => {
                self.tell_findings(engine);
                Ok(engine.operator())
            }
        }
    }

    /// What opening found and mended is the operator's to know. With `--json` the error output is
    /// kept for errors; `verify` tells the same.
    fn tell_findings(&self, engine: &Engine) {
        for finding in engine.findings().iter().filter(|_| !self.json()) {
            // A remark that nobody can read is no reason to fail.
            let _ = writeln!(io::stderr(), "note: {finding}");
        }
    }

    /// Refuses `--as` for what only the operator does.
    pub fn operator_only(&self, what: &str) -> Result<(), Fail> {
        match &self.global.as_user {
            Some(_) => Err(Fail::denied(format!("only the operator {what}")).hinting("leave out --as")),
            None => Ok(()),
        }
    }
}

/// Was anything ever kept in this directory? Somebody else's, which may not be entered, is no empty one.
pub fn is_made(directory: &Path) -> Result<bool, Fail> {
    let hint = "run it as the user whom that directory belongs to, or name your own with --data DIR";
    Engine::is_made(directory).map_err(|error| Fail::from(error).hinting(hint))
}

/// Opens a data directory, making it if it isn't there.
pub fn open(directory: &Path, patience: bool) -> Result<Arc<Engine>, Fail> {
    let usual = Options::default();
    let options = Options { load_wait: if patience { PATIENCE } else { usual.load_wait }, ..usual };
    Ok(Engine::open(directory, options)?)
}

/// The text of a file, or of the standard input for `-`.
pub fn read_text(name: &str) -> Result<String, Fail> {
    let bytes = if name == "-" {
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        std::fs::read(name)
    };
    let bytes = bytes.map_err(|error| Fail::file(name, "read", &error))?;
    String::from_utf8(bytes).map_err(|error| {
        let sound = error.utf8_error().valid_up_to();
        let line = error.as_bytes().iter().take(sound).filter(|byte| **byte == b'\n').count() + 1;
        Fail::new(format!("{}:{line}: isn't UTF-8 text", shown_name(name)))
    })
}

/// A file to read, or the standard input for `-`.
pub fn open_input(name: &str) -> Result<Box<dyn Read + Send>, Fail> {
    if name == "-" {
        return Ok(Box::new(io::stdin()));
    }
    let file = std::fs::File::open(name).map_err(|error| Fail::file(name, "read", &error))?;
    if file.metadata().is_ok_and(|about| about.is_dir()) {
        return Err(Fail::new(format!("{name} is a directory")));
    }
    Ok(Box::new(file))
}

/// The name of a list, in any case; another one is a wrong usage.
pub fn list() -> impl TypedValueParser<Value = String> {
    PossibleValuesParser::new(["contacts", "companies", "deals"]).map(|name| fold(&name))
}

/// So many of a thing.
pub fn counted(count: u64, thing: &str) -> String {
    if count == 1 { format!("1 {thing}") } else { format!("{count} {thing}s") }
}

/// A file's name as messages have it.
pub fn shown_name(name: &str) -> &str {
    if name == "-" { "standard input" } else { name }
}

/// Was the standard output closed when the program began? It then writes to nowhere, through a way
/// that could be read as well; whoever sends it to nowhere on purpose opens it for writing alone.
pub fn is_closed() -> bool {
    let out = io::stdout();
    let (Ok(about), Ok(flags)) = (rustix::fs::fstat(&out), rustix::fs::fcntl_getfl(&out)) else { return true };
    let nowhere = std::fs::metadata("/dev/null").is_ok_and(|null| null.rdev() == about.st_rdev && null.rdev() != 0);
    nowhere && flags & OFlags::RWMODE == OFlags::RDWR
}

/// Is there a person to ask?
pub fn has_person() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}
