//! A screen on which something is edited: fields are loaded, changed, reviewed and saved. What is
//! edited says how ([`Editing`]); this keeps what is typed through every change of the store and of
//! the rules, shows beforehand what saving would mean (B1), and warns before anything is lost
//! (001-11).

use ratatui::layout::Rect;

use super::command::Spec;
use super::effect::{Effect, Effects};
use super::event::{Code, Happening, Key};
use super::job::{Ended, Reply, Slot};
use super::overlay::{Given, Review};
use super::screen::{Context, Screen};
use super::theme::Tone;
use super::toast::Toast;
use super::widget::{Canvas, Field, FieldKey, Form, FormStep};
use super::words::sentence;
use crate::service::draft::{Draft, Saved};
use crate::service::impact::Impact;
use crate::service::{ServiceError, Session};

/// The review that comes before a save.
const REVIEW: &str = "editor.review";

/// Fetches what is edited; runs beside the console.
pub type Loader<T> = Box<dyn FnOnce(&Session) -> Result<T, ServiceError> + Send>;
/// Saves something that is no [`Draft`]; runs beside the console.
pub type Saver = Box<dyn FnOnce(&Session) -> Result<Saved, ServiceError> + Send>;

/// What saving comes to.
pub enum Plan {
    /// Nothing was changed.
    Nothing,
    /// Something is wrong with these fields; nothing is saved.
    Faulty(Vec<(FieldKey, String)>),
    /// This is saved. Where anybody gains or loses anything by it, that is shown first.
    Draft(Draft),
    /// This is done, at once.
    Run(Saver),
}

/// Something that can be edited.
pub trait Editing: Send + 'static {
    /// What it is made of.
    type Loaded: Send + 'static;

    /// The way here.
    fn crumbs(&self) -> Vec<String>;

    /// The tab that it belongs to.
    fn tab(&self) -> Option<String> {
        None
    }

    /// A sentence above the fields; empty for none.
    fn lead(&self) -> String {
        String::new()
    }

    /// What saving does, in a word or two: `save`, `add the user`.
    fn verb(&self) -> &'static str {
        "save"
    }

    /// Fetches what is edited: at the start, and whenever the store holds a new generation.
    fn load(&self) -> Loader<Self::Loaded>;

    /// The fields, filled. What is typed in fields of the same names stays in them.
    fn fields(&mut self, loaded: Self::Loaded) -> Vec<Field>;

    /// The field to begin with, once they are here; the first that can be filled, if unset.
    fn first(&self) -> Option<FieldKey> {
        None
    }

    /// What saving these fields comes to.
    fn plan(&mut self, form: &Form) -> Plan;

    /// What the review says before everything else, where saving is never done without one: what
    /// takes something away names it.
    fn saying(&self) -> Option<String> {
        None
    }

    /// Which field a refusal is about, if it is about one.
    fn field_of(&self, _why: &str) -> Option<FieldKey> {
        None
    }

    /// It is saved: where to go, what to say.
    fn done(&mut self, saved: Saved) -> Effects;
}

/// The screen.
pub struct Editor<E: Editing> {
    editing: E,
    form: Form,
    /// The fields are here.
    ready: bool,
    /// Why they can't be, or can't be saved any more.
    trouble: Option<String>,
    loading: Slot<Result<E::Loaded, ServiceError>>,
    previewing: Slot<(Draft, Result<Impact, ServiceError>)>,
    saving: Slot<Result<Saved, ServiceError>>,
}

impl<E: Editing> Editor<E> {
    /// A screen that edits this.
    #[must_use]
    pub fn new(editing: E) -> Self {
        Self {
            editing,
            form: Form::default(),
            ready: false,
            trouble: None,
            loading: Slot::default(),
            previewing: Slot::default(),
            saving: Slot::default(),
        }
    }

    /// The effect that shows it.
    #[must_use]
    pub fn show(editing: E) -> Effects {
        Effects::of(Effect::Show(Box::new(Self::new(editing))))
    }

