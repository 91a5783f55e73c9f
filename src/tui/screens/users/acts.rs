//! What is done with the person under the cursor, or with all who are chosen. Each act looks first
//! at whether it may be done, and says why not; what it would mean is shown before it happens (B1).

use super::commands::{
    ACCESS, CHANGE_EXCEPTION, DELETE, EDIT, EXCEPTION, MANAGER, NEW, OWN, REMOVE_EXCEPTION, RESET, ROLE,
};
use super::delete::Delete;
use super::exception::ExceptionForm;
use super::form;
use super::person::Person;
use super::secret::Secret;
use super::sheets::{Leads, owned_in_words};
use super::state::Users;
use super::transfer::Transfer;
use crate::model::Status;
use crate::service::draft::{Draft, ForMany, Many};
use crate::service::home::OwnedCount;
use crate::service::people::UserChange;
use crate::service::users::UserDetail;
use crate::service::{Acts, Password, ServiceError, Session};
use crate::tui::command::Id;
use crate::tui::console;
use crate::tui::editor::Editor;
use crate::tui::effect::{Effect, Effects};
use crate::tui::job::Ended;
use crate::tui::overlay::{Answer, Choice, Confirm, Given, Picker};
use crate::tui::proposal::Proposal;
use crate::tui::screen::Context;
use crate::tui::toast::Toast;
use crate::tui::words::{count, sentence};

const PICK_ROLE: &str = "users.pick-role";
const PICK_MANAGER: &str = "users.pick-manager";
const PICK_ACCESS: &str = "users.pick-access";
const SURE_RESET: &str = "users.sure-reset";

/// What is done with all who are chosen.
pub(super) const OF_SEVERAL: [Id; 2] = [ROLE, ACCESS];

/// Whom an act is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    /// Their emails.
    pub(super) emails: Vec<String>,
    /// The name of the one, or how many.
    pub(super) about: String,
}

/// What an act needs to know before it begins.
#[derive(Debug)]
pub(super) struct Ready {
    id: Id,
    target: Target,
    /// The exception that was stood on, by the permission's key.
    key: Option<String>,
    /// Of one person.
    detail: Option<(UserDetail, Vec<OwnedCount>)>,
    choices: Vec<Choice>,
}

/// Those for whom something may be done, as far as that is known.
#[derive(Debug)]
pub(super) struct Sorted {
    many: Many,
    what: ForMany,
    target: Target,
}

/// What is chosen for somebody, and from what.
struct Choosing {
    target: Target,
    offered: Vec<Choice>,
}

/// Why an act can't be done with somebody.
pub(super) fn refusal(id: Id, acts: &Acts) -> Option<&String> {
    match id {
        EDIT | ROLE | MANAGER | EXCEPTION | CHANGE_EXCEPTION | REMOVE_EXCEPTION => acts.edit.as_ref(),
        RESET => acts.reset.as_ref(),
        // It does the one or the other.
        ACCESS => acts.revoke.as_ref().filter(|_| acts.reactivate.is_some()),
        DELETE => acts.delete.as_ref(),
        OWN => acts.own.as_ref(),
        _ => None,
    }
}

impl Users {
    /// Those who are chosen, else the one under the cursor.
    fn target(&self, id: Id) -> Option<Target> {
        let many = OF_SEVERAL.contains(&id) && !self.chosen.is_empty();
        if many && self.chosen.len() > 1 {
            let about = count(self.chosen.len() as u64, "user", "users");
            return Some(Target { emails: self.chosen.keys().cloned().collect(), about });
        }
        if let Some((email, name)) = self.chosen.first_key_value().filter(|_| many) {
            return Some(Target { emails: vec![email.clone()], about: name.clone() });
        }
        let row = self.master.current()?;
        Some(Target { emails: vec![row.email.clone()], about: row.name.clone() })
    }

    /// The exception that one stands on, by the permission's key.
    fn exception_here(&self) -> Option<String> {
        match Leads::of(self.master.sheet.here()?)? {
            Leads::Exception(key) => Some(key),
            _ => None,
        }
    }

    /// Does one stand on one's own line?
    pub(super) fn is_me(&self) -> bool {
        self.master.current().is_some_and(|row| row.is_me)
    }

    /// Begins an act: asks what it has to know.
    pub(super) fn act(&mut self, id: Id, cx: &Context<'_>) -> Effects {
        if id == NEW {
            return Editor::show(Person::default());
        }
        // What everybody may change of themselves has its own place (002-35).
        match id {
            EDIT if self.is_me() => return Effects::of(Effect::Invoke(console::DETAILS.into())),
            RESET if self.is_me() => return Effects::of(Effect::Invoke(console::PASSWORD.into())),
            _ => {}
        }
        let (Some(session), Some(target)) = (cx.session.cloned(), self.target(id)) else { return Effects::none() };
        // Another act is begun: what was looked up for the one before is no longer waited for.
        self.sorting.cancel();
        self.proposing.drop_it();
        let key = self.exception_here();
        Effects::run(self.preparing.start(move |_| ready(&session, id, target, key)))
    }

