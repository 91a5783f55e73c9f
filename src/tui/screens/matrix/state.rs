//! What the matrix's screen knows, and how that changes.

use ratatui::layout::Rect;

use super::commands::{self as can, CHANGES, LOOKS, MOVES, UNDOES};
use super::grid::Grid;
use super::lines::{Line, LineKey, Narrow};
use super::paint::Range;
use super::save::Saving;
use crate::model::RoleId;
use crate::service::ServiceError;
use crate::service::matrix::{Board, Clip, Explained, Matrix};
use crate::service::why::Question;
use crate::tui::command::{Id, Spec};
use crate::tui::effect::Effects;
use crate::tui::event::Happening;
use crate::tui::job::{Ended, Reply, Slot};
use crate::tui::moves;
use crate::tui::screen::{Context, Screen};
use crate::tui::toast::Toast;
use crate::tui::widget::{Canvas, Cursor, SearchStep};
use crate::tui::words::{count, sentence};

/// The screen.
#[derive(Default)]
pub struct MatrixScreen {
    pub(super) board: Option<Board>,
    pub(super) trouble: Option<String>,
    pub(super) narrow: Narrow,
    /// The lines in view of the narrowing.
    pub(super) lines: Vec<Line>,
    /// The roles in view of the narrowing, by their places in the matrix.
    pub(super) columns: Vec<usize>,
    /// Where the cursor stands among the lines.
    pub(super) down: Cursor,
    /// Where it stands among the columns.
    pub(super) across: Cursor,
    pub(super) range: Option<Range>,
    pub(super) clip: Option<Clip>,
    /// The cell under the cursor, in words.
    pub(super) explained: Option<Explained>,
    pub(super) last_line: String,
    pub(super) saving: Saving,
    wanted: Option<String>,
    loading: Slot<Result<Option<Matrix>, ServiceError>>,
}

impl MatrixScreen {
    /// The screen, at a role if one is named.
    #[must_use]
    pub fn new(role: Option<&str>) -> Self {
        Self { wanted: role.map(str::to_owned), ..Self::default() }
    }

    pub(super) fn load(&mut self, cx: &Context<'_>) -> Effects {
        let Some(session) = cx.session.cloned() else { return Effects::none() };
        let known = self.board.as_ref().map(|board| board.matrix().clone());
        Effects::run(self.loading.start(move |_| match known {
            Some(known) => session.matrix_after(&known),
            None => session.matrix().map(Some),
        }))
    }

    fn loaded(&mut self, outcome: Ended<Result<Option<Matrix>, ServiceError>>, cx: &Context<'_>) -> Effects {
        let matrix = match outcome {
            Ended::With(Ok(Some(matrix))) => matrix,
            Ended::With(Ok(None)) => {
                // The news of a save may come before its reply.
                if let (Some(board), Some(sent)) = (&mut self.board, self.saving.take_saved()) {
                    board.saved(&sent);
                }
                self.settle(cx);
                return Effects::none();
            }
            Ended::With(Err(why)) => {
                self.trouble = Some(sentence(&why.to_string()));
                return Effects::none();
            }
            Ended::Broken => {
                self.trouble = Some("The matrix could not be shown.".to_owned());
                return Effects::none();
            }
        };
        self.trouble = None;
        let first = self.board.is_none();
        let stand = self.stand();
        let said = self.take_in(matrix);
        self.arrange();
        self.go_back_to(stand);
        if first {
            self.across.at = self.first_open();
        }
        if let Some(column) = self.wanted.take().and_then(|role| self.column_named(&role)) {
            self.across.at = column;
        }
        self.settle(cx);
        said
    }

    /// The first role that can be changed; the very first where none can.
    fn first_open(&self) -> usize {
        let Some(board) = &self.board else { return 0 };
        let open = |column: &usize| board.matrix().columns().get(*column).is_some_and(|column| column.lock.is_none());
        self.columns.iter().position(open).unwrap_or(0)
    }

    fn column_named(&self, role: &str) -> Option<usize> {
        let columns = self.board.as_ref()?.matrix().columns();
        self.columns.iter().position(|column| columns.get(*column).is_some_and(|column| column.name() == role))
    }

