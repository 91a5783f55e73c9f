//! What lists are sorted by: numbers and dates as such, text by its folded form, dropdowns by
//! their labels, owners by their emails; what is empty last in both directions, then by ID.

use std::cmp::Ordering;
use std::sync::Arc;

use crate::model::text::fold;
use crate::model::{Field, ObjectId, Team, User};

use super::column::{Cells, Column};
use super::cursor::SortValue;
use super::folded::Folded;
use super::query::SortBy;
use super::table::Table;
use super::tree::Empty as _;

/// A sort value at hand.
#[derive(Debug, Clone, Copy)]
pub(super) enum Probe<'a> {
    Text(Folded<'a>),
    Float(f64),
    Int(i64),
    Empty,
}

impl Probe<'_> {
    /// Which comes first? Values of two sorts, which no list mixes, by their sort.
    #[inline]
    pub(super) fn compare(&self, other: &Self, descending: bool) -> Ordering {
        let ascending = match (self, other) {
            (Self::Empty, Self::Empty) => return Ordering::Equal,
            (Self::Empty, _) => return Ordering::Greater,
            (_, Self::Empty) => return Ordering::Less,
            (Self::Text(a), Self::Text(b)) => a.compare(*b),
            (Self::Float(a), Self::Float(b)) => a.total_cmp(b),
            (Self::Int(a), Self::Int(b)) => a.cmp(b),
            (a, b) => a.sort().cmp(&b.sort()),
        };
        if descending { ascending.reverse() } else { ascending }
    }

    fn sort(&self) -> u8 {
        match self {
            Self::Text(_) => 0,
            Self::Float(_) => 1,
            Self::Int(_) => 2,
            Self::Empty => 3,
        }
    }

    /// A number whose order is the values' order: of texts, as far as eight bytes go.
    pub(super) fn prefix(&self) -> u64 {
        const SIGN: u64 = 1 << 63;
        match self {
            Self::Text(text) => text.prefix(),
            Self::Float(number) => {
                let bits = number.to_bits();
                if bits & SIGN == 0 { bits | SIGN } else { !bits }
            }
            Self::Int(number) => number.cast_unsigned() ^ SIGN,
            Self::Empty => u64::MAX,
        }
    }
}

/// The order of things that are known by number and sorted by name: a dropdown's options, owners.
/// Places are even numbers, so that a name that isn't there has a place between them.
#[derive(Debug)]
pub(super) struct Ranks {
    /// Folded names, sorted, without repeats.
    names: Vec<Box<str>>,
    /// By number of the thing: its place, or nothing.
    places: Vec<Option<u32>>,
    /// The people, where it is they who are ranked.
    people: Vec<Arc<User>>,
}

impl Ranks {
    fn of(mut named: Vec<(String, usize)>, people: Vec<Arc<User>>) -> Self {
        named.sort_unstable();
        let mut names: Vec<Box<str>> = Vec::with_capacity(named.len());
        let mut places = vec![None; named.iter().map(|(_, number)| number + 1).max().unwrap_or(0)];
        for (name, number) in named {
            if names.last().is_none_or(|last| **last != *name) {
                names.push(name.into());
            }
            if let Some(place) = places.get_mut(number) {
                *place = u32::try_from(names.len() * 2).ok();
            }
        }
        Self { names, places, people }
    }

    pub(super) fn of_options(field: &Field) -> Self {
        Self::of(field.options.iter().map(|o| (fold(&o.label), usize::from(o.id.0))).collect(), Vec::new())
    }

    pub(super) fn of_people(team: &Team) -> Self {
        let named = team.users.values().map(|user| (fold(&user.email), user.id.index())).collect();
        Self::of(named, team.users.values().cloned().collect())
    }

    /// Are these the ranks of the people of this team? People without records may differ.
    fn fit_people(&self, team: &Team, owns: impl Fn(&User) -> bool) -> bool {
        let mut known = self.people.iter().peekable();
        for user in team.users.values() {
            while known.next_if(|old| old.id < user.id && !owns(old)).is_some() {}
            match known.next_if(|old| old.id == user.id) {
                Some(old) if Arc::ptr_eq(old, user) || old.email == user.email => {}
                Some(_) => return false,
                None if owns(user) => return false,
                None => {}
            }
        }
        known.all(|old| !owns(old))
    }

