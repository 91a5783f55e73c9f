//! What is done with one record or with several. Each act says beforehand what it is going to do,
//! runs beside the console, and tells how many of how many it changed: those that may be edited
//! are, the rest is left (R32: counted over what the viewer sees). What an act is for goes with it all
//! the way: into the job that looks at it, into the question, and into its answer.

use std::collections::BTreeSet;

use super::select::{Selection, Target};
use super::state::Records;
use crate::service::ServiceError;
use crate::service::bulk::{Act, Outcome, Which};
use crate::service::impact::Impact;
use crate::service::record_form::Person;
use crate::tui::effect::{Effect, Effects};
use crate::tui::job::Ended;
use crate::tui::overlay::{Answer, Choice, Confirm, Given, Picker, Review};
use crate::tui::screen::Context;
use crate::tui::task::Task;
use crate::tui::toast::Toast;
use crate::tui::words::{count, number, sentence};

const OWNER: &str = "records.owner";
const ASSIGNED: &str = "records.assigned";
const STATUS: &str = "records.status";
const SURE_OWNER: &str = "records.sure-owner";
pub(super) const SURE_ASSIGN: &str = "records.sure-assign";
const SURE_PRIVATE: &str = "records.sure-private";
pub(super) const SURE_DELETE: &str = "records.sure-delete";
/// The key of emptying a status.
const NO_STATUS: &str = "no-status";

/// What people are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asking {
    /// One of them, to own it.
    Owner,
    /// Any number, to be assigned.
    Assigned,
}

/// What came: the people, and the emails of those who are assigned already.
pub(super) struct Asked {
    asking: Asking,
    target: Target,
    people: Vec<Person>,
    assigned: Vec<String>,
}

/// What an act would come to.
pub(super) struct Preview {
    pub(super) deed: Deed,
    pub(super) found: Found,
}

/// What was found out about it.
pub(super) enum Found {
    /// What giving records away to whoever has this name would mean.
    Owner(String, Result<(Impact, Outcome), ServiceError>),
    /// What it would mean that whoever does it has it assigned to themselves no more.
    Unassigned(Result<Impact, ServiceError>),
    /// How many would be deleted.
    Delete(Result<Outcome, ServiceError>),
}

/// What is done once somebody is sure.
#[derive(Debug, Clone)]
pub(super) struct Deed {
    pub(super) target: Target,
    pub(super) act: Act,
}

/// What people are chosen for.
struct Choosing {
    target: Target,
    people: Vec<Person>,
    /// Who was assigned before.
    assigned: Vec<String>,
}

impl Records {
    /// What an act is about, in words: a name, or how many.
    pub(super) fn about(&self, target: &Target) -> String {
        target.name.clone().unwrap_or_else(|| self.counted(target.count))
    }

    pub(super) fn counted(&self, how_many: u64) -> String {
        let (one, many) = self.names();
        count(how_many, &one, &many)
    }

    /// What one and what several are called within a sentence.
    pub(super) fn names(&self) -> (String, String) {
        (self.object.singular.to_lowercase(), self.object.label.to_lowercase())
    }

    /// Another act is begun: what was looked up for the one before is no longer waited for.
    pub(super) fn begin_anew(&mut self) {
        self.asking.cancel();
        self.previewing.cancel();
    }

    pub(super) fn ask_people(&mut self, asking: Asking, cx: &Context<'_>) -> Effects {
        self.begin_anew();
        let (Some(session), Some(target)) = (cx.session.cloned(), self.target()) else { return Effects::none() };
        let object = self.object.key.clone();
        Effects::run(self.asking.start(move |_| {
            // Of one record, who is assigned now; to several, people are only added.
            let assigned = match &target.which {
                Which::These(ids) if ids.len() == 1 => {
                    let one = ids.first().and_then(|id| session.record(&object, &id.to_string()).ok());
                    one.map(|detail| detail.row.assigned).unwrap_or_default()
                }
                _ => Vec::new(),
            };
            Asked { asking, target, people: session.active_people(), assigned }
        }))
    }

