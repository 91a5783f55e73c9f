//! R4: no cycle in the graph in which each person points to their manager or, having none, to every
//! holder of a strict ancestor role. A role stands for its holders, so that the graph stays small.

use crate::model::{RoleId, Team, UserId};

use super::Refusal;

/// Somebody, or the holders of a role and of every role above it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Node {
    Person(UserId),
    Holders(RoleId),
}

/// How far the search is with a node.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    New,
    OnPath,
    Done,
}

/// The graph, by index of person and role.
struct Graph {
    /// Where a person points.
    to: Vec<Option<Node>>,
    /// The role above a role.
    above: Vec<Option<Node>>,
    holders: Vec<Vec<UserId>>,
    people: Vec<Mark>,
    roles: Vec<Mark>,
}

/// A node of the path that is walked, and how many of its edges were taken.
struct Step {
    node: Node,
    taken: usize,
}

pub(super) fn people_cycles(team: &Team, problems: &mut Vec<Refusal>) {
    let mut graph = Graph::of(team);
    for start in team.users.keys() {
        if let Some(circle) = graph.circle_from(Node::Person(*start)) {
            let people = circle.into_iter().filter_map(|node| match node {
                Node::Person(user) => team.users.get(&user).map(|user| user.email.clone()),
                Node::Holders(_) => None,
            });
            let people: Vec<_> = people.collect();
            let text = format!("form a circle of managers: {}; change one of them", people.join(" → "));
            problems.push(Refusal::new("these people", text));
            return;
        }
    }
}

impl Graph {
    fn of(team: &Team) -> Self {
        let people = team.users.end();
        let roles = team.roles.end();
        let mut above = vec![None; roles];
        for role in team.roles.values() {
            above.get_mut(role.id.index()).into_iter().for_each(|slot| *slot = role.manager.map(Node::Holders));
        }
        let (mut to, mut holders) = (vec![None; people], vec![Vec::new(); roles]);
        for user in team.users.values() {
            let above = || above.get(user.role.index()).copied().flatten();
            let points = user.manager.map(Node::Person).or_else(above);
            to.get_mut(user.id.index()).into_iter().for_each(|slot| *slot = points);
            holders.get_mut(user.role.index()).into_iter().for_each(|holders| holders.push(user.id));
        }
        Self { to, above, holders, people: vec![Mark::New; people], roles: vec![Mark::New; roles] }
    }

    fn mark(&mut self, node: Node) -> Option<&mut Mark> {
        match node {
            Node::Person(user) => self.people.get_mut(user.index()),
            Node::Holders(role) => self.roles.get_mut(role.index()),
        }
    }

    /// A circle that can be reached from somewhere, if nothing found it impossible before.
    fn circle_from(&mut self, start: Node) -> Option<Vec<Node>> {
        let mut path = Vec::new();
        self.enter(start, &mut path);
        while let Some(Step { node, taken }) = path.last_mut() {
            let (node, edge) = (*node, *taken);
            *taken += 1;
            match self.edge(node, edge) {
                None => {
                    self.mark(node).into_iter().for_each(|mark| *mark = Mark::Done);
                    path.pop();
                }
                Some(next) if self.mark(next).is_some_and(|mark| *mark == Mark::OnPath) => {
                    return Some(path.iter().map(|step| step.node).skip_while(|node| *node != next).collect());
                }
                Some(next) => self.enter(next, &mut path),
            }
        }
        None
    }

    fn enter(&mut self, node: Node, path: &mut Vec<Step>) {
        if let Some(mark) = self.mark(node).filter(|mark| **mark == Mark::New) {
            *mark = Mark::OnPath;
            path.push(Step { node, taken: 0 });
        }
    }

    /// One of a node's edges; the role above comes first, then its holders from the last.
    fn edge(&self, node: Node, edge: usize) -> Option<Node> {
        match node {
            Node::Person(user) => self.to.get(user.index()).copied().flatten().filter(|_| edge == 0),
            Node::Holders(role) => match (self.above.get(role.index()).copied().flatten(), edge) {
                (Some(above), 0) => Some(above),
                (above, edge) => {
                    let holders = self.holders.get(role.index())?;
                    let from_last = edge - usize::from(above.is_some());
                    holders.iter().rev().nth(from_last).map(|user| Node::Person(*user))
                }
            },
        }
    }
}