    /// The names, where they aren't people's.
    pub(super) fn names(&self) -> Option<&[Box<str>]> {
        self.people.is_empty().then_some(&*self.names)
    }

    /// By number of the thing: its place, or nothing.
    pub(super) fn places(&self) -> &[Option<u32>] {
        &self.places
    }

    /// Ranks of options from [`Self::names`] and [`Self::places`].
    pub(super) fn of_places(names: Vec<Box<str>>, places: Vec<Option<u32>>) -> Self {
        Self { names, places, people: Vec::new() }
    }

    #[inline]
    pub(super) fn place(&self, number: usize) -> Option<u32> {
        self.places.get(number).copied().flatten()
    }

    fn name(&self, place: u32) -> Option<&str> {
        self.names.get((place as usize / 2).checked_sub(1)?).map(|name| &**name)
    }

    fn place_of_name(&self, name: &str) -> u32 {
        let place = match self.names.binary_search_by(|known| (**known).cmp(name)) {
            Ok(at) => at * 2 + 2,
            Err(at) => at * 2 + 1,
        };
        u32::try_from(place).unwrap_or(u32::MAX)
    }
}

/// An order: what by, which way, and the ranks if it needs any.
#[derive(Debug, Clone)]
pub(super) struct SortKey {
    pub(super) by: SortBy,
    pub(super) descending: bool,
    pub(super) ranks: Option<Arc<Ranks>>,
}

impl SortKey {
    /// The key of an order, as this team names things. `None` where the field isn't there.
    pub(super) fn new(by: SortBy, descending: bool, object: ObjectId, team: &Team) -> Option<Self> {
        let ranks = match by {
            SortBy::Id | SortBy::ExternalId => None,
            SortBy::Owner => Some(Arc::new(Ranks::of_people(team))),
            SortBy::Field(id) => {
                let field = team.objects.get(&object)?.field(id)?;
                (!field.options.is_empty()).then(|| Arc::new(Ranks::of_options(field)))
            }
        };
        Some(Self { by, descending, ranks })
    }

    /// Is it of this sort?
    pub(super) fn is(&self, by: SortBy, descending: bool) -> bool {
        self.by == by && self.descending == descending
    }

    /// Does the key still say what this team would say?
    pub(super) fn fits(&self, table: &Table, team: &Team) -> bool {
        match (self.by, &self.ranks) {
            (SortBy::Id | SortBy::ExternalId, _) => true,
            (SortBy::Owner, Some(ranks)) => ranks.fit_people(team, |user| {
                let tally = table.counts.of(user.id.0);
                tally.public > 0 || tally.private > 0
            }),
            (SortBy::Owner, None) => false,
            (SortBy::Field(id), ranks) => {
                let Some(field) = team.objects.get(&table.object).and_then(|object| object.field(id)) else {
                    return false;
                };
                match ranks {
                    None => field.options.is_empty(),
                    Some(ranks) => {
                        let now = Ranks::of_options(field);
                        now.names == ranks.names && now.places == ranks.places
                    }
                }
            }
        }
    }

    /// Reads sort values of a table.
    pub(super) fn reader<'a>(&'a self, table: &'a Table) -> Reader<'a> {
        let source = match self.by {
            SortBy::Id => Source::Id,
            SortBy::Owner => Source::Owner,
            SortBy::ExternalId => Source::ExternalId,
            SortBy::Field(id) => table.column(id).map_or(Source::Nothing, Source::Column),
        };
        Reader { table, source, ranks: self.ranks.as_deref(), descending: self.descending }
    }

