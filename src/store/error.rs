//! What can go wrong in the store, in words that say what happened and what to do next.

use std::io;
use std::path::{Path, PathBuf};

use super::codec::CodecError;
use super::journal::Damage;
use super::lock::Holder;

/// The store can't do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The disk refused.
    #[error("could not {doing} {}: {source}{}", path.display(), advice(source))]
    Io {
        /// What was tried, such as "write".
        doing: &'static str,
        /// On which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Another process has it.
    #[error("the data directory is in use by {0}; close that rolecall first, or use the server that it runs")]
    Held(Holder),
    /// The directory isn't ours to use.
    #[error("{} {problem}", path.display())]
    Unfit {
        /// The file or directory.
        path: PathBuf,
        /// What is wrong and what to do, to follow its name.
        problem: String,
    },
    /// The journal or the secrets are damaged where it can't be repaired without losing something.
    #[error(transparent)]
    Damaged(#[from] Box<Damage>),
    /// Something stored can't be understood.
    #[error("{place} can't be read: {source}; run `rolecall verify`, then restore the last good backup")]
    Codec {
        /// Where it is stored.
        place: String,
        /// What is wrong with it.
        source: CodecError,
    },
    /// The stored changes do not follow from each other.
    #[error("the change number {sequence} does not fit what came before it ({problem}); run `rolecall verify`")]
    Replay {
        /// Its number.
        sequence: u64,
        /// Why it doesn't fit.
        problem: String,
    },
    /// An earlier failure of the disk stopped all writing.
    #[error("the store takes no more changes since a failure ({0}); mend the cause and start rolecall anew")]
    ReadOnly(String),
    /// A change set could not be written beside the journal; others can.
    #[error("this could not be written down beside the rest ({0}), and nothing of it was kept; try again")]
    Aside(String),
    /// Nothing was ever kept here.
    #[error("{} holds no account yet; run `rolecall init` first", .0.display())]
    Empty(PathBuf),
    /// The rows are still being read.
    #[error("the records are still being loaded; try again in a moment")]
    Loading,
    /// Whoever asked doesn't wait any more.
    #[error("cancelled")]
    Cancelled,
    /// Reading the rows failed for good.
    #[error("the records can't be loaded: {0}")]
    LoadFailed(String),
    /// A backup isn't one, or is broken.
    #[error("{} is not a whole backup: {problem}", path.display())]
    Backup {
        /// The backup's file.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// A part of one commit is too big for a record of the journal.
    #[error("one change of {0} bytes is too big to be kept; shorten its texts")]
    TooBig(usize),
}

fn advice(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "; free some space on that disk and start again",
        io::ErrorKind::PermissionDenied => "; it must belong to the user who runs rolecall",
        io::ErrorKind::ReadOnlyFilesystem => "; that disk is mounted read-only",
        io::ErrorKind::NotFound => "; check the path",
        _ => "",
    }
}

/// Names the file and the attempt in an error of the system.
pub(crate) trait Attempt<T> {
    /// The result with the words that an error needs.
    fn attempt(self, doing: &'static str, path: &Path) -> Result<T, StoreError>;
}

impl<T> Attempt<T> for io::Result<T> {
    fn attempt(self, doing: &'static str, path: &Path) -> Result<T, StoreError> {
        self.map_err(|source| StoreError::Io { doing, path: path.to_owned(), source })
    }
}