    pub(super) fn asked_people(&self, outcome: Ended<Asked>) -> Effects {
        let Ended::With(Asked { asking, target, people, assigned }) = outcome else {
            return Effects::toast(Toast::bad("The people could not be shown."));
        };
        let choice = |person: &Person| Choice::new(person.email.clone(), person.name.clone(), person.role.clone());
        let choices = people.iter().map(choice).collect();
        let about = self.about(&target);
        let picker = match asking {
            Asking::Owner => Picker::one(OWNER, &format!("New owner of {about}"), choices, None),
            Asking::Assigned if target.name.is_some() => {
                let chosen: BTreeSet<String> = assigned.iter().cloned().collect();
                Picker::several(ASSIGNED, &format!("Assign {about} to"), choices, chosen)
            }
            Asking::Assigned => Picker::several(
                ASSIGNED,
                &format!("Assign {about} to, besides those who are"),
                choices,
                BTreeSet::new(),
            ),
        };
        Effects::ask(picker, Choosing { target, people, assigned })
    }

    pub(super) fn pick_status(&mut self) -> Effects {
        self.begin_anew();
        let Some(target) = self.target() else { return Effects::none() };
        let field = self.object.fields.iter().find(|view| view.field.name == "Status").map(|view| &view.field);
        let Some(field) = field else { return Effects::none() };
        let mut choices: Vec<Choice> =
            field.options.iter().map(|option| Choice::new(option.label.clone(), option.label.clone(), "")).collect();
        choices.push(Choice::new(NO_STATUS, "(empty)", ""));
        let picker = Picker::one(STATUS, &format!("Status of {}", self.about(&target)), choices, None);
        Effects::ask(picker, target)
    }

    /// Private on or off: off only where one private record is meant (R14).
    pub(super) fn ask_private(&mut self, cx: &Context<'_>) -> Effects {
        self.begin_anew();
        let Some(target) = self.target() else { return Effects::none() };
        let sealed = match &self.selection {
            Selection::These(chosen) if chosen.is_empty() => self.current().is_some_and(|row| row.private),
            _ => false,
        };
        if sealed {
            return self.begin(Deed { target, act: Act::Private(false) }, cx);
        }
        let about = self.about(&target);
        let text = match &target.name {
            Some(_) => format!(
                "Nobody but its owner will see {about}: administrators and the account's owner are left out, and \
                 whoever it is assigned to. It stays private for its next owner."
            ),
            None if target.count == 1 => format!(
                "Nobody but its owner will see the {} that is selected: administrators and the account's owner are \
                 left out, and whoever it is assigned to. It stays private for its next owner.",
                self.object.singular.to_lowercase()
            ),
            None => format!(
                "Of {about}, those that you own will be seen by nobody else: administrators and the account's owner \
                 are left out, and whoever they are assigned to. They stay private for their next owners; the others \
                 are left as they are."
            ),
        };
        let confirm = Confirm::new(SURE_PRIVATE, "Make private?", &text, "make private");
        Effects::ask(confirm, Deed { target, act: Act::Private(true) })
    }

