//! The terminal in front of a person. Raw mode, a thread that reads the keyboard, a thread that
//! hears signals, and one loop that tells the console what happened and draws it. However it ends
//! (quit, hang-up, a signal, a panic) the terminal is given back as it was; so it is while the
//! console is suspended.

use std::io::{self, IsTerminal as _, Write};
use std::os::fd::AsFd as _;
use std::os::unix::net::UnixStream;
use std::panic::AssertUnwindSafe;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, poll};
use rustix::process::{Signal, getpgrp, getsid, kill_current_process_group};
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcgetwinsize, tcsetattr};
use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGWINCH};

use super::backend::LEAVE;
use super::console::Console;
use super::frame::Distance;
use crate::tui::event::Size;
use crate::tui::job::{Job, Reply};
use crate::tui::theme::Look;
use crate::tui::{App, Start, app::Opener};

/// Why there is no console in this terminal, or no longer.
#[derive(Debug, thiserror::Error)]
pub enum TerminalError {
    /// Input or output is a file or a pipe.
    #[error("the console needs a terminal, and {0} isn't one; `rolecall --help` lists the commands for scripts")]
    NoTerminal(&'static str),
    /// The terminal refused something.
    #[error("the terminal can't be used: {0}")]
    Io(#[from] io::Error),
    /// The data directory couldn't be opened.
    #[error("{0}")]
    NotOpened(String),
    /// A bug.
    #[error("the console broke off: {0}. Nothing that was saved is lost; start it again")]
    Broken(String),
}

impl From<rustix::io::Errno> for TerminalError {
    fn from(errno: rustix::io::Errno) -> Self {
        Self::Io(errno.into())
    }
}

/// What reaches the loop.
enum Input {
    Bytes(Vec<u8>),
    Closed,
    Resized,
    Suspended,
    Continued,
    Terminated,
    Changed,
    /// What a job came back with, and whether keys wait for it.
    Reply(Reply, bool),
}

/// How long the next frame waits for jobs that a key just started: most are done by then, and the
/// list doesn't flicker. Whatever they do, a key has its frame within two.
const GRACE: Duration = Duration::from_millis(1);
/// How long the next key waits for them: whoever types ahead types into what the key before opened.
/// Letters of a text wait for nothing: there a newer job takes the older one's place.
const AHEAD: Duration = Duration::from_millis(150);
/// However much is typed, a frame is drawn this often.
const FRAME: Duration = Duration::from_millis(33);

/// Runs a console in this process's own terminal until the person leaves. A demo's starts signed
/// in as a persona.
///
/// # Errors
/// Why it couldn't start, or why it ended other than by the person leaving.
pub fn run_terminal(open: Opener, persona: Option<String>) -> Result<(), TerminalError> {
    if !io::stdin().is_terminal() {
        return Err(TerminalError::NoTerminal("the input"));
    }
    if !io::stdout().is_terminal() {
        return Err(TerminalError::NoTerminal("the output"));
    }
    let raw = Raw::enter()?;
    let (sender, inputs) = channel();
    let wake = {
        let sender = Mutex::new(sender.clone());
        Arc::new(move || {
            // Nobody hears it any more once the loop has ended.
            sender.lock().is_ok_and(|sender| sender.send(Input::Changed).is_ok())
        })
    };
    let look = Look::from_environment(&|name| std::env::var(name).ok());
    let size = size();
    let mut app = App::new(Start { open, persona, look, size, wake });
    if has_shell() {
        app.allow_suspending();
    }
    let _hook = PanicHook::install(&raw);
    let _keyboard = Keyboard::start(sender.clone())?;
    let _signals = Signals::start(sender.clone())?;
    let outcome = std::panic::catch_unwind(AssertUnwindSafe(|| {
        let mut console = Console::new(Terminal, size, Distance::Local, app)?;
        let outcome = carry(&mut console, &inputs, &sender, &raw);
        console.leave();
        outcome
    }));
    drop(raw);
    match outcome {
        Ok(outcome) => outcome,
        Err(panic) => Err(TerminalError::Broken(said(panic.as_ref()))),
    }
}

/// The loop: wait, take in, draw.
fn carry(
    console: &mut Console<Terminal>,
    inputs: &Receiver<Input>,
    sender: &Sender<Input>,
    raw: &Raw,
) -> Result<(), TerminalError> {
    let begin = Instant::now();
    let mut jobs = Jobs { sender, running: 0, before: 0, since: Duration::ZERO };
    // The first frame comes before the first job: the store opens behind it.
    console.draw()?;
    loop {
        jobs.start(console.take_jobs(), begin.elapsed());
        let wait = console.deadline().map(|deadline| deadline.saturating_sub(begin.elapsed()));
        let input = match (console.is_behind(), wait) {
            (true, _) => Err(RecvTimeoutError::Timeout),
            (false, Some(wait)) => inputs.recv_timeout(wait),
            (false, None) => inputs.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        let mut way = Way::On;
        match input {
            Err(RecvTimeoutError::Timeout) => console.elapse(begin.elapsed()),
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
            Ok(input) => way = jobs.hear(console, input, begin.elapsed()),
        }
        if way == Way::On {
            way = take_in(console, inputs, &mut jobs, begin);
        }
        match way {
            Way::On => {}
            Way::Out => return Ok(()),
            Way::Aside => {
                // Goes on below with what continues it, and draws nothing until then.
                console.leave();
                raw.give_back();
                signal_hook::low_level::emulate_default_handler(SIGTSTP)?;
            }
            Way::Back => {
                raw.take_again()?;
                console.come_back(size(), begin.elapsed())?;
                // What the time that went by asks for comes before anything is shown.
                continue;
            }
        }
        if console.take_suspension() {
            // All of the job stops, as it does where a terminal itself hears the key.
            let _ = kill_current_process_group(Signal::TSTP);
        }
        if console.app().is_done() {
            return match console.app().failure() {
                Some(why) => Err(TerminalError::NotOpened(why.to_owned())),
                None => Ok(()),
            };
        }
        console.draw()?;
    }
}

/// Whether to go on.
#[derive(PartialEq, Eq)]
enum Way {
    On,
    Out,
    /// The terminal is somebody else's for a while.
    Aside,
    /// It is the console's again.
    Back,
}

/// Takes in what waits, event by event, giving the jobs of each a moment, until nothing waits or
/// it is time for a frame.
fn take_in(console: &mut Console<Terminal>, inputs: &Receiver<Input>, jobs: &mut Jobs<'_>, begin: Instant) -> Way {
    let since = begin.elapsed();
    loop {
        // Everything that is there already is queued first: news and sizes are merged there.
        for input in inputs.try_iter().take(1000) {
            let way = jobs.hear(console, input, begin.elapsed());
            if way != Way::On {
                return way;
            }
        }
        let now = begin.elapsed();
        // Whoever types ahead waits for what the key before opened; a frame waits a little, too.
        let grace = if console.is_key_next() { AHEAD } else { GRACE };
        let left = jobs.fresh_for(now, grace);
        let waits = !left.is_zero() && (console.is_key_next() || !console.is_behind());
        if let Some(input) = waits.then(|| inputs.recv_timeout(left).ok()).flatten() {
            let way = jobs.hear(console, input, begin.elapsed());
            if way != Way::On {
                return way;
            }
            continue;
        }
        if !console.step(begin.elapsed()) || console.app().is_done() || begin.elapsed() - since > FRAME {
            return Way::On;
        }
        jobs.start(console.take_jobs(), begin.elapsed());
    }
}

/// The jobs beside the console.
struct Jobs<'a> {
    sender: &'a Sender<Input>,
    /// Those that keys wait for.
    running: usize,
    /// How many ran already when the last ones were started, and when that was.
    before: usize,
    since: Duration,
}

impl Jobs<'_> {
    /// Starts jobs, each on a thread of its own.
    fn start(&mut self, jobs: Vec<Job>, now: Duration) {
        if jobs.iter().any(|job| !job.is_behind()) {
            (self.before, self.since) = (self.running, now);
        }
        for job in jobs {
            let sender = self.sender.clone();
            let awaited = !job.is_behind();
            self.running += usize::from(awaited);
            // A reply that nobody waits for any more is of no use to anyone.
            std::thread::spawn(move || drop(sender.send(Input::Reply(job.run(), awaited))));
        }
    }

    /// For how long the jobs that were started last may still be waited for.
    fn fresh_for(&self, now: Duration, grace: Duration) -> Duration {
        if self.running > self.before { (self.since + grace).saturating_sub(now) } else { Duration::ZERO }
    }

    /// Queues one thing that came.
    fn hear(&mut self, console: &mut Console<Terminal>, input: Input, now: Duration) -> Way {
        match input {
            Input::Bytes(bytes) => console.bytes(&bytes, now),
            Input::Resized => console.resize(size()),
            Input::Changed => console.changed(),
            Input::Reply(reply, awaited) => {
                self.running = self.running.saturating_sub(usize::from(awaited));
                self.before = self.before.min(self.running);
                console.reply(reply);
            }
            Input::Suspended if has_shell() => return Way::Aside,
            // Nobody could continue it: the system doesn't stop such a program either.
            Input::Suspended => {}
            Input::Continued => return Way::Back,
            Input::Closed | Input::Terminated => return Way::Out,
        }
        Way::On
    }
}

/// Is there a shell that takes the terminal while this is suspended? One that can gives each of its
/// jobs a group of its own; a program that a terminal or a remote login started leads its session.
fn has_shell() -> bool {
    getsid(None).is_ok_and(|session| session != getpgrp())
}

fn size() -> Size {
    match tcgetwinsize(io::stdout()) {
        Ok(size) if size.ws_col > 0 && size.ws_row > 0 => Size::clamped(u32::from(size.ws_col), u32::from(size.ws_row)),
        _ => Size::FULL,
    }
}

fn said(panic: &(dyn std::any::Any + Send)) -> String {
    panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "no reason given".to_owned())
}

