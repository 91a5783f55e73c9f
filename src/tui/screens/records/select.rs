//! Which records are chosen, to do something with several at once: single ones, or all that the
//! list holds, which is kept as the question and never as a list of them.

use std::collections::{BTreeMap, BTreeSet};

use super::state::Records;
use crate::model::RecordId;
use crate::service::ServiceError;
use crate::service::bulk::Which;
use crate::service::records::RecordQuery;
use crate::tui::effect::Effects;
use crate::tui::job::Ended;
use crate::tui::moves;
use crate::tui::screen::Context;
use crate::tui::words::number;

/// What is chosen.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Selection {
    /// These, each with what names it.
    These(BTreeMap<RecordId, String>),
    /// All that this holds, but for a few.
    All { query: Box<RecordQuery>, except: Except },
}

impl Default for Selection {
    fn default() -> Self {
        Self::These(BTreeMap::new())
    }
}

/// What was taken out of a list, each with whether the list still holds it: what has left it stays
/// out should it come back, and is none of those that the list is counted without.
pub(super) type Except = BTreeMap<RecordId, bool>;

/// Records that were looked for, and which of them can still be seen; of what was taken out of a
/// list, which of them it still holds.
pub(super) type Checked = (BTreeSet<RecordId>, Result<Vec<RecordId>, ServiceError>);

/// What an act is for.
#[derive(Debug, Clone)]
pub(super) struct Target {
    pub(super) which: Which,
    pub(super) count: u64,
    /// What names it, if it is one.
    pub(super) name: Option<String>,
}

impl Target {
    /// The same, where so many of them were counted since: what is agreed to is that many.
    pub(super) fn counted_anew(mut self, count: u64) -> Self {
        if let Which::All { at_most, .. } = &mut self.which {
            *at_most = Some(count);
        }
        Self { count, ..self }
    }
}

impl Records {
    /// How many are selected; of all of a list, as far as its rows are counted.
    pub(super) fn selected(&self) -> u64 {
        match &self.selection {
            Selection::These(chosen) => chosen.len() as u64,
            Selection::All { except, .. } => self.pages.at_least().saturating_sub(taken_out(except)),
        }
    }

    /// Is anything chosen, however much that comes to?
    pub(super) fn is_choosing(&self) -> bool {
        match &self.selection {
            Selection::These(chosen) => !chosen.is_empty(),
            Selection::All { .. } => true,
        }
    }

    /// How much is chosen, in words.
    pub(super) fn selected_in_words(&self) -> String {
        match &self.selection {
            Selection::All { except, .. } if self.pages.total().is_none() => match taken_out(except) {
                0 => "all selected".to_owned(),
                few => format!("all but {} selected", number(few)),
            },
            _ => format!("{} selected", number(self.selected())),
        }
    }

    /// Is it not known just now how many of the list are chosen?
    pub(super) fn is_uncounted(&self) -> bool {
        self.pages.total().is_none() || self.checking.is_waiting()
    }

    /// Is this one of them?
    pub(super) fn is_selected(&self, id: RecordId) -> bool {
        match &self.selection {
            Selection::These(chosen) => chosen.contains_key(&id),
            Selection::All { except, .. } => !except.contains_key(&id),
        }
    }

    /// What an act is for: those that are selected, else the one under the cursor.
    pub(super) fn target(&self) -> Option<Target> {
        let (which, name) = match &self.selection {
            Selection::These(chosen) if chosen.is_empty() => {
                let row = self.current()?;
                (Which::These(vec![row.id]), Some(row.title(&self.object.fields)))
            }
            Selection::These(chosen) => {
                let name = if chosen.len() == 1 { chosen.values().next().cloned() } else { None };
                (Which::These(chosen.keys().copied().collect()), name)
            }
            Selection::All { .. } if self.is_uncounted() => return None,
            // How many that are is what is asked about.
            Selection::All { query, except } => {
                let at_most = Some(self.selected());
                let except = except.keys().copied().collect();
                (Which::All { query: query.clone(), except, at_most }, None)
            }
        };
        Some(Target { which, count: self.selected().max(1), name })
    }

    /// Chooses the row under the cursor, or no longer, and goes on to the next.
    pub(super) fn select_row(&mut self, cx: &Context<'_>) -> Effects {
        let Some(row) = self.current() else { return Effects::none() };
        let (id, name) = (row.id, row.title(&self.object.fields));
        match &mut self.selection {
            Selection::These(chosen) => {
                if chosen.remove(&id).is_none() {
                    chosen.insert(id, name);
                }
            }
            Selection::All { except, .. } => {
                if except.remove(&id).is_none() {
                    except.insert(id, true);
                }
                if self.pages.total().is_some() && self.selected() == 0 {
                    self.choose(Selection::default());
                }
            }
        }
        self.moved(moves::DOWN, cx)
    }

