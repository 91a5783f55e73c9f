//! Work that takes longer than a key press may: it is handed to the host, which runs it beside
//! the console and brings the reply back as an event. A [`Slot`] is a screen's end of it: a newer
//! job in the same slot cancels the older one, whose reply is then never seen.

use std::any::Any;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// What a job came back with.
pub struct Reply {
    cancel: Cancel,
    value: Option<Box<dyn Any + Send>>,
    heard: bool,
    asked: Step,
}

/// How far the person at a console has gone: what was asked for at one step may be out of place at
/// another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Step {
    /// How often something else came to the front.
    pub fronts: u64,
    /// How often something was typed into a text.
    pub typed: u64,
    /// How often a key was pressed that neither a text nor a question took.
    pub keys: u64,
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Reply(broken: {})", self.value.is_none())
    }
}

/// A job looks at this now and then and stops early where nobody waits any more. It is also what
/// tells one job from another.
#[derive(Debug, Clone, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// Does nobody wait any more?
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// The same as a bare flag, for work that knows nothing of jobs.
    #[must_use]
    pub fn flag(&self) -> &AtomicBool {
        &self.0
    }

    fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

type Work = Box<dyn FnOnce(&Cancel) -> Box<dyn Any + Send> + Send>;

/// Work for the host to run beside the console.
pub struct Job {
    cancel: Cancel,
    work: Work,
    /// No key waits for it.
    behind: bool,
    /// Somebody hears what it comes back with.
    heard: bool,
    /// At which step it was asked for.
    asked: Step,
}

impl fmt::Debug for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Job(cancelled: {})", self.cancel.is_cancelled())
    }
}

impl Reply {
    /// Is it of any use to the console?
    #[must_use]
    pub fn is_heard(&self) -> bool {
        self.heard
    }

    /// At which step its job was asked for.
    #[must_use]
    pub fn asked(&self) -> Step {
        self.asked
    }

    /// Does a [`Slot`] still wait for it? Not once it was taken, nor where nobody asks any more.
    #[must_use]
    pub fn is_awaited(&self) -> bool {
        Arc::strong_count(&self.cancel.0) > 1
    }
}

impl Job {
    /// Frees what a person has left behind. A screen may hold thousands of texts, and giving them back
    /// takes longer than drawing a frame.
    #[must_use]
    pub fn freeing(what: impl Send + 'static) -> Self {
        let work = move |_: &Cancel| -> Box<dyn Any + Send> {
            drop(what);
            Box::new(())
        };
        Self { cancel: Cancel::default(), work: Box::new(work), behind: true, heard: false, asked: Step::default() }
    }

    /// The same, for what only adds to what is shown already: whoever types ahead doesn't wait for
    /// it.
    #[must_use]
    pub fn behind(self) -> Self {
        Self { behind: true, ..self }
    }

    /// The same, asked for at this step.
    #[must_use]
    pub fn at(self, asked: Step) -> Self {
        Self { asked, ..self }
    }

    /// May the next key be looked at before it is done?
    #[must_use]
    pub fn is_behind(&self) -> bool {
        self.behind
    }

    /// Runs it, on whichever thread this is called. A panic inside is a reply without a value, so
    /// that it ends the job alone.
    #[must_use]
    pub fn run(self) -> Reply {
        let Self { cancel, work, heard, asked, .. } = self;
        let value = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| work(&cancel))).ok();
        Reply { cancel, value, heard, asked }
    }
}

/// What became of a job.
#[derive(Debug)]
pub enum Ended<T> {
    /// It came back with this.
    With(T),
    /// It broke off.
    Broken,
}

/// A place in a screen's state for one job at a time.
pub struct Slot<T> {
    waiting: Option<Cancel>,
    kind: PhantomData<fn() -> T>,
}

impl<T> fmt::Debug for Slot<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Slot(waiting: {})", self.waiting.is_some())
    }
}

impl<T> Default for Slot<T> {
    fn default() -> Self {
        Self { waiting: None, kind: PhantomData }
    }
}

impl<T: Send + 'static> Slot<T> {
    /// Starts work here; what was under way is cancelled.
    #[must_use]
    pub fn start(&mut self, work: impl FnOnce(&Cancel) -> T + Send + 'static) -> Job {
        self.cancel();
        let cancel = Cancel::default();
        self.waiting = Some(cancel.clone());
        Job {
            cancel,
            work: Box::new(move |cancel| Box::new(work(cancel))),
            behind: false,
            heard: true,
            asked: Step::default(),
        }
    }

    /// Stops waiting for what is under way.
    pub fn cancel(&mut self) {
        if let Some(cancel) = self.waiting.take() {
            cancel.cancel();
        }
    }

    /// The same; says whether anything was.
    pub fn give_up(&mut self) -> bool {
        let was = self.is_waiting();
        self.cancel();
        was
    }

    /// Tells what is under way to stop, and still waits for what it says.
    pub fn call_off(&self) {
        if let Some(cancel) = &self.waiting {
            cancel.cancel();
        }
    }

    /// Is a job under way?
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        self.waiting.is_some()
    }

    /// The reply, if it is the one that this slot waits for.
    pub fn take(&mut self, reply: &mut Reply) -> Option<Ended<T>> {
        if self.waiting.as_ref().is_none_or(|cancel| !cancel.is(&reply.cancel)) {
            return None;
        }
        self.waiting = None;
        Some(match reply.value.take().and_then(|value| value.downcast().ok()) {
            Some(value) => Ended::With(*value),
            None => Ended::Broken,
        })
    }
}

impl<T> Drop for Slot<T> {
    fn drop(&mut self) {
        if let Some(cancel) = self.waiting.take() {
            cancel.cancel();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_newest_reply_counts_and_the_older_job_is_told() {
        let mut slot = Slot::default();
        let older = slot.start(|cancel| cancel.is_cancelled());
        let newer = slot.start(|cancel| cancel.is_cancelled());
        assert!(slot.take(&mut older.run()).is_none());
        assert!(matches!(slot.take(&mut newer.run()), Some(Ended::With(false))));
        assert!(!slot.is_waiting());
    }

    #[test]
    fn a_reply_is_awaited_until_it_is_taken_or_nobody_asks_any_more() {
        let (mut slot, mut other) = (Slot::default(), Slot::<u8>::default());
        let mut reply = slot.start(|_| 7).run();
        assert!(other.take(&mut reply).is_none() && reply.is_awaited());
        assert!(matches!(slot.take(&mut reply), Some(Ended::With(7))) && !reply.is_awaited());
        let reply = slot.start(|_| 8).run();
        slot.cancel();
        assert!(!reply.is_awaited());
        let reply = slot.start(|_| 9).run();
        drop(slot);
        assert!(!reply.is_awaited());
    }

    #[test]
    fn a_job_that_breaks_off_says_so() {
        let mut slot: Slot<u8> = Slot::default();
        let job = slot.start(|_| panic!("on purpose"));
        assert!(matches!(slot.take(&mut job.run()), Some(Ended::Broken)));
    }
}
