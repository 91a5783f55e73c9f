//! One person's console: the screens they went through, what lies over them, who they are. It is
//! told what happens and says what is to be done beside it; a host carries it.

mod kept;
mod lock;
mod menu;
mod over;
mod undo;
mod update;
mod view;
mod why;

use std::sync::Arc;
use std::time::Duration;

use super::command::Viewer;
use super::effect::Effects;
use super::event::Size;
use super::job::{Job, Reply, Slot, Step};
use super::overlay::Confirm;
use super::route::Route;
use super::screen::{Context, Screen};
use super::task::Running;
use super::theme::{Look, Theme};
use super::toast::Toast;
use crate::service::why::Why;
use crate::service::{Engine, ServiceError, Session};

pub use super::screens::opening::Progress;

/// Opens the data directory, saying how far it is; runs beside the console.
pub type Opener = Box<dyn FnOnce(&Progress) -> Result<Arc<Engine>, String> + Send>;

/// What a console is started with.
pub struct Start {
    /// Opens the data directory, once the first frame is drawn.
    pub open: Opener,
    /// Whom of a demo it is signed in as from the start.
    pub persona: Option<String>,
    /// How the console looks.
    pub look: Look,
    /// Its size.
    pub size: Size,
    /// Called from wherever the store changes; the host answers with `Event::Changed`. Says whether
    /// anyone still hears it.
    pub wake: Arc<dyn Fn() -> bool + Send + Sync>,
}

/// How often the progress of a task is drawn.
const PROGRESS: Duration = Duration::from_millis(200);

/// A screen and the way to it.
struct Place {
    /// None before somebody is signed in.
    route: Option<Route>,
    screen: Box<dyn Screen>,
}

/// One person's console.
pub struct App {
    theme: Theme,
    size: Size,
    now: Duration,
    wake: Arc<dyn Fn() -> bool + Send + Sync>,
    engine: Option<Arc<Engine>>,
    session: Option<Session>,
    persona: Option<String>,
    viewer: Viewer,
    places: Vec<Place>,
    overlays: Vec<over::Laid>,
    /// What is to be shown once nothing else would take a key by it.
    waiting: Vec<over::Laid>,
    /// How far the person has gone.
    went: Step,
    /// The job that what is being done comes from; nothing, if it is a key or the like.
    since: Option<over::Since>,
    /// What came back for screens that are behind another one.
    kept: Vec<Reply>,
    /// Screens that were left while what they save is under way.
    parted: Vec<Place>,
    toast: Option<(Toast, Duration)>,
    /// It was said by what is happening just now.
    said: bool,
    opening: Slot<Result<Arc<Engine>, String>>,
    explaining: Slot<Result<Why, ServiceError>>,
    undo: undo::Undo,
    entering: Slot<Result<Session, ServiceError>>,
    keeping: Slot<()>,
    /// What the terminal asks for.
    look_at_start: Look,
    jobs: Vec<Job>,
    tasks: Vec<Running>,
    failed: Option<String>,
    done: bool,
    /// Nobody's key for so long locks it.
    idle: Option<Duration>,
    /// When a key was last pressed.
    touched: Duration,
    lock: Option<lock::Lock>,
    /// What opening found was told.
    told: bool,
    suspending: Suspending,
}

/// Going back to one's shell for a while.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Suspending {
    /// There is none behind this console.
    NoShell,
    Possible,
    /// The host is to see to it.
    Asked,
}

impl App {
    /// A console that opens its data directory as its first job.
    #[must_use]
    pub fn new(start: Start) -> Self {
        let progress = Progress::default();
        let screen = super::screens::opening::Opening::new(progress.clone());
        let mut app = Self {
            theme: Theme::new(start.look),
            size: start.size,
            now: Duration::ZERO,
            wake: start.wake,
            engine: None,
            session: None,
            persona: start.persona,
            viewer: Viewer::default(),
            places: vec![Place { route: None, screen: Box::new(screen) }],
            overlays: Vec::new(),
            waiting: Vec::new(),
            went: Step::default(),
            since: None,
            kept: Vec::new(),
            parted: Vec::new(),
            toast: None,
            said: false,
            opening: Slot::default(),
            explaining: Slot::default(),
            undo: undo::Undo::default(),
            entering: Slot::default(),
            keeping: Slot::default(),
            look_at_start: start.look,
            jobs: Vec::new(),
            tasks: Vec::new(),
            failed: None,
            done: false,
            idle: Some(lock::IDLE),
            touched: Duration::ZERO,
            lock: None,
            told: false,
            suspending: Suspending::NoShell,
        };
        let open = start.open;
        let job = app.opening.start(move |_| open(&progress));
        app.jobs.push(job);
        app
    }

