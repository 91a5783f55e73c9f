//! What the role chart knows, and how that changes.

use std::collections::HashSet;

use ratatui::layout::Rect;

use super::commands::{
    BACK, COMMANDS, DROP, FIND, FOLD, FOLD_ALL, MEMBERS, MOVE, MOVES, MOVING, OPEN, PUT, UNFOLD, UNFOLD_ALL,
};
use super::tree::{Node, Tree};
use crate::service::ServiceError;
use crate::service::draft::Draft;
use crate::service::edit_roles::RoleChange;
use crate::service::roles::RoleRow;
use crate::service::why::Question;
use crate::tui::command::{Id, Spec};
use crate::tui::effect::{Effect, Effects};
use crate::tui::event::{Happening, Key};
use crate::tui::job::{Ended, Reply, Slot};
use crate::tui::moves;
use crate::tui::overlay::{Answer, Choice, Given, Picker};
use crate::tui::proposal::{Proposal, Proposing};
use crate::tui::route::Route;
use crate::tui::screen::{Context, Screen};
use crate::tui::widget::{Canvas, Cursor, Search, SearchStep};
use crate::tui::words::{count, sentence};

const PICK_MEMBER: &str = "chart.member";
/// So many roles are shown at once to begin with; more are opened two steps deep.
const FEW: usize = 60;

/// The screen.
#[derive(Debug, Default)]
pub struct Chart {
    pub(super) tree: Option<Tree>,
    pub(super) trouble: Option<String>,
    pub(super) open: HashSet<String>,
    pub(super) chosen: String,
    /// Where the chosen row is among those shown, and the first one in view.
    pub(super) cursor: Cursor,
    pub(super) search: Search,
    /// The role that was picked up.
    pub(super) moving: Option<String>,
    /// The new manager that is proposed for it.
    target: Option<String>,
    proposing: Proposing,
    loading: Slot<Result<Vec<RoleRow>, ServiceError>>,
}

impl Chart {
    /// The screen, at a role if one is named.
    #[must_use]
    pub fn new(role: Option<&str>) -> Self {
        Self { chosen: role.unwrap_or_default().to_owned(), ..Self::default() }
    }

    /// The rows at the head and the foot of the body that aren't the tree's.
    pub(super) const HEAD: u16 = 2;

    fn node(&self) -> Option<&Node> {
        self.tree.as_ref()?.node(&self.chosen)
    }

    fn load(&mut self, cx: &Context<'_>) -> Effects {
        let Some(session) = cx.session.cloned() else { return Effects::none() };
        Effects::run(self.loading.start(move |_| session.roles()))
    }

    fn loaded(&mut self, outcome: Ended<Result<Vec<RoleRow>, ServiceError>>, cx: &Context<'_>) {
        match outcome {
            Ended::With(Ok(rows)) => {
                let first = self.tree.is_none();
                let tree = Tree::of(rows);
                if first {
                    let few = tree.len() <= FEW;
                    let shallow = |name: &&str| few || tree.path(name).is_some_and(|path| path.len() < 3);
                    self.open = tree.branches().filter(shallow).map(str::to_owned).collect();
                }
                self.put_down(&tree);
                if tree.node(&self.chosen).is_none() {
                    self.chosen = tree.names().first().map(|name| (*name).to_owned()).unwrap_or_default();
                }
                self.tree = Some(tree);
                self.trouble = None;
                if first {
                    self.reveal();
                }
                self.settle(cx);
            }
            Ended::With(Err(why)) => self.trouble = Some(sentence(&why.to_string())),
            Ended::Broken => self.trouble = Some("The chart could not be shown.".to_owned()),
        }
    }

    /// Is the picked up role where it was to go, or gone?
    fn put_down(&mut self, tree: &Tree) {
        let Some(moving) = &self.moving else { return };
        let manager = tree.node(moving).map(|node| node.row.manager.clone());
        if manager.is_none() {
            self.moving = None;
        } else if self.target.is_some() && manager == Some(self.target.clone()) {
            self.open.extend(self.target.take());
            self.chosen.clone_from(moving);
            self.moving = None;
        }
    }

    /// Opens what the chosen role is in.
    fn reveal(&mut self) {
        if let Some(mut path) = self.tree.as_ref().and_then(|tree| tree.path(&self.chosen)) {
            path.pop();
            self.open.extend(path);
        }
    }

    fn rows_in_view(cx: &Context<'_>) -> u16 {
        cx.body.height.saturating_sub(Self::HEAD)
    }

