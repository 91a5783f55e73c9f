//! `rolecall check`: answers about a person, for the operator and for programs that ask (R33).

use std::collections::HashMap;

use crate::authz::{Action, Asked, Decision, Explanation};
use crate::model::text::fold;
use crate::model::{ObjectId, RecordAction, RecordId, UserId};
use crate::store::View;

use super::error::ServiceError;
use super::session::Session;

/// One question.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Question {
    /// The person's email.
    pub user: String,
    /// `AREA.verb` or a feature's key.
    pub action: String,
    /// A record's ID, or `ext:VALUE`.
    pub record: Option<String>,
    /// A field's shown name.
    pub field: Option<String>,
}

/// What [`Session::check`] answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The decision.
    pub decision: Decision,
    /// Layer by layer, where it was asked for.
    pub explanation: Option<Explanation>,
}

impl Session {
    /// Answers a question about a person; with `explain`, layer by layer.
    ///
    /// # Errors
    /// Where the session isn't the operator's, the person or the action isn't known, or the action is
    /// about no field and one is named.
    pub fn check(&self, question: &Question, explain: bool) -> Result<Answer, ServiceError> {
        let view = self.view();
        let asked = self.understood(&view, question, |email| view.team().user_by_email(email).map(|user| user.id))?;
        let Asked { who, action, record, field } = asked;
        if explain {
            let (decision, explanation) = view.snapshot().explain(who, action, record, field, &view);
            return Ok(Answer { decision, explanation: Some(explanation) });
        }
        let decision = view.snapshot().check(who, action, record, field, &view);
        Ok(Answer { decision, explanation: None })
    }

    /// Answers many questions at one generation: all their people are found by one look through the
    /// team, and what decides about their records is fetched together.
    ///
    /// # Errors
    /// A single question's error stands in its place.
    #[must_use]
    pub fn check_all(&self, questions: &[Question]) -> Vec<Result<Answer, ServiceError>> {
        let view = self.view();
        let mut people: HashMap<String, Option<UserId>> =
            questions.iter().map(|question| (fold(question.user.trim()), None)).collect();
        for user in view.team().users.values() {
            people.get_mut(&user.email).into_iter().for_each(|found| _ = found.get_or_insert(user.id));
        }
        let find = |email: &str| people.get(&fold(email.trim())).copied().flatten();
        let asked: Vec<_> = questions.iter().map(|question| self.understood(&view, question, find)).collect();
        let decisions = view.snapshot().check_each(&view, asked.iter().flatten().copied());
        let mut decisions = decisions.into_iter();
        let answer = |asked: Result<Asked<'_>, ServiceError>| {
            asked.map(|asked| {
                let again = || view.snapshot().check(asked.who, asked.action, asked.record, asked.field, &view);
                Answer { decision: decisions.next().unwrap_or_else(again), explanation: None }
            })
        };
        asked.into_iter().map(answer).collect()
    }

    /// What a question is about; `find` knows people by their emails.
    fn understood<'q>(
        &self,
        view: &View,
        question: &'q Question,
        find: impl Fn(&str) -> Option<UserId>,
    ) -> Result<Asked<'q>, ServiceError> {
        if !self.is_operator() {
            return Err(ServiceError::Denied("only the operator asks about others".to_owned()));
        }
        let team = view.team();
        if team.users.is_empty() {
            return Err(ServiceError::NoAccount);
        }
        let Some(who) = find(&question.user) else {
            return Err(ServiceError::NotFound(format!("there is no user {}", question.user)));
        };
        if question.record.is_some() && !view.is_loaded() {
            return Err(ServiceError::Loading);
        }
        let action = Action::parse(team, &question.action).map_err(|error| ServiceError::Invalid(error.to_string()))?;
        let has_fields =
            matches!(action, Action::Create(_) | Action::Record(_, RecordAction::View | RecordAction::Edit));
        if question.field.is_some() && !has_fields {
            return Err(ServiceError::NoField(question.action.clone()));
        }
        let record = question.record.as_deref().map(|text| record_of(view, action, text));
        Ok(Asked { who, action, record, field: question.field.as_deref() })
    }
}

/// The record that a text names. One that isn't there is looked for all the same, under an ID that
/// no record has, so that the answer is the same as for one out of view.
fn record_of(view: &View, action: Action, text: &str) -> (ObjectId, RecordId) {
    let team = view.team();
    let objects: Vec<ObjectId> = match action {
        Action::Record(object, _) | Action::Create(object) => vec![object],
        Action::Feature(id) => match team.catalog.area_of(id).and_then(|area| area.object) {
            Some(object) => vec![object],
            None => team.objects.keys().copied().collect(),
        },
    };
    let operator = crate::authz::Subject::Operator;
    for object in &objects {
        let found = match text.strip_prefix("ext:") {
            Some(external) => {
                view.snapshot().find_external(operator, *object, external, view).map(|permit| permit.id())
            }
            None => text
                .parse::<RecordId>()
                .ok()
                .filter(|id| objects.len() == 1 || view.snapshot().permit_view(operator, *object, *id, view).is_some()),
        };
        if let Some(id) = found {
            return (*object, id);
        }
    }
    (objects.first().copied().unwrap_or(ObjectId::CONTACTS), RecordId(u64::MAX))
}
