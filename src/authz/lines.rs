//! Reporting lines (R4) as numbers. Everyone is numbered by one walk of the role tree: for each
//! role first its people without a manager of their own, each followed by the people who report to
//! them, then its child roles. A person's subordinates are then two runs of numbers: the rest of
//! their own subtree, and everyone below the child roles of their role.

use std::ops::Range;

use crate::model::{RoleId, Team, UserId};

/// Everyone's number, and what lies below them.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Lines {
    /// By user index: the number, or [`NOBODY`].
    number: Vec<u32>,
    /// By user index: the end of the run that starts at the person's own number.
    end: Vec<u32>,
    /// By number.
    person: Vec<UserId>,
    /// By role index: the run of everyone below its child roles.
    below_role: Vec<Range<u32>>,
}

const NOBODY: u32 = u32::MAX;

impl Lines {
    pub(super) fn of(team: &Team) -> Self {
        let users = team.users.end();
        let roles = team.roles.end();
        let mut walk = Walk {
            tops: Chains::new(roles, users),
            reports: Chains::new(users, users),
            children: Chains::new(roles, roles),
            lines: Self {
                number: vec![NOBODY; users],
                end: vec![NOBODY; users],
                person: Vec::with_capacity(team.users.len()),
                below_role: vec![0..0; roles],
            },
        };
        // A chain is read last in, first out: from the back they come out in order.
        for user in team.users.values().rev() {
            match user.manager.filter(|manager| team.users.contains_key(manager)) {
                Some(manager) => walk.reports.push(manager.0, user.id.0),
                None => walk.tops.push(user.role.0, user.id.0),
            }
        }
        for role in team.roles.values().rev() {
            if let Some(manager) = role.manager {
                walk.children.push(manager.0, role.id.0);
            }
        }
        for role in team.roles.values().filter(|role| role.manager.is_none()) {
            walk.role(role.id);
        }
        // A valid team leaves nobody out. In one that isn't, whoever is on a cycle stands alone.
        for user in team.users.keys() {
            if walk.lines.number_of(*user).is_none() {
                walk.place(*user);
            }
        }
        walk.lines
    }

    /// A person's number.
    #[must_use]
    #[inline]
    pub fn number_of(&self, user: UserId) -> Option<u32> {
        self.number.get(user.index()).copied().filter(|number| *number != NOBODY)
    }

    /// The person with this number.
    #[must_use]
    pub fn person(&self, number: u32) -> Option<UserId> {
        self.person.get(number as usize).copied()
    }

    /// How many people there are.
    #[must_use]
    pub fn len(&self) -> u32 {
        u32::try_from(self.person.len()).unwrap_or(NOBODY)
    }

    /// Is there nobody?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.person.is_empty()
    }

    /// The runs of numbers of a person's subordinates.
    #[must_use]
    pub fn below(&self, user: UserId, role: RoleId) -> [Range<u32>; 2] {
        let own = match self.number_of(user) {
            Some(number) => number + 1..self.end_of(user),
            None => 0..0,
        };
        [own, self.below_role(role)]
    }

    /// The end of the run that starts at a person's own number.
    pub(super) fn end_of(&self, user: UserId) -> u32 {
        self.end.get(user.index()).copied().filter(|end| *end != NOBODY).unwrap_or(0)
    }

    /// The run of everyone below a role's child roles.
    #[inline]
    pub(super) fn below_role(&self, role: RoleId) -> Range<u32> {
        self.below_role.get(role.index()).cloned().unwrap_or(0..0)
    }
}

/// Lists of numbers, one for each key, without an allocation for each: a list is a first number, and
/// for each number the one after it.
struct Chains {
    first: Vec<u32>,
    next: Vec<u32>,
}

impl Chains {
    fn new(keys: usize, numbers: usize) -> Self {
        Self { first: vec![NOBODY; keys], next: vec![NOBODY; numbers] }
    }

    fn push(&mut self, key: u32, number: u32) {
        if let (Some(first), Some(next)) = (self.first.get_mut(key as usize), self.next.get_mut(number as usize)) {
            *next = std::mem::replace(first, number);
        }
    }

    /// Takes a list away: on a cycle it is walked once.
    fn take(&mut self, key: u32) -> impl Iterator<Item = u32> + '_ {
        let mut at = self.first.get_mut(key as usize).map_or(NOBODY, |first| std::mem::replace(first, NOBODY));
        std::iter::from_fn(move || {
            let number = Some(at).filter(|at| *at != NOBODY)?;
            at = self.next.get(number as usize).copied().unwrap_or(NOBODY);
            Some(number)
        })
    }
}

struct Walk {
    /// By role, its people without a manager of their own.
    tops: Chains,
    /// By person, who reports to them.
    reports: Chains,
    /// By role, its child roles.
    children: Chains,
    lines: Lines,
}

enum Task {
    Enter(UserId),
    Leave(UserId),
}

impl Walk {
    /// Walks a role and everything below it, without recursion: chains may be long.
    fn role(&mut self, top: RoleId) {
        enum RoleTask {
            Enter(RoleId),
            Leave(RoleId, u32),
        }
        let mut tasks = vec![RoleTask::Enter(top)];
        while let Some(task) = tasks.pop() {
            match task {
                RoleTask::Enter(role) => {
                    let tops: Vec<u32> = self.tops.take(role.0).collect();
                    for user in tops {
                        self.person_and_reports(UserId(user));
                    }
                    tasks.push(RoleTask::Leave(role, self.lines.len()));
                    let start = tasks.len();
                    tasks.extend(self.children.take(role.0).map(|child| RoleTask::Enter(RoleId(child))));
                    tasks.get_mut(start..).unwrap_or_default().reverse();
                }
                RoleTask::Leave(role, start) => {
                    let run = start..self.lines.len();
                    if let Some(slot) = self.lines.below_role.get_mut(role.index()) {
                        *slot = run;
                    }
                }
            }
        }
    }

    fn person_and_reports(&mut self, top: UserId) {
        let mut tasks = vec![Task::Enter(top)];
        while let Some(task) = tasks.pop() {
            match task {
                Task::Enter(user) => {
                    self.place(user);
                    tasks.push(Task::Leave(user));
                    let start = tasks.len();
                    tasks.extend(self.reports.take(user.0).map(|report| Task::Enter(UserId(report))));
                    tasks.get_mut(start..).unwrap_or_default().reverse();
                }
                Task::Leave(user) => {
                    let end = self.lines.len();
                    if let Some(slot) = self.lines.end.get_mut(user.index()) {
                        *slot = end;
                    }
                }
            }
        }
    }

    fn place(&mut self, user: UserId) {
        let number = self.lines.len();
        self.lines.person.push(user);
        if let Some(slot) = self.lines.number.get_mut(user.index()) {
            *slot = number;
        }
        if let Some(slot) = self.lines.end.get_mut(user.index()) {
            *slot = number + 1;
        }
    }
}
