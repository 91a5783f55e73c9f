//! The registry of commands. Keys, the palette, the help overlay and the bar at the foot are all
//! drawn from the same list, so what works is what is shown. A command that the viewer may not use
//! isn't in the list at all (R11); one that can't be used just now for another cause is, and says
//! why.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::event::Key;
use crate::model::FeatureValue;
use crate::service::records::ObjectView;
use crate::service::standing::Standing;
use crate::service::{Me, Session};

/// Names a command, for code and for documents: `users.filter-role`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Id(pub &'static str);

/// Who has a command at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Anyone, signed in or not.
    Nothing,
    /// Whoever is signed in.
    SignedIn,
    /// Whoever has this feature.
    Feature(&'static str),
    /// Whoever has one of these features.
    AnyOf(&'static [&'static str]),
    /// Whoever looks at a demo.
    Demo,
}

/// How much harm a command can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Danger {
    /// It only shows.
    None,
    /// It changes something, and can be undone.
    Changes,
    /// It takes something away; it asks first, naming the thing.
    Destroys,
}

/// Where the help overlay lists a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// What this screen does.
    Screen,
    /// Moving about in it.
    Move,
    /// Other screens.
    Go,
    /// The console itself.
    Console,
}

/// A command as code declares it.
#[derive(Debug, Clone, Copy)]
pub struct Spec {
    /// Its name.
    pub id: Id,
    /// Its title, as the palette and the help show it.
    pub title: &'static str,
    /// A word for the bar at the foot; empty keeps it off the bar.
    pub short: &'static str,
    /// What it does, in a line.
    pub doc: &'static str,
    /// Who has it.
    pub needs: Needs,
    /// What harm it can do.
    pub danger: Danger,
    /// Where the help lists it.
    pub group: Group,
    /// Other words by which the palette finds it.
    pub also: &'static str,
    /// The keys that run it.
    pub keys: &'static [Key],
}

impl Spec {
    /// A command that shows something, on whatever screen lists it.
    #[must_use]
    pub const fn new(id: &'static str, title: &'static str, short: &'static str, doc: &'static str) -> Self {
        Self {
            id: Id(id),
            title,
            short,
            doc,
            needs: Needs::SignedIn,
            danger: Danger::None,
            group: Group::Screen,
            also: "",
            keys: &[],
        }
    }

    /// With these keys.
    #[must_use]
    pub const fn keys(self, keys: &'static [Key]) -> Self {
        Self { keys, ..self }
    }

    /// For those who meet this.
    #[must_use]
    pub const fn needs(self, needs: Needs) -> Self {
        Self { needs, ..self }
    }

    /// Listed there.
    #[must_use]
    pub const fn group(self, group: Group) -> Self {
        Self { group, ..self }
    }

    /// Found by these words, too.
    #[must_use]
    pub const fn also(self, also: &'static str) -> Self {
        Self { also, ..self }
    }

    /// With this danger.
    #[must_use]
    pub const fn danger(self, danger: Danger) -> Self {
        Self { danger, ..self }
    }
}

/// A command to run, with what it is to act on where there are many of its kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invocation {
    /// The command.
    pub id: Id,
    /// The object's key, the person's email …
    pub argument: Option<Arc<str>>,
}

impl From<Id> for Invocation {
    fn from(id: Id) -> Self {
        Self { id, argument: None }
    }
}

/// A command as it stands for one viewer on one screen.
#[derive(Debug, Clone)]
pub struct Command {
    /// What runs.
    pub invocation: Invocation,
    /// The title.
    pub title: Cow<'static, str>,
    /// The word for the bar.
    pub short: Cow<'static, str>,
    /// The line of explanation.
    pub doc: Cow<'static, str>,
    /// Other words by which it is found.
    pub also: &'static str,
    /// The danger.
    pub danger: Danger,
    /// Where the help lists it.
    pub group: Group,
    /// The keys.
    pub keys: Vec<Key>,
    /// Why it can't be used just now.
    pub blocked: Option<String>,
}

impl Command {
    /// The command that a spec declares.
    #[must_use]
    pub fn of(spec: &Spec) -> Self {
        Self {
            invocation: spec.id.into(),
            title: spec.title.into(),
            short: spec.short.into(),
            doc: spec.doc.into(),
            also: spec.also,
            danger: spec.danger,
            group: spec.group,
            keys: spec.keys.to_vec(),
            blocked: None,
        }
    }