    /// Goes on with an act.
    pub(super) fn prepared(&mut self, outcome: Ended<Result<Ready, ServiceError>>, cx: &Context<'_>) -> Effects {
        let ready = match outcome {
            Ended::With(Ok(ready)) => ready,
            Ended::With(Err(why)) => return Effects::toast(Toast::warn(sentence(&why.to_string()))),
            Ended::Broken => return Effects::toast(Toast::bad("That broke off. Try again.")),
        };
        let Ready { id, target, key, detail, choices } = ready;
        let why = detail.as_ref().and_then(|(detail, _)| refusal(id, &detail.acts));
        if let Some(why) = why {
            return Effects::toast(Toast::warn(sentence(why)));
        }
        let (email, name) = (target.emails.first().cloned().unwrap_or_default(), target.about.clone());
        let choosing = Choosing { target, offered: choices.clone() };
        match (id, detail) {
            (EDIT, _) => Editor::show(Person::of(&email, &name)),
            (EXCEPTION, _) => Editor::show(ExceptionForm::of(&email, &name, None)),
            (CHANGE_EXCEPTION, _) => match key {
                Some(key) => Editor::show(ExceptionForm::of(&email, &name, Some(&key))),
                None => Effects::none(),
            },
            (REMOVE_EXCEPTION, Some((detail, _))) => match key {
                Some(key) => self.remove_exception(&detail, &key, cx),
                None => Effects::none(),
            },
            (DELETE, _) => Editor::show(Delete::of(&email, &name)),
            (OWN, _) => Editor::show(Transfer::of(&email, &name)),
            (RESET, _) => {
                let title = format!("Reset the password of {name}?");
                let text = "They are signed out everywhere. You are shown a temporary password, once.";
                Effects::ask(Confirm::new(SURE_RESET, &title, text, "reset it"), choosing)
            }
            (ROLE, detail) => {
                let current = detail.map(|(detail, _)| detail.row.role);
                Effects::ask(Picker::one(PICK_ROLE, &format!("Role of {name}"), choices, current.as_deref()), choosing)
            }
            (MANAGER, detail) => {
                let current = detail.and_then(|(detail, _)| detail.row.manager_email).unwrap_or_default();
                Effects::ask(
                    Picker::one(PICK_MANAGER, &format!("Manager of {name}"), choices, Some(&current)),
                    choosing,
                )
            }
            (ACCESS, Some((detail, owned))) => self.turn_access(&detail, &owned, cx),
            (ACCESS, None) => {
                Effects::ask(Picker::one(PICK_ACCESS, &format!("Access of {name}"), choices, None), choosing)
            }
            _ => Effects::none(),
        }
    }

    /// Takes an answer, if it is to an act.
    pub(super) fn act_answered(&mut self, answer: &Answer, cx: &Context<'_>) -> Option<Effects> {
        let chosen = match &answer.value {
            Given::Chosen(keys) => keys.first().cloned(),
            _ => None,
        };
        let choosing = answer.about::<Choosing>()?;
        let target = choosing.target.clone();
        Some(match (answer.tag, chosen) {
            (PICK_ROLE, Some(role)) => self.for_all(target, ForMany::Role(role), cx),
            (PICK_ACCESS, Some(token)) => match Status::from_token(&token) {
                Some(status) => self.for_all(target, ForMany::Status(status), cx),
                None => Effects::none(),
            },
            (PICK_MANAGER, Some(manager)) => self.under_manager(target, manager, &choosing.offered, cx),
            (SURE_RESET, None) => self.reset(target, cx),
            _ => return None,
        })
    }

    /// The same for all whom it is about.
    fn for_all(&mut self, target: Target, what: ForMany, cx: &Context<'_>) -> Effects {
        let Some(session) = cx.session.cloned() else { return Effects::none() };
        Effects::run(self.sorting.start(move |_| Sorted {
            many: session.for_many(&target.emails, &what),
            what,
            target,
        }))
    }

    /// Those for whom it may be done are known.
    pub(super) fn sorted(&mut self, outcome: Ended<Sorted>, cx: &Context<'_>) -> Effects {
        let Ended::With(Sorted { many, what, target }) = outcome else {
            return Effects::toast(Toast::bad("That broke off. Try again."));
        };
        let stays: Vec<String> = many.stay.iter().map(|(name, why)| format!("{name}: {why}")).collect();
        if many.changes == 0 {
            let why = stays.first().map(|why| sentence(why)).unwrap_or_default();
            return Effects::toast(Toast::warn(why));
        }
        let (says, verb, done) = match &what {
            ForMany::Role(role) => (format!("The role “{role}” for {}.", target.about), "change", "changed"),
            ForMany::Status(Status::Revoked) => {
                let says = format!(
                    "{} can't sign in any more and are signed out at once. What they own stays theirs for now.",
                    sentence(&target.about).trim_end_matches('.')
                );
                (says, "revoke", "revoked")
            }
            ForMany::Status(_) => (format!("{} can sign in again.", target.about), "reactivate", "reactivated"),
        };
        let mut says = says;
        if !stays.is_empty() {
            says.push_str(&format!(" {} of {} are {done}; the others stay as they are: ", many.changes, many.of));
            says.push_str(&stays.join("; "));
            says.push('.');
        }
        let done = match (many.of, &what) {
            (1, ForMany::Role(role)) => format!("{} holds “{role}” now.", target.about),
            (1, ForMany::Status(_)) => format!("{} is {done}.", target.about),
            (of, _) => format!("{} of {of} {done}.", many.changes),
        };
        let proposal = Proposal { draft: many.draft, title: target.about, says, verb: verb.to_owned(), done };
        self.proposing.put(proposal, cx)
    }