    fn load(&mut self, cx: &Context<'_>) -> Effects {
        let Some(session) = cx.session.cloned() else { return Effects::none() };
        let load = self.editing.load();
        Effects::run(self.loading.start(move |_| load(&session)))
    }

    fn loaded(&mut self, outcome: Ended<Result<E::Loaded, ServiceError>>) {
        let why = match outcome {
            Ended::With(Ok(loaded)) => {
                let fields = self.editing.fields(loaded);
                match self.ready {
                    true => self.form.renew(fields),
                    false => {
                        self.form = Form::dense(fields);
                        if let Some(key) = self.editing.first() {
                            self.form.go(&key);
                        }
                    }
                }
                (self.ready, self.trouble) = (true, None);
                return;
            }
            Ended::With(Err(why)) => sentence(&why.to_string()),
            Ended::Broken => "It could not be fetched.".to_owned(),
        };
        self.form.close("This can't be saved any more.");
        self.trouble = Some(why);
    }

    /// Is what was submitted on its way?
    fn is_busy(&self) -> bool {
        self.saving.is_waiting() || self.previewing.is_waiting()
    }

    fn submit(&mut self, cx: &Context<'_>) -> Effects {
        if self.trouble.is_some() || !self.ready || self.is_busy() {
            return Effects::none();
        }
        self.form.forgive();
        let Some(session) = cx.session.cloned() else { return Effects::none() };
        match self.editing.plan(&self.form) {
            Plan::Nothing => Effects::of(Effect::Back).and(Effect::Toast(Toast::good("Nothing was changed."))),
            Plan::Faulty(errors) => {
                for (key, error) in errors {
                    self.form.complain(&key, error);
                }
                Effects::none()
            }
            Plan::Draft(draft) => Effects::run(self.previewing.start(move |_| {
                let impact = session.preview(&draft);
                (draft, impact)
            })),
            Plan::Run(save) => Effects::run(self.saving.start(move |_| save(&session))),
        }
    }

    fn save(&mut self, draft: Draft, cx: &Context<'_>) -> Effects {
        let Some(session) = cx.session.cloned() else { return Effects::none() };
        Effects::run(self.saving.start(move |_| session.save(&draft)))
    }

    fn previewed(&mut self, outcome: Ended<(Draft, Result<Impact, ServiceError>)>, cx: &Context<'_>) -> Effects {
        match outcome {
            Ended::With((draft, Ok(impact)))
                if impact.is_nothing() && impact.reporting.is_empty() && self.editing.saying().is_none() =>
            {
                self.save(draft, cx)
            }
            Ended::With((draft, Ok(impact))) => {
                let title = self.editing.crumbs().pop().unwrap_or_default();
                let mut review = Review::new(REVIEW, &title, &impact, self.editing.verb());
                if let Some(text) = self.editing.saying() {
                    review = review.saying(&text);
                }
                Effects::ask(review, draft)
            }
            Ended::With((_, Err(why))) => self.refused(&why),
            Ended::Broken => Effects::toast(Toast::bad("That broke off. Try again.")),
        }
    }

    fn saved(&mut self, outcome: Ended<Result<Saved, ServiceError>>) -> Effects {
        match outcome {
            Ended::With(Ok(saved)) => {
                self.form.settle();
                self.editing.done(saved)
            }
            Ended::With(Err(why)) => self.refused(&why),
            Ended::Broken => Effects::toast(Toast::bad("That broke off. Try again.")),
        }
    }

    /// A refusal stands at its field, if it is about one; what is typed stays.
    fn refused(&mut self, why: &ServiceError) -> Effects {
        let text = why.to_string();
        match self.editing.field_of(&text) {
            Some(key) if self.form.field(&key).is_some() => {
                self.form.complain(&key, sentence(&text));
                Effects::none()
            }
            _ => Effects::toast(Toast::bad(sentence(&text))),
        }
    }

    fn replied(&mut self, reply: &mut Reply, cx: &Context<'_>) -> Effects {
        if let Some(outcome) = self.loading.take(reply) {
            self.loaded(outcome);
        } else if let Some(outcome) = self.previewing.take(reply) {
            return self.previewed(outcome, cx);
        } else if let Some(outcome) = self.saving.take(reply) {
            return self.saved(outcome);
        }
        Effects::none()
    }

