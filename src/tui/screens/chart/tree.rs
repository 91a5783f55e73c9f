//! The tree of roles: who stands below whom, how many people, what is open.

use std::collections::{BTreeMap, HashSet};

use ratatui::text::Text;
use tui_tree_widget::{TreeItem, TreeState};

use crate::service::roles::RoleRow;
use crate::tui::widget::width;

/// The way to a role from the top, by names.
pub(super) type Path = Vec<String>;

/// One role of the tree.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) row: RoleRow,
    /// The people who hold a role below this one.
    pub(super) below: usize,
    children: Vec<usize>,
    parent: Option<usize>,
}

/// The roles as a tree.
#[derive(Debug, Default)]
pub(super) struct Tree {
    nodes: Vec<Node>,
    tops: Vec<usize>,
    places: BTreeMap<String, usize>,
    width: u16,
}

impl Tree {
    /// The tree of these roles; siblings keep the order of the list.
    pub(super) fn of(rows: Vec<RoleRow>) -> Self {
        let places: BTreeMap<String, usize> =
            rows.iter().enumerate().map(|(place, row)| (row.name.clone(), place)).collect();
        let mut nodes: Vec<Node> = rows
            .into_iter()
            .map(|row| {
                let parent = row.manager.as_ref().and_then(|name| places.get(name)).copied();
                Node { row, below: 0, children: Vec::new(), parent }
            })
            .collect();
        let mut tops = Vec::new();
        for place in 0..nodes.len() {
            match nodes.get(place).and_then(|node| node.parent) {
                Some(parent) => {
                    if let Some(above) = nodes.get_mut(parent) {
                        above.children.push(place);
                    }
                }
                None => tops.push(place),
            }
        }
        let mut tree = Self { nodes, tops, places, width: 0 };
        tree.count();
        tree.width = tree.widest();
        tree
    }

    /// Counts from the leaves up.
    fn count(&mut self) {
        let mut order: Vec<usize> = self.tops.clone();
        let mut at = 0;
        while let Some(place) = order.get(at).copied() {
            order.extend(self.nodes.get(place).map(|node| node.children.clone()).unwrap_or_default());
            at += 1;
        }
        for place in order.into_iter().rev() {
            let Some((own, parent)) =
                self.nodes.get(place).map(|node| (node.below + node.row.members.len(), node.parent))
            else {
                continue;
            };
            if let Some(above) = parent.and_then(|parent| self.nodes.get_mut(parent)) {
                above.below += own;
            }
        }
    }

    /// The columns that the widest role takes with what stands before and after its name, were all
    /// branches open.
    pub(super) fn width(&self) -> u16 {
        self.width
    }

    fn widest(&self) -> u16 {
        const AROUND: u16 = 16;
        let wide = |node: &Node| {
            let depth = self.path(&node.row.name).map_or(0, |path| path.len());
            width(&node.row.name).saturating_add(u16::try_from(depth * 2).unwrap_or(u16::MAX)).saturating_add(AROUND)
        };
        self.nodes.iter().map(wide).max().unwrap_or(0)
    }

    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    pub(super) fn node(&self, name: &str) -> Option<&Node> {
        self.places.get(name).and_then(|place| self.nodes.get(*place))
    }

    /// The way to a role from the top.
    pub(super) fn path(&self, name: &str) -> Option<Path> {
        let mut path = Vec::new();
        let mut at = self.places.get(name).copied();
        while let Some(node) = at.and_then(|place| self.nodes.get(place)) {
            path.push(node.row.name.clone());
            at = node.parent.filter(|_| path.len() <= self.nodes.len());
        }
        path.reverse();
        (!path.is_empty()).then_some(path)
    }

    /// The names of the roles that have others below them.
    pub(super) fn branches(&self) -> impl Iterator<Item = &str> {
        self.nodes.iter().filter(|node| !node.children.is_empty()).map(|node| node.row.name.as_str())
    }

    pub(super) fn is_branch(&self, name: &str) -> bool {
        self.node(name).is_some_and(|node| !node.children.is_empty())
    }

    /// Does the one stand in the other's branch, or is it the other?
    pub(super) fn is_within(&self, name: &str, branch: &str) -> bool {
        self.path(name).is_some_and(|path| path.iter().any(|step| step == branch))
    }

    /// The names from top to bottom, whatever is open.
    pub(super) fn names(&self) -> Vec<&str> {
        let mut found = Vec::with_capacity(self.nodes.len());
        let mut left: Vec<usize> = self.tops.iter().rev().copied().collect();
        while let Some(node) = left.pop().and_then(|place| self.nodes.get(place)) {
            found.push(node.row.name.as_str());
            left.extend(node.children.iter().rev());
        }
        found
    }

    /// The names of the rows that are shown where these branches are open.
    pub(super) fn shown(&self, open: &HashSet<String>) -> Vec<&str> {
        let mut found = Vec::new();
        let mut left: Vec<usize> = self.tops.iter().rev().copied().collect();
        while let Some(node) = left.pop().and_then(|place| self.nodes.get(place)) {
            found.push(node.row.name.as_str());
            if open.contains(&node.row.name) {
                left.extend(node.children.iter().rev());
            }
        }
        found
    }

    /// The tree for the widget; `text` is what each role is drawn as.
    pub(super) fn items(&self, text: &dyn Fn(&Node) -> Text<'static>) -> Vec<TreeItem<'static, String>> {
        self.tops.iter().filter_map(|place| self.item(*place, text)).collect()
    }

    fn item(&self, place: usize, text: &dyn Fn(&Node) -> Text<'static>) -> Option<TreeItem<'static, String>> {
        let node = self.nodes.get(place)?;
        let children = node.children.iter().filter_map(|child| self.item(*child, text)).collect();
        TreeItem::new(node.row.name.clone(), text(node), children).ok()
    }

    /// The widget's own state for what is open and chosen.
    pub(super) fn state(&self, open: &HashSet<String>, chosen: &str) -> TreeState<String> {
        let mut state = TreeState::default();
        for path in open.iter().filter_map(|name| self.path(name)) {
            state.open(path);
        }
        state.select(self.path(chosen).unwrap_or_default());
        state
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::RoleType;
    use crate::service::roles::Member;

    fn row(name: &str, manager: &str, members: usize) -> RoleRow {
        let member = Member { name: String::new(), email: String::new(), initials: String::new() };
        RoleRow {
            name: name.to_owned(),
            role_type: RoleType::User,
            manager: (!manager.is_empty()).then(|| manager.to_owned()),
            description: String::new(),
            icon: String::new(),
            locked: false,
            shipped: false,
            members: vec![member; members],
            people: members,
            may_assign: Vec::new(),
        }
    }

    #[test]
    fn everybody_below_is_counted_at_every_step() {
        let rows = vec![row("top", "", 1), row("a", "top", 2), row("b", "a", 3), row("c", "top", 4), row("d", "b", 5)];
        let tree = Tree::of(rows);
        let below = |name: &str| tree.node(name).unwrap().below;
        assert_eq!([below("top"), below("a"), below("b"), below("c"), below("d")], [14, 8, 5, 0, 0]);
        assert_eq!(tree.names(), ["top", "a", "b", "d", "c"]);
        let open: HashSet<String> = ["top", "b"].map(str::to_owned).into();
        assert_eq!(tree.shown(&open), ["top", "a", "c"]);
        assert!(tree.is_within("d", "a") && !tree.is_within("c", "a") && tree.is_within("a", "a"));
        assert_eq!(tree.path("d").unwrap(), ["top", "a", "b", "d"]);
    }
}
