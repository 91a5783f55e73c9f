//! What is done with one record or with several. Each act says beforehand what it is going to do,
//! runs beside the console, and tells how many of how many it changed: those that may be edited
//! are, the rest is left (R32: counted over what the viewer sees).

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
const SURE: &str = "records.sure";
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
pub(super) type Asked = (Asking, Vec<Person>, Vec<String>);

/// What giving records away would mean.
pub(super) struct Preview {
    about: String,
    /// The new owner's name.
    name: String,
    /// It is one record.
    one: bool,
    preview: Result<(Impact, Outcome), ServiceError>,
}

/// An act that waits for an answer.
#[derive(Debug, Clone)]
pub(super) struct Pending {
    target: Target,
    act: Option<Act>,
    /// Who was assigned before.
    assigned: Vec<String>,
}

impl Records {
    /// What an act is about, in words: a name, or how many.
    fn about(&self, target: &Target) -> String {
        target.name.clone().unwrap_or_else(|| self.counted(target.count))
    }

    fn counted(&self, how_many: u64) -> String {
        count(how_many, &self.object.singular.to_lowercase(), &self.object.label.to_lowercase())
    }

    pub(super) fn ask_people(&mut self, asking: Asking, cx: &Context<'_>) -> Effects {
        let (Some(session), Some(target)) = (cx.session.cloned(), self.target()) else { return Effects::none() };
        let (object, which) = (self.object.key.clone(), target.which.clone());
        self.pending = Some(Pending { target, act: None, assigned: Vec::new() });
        Effects::run(self.asking.start(move |_| {
            // Of one record, who is assigned now; to several, people are only added.
            let assigned = match which {
                Which::These(ids) if ids.len() == 1 => {
                    let one = ids.first().and_then(|id| session.record(&object, &id.to_string()).ok());
                    one.map(|detail| detail.row.assigned).unwrap_or_default()
                }
                _ => Vec::new(),
            };
            (asking, session.active_people(), assigned)
        }))
    }

    pub(super) fn asked_people(&mut self, outcome: Ended<Asked>) -> Effects {
        let (Ended::With((asking, people, assigned)), Some(pending)) = (outcome, &mut self.pending) else {
            return Effects::toast(Toast::bad("The people could not be shown."));
        };
        pending.assigned.clone_from(&assigned);
        self.people = people.iter().map(|person| (person.email.clone(), person.name.clone())).collect();
        let choices = people.into_iter().map(|person| Choice::new(person.email, person.name, person.role)).collect();
        let target = pending.target.clone();
        let about = self.about(&target);
        let picker = match asking {
            Asking::Owner => Picker::one(OWNER, &format!("New owner of {about}"), choices, None),
            Asking::Assigned if target.name.is_some() => {
                let chosen: BTreeSet<String> = assigned.into_iter().collect();
                Picker::several(ASSIGNED, &format!("Assign {about} to"), choices, chosen)
            }
            Asking::Assigned => Picker::several(
                ASSIGNED,
                &format!("Assign {about} to, besides those who are"),
                choices,
                BTreeSet::new(),
            ),
        };
        Effects::of(Effect::Open(Box::new(picker)))
    }

    pub(super) fn pick_status(&mut self) -> Effects {
        let Some(target) = self.target() else { return Effects::none() };
        let field = self.object.fields.iter().find(|view| view.field.name == "Status").map(|view| &view.field);
        let Some(field) = field else { return Effects::none() };
        let mut choices: Vec<Choice> =
            field.options.iter().map(|option| Choice::new(option.label.clone(), option.label.clone(), "")).collect();
        choices.push(Choice::new(NO_STATUS, "(empty)", ""));
        let picker = Picker::one(STATUS, &format!("Status of {}", self.about(&target)), choices, None);
        self.pending = Some(Pending { target, act: None, assigned: Vec::new() });
        Effects::of(Effect::Open(Box::new(picker)))
    }

