//! Why records stay as they are, in words. What is gone and what is out of view get the same answer,
//! without a name (R32); what is seen is named as its reader sees it.

use std::collections::BTreeMap;

use crate::model::{ObjectId, Team};
use crate::service::error::ServiceError;

/// So many are named; more are only counted.
const NAMED: usize = 3;

/// Why one record can't be set back. Its words are for one's own change, which one knows.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stays {
    /// It is gone, or out of view.
    Unseen,
    /// The same, of a record that the change gave to somebody else.
    Given,
    /// Somebody changed just that since. The name as it is seen now.
    Since(String),
    /// It was deleted, and is there again.
    Again(String),
    /// The rules say no; why, without a name.
    Refused(String),
}

impl Stays {
    /// The whole of why, for a change of that one record; `one` is what it is, such as `contact`.
    fn alone(&self, one: &str) -> String {
        match self {
            Self::Unseen => format!("the {one} is no longer there, or no longer yours to see"),
            Self::Given => format!(
                "the {one} that it gave away is no longer there, or no longer yours to see; whoever owns it now can \
                 give it back"
            ),
            Self::Since(name) => format!("{name} was changed since"),
            Self::Again(name) => format!("{name} is there again already"),
            Self::Refused(why) => why.clone(),
        }
    }
}

/// What a change was about: `contact`, `contacts`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Noun {
    pub(super) one: String,
    pub(super) many: String,
}

impl Noun {
    /// The records of an object.
    pub(super) fn of(team: &Team, object: ObjectId) -> Self {
        match team.objects.get(&object) {
            Some(object) => Self { one: object.singular.to_lowercase(), many: object.label.to_lowercase() },
            None => Self::any(),
        }
    }

    /// Whatever they are.
    pub(super) fn any() -> Self {
        Self { one: "record".to_owned(), many: "records".to_owned() }
    }

    pub(super) fn count(&self, how_many: usize) -> String {
        format!("{how_many} {}", if how_many == 1 { &self.one } else { &self.many })
    }
}

/// Why records stay, of a change that touched so many: one by its own words, several by kind.
pub(super) fn told(stays: &[Stays], of: usize, noun: &Noun) -> String {
    if let ([only], 1) = (stays, of) {
        return only.alone(&noun.one);
    }
    let mut parts = Vec::new();
    let is_are = |number: usize| if number == 1 { "is" } else { "are" };
    let (unseen, given) = (counted(stays, &Stays::Unseen), counted(stays, &Stays::Given));
    if unseen > 0 {
        parts.push(format!("{unseen} {} no longer there, or no longer yours to see", is_are(unseen)));
    }
    if given > 0 {
        let owns = if given == 1 { "whoever owns it now can give it" } else { "whoever owns them now can give them" };
        parts.push(format!("{given} {} no longer there, or no longer yours to see: {owns} back", is_are(given)));
    }
    let since = names(stays, |stays| if let Stays::Since(name) = stays { Some(name) } else { None });
    parts.extend(named(&since, "was changed since", "were changed since"));
    let again = names(stays, |stays| if let Stays::Again(name) = stays { Some(name) } else { None });
    parts.extend(named(&again, "is there again already", "are there again already"));
    let mut refused: BTreeMap<&str, usize> = BTreeMap::new();
    for why in names(stays, |stays| if let Stays::Refused(why) = stays { Some(why) } else { None }) {
        *refused.entry(why).or_default() += 1;
    }
    let rest: usize = refused.values().skip(NAMED).sum();
    parts.extend(refused.iter().take(NAMED).map(|(why, number)| format!("{number}: {why}")));
    if rest > 0 {
        parts.push(format!("{rest} for other reasons"));
    }
    parts.join("; ")
}

fn counted(stays: &[Stays], kind: &Stays) -> usize {
    stays.iter().filter(|stays| *stays == kind).count()
}

fn names<'a>(stays: &'a [Stays], pick: impl Fn(&'a Stays) -> Option<&'a String>) -> Vec<&'a str> {
    stays.iter().filter_map(|stays| pick(stays).map(String::as_str)).collect()
}

fn named(names: &[&str], one: &str, many: &str) -> Option<String> {
    match names {
        [] => None,
        [only] => Some(format!("{only} {one}")),
        few if few.len() <= NAMED => Some(format!("{} {many}", few.join(", "))),
        all => Some(format!("{} {many}", all.len())),
    }
}

/// The refusal of a whole change, none of whose records can be set back.
pub(super) fn refusal(stays: &[Stays], of: usize, noun: &Noun) -> ServiceError {
    let why = told(stays, of, noun);
    let only_since = stays.iter().all(|stays| matches!(stays, Stays::Since(_) | Stays::Again(_)));
    if only_since { ServiceError::Meanwhile(why) } else { ServiceError::Denied(why) }
}
