//! How a console changes by what happens.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::over::Since;
use super::undo::Undo;
use super::{App, Place};
use crate::service::{Engine, Session};
use crate::tui::command::{Command, Invocation};
use crate::tui::console;
use crate::tui::editor::Editor;
use crate::tui::effect::{Effect, Effects};
use crate::tui::event::{Code, Event, Happening, Key};
use crate::tui::job::{Ended, Job, Reply};
use crate::tui::overlay::{About, Answer, Choice, Given, Help, Note, Palette, Picker};
use crate::tui::route::Route;
use crate::tui::screen::Screen;
use crate::tui::screens;
use crate::tui::theme::{Look, Theme};
use crate::tui::toast::Toast;
use crate::tui::words::sentence;

/// A word that has been there so long may go at the next key.
const READ: Duration = Duration::from_millis(1500);
/// The preference that holds the look.
const LOOK: &str = "look";
const TAG_LOOK: &str = "console.look";
const TAG_PERSONA: &str = "console.persona";
const TAG_QUIT: &str = "console.quit";
const TAG_LEAVE: &str = "console.leave";

/// What waits for the answer whether to leave something unsaved.
type Held = Mutex<Option<Effect>>;

impl App {
    /// Tells the console what happened, and when.
    pub fn update(&mut self, event: Event, now: Duration) {
        self.now = now;
        self.said = false;
        if self.toast.as_ref().is_some_and(|(_, until)| *until <= now) {
            self.toast = None;
        }
        self.lock_if_idle();
        let by_hand = matches!(event, Event::Key(_) | Event::Paste(_));
        let (took_text, fronts) = (self.takes_text(), self.went.fronts);
        if by_hand {
            self.touched = now;
            // Whoever goes on doesn't wait for why something was so.
            self.explaining.cancel();
        }
        let effects = match event {
            // It shows and changes nothing, so it works everywhere.
            Event::Key(key) if console::SUSPEND_SPEC.keys.contains(&key) => self.suspend(),
            Event::Key(key) if self.lock.is_some() => self.key_locked(key),
            Event::Paste(text) if self.lock.is_some() => {
                self.paste_locked(&text);
                Effects::none()
            }
            Event::Key(key) => self.key(key),
            Event::Paste(text) => self.paste(text),
            Event::Resize(size) => {
                self.size = size;
                self.overlays.iter_mut().for_each(|laid| laid.overlay.sized(size));
                self.tell(Happening::Tick)
            }
            Event::Tick => self.tell(Happening::Tick),
            Event::Changed => self.changed(),
            Event::Reply(reply) => {
                self.since = Some(Since { asked: reply.asked(), by_screen: false });
                self.reply(reply)
            }
        };
        self.apply(effects);
        self.since = None;
        if by_hand && !took_text && self.takes_text() && fronts == self.went.fronts {
            // Whoever begins to type has gone on to that.
            self.went.fronts += 1;
        }
        self.hear_kept();
        self.show_what_waits();
    }

    /// Do letters go into a text of the screen in front?
    pub(super) fn takes_text(&self) -> bool {
        self.place().is_some_and(|place| place.screen.takes_text())
    }

    pub(super) fn tell(&mut self, happening: Happening) -> Effects {
        self.with_screen(|screen, cx| screen.update(happening, cx)).unwrap_or_default()
    }

    fn key(&mut self, key: Key) -> Effects {
        // Whoever goes on typing has read it.
        if self.toast.as_ref().is_some_and(|(toast, until)| *until <= self.now + toast.stays() - READ) {
            self.toast = None;
        }
        if self.is_too_small() {
            // Nobody sees what a key would do.
            let quits = key == Key::ctrl('c') || key == Key::ctrl('q');
            return if quits { self.ask_to_quit() } else { Effects::none() };
        }
        // The way out works everywhere.
        if let Some(laid) = self.overlays.last_mut().filter(|_| [Key::ctrl('c'), Key::ctrl('q')].contains(&key)) {
            return laid.overlay.way_out(key);
        }
        if let Some(effects) = self.key_over(key) {
            return effects;
        }
        let takes_text = self.takes_text();
        self.went.keys += u64::from(!takes_text);
        if !takes_text && key.code == Code::Esc && self.give_up() {
            return Effects::toast(Toast::warn("Called off; nothing was changed."));
        }
        if takes_text && !works_in_text(key) {
            self.went.typed += 1;
            return self.tell(Happening::Key(key));
        }
        match self.menu().by_key(key) {
            Some(Command { blocked: Some(why), .. }) => Effects::toast(Toast::warn(why.clone())),
            Some(command) => self.run(command.invocation.clone()),
            None => self.tell(Happening::Key(key)),
        }
    }

