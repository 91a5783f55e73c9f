//! A team, compiled: what every question is answered from. Immutable, shared, made anew at every
//! policy change and whenever an exception ends.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::model::{
    Exception, FeatureId, FeatureValue, Moment, ObjectId, RoleId, RoleType, Scope, Status, Team, User, UserId,
};

use super::decide;
use super::lines::Lines;
use super::trace::Quiet;

/// Everything that decides access, at one generation.
#[derive(Debug)]
pub struct Snapshot {
    generation: u64,
    made: Moment,
    next_change: Option<Moment>,
    team: Arc<Team>,
    lines: Arc<Lines>,
    peers: HashMap<RoleId, Arc<[UserId]>>,
    classes: Vec<Class>,
    users: Vec<Option<Row>>,
}

/// What decides one person's access, apart from where they stand.
#[derive(Debug, Clone, Copy)]
struct Row {
    class: u32,
    role: RoleId,
}

/// People who share role, exceptions and flags share a class.
#[derive(Debug)]
pub(super) struct Class {
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
struct Bits(Vec<u64>);

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

/// Compiles a team as it stands at `now`, as generation 0; see [`Snapshot::numbered`].
#[must_use]
pub fn compile(team: Arc<Team>, now: Moment) -> Snapshot {
    let lines = Arc::new(Lines::of(&team));
    let mut holders: BTreeMap<RoleId, Vec<UserId>> = BTreeMap::new();
    for user in team.users.values() {
        holders.entry(user.role).or_default().push(user.id);
    }
    let peers = holders.into_iter().map(|(role, people)| (role, Arc::from(people))).collect();
    let mut compiling = Compiling { team: &team, now, classes: Vec::new(), known: HashMap::new(), next_change: None };
    let size = team.users.keys().last().map_or(0, |id| id.index() + 1);
    let mut users = vec![None; size];
    for user in team.users.values() {
        let row = compiling.row(user);
        if let Some(slot) = users.get_mut(user.id.index()) {
            *slot = row;
        }
    }
    let Compiling { classes, next_change, .. } = compiling;
    Snapshot { generation: 0, made: now, next_change, team, lines, peers, classes, users }
}

type ClassKey = (RoleId, bool, bool, Vec<(FeatureId, bool)>);

struct Compiling<'a> {
    team: &'a Team,
    now: Moment,
    classes: Vec<Class>,
    known: HashMap<ClassKey, u32>,
    next_change: Option<Moment>,
}

impl Compiling<'_> {
    fn row(&mut self, user: &User) -> Option<Row> {
        let role = self.team.roles.get(&user.role)?;
        let mut exceptions: Vec<(FeatureId, bool)> = Vec::new();
        for (feature, exception) in &user.exceptions {
            if exception.holds_at(self.now) {
                exceptions.push((*feature, exception.visible));
                let sooner = [self.next_change, exception.until].into_iter().flatten().min();
                self.next_change = sooner;
            }
        }
        let active = user.status == Status::Active;
        let key = (role.id, active, user.talk_access, exceptions);
        if let Some(class) = self.known.get(&key) {
            return Some(Row { class: *class, role: role.id });
        }
        let class = self.class(user, role);
        let number = u32::try_from(self.classes.len()).ok()?;
        self.classes.push(class);
        self.known.insert(key, number);
        Some(Row { class: number, role: role.id })
    }

    fn class(&self, user: &User, role: &crate::model::Role) -> Class {
        let asked = decide::Person { team: self.team, user, role, now: self.now };
        let mut class = Class {
            role_type: role.role_type,
            active: user.status == Status::Active,
            yes: Bits::default(),
            request: Bits::default(),
            objects: Vec::new(),
        };
        for feature in self.team.catalog.features() {
            match asked.feature(feature, &mut Quiet) {
                FeatureValue::Yes => class.yes.insert(feature.id),
                FeatureValue::Request => class.request.insert(feature.id),
                FeatureValue::No => {}
            }
        }
        let objects = self.team.objects.keys().last().map_or(0, |id| id.index() + 1);
        class.objects = vec![ObjectRights::NONE; objects];
        for object in self.team.objects.values() {
            if let Some(slot) = class.objects.get_mut(object.id.index()) {
                *slot = asked.object(object, &mut Quiet);
            }
        }
        class
    }
}

impl Snapshot {
    /// The same rules under a generation's number.
    #[must_use]
    pub fn numbered(mut self, generation: u64) -> Self {
        self.generation = generation;
        self
    }

    /// The generation. Permits carry it.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// The moment for which it was compiled.
    #[must_use]
    pub fn made(&self) -> Moment {
        self.made
    }

    /// When it changes by itself next, because an exception ends. Whoever publishes it compiles it
    /// again then.
    #[must_use]
    pub fn next_change(&self) -> Option<Moment> {
        self.next_change
    }

    /// The team it was compiled from.
    #[must_use]
    pub fn team(&self) -> &Arc<Team> {
        &self.team
    }

    /// Everyone's place on the reporting lines.
    #[must_use]
    pub fn lines(&self) -> &Arc<Lines> {
        &self.lines
    }

    #[inline]
    pub(super) fn class(&self, user: UserId) -> Option<&Class> {
        let row = self.users.get(user.index())?.as_ref()?;
        self.classes.get(row.class as usize)
    }

    pub(super) fn role(&self, user: UserId) -> Option<RoleId> {
        self.users.get(user.index())?.as_ref().map(|row| row.role)
    }

    pub(super) fn peers(&self, role: RoleId) -> Option<&Arc<[UserId]>> {
        self.peers.get(&role)
    }

    /// The exceptions of a person that count at the moment for which this was compiled.
    pub fn exceptions(&self, user: UserId) -> impl Iterator<Item = (FeatureId, Exception)> + '_ {
        let made = self.made;
        self.team.users.get(&user).into_iter().flat_map(move |user| {
            user.exceptions.iter().filter(move |(_, e)| e.holds_at(made)).map(|(id, e)| (*id, *e))
        })
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

    #[inline]
    pub(super) fn object(&self, id: ObjectId) -> &ObjectRights {
        const NONE: &ObjectRights = &ObjectRights::NONE;
        self.objects.get(id.index()).unwrap_or(NONE)
    }
}