    /// Chooses all of the list, or none.
    pub(super) fn select_all(&mut self) {
        let selection = match &self.selection {
            Selection::All { except, .. } if taken_out(except) == 0 => Selection::default(),
            _ => Selection::All { query: Box::new(self.query()), except: Except::new() },
        };
        self.choose(selection);
    }

    /// Chooses something else: what was being looked up about the choice before is of no use to it.
    pub(super) fn choose(&mut self, selection: Selection) {
        self.checking.cancel();
        self.selection = selection;
    }

    /// The list is narrowed otherwise: all of it is no longer what was meant.
    pub(super) fn list_changed(&mut self) {
        if matches!(self.selection, Selection::All { .. }) {
            self.choose(Selection::default());
        }
    }

    /// Asks which of those that are selected can still be seen: what can't be doesn't count (R32).
    pub(super) fn check_selection(&mut self, cx: &Context<'_>) -> Effects {
        let Selection::These(chosen) = &self.selection else { return Effects::none() };
        let ids: Vec<RecordId> = chosen.keys().copied().collect();
        let Some(session) = cx.session.cloned().filter(|_| !ids.is_empty()) else { return Effects::none() };
        let object = self.object.key.clone();
        Effects::run(self.checking.start(move |_| {
            let seen = session.still_seen(&object, &ids);
            (ids.into_iter().collect(), seen)
        }))
    }

    /// Other rows of the list came, and another number of them: asks what of that which was taken out
    /// is among them.
    pub(super) fn check_taken_out(&mut self, cx: &Context<'_>) -> Effects {
        let Selection::All { query, except } = &self.selection else { return Effects::none() };
        let (query, ids): (_, Vec<RecordId>) = (query.clone(), except.keys().copied().collect());
        let Some(session) = cx.session.cloned().filter(|_| !ids.is_empty()) else { return Effects::none() };
        Effects::run(self.checking.start(move |cancel| {
            let listed = session.still_listed(&query, &ids, cancel.flag());
            (ids.into_iter().collect(), listed)
        }))
    }

    /// Those that can still be seen, or are still in the list. What was chosen or taken out since they
    /// were asked about stays; where it couldn't be found out, nothing is chosen, and what was taken
    /// out is left alone.
    pub(super) fn checked(&mut self, outcome: Ended<Checked>) {
        let (asked, found) = match outcome {
            Ended::With((asked, Ok(found))) => (asked, found.into_iter().collect::<BTreeSet<RecordId>>()),
            Ended::With((_, Err(_))) | Ended::Broken => {
                if let Selection::These(chosen) = &mut self.selection {
                    chosen.clear();
                }
                return;
            }
        };
        match &mut self.selection {
            Selection::These(chosen) => chosen.retain(|id, _| !asked.contains(id) || found.contains(id)),
            Selection::All { except, .. } => {
                for (id, listed) in except.iter_mut().filter(|(id, _)| asked.contains(id)) {
                    *listed = found.contains(id);
                }
            }
        }
    }
}

/// So many of a list are taken out of it.
fn taken_out(except: &Except) -> u64 {
    except.values().filter(|listed| **listed).count() as u64
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::model::Moment;
    use crate::service::clock::FixedClock;
    use crate::service::demo;

    /// Where it can't be found out what is still seen, nothing is chosen, and what was taken out of a
    /// list isn't chosen either.
    #[test]
    fn what_cannot_be_found_out_chooses_nothing() {
        let directory = tempfile::tempdir().unwrap();
        let clock = Arc::new(FixedClock::at(Moment(1_795_176_000_000)));
        let engine = demo::open(&directory.path().join("data"), clock).unwrap();
        demo::fill(&engine, demo::Amounts::of(5), || true).unwrap();
        let object = engine.acting_as("olivia@paws.example").unwrap().objects().into_iter().next().unwrap();
        let mut records = Records::new(object, None);
        let id = RecordId(1);
        for failed in [|| Ended::Broken, || Ended::With((BTreeSet::from([RecordId(1)]), Err(ServiceError::Loading)))] {
            records.selection = Selection::These(BTreeMap::from([(id, "Ann".to_owned())]));
            records.checked(failed());
            assert!(!records.is_selected(id));
            records.selection = Selection::All { query: Box::new(records.query()), except: Except::from([(id, true)]) };
            records.checked(failed());
            assert!(!records.is_selected(id));
        }
    }
}