    /// Brings the view to the chosen role; where its branch was closed, to the branch.
    fn settle(&mut self, cx: &Context<'_>) {
        let Some(tree) = &self.tree else { return };
        let shown = tree.shown(&self.open);
        let path = tree.path(&self.chosen).unwrap_or_default();
        let place = path.iter().rev().find_map(|step| shown.iter().position(|name| name == step));
        if let Some(place) = place {
            self.chosen = shown.get(place).map(|name| (*name).to_owned()).unwrap_or_default();
            self.cursor.at = place;
        }
        self.cursor.settle(shown.len(), Self::rows_in_view(cx));
    }

    /// May the picked up role be put under this one? Nothing can stand below itself (000-06).
    fn takes(&self, name: &str) -> bool {
        match (&self.moving, &self.tree) {
            (Some(moving), Some(tree)) => !tree.is_within(name, moving),
            _ => true,
        }
    }

    fn stepped(&mut self, id: Id, cx: &Context<'_>) {
        let Some(tree) = &self.tree else { return };
        let offered: Vec<&str> = tree.shown(&self.open).into_iter().filter(|name| self.takes(name)).collect();
        let at = offered.iter().position(|name| *name == self.chosen).unwrap_or(0);
        let mut cursor = Cursor::new(at, self.cursor.top.min(offered.len()));
        cursor.moved(id, offered.len(), Self::rows_in_view(cx));
        if let Some(name) = offered.get(cursor.at) {
            self.chosen = (*name).to_owned();
        }
        self.settle(cx);
    }

    fn command(&mut self, id: Id, cx: &Context<'_>) -> Effects {
        match id {
            FIND => self.search.open(),
            UNFOLD => self.unfold(cx),
            FOLD => self.fold(cx),
            UNFOLD_ALL => {
                self.open = self.tree.as_ref().map(|t| t.branches().map(str::to_owned).collect()).unwrap_or_default();
                self.settle(cx);
            }
            FOLD_ALL => {
                self.open.clear();
                self.settle(cx);
            }
            MOVE => self.pick_up(cx),
            MEMBERS => return self.pick_member(),
            OPEN => return Effects::of(Effect::Go(Route::Roles { name: Some(self.chosen.clone()) })),
            BACK => return Effects::of(Effect::Back),
            PUT => return self.put(cx),
            DROP => self.drop_it(cx),
            id => self.stepped(id, cx),
        }
        Effects::none()
    }

    fn unfold(&mut self, cx: &Context<'_>) {
        if !self.tree.as_ref().is_some_and(|tree| tree.is_branch(&self.chosen)) {
            return;
        }
        if !self.open.insert(self.chosen.clone()) {
            self.stepped(moves::DOWN, cx);
        }
    }

    fn fold(&mut self, cx: &Context<'_>) {
        let branch = self.tree.as_ref().is_some_and(|tree| tree.is_branch(&self.chosen));
        if branch && self.open.remove(&self.chosen) {
            return;
        }
        if let Some(manager) = self.node().and_then(|node| node.row.manager.clone()) {
            self.chosen = manager;
            self.settle(cx);
        }
    }

    /// Picks the chosen role up; its present manager is where the way begins.
    fn pick_up(&mut self, cx: &Context<'_>) {
        let Some(manager) = self.node().and_then(|node| node.row.manager.clone()) else { return };
        self.moving = Some(std::mem::replace(&mut self.chosen, manager));
        self.search.clear();
        self.settle(cx);
    }

    fn drop_it(&mut self, cx: &Context<'_>) {
        if let Some(role) = self.moving.take() {
            self.chosen = role;
            self.reveal();
            self.settle(cx);
        }
    }

    fn put(&mut self, cx: &Context<'_>) -> Effects {
        let Some(role) = self.moving.clone() else { return Effects::none() };
        let manager = self.chosen.clone();
        let change = RoleChange { manager: Some(manager.clone()), ..RoleChange::default() };
        self.target = Some(manager.clone());
        let proposal = Proposal {
            draft: Draft::Roles([(role.clone(), change)].into()),
            title: "Move a role".to_owned(),
            says: format!("“{role}”, with the roles below it, moves under “{manager}”."),
            verb: "move it".to_owned(),
            done: format!("“{role}” is under “{manager}” now."),
        };
        self.proposing.put(proposal, cx)
    }

    fn pick_member(&self) -> Effects {
        let Some(node) = self.node() else { return Effects::none() };
        let choices = node.row.members.iter().map(|m| Choice::new(m.email.clone(), m.name.clone(), m.email.clone()));
        let picker = Picker::one(PICK_MEMBER, &node.row.name, choices.collect(), None);
        Effects::of(Effect::Open(Box::new(picker)))
    }

