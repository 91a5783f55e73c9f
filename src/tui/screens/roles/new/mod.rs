//! A new role (000-29, 001-04, 003-27): its name, manager and type, then its permissions, and one
//! save for all of it. Nothing applies before.

mod commands;
mod permissions;
mod view;

use ratatui::layout::Rect;

use commands as can;
pub use commands::COMMANDS;
use permissions::Permissions;

use super::edit::{self, Roles};
use crate::model::RoleType;
use crate::service::ServiceError;
use crate::service::draft::{Draft, Saved};
use crate::service::edit_roles::NewRole;
use crate::service::impact::Impact;
use crate::service::matrix::Matrix;
use crate::service::roles::RoleRow;
use crate::tui::command::{Id, Spec};
use crate::tui::effect::{Effect, Effects};
use crate::tui::event::{Code, Happening, Key};
use crate::tui::job::{Ended, Reply, Slot};
use crate::tui::moves;
use crate::tui::overlay::{Answer, Given, Review};
use crate::tui::route::Route;
use crate::tui::screen::{Context, Screen};
use crate::tui::toast::Toast;
use crate::tui::widget::{Canvas, Form, FormStep};
use crate::tui::words::{count, sentence};

const REVIEW: &str = "new-role.review";

/// The two steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Details,
    Permissions,
}

/// The screen.
pub struct NewRoleScreen {
    clone_of: Option<String>,
    step: Step,
    form: Form,
    ready: bool,
    trouble: Option<String>,
    permissions: Permissions,
    loading: Slot<Result<Roles, ServiceError>>,
    sketching: Slot<Result<Matrix, ServiceError>>,
    previewing: Slot<(Draft, Result<Impact, ServiceError>)>,
    saving: Slot<Result<Saved, ServiceError>>,
}

impl NewRoleScreen {
    /// The effect that shows the screen: for a role from nothing, or for a clone of one.
    pub(super) fn show(clone_of: Option<String>) -> Effects {
        Effects::of(Effect::Show(Box::new(Self {
            clone_of,
            step: Step::Details,
            form: Form::default(),
            ready: false,
            trouble: None,
            permissions: Permissions::default(),
            loading: Slot::default(),
            sketching: Slot::default(),
            previewing: Slot::default(),
            saving: Slot::default(),
        })))
    }

    /// The role as far as it is filled in.
    fn role(&self) -> NewRole {
        NewRole {
            name: self.form.text(edit::NAME).trim().to_owned(),
            manager: self.form.text(edit::MANAGER).to_owned(),
            role_type: RoleType::from_text(self.form.text(edit::TYPE)).unwrap_or(RoleType::User),
            description: self.form.text(edit::DESCRIPTION).to_owned(),
            icon: self.form.text(edit::ICON).to_owned(),
            clone_of: self.clone_of.clone(),
            cells: self.permissions.cells(),
            may_assign: self.form.chosen(edit::MAY_ASSIGN),
        }
    }

    fn load(&mut self, cx: &Context<'_>) -> Effects {
        let Some(session) = cx.session.cloned() else { return Effects::none() };
        let gone = "You may no longer manage roles: this can't be saved.";
        self.trouble = (!cx.viewer.may("roles.manage")).then(|| gone.to_owned());
        let listed = Effects::run(self.loading.start(move |_| Roles::load(&session)));
        if self.ready { listed.then(self.sketch(cx)) } else { listed }
    }

    /// The permissions anew: the type or the rules are others.
    fn sketch(&mut self, cx: &Context<'_>) -> Effects {
        let Some(session) = cx.session.cloned() else { return Effects::none() };
        let role = NewRole { cells: Vec::new(), ..self.role() };
        Effects::run(self.sketching.start(move |_| session.sketched_matrix(&role)))
    }

    fn loaded(&mut self, outcome: Ended<Result<Roles, ServiceError>>) {
        let roles = match outcome {
            Ended::With(Ok(roles)) => roles,
            Ended::With(Err(why)) => {
                self.trouble = Some(sentence(&why.to_string()));
                return;
            }
            Ended::Broken => return,
        };
        let original = self.clone_of.as_ref().and_then(|name| roles.rows.iter().find(|row| row.name == *name));
        let fields = roles.fields(&start(original), false);
        if self.ready {
            self.form.renew(fields);
        } else {
            self.form = Form::dense(fields);
        }
        self.ready = true;
    }

