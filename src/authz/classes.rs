//! Classes: people who share role, exceptions and flags may do the same, which is worked out once for
//! all of them.

use std::collections::HashMap;
use std::sync::Arc;

use crate::model::{FeatureId, FeatureValue, Moment, ObjectId, RoleId, RoleType, Scope, Status, Team, User};

use super::decide::Person;
use super::lines::Lines;
use super::record::Covering;
use super::trace::Quiet;

/// How far a class reaches into one object's records, packed: the scopes, and the people below the
/// child roles of its role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(align(16))]
pub(super) struct Span {
    pub(super) view: Covering,
    pub(super) edit: Covering,
    pub(super) delete: Covering,
    pub(super) focused: bool,
    /// The first number below the role.
    pub(super) first: u32,
    /// How many there are.
    pub(super) below: u32,
}

impl Span {
    const NONE: Self = {
        let none = Covering::by(Scope::None);
        Self { view: none, edit: none, delete: none, focused: false, first: 0, below: 0 }
    };

    /// Nothing but where a role stands.
    pub(super) fn of_role(lines: &Lines, role: RoleId) -> Self {
        let run = lines.below_role(role);
        Self { first: run.start, below: run.end.saturating_sub(run.start), ..Self::NONE }
    }
}

/// What people of one role may do, who share exceptions and flags.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Class {
    pub(super) role: RoleId,
    pub(super) role_type: RoleType,
    pub(super) active: bool,
    yes: Bits,
    request: Bits,
    objects: Vec<ObjectRights>,
}

/// What a class may do with an object's records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ObjectRights {
    /// Is the object there at all?
    pub access: bool,
    /// Whose records can be seen; [`Scope::None`] without access.
    pub view: Scope,
    /// Whose records can be changed, as far as they are seen.
    pub edit: Scope,
    /// Whose records can be deleted, as far as they are seen; [`Scope::None`] without `may_delete`.
    pub delete: Scope,
    /// Sections whose fields are shown, one bit each.
    pub see: u64,
    /// Sections whose fields can be changed, one bit each.
    pub write: u64,
}

impl ObjectRights {
    /// Nothing at all.
    pub const NONE: Self =
        Self { access: false, view: Scope::None, edit: Scope::None, delete: Scope::None, see: 0, write: 0 };
}

/// A set of features: the catalog's in the low words, the account's own behind them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Bits(Vec<u64>);

impl Bits {
    fn insert(&mut self, id: FeatureId) {
        let word = id.index() / 64;
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        if let Some(slot) = self.0.get_mut(word) {
            *slot |= 1 << (id.0 % 64);
        }
    }

    #[inline]
    fn contains(&self, id: FeatureId) -> bool {
        self.0.get(id.index() / 64).is_some_and(|word| word >> (id.0 % 64) & 1 == 1)
    }
}

/// The classes of a team, by number. One that nobody has any longer stays until all are made anew.
#[derive(Debug, Clone)]
pub(super) struct Classes {
    all: Vec<Arc<Class>>,
    /// By object index, then by class: what a decision about a record needs of the class.
    spans: Vec<Vec<Span>>,
    /// The classes of those without exceptions: by role index, active or not, with Talk or without.
    plain: Vec<[Option<u32>; 4]>,
    special: HashMap<ClassKey, u32>,
}

type ClassKey = (RoleId, bool, bool, Vec<(FeatureId, bool)>);

/// What classes are worked out from.
#[derive(Clone, Copy)]
pub(super) struct Rules<'a> {
    pub(super) team: &'a Team,
    pub(super) lines: &'a Lines,
    pub(super) now: Moment,
}

impl Classes {
    pub(super) fn new(team: &Team) -> Self {
        let spans = vec![Vec::new(); team.objects.end()];
        Self { all: Vec::new(), spans, plain: Vec::new(), special: HashMap::new() }
    }

    /// How many there are, those that nobody has any longer included.
    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    #[inline]
    pub(super) fn get(&self, class: u32) -> Option<&Class> {
        self.all.get(class as usize).map(AsRef::as_ref)
    }

    /// Is a class here the very one that it is there?
    pub(super) fn shares(&self, mine: u32, other: &Self, theirs: u32) -> bool {
        let (mine, theirs) = (self.all.get(mine as usize), other.all.get(theirs as usize));
        mine.zip(theirs).is_some_and(|(mine, theirs)| Arc::ptr_eq(mine, theirs))
    }