    /// A newer matrix under what is staged.
    fn take_in(&mut self, matrix: Matrix) -> Effects {
        let Some(board) = &mut self.board else {
            self.board = Some(Board::new(matrix));
            return Effects::none();
        };
        if let Some(sent) = self.saving.take_saved() {
            board.saved(&sent);
        }
        let merged = board.merge(matrix);
        let cells = |number: usize| count(number as u64, "of your staged cells", "of your staged cells");
        match (merged.conflicts, merged.gone) {
            (0, 0) => Effects::none(),
            (0, gone) => {
                Effects::toast(Toast::warn(format!("{} went with a role or permission that was deleted.", cells(gone))))
            }
            (changed, _) => {
                Effects::toast(Toast::warn(format!("Somebody else changed {}. Tab goes there.", cells(changed))))
            }
        }
    }

    /// What the cursor and the range stand on, whatever matrix comes next.
    fn stand(&self) -> Option<(Option<LineKey>, Option<RoleId>)> {
        let board = self.board.as_ref()?;
        let line = self.line().and_then(|line| line.key(board));
        Some((line, self.column().and_then(|column| board.matrix().columns().get(column)).map(|column| column.id())))
    }

    fn go_back_to(&mut self, stand: Option<(Option<LineKey>, Option<RoleId>)>) {
        let (Some(board), Some((line, role))) = (&self.board, stand) else { return };
        let at = self.lines.iter().position(|known| known.key(board) == line && line.is_some());
        let column = role.and_then(|role| board.matrix().column_of(role));
        let column = self.columns.iter().position(|known| Some(*known) == column);
        // A range whose end went somewhere else is no longer what was chosen.
        if at != Some(self.down.at) || column != Some(self.across.at) {
            self.range = None;
        }
        self.down.at = at.unwrap_or(self.down.at);
        self.across.at = column.unwrap_or(self.across.at);
    }

    /// Where what the cursor stood on is narrowed out, it goes to the first that is found.
    fn go_to_the_first(&mut self, stand: &Option<(Option<LineKey>, Option<RoleId>)>) {
        let (Some(board), Some((line, role))) = (&self.board, stand) else { return };
        if self.line().and_then(|at| at.key(board)) != *line {
            self.down.at = self.lines.iter().position(|line| matches!(line, Line::Row(_))).unwrap_or(0);
        }
        let at = self.column().and_then(|column| board.matrix().columns().get(column)).map(|column| column.id());
        if at != *role {
            self.across.at = 0;
        }
    }

    /// Works out anew which lines and columns are in view.
    pub(super) fn arrange(&mut self) {
        let Some(board) = &self.board else { return };
        self.columns = self.narrow.columns(board);
        self.lines = self.narrow.lines(board, &self.columns);
    }

    /// The same after the narrowing changed: the cursor stays on its cell if that is still there.
    pub(super) fn narrowed(&mut self, cx: &Context<'_>) {
        let stand = self.stand();
        self.range = None;
        self.arrange();
        self.go_back_to(stand.clone());
        self.go_to_the_first(&stand);
        self.settle(cx);
    }

    /// Brings the cursor into what there is, and the view to the cursor.
    pub(super) fn settle(&mut self, cx: &Context<'_>) {
        let grid = self.grid(cx.body.width, cx.body.height);
        self.down.settle(self.lines.len(), grid.rows);
        // The heading of a group's first row comes into view with it.
        if self.down.at == 1 {
            self.down.top = 0;
        }
        self.across.settle(self.columns.len(), u16::try_from(grid.across).unwrap_or(u16::MAX));
        let cell = self.line().zip(self.column());
        self.explained = match (&self.board, cell) {
            (Some(board), Some((Line::Row(row), column))) => board.explain(row, column),
            _ => None,
        };
    }

    pub(super) fn grid(&self, width: u16, height: u16) -> Grid {
        Grid::of(width, height, self.columns.len())
    }

    /// The line under the cursor.
    pub(super) fn line(&self) -> Option<Line> {
        self.lines.get(self.down.at).copied()
    }

    /// The column under the cursor, by its place in the matrix.
    pub(super) fn column(&self) -> Option<usize> {
        self.columns.get(self.across.at).copied()
    }

    pub(super) fn staged(&self) -> usize {
        self.board.as_ref().map_or(0, |board| board.staged().len())
    }

    fn command(&mut self, id: Id, cx: &Context<'_>) -> Effects {
        let effects = self.save_command(id, cx);
        let effects = effects.or_else(|| self.edit_command(id));
        let effects = effects.or_else(|| self.paint_command(id));
        let effects = effects.unwrap_or_else(|| self.walk_command(id, cx));
        self.settle(cx);
        effects
    }
}

impl Screen for MatrixScreen {
    fn crumbs(&self) -> Vec<String> {
        vec!["Team Roles & Permission Management".to_owned(), "Permissions".to_owned()]
    }

