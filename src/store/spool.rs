//! A thread that puts parts of a change set into bytes and writes them aside, while whoever makes
//! them goes on.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use super::codec;
use super::error::StoreError;
use super::journal::Asides;
use crate::authz::Heading;
use crate::model::Change;

/// So many parts may wait to be written.
const AHEAD: usize = 2;

/// The thread's end.
#[derive(Debug)]
pub(super) struct Spool {
    send: Option<SyncSender<Vec<Change>>>,
    thread: Option<JoinHandle<Result<Asides, StoreError>>>,
}

impl Spool {
    /// Starts it.
    pub(super) fn start(asides: Asides, heading: &Arc<Heading>) -> Result<Self, StoreError> {
        let (send, receive) = sync_channel(AHEAD);
        let heading = Arc::clone(heading);
        let named = std::thread::Builder::new().name("rolecall-aside".to_owned());
        let thread = named.spawn(move || write(asides, &heading, &receive));
        let thread = thread.map_err(|error| gave_up(format!("no thread could be started: {error}")))?;
        Ok(Self { send: Some(send), thread: Some(thread) })
    }

    /// Hands a part over.
    ///
    /// # Errors
    /// Why an earlier one couldn't be written.
    pub(super) fn push(&mut self, part: Vec<Change>) -> Result<(), StoreError> {
        let sent = self.send.as_ref().is_some_and(|send| send.send(part).is_ok());
        if sent { Ok(()) } else { self.end().and(Err(gave_up("the thread that writes it ended early"))) }
    }

    /// Waits until everything is written.
    ///
    /// # Errors
    /// As [`Spool::push`].
    pub(super) fn finish(mut self) -> Result<Asides, StoreError> {
        self.end()
    }

    fn end(&mut self) -> Result<Asides, StoreError> {
        self.send = None;
        let Some(thread) = self.thread.take() else { return Err(gave_up("the thread that writes it ended already")) };
        thread.join().unwrap_or_else(|_| Err(gave_up("the thread that writes it broke off")))
    }
}

impl Drop for Spool {
    fn drop(&mut self) {
        // Nobody wants it any more: what was written goes with what the thread returns.
        drop(self.end());
    }
}

fn write(mut asides: Asides, heading: &Heading, parts: &Receiver<Vec<Change>>) -> Result<Asides, StoreError> {
    while let Ok(changes) = parts.recv() {
        asides.push(&encoded(heading, changes)?)?;
    }
    asides.sync()?;
    Ok(asides)
}

/// A part as the journal keeps it.
pub(super) fn encoded(heading: &Heading, changes: Vec<Change>) -> Result<Vec<u8>, StoreError> {
    codec::write_commit(&heading.over(changes))
        .map_err(|source| StoreError::Codec { place: "this change".to_owned(), source })
}

fn gave_up(why: impl ToString) -> StoreError {
    StoreError::Aside(why.to_string())
}