    /// Is what was filled in on its way?
    fn is_busy(&self) -> bool {
        self.saving.is_waiting() || self.previewing.is_waiting()
    }

    fn key(&mut self, key: Key, cx: &Context<'_>) -> Effects {
        if self.is_busy() {
            // What is typed now would be in no review and in no save. Esc goes back to the fields.
            if key.code == Code::Esc {
                self.previewing.cancel();
            }
            return Effects::none();
        }
        if key == Key::ctrl('s') {
            return self.save(cx);
        }
        match self.form.key(key) {
            FormStep::Submit => self.on(cx),
            FormStep::Cancel => Effects::of(Effect::Back),
            FormStep::Unused if key.code == Code::Char('n') && key.ctrl => self.on(cx),
            FormStep::Stayed | FormStep::Unused => Effects::none(),
        }
    }

    /// On to the permissions.
    fn on(&mut self, cx: &Context<'_>) -> Effects {
        self.step = Step::Permissions;
        self.sketch(cx)
    }

    fn command(&mut self, id: Id, cx: &Context<'_>) -> Effects {
        if self.is_busy() {
            if id == can::DETAILS {
                self.previewing.cancel();
            }
            return Effects::none();
        }
        match id {
            can::SAVE => self.save(cx),
            can::DETAILS => {
                self.step = Step::Details;
                Effects::none()
            }
            _ => self.permissions.command(id, view::rows(cx.body.height)),
        }
    }

    fn save(&mut self, cx: &Context<'_>) -> Effects {
        if !self.ready || self.trouble.is_some() || self.is_busy() {
            return Effects::none();
        }
        self.form.forgive();
        let faults = edit::faults(&self.form);
        if !faults.is_empty() {
            self.step = Step::Details;
            for (key, fault) in faults {
                self.form.complain(&key, fault);
            }
            return Effects::none();
        }
        let Some(session) = cx.session.cloned() else { return Effects::none() };
        let draft = Draft::NewRole(self.role());
        Effects::run(self.previewing.start(move |_| {
            let impact = session.preview(&draft);
            (draft, impact)
        }))
    }

    fn really(&mut self, draft: Draft, cx: &Context<'_>) -> Effects {
        let Some(session) = cx.session.cloned() else { return Effects::none() };
        Effects::run(self.saving.start(move |_| session.save(&draft)))
    }

    fn replied(&mut self, reply: &mut Reply, cx: &Context<'_>) -> Effects {
        if let Some(outcome) = self.loading.take(reply) {
            let first = !self.ready;
            self.loaded(outcome);
            return if first && self.ready { self.sketch(cx) } else { Effects::none() };
        }
        if let Some(outcome) = self.sketching.take(reply) {
            match outcome {
                Ended::With(Ok(matrix)) => {
                    let first = self.permissions.board.is_none();
                    self.permissions.renew(matrix, view::rows(cx.body.height));
                    if first && self.clone_of.is_none() {
                        self.permissions.begin();
                    }
                }
                Ended::With(Err(why)) => return Effects::toast(Toast::bad(sentence(&why.to_string()))),
                Ended::Broken => {}
            }
        } else if let Some(outcome) = self.previewing.take(reply) {
            return match outcome {
                Ended::With((draft, Ok(impact))) if impact.is_nothing() => self.really(draft, cx),
                Ended::With((draft, Ok(impact))) => {
                    Effects::ask(Review::new(REVIEW, "New role", &impact, "save").where_y_sets(), draft)
                }
                Ended::With((_, Err(why))) => self.refused(&why, cx),
                Ended::Broken => Effects::toast(Toast::bad("That broke off. Try again.")),
            };
        } else if let Some(outcome) = self.saving.take(reply) {
            return match outcome {
                Ended::With(Ok(saved)) => self.done(&saved),
                Ended::With(Err(why)) => self.refused(&why, cx),
                Ended::Broken => Effects::toast(Toast::bad("That broke off. Try again.")),
            };
        }
        Effects::none()
    }

    /// A refusal stands at its field, if it is about one, or leads to the permission that it names;
    /// what is filled in stays.
    fn refused(&mut self, why: &ServiceError, cx: &Context<'_>) -> Effects {
        let text = why.to_string();
        if text.contains("which you don't hold") && self.permissions.go_to(&text, view::rows(cx.body.height)) {
            self.step = Step::Permissions;
            return Effects::toast(Toast::bad(sentence(&text)));
        }
        match edit::field_of(&text).filter(|key| self.form.field(key).is_some()) {
            Some(key) => {
                self.step = Step::Details;
                self.form.complain(&key, sentence(&text));
                Effects::none()
            }
            None => Effects::toast(Toast::bad(sentence(&text))),
        }
    }