/// The process's own output, unbuffered: frames come as whole pieces.
struct Terminal;

impl Write for Terminal {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(rustix::io::write(rustix::stdio::stdout(), bytes)?)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Raw mode for as long as this lives.
struct Raw {
    before: Termios,
}

impl Raw {
    fn enter() -> Result<Self, TerminalError> {
        let modes = Self { before: tcgetattr(io::stdin())? };
        modes.take_again()?;
        Ok(modes)
    }

    /// The modes that were there before; again raw by [`Raw::take_again`].
    fn give_back(&self) {
        let _ = tcsetattr(io::stdin(), OptionalActions::Now, &self.before);
    }

    fn take_again(&self) -> Result<(), TerminalError> {
        let mut raw = self.before.clone();
        raw.make_raw();
        Ok(tcsetattr(io::stdin(), OptionalActions::Now, &raw)?)
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        self.give_back();
    }
}

type Hook = Box<dyn Fn(&std::panic::PanicHookInfo<'_>) + Sync + Send + 'static>;

/// Gives the terminal back before a panic is reported, so that the report can be read. A panic in
/// a job ends the job alone and leaves the terminal as it is.
struct PanicHook {
    before: Arc<Hook>,
}

impl PanicHook {
    fn install(raw: &Raw) -> Self {
        let before: Arc<Hook> = Arc::new(std::panic::take_hook());
        let (then, modes, here) = (Arc::clone(&before), raw.before.clone(), std::thread::current().id());
        std::panic::set_hook(Box::new(move |info| {
            if std::thread::current().id() == here {
                let _ = Terminal.write_all(LEAVE);
                let _ = tcsetattr(io::stdin(), OptionalActions::Now, &modes);
                then(info);
            }
        }));
        Self { before }
    }
}

impl Drop for PanicHook {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let before = Arc::clone(&self.before);
            std::panic::set_hook(Box::new(move |info| before(info)));
        }
    }
}

