//! Reporting lines (R4) as numbers. Everyone is numbered by one walk of the role tree: for each
//! role first its people without a manager of their own, each followed by the people who report to
//! them, then its child roles. A person's subordinates are then two runs of numbers: the rest of
//! their own subtree, and everyone below the child roles of their role.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::model::{RoleId, Team, UserId};

/// Everyone's number, and what lies below them.
#[derive(Debug, Default)]
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
        let users = team.users.keys().last().map_or(0, |id| id.index() + 1);
        let roles = team.roles.keys().last().map_or(0, |id| id.index() + 1);
        let mut walk = Walk {
            tops: BTreeMap::new(),
            reports: BTreeMap::new(),
            children: BTreeMap::new(),
            lines: Self {
                number: vec![NOBODY; users],
                end: vec![NOBODY; users],
                person: Vec::with_capacity(team.users.len()),
                below_role: vec![0..0; roles],
            },
        };
        for user in team.users.values() {
            match user.manager.filter(|manager| team.users.contains_key(manager)) {
                Some(manager) => walk.reports.entry(manager).or_default().push(user.id),
                None => walk.tops.entry(user.role).or_default().push(user.id),
            }
        }
        for role in team.roles.values() {
            if let Some(manager) = role.manager {
                walk.children.entry(manager).or_default().push(role.id);
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
        let own = match (self.number_of(user), self.end.get(user.index())) {
            (Some(number), Some(end)) => number + 1..*end,
            _ => 0..0,
        };
        [own, self.below_role.get(role.index()).cloned().unwrap_or(0..0)]
    }
}

struct Walk {
    tops: BTreeMap<RoleId, Vec<UserId>>,
    reports: BTreeMap<UserId, Vec<UserId>>,
    children: BTreeMap<RoleId, Vec<RoleId>>,
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
                    for user in self.tops.remove(&role).unwrap_or_default() {
                        self.person_and_reports(user);
                    }
                    tasks.push(RoleTask::Leave(role, self.lines.len()));
                    let children = self.children.remove(&role).unwrap_or_default();
                    tasks.extend(children.into_iter().rev().map(RoleTask::Enter));
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
                    let reports = self.reports.remove(&user).unwrap_or_default();
                    tasks.extend(reports.into_iter().rev().map(Task::Enter));
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