    /// Gives up what is being prepared to be asked; says whether anything was.
    fn give_up(&mut self) -> bool {
        self.undo.looking.give_up() || self.with_screen(|screen, _| screen.give_up()).unwrap_or_default()
    }

    fn paste(&mut self, text: String) -> Effects {
        match self.paste_over(&text) {
            Some(effects) => effects,
            None => {
                self.went.typed += u64::from(self.takes_text());
                self.tell(Happening::Paste(text))
            }
        }
    }

    fn reply(&mut self, mut reply: Reply) -> Effects {
        if self.reply_locked(&mut reply) {
            return Effects::none();
        }
        match self.opening.take(&mut reply) {
            Some(Ended::With(Ok(engine))) => return self.opened(engine),
            Some(Ended::With(Err(why))) => return self.broken(why),
            Some(Ended::Broken) => return self.broken("The data directory could not be opened.".to_owned()),
            None => {}
        }
        match self.entering.take(&mut reply) {
            Some(Ended::With(Ok(session))) => return Effects::of(Effect::Enter(session)),
            Some(Ended::With(Err(why))) => return Effects::toast(Toast::bad(why.to_string())),
            Some(Ended::Broken) => return Effects::toast(Toast::bad("That broke off. Try again.")),
            None => {}
        }
        if let Some(outcome) = self.undo.looking.take(&mut reply) {
            return Self::found_undo(outcome);
        }
        if let Some(outcome) = self.undo.making.take(&mut reply) {
            return Self::made_undo(outcome);
        }
        if let Some(outcome) = self.explaining.take(&mut reply) {
            return Self::explained(outcome);
        }
        if self.keeping.take(&mut reply).is_some() {
            return Effects::none();
        }
        if let Some(effects) = self.task_ended(&mut reply) {
            return effects;
        }
        if let Some(effects) = self.reply_over(&mut reply) {
            return effects;
        }
        if self.is_covered_since(reply.asked()) && self.place().is_some_and(|place| place.screen.is_saving()) {
            // What came of a save may lead elsewhere, and would take along what is open by now.
            self.kept.push(reply);
            return Effects::none();
        }
        self.since = Some(Since { asked: reply.asked(), by_screen: true });
        self.offer(reply)
    }

    /// A task that is done says so on whatever screen is in front, which looks at its data anew.
    fn task_ended(&mut self, reply: &mut Reply) -> Option<Effects> {
        let (place, ended) =
            self.tasks.iter_mut().enumerate().find_map(|(place, task)| Some((place, task.slot.take(reply)?)))?;
        let task = self.tasks.remove(place);
        let toast = match ended {
            Ended::With(toast) => toast,
            Ended::Broken => Toast::bad(format!("{} broke off.", task.title())),
        };
        Some(self.tell(Happening::Refresh).and(Effect::Toast(toast)))
    }

    fn broken(&mut self, why: String) -> Effects {
        self.failed = Some(why);
        Effects::of(Effect::Quit)
    }

    fn opened(&mut self, engine: Arc<Engine>) -> Effects {
        let wake = Arc::clone(&self.wake);
        engine.subscribe(move |_| wake());
        let persona = self.persona.take();
        self.engine = Some(engine);
        self.measure();
        match persona {
            Some(email) => self.become_persona(&email),
            None => {
                self.show_the_door();
                Effects::none()
            }
        }
    }

    /// Shows what there is before anyone is signed in.
    fn show_the_door(&mut self) {
        self.session = None;
        self.lock = None;
        self.measure();
        self.forget();
        let screen: Box<dyn Screen> = match self.engine.as_ref().is_some_and(|engine| engine.has_account()) {
            true => Box::new(screens::sign_in::SignIn::new()),
            false => Box::new(screens::first_run::FirstRun::new()),
        };
        self.places.push(Place { route: None, screen });
        self.start_screen();
    }

    /// Lets go of what is under way for whoever was here: nothing of it is anybody else's.
    fn forget(&mut self) {
        self.overlays.clear();
        self.waiting.clear();
        let places = std::mem::take(&mut self.places);
        self.free(places);
        let parted = std::mem::take(&mut self.parted);
        self.free(parted);
        let kept = std::mem::take(&mut self.kept);
        self.free(kept);
        self.tasks.clear();
        self.undo = Undo::default();
        self.explaining.cancel();
        self.entering.cancel();
    }

