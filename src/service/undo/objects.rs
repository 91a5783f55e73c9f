//! Sections, fields and options set back in what a change touched, one by one, and in nothing else:
//! what others did in a section that whoever undoes can't see neither bars it nor is told (R32).

use std::collections::{BTreeMap, BTreeSet};

use super::known::Known;
use super::team::{Touched, set_back};
use crate::model::text::fold;
use crate::model::{Field, FieldId, FieldOption, Object, OptionId, Section, SectionId};
use crate::service::error::ServiceError;

/// An object as it is set back, given what the change left of it and what was.
pub(super) fn back(now: &Object, left: &Object, was: &Object, known: &Known<'_>) -> Result<Object, ServiceError> {
    let since = |Touched| ServiceError::Meanwhile(format!("the fields of {} were changed since", left.label));
    let after = object(now.clone(), left, was, known).map_err(since)?;
    // Whether or not whoever undoes sees who has the name now.
    match taken(now, &after) {
        Some(name) => Err(ServiceError::Meanwhile(format!("the name “{name}” can't be used any more"))),
        None => Ok(after),
    }
}

fn object(mut after: Object, left: &Object, was: &Object, known: &Known<'_>) -> Result<Object, Touched> {
    let Object { id: _, key: _, label: _, singular: _, sections, fields } = after.clone();
    set_back!(left, was, after: key, label, singular);
    let group = |section: &Section| known.section(section.id).then_some(());
    after.sections = list(&sections, (&left.sections, &was.sections), section, group)?;
    after.fields = list(&fields, (&left.fields, &was.fields), field, |field| Some(field.section))?;
    // Somebody put a field into a section that the change made.
    let there = |field: &Field| after.section_position(field.section).is_some();
    if after.fields.iter().all(there) { Ok(after) } else { Err(Touched) }
}

fn section(mut after: Section, left: &Section, was: &Section) -> Result<Section, Touched> {
    let Section { id: _, name: _ } = &after;
    set_back!(left, was, after: name);
    Ok(after)
}

/// The numbers of options only ever go on: none is given twice.
fn field(mut after: Field, left: &Field, was: &Field) -> Result<Field, Touched> {
    let Field { id: _, section: _, name: _, kind: _, options: _, next_option: _, automatic: _ } = &after;
    set_back!(left, was, after: section, name, kind, automatic);
    after.options = list(&after.options, (&left.options, &was.options), option, |_| Some(()))?;
    Ok(after)
}

fn option(mut after: FieldOption, left: &FieldOption, was: &FieldOption) -> Result<FieldOption, Touched> {
    let FieldOption { id: _, label: _ } = &after;
    set_back!(left, was, after: label);
    Ok(after)
}

/// A part of an object that goes on being the same under another name.
trait Part: Clone + PartialEq {
    type Id: Copy + Ord;
    fn id(&self) -> Self::Id;
}

impl Part for Section {
    type Id = SectionId;
    fn id(&self) -> SectionId {
        self.id
    }
}

impl Part for Field {
    type Id = FieldId;
    fn id(&self) -> FieldId {
        self.id
    }
}

impl Part for FieldOption {
    type Id = OptionId;
    fn id(&self) -> OptionId {
        self.id
    }
}

fn find<T: Part>(parts: &[T], id: T::Id) -> Option<&T> {
    parts.iter().find(|part| part.id() == id)
}

/// Parts set back that the change made, removed, changed, or put in another order within their group.
fn list<T: Part, G: Ord>(
    now: &[T],
    (left, was): (&[T], &[T]),
    set: impl Fn(T, &T, &T) -> Result<T, Touched>,
    group: impl Fn(&T) -> Option<G>,
) -> Result<Vec<T>, Touched> {
    let mut after = now.to_vec();
    for left in left {
        let place = after.iter().position(|part| part.id() == left.id());
        match (find(was, left.id()), place.and_then(|place| after.get_mut(place))) {
            (Some(was), _) if was == left => {}
            (Some(was), Some(part)) => *part = set(part.clone(), left, was)?,
            (None, Some(part)) if part == left => after.retain(|part| part.id() != left.id()),
            _ => return Err(Touched),
        }
    }
    in_order(&mut after, now, (left, was), group)?;
    for (index, part) in was.iter().enumerate().filter(|(_, part)| find(left, part.id()).is_none()) {
        if find(&after, part.id()).is_some() {
            return Err(Touched);
        }
        let place = |other: &T| after.iter().position(|part| part.id() == other.id());
        let before = was.iter().take(index).rev().find_map(place).map(|place| place + 1);
        let place = before.or_else(|| was.iter().skip(index + 1).find_map(place)).unwrap_or(after.len());
        after.insert(place, part.clone());
    }
    Ok(after)
}

/// The order of what was there before the change and after it, where the change made it another.
fn in_order<T: Part, G: Ord>(
    after: &mut [T],
    now: &[T],
    (left, was): (&[T], &[T]),
    group: impl Fn(&T) -> Option<G>,
) -> Result<(), Touched> {
    let stays = |part: &T| {
        let same = |parts: &[T]| find(parts, part.id()).is_some_and(|other| group(other) == group(part));
        same(left) && same(was) && same(now)
    };
    let order = |parts: &[T]| {
        let mut groups: BTreeMap<G, Vec<T::Id>> = BTreeMap::new();
        for part in parts.iter().filter(|part| stays(part)) {
            group(part).into_iter().for_each(|group| groups.entry(group).or_default().push(part.id()));
        }
        groups
    };
    let (mut is, mut were) = (order(now), order(was));
    for (group, left) in order(left) {
        let (is, were) = (is.remove(&group).unwrap_or_default(), were.remove(&group).unwrap_or_default());
        if left == were {
            continue;
        }
        if left != is {
            return Err(Touched);
        }
        let moved: BTreeSet<T::Id> = were.iter().copied().collect();
        let sorted: Vec<T> = were.iter().filter_map(|id| find(after, *id).cloned()).collect();
        let places = after.iter_mut().filter(|part| moved.contains(&part.id()));
        places.zip(sorted).for_each(|(place, part)| *place = part);
    }
    Ok(())
}

/// A name that something gets back, and that something else has by now.
fn taken<'a>(now: &Object, after: &'a Object) -> Option<&'a str> {
    let field =
        after.fields.iter().filter(|field| now.field(field.id).is_none_or(|now| now.name != field.name)).find(
            |field| after.fields.iter().any(|other| other.id != field.id && fold(&other.name) == fold(&field.name)),
        );
    let mut sections = after.sections.iter().filter(|section| !now.sections.contains(section));
    let section = sections.find(|section| {
        after.sections.iter().any(|other| other.id != section.id && fold(&other.name) == fold(&section.name))
    });
    field.map(|field| field.name.as_str()).or(section.map(|section| section.name.as_str()))
}
