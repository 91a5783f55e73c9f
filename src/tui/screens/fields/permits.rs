//! Who may view and who may edit a section (001-20…24, 004-10): role by role, the two apart. What is
//! set is staged, and saved as a whole after a look at what it means.

use std::collections::BTreeMap;

use ratatui::layout::Rect;

use crate::model::SectionAccess;
use crate::service::ServiceError;
use crate::service::draft::Draft;
use crate::service::edit_roles::{Cell, CellValue, RoleChange};
use crate::service::fields::SectionRole;
use crate::service::why::Question;
use crate::tui::command::{Danger, Group, Id, Needs, Spec};
use crate::tui::effect::{Effect, Effects};
use crate::tui::event::{Code, Happening, Key};
use crate::tui::job::{Ended, Reply, Slot};
use crate::tui::moves;
use crate::tui::proposal::{Proposal, Proposing};
use crate::tui::screen::{Context, Screen};
use crate::tui::theme::Tone;
use crate::tui::toast::Toast;
use crate::tui::widget::{Canvas, Cursor};
use crate::tui::words::{count, sentence};

const SAVE: Id = Id("section.save");
const VIEW: Id = Id("section.view");
const EDIT: Id = Id("section.edit");
const TOGGLE: Id = Id("section.toggle");
const UNSET: Id = Id("section.unset");
const LEFT: Id = Id("section.left");
const RIGHT: Id = Id("section.right");
const BACK: Id = Id("section.back");

const fn set(id: Id, title: &'static str, short: &'static str, doc: &'static str, keys: &'static [Key]) -> Spec {
    Spec::new(id.0, title, short, doc).keys(keys).needs(Needs::Feature("roles.manage"))
}

/// What can be done with a section's permissions.
pub const COMMANDS: &[Spec] = &[
    set(SAVE, "Save the permissions", "save", "Shows what they mean, then saves all of them.", &[Key::ctrl('s')])
        .danger(Danger::Changes),
    set(VIEW, "View", "view", "May the role view the section? Without view there is no edit.", &[Key::char('v')]),
    set(EDIT, "Edit", "edit", "May the role edit the section? Edit brings view with it.", &[Key::char('e')]),
    set(TOGGLE, "Switch", "", "Switches what the cursor is on.", &[Key::char(' '), Key::plain(Code::Enter)]),
    set(UNSET, "Take back", "", "What was set for this role is as it is stored.", &[Key::plain(Code::Backspace)]),
    Spec::new(LEFT.0, "View column", "", "To view.").keys(&[Key::plain(Code::Left), Key::char('h')]).group(Group::Move),
    Spec::new(RIGHT.0, "Edit column", "", "To edit.")
        .keys(&[Key::plain(Code::Right), Key::char('l')])
        .group(Group::Move),
    Spec::new(BACK.0, "Back", "back", "One step back.").keys(&[Key::plain(Code::Esc)]).group(Group::Move),
];

/// What a role is to have.
#[derive(Debug, Clone, Copy)]
struct Staged {
    /// What was stored when it was set: where something else is by now, somebody else set that.
    base: SectionAccess,
    mine: SectionAccess,
    /// What was last to be saved: where that is stored, it isn't somebody else's.
    sent: Option<SectionAccess>,
}

/// The screen.
#[derive(Debug)]
pub struct PermitsScreen {
    object: String,
    section: String,
    rows: Option<Vec<SectionRole>>,
    trouble: Option<String>,
    /// What is set otherwise than it is stored, by role.
    staged: BTreeMap<String, Staged>,
    cursor: Cursor,
    /// The cursor is on edit.
    on_edit: bool,
    proposing: Proposing,
    loading: Slot<Result<Vec<SectionRole>, ServiceError>>,
}

/// The lines of the body that aren't rows.
const HEAD: u16 = 4;

impl PermitsScreen {
    /// The effect that shows it.
    pub(super) fn show(object: String, section: String) -> Effects {
        Effects::of(Effect::Show(Box::new(Self {
            object,
            section,
            rows: None,
            trouble: None,
            staged: BTreeMap::new(),
            cursor: Cursor::default(),
            on_edit: false,
            proposing: Proposing::default(),
            loading: Slot::default(),
        })))
    }

    fn load(&mut self, cx: &Context<'_>) -> Effects {
        let Some(session) = cx.session.cloned() else { return Effects::none() };
        let (object, section) = (self.object.clone(), self.section.clone());
        Effects::run(self.loading.start(move |_| session.section_roles(&object, &section)))
    }