    /// An overlay was answered.
    pub(super) fn answered(&mut self, answer: Answer, cx: &Context<'_>) -> Effects {
        if let Some(effects) = self.narrowed_by(&answer, cx) {
            return effects;
        }
        match (answer.tag, &answer.value) {
            // A record that was just made or changed: stand on it, wherever it is now.
            (super::edit::WRITTEN, Given::Chosen(ids)) => {
                (self.wanted, self.deleted) = (ids.first().and_then(|id| id.parse().ok()), None);
                self.ask_again(cx)
            }
            (super::columns::TAG, Given::Chosen(tokens)) => self.take_columns(tokens.clone(), cx),
            (OWNER, Given::Chosen(keys)) => match (keys.first(), answer.about::<Choosing>()) {
                (Some(to), Some(choosing)) => self.ask_owner(to, choosing, cx),
                _ => Effects::none(),
            },
            (ASSIGNED, Given::Chosen(chosen)) => match answer.about::<Choosing>() {
                Some(choosing) => self.assign(chosen, choosing, cx),
                None => Effects::none(),
            },
            (STATUS, Given::Chosen(keys)) => match (keys.first(), answer.about::<Target>()) {
                (Some(key), Some(target)) => {
                    let status = if key == NO_STATUS { String::new() } else { key.clone() };
                    self.begin(Deed { target: target.clone(), act: Act::Status(status) }, cx)
                }
                _ => Effects::none(),
            },
            (SURE_OWNER | SURE_ASSIGN | SURE_PRIVATE | SURE_DELETE, Given::Yes) => match answer.about::<Deed>() {
                Some(deed) => self.begin(deed.clone(), cx),
                None => Effects::none(),
            },
            _ => self.answered_path(&answer, cx),
        }
    }

    /// Says what giving records away means for the giver (R13).
    fn ask_owner(&mut self, to: &str, choosing: &Choosing, cx: &Context<'_>) -> Effects {
        let Some(session) = cx.session.cloned() else { return Effects::none() };
        let name = choosing.people.iter().find(|person| person.email == to);
        let name = name.map_or_else(|| to.to_owned(), |person| person.name.clone());
        let deed = Deed { target: choosing.target.clone(), act: Act::Owner(to.to_owned()) };
        let object = self.object.key.clone();
        let job = self.previewing.start(move |cancel| {
            let preview = session.preview_on_records(&object, &deed.target.which, &deed.act, cancel.flag());
            Preview { deed, found: Found::Owner(name, preview) }
        });
        Effects::run(job)
    }

    /// What an act would come to is known: shown before it happens (R13, B1). It is said of those that
    /// were counted for it, and none but so many are given.
    pub(super) fn previewed(&mut self, outcome: Ended<Preview>, cx: &Context<'_>) -> Effects {
        let Ended::With(Preview { deed, found }) = outcome else {
            return Effects::toast(Toast::bad("That broke off. Try again."));
        };
        let (name, preview) = match found {
            Found::Owner(name, preview) => (name, preview),
            Found::Unassigned(preview) => return self.asked_to_leave(deed, preview, cx),
            Found::Delete(counted) => return self.counted_to_delete(deed, counted),
        };
        let (impact, outcome) = match preview {
            Ok(preview) => preview,
            Err(why) => return Effects::toast(Toast::bad(sentence(&why.to_string()))),
        };
        let deed = Deed { target: deed.target.counted_anew(outcome.of), ..deed };
        let about = self.about(&deed.target);
        let text = match (outcome.of == 1, outcome.changed) {
            (_, 0) if outcome.left.is_some() => {
                let (one, many) = self.names();
                return Effects::toast(came_of(outcome, &done(&deed.act, Vec::new), (&one, &many)));
            }
            (true, 0) => return Effects::toast(Toast::warn(format!("{about} is {name}'s already."))),
            (false, 0) => return Effects::toast(Toast::warn(format!("{about} are {name}'s already."))),
            (true, _) => format!("{about} goes to {name}."),
            (false, changed) if changed == outcome.of => format!("{about} go to {name}."),
            (false, changed) => format!(
                "{} of {about} {} to {name}; {}.",
                number(changed),
                if changed == 1 { "goes" } else { "go" },
                match outcome.of.saturating_sub(changed) {
                    1 => "1 is left as it is".to_owned(),
                    rest => format!("{} are left as they are", number(rest)),
                },
            ),
        };
        let review = Review::new(SURE_OWNER, "Change the owner?", &impact, &format!("give to {name}")).saying(&text);
        Effects::ask(review, deed)
    }