    /// What was left behind is given back beside the console.
    pub(super) fn free<T: Send + 'static>(&mut self, left: Vec<T>) {
        if !left.is_empty() {
            self.jobs.push(Job::freeing(left));
        }
    }

    fn start_screen(&mut self) {
        // It begins now, whatever it was that brought it.
        let since = self.since.take();
        let effects = self.with_screen(|screen, cx| screen.start(cx)).unwrap_or_default();
        self.apply(effects);
        self.since = since;
    }

    /// The store holds a new generation: am I still here, what may I now, and is this screen still
    /// mine (R16)?
    fn changed(&mut self) -> Effects {
        let Some(session) = &self.session else { return self.tell(Happening::Refresh) };
        if !session.is_live() {
            self.show_the_door();
            return Effects::toast(Toast::bad("You are signed out: your access was changed."));
        }
        let before = self.viewer.standing.clone();
        self.measure();
        if self.viewer.standing != before {
            self.overlays.retain(|laid| laid.overlay.stays());
            self.waiting.retain(|laid| laid.overlay.stays());
        }
        let lost: Vec<bool> = self.places.iter().map(|place| !self.may_show(place.route.as_ref())).collect();
        let front_lost = lost.last().copied().unwrap_or(false);
        let mut lost = lost.into_iter();
        self.leave(|_| lost.next().unwrap_or(false));
        if !front_lost {
            return self.tell(Happening::Refresh);
        }
        self.uncover();
        if self.places.is_empty() {
            self.go(Route::Home);
        }
        self.come_back();
        Effects::toast(Toast::warn("Your access was changed; that screen is not there any more."))
    }

    fn may_show(&self, route: Option<&Route>) -> bool {
        match route {
            Some(Route::Records { object, .. }) => self.viewer.objects.iter().any(|o| o.key == *object),
            Some(Route::Fields { .. }) => self.viewer.meets(console::FIELD_EDITOR),
            Some(Route::Import { object }) => self.viewer.objects.iter().any(|o| o.key == *object && o.may_create),
            _ => true,
        }
    }

    /// Runs a command that is in the menu.
    fn run(&mut self, invocation: Invocation) -> Effects {
        let argument = invocation.argument.as_deref();
        match invocation.id {
            console::PALETTE => Effects::of(Effect::Open(Box::new(Palette::new(&self.whole_menu())))),
            console::HELP => Effects::of(Effect::Open(Box::new(Help::new(&self.menu()).with_signs(&self.legend())))),
            console::WHY => self.explain(),
            console::UNDO => self.look_for_undo(),
            console::GO_ACTIVITY => Effects::of(Effect::Go(Route::Activity { person: None })),
            console::LOOK => self.pick_look(),
            console::PERSONA => match argument {
                Some(email) => self.become_persona(email),
                None => self.pick_persona(),
            },
            console::DETAILS => Editor::show(screens::own_details::OwnForm::default()),
            console::PASSWORD => Effects::of(Effect::Show(Box::new(screens::password::Password::chosen()))),
            console::SIGN_OUT => Effects::of(Effect::Leave),
            console::QUIT => self.ask_to_quit(),
            console::SUSPEND => self.suspend(),
            console::CALL_OFF => {
                if let Some(task) = self.tasks.last() {
                    task.slot.call_off();
                }
                Effects::none()
            }
            console::GO_HOME => Effects::of(Effect::Go(Route::Home)),
            console::GO_USERS => Effects::of(Effect::Go(Route::Users { email: None })),
            console::GO_ROLES => Effects::of(Effect::Go(Route::Roles { name: None })),
            console::GO_CHART => Effects::of(Effect::Go(Route::Chart { role: None })),
            console::GO_TYPES => Effects::of(Effect::Go(Route::Types)),
            console::GO_FIELDS => Effects::of(Effect::Go(Route::Fields { object: None })),
            console::GO_MATRIX => Effects::of(Effect::Go(Route::Matrix { role: None })),
            console::GO_RECORDS => {
                let object = argument.unwrap_or_default().to_owned();
                Effects::of(Effect::Go(Route::Records { object, owner: None }))
            }
            _ => self.tell(Happening::Command(invocation)),
        }
    }

    fn ask_to_quit(&self) -> Effects {
        match self.unfinished() {
            None => Effects::of(Effect::Quit),
            Some(what) => Effects::of(Effect::Open(Box::new(self.ask_leaving(TAG_QUIT, &what)))),
        }
    }

    fn pick_look(&self) -> Effects {
        let look = self.look();
        let choices = look.choices(self.look_at_start.depth);
        let current = choices.iter().find(|(_, choice)| *choice == look).map(|(name, _)| *name);
        let list = choices.iter().map(|(name, _)| Choice::new(*name, *name, "")).collect();
        Effects::of(Effect::Open(Box::new(Picker::one(TAG_LOOK, "Look", list, current))))
    }

    fn pick_persona(&self) -> Effects {
        let personas = self.engine.as_ref().map(|engine| engine.personas()).unwrap_or_default();
        let choices = personas
            .into_iter()
            .map(|who| Choice::new(who.email, who.name, who.role).note(who.about.map(sentence).unwrap_or_default()))
            .collect();
        let current = self.viewer.me.as_ref().map(|me| me.email.as_str());
        let picker = Picker::one(TAG_PERSONA, "Sign in as", choices, current);
        Effects::of(Effect::Open(Box::new(picker)))
    }

    fn become_persona(&mut self, email: &str) -> Effects {
        let Some(engine) = self.engine.clone() else { return Effects::none() };
        let email = email.to_owned();
        Effects::run(self.entering.start(move |_| engine.become_persona(&email)))
    }

    fn answered(&mut self, answer: Answer) -> Effects {
        match (answer.tag, &answer.value) {
            (TAG_QUIT, Given::Yes) => Effects::of(Effect::Quit),
            (TAG_LEAVE, Given::Yes) => {
                let held = answer.about::<Held>().and_then(|held| held.lock().ok()?.take());
                if let Some(held) = held {
                    if !matches!(held, Effect::Back) {
                        self.leave(|place| place.screen.unsaved().is_some());
                    }
                    self.do_now(held);
                }
                Effects::none()
            }
            (super::undo::TAG, Given::Yes) => self.make_undo(&answer),
            (TAG_PERSONA, Given::Chosen(keys)) => match keys.first().cloned() {
                Some(email) => self.become_persona(&email),
                None => Effects::none(),
            },
            (TAG_LOOK, Given::Chosen(keys)) => {
                let chosen = self
                    .look()
                    .choices(self.look_at_start.depth)
                    .into_iter()
                    .find(|(name, _)| keys.iter().any(|key| key == name));
                chosen.map(|(_, look)| Effects::of(Effect::Look(look))).unwrap_or_default()
            }
            _ => self.tell(Happening::Answer(answer)),
        }
    }

    pub(super) fn apply(&mut self, effects: Effects) {
        for effect in effects {
            self.apply_one(effect);
        }
    }

    fn apply_one(&mut self, effect: Effect) {
        match self.loses(&effect) {
            Some(what) => {
                if self.since.is_none() {
                    self.uncover();
                }
                let held: Held = Mutex::new(Some(effect));
                self.lay_over(Box::new(self.ask_leaving(TAG_LEAVE, &what)), About::this(held));
            }
            None => self.do_now(effect),
        }
    }

    /// What would be lost, unsaved, if this were done (001-11).
    fn loses(&self, effect: &Effect) -> Option<String> {
        match effect {
            Effect::Back => self.place()?.screen.unsaved(),
            Effect::Go(_) => self.unsaved(),
            Effect::Enter(_) | Effect::Leave => self.unfinished(),
            _ => None,
        }
    }

    pub(super) fn do_now(&mut self, effect: Effect) {
        match effect {
            // What comes of a job's reply was asked for when that was.
            Effect::Run(job) => self.jobs.push(job.at(self.since.map_or(self.went, |since| since.asked))),
            Effect::Begin(task) => {
                let (running, job) = task.start();
                self.tasks.push(running);
                self.jobs.push(job);
            }
            Effect::Invoke(invocation) => {
                // What came while the palette was open was there before this was chosen in it.
                self.hear_kept();
                let effects = self.run(invocation);
                self.apply(effects);
            }
            Effect::Go(route) => self.go(route),
            Effect::Show(_) if self.is_late() => self.too_late(),
            Effect::Show(screen) => {
                self.went.fronts += 1;
                self.uncover();
                self.places.push(Place { route: None, screen });
                self.turn_over();
                self.start_screen();
            }
            Effect::Back => self.back(),
            Effect::Open(overlay) => self.lay_over(overlay, About::default()),
            Effect::Ask(question, about) => self.lay_over(question, about),
            Effect::Close => {
                self.overlays.pop();
            }
            Effect::Complain(errors) => {
                if let Some(laid) = self.overlays.last_mut() {
                    laid.overlay.complain(&errors);
                }
            }
            Effect::Answer(answer) => {
                let effects = self.answered(answer);
                self.apply(effects);
            }
            Effect::Toast(toast) => self.say(toast),
            Effect::Look(look) => self.wear(look),
            Effect::Enter(session) => self.enter(session),
            Effect::Leave => {
                self.show_the_door();
                self.apply_one(Effect::Toast(Toast::good("Signed out.")));
            }
            Effect::Quit => self.done = true,
        }
    }

    pub(super) fn say(&mut self, toast: Toast) {
        let until = self.now + toast.stays();
        self.toast = Some((toast, until));
        self.said = true;
    }

    /// Somebody signed in: start where they start. A persona of a demo stays on the screen where
    /// the one before was, if they have it, so that the same is seen through other eyes.
    fn enter(&mut self, session: Session) {
        let route = self.places.last().and_then(|place| place.route.clone());
        let was_in = self.session.replace(session).is_some();
        self.forget();
        self.measure();
        self.recall_look();
        // It was said to somebody else.
        self.toast = None;
        let stays = route.filter(|route| was_in && self.may_show(Some(route)));
        self.go(stays.unwrap_or(Route::Home));
        self.tell_findings();
    }

    /// Looks like this from now on, for this person also the next time.
    fn wear(&mut self, look: Look) {
        self.theme = Theme::new(look);
        if let Some(session) = self.session.clone() {
            let kept = look.kept();
            // Where it can't be kept, nothing is lost but that.
            self.jobs.push(self.keeping.start(move |_| drop(session.keep_preference(LOOK, &kept))));
        }
    }

    /// The look that whoever signed in chose once; else the terminal's. In a demo the audience stays
    /// the same, whoever they look through.
    fn recall_look(&mut self) {
        let kept = self.session.as_ref().and_then(|session| session.preference(LOOK));
        match kept {
            Some(kept) => self.theme = Theme::new(self.look_at_start.recalled(&kept)),
            None if self.viewer.demo => {}
            None => self.theme = Theme::new(self.look_at_start),
        }
    }

    /// What opening found and mended is told once, to whoever manages the account's settings.
    fn tell_findings(&mut self) {
        let findings = self.session.as_ref().filter(|_| !self.told).map(Session::findings).unwrap_or_default();
        if !findings.is_empty() {
            self.told = true;
            let text = "This was found and mended when the data directory was opened. Nothing that was acknowledged \
                        is lost.";
            self.lay_over(Box::new(Note::new("Found and mended", text, &findings)), About::default());
        }
    }

    /// Another screen is shown: what was said on the one before goes, but for what is said of this
    /// very step.
    fn turn_over(&mut self) {
        if !self.said {
            self.toast = None;
        }
    }

    fn go(&mut self, route: Route) {
        self.went.fronts += 1;
        self.turn_over();
        // The same screen again is a fresh look at it, and a tab starts a new way.
        self.leave(|place| place.route.as_ref().is_none_or(|other| *other == route));
        let screen = screens::of(&route, &self.viewer);
        self.places.push(Place { route: Some(route), screen });
        let excess = self.places.len().saturating_sub(20);
        let mut oldest = (0..excess).map(|_| true);
        self.leave(|_| oldest.next().unwrap_or(false));
        self.uncover();
        self.start_screen();
    }

    fn back(&mut self) {
        if let Some(before) = self.places.len().checked_sub(2) {
            self.went.fronts += 1;
            let mut place = 0..;
            self.leave(|_| place.next().is_some_and(|place| place > before));
            // What lay over the screen that is left goes with it.
            self.uncover();
            self.turn_over();
            self.come_back();
        } else if self.session.is_some() && self.places.last().and_then(|p| p.route.as_ref()) != Some(&Route::Home) {
            self.go(Route::Home);
        }
    }
}

/// Does this key run its command while letters go into a text, too?
pub(super) fn works_in_text(key: Key) -> bool {
    key.ctrl && console::OWN.iter().chain([&console::SUSPEND_SPEC]).any(|spec| spec.keys.contains(&key))
}