    fn loaded(&mut self, outcome: Ended<Result<Vec<SectionRole>, ServiceError>>, cx: &Context<'_>) -> Effects {
        match outcome {
            Ended::With(Ok(rows)) => {
                let here = self.current().map(|row| row.role.clone());
                let stored = |role: &str| rows.iter().find(|row| row.role == role).map(|row| row.access);
                let mut gone = 0;
                self.staged.retain(|role, staged| {
                    let Some(stored) = stored(role) else {
                        gone += 1;
                        return false;
                    };
                    if staged.sent == Some(stored) {
                        staged.base = stored;
                    }
                    staged.mine != stored
                });
                let kept = here.and_then(|role| rows.iter().position(|row| row.role == role));
                self.cursor.at = kept.unwrap_or(self.cursor.at);
                self.cursor.settle(rows.len(), Self::rows(cx));
                (self.rows, self.trouble) = (Some(rows), None);
                if gone > 0 {
                    let roles = count(gone, "role that you set is", "roles that you set are");
                    return Effects::toast(Toast::warn(format!("{roles} not there any more.")));
                }
            }
            // What is set stays: it may be looked at and saved again.
            Ended::With(Err(why)) => (self.rows, self.trouble) = (None, Some(sentence(&why.to_string()))),
            Ended::Broken => self.trouble = Some("The permissions could not be shown.".to_owned()),
        }
        Effects::none()
    }

    fn rows(cx: &Context<'_>) -> u16 {
        cx.body.height.saturating_sub(HEAD)
    }

    fn current(&self) -> Option<&SectionRole> {
        self.rows.as_ref()?.get(self.cursor.at)
    }

    fn access(&self, row: &SectionRole) -> SectionAccess {
        self.staged.get(&row.role).map_or(row.access, |staged| staged.mine)
    }

    /// Did somebody else set what is set here, and otherwise?
    fn is_contested(&self, row: &SectionRole) -> bool {
        self.staged.get(&row.role).is_some_and(|staged| staged.base != row.access)
    }

    fn contested(&self) -> usize {
        self.rows.iter().flatten().filter(|row| self.is_contested(row)).count()
    }

    fn switch(&mut self, edit: bool) {
        let Some(row) = self.current().cloned() else { return };
        let is = self.access(&row);
        let now = match (edit, is) {
            (true, SectionAccess::Edit) => SectionAccess::View,
            (true, _) => SectionAccess::Edit,
            (false, SectionAccess::Hidden) => SectionAccess::View,
            (false, _) => SectionAccess::Hidden,
        };
        if now == row.access {
            self.staged.remove(&row.role);
        } else {
            let sent = self.staged.get(&row.role).and_then(|staged| staged.sent);
            self.staged.insert(row.role, Staged { base: row.access, mine: now, sent });
        }
    }

    fn save(&mut self, cx: &Context<'_>) -> Effects {
        let cell = Cell::Section(self.object.clone(), self.section.clone());
        let change = |(role, staged): (&String, &mut Staged)| {
            staged.sent = Some(staged.mine);
            let change = RoleChange {
                cells: vec![(cell.clone(), CellValue::Section(staged.mine))],
                expected: vec![(cell.clone(), CellValue::Section(staged.base))],
                ..RoleChange::default()
            };
            (role.clone(), change)
        };
        let changes: BTreeMap<String, RoleChange> = self.staged.iter_mut().map(change).collect();
        let number = count(changes.len() as u64, "role", "roles");
        let proposal = Proposal {
            draft: Draft::Roles(changes),
            title: format!("Permissions of “{}”", self.section),
            says: format!("The section “{}” is set otherwise for {number}.", self.section),
            verb: "save".to_owned(),
            done: format!("The permissions of “{}” are saved.", self.section),
        };
        self.proposing.put(proposal, cx)
    }

    fn command(&mut self, id: Id, cx: &Context<'_>) -> Effects {
        match id {
            SAVE => return self.save(cx),
            BACK => return Effects::of(Effect::Back),
            VIEW => self.switch(false),
            EDIT => self.switch(true),
            TOGGLE => self.switch(self.on_edit),
            UNSET => {
                if let Some(role) = self.current().map(|row| row.role.clone()) {
                    self.staged.remove(&role);
                }
            }
            LEFT => self.on_edit = false,
            RIGHT => self.on_edit = true,
            id => {
                let length = self.rows.as_ref().map_or(0, Vec::len);
                self.cursor.moved(id, length, Self::rows(cx));
            }
        }
        Effects::none()
    }

    fn replied(&mut self, reply: &mut Reply, cx: &Context<'_>) -> Effects {
        if let Some(outcome) = self.loading.take(reply) {
            return self.loaded(outcome, cx);
        } else if let Some(effects) = self.proposing.reply(reply) {
            return effects.then(self.load(cx));
        }
        Effects::none()
    }
}

impl Screen for PermitsScreen {
    fn crumbs(&self) -> Vec<String> {
        vec!["Field Editor".to_owned(), self.section.clone(), "Permissions".to_owned()]
    }