    fn key(&mut self, key: Key, cx: &Context<'_>) -> Effects {
        if self.is_busy() {
            // What is typed now would be in no review and in no save. Esc goes back to the fields.
            if key.code == Code::Esc {
                self.previewing.cancel();
            }
            return Effects::none();
        }
        match self.form.key(key) {
            FormStep::Submit => self.submit(cx),
            FormStep::Cancel => Effects::of(Effect::Back),
            FormStep::Stayed | FormStep::Unused => Effects::none(),
        }
    }
}

impl<E: Editing> Screen for Editor<E> {
    fn crumbs(&self) -> Vec<String> {
        self.editing.crumbs()
    }

    fn tab(&self) -> Option<String> {
        self.editing.tab()
    }

    fn commands(&self) -> Vec<&'static [Spec]> {
        Vec::new()
    }

    fn takes_text(&self) -> bool {
        true
    }

    fn is_opening(&self) -> bool {
        !self.ready && self.loading.is_waiting()
    }

    /// While its own question is on the way, it takes no keys.
    fn is_typed_in(&self) -> bool {
        false
    }

    fn text_hints(&self) -> Vec<(&'static str, &'static str)> {
        self.form.hints(self.editing.verb(), "back")
    }

    fn unsaved(&self) -> Option<String> {
        if self.saving.is_waiting() {
            return Some("What is typed here is being saved; if that is refused, it has to be typed again.".to_owned());
        }
        // A password that was typed to be sure of somebody is nothing to lose.
        let changed = self.form.changed().filter(|field| !field.is_secret());
        let changed: Vec<&str> = changed.map(|field| field.label.as_str()).collect();
        match changed.as_slice() {
            [] => None,
            [one] => Some(format!("{one} is changed and not saved.")),
            [one, two] => Some(format!("{one} and {two} are changed and not saved.")),
            [one, rest @ ..] => Some(format!("{one} and {} other fields are changed and not saved.", rest.len())),
        }
    }

    fn is_saving(&self) -> bool {
        self.saving.is_waiting()
    }

    fn part(&mut self) {
        // Without a field to stand at, a refusal is said.
        self.loading.cancel();
        self.form.fields.clear();
    }

    fn start(&mut self, cx: &Context<'_>) -> Effects {
        self.load(cx)
    }

    fn reply(&mut self, reply: &mut Reply, cx: &Context<'_>) -> Effects {
        self.replied(reply, cx)
    }

    fn update(&mut self, happening: Happening, cx: &Context<'_>) -> Effects {
        match happening {
            Happening::Key(key) => self.key(key, cx),
            Happening::Paste(text) if !self.is_busy() => {
                self.form.paste(&text);
                Effects::none()
            }
            Happening::Answer(answer) if answer.tag == REVIEW && answer.value == Given::Yes => {
                answer.about::<Draft>().cloned().map(|draft| self.save(draft, cx)).unwrap_or_default()
            }
            Happening::Refresh => self.load(cx),
            Happening::Paste(_) | Happening::Answer(_) | Happening::Command(_) | Happening::Tick => Effects::none(),
        }
    }

    fn status(&self) -> String {
        if self.is_busy() {
            return "One moment…".to_owned();
        }
        match self.form.changed().count() {
            0 => String::new(),
            1 => "1 field changed, not saved".to_owned(),
            number => format!("{number} fields changed, not saved"),
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let (words, tone) = match &self.trouble {
            Some(trouble) => (trouble.clone(), Tone::Bad),
            None if !self.ready => ("One moment…".to_owned(), Tone::Dim),
            None => (self.editing.lead(), Tone::Dim),
        };
        let used = if words.is_empty() { 0 } else { canvas.paragraph(area, &words, tone) + 1 };
        let below = Rect { y: area.y + used, height: area.height.saturating_sub(used), ..area };
        self.form.draw(canvas, below, self.trouble.is_none());
    }
}
