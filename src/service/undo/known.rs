//! Whether whoever undoes a change of the team may still know of everything that it touched. It is
//! asked before anything is compared: where they may not, the answer is the same whatever became of
//! it since (R32).

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Change, Object, Role, SectionId, Swap, Team, User};
use crate::service::activity::Reader;
use crate::service::describe::Sight;
use crate::service::error::ServiceError;

/// What whoever undoes a change may know of the team.
pub(super) struct Known<'a> {
    reader: &'a Reader<'a>,
    team: &'a Team,
    /// Sections that the change itself deleted: an undo brings them back, and until then they are
    /// nobody's.
    brought_back: BTreeSet<SectionId>,
}

impl<'a> Known<'a> {
    pub(super) fn of(reader: &'a Reader<'a>, team: &'a Team, changes: &[Change]) -> Self {
        let deleted = changes.iter().flat_map(|change| match change {
            Change::Object(Swap { before: Some(was), after: Some(left) }) => {
                let was = was.sections.iter().map(|section| section.id);
                was.filter(|id| left.section_position(*id).is_none()).collect()
            }
            _ => Vec::new(),
        });
        let there = |id: SectionId| team.objects.values().any(|object| object.section_position(id).is_some());
        Self { reader, team, brought_back: deleted.filter(|id| !there(*id)).collect() }
    }

    /// May they know of this section? Of one that others deleted as little as of a hidden one.
    pub(super) fn section(&self, id: SectionId) -> bool {
        self.brought_back.contains(&id) || self.team.objects.keys().any(|object| self.reader.may_name(*object, id))
    }

    /// Refuses an undo of what they may not know any more, in one wording.
    pub(super) fn all_of(&self, changes: &[Change]) -> Result<(), ServiceError> {
        let known = |change: &Change| match change {
            Change::Account(_) | Change::Record(_) => true,
            Change::Role(swap) => self.role(swap.before.as_deref(), swap.after.as_deref()),
            Change::User(swap) => self.user(swap.before.as_deref(), swap.after.as_deref()),
            Change::Object(swap) => self.object(swap.before.as_deref(), swap.after.as_deref()),
        };
        if changes.iter().all(known) {
            return Ok(());
        }
        Err(ServiceError::Denied("it changed what is no longer there, or no longer yours to see".to_owned()))
    }

    /// Is there nothing in a change that they could know of?
    pub(super) fn sees_nothing_in(&self, change: &Change) -> bool {
        self.reader.lines(change).is_empty()
    }

    /// A role that was made goes whole, whatever it says.
    fn role(&self, was: Option<&Role>, left: Option<&Role>) -> bool {
        let (Some(was), none) = (was, BTreeMap::new()) else { return true };
        let left = left.map_or(&none, |left| &left.sections);
        let touched = was.sections.keys().chain(left.keys()).filter(|id| was.sections.get(id) != left.get(id));
        touched.into_iter().all(|id| self.section(*id))
    }

    fn user(&self, was: Option<&User>, left: Option<&User>) -> bool {
        let (Some(was), Some(left)) = (was, left) else { return true };
        self.reader.knows_all_of(was.id) || details(was) == details(left)
    }

    fn object(&self, was: Option<&Object>, left: Option<&Object>) -> bool {
        let (Some(was), Some(left)) = (was, left) else { return true };
        let sections = [(was, left), (left, was)].into_iter().flat_map(|(one, other)| {
            let differ = one.sections.iter().filter(|section| !other.sections.contains(section));
            differ.map(|section| section.id)
        });
        let fields = [(was, left), (left, was)].into_iter().flat_map(|(one, other)| {
            let differ = one.fields.iter().filter(|field| other.field(field.id) != Some(field));
            differ.map(|field| field.section)
        });
        sections.chain(fields).all(|id| self.section(id))
    }
}

/// What of a person isn't everybody's to know (002-34).
fn details(user: &User) -> impl PartialEq + use<'_> {
    let User {
        id: _,
        email: _,
        name: _,
        role: _,
        status: _,
        manager: _,
        exceptions,
        language,
        email_from_name,
        reply_to,
        account_manager: _,
        talk_access,
        created: _,
    } = user;
    (exceptions, language, email_from_name, reply_to, talk_access)
}