    fn commands(&self) -> Vec<&'static [Spec]> {
        vec![COMMANDS, moves::LIST]
    }

    fn blocked(&self, id: Id) -> Option<String> {
        let row = self.current();
        match id {
            SAVE if self.staged.is_empty() => Some("Nothing is set otherwise than it is stored.".to_owned()),
            SAVE if self.rows.is_none() => Some("It can't be saved just now; what is set stays.".to_owned()),
            SAVE => match self.contested() as u64 {
                0 => None,
                some => Some(format!(
                    "Somebody else changed {} that you set: at each, Backspace takes theirs, v or e sets it anew.",
                    count(some, "role", "roles")
                )),
            },
            VIEW | EDIT | TOGGLE => match row {
                None => Some("There is no role here.".to_owned()),
                Some(row) if row.locked => Some(format!("“{}” is locked: it may view and edit everything.", row.role)),
                Some(row) if row.mine => Some("It is your own role: nobody changes their own.".to_owned()),
                Some(_) => None,
            },
            _ => None,
        }
    }

    fn unsaved(&self) -> Option<String> {
        let number = self.staged.len() as u64;
        (number > 0).then(|| {
            format!("The permissions of “{}” are set for {}, not saved.", self.section, count(number, "role", "roles"))
        })
    }

    fn why(&self) -> Option<Question> {
        let cell = Cell::Section(self.object.clone(), self.section.clone());
        Some(Question::Cell { role: self.current()?.role.clone(), cell })
    }

    fn is_saving(&self) -> bool {
        self.proposing.is_saving()
    }

    fn give_up(&mut self) -> bool {
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
            Happening::Answer(answer) => return self.proposing.answer(&answer, cx).unwrap_or_default(),
            Happening::Refresh => return self.load(cx),
            Happening::Tick => {
                let length = self.rows.as_ref().map_or(0, Vec::len);
                self.cursor.settle(length, Self::rows(cx));
            }
            Happening::Key(_) | Happening::Paste(_) => {}
        }
        Effects::none()
    }

    fn status(&self) -> String {
        match self.staged.len() {
            0 => String::new(),
            some => format!("Set for {}, not saved", count(some as u64, "role", "roles")),
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let Some(rows) = &self.rows else {
            canvas.paragraph(area, self.trouble.as_deref().unwrap_or("Loading…"), Tone::Dim);
            return;
        };
        let title = format!("{} · who may view and edit it", self.section);
        canvas.text(area.x, area.y, area.width, &title, Tone::Title);
        let words = "Without view its fields are absent, the records stay. Edit brings view too.";
        canvas.text(area.x, area.y + 1, area.width, words, Tone::Dim);
        let name = area.width.saturating_sub(2 * WIDE + 4).min(40);
        let (view, edit) = (area.x + 6 + name, area.x + 6 + name + WIDE);
        canvas.text(area.x + 2, area.y + 3, name, "Role", Tone::Dim);
        canvas.text(view, area.y + 3, WIDE, "View", Tone::Dim);
        canvas.text(edit, area.y + 3, WIDE, "Edit", Tone::Dim);
        let body = Rect { y: area.y + HEAD, height: area.height.saturating_sub(HEAD), ..area };
        for (index, y) in (self.cursor.top..rows.len()).zip(body.y..body.bottom()) {
            let Some(row) = rows.get(index) else { break };
            let here = index == self.cursor.at;
            if here {
                canvas.fill(Rect { y, height: 1, ..body }, Tone::SelectedAway);
                let mark = canvas.theme().glyph("▌", ">");
                canvas.text(body.x, y, 1, mark, Tone::Key);
            }
            let access = self.access(row);
            let mark = if self.staged.contains_key(&row.role) { "*" } else { " " };
            canvas.text(body.x + 2, y, 1, mark, Tone::Warn);
            let tone = |column: bool, on: bool| match (here && self.on_edit == column, on) {
                (true, _) => Tone::Selected,
                (false, _) if here => Tone::SelectedAway,
                (false, true) => Tone::Good,
                (false, false) => Tone::Dim,
            };
            let words = |on: bool| if on { "[x]" } else { "[ ]" };
            canvas.text(body.x + 4, y, name, &row.role, if here { Tone::SelectedAway } else { Tone::Text });
            canvas.text(view, y, WIDE, words(access.view()), tone(false, access.view()));
            canvas.text(edit, y, WIDE, words(access.edit()), tone(true, access.edit()));
            // Beside the names there is room for a word.
            let contested = match row.access {
                SectionAccess::Hidden => "! now hidden",
                SectionAccess::View => "! now view",
                SectionAccess::Edit => "! now edit",
            };
            let note = match row {
                row if self.is_contested(row) => contested,
                row if row.locked => "locked",
                row if row.mine => "your own role",
                row if row.area_off => "the area is off for it",
                _ => "",
            };
            let x = edit + WIDE;
            let tone = if here { Tone::SelectedAway } else { Tone::Dim };
            canvas.text(x, y, body.right().saturating_sub(x + 1), note, tone);
        }
        canvas.scrollbar(body, rows.len(), self.cursor.top);
    }
}

/// The width of a column of marks.
const WIDE: u16 = 8;
