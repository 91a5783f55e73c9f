//! Work that may take long and that nobody has to wait for on its screen: an import, a change of
//! thousands of records. The console runs it, shows how far it is on whatever screen is in front,
//! lets it be called off, and says there what came of it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::job::{Cancel, Job, Slot};
use super::toast::Toast;
use super::words::number;

/// How far a task is, told by the task and read by the console.
#[derive(Debug, Clone, Default)]
pub struct Progress(Arc<Shown>);

#[derive(Debug, Default)]
struct Shown {
    done: AtomicU64,
    of: AtomicU64,
    /// One more than the hundredths that are done, where they are known.
    hundredths: AtomicU64,
    /// What it is at, where that is worth a word.
    note: Mutex<&'static str>,
}

impl Progress {
    /// So many of so many are done; of nobody knows how many, if `of` is 0.
    pub fn set(&self, done: u64, of: u64) {
        self.0.done.store(done, Ordering::Relaxed);
        self.0.of.store(of, Ordering::Relaxed);
        self.0.hundredths.store(0, Ordering::Relaxed);
    }

    /// So many are done of nobody knows how many, and so many hundredths of the whole, where that is
    /// known.
    pub fn set_share(&self, done: u64, hundredths: Option<u64>) {
        self.set(done, 0);
        self.0.hundredths.store(hundredths.map_or(0, |share| share + 1), Ordering::Relaxed);
    }

    /// What it is at, in a few words, or nothing.
    pub fn set_note(&self, note: &'static str) {
        *self.0.note.lock().unwrap_or_else(PoisonError::into_inner) = note;
    }

    /// How many hundredths of the whole are done, where that is known.
    #[must_use]
    pub fn share(&self) -> Option<u64> {
        self.0.hundredths.load(Ordering::Relaxed).checked_sub(1)
    }

    /// The same in words, to stand behind what is done.
    #[must_use]
    pub fn words(&self) -> String {
        let note = *self.0.note.lock().unwrap_or_else(PoisonError::into_inner);
        let so_far = match (self.0.done.load(Ordering::Relaxed), self.0.of.load(Ordering::Relaxed), self.share()) {
            (0, 0, _) => String::new(),
            (done, 0, None) => format!(" {}", number(done)),
            (done, 0, Some(share)) => format!(" {} ({share}%)", number(done)),
            (done, of, _) => format!(" {} of {}", number(done), number(of)),
        };
        if note.is_empty() { so_far } else { format!("{so_far}, {note}") }
    }
}

type Work = Box<dyn FnOnce(&Progress, &Cancel) -> Toast + Send>;

/// Work for the console to run: what it is called while it runs, and what it does.
pub struct Task {
    title: String,
    work: Work,
}

impl Task {
    /// A task; `title` is what it does, such as `Importing spring.csv`. What it returns is said when
    /// it is done.
    pub fn new(title: impl Into<String>, work: impl FnOnce(&Progress, &Cancel) -> Toast + Send + 'static) -> Self {
        Self { title: title.into(), work: Box::new(work) }
    }

    /// Starts it: the console's end of it, and the job for the host.
    pub(super) fn start(self) -> (Running, Job) {
        let Self { title, work } = self;
        let (progress, mut slot) = (Progress::default(), Slot::default());
        let told = progress.clone();
        let job = slot.start(move |cancel| work(&told, cancel));
        (Running { title, progress, slot }, job)
    }
}

/// A task under way. Dropping it calls it off.
#[derive(Debug)]
pub struct Running {
    title: String,
    progress: Progress,
    pub(super) slot: Slot<Toast>,
}

impl Running {
    /// What it does and how far it is.
    #[must_use]
    pub fn words(&self) -> String {
        format!("{}…{}", self.title, self.progress.words())
    }

    /// What it does.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }
}