    /// Is there a place for everything that this slot holds? An option or an owner that is newer
    /// than the ranks has none.
    pub(super) fn knows(&self, table: &Table, slot: u32) -> bool {
        let Some(ranks) = &self.ranks else {
            // A field that had no options when the order was made.
            return match self.by {
                SortBy::Field(id) => !matches!(table.column(id).map(|c| &c.cells), Some(Cells::Option(_))),
                _ => true,
            };
        };
        match self.by {
            SortBy::Owner => ranks.place(table.owner(slot) as usize).is_some(),
            SortBy::Field(id) => match table.column(id).map(|column| &column.cells) {
                Some(Cells::Option(cells)) => {
                    let cell = cells.get(slot);
                    cell == u16::EMPTY || ranks.place(usize::from(cell)).is_some()
                }
                _ => true,
            },
            SortBy::Id | SortBy::ExternalId => true,
        }
    }
}

enum Source<'a> {
    Id,
    Owner,
    ExternalId,
    Column(&'a Column),
    Nothing,
}

/// Reads sort values.
pub(super) struct Reader<'a> {
    pub(super) table: &'a Table,
    source: Source<'a>,
    ranks: Option<&'a Ranks>,
    pub(super) descending: bool,
}

impl<'a> Reader<'a> {
    /// A slot's sort value.
    #[inline]
    pub(super) fn probe(&self, slot: u32) -> Probe<'a> {
        let ranked = |number: usize| {
            self.ranks.and_then(|ranks| ranks.place(number)).map_or(Probe::Empty, |place| Probe::Int(i64::from(place)))
        };
        match &self.source {
            Source::Nothing => Probe::Empty,
            Source::Id => Probe::Int((self.table.id(slot) ^ (1 << 63)).cast_signed()),
            Source::Owner => ranked(self.table.owner(slot) as usize),
            Source::ExternalId => self.table.external(slot).map_or(Probe::Empty, |text| Probe::Text(text.folded)),
            Source::Column(column) => match &column.cells {
                Cells::Text(texts) => texts.get(slot).map_or(Probe::Empty, |text| Probe::Text(text.folded)),
                Cells::Number(cells) => {
                    let cell = cells.get(slot);
                    if cell.is_nan() { Probe::Empty } else { Probe::Float(cell) }
                }
                Cells::Money(cells) => int(cells.get(slot), i64::EMPTY),
                Cells::Date(cells) => int(i64::from(cells.get(slot)), i64::from(i32::EMPTY)),
                Cells::YesNo(cells) => int(i64::from(cells.get(slot)), i64::from(u8::EMPTY)),
                Cells::Option(cells) => ranked(usize::from(cells.get(slot))),
            },
        }
    }

    /// How a slot stands to a place.
    #[inline]
    pub(super) fn compare_to(&self, slot: u32, probe: &Probe<'_>, id: u64) -> Ordering {
        self.probe(slot).compare(probe, self.descending).then_with(|| self.table.id(slot).cmp(&id))
    }

    /// A slot's sort value for a cursor.
    pub(super) fn value(&self, slot: u32) -> SortValue {
        match self.probe(slot) {
            Probe::Empty => SortValue::Empty,
            Probe::Text(text) => SortValue::Text(text.to_text()),
            Probe::Float(number) => SortValue::Float(number),
            Probe::Int(number) => {
                let name = self.ranks.and_then(|ranks| ranks.name(u32::try_from(number).ok()?));
                name.map_or(SortValue::Int(number), |name| SortValue::Text(name.to_owned()))
            }
        }
    }

    /// A cursor's sort value, as this list compares.
    pub(super) fn probe_of<'v>(&self, value: &'v SortValue) -> Probe<'v> {
        match (value, self.ranks) {
            (SortValue::Empty, _) => Probe::Empty,
            (SortValue::Text(name), Some(ranks)) => Probe::Int(i64::from(ranks.place_of_name(name))),
            (SortValue::Text(text), None) => Probe::Text(Folded::of(text)),
            (SortValue::Float(number), _) => Probe::Float(*number),
            (SortValue::Int(number), _) => Probe::Int(*number),
        }
    }
}

fn int<'a>(cell: i64, empty: i64) -> Probe<'a> {
    if cell == empty { Probe::Empty } else { Probe::Int(cell) }
}
