//! Files that a person names: lists that go out and rows that come in. A list goes out whole or not
//! at all, and only its writer can read it.

use std::fs::File;
use std::io::{BufWriter, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use super::error::ServiceError;
use super::import::{ImportOptions, ImportProgress, ImportReport};
use super::records::RecordQuery;
use super::session::Session;
use crate::store::outside::{Beside, Place};

/// The names of files and folders that go on from what is typed, at most so many; folders end in a
/// slash. What can't be read has none, and whoever has called it off gets some of them.
#[must_use]
pub fn beginning_with(typed: &str, most: usize, cancelled: &AtomicBool) -> Vec<String> {
    let (folder, start) = match typed.rfind('/') {
        Some(place) => typed.split_at(place + 1),
        None => ("", typed),
    };
    let looked_in = if folder.is_empty() { PathBuf::from(".") } else { at_home(folder) };
    let Ok(entries) = std::fs::read_dir(looked_in) else { return Vec::new() };
    let mut names: Vec<String> = entries
        .take(10_000)
        .take_while(|_| !cancelled.load(Ordering::Relaxed))
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let hidden = name.starts_with('.') && !start.starts_with('.');
            if hidden || !name.starts_with(start) {
                return None;
            }
            let is_folder = entry.path().is_dir();
            Some(format!("{folder}{name}{}", if is_folder { "/" } else { "" }))
        })
        .collect();
    names.sort();
    names.truncate(most);
    names
}

/// `~/` is the home directory.
fn at_home(path: &str) -> PathBuf {
    let home = path.strip_prefix("~/").and_then(|rest| Some(Path::new(&std::env::var_os("HOME")?).join(rest)));
    home.unwrap_or_else(|| PathBuf::from(path))
}

fn failed(path: &str, what: &str, error: &std::io::Error) -> ServiceError {
    let why = match error.kind() {
        ErrorKind::NotFound if what == "read" => "there is no such file".to_owned(),
        ErrorKind::NotFound => "there is no such folder".to_owned(),
        ErrorKind::PermissionDenied => "its owner doesn't allow it".to_owned(),
        _ => error.to_string(),
    };
    ServiceError::Invalid(format!("“{path}” can't be {what}: {why}"))
}

/// A new file beside the one that is named, which takes its place once all is in it.
fn beside(path: &str) -> Result<Beside, ServiceError> {
    let target = match Place::of(&at_home(path)).map_err(|error| failed(path, "written", &error))? {
        Place::File(target) => target,
        Place::Folder => return Err(ServiceError::Invalid(format!("“{path}” is a folder; name a file in it"))),
        // Of a pipe nobody knows when somebody reads it, and a device is not to be replaced.
        Place::Stream => {
            return Err(ServiceError::Invalid(format!("“{path}” is no file but a pipe or a device; name a file")));
        }
    };
    Beside::begin(target, 0o600).map_err(|error| failed(path, "written", &error))
}

impl Session {
    /// Is there something by this name?
    #[must_use]
    pub fn file_exists(&self, path: &str) -> bool {
        at_home(path).symlink_metadata().is_ok()
    }

    /// Could a list be written into a file of this name? What is there already is another matter.
    ///
    /// # Errors
    /// Why not.
    pub fn could_write(&self, path: &str) -> Result<(), ServiceError> {
        beside(path).map(drop)
    }

    /// Writes a list into a file that only its writer can read; the whole list or nothing. Answers
    /// how many records it holds.
    ///
    /// # Errors
    /// As [`Session::export_csv`]; where the file can't be written, or is there and isn't to be
    /// written over; where it was called off.
    pub fn export_to_file(
        &self,
        query: &RecordQuery,
        path: &str,
        replace: bool,
        progress: &mut dyn FnMut(u64, u64),
        cancelled: &AtomicBool,
    ) -> Result<u64, ServiceError> {
        if !replace && at_home(path).symlink_metadata().is_ok() {
            return Err(ServiceError::Invalid(format!("“{path}” is there already; choose another name")));
        }
        let beside = beside(path)?;
        let written = self.export_watched(query, BufWriter::new(beside.file()), progress, cancelled)?;
        let placed = if replace { beside.replace() } else { beside.place() };
        placed.map_err(|error| failed(path, "written", &error))?;
        Ok(written)
    }

    /// Imports the rows of a file.
    ///
    /// # Errors
    /// As [`Session::import`], and where the file can't be read.
    pub fn import_file(
        &self,
        object: &str,
        path: &str,
        options: &ImportOptions,
        progress: &mut dyn FnMut(ImportProgress),
        cancelled: &AtomicBool,
    ) -> Result<ImportReport, ServiceError> {
        let file = self.readable(path)?;
        let of = file.metadata().ok().map(|about| about.len());
        let mut told = |so_far| progress(ImportProgress { of, ..so_far });
        self.import(object, file, options, &mut told, cancelled)
    }

    /// A file to read rows from. Of anything else nobody knows when it opens, or ends.
    pub(super) fn readable(&self, path: &str) -> Result<File, ServiceError> {
        let place = at_home(path);
        if place.is_dir() {
            return Err(ServiceError::Invalid(format!("“{path}” is a folder; name a file in it")));
        }
        if place.metadata().is_ok_and(|about| !about.is_file()) {
            let text =
                format!("“{path}” is no file but a pipe or a device; save what it holds as a file, and name that");
            return Err(ServiceError::Invalid(text));
        }
        File::open(place).map_err(|error| failed(path, "read", &error))
    }
}
