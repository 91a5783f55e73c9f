//! A team, compiled: what every question is answered from. Immutable, shared, made anew at every
//! policy change and whenever an exception ends.
//!
//! A decision about a record reads two rows of people and what the class of the one reaches. They
//! are laid out for that: plain arrays by number, nothing behind a pointer, nothing across two cache
//! lines, and absence told by values rather than by branches.

use std::sync::{Arc, OnceLock};

use crate::model::{Exception, FeatureId, Moment, ObjectId, RoleId, Shipped, Team, User, UserId};

use super::classes::{Class, Classes, Rules, Span};
use super::judge::validate;
use super::lines::Lines;

/// Everything that decides access, at one generation.
#[derive(Debug)]
pub struct Snapshot {
    pub(super) generation: u64,
    pub(super) made: Moment,
    pub(super) next_change: Option<Moment>,
    pub(super) team: Arc<Team>,
    pub(super) lines: Arc<Lines>,
    /// By role index: its holders.
    pub(super) peers: Vec<Holders>,
    pub(super) classes: Classes,
    /// How many classes there were when all were made.
    pub(super) classes_at_first: usize,
    /// By user index.
    pub(super) rows: Vec<Row>,
    /// Whoever has an exception with an end.
    pub(super) timed: Vec<UserId>,
    /// Whether the team holds together, once that was asked.
    pub(super) sound: OnceLock<bool>,
}

/// Who holds a role, in the order of their numbers; none where nobody does.
pub(super) type Holders = Option<Arc<[UserId]>>;

/// What decides one person's access, and where they stand on the reporting lines. Four to a cache
/// line, and never across two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(align(16))]
pub(super) struct Row {
    pub(super) number: u32,
    /// How many numbers after their own are of people below them.
    pub(super) below: u32,
    pub(super) role: RoleId,
    pub(super) class: u32,
}

impl Row {
    /// Somebody who isn't there: no number is theirs, nobody is below them, and no class is theirs.
    pub(super) const NOBODY: Self = Self { number: u32::MAX, below: 0, role: RoleId(u32::MAX), class: u32::MAX };

    pub(super) fn of(user: &User, class: Option<u32>, lines: &Lines) -> Self {
        let role = if class.is_some() { user.role } else { Self::NOBODY.role };
        let row = Self { role, class: class.unwrap_or(Self::NOBODY.class), ..Self::NOBODY };
        row.on(user.id, lines)
    }

    /// The same person on other lines.
    pub(super) fn on(self, user: UserId, lines: &Lines) -> Self {
        let number = lines.number_of(user).unwrap_or(Self::NOBODY.number);
        let below = lines.end_of(user).saturating_sub(number).saturating_sub(1);
        Self { number, below: if self.class == Self::NOBODY.class { 0 } else { below }, ..self }
    }
}

/// Compiles a team as it stands at `now`, as generation 0; see [`Snapshot::numbered`].
#[must_use]
pub fn compile(team: Arc<Team>, now: Moment) -> Snapshot {
    let lines = Arc::new(Lines::of(&team));
    let rules = Rules { team: &team, lines: &lines, now };
    let mut classes = Classes::new(&team);
    let mut holders: Vec<Vec<UserId>> = vec![Vec::new(); team.roles.end()];
    let mut rows = vec![Row::NOBODY; team.users.end()];
    let mut timed = Vec::new();
    for user in team.users.values() {
        if is_timed(user) {
            timed.push(user.id);
        }
        let class = classes.of(rules, user);
        if let Some(holders) = holders.get_mut(user.role.index()).filter(|_| class.is_some()) {
            holders.push(user.id);
        }
        rows.get_mut(user.id.index()).into_iter().for_each(|slot| *slot = Row::of(user, class, &lines));
    }
    let peers = holders.into_iter().map(|people| (!people.is_empty()).then(|| Arc::from(people))).collect();
    let (next_change, classes_at_first) = (next_change(&team, &timed, now), classes.len());
    Snapshot {
        generation: 0,
        made: now,
        next_change,
        team,
        lines,
        peers,
        classes,
        classes_at_first,
        rows,
        timed,
        sound: OnceLock::new(),
    }
}

pub(super) fn is_timed(user: &User) -> bool {
    user.exceptions.values().any(|exception| exception.until.is_some())
}

/// When the first of the exceptions that hold ends.
pub(super) fn next_change(team: &Team, timed: &[UserId], now: Moment) -> Option<Moment> {
    let people = timed.iter().filter_map(|user| team.users.get(user));
    let exceptions = people.flat_map(|user| user.exceptions.values()).filter(|exception| exception.holds_at(now));
    exceptions.filter_map(|exception| exception.until).min()
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

    /// Is nothing wrong with the team? It is found out when it is first asked, and not again for a
    /// team that came of this one by a change that was judged.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        *self.sound.get_or_init(|| validate(&self.team).is_empty())
    }

    /// The same rules, whose team was just validated.
    pub(super) fn known_sound(mut self) -> Self {
        self.sound = OnceLock::from(true);
        self
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

    /// A person's row; of somebody who isn't there, [`Row::NOBODY`].
    #[inline]
    pub(super) fn row(&self, user: UserId) -> &Row {
        self.rows.get(user.index()).unwrap_or(&Row::NOBODY)
    }

    /// One more than the highest number that anybody has as a user.
    pub(super) fn users_end(&self) -> usize {
        self.rows.len()
    }

    #[inline]
    pub(super) fn class(&self, user: UserId) -> Option<&Class> {
        self.class_numbered(self.row(user).class)
    }

    #[inline]
    pub(super) fn class_numbered(&self, class: u32) -> Option<&Class> {
        self.classes.get(class)
    }

    /// Is a class here the very one that it is there? Then it is so by the same sections, features and
    /// objects.
    pub(super) fn shares_class(&self, other: &Self, (mine, theirs): (u32, u32)) -> bool {
        self.classes.shares(mine, &other.classes, theirs)
    }

    /// How far a class reaches into an object's records.
    #[inline]
    pub(super) fn span(&self, class: u32, object: ObjectId) -> &Span {
        self.classes.span(class, object)
    }

    pub(super) fn role(&self, user: UserId) -> Option<RoleId> {
        Some(self.row(user).role).filter(|role| *role != Row::NOBODY.role)
    }

    pub(super) fn peers(&self, role: RoleId) -> Option<&Arc<[UserId]>> {
        self.peers.get(role.index())?.as_ref()
    }

    /// Whoever holds the role Account Owner (R6).
    pub(super) fn owners(&self) -> Vec<&User> {
        let top = self.team.roles.values().find(|role| role.shipped == Some(Shipped::AccountOwner));
        let holders = top.and_then(|role| self.peers(role.id));
        holders
            .into_iter()
            .flat_map(|people| people.iter())
            .filter_map(|id| self.team.users.get(id))
            .map(AsRef::as_ref)
            .collect()
    }

    /// The account owner (R6).
    pub(super) fn owner(&self) -> Option<UserId> {
        self.owners().first().map(|owner| owner.id)
    }

    /// The exceptions of a person that count at the moment for which this was compiled.
    pub fn exceptions(&self, user: UserId) -> impl Iterator<Item = (FeatureId, Exception)> + '_ {
        let made = self.made;
        self.team.users.get(&user).into_iter().flat_map(move |user| {
            user.exceptions.iter().filter(move |(_, e)| e.holds_at(made)).map(|(id, e)| (*id, *e))
        })
    }
}