    fn typed(&mut self, key: Key, cx: &Context<'_>) {
        match self.search.key(key) {
            SearchStep::Changed => self.find(0, cx),
            // It was a way to somewhere, and is done with.
            SearchStep::Stayed if !self.search.is_open() => _ = self.search.clear(),
            SearchStep::Stayed => {}
            SearchStep::Unused => match moves::in_list(key) {
                Some(moves::UP) => self.find(-1, cx),
                Some(_) => self.find(1, cx),
                None => {}
            },
        }
    }

    /// Goes to the next role whose name holds what is searched for: the chosen one too, or one
    /// further on or back.
    fn find(&mut self, step: isize, cx: &Context<'_>) {
        let Some(tree) = &self.tree else { return };
        let names: Vec<&str> = tree.names().into_iter().filter(|name| self.takes(name)).collect();
        let here = names.iter().position(|name| *name == self.chosen).unwrap_or(0);
        let found = self.search.next_of(names.iter().copied(), here, step);
        if let Some(name) = found.and_then(|place| names.get(place)) {
            self.chosen = (*name).to_owned();
            self.reveal();
            self.settle(cx);
        }
    }
}

impl Screen for Chart {
    fn crumbs(&self) -> Vec<String> {
        ["Administration", "User Management", "Team Roles & Permission Management", "Role chart"]
            .map(str::to_owned)
            .to_vec()
    }

    fn tab(&self) -> Option<String> {
        Some("Roles".to_owned())
    }

    fn commands(&self) -> Vec<&'static [Spec]> {
        vec![if self.moving.is_some() { MOVING } else { COMMANDS }, MOVES, moves::LIST]
    }

    fn blocked(&self, id: Id) -> Option<String> {
        let node = self.node();
        match id {
            PUT if node.is_some_and(|node| Some(&node.row.name) == self.manager_of_moving()) => {
                Some(format!("“{}” is its manager already.", self.chosen))
            }
            MOVE if node.is_some_and(|node| node.row.manager.is_none()) => {
                Some("Account Owner is the one role without a manager.".to_owned())
            }
            MOVE if node.is_some_and(|node| node.row.locked) => {
                Some(format!("“{}” is locked: it stays where it is.", self.chosen))
            }
            MEMBERS if node.is_none_or(|node| node.row.members.is_empty()) => {
                Some("Nobody active holds this role.".to_owned())
            }
            _ => None,
        }
    }

    fn why(&self) -> Option<Question> {
        Some(Question::Role { name: self.node()?.row.name.clone() })
    }

    fn takes_text(&self) -> bool {
        self.search.is_open()
    }

    fn text_hints(&self) -> Vec<(&'static str, &'static str)> {
        vec![("Down", "next"), ("Up", "before"), ("Enter", "stay there"), ("Esc", "leave it")]
    }

    fn is_saving(&self) -> bool {
        self.proposing.is_saving()
    }

    fn give_up(&mut self) -> bool {
        self.target = None;
        self.proposing.give_up()
    }

    fn start(&mut self, cx: &Context<'_>) -> Effects {
        self.load(cx)
    }

    fn reply(&mut self, reply: &mut Reply, cx: &Context<'_>) -> Effects {
        self.replied(reply, cx)
    }

    fn update(&mut self, happening: Happening, cx: &Context<'_>) -> Effects {
        match happening {
            Happening::Command(invocation) => return self.command(invocation.id, cx),
            Happening::Key(key) if self.search.is_open() => self.typed(key, cx),
            Happening::Paste(text) if self.search.is_open() => {
                self.search.paste(&text);
                self.find(0, cx);
            }
            Happening::Answer(Answer { tag: PICK_MEMBER, value: Given::Chosen(emails), .. }) => {
                let email = emails.into_iter().next();
                return Effects::of(Effect::Go(Route::Users { email }));
            }
            Happening::Answer(answer) => return self.proposing.answer(&answer, cx).unwrap_or_default(),
            Happening::Refresh => return self.load(cx),
            Happening::Tick => self.settle(cx),
            Happening::Key(_) | Happening::Paste(_) => {}
        }
        Effects::none()
    }

    fn status(&self) -> String {
        match (&self.moving, &self.tree) {
            (Some(role), _) => format!("Moving “{role}”: choose its new manager"),
            (None, Some(tree)) => count(tree.len() as u64, "role", "roles"),
            (None, None) => String::new(),
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        super::view::draw(self, canvas, area);
    }
}

impl Chart {
    fn manager_of_moving(&self) -> Option<&String> {
        self.tree.as_ref()?.node(self.moving.as_ref()?)?.row.manager.as_ref()
    }

    fn replied(&mut self, reply: &mut Reply, cx: &Context<'_>) -> Effects {
        if let Some(outcome) = self.loading.take(reply) {
            self.loaded(outcome, cx);
        } else if let Some(effects) = self.proposing.reply(reply) {
            return effects.then(self.load(cx));
        }
        Effects::none()
    }
}
