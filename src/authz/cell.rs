//! What a cell of the matrix comes to for whoever holds the role, and why: the same evaluator, asked
//! about a person who has the role and nothing else.

use crate::model::{
    FeatureId, FeatureValue, Moment, ObjectId, RecordAction, RoleId, RoleType, Scope, SectionId, User, UserId,
};

use super::compile::Snapshot;
use super::decide::Person;
use super::trace::{Explanation, Layer, Recorder, Trace};

/// A cell of the matrix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RoleCell {
    /// A feature.
    Feature(FeatureId),
    /// One of an object's scopes.
    Scope(ObjectId, RecordAction),
    /// A section of an object.
    Section(ObjectId, SectionId),
}

impl Snapshot {
    /// What a cell comes to, in a word, and why; nothing where there is no such cell.
    #[must_use]
    pub fn explain_cell(&self, role: RoleId, cell: RoleCell) -> Option<(String, Explanation)> {
        let team = self.team();
        let role = team.roles.get(&role)?;
        let holder = User::plain(UserId(u32::MAX), String::new(), "a holder".to_owned(), role.id, Moment(0));
        let person = Person::new(team, &holder, role, self.made());
        let mut steps = Recorder::default();
        let (allowed, word) = match cell {
            RoleCell::Feature(id) => {
                let value = person.feature(team.catalog.feature(id)?, &mut steps);
                (value == FeatureValue::Yes, value.label().to_owned())
            }
            RoleCell::Scope(object, action) => self.scope_cell(&person, object, action, &mut steps)?,
            RoleCell::Section(object, section) => {
                let object = team.objects.get(&object)?;
                let position = object.section_position(section)?;
                let rights = person.object(object, &mut steps);
                let (sees, writes) = (rights.see >> position & 1 == 1, rights.write >> position & 1 == 1);
                let word = match (sees, writes) {
                    (true, true) => "view and edit",
                    (true, false) => "view",
                    (false, _) => "hidden",
                };
                if rights.access {
                    let name = object.sections.get(position).map_or("", |section| section.name.as_str());
                    steps.step(Layer::Section, sees, || {
                        format!("the role “{}” has the section “{name}” set to {word}", role.name)
                    });
                }
                (sees, word.to_owned())
            }
        };
        Some((word, steps.explain(allowed)))
    }

    fn scope_cell(
        &self,
        person: &Person<'_>,
        object: ObjectId,
        action: RecordAction,
        steps: &mut Recorder,
    ) -> Option<(bool, String)> {
        let object = self.team().objects.get(&object)?;
        let role = person.role;
        let rights = person.object(object, steps);
        if !rights.access {
            return Some((false, Scope::None.label().to_owned()));
        }
        let set = role.scopes(object.id);
        let (verb, set, is) = match action {
            RecordAction::View => ("view", set.view, rights.view),
            RecordAction::Edit => ("create/edit", set.edit, rights.edit),
            RecordAction::Delete => ("delete", set.delete, rights.delete),
        };
        steps.step(Layer::Scope, set != Scope::None, || {
            format!("the role “{}” has {verb} of {} set to “{}”", role.name, object.label, set.label())
        });
        if set == Scope::None {
            steps.decided();
        }
        if action == RecordAction::Delete {
            person.may_delete(object, steps);
        }
        if is == Scope::None {
            return Some((false, Scope::None.label().to_owned()));
        }
        if role.role_type == RoleType::Focused {
            let words = "a Focused User reaches what they own or are assigned to, and no more";
            steps.step(Layer::Type, true, || words.to_owned());
            return Some((true, "owned by or assigned to me".to_owned()));
        }
        // R12: never further than view.
        if !rights.view.contains(is) {
            let word = format!("{} ∩ {}", is.label(), rights.view.label());
            steps.step(Layer::Scope, true, || {
                format!("it never reaches further than view, which is “{}”: {word}", rights.view.label())
            });
            return Some((true, word));
        }
        Some((true, is.label().to_owned()))
    }
}