    /// How far a class reaches into an object's records.
    #[inline]
    pub(super) fn span(&self, class: u32, object: ObjectId) -> &Span {
        self.spans.get(object.index()).and_then(|spans| spans.get(class as usize)).unwrap_or(&Span::NONE)
    }

    /// The class of a person, made where there is none yet; none where their role isn't there.
    pub(super) fn of(&mut self, rules: Rules<'_>, user: &User) -> Option<u32> {
        let in_force = user.exceptions.iter().filter(|(_, exception)| exception.holds_at(rules.now));
        let exceptions: Vec<(FeatureId, bool)> = in_force.map(|(id, exception)| (*id, exception.visible)).collect();
        let active = user.status == Status::Active;
        if exceptions.is_empty() {
            let flags = usize::from(active) + 2 * usize::from(user.talk_access);
            let known = self.plain.get(user.role.index()).and_then(|classes| *classes.get(flags)?);
            if known.is_some() {
                return known;
            }
            let class = self.add(rules, user)?;
            if self.plain.len() <= user.role.index() {
                self.plain.resize(user.role.index() + 1, [None; 4]);
            }
            *self.plain.get_mut(user.role.index())?.get_mut(flags)? = Some(class);
            return Some(class);
        }
        let key = (user.role, active, user.talk_access, exceptions);
        if let Some(class) = self.special.get(&key) {
            return Some(*class);
        }
        let class = self.add(rules, user)?;
        self.special.insert(key, class);
        Some(class)
    }

    fn add(&mut self, rules: Rules<'_>, user: &User) -> Option<u32> {
        let number = u32::try_from(self.all.len()).ok()?;
        let class = self.worked_out(rules, user)?;
        let (focused, place) = (class.role_type == RoleType::Focused, Span::of_role(rules.lines, class.role));
        for (spans, rights) in self.spans.iter_mut().zip(&class.objects) {
            let [view, edit, delete] = [rights.view, rights.edit, rights.delete].map(Covering::by);
            spans.push(Span { view, edit, delete, focused, ..place });
        }
        self.all.push(Arc::new(class));
        Some(number)
    }

    fn worked_out(&self, Rules { team, now, .. }: Rules<'_>, user: &User) -> Option<Class> {
        let role = team.roles.get(&user.role)?;
        let asked = Person::new(team, user, role, now);
        let mut class = Class {
            role: role.id,
            role_type: role.role_type,
            active: user.status == Status::Active,
            yes: Bits::default(),
            request: Bits::default(),
            objects: vec![ObjectRights::NONE; self.spans.len()],
        };
        for feature in team.catalog.features() {
            match asked.feature(feature, &mut Quiet) {
                FeatureValue::Yes => class.yes.insert(feature.id),
                FeatureValue::Request => class.request.insert(feature.id),
                FeatureValue::No => {}
            }
        }
        for object in team.objects.values() {
            if let Some(slot) = class.objects.get_mut(object.id.index()) {
                *slot = asked.object(object, &mut Quiet);
            }
        }
        Some(class)
    }

    /// Forgets what the classes of a role were, because the role is another.
    pub(super) fn forget(&mut self, role: RoleId) {
        self.plain.get_mut(role.index()).into_iter().for_each(|classes| *classes = [None; 4]);
        self.special.retain(|(of, ..), _| *of != role);
    }

    /// Puts all roles where they stand on other lines.
    pub(super) fn stand(&mut self, lines: &Lines) {
        for spans in &mut self.spans {
            for (span, class) in spans.iter_mut().zip(&self.all) {
                let Span { first, below, .. } = Span::of_role(lines, class.role);
                *span = Span { first, below, ..*span };
            }
        }
    }
}

impl Class {
    #[inline]
    pub(super) fn feature(&self, id: FeatureId) -> FeatureValue {
        if self.yes.contains(id) {
            FeatureValue::Yes
        } else if self.request.contains(id) {
            FeatureValue::Request
        } else {
            FeatureValue::No
        }
    }

    /// Has it the same features as another, as far as the same are there?
    pub(super) fn features_alike(&self, other: &Self) -> bool {
        self.yes == other.yes && self.request == other.request
    }

    #[inline]
    pub(super) fn object(&self, id: ObjectId) -> &ObjectRights {
        const NONE: &ObjectRights = &ObjectRights::NONE;
        self.objects.get(id.index()).unwrap_or(NONE)
    }
}
