//! Room ahead of the journal's end. A sync of a file that grew writes its new length too, at a place
//! of its own; one of a file that was long enough already writes only the bytes. So whoever commits
//! one change after the other gets some room reserved: zeros, which readers take for the end.
//!
//! In reserved room a later record could reach the medium before an earlier one, and a sound record
//! behind a bad one is damage to whoever recovers. So at most one record that isn't synced is ever
//! there; where several share a sync, they are appended to a file that ends where they begin.

use std::io;

use super::super::files::DiskFile;

/// So much is reserved at a time.
const AHEAD: u64 = 256 << 10;

/// What is reserved in the file at the end.
#[derive(Debug, Default)]
pub(super) struct Room {
    /// The file's length, where that is more than what was written.
    reserved: Option<u64>,
    /// Records since the last sync.
    pending: u32,
    /// The last sync was of one record.
    alone: bool,
    /// There is no space, or the disk refuses.
    unable: bool,
}

impl Room {
    /// What a file has that was left by a crash.
    pub(super) fn found(file: &dyn DiskFile, offset: u64) -> Self {
        let reserved = file.length().ok().filter(|length| *length > offset);
        Self { reserved, ..Self::default() }
    }

    /// Before a record is written from an offset to an end.
    pub(super) fn make(&mut self, file: &mut dyn DiskFile, offset: u64, end: u64) -> io::Result<()> {
        if self.pending > 0 && self.reserved.is_some() {
            file.sync()?;
            self.give_back(file, offset)?;
        } else if self.pending == 0 && self.alone && !self.unable && self.reserved.is_none_or(|length| length < end) {
            match file.reserve(end + AHEAD) {
                Ok(()) => self.reserved = Some(end + AHEAD),
                // Whatever there is of it is room all the same.
                Err(_) => *self = Self { unable: true, ..Self::found(file, offset) },
            }
        }
        self.pending += 1;
        Ok(())
    }

    /// Everything written is on the medium.
    pub(super) fn synced(&mut self) {
        self.alone = self.pending <= 1;
        self.pending = 0;
    }

    /// Ends the file where what was written ends.
    pub(super) fn give_back(&mut self, file: &mut dyn DiskFile, offset: u64) -> io::Result<()> {
        if self.reserved.is_some() {
            file.cut(offset)?;
            self.reserved = None;
        }
        Ok(())
    }
}
