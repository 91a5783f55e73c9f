//! What a change would mean, person by person, before it is made (B1): the difference of all
//! decisions before and after, in words. It covers only what its reader may see: records out of
//! their view count nowhere, and what they may not know of others has no effect (R14, R32).

mod passing;
mod reporting;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::authz::{PersonImpact, RecordImpact, SectionImpact, Snapshot, Subject, diff_moving};
use crate::model::catalog::Catalog;
use crate::model::{Change, FeatureId, FeatureValue, Object, ObjectId, RecordAction, SectionId, Team};
use crate::store::View;

use super::error::ServiceError;
use super::session::Session;
pub(super) use passing::Passing;

/// What a change would mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Impact {
    /// Everybody for whom something differs, by name.
    pub people: Vec<PersonChange>,
    /// Which records the numbers cover.
    pub counted: Counted,
    /// What whoever makes the change gives out of their own hands by it.
    pub parting: Parting,
    /// Under whom those stand whom it moves in the tree, and why (R4); empty where it moves nobody.
    pub reporting: Vec<String>,
}

/// Records that whoever makes a change can't change any more after it, so that they can't take it
/// back themselves (R13). They see all of these before it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Parting {
    /// How many records are changed.
    pub of: u64,
    /// Those that are private, which nobody but their next owner sees (R14).
    pub private: u64,
    /// The others.
    pub others: u64,
}

/// Which records an impact's numbers cover.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// Every record: the operator reads.
    Everything,
    /// Every record that isn't private to somebody else (R14).
    Public,
    /// The records that the reader may see.
    Seen,
}

/// What a change would mean for one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonChange {
    /// Their email.
    pub email: String,
    /// Their name.
    pub name: String,
    /// What they gain, area by area.
    pub gains: Vec<String>,
    /// What they lose.
    pub losses: Vec<String>,
}

impl Counted {
    /// The same in words, where it isn't everything.
    #[must_use]
    pub fn note(self) -> Option<&'static str> {
        match self {
            Self::Everything => None,
            Self::Public => Some("Private records of others are not counted."),
            Self::Seen => Some("Only records that you may see are counted."),
        }
    }
}

impl Parting {
    /// What it means, in sentences; nothing where it can all be taken back.
    #[must_use]
    pub fn words(self) -> Vec<String> {
        let Self { of, private, others } = self;
        let private = match (of, private) {
            (_, 0) => None,
            (1, _) => Some("It is private: once given away you can't see it or take this back.".to_owned()),
            (_, 1) => Some("1 of these is private: once given away you can't see it or take this back.".to_owned()),
            (_, number) => {
                Some(format!("{number} of these are private: once given away you can't see them or take this back."))
            }
        };
        let others = match (of, others) {
            (_, 0) => None,
            (1, _) => Some("Afterwards you can't change it any more, and so can't take this back.".to_owned()),
            (of, number) if of == number => {
                Some("Afterwards you can't change these any more, and so can't take this back.".to_owned())
            }
            (_, number) => {
                Some(format!("Afterwards you can't change {number} of these any more, and so can't take that back."))
            }
        };
        private.into_iter().chain(others).collect()
    }
}

impl Impact {
    /// Does nobody gain or lose anything?
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.people.is_empty() && self.parting.words().is_empty()
    }

    /// The whole of it in a sentence: `3 people gain, 1 loses.`
    #[must_use]
    pub fn headline(&self) -> String {
        let kind = |gains: bool, losses: bool| {
            self.people.iter().filter(|p| p.gains.is_empty() != gains && p.losses.is_empty() != losses).count()
        };
        let kinds = [
            (kind(true, false), "gains", "gain"),
            (kind(false, true), "loses", "lose"),
            (kind(true, true), "gains and loses", "gain and lose"),
        ];
        let mut parts: Vec<String> = Vec::new();
        for (number, one, many) in kinds.into_iter().filter(|(number, _, _)| *number > 0) {
            let noun = match (parts.is_empty(), number) {
                (false, _) => "",
                (true, 1) => " person",
                (true, _) => " people",
            };
            parts.push(format!("{number}{noun} {}", if number == 1 { one } else { many }));
        }
        if parts.is_empty() { "Nobody gains or loses anything.".to_owned() } else { format!("{}.", parts.join(", ")) }
    }
}

impl Session {
    /// What changes would mean. Refused as the changes themselves would be.
    pub(super) fn impact_of(&self, view: &View, changes: &[Change]) -> Result<Impact, ServiceError> {
        if !view.is_loaded() {
            return Err(ServiceError::Loading);
        }
        let patch = self.permit(view, changes.to_vec())?;
        let impact = self.impact_on(view, patch.outcome(), Passing::all(self, view, changes));
        let after = patch.outcome().map_or_else(|| view.team(), |rules| rules.team());
        Ok(Impact { reporting: reporting::lines(changes, after), ..impact })
    }