    fn under_manager(&mut self, target: Target, manager: String, offered: &[Choice], cx: &Context<'_>) -> Effects {
        let says = match offered.iter().find(|choice| choice.key == manager) {
            _ if manager.is_empty() => {
                format!("{} has no manager of their own; the role tree decides.", target.about)
            }
            Some(whom) => format!("{} reports to {}.", target.about, whom.label),
            None => format!("{} reports to {manager}.", target.about),
        };
        let change = UserChange { manager: Some(manager), ..UserChange::default() };
        let email = target.emails.into_iter().next().unwrap_or_default();
        let proposal = Proposal {
            draft: Draft::User { email, change },
            done: says.clone(),
            says,
            title: target.about,
            verb: "change".to_owned(),
        };
        self.proposing.put(proposal, cx)
    }

    fn turn_access(&mut self, detail: &UserDetail, owned: &[OwnedCount], cx: &Context<'_>) -> Effects {
        let row = &detail.row;
        let name = row.name.clone();
        let revokes = row.status != Status::Revoked;
        let status = if revokes { Status::Revoked } else { Status::Active };
        let (says, verb, done) = if revokes {
            let mut says =
                format!("{name} ({}) is signed out everywhere at once and can't sign in any more.", row.email);
            let theirs = owned_in_words(owned);
            if !theirs.is_empty() {
                says.push_str(&format!(" What they own stays theirs for now, and counts as before: {theirs}."));
            }
            if !detail.reports.is_empty() {
                let people = count(detail.reports.len() as u64, "person goes", "people go");
                says.push_str(&format!(" {people} on reporting to them."));
            }
            (says, "revoke", format!("{name} is revoked."))
        } else {
            let says = format!("{name} ({}) can sign in again with the password that they had.", row.email);
            (says, "reactivate", format!("{name} is active again."))
        };
        let draft = Draft::Status { email: row.email.clone(), status };
        self.proposing.put(Proposal { draft, title: name, says, verb: verb.to_owned(), done }, cx)
    }

    fn remove_exception(&mut self, detail: &UserDetail, key: &str, cx: &Context<'_>) -> Effects {
        let exception = detail.exceptions.iter().flatten().find(|exception| exception.key == key);
        let Some(exception) = exception else { return Effects::none() };
        let name = detail.row.name.clone();
        let proposal = Proposal {
            draft: Draft::Exception { email: detail.row.email.clone(), key: key.to_owned(), exception: None },
            says: format!("“{}” goes back to what the role “{}” says for {name}.", exception.label, detail.row.role),
            done: format!("The exception for “{}” is removed.", exception.label),
            title: name,
            verb: "remove".to_owned(),
        };
        self.proposing.put(proposal, cx)
    }

    fn reset(&mut self, target: Target, cx: &Context<'_>) -> Effects {
        let Some(session) = cx.session.cloned() else { return Effects::none() };
        let Some(email) = target.emails.into_iter().next() else { return Effects::none() };
        // The password of the one before is still to be shown, and can't be shown twice.
        if self.resetting.is_waiting() {
            return Effects::toast(Toast::warn("The password before this one is still being reset."));
        }
        Effects::run(self.resetting.start(move |_| (target.about, session.give_temporary_password(&email))))
    }

    /// A temporary password came.
    pub(super) fn has_reset(outcome: Ended<(String, Result<Password, ServiceError>)>) -> Effects {
        match outcome {
            Ended::With((name, Ok(password))) => Effects::of(Effect::Open(Box::new(Secret::new(&name, password)))),
            Ended::With((_, Err(why))) => Effects::toast(Toast::bad(sentence(&why.to_string()))),
            Ended::Broken => Effects::toast(Toast::bad("That broke off. Try again.")),
        }
    }
}

fn ready(session: &Session, id: Id, target: Target, key: Option<String>) -> Result<Ready, ServiceError> {
    let detail = match target.emails.as_slice() {
        [one] => Some((session.user_detail(one)?, session.records_owned(one)?)),
        _ => None,
    };
    if id == EXCEPTION
        && let [one] = target.emails.as_slice()
    {
        // Where none can be added, that is said here.
        session.exception_choices(one)?;
    }
    let choices = match id {
        ROLE => form::roles(session.role_choices()),
        MANAGER => form::managers(session.person_choices(), target.emails.first().map(String::as_str)),
        ACCESS => vec![
            Choice::new(Status::Revoked.token(), "Revoke", "").note("They can't sign in any more."),
            Choice::new(Status::Active.token(), "Reactivate", "").note("They can sign in again."),
        ],
        _ => Vec::new(),
    };
    Ok(Ready { id, target, key, detail, choices })
}
