//! What an undo will do, in sentences: changes of the team and of a few records one by one, many
//! records by their number.

use std::collections::BTreeMap;

use crate::model::{Automatic, Change, ObjectId, Team};

use super::stays::Noun;
use crate::service::activity::Reader;
use crate::service::describe::{ChangeLine, record_subject};

/// So many sentences say what will be undone.
const TOLD: usize = 20;
/// So many records are told of one by one.
const FEW: usize = 5;
/// So many different values are told of one field.
const VALUES: usize = 3;

/// The records of one object that go the same way.
#[derive(Default)]
struct Group<'a> {
    go: Vec<&'a Change>,
    come: Vec<&'a Change>,
    change: Vec<&'a Change>,
}

/// What changes do, in sentences, and how many more there would be.
pub(super) fn sentences(reader: &Reader<'_>, team: &Team, reason: &str, changes: &[Change]) -> (Vec<String>, usize) {
    reader.meet(changes);
    let mut told = Vec::new();
    let mut groups: BTreeMap<ObjectId, Group<'_>> = BTreeMap::new();
    for change in changes {
        let Change::Record(swap) = change else {
            told.extend(reader.lines(change).iter().map(ChangeLine::sentence));
            continue;
        };
        let Some(subject) = swap.subject() else { continue };
        let group = groups.entry(subject.object).or_default();
        match (&swap.before, &swap.after) {
            (_, None) => group.go.push(change),
            (None, _) => group.come.push(change),
            _ => group.change.push(change),
        }
    }
    for (object, group) in &groups {
        let noun = Noun::of(team, *object);
        told.extend(goes(reader, team, reason, &noun, &group.go));
        told.extend(comes(reader, team, &noun, &group.come));
        told.extend(changed(reader, team, *object, &noun, &group.change));
    }
    let more = told.len().saturating_sub(TOLD);
    told.truncate(TOLD);
    (told, more)
}

fn goes(reader: &Reader<'_>, team: &Team, reason: &str, noun: &Noun, changes: &[&Change]) -> Option<String> {
    match (changes, maker(reason)) {
        ([], _) => None,
        ([only], None) => Some(format!("{} will be deleted", subject(reader, team, only))),
        ([only], Some(import)) => Some(format!("{}, made by {import}, will be deleted", subject(reader, team, only))),
        (all, None) => Some(format!("{} will be deleted", noun.count(all.len()))),
        (all, Some(import)) => Some(format!("{} made by {import} will be deleted", noun.count(all.len()))),
    }
}

/// `the import from spring.csv`, where it was one.
fn maker(reason: &str) -> Option<String> {
    let (_, file) = reason.strip_prefix("import ")?.split_once(" from ")?;
    Some(if file.is_empty() { "the import".to_owned() } else { format!("the import from {file}") })
}

fn comes(reader: &Reader<'_>, team: &Team, noun: &Noun, changes: &[&Change]) -> Option<String> {
    match changes {
        [] => None,
        [only] => Some(format!("{} comes back", subject(reader, team, only))),
        all => Some(format!("{} that were deleted come back", noun.count(all.len()))),
    }
}

fn subject(reader: &Reader<'_>, team: &Team, change: &Change) -> String {
    match change {
        Change::Record(swap) => swap.subject().map(|record| record_subject(team, record, reader)).unwrap_or_default(),
        _ => String::new(),
    }
}

fn changed(reader: &Reader<'_>, team: &Team, object: ObjectId, noun: &Noun, changes: &[&Change]) -> Vec<String> {
    let stamps = team.objects.get(&object).map(|object| {
        let automatic = object.fields.iter().filter(|field| field.automatic == Some(Automatic::LastChanged));
        automatic.map(|field| field.name.as_str()).collect::<Vec<_>>()
    });
    let stamps = stamps.unwrap_or_default();
    let lines = |change: &Change| {
        let mut lines = reader.lines(change);
        lines.retain(|line| !stamps.contains(&line.part.as_str()));
        lines
    };
    if changes.len() <= FEW {
        return changes.iter().flat_map(|change| lines(change)).map(|line| line.sentence()).collect();
    }
    let mut parts: BTreeMap<String, BTreeMap<(String, String), usize>> = BTreeMap::new();
    for line in changes.iter().flat_map(|change| lines(change)) {
        *parts.entry(line.part).or_default().entry((line.before, line.after)).or_default() += 1;
    }
    let mut told = Vec::new();
    for (part, values) in parts {
        if values.len() > VALUES {
            let all = values.values().sum();
            told.push(format!("{}, {part}: as it was before", noun.count(all)));
            continue;
        }
        for ((before, after), number) in values {
            let line = ChangeLine { subject: noun.count(number), part: part.clone(), before, after };
            told.push(line.sentence());
        }
    }
    told
}