    /// Private on or off: off only where one private record is meant (R14).
    pub(super) fn ask_private(&mut self, cx: &Context<'_>) -> Effects {
        let Some(target) = self.target() else { return Effects::none() };
        let sealed = match &self.selection {
            Selection::These(chosen) if chosen.is_empty() => self.current().is_some_and(|row| row.private),
            _ => false,
        };
        if sealed {
            let act = Act::Private(false);
            return self.begin(target, act, cx);
        }
        let about = self.about(&target);
        let text = match target.name {
            Some(_) => format!(
                "Nobody but its owner will see {about}: administrators and the account's owner are left out, and \
                 whoever it is assigned to. It stays private for its next owner."
            ),
            None => format!(
                "Of {about}, those that you own will be seen by nobody else: administrators and the account's owner \
                 are left out, and whoever they are assigned to. They stay private for their next owners; the others \
                 are left as they are."
            ),
        };
        self.pending = Some(Pending { target, act: Some(Act::Private(true)), assigned: Vec::new() });
        Effects::of(Effect::Open(Box::new(Confirm::new(SURE, "Make private?", &text, "make private"))))
    }

    pub(super) fn ask_delete(&mut self) -> Effects {
        let Some(target) = self.target() else { return Effects::none() };
        let about = self.about(&target);
        let text = match target.name {
            Some(_) => format!("{about} is deleted."),
            None => format!("{about} are deleted; those that you may not delete are left."),
        };
        self.pending = Some(Pending { target, act: Some(Act::Delete), assigned: Vec::new() });
        let confirm = Confirm::new(SURE, &format!("Delete {about}?"), &text, &format!("delete {about}")).grave();
        Effects::of(Effect::Open(Box::new(confirm)))
    }

    /// An overlay was answered.
    pub(super) fn answered(&mut self, answer: Answer, cx: &Context<'_>) -> Effects {
        if let Some(effects) = self.narrowed_by(&answer, cx) {
            return effects;
        }
        match (answer.tag, answer.value) {
            // A record that was just made: stand on it.
            (super::edit::MADE, Given::Chosen(ids)) => {
                self.wanted = ids.first().and_then(|id| id.parse().ok());
                self.ask_again(cx)
            }
            (super::columns::TAG, Given::Chosen(tokens)) => self.take_columns(tokens, cx),
            (OWNER, Given::Chosen(keys)) => match keys.into_iter().next() {
                Some(to) => self.ask_owner(to, cx),
                None => Effects::none(),
            },
            (ASSIGNED, Given::Chosen(chosen)) => self.assign(chosen, cx),
            (STATUS, Given::Chosen(keys)) => match keys.into_iter().next() {
                Some(key) => {
                    let status = if key == NO_STATUS { String::new() } else { key };
                    self.go_on(Act::Status(status), cx)
                }
                None => Effects::none(),
            },
            (SURE, Given::Yes) => match self.pending.as_mut().and_then(|pending| pending.act.take()) {
                Some(act) => self.go_on(act, cx),
                None => Effects::none(),
            },
            (tag, value) => self.answered_path(tag, &value, cx),
        }
    }

    /// Says what giving records away means for the giver (R13).
    fn ask_owner(&mut self, to: String, cx: &Context<'_>) -> Effects {
        let name =
            self.people.iter().find(|(email, _)| *email == to).map_or_else(|| to.clone(), |(_, name)| name.clone());
        let Some(pending) = &mut self.pending else { return Effects::none() };
        let act = Act::Owner(to);
        pending.act = Some(act.clone());
        let target = pending.target.clone();
        let about = self.about(&target);
        let Some(session) = cx.session.cloned() else { return Effects::none() };
        let object = self.object.key.clone();
        let job = self.previewing.start(move |cancel| {
            let preview = session.preview_on_records(&object, &target.which, &act, cancel.flag());
            Preview { about, name, one: target.name.is_some(), preview }
        });
        Effects::run(job)
    }