/// The thread that reads the keyboard; ends when this is dropped.
struct Keyboard {
    _stop: UnixStream,
}

impl Keyboard {
    fn start(sender: Sender<Input>) -> io::Result<Self> {
        let (stop, stopped) = UnixStream::pair()?;
        std::thread::Builder::new().name("keyboard".to_owned()).spawn(move || {
            let mut bytes = [0; 4096];
            loop {
                let stdin = io::stdin();
                let mut waits =
                    [PollFd::from_borrowed_fd(stdin.as_fd(), PollFlags::IN), PollFd::new(&stopped, PollFlags::IN)];
                match poll(&mut waits, None) {
                    Err(rustix::io::Errno::INTR) => continue,
                    Err(_) => break,
                    Ok(_) => {}
                }
                let [keys, stop] = waits;
                if !stop.revents().is_empty() {
                    return;
                }
                if keys.revents().is_empty() {
                    continue;
                }
                // Read around the standard library's buffer: what is in it can't be polled.
                match rustix::io::read(stdin.as_fd(), &mut bytes) {
                    Err(rustix::io::Errno::INTR | rustix::io::Errno::AGAIN) => {}
                    Ok(length) if length > 0 => {
                        let taken = bytes.get(..length).unwrap_or_default().to_vec();
                        if sender.send(Input::Bytes(taken)).is_err() {
                            return;
                        }
                    }
                    _ => break,
                }
            }
            let _ = sender.send(Input::Closed);
        })?;
        Ok(Self { _stop: stop })
    }
}

/// The thread that hears signals; ends when this is dropped.
struct Signals {
    handle: signal_hook::iterator::Handle,
}

impl Signals {
    fn start(sender: Sender<Input>) -> io::Result<Self> {
        let mut signals =
            signal_hook::iterator::Signals::new([SIGWINCH, SIGTSTP, SIGCONT, SIGTERM, SIGHUP, SIGINT, SIGQUIT])?;
        let handle = signals.handle();
        std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
            for signal in signals.forever() {
                let input = match signal {
                    SIGWINCH => Input::Resized,
                    SIGTSTP => Input::Suspended,
                    SIGCONT => Input::Continued,
                    _ => Input::Terminated,
                };
                if sender.send(input).is_err() {
                    return;
                }
            }
        })?;
        Ok(Self { handle })
    }
}

impl Drop for Signals {
    fn drop(&mut self) {
        self.handle.close();
    }
}