    /// The same for one of many: with an argument, and a title of its own.
    #[must_use]
    pub fn of_many(spec: &Spec, argument: &str, title: String, keys: Vec<Key>) -> Self {
        Self {
            invocation: Invocation { id: spec.id, argument: Some(argument.into()) },
            title: title.into(),
            short: Cow::Borrowed(""),
            keys,
            ..Self::of(spec)
        }
    }

    /// Its keys in words: `↓ j`.
    #[must_use]
    pub fn keys_shown(&self) -> String {
        self.keys.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    }
}

/// What decides which commands there are: the one who looks.
#[derive(Debug, Clone, Default)]
pub struct Viewer {
    /// The account's name.
    pub account: String,
    /// Who is signed in, if anyone is.
    pub me: Option<Me>,
    /// The keys of the features that they have, of those that commands need.
    pub features: BTreeSet<&'static str>,
    /// The objects whose lists they may open.
    pub objects: Vec<ObjectView>,
    /// This is a demo, where anyone may become anyone.
    pub demo: bool,
    /// All that they may, to tell when it changes.
    pub standing: Standing,
}

impl Viewer {
    /// The one who is signed in, now.
    #[must_use]
    pub fn of(session: &Session, demo: bool) -> Self {
        let me = session.me();
        let needed = super::screens::specs().flat_map(|spec| match spec.needs {
            Needs::Feature(feature) => vec![feature],
            Needs::AnyOf(features) => features.to_vec(),
            Needs::Nothing | Needs::SignedIn | Needs::Demo => Vec::new(),
        });
        let features = needed.filter(|feature| session.feature(feature) == FeatureValue::Yes).collect();
        Self {
            account: me.account.clone(),
            me: Some(me),
            features,
            objects: session.objects(),
            demo,
            standing: session.standing(),
        }
    }

    /// Somebody is signed in.
    #[must_use]
    pub fn signed_in(&self) -> bool {
        self.me.is_some()
    }

    /// Has the viewer this feature? Known of those that commands need.
    #[must_use]
    pub fn may(&self, feature: &str) -> bool {
        self.features.contains(feature)
    }

    /// Does the viewer meet this?
    #[must_use]
    pub fn meets(&self, needs: Needs) -> bool {
        match needs {
            Needs::Nothing => true,
            Needs::SignedIn => self.signed_in(),
            Needs::Feature(feature) => self.may(feature),
            Needs::AnyOf(features) => features.iter().any(|feature| self.may(feature)),
            Needs::Demo => self.demo,
        }
    }
}

/// The commands of one viewer on one screen, in the order in which they are shown.
#[derive(Debug, Clone, Default)]
pub struct Menu(Vec<Command>);

impl Menu {
    /// Adds what the viewer may use of these, and what isn't there yet: a screen may list one of the
    /// console's commands with a key of its own.
    pub fn add(&mut self, viewer: &Viewer, specs: &[Spec], blocked: impl Fn(Id) -> Option<String>) {
        for spec in specs.iter().filter(|spec| viewer.meets(spec.needs)) {
            if self.has(spec.id) {
                continue;
            }
            self.0.push(Command { blocked: blocked(spec.id), ..Command::of(spec) });
        }
    }

    /// Adds one.
    pub fn push(&mut self, command: Command) {
        self.0.push(command);
    }

    /// Takes away the keys that don't work just now.
    pub fn keep_keys(&mut self, works: impl Fn(Key) -> bool) {
        self.0.iter_mut().for_each(|command| command.keys.retain(|key| works(*key)));
    }

    /// All of them.
    #[must_use]
    pub fn commands(&self) -> &[Command] {
        &self.0
    }

    /// The command that a key runs; the screen's come before the console's.
    #[must_use]
    pub fn by_key(&self, key: Key) -> Option<&Command> {
        self.0.iter().find(|command| command.keys.contains(&key))
    }

    /// Is this command there?
    #[must_use]
    pub fn has(&self, id: Id) -> bool {
        self.0.iter().any(|command| command.invocation.id == id)
    }
}