    /// The jobs that were started since this was last asked.
    #[must_use]
    pub fn take_jobs(&mut self) -> Vec<Job> {
        std::mem::take(&mut self.jobs)
    }

    /// Has the person left?
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.done
    }

    /// There is a shell behind this console, to which its person may go back for a while.
    pub fn allow_suspending(&mut self) {
        self.suspending = Suspending::Possible;
    }

    /// Did the person ask for that since this was last asked?
    pub fn take_suspension(&mut self) -> bool {
        let asked = self.suspending == Suspending::Asked;
        if asked {
            self.suspending = Suspending::Possible;
        }
        asked
    }

    /// Goes back to the shell, where there is one.
    fn suspend(&mut self) -> Effects {
        if self.suspending == Suspending::NoShell {
            return Effects::toast(Toast::warn("There is no shell behind this console to go back to. Ctrl-C quits."));
        }
        self.suspending = Suspending::Asked;
        Effects::none()
    }

    /// Do letters go into a text just now?
    #[must_use]
    pub fn is_typing(&self) -> bool {
        let typed_in = |place: &Place| place.screen.takes_text() && !place.screen.is_opening();
        self.lock.is_some() || !self.overlays.is_empty() || self.place().is_some_and(typed_in)
    }

    /// Why the console couldn't start, if it couldn't.
    #[must_use]
    pub fn failure(&self) -> Option<&str> {
        self.failed.as_deref()
    }

    /// When the console wants to be told that time passed, on the host's clock.
    #[must_use]
    pub fn deadline(&self) -> Option<Duration> {
        let toast = self.toast.as_ref().map(|(_, until)| *until);
        let screen = self.places.last().and_then(|place| place.screen.deadline());
        let progress = (!self.tasks.is_empty()).then(|| self.now + PROGRESS);
        [toast, screen, progress, self.locks_at()].into_iter().flatten().min()
    }

    /// What is wrong with losing the console now.
    fn unsaved(&self) -> Option<String> {
        self.places.iter().rev().find_map(|place| place.screen.unsaved())
    }

    /// The same, and what is wrong with ending what is under way.
    fn unfinished(&self) -> Option<String> {
        let task = || {
            let title = self.tasks.first()?.title();
            Some(format!("{title} is under way; leaving calls it off, and nothing of it stays."))
        };
        let saving = || {
            let words = "A change is still being saved; you would not be told what came of it.";
            self.is_saving().then(|| words.to_owned())
        };
        let waiting = || {
            let words = "Something that is shown only once was not shown yet; leaving loses it.";
            (!self.waiting.is_empty()).then(|| words.to_owned())
        };
        self.unsaved().or_else(task).or_else(saving).or_else(waiting)
    }

    /// Is something being saved?
    fn is_saving(&self) -> bool {
        !self.parted.is_empty() || self.places.iter().any(|place| place.screen.is_saving())
    }

    /// The question before something is left that is not done yet.
    fn ask_leaving(&self, tag: &'static str, what: &str) -> Confirm {
        if self.is_saving() { Confirm::leaving_early(tag, what) } else { Confirm::leaving(tag, what) }
    }

    /// Is there too little room to draw in?
    fn is_too_small(&self) -> bool {
        self.size.width < Size::FULL.width || self.size.height < Size::FULL.height
    }

    /// The signs of the screen in front.
    fn legend(&self) -> Vec<(&'static str, &'static str)> {
        self.place().map(|place| place.screen.legend()).unwrap_or_default()
    }

    fn look(&self) -> Look {
        self.theme.look()
    }

    fn place(&self) -> Option<&Place> {
        self.places.last()
    }

    /// The room between the lines at the head and the foot.
    fn body_size(&self) -> Size {
        let area = self.body_area(ratatui::layout::Rect::new(0, 0, self.size.width, self.size.height));
        Size { width: area.width, height: area.height }
    }

    /// What a screen may look at.
    fn context(&self) -> Context<'_> {
        Context {
            session: self.session.as_ref(),
            engine: self.engine.as_ref(),
            viewer: &self.viewer,
            body: self.body_size(),
            now: self.now,
            look: self.look(),
        }
    }

    /// Calls something of the screen in front with what it may look at.
    fn with_screen<R>(&mut self, call: impl FnOnce(&mut dyn Screen, &Context<'_>) -> R) -> Option<R> {
        let mut place = self.places.pop()?;
        let result = call(place.screen.as_mut(), &self.context());
        self.places.push(place);
        Some(result)
    }
}