    fn assign(&mut self, chosen: &[String], choosing: &Choosing, cx: &Context<'_>) -> Effects {
        let before = &choosing.assigned;
        let remove: Vec<String> = before.iter().filter(|email| !chosen.contains(email)).cloned().collect();
        let add = chosen.iter().filter(|email| !before.contains(email)).cloned().collect();
        let leaves = remove.contains(&self.me);
        let deed = Deed { target: choosing.target.clone(), act: Act::Assign { add, remove } };
        if leaves { self.ask_to_leave(deed, cx) } else { self.begin(deed, cx) }
    }

    pub(super) fn begin(&mut self, deed: Deed, cx: &Context<'_>) -> Effects {
        let Some(session) = cx.session.cloned() else { return Effects::none() };
        let Deed { target, act } = deed;
        let about = self.about(&target);
        let object = self.object.key.clone();
        let (one, many) = self.names();
        let title = format!("{} {about}", doing(&act));
        self.choose(Selection::default());
        if let (Act::Delete, Which::These(ids)) = (&act, &target.which) {
            let here = self.current().map(|row| row.id);
            self.deleted = here.filter(|here| *ids == [*here]);
        }
        let task = Task::new(title, move |progress, cancel| {
            let mut told = |done: u64, of: u64| progress.set(done, of);
            let ended = session.act_on_records(&object, &target.which, &act, &mut told, cancel.flag());
            let (mark, changed) = ended.as_ref().map_or((None, 0), |outcome| (outcome.mark, outcome.changed));
            let takes_back = session.takes_back_records(mark, changed);
            let done = done(&act, || session.active_people());
            said(ended, &done, target.name.as_deref(), (&one, &many)).undone_by(takes_back)
        });
        Effects::of(Effect::Begin(task))
    }
}

fn doing(act: &Act) -> &'static str {
    match act {
        Act::Delete => "Deleting",
        _ => "Changing",
    }
}

/// What was done, in words.
fn done(act: &Act, people: impl FnOnce() -> Vec<Person>) -> String {
    let done = match act {
        Act::Delete => "deleted",
        Act::Owner(_) => "given away",
        Act::Assign { add, remove } if add.is_empty() && !remove.is_empty() => {
            let people = people();
            let name = |email: &String| people.iter().find(|person| person.email == *email).map(|p| p.name.clone());
            let names: Vec<String> = remove.iter().map(|email| name(email).unwrap_or_else(|| email.clone())).collect();
            return format!("no longer assigned to {}", names.join(", "));
        }
        Act::Assign { .. } => "assigned",
        Act::Private(true) => "made private",
        Act::Private(false) => "no longer private",
        Act::Status(_) => "changed",
    };
    done.to_owned()
}

/// What came of it, for the person who did it.
fn said(ended: Result<Outcome, ServiceError>, done: &str, name: Option<&str>, names: (&str, &str)) -> Toast {
    match (ended, name) {
        (Ok(outcome), Some(name)) if outcome.changed > 0 => Toast::good(format!("{name}: {done}.")),
        (Ok(_), Some(name)) => Toast::warn(format!("{name}: nothing to change.")),
        (Ok(outcome), None) => came_of(outcome, done, names),
        (Err(ServiceError::Cancelled), _) => Toast::warn("Called off; nothing was changed."),
        (Err(why), _) => Toast::bad(sentence(&why.to_string())),
    }
}

/// How many of how many were changed, and what became of the others.
fn came_of(outcome: Outcome, done: &str, (one, many): (&str, &str)) -> Toast {
    let Outcome { of, changed, same, left, mark: _ } = outcome;
    let mut words = format!("{} of {} {}", number(changed), count(of, one, many), done);
    if same > 0 {
        words.push_str(&format!("; {} {} so already", number(same), if same == 1 { "was" } else { "were" }));
    }
    let rest = of.saturating_sub(changed + same);
    match left {
        Some(why) if rest > 0 => {
            words.push_str(&format!("; {} left: {}", number(rest), sentence(&why)));
            Toast::warn(words)
        }
        _ => Toast::good(words + "."),
    }
}
