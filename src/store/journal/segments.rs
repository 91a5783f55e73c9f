//! The journal's files: their names, and which of them holds a record.

use std::path::{Path, PathBuf};

use super::super::error::{Attempt as _, StoreError};
use super::super::files::Disk;

const ENDING: &str = ".journal";

/// The file whose first record has this number.
#[must_use]
pub fn path(dir: &Path, first: u64) -> PathBuf {
    dir.join(format!("{first:020}{ENDING}"))
}

/// The first numbers of all segments, in order.
///
/// # Errors
/// Where the directory can't be read.
pub fn list(disk: &dyn Disk, dir: &Path) -> Result<Vec<u64>, StoreError> {
    let names = disk.names(dir).attempt("read", dir)?;
    Ok(names.iter().filter_map(|name| name.strip_suffix(ENDING)?.parse().ok()).collect())
}

/// The segment in which a record is, or would be.
#[must_use]
pub fn holding(segments: &[u64], sequence: u64) -> Option<u64> {
    let after = segments.partition_point(|first| *first <= sequence);
    segments.get(after.checked_sub(1)?).copied()
}