    fn tab(&self) -> Option<String> {
        Some("Roles".to_owned())
    }

    fn commands(&self) -> Vec<&'static [Spec]> {
        let undoes = self.board.as_ref().is_some_and(|board| board.staged().can_undo());
        let undoes: &[Spec] = if undoes { UNDOES } else { &[] };
        vec![CHANGES, undoes, LOOKS, MOVES]
    }

    fn blocked(&self, id: Id) -> Option<String> {
        let because = |blocked: bool, why: &str| blocked.then(|| why.to_owned());
        match id {
            can::SAVE | can::DROP | can::UNSTAGE | can::NEXT_STAGED if self.staged() == 0 => {
                Some("Nothing is staged.".to_owned())
            }
            can::STAGED => because(self.staged() == 0 && !self.narrow.staged, "Nothing is staged."),
            can::SAVE => self.unsavable(),
            can::PASTE => because(self.clip.is_none(), "Nothing is copied yet: Y copies a cell or a range."),
            can::CLEAR => because(!self.narrow.is_narrow(), "All are shown already."),
            _ => None,
        }
    }

    fn why(&self) -> Option<Question> {
        let board = self.board.as_ref()?;
        let role = board.matrix().columns().get(self.column()?)?.name().to_owned();
        // Of an area, what switches it on.
        let row = match self.line()? {
            Line::Row(row) => row,
            Line::Group(group) => board.matrix().groups().get(group)?.access?,
        };
        let cell = board.matrix().rows().get(row)?.cell.clone();
        Some(Question::Cell { role, cell })
    }

    fn legend(&self) -> Vec<(&'static str, &'static str)> {
        super::words::LEGEND.to_vec()
    }

    fn takes_text(&self) -> bool {
        self.narrow.search.is_open()
    }

    fn text_hints(&self) -> Vec<(&'static str, &'static str)> {
        vec![("Enter", "keep"), ("Esc", "show all")]
    }

    fn unsaved(&self) -> Option<String> {
        let staged = self.staged();
        (staged > 0).then(|| {
            let cells = count(staged as u64, "staged change", "staged changes");
            format!("The permission matrix has {cells} that nobody has saved yet.")
        })
    }

    fn is_saving(&self) -> bool {
        self.saving.is_saving()
    }

    fn give_up(&mut self) -> bool {
        self.saving.give_up()
    }

    fn start(&mut self, cx: &Context<'_>) -> Effects {
        self.load(cx)
    }

    fn reply(&mut self, reply: &mut Reply, cx: &Context<'_>) -> Effects {
        match self.loading.take(reply) {
            Some(outcome) => self.loaded(outcome, cx),
            None => self.save_replied(reply, cx),
        }
    }

    fn update(&mut self, happening: Happening, cx: &Context<'_>) -> Effects {
        match happening {
            Happening::Command(invocation) => self.command(invocation.id, cx),
            Happening::Answer(answer) => {
                let effects = self.answered(&answer, cx);
                self.settle(cx);
                effects
            }
            Happening::Refresh => self.load(cx),
            Happening::Key(key) if self.narrow.search.is_open() => {
                if self.narrow.search.key(key) == SearchStep::Changed {
                    self.narrowed(cx);
                }
                Effects::none()
            }
            Happening::Paste(text) if self.narrow.search.is_open() => {
                self.narrow.search.paste(&text);
                self.narrowed(cx);
                Effects::none()
            }
            Happening::Tick => {
                self.settle(cx);
                Effects::none()
            }
            Happening::Key(_) | Happening::Paste(_) => Effects::none(),
        }
    }

    fn status(&self) -> String {
        let Some(board) = &self.board else { return String::new() };
        let mut parts = Vec::new();
        if self.staged() > 0 {
            parts.push(format!("{} staged: Ctrl-S saves", count(self.staged() as u64, "change", "changes")));
        }
        let roles = board.matrix().columns().len();
        let place = (self.across.at + 1).min(self.columns.len());
        parts.push(match self.columns.len() == roles {
            true => format!("role {place} of {roles}"),
            false => format!("role {place} of {} shown, {roles} in all", self.columns.len()),
        });
        parts.extend(self.narrow.differences.then(|| "only differences".to_owned()));
        parts.extend(self.narrow.staged.then(|| "only staged".to_owned()));
        parts.extend((!board.matrix().may_edit()).then(|| "to read only".to_owned()));
        parts.join(" · ")
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        super::view::draw(self, canvas, area);
    }
}

/// The step back, which ends a range first.
pub(super) const BACK: Id = moves::BACK;