    /// What it would mean if the rules became these, if they change, and these records changed too.
    pub(super) fn impact_on(&self, view: &View, rules: Option<&Arc<Snapshot>>, passing: Passing<'_>) -> Impact {
        let (snapshot, who) = (view.snapshot(), self.subject());
        let counted = match who {
            Subject::Operator => Counted::Everything,
            Subject::User(_) if snapshot.sees_all_public(who) => Counted::Public,
            Subject::User(_) => Counted::Seen,
        };
        let was = known_rules(snapshot, who, snapshot);
        let is = match rules {
            None => Arc::clone(&was),
            // Whoever may know everything of everybody looks at the rules by which they were judged.
            Some(rules) if Arc::ptr_eq(&was, snapshot) => Arc::clone(rules),
            Some(rules) => Arc::new(was.renewed(snapshot.team_known_to(who, rules.team()), rules.made())),
        };
        let parting = passing.parting();
        let impacts = diff_moving(&was, &is, &snapshot.seen(who, view), &passing.moved());
        // A section that the change makes is its maker's to know.
        let is_new = |object: ObjectId, section: SectionId| {
            view.team().objects.get(&object).is_none_or(|object| object.section_position(section).is_none())
        };
        let may_name = |object, section| is_new(object, section) || snapshot.may_name(who, object, section);
        let words = Words { before: was.team(), after: is.team(), may_name: &may_name };
        let mut people: Vec<PersonChange> = impacts.iter().filter_map(|impact| words.person(impact)).collect();
        people.sort_by_cached_key(|person| (crate::model::text::fold(&person.name), person.email.clone()));
        Impact { people, counted, parting, reporting: Vec::new() }
    }
}

/// The rules of a generation as somebody may know them, who may not know of others' exceptions: by
/// the rules under which they ask.
pub(super) fn known_rules(asked_under: &Snapshot, who: Subject, rules: &Arc<Snapshot>) -> Arc<Snapshot> {
    let team = asked_under.team_known_to(who, rules.team());
    if Arc::ptr_eq(&team, rules.team()) { Arc::clone(rules) } else { Arc::new(rules.renewed(team, rules.made())) }
}

/// Puts identities into names, from before the change for what goes with it.
struct Words<'a> {
    before: &'a Team,
    after: &'a Team,
    /// Which sections the reader may know of.
    may_name: &'a dyn Fn(ObjectId, SectionId) -> bool,
}

#[derive(Default)]
struct Lines {
    gains: Vec<String>,
    losses: Vec<String>,
}

impl Lines {
    fn add(&mut self, gain: bool, line: String) {
        if gain { self.gains.push(line) } else { self.losses.push(line) }
    }
}

impl Words<'_> {
    fn person(&self, impact: &PersonImpact) -> Option<PersonChange> {
        let user = self.after.users.get(&impact.user).or_else(|| self.before.users.get(&impact.user))?;
        let mut lines = Lines::default();
        self.records(&impact.records, &mut lines);
        self.sections(&impact.sections, &mut lines);
        self.features(&impact.features, &mut lines);
        let Lines { gains, losses } = lines;
        Some(PersonChange { email: user.email.clone(), name: user.name.clone(), gains, losses })
    }

    fn object(&self, id: ObjectId) -> Option<&Object> {
        self.after.objects.get(&id).or_else(|| self.before.objects.get(&id)).map(AsRef::as_ref)
    }

    /// `Contacts: see 12, change 12, delete 3 more`, one line for each object and direction.
    fn records(&self, impacts: &[RecordImpact], lines: &mut Lines) {
        let mut parts: BTreeMap<(ObjectId, bool), Vec<String>> = BTreeMap::new();
        for impact in impacts {
            let verb = match impact.action {
                RecordAction::View => "see",
                RecordAction::Edit => "change",
                RecordAction::Delete => "delete",
            };
            for (gain, number) in [(true, impact.gained), (false, impact.lost)] {
                if number > 0 {
                    parts
                        .entry((impact.object, gain))
                        .or_default()
                        .push(format!("{verb} {}", crate::model::text::number(number)));
                }
            }
        }
        for ((object, gain), parts) in parts {
            let label = self.object(object).map_or("Records", |object| object.label.as_str());
            lines.add(gain, format!("{label}: {} {}", parts.join(", "), if gain { "more" } else { "fewer" }));
        }
    }

    fn sections(&self, impacts: &[SectionImpact], lines: &mut Lines) {
        for impact in impacts {
            let Some(object) = self.object(impact.object) else { continue };
            let sections = [self.after, self.before].into_iter().filter_map(|team| team.objects.get(&impact.object));
            let section = sections.flat_map(|object| &object.sections).find(|section| section.id == impact.section);
            let name = section.filter(|section| (self.may_name)(impact.object, section.id));
            let name = name.map_or("a section".to_owned(), |section| format!("the section “{}”", section.name));
            let changed = |pair: (bool, bool)| pair.0 != pair.1;
            let verb = match (changed(impact.view), changed(impact.edit)) {
                (true, true) => "see and change",
                (true, false) => "see",
                _ => "change",
            };
            let gain = if changed(impact.view) { impact.view.1 } else { impact.edit.1 };
            lines.add(gain, format!("{}: {verb} {name}", object.label));
        }
    }

    fn features(&self, impacts: &[(FeatureId, FeatureValue, FeatureValue)], lines: &mut Lines) {
        let mut parts: BTreeMap<(usize, bool), Vec<String>> = BTreeMap::new();
        for (id, was, is) in impacts {
            let known = |catalog: &Catalog| catalog.feature(*id).map(|feature| (feature.area, catalog.title(feature)));
            let Some((area, label)) = known(&self.after.catalog).or_else(|| known(&self.before.catalog)) else {
                continue;
            };
            // Yes is the widest value, and the first.
            let gain = is < was;
            let text = match (was, is) {
                (_, FeatureValue::Request) | (FeatureValue::Request, FeatureValue::Yes) => {
                    format!("{label} ({} → {})", was.label(), is.label())
                }
                (FeatureValue::Request, _) => format!("{label} (on request)"),
                _ => label,
            };
            parts.entry((area, gain)).or_default().push(text);
        }
        for ((area, gain), parts) in parts {
            let areas = [self.after, self.before].into_iter().filter_map(|team| team.catalog.areas.get(area));
            let label = areas.map(|area| area.label.clone()).next().unwrap_or_default();
            lines.add(gain, format!("{label}: {}", parts.join(", ")));
        }
    }
}
