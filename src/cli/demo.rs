//! `rolecall demo`.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use clap::Args;

use super::fail::{End, Fail, Outcome};
use super::shell::Shell;
use crate::host::run_terminal;
use crate::service::clock::SystemClock;
use crate::service::demo::{self, Amounts, PERSONAS};
use crate::service::{Engine, ServiceError};
use crate::tui::app::Progress;

const AFTER: &str = "A veterinary clinic of thirty people in ten roles, the same every time. The key @ signs in
as somebody else of the clinic. Nothing is kept.

Examples:
  rolecall demo
  rolecall demo --records 100000
  rolecall demo --as kim@paws.example";

/// Up to so many records are there before the console opens; more come in behind it.
const AT_FIRST: u64 = 10_000;
const MOST: u64 = 10_000_000;

/// Arguments.
#[derive(Debug, Args)]
#[command(after_help = AFTER)]
pub struct DemoArgs {
    /// How many contacts; companies and deals come in proportion [default: 2000]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(0..=MOST))]
    records: Option<u64>,
}

/// Runs it.
pub fn run(args: &DemoArgs, shell: &Shell, named_data: bool) -> Outcome {
    // A directory of the environment is for the other commands; one that was typed is meant.
    if named_data {
        let fail = Fail::usage("a demo has no data directory: it is thrown away when it ends");
        return Err(fail.hinting("leave --data out, or make an account to keep with `rolecall init`"));
    }
    let folder = Folder::new()?;
    let amounts = args.records.map_or(Amounts::USUAL, Amounts::of);
    let first = PERSONAS.first().map(|persona| persona.email.to_owned());
    let persona = shell.global.as_user.clone().or(first);
    // Before the console opens: somebody who can't be it is no persona.
    let made = shell.global.as_user.as_deref().map(|email| made_for(&folder.0, email)).transpose()?;
    let filling = Arc::new(Filling::default());
    let opener = {
        let (path, filling) = (folder.0.clone(), Arc::clone(&filling));
        Box::new(move |progress: &Progress| {
            open(&path, made, amounts, progress, &filling).map_err(|error| error.to_string())
        })
    };
    let outcome = run_terminal(opener, persona);
    filling.stop();
    drop(folder);
    outcome?;
    Ok(End::Done)
}

/// The demo, where this person can be somebody in it.
fn made_for(path: &Path, email: &str) -> Result<Arc<Engine>, Fail> {
    let engine = demo::open(path, Arc::new(SystemClock))?;
    let hint = "leave --as out; in the demo, the key @ lists everybody whom you can be";
    drop(engine.acting_as(email).map_err(|error| Fail::from(error).hinting(hint))?);
    Ok(engine)
}

fn open(
    path: &Path,
    made: Option<Arc<Engine>>,
    amounts: Amounts,
    progress: &Progress,
    filling: &Arc<Filling>,
) -> Result<Arc<Engine>, ServiceError> {
    let engine = made.map_or_else(|| demo::open(path, Arc::new(SystemClock)), Ok)?;
    if amounts.total() <= AT_FIRST {
        let mut parts = 0;
        demo::fill(&engine, amounts, || {
            parts += 1;
            progress.set(parts, parts + 1);
            filling.goes_on()
        })?;
    } else {
        filling.start(Arc::clone(&engine), amounts);
    }
    Ok(engine)
}

/// The records of a large demo, coming in behind the console.
#[derive(Default)]
struct Filling {
    over: AtomicBool,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Filling {
    fn goes_on(&self) -> bool {
        !self.over.load(Ordering::Relaxed)
    }

    fn start(self: &Arc<Self>, engine: Arc<Engine>, amounts: Amounts) {
        let filling = Arc::clone(self);
        // A demo that stops filling is still a demo.
        let thread = std::thread::spawn(move || drop(demo::fill(&engine, amounts, || filling.goes_on())));
        *self.thread.lock().unwrap_or_else(PoisonError::into_inner) = Some(thread);
    }

    fn stop(&self) {
        self.over.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take() {
            drop(thread.join());
        }
    }
}

/// A folder that is gone afterwards.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Result<Self, Fail> {
        let mut name = [0; 8];
        getrandom::fill(&mut name).map_err(|error| Fail::new(error.to_string()))?;
        let name = format!("rolecall-demo-{:016x}", u64::from_le_bytes(name));
        let path = std::env::temp_dir().join(name);
        DirBuilder::new()
            .mode(0o700)
            .create(&path)
            .map_err(|error| Fail::file(&path.display().to_string(), "made", &error))?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What can't be removed now, the system removes from its temporary directory in time.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