    /// What giving records away would mean came: shown before it happens (R13, B1).
    pub(super) fn previewed(&mut self, outcome: Ended<Preview>) -> Effects {
        let Ended::With(Preview { about, name, one, preview }) = outcome else {
            return Effects::toast(Toast::bad("That broke off. Try again."));
        };
        let (impact, outcome) = match preview {
            Ok(preview) => preview,
            Err(why) => return Effects::toast(Toast::bad(sentence(&why.to_string()))),
        };
        let text = match (one, outcome.changed) {
            (true, 0) => return Effects::toast(Toast::warn(format!("{about} is {name}'s already."))),
            (false, 0) => return Effects::toast(Toast::warn(format!("{about} are {name}'s already."))),
            (true, _) => format!("{about} goes to {name}."),
            (false, changed) if changed == outcome.of => format!("{about} go to {name}."),
            (false, changed) => format!(
                "{} of {about} go to {name}; {} left as they are.",
                number(changed),
                number(outcome.of.saturating_sub(changed)),
            ),
        };
        let review = Review::new(SURE, "Change the owner?", &impact, &format!("give to {name}")).saying(&text);
        Effects::of(Effect::Open(Box::new(review)))
    }

    fn assign(&mut self, chosen: Vec<String>, cx: &Context<'_>) -> Effects {
        let before = self.pending.as_ref().map(|pending| pending.assigned.clone()).unwrap_or_default();
        let remove = before.iter().filter(|email| !chosen.contains(email)).cloned().collect();
        let add = chosen.into_iter().filter(|email| !before.contains(email)).collect();
        self.go_on(Act::Assign { add, remove }, cx)
    }

    fn go_on(&mut self, act: Act, cx: &Context<'_>) -> Effects {
        match self.pending.take() {
            Some(pending) => self.begin(pending.target, act, cx),
            None => Effects::none(),
        }
    }

    fn begin(&mut self, target: Target, act: Act, cx: &Context<'_>) -> Effects {
        let Some(session) = cx.session.cloned() else { return Effects::none() };
        let about = self.about(&target);
        let (object, many) = (self.object.key.clone(), self.object.label.to_lowercase());
        let title = format!("{} {about}", doing(&act));
        self.selection = Selection::default();
        let task = Task::new(title, move |progress, cancel| {
            let mut told = |done: u64, of: u64| progress.set(done, of);
            let ended = session.act_on_records(&object, &target.which, &act, &mut told, cancel.flag());
            let (mark, changed) = ended.as_ref().map_or((None, 0), |outcome| (outcome.mark, outcome.changed));
            let takes_back = session.takes_back_records(mark, changed);
            said(ended, &act, target.name.as_deref(), &many).undone_by(takes_back)
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

/// What came of it, for the person who did it.
fn said(ended: Result<Outcome, ServiceError>, act: &Act, name: Option<&str>, many: &str) -> Toast {
    let done = match act {
        Act::Delete => "deleted",
        Act::Owner(_) => "given away",
        Act::Assign { .. } => "assigned",
        Act::Private(true) => "made private",
        Act::Private(false) => "no longer private",
        Act::Status(_) => "changed",
    };
    match (ended, name) {
        (Ok(outcome), Some(name)) if outcome.changed > 0 => Toast::good(format!("{name}: {done}.")),
        (Ok(_), Some(name)) => Toast::warn(format!("{name}: nothing to change.")),
        (Ok(outcome), None) => {
            let Outcome { of, changed, same, left, mark: _ } = outcome;
            let mut words = format!("{} of {} {many} {done}", number(changed), number(of));
            if same > 0 {
                words.push_str(&format!("; {} were so already", number(same)));
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
        (Err(ServiceError::Cancelled), _) => Toast::warn("Called off; nothing was changed."),
        (Err(why), _) => Toast::bad(sentence(&why.to_string())),
    }
}
