//! `rolecall check`: answers about a person, for the operator and for programs that ask (R33).

use crate::authz::{Action, Decision, Explanation};
use crate::model::{ObjectId, RecordId};
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
    /// Where the session isn't the operator's, or the person or the action isn't known.
    pub fn check(&self, question: &Question, explain: bool) -> Result<Answer, ServiceError> {
        self.check_at(&self.view(), question, explain)
    }

    /// Answers many questions at one generation.
    ///
    /// # Errors
    /// Where the session isn't the operator's; a single question's error stands in its place.
    pub fn check_all<'a>(
        &'a self,
        questions: impl Iterator<Item = Question> + 'a,
    ) -> impl Iterator<Item = Result<Answer, ServiceError>> + 'a {
        let view = self.view();
        questions.map(move |question| self.check_at(&view, &question, false))
    }

    fn check_at(&self, view: &View, question: &Question, explain: bool) -> Result<Answer, ServiceError> {
        if !self.is_operator() {
            return Err(ServiceError::Denied("only the operator asks about others".to_owned()));
        }
        let team = view.team();
        if team.users.is_empty() {
            return Err(ServiceError::NoAccount);
        }
        let Some(user) = team.user_by_email(&question.user) else {
            return Err(ServiceError::NotFound(format!("there is no user {}", question.user)));
        };
        if question.record.is_some() && !view.is_loaded() {
            return Err(ServiceError::Loading);
        }
        let action = Action::parse(team, &question.action).map_err(|error| ServiceError::Invalid(error.to_string()))?;
        let record = question.record.as_deref().map(|text| find(view, action, text));
        let field = question.field.as_deref();
        let snapshot = view.snapshot();
        if explain {
            let (decision, explanation) = snapshot.explain(user.id, action, record, field, view);
            return Ok(Answer { decision, explanation: Some(explanation) });
        }
        let decision = snapshot.check(user.id, action, record, field, view);
        Ok(Answer { decision, explanation: None })
    }
}

/// The record that a text names. One that isn't there is looked for all the same, under an ID that
/// no record has, so that the answer is the same as for one out of view.
fn find(view: &View, action: Action, text: &str) -> (ObjectId, RecordId) {
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