    fn done(&mut self, saved: &Saved) -> Effects {
        let name = self.role().name;
        self.form.settle();
        self.permissions.settle();
        let told = format!("The role “{name}” is made. Users can be put into it now.");
        Effects::of(Effect::Go(Route::Roles { name: Some(name) })).and(Effect::Toast(Toast::saved(&told, saved)))
    }
}

/// What a new role's details begin with.
fn start(original: Option<&RoleRow>) -> RoleRow {
    let blank = RoleRow {
        name: String::new(),
        role_type: RoleType::User,
        manager: None,
        description: String::new(),
        icon: String::new(),
        locked: false,
        shipped: false,
        members: Vec::new(),
        people: 0,
        may_assign: Vec::new(),
    };
    match original {
        None => blank,
        Some(row) => RoleRow {
            name: format!("{} copy", row.name),
            role_type: if row.role_type == RoleType::AccountOwner { RoleType::Administrator } else { row.role_type },
            manager: row.manager.clone().or_else(|| Some(row.name.clone())),
            description: row.description.clone(),
            icon: row.icon.clone(),
            ..blank
        },
    }
}

impl Screen for NewRoleScreen {
    fn crumbs(&self) -> Vec<String> {
        let what = self.clone_of.as_ref().map_or("New role".to_owned(), |name| format!("Clone of {name}"));
        vec!["Roles".to_owned(), what]
    }

    fn tab(&self) -> Option<String> {
        Some("Roles".to_owned())
    }

    fn commands(&self) -> Vec<&'static [Spec]> {
        match self.step {
            Step::Details => Vec::new(),
            Step::Permissions => vec![COMMANDS, moves::LIST],
        }
    }

    fn is_opening(&self) -> bool {
        !self.ready && self.loading.is_waiting()
    }

    fn takes_text(&self) -> bool {
        self.step == Step::Details
    }

    /// While its own question is on the way, it takes no keys.
    fn is_typed_in(&self) -> bool {
        false
    }

    fn text_hints(&self) -> Vec<(&'static str, &'static str)> {
        let mut hints = self.form.hints("save", "back");
        if !self.form.is_choosing() {
            hints.insert(1, ("Ctrl-N", "step 2"));
        }
        hints
    }

    fn unsaved(&self) -> Option<String> {
        if self.saving.is_waiting() {
            return Some("The new role is being saved; if that is refused, it has to be typed again.".to_owned());
        }
        let changed = self.form.is_changed() || self.permissions.is_changed();
        changed.then(|| "The new role is not saved.".to_owned())
    }

    fn is_saving(&self) -> bool {
        self.saving.is_waiting()
    }

    fn part(&mut self) {
        self.loading.cancel();
        self.form.fields.clear();
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
            Happening::Key(key) if self.step == Step::Details => return self.key(key, cx),
            Happening::Paste(text) if self.step == Step::Details && !self.is_busy() => self.form.paste(&text),
            Happening::Answer(answer) if answer.tag == REVIEW && answer.value == Given::Yes => {
                return answer.about::<Draft>().cloned().map(|draft| self.really(draft, cx)).unwrap_or_default();
            }
            Happening::Answer(Answer { tag: permissions::CHOOSE, value: Given::Chosen(keys), .. }) => {
                return self.permissions.chosen(&keys);
            }
            Happening::Refresh => return self.load(cx),
            Happening::Tick => self.permissions.settle_cursor(view::rows(cx.body.height)),
            Happening::Key(_) | Happening::Paste(_) | Happening::Answer(_) => {}
        }
        Effects::none()
    }

    fn status(&self) -> String {
        if self.is_busy() {
            return "One moment…".to_owned();
        }
        match self.permissions.staged() {
            0 => match self.permissions.withheld().as_slice() {
                [] => "Nothing applies before it is saved".to_owned(),
                names => format!("{}: No to begin with, since you don't hold it", names.join(", ")),
            },
            some => {
                format!("{} set; nothing applies before it is saved", count(some as u64, "permission", "permissions"))
            }
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        view::draw(self, canvas, area);
    }
}
