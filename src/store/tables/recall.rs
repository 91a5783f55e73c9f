//! What a reader's last questions found, kept for as long as they look at one list: a question that
//! says more than an earlier one need only look at what that one found, and the next page of the
//! same one need look at nothing. It holds for one generation and one reader; another's questions
//! find nothing in it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::authz::{Columns, Visible};
use crate::model::{FieldId, ObjectId, UserId};

use super::matches::Matches;
use super::query::Filter;

/// So many answers are kept: what is typed is taken back letter by letter.
const KEPT: usize = 8;

/// What was found for one reader's last questions about one list.
#[derive(Debug, Default)]
pub struct Recall(Mutex<Vec<(Asked, Arc<Matches>)>>);

/// What was asked, of what, for whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asked {
    generation: u64,
    object: ObjectId,
    /// At one generation, what a list may hold follows from whose it is.
    who: Option<UserId>,
    fields: Vec<FieldId>,
    filters: Vec<Filter>,
    /// As it is searched for; nothing, if empty.
    search: String,
}

impl Asked {
    pub(super) fn new(generation: u64, visible: &Visible, columns: &Columns, filters: &[Filter], search: &str) -> Self {
        Self {
            generation,
            object: visible.object(),
            who: visible.me(),
            fields: columns.fields().to_vec(),
            filters: filters.to_vec(),
            search: search.to_owned(),
        }
    }

    /// Does whatever answers the other question answer this one, too?
    fn holds(&self, other: &Self) -> bool {
        self.generation == other.generation
            && self.object == other.object
            && self.who == other.who
            && self.fields == other.fields
            && other.search.contains(&self.search)
            && self.filters.iter().all(|filter| other.filters.contains(filter))
    }
}

/// What is known of a question.
pub(super) enum Known {
    /// Its answer.
    Exactly(Arc<Matches>),
    /// The answer of a wider one.
    Within(Arc<Matches>),
    Nothing,
}

impl Recall {
    pub(super) fn of(&self, asked: &Asked) -> Known {
        let kept = self.lock();
        if let Some((_, exactly)) = kept.iter().find(|(other, _)| other == asked) {
            return Known::Exactly(Arc::clone(exactly));
        }
        let wider = kept.iter().filter(|(other, _)| other.holds(asked)).map(|(_, matches)| matches);
        wider.min_by_key(|matches| matches.count).map_or(Known::Nothing, |matches| Known::Within(Arc::clone(matches)))
    }

    pub(super) fn keep(&self, asked: Asked, matches: &Arc<Matches>) {
        let mut kept = self.lock();
        // A later generation pushes out what was found in earlier ones.
        kept.retain(|(other, _)| other.generation >= asked.generation && *other != asked);
        if kept.len() == KEPT {
            kept.remove(0);
        }
        kept.push((asked, Arc::clone(matches)));
    }

    fn lock(&self) -> MutexGuard<'_, Vec<(Asked, Arc<Matches>)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
