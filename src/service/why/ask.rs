//! The decisions that a question comes to, asked of the evaluator.

use std::sync::atomic::AtomicBool;

use crate::authz::{Action, Subject};
use crate::model::catalog::features;
use crate::model::{ObjectId, RecordAction, RecordId, RoleType, Team, UserId};
use crate::service::edit_team::role;
use crate::service::error::ServiceError;
use crate::service::records::no_such_record;
use crate::service::session::Session;
use crate::service::write_record::viewable;
use crate::store::View;

use super::{Answer, Why, steps};

/// One decision to explain.
pub(super) struct Ask {
    /// About whom.
    pub(super) who: UserId,
    pub(super) action: Action,
    pub(super) record: Option<(ObjectId, RecordId)>,
    pub(super) field: Option<String>,
}

/// A question on its way: who asks, at which generation, and whether they still wait.
pub(super) struct Asked<'a> {
    pub(super) session: &'a Session,
    pub(super) view: &'a View,
    pub(super) cancelled: &'a AtomicBool,
}

impl Asked<'_> {
    /// Whom questions about oneself are about.
    fn asker(&self) -> Result<UserId, ServiceError> {
        match self.session.subject() {
            Subject::User(me) => Ok(me),
            Subject::Operator => {
                Err(ServiceError::Invalid("the operator may do everything that leaves the account whole".to_owned()))
            }
        }
    }

    pub(super) fn record(&self, object: &str, id: RecordId) -> Result<Why, ServiceError> {
        let who = self.asker()?;
        let opened = self.session.open_at(self.view.clone(), object)?;
        let (view, object) = (self.view, opened.object.id);
        if view.snapshot().permit_view(self.session.subject(), object, id, view).is_none() {
            return Err(no_such_record());
        }
        let verbs = [(RecordAction::View, "see"), (RecordAction::Edit, "change"), (RecordAction::Delete, "delete")];
        let answers = verbs.into_iter().map(|(action, verb)| {
            let ask = Ask { who, action: Action::Record(object, action), record: Some((object, id)), field: None };
            self.answer(&ask, &|may| format!("You {} {verb} this record.", may_word(may)))
        });
        Ok(Why { title: format!("This {}", opened.object.singular.to_lowercase()), answers: answers.collect() })
    }

    /// A field that may not be viewed answers as one that isn't there (R11, R32).
    pub(super) fn field(&self, object: &str, id: RecordId, name: &str) -> Result<Why, ServiceError> {
        let who = self.asker()?;
        let opened = self.session.open_at(self.view.clone(), object)?;
        let (view, object) = (self.view, opened.object.id);
        if view.snapshot().permit_view(self.session.subject(), object, id, view).is_none() {
            return Err(no_such_record());
        }
        let field = viewable(&opened, name)?;
        let verbs = [(RecordAction::View, "see"), (RecordAction::Edit, "change")];
        let answers = verbs.into_iter().map(|(action, verb)| {
            let field = Some(field.name.clone());
            let ask = Ask { who, action: Action::Record(object, action), record: Some((object, id)), field };
            self.answer(&ask, &|may| format!("You {} {verb} “{name}” here.", may_word(may)))
        });
        Ok(Why { title: format!("The field “{}”", field.name), answers: answers.collect() })
    }

    pub(super) fn records(&self, object: &str, action: RecordAction) -> Result<Why, ServiceError> {
        let who = self.asker()?;
        let opened = self.session.open_at(self.view.clone(), object)?;
        let (id, label) = (opened.object.id, opened.object.label.as_str());
        let (verb, action) = match action {
            RecordAction::View => ("see", Action::Record(id, RecordAction::View)),
            RecordAction::Edit => ("create and change", Action::Record(id, RecordAction::Edit)),
            RecordAction::Delete => ("delete", Action::Record(id, RecordAction::Delete)),
        };
        let ask = Ask { who, action, record: None, field: None };
        let mut answer = self.answer(&ask, &|may| format!("You {} {verb} {label}.", may_word(may)));
        if let (true, Action::Record(_, RecordAction::View)) = (answer.allowed, action) {
            let scope = self.view.snapshot().rights(self.session.subject(), id).view.label();
            // R8: what is assigned to a Focused User is in it besides.
            let focused = self.view.team().role_of(who).is_some_and(|role| role.role_type == RoleType::Focused);
            let besides = if focused { ", and by what is assigned to a Focused User" } else { "" };
            let text = format!("whose {label} are in the list is decided by the scope, which is “{scope}”{besides}");
            answer.decided_by("scope", true, text);
        }
        Ok(Why { title: label.to_owned(), answers: vec![answer] })
    }

    /// What others hold besides their role, only those may know who manage it (002-34).
    pub(super) fn feature(&self, user: Option<&str>, key: &str) -> Result<Why, ServiceError> {
        let (view, team) = (self.view, self.view.team());
        let who = match user {
            None => self.asker()?,
            Some(email) => {
                let found = team.user_by_email(email).map(|user| user.id);
                let found = found.ok_or_else(|| ServiceError::NotFound(format!("there is no user {email}")))?;
                let mine = self.session.subject() == Subject::User(found);
                if !mine && !view.snapshot().holds(self.session.subject(), features::USERS_EDIT) {
                    return Err(ServiceError::Denied(
                        "what others hold is for those to see who manage user permissions".to_owned(),
                    ));
                }
                found
            }
        };
        let Some(feature) = team.catalog.by_key(key) else {
            return Err(ServiceError::NotFound(format!("there is no permission {key}")));
        };
        let value = view.snapshot().feature(Subject::User(who), feature.id).label();
        let whom = self.session.name_of(team, who);
        let headline = format!("“{}” is {value} for {whom}.", team.catalog.title(feature));
        let ask = Ask { who, action: Action::Feature(feature.id), record: None, field: None };
        let answer = self.answer(&ask, &|_| headline.clone());
        Ok(Why { title: team.catalog.title(feature), answers: vec![answer] })
    }

    pub(super) fn person(&self, email: &str) -> Result<Why, ServiceError> {
        let who = self.asker()?;
        let (view, team) = (self.view, self.view.team());
        let Some(user) = team.user_by_email(email) else {
            return Err(ServiceError::NotFound(format!("there is no user {email}")));
        };
        let mut answers = Vec::new();
        for (feature, verb) in [
            (features::USERS_EDIT, "change the details and permissions of"),
            (features::USERS_MANAGE, "add and remove people like"),
        ] {
            let ask = Ask { who, action: Action::Feature(feature), record: None, field: None };
            let name = self.session.name_of(team, user.id);
            let mut answer = self.answer(&ask, &|may| format!("You {} {verb} {name}.", may_word(may)));
            // Whether somebody's rights are within one's own tells of them: only those hear it who
            // may know them.
            if answer.allowed && view.snapshot().holds(self.session.subject(), features::USERS_EDIT) {
                let contained = view.snapshot().may_touch(self.session.subject(), user.id);
                let (allows, text) = match contained {
                    Ok(()) => (true, format!("your rights contain those of {name}, as they must")),
                    Err(_) if user.id == who => {
                        (false, "nobody changes their own role, exceptions or manager".to_owned())
                    }
                    Err(denied) => (false, denied.to_string()),
                };
                answer.decided_by("rule", allows, text);
                if !allows {
                    answer.allowed = false;
                    answer.turns.clear();
                    answer.headline = format!("You may not {verb} {name}.");
                }
            }
            answers.push(answer);
        }
        Ok(Why { title: user.name.clone(), answers })
    }

    /// Roles are there for everybody to read (003-32); changing them takes the right to. Nobody
    /// changes a locked one (R6), or what they may themselves; an edit of another one is judged by
    /// what it adds, so that nothing about the role as it is stands in its way (R31).
    pub(super) fn role(&self, name: &str) -> Result<Why, ServiceError> {
        let who = self.asker()?;
        let role = role(self.view.team(), name)?;
        let ask = Ask { who, action: Action::Feature(features::ROLES_MANAGE), record: None, field: None };
        let headline = |may: bool| format!("You {} change the role “{}”.", may_word(may), role.name);
        let mut answer = self.answer(&ask, &headline);
        let own = self.view.team().role_of(who).is_some_and(|mine| mine.id == role.id);
        if answer.allowed || own || role.is_locked() {
            let (allows, text) = match (role.is_locked(), own) {
                (true, _) => (false, format!("“{}” is locked: nobody changes or deletes it", role.name)),
                (false, true) if answer.allowed => {
                    let looks = "you may change only how it looks, its name, description and icon";
                    (false, format!("it is your own role, and nobody changes what they may themselves; {looks}"))
                }
                (false, true) => (false, "it is your own role, and nobody changes what they may themselves".to_owned()),
                (false, false) => {
                    let given = "a change is judged by what it adds: you can give only what you hold yourself";
                    (true, format!("{given}, and change its type only where you hold all that it gives"))
                }
            };
            answer.decided_by("rule", allows, text);
            if !allows {
                answer.allowed = false;
                answer.turns.clear();
                answer.headline = headline(false);
            }
        }
        Ok(Why { title: format!("The role “{}”", role.name), answers: vec![answer] })
    }

    fn answer(&self, ask: &Ask, headline: &dyn Fn(bool) -> String) -> Answer {
        let (view, snapshot) = (self.view, self.view.snapshot());
        let (decision, explanation) = snapshot.explain(ask.who, ask.action, ask.record, ask.field.as_deref(), view);
        Answer {
            headline: headline(decision.allowed),
            allowed: decision.allowed,
            steps: steps(explanation),
            turns: self.turns(ask, decision.allowed),
        }
    }
}

impl Session {
    /// A person as a reader calls them.
    pub(super) fn name_of(&self, team: &Team, who: UserId) -> String {
        if self.subject() == Subject::User(who) {
            return "you".to_owned();
        }
        team.users.get(&who).map(|user| user.name.clone()).unwrap_or_default()
    }
}

fn may_word(may: bool) -> &'static str {
    if may { "may" } else { "may not" }
}
