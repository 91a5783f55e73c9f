//! What the Field Editor knows, and how that changes.

use ratatui::layout::Rect;

use super::commands as can;
use super::edit::{EditField, EditSection, NewField, NewSection};
use super::options::OptionsScreen;
use super::permits::PermitsScreen;
use crate::model::Kind;
use crate::service::ServiceError;
use crate::service::draft::Draft;
use crate::service::edit_fields::{FieldEdit, FieldsChange};
use crate::service::edit_roles::Cell;
use crate::service::fields::{FieldEditor, FieldEntry, FieldUse};
use crate::service::why::Question;
use crate::tui::command::{Id, Spec};
use crate::tui::editor::Editor;
use crate::tui::effect::{Effect, Effects};
use crate::tui::event::Happening;
use crate::tui::job::{Ended, Reply, Slot};
use crate::tui::moves;
use crate::tui::proposal::{Proposal, Proposing};
use crate::tui::screen::{Context, Screen};
use crate::tui::toast::Toast;
use crate::tui::widget::{Canvas, Cursor};
use crate::tui::words::{count, sentence};

/// A line of the list: a section, or a field in it, by their places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Line {
    /// A section's heading.
    Section(usize),
    /// A field of a section.
    Field(usize, usize),
}

/// A field that is to be deleted, and what holds a value in it.
#[derive(Debug)]
struct Counted {
    object: String,
    /// What the object's records are called.
    records: String,
    field: String,
    held: Result<FieldUse, ServiceError>,
}

/// The screen.
#[derive(Debug, Default)]
pub struct Fields {
    /// The objects that the viewer may open: key and name.
    pub(super) objects: Vec<(String, String)>,
    /// The one that is shown.
    pub(super) object: Option<String>,
    pub(super) editor: Option<FieldEditor>,
    pub(super) trouble: Option<String>,
    /// The viewer's role, of which it is asked why.
    my_role: Option<String>,
    pub(super) lines: Vec<Line>,
    pub(super) cursor: Cursor,
    proposing: Proposing,
    loading: Slot<Result<FieldEditor, ServiceError>>,
    counting: Slot<Counted>,
}

impl Fields {
    /// The screen, at an object if one is named.
    #[must_use]
    pub fn new(object: Option<&str>) -> Self {
        Self { object: object.map(str::to_owned), ..Self::default() }
    }

    /// The rows at the head of the body that aren't the list's.
    pub(super) const HEAD: u16 = 2;

    fn rows(cx: &Context<'_>) -> u16 {
        cx.body.height.saturating_sub(Self::HEAD)
    }

    fn load(&mut self, cx: &Context<'_>) -> Effects {
        self.objects = cx.viewer.objects.iter().map(|object| (object.key.clone(), object.label.clone())).collect();
        self.my_role = cx.viewer.me.as_ref().map(|me| me.role.clone());
        let is_there = |key: &String| self.objects.iter().any(|(known, _)| known == key);
        let object = self.object.clone().filter(is_there).or_else(|| self.objects.first().map(|(key, _)| key.clone()));
        let (Some(session), Some(object)) = (cx.session.cloned(), object) else {
            self.trouble = Some("There is no list here whose fields you may see.".to_owned());
            return Effects::none();
        };
        self.object = Some(object.clone());
        Effects::run(self.loading.start(move |_| session.field_editor(&object)))
    }

    fn loaded(&mut self, outcome: Ended<Result<FieldEditor, ServiceError>>, cx: &Context<'_>) {
        match outcome {
            Ended::With(Ok(editor)) => {
                let here = self.here().map(str::to_owned);
                self.lines.clear();
                for (place, section) in editor.sections.iter().enumerate() {
                    self.lines.push(Line::Section(place));
                    self.lines.extend((0..section.fields.len()).map(|field| Line::Field(place, field)));
                }
                self.editor = Some(editor);
                self.trouble = None;
                let kept = here.and_then(|name| self.lines.iter().position(|line| self.name(*line) == Some(&name)));
                self.cursor.at = kept.unwrap_or(self.cursor.at);
                self.cursor.settle(self.lines.len(), Self::rows(cx));
            }
            Ended::With(Err(why)) => {
                (self.editor, self.trouble) = (None, Some(sentence(&why.to_string())));
                self.lines.clear();
            }
            Ended::Broken => self.trouble = Some("The fields could not be shown.".to_owned()),
        }
    }

    /// What the object that is shown is called.
    fn label(&self) -> Option<String> {
        self.objects.iter().find(|(key, _)| Some(key) == self.object.as_ref()).map(|(_, label)| label.clone())
    }

    fn line(&self) -> Option<Line> {
        self.lines.get(self.cursor.at).copied()
    }

    fn name(&self, line: Line) -> Option<&str> {
        let sections = &self.editor.as_ref()?.sections;
        match line {
            Line::Section(place) => sections.get(place).map(|section| section.name.as_str()),
            Line::Field(place, field) => {
                sections.get(place).and_then(|section| section.fields.get(field)).map(|field| field.name.as_str())
            }
        }
    }

    fn here(&self) -> Option<&str> {
        self.line().and_then(|line| self.name(line))
    }

    fn section(&self) -> Option<String> {
        let (Line::Section(place) | Line::Field(place, _)) = self.line()?;
        self.name(Line::Section(place)).map(str::to_owned)
    }

    fn field(&self) -> Option<&FieldEntry> {
        let Some(Line::Field(place, field)) = self.line() else { return None };
        self.editor.as_ref()?.sections.get(place)?.fields.get(field)
    }

    fn go(&mut self, on: bool, cx: &Context<'_>) -> Effects {
        let at = self.objects.iter().position(|(key, _)| Some(key) == self.object.as_ref()).unwrap_or(0);
        let to = if on { at + 1 } else { at.saturating_sub(1) };
        let Some((key, _)) = self.objects.get(to) else { return Effects::none() };
        if Some(key) == self.object.as_ref() {
            return Effects::none();
        }
        self.object = Some(key.clone());
        self.cursor = Cursor::default();
        // The lines are those of the object before: no key may act on them in this one.
        (self.editor, self.trouble) = (None, None);
        self.lines.clear();
        self.load(cx)
    }

    fn command(&mut self, id: Id, cx: &Context<'_>) -> Effects {
        if self.cursor.moved(id, self.lines.len(), Self::rows(cx)) {
            return Effects::none();
        }
        match id {
            can::BACK => return Effects::of(Effect::Back),
            can::NEXT => return self.go(true, cx),
            can::BEFORE => return self.go(false, cx),
            _ => {}
        }
        let (Some(object), Some(section)) = (self.object.clone(), self.section()) else {
            return match (id, self.object.clone()) {
                (can::NEW_SECTION, Some(object)) => Editor::show(NewSection::new(object)),
                _ => Effects::none(),
            };
        };
        let field = self.field().map(|field| field.name.clone());
        if id == can::DELETE {
            // What was to be deleted before this is no longer waited for.
            self.counting.cancel();
            self.proposing.drop_it();
        }
        match (id, field) {
            (can::PERMISSIONS, _) => PermitsScreen::show(object, section),
            (can::NEW, _) => Editor::show(NewField::new(object, section)),
            (can::NEW_SECTION, _) => Editor::show(NewSection::new(object)),
            (can::EDIT, Some(field)) => Editor::show(EditField::new(object, field)),
            (can::EDIT, None) => Editor::show(EditSection::new(object, section)),
            (can::OPTIONS, Some(field)) => OptionsScreen::show(object, field),
            (can::DELETE, Some(field)) => self.count(object, field, cx),
            (can::DELETE, None) => self.delete_section(object, section, cx),
            _ => Effects::none(),
        }
    }

    /// How many records hold something of the field, before it is asked whether it goes.
    fn count(&mut self, object: String, field: String, cx: &Context<'_>) -> Effects {
        let (Some(session), Some(editor)) = (cx.session.cloned(), &self.editor) else { return Effects::none() };
        let records = editor.label.to_lowercase();
        Effects::run(self.counting.start(move |cancel| {
            let held = session.field_use(&object, &field, cancel.flag());
            Counted { object, records, field, held }
        }))
    }

    fn counted(&mut self, outcome: Ended<Counted>, cx: &Context<'_>) -> Effects {
        let Ended::With(Counted { object, records, field, held }) = outcome else {
            return Effects::toast(Toast::bad("That broke off. Try again."));
        };
        let held = match held {
            Ok(held) => held.holding,
            Err(why) => return Effects::toast(Toast::bad(sentence(&why.to_string()))),
        };
        let says = match held {
            0 => format!("The field “{field}” is deleted. None of the {records} that you may see hold a value in it."),
            held => format!(
                "The field “{field}” is deleted. {} that you may see hold a value in it, which nobody will see any \
                 more. Undo brings field and values back.",
                count(held, &format!("of the {records}"), &format!("of the {records}"))
            ),
        };
        let change = FieldsChange { object, edit: FieldEdit::DeleteField { field: field.clone() } };
        let proposal = Proposal {
            draft: Draft::Fields(change),
            title: format!("Delete the field “{field}” of the {records}?"),
            says,
            verb: format!("delete “{field}”"),
            done: format!("The field “{field}” is deleted."),
        };
        self.proposing.put(proposal, cx)
    }

    fn delete_section(&mut self, object: String, section: String, cx: &Context<'_>) -> Effects {
        let Some(records) = self.editor.as_ref().map(|editor| editor.label.to_lowercase()) else {
            return Effects::none();
        };
        let edit = FieldEdit::DeleteSection { section: section.clone() };
        let proposal = Proposal {
            draft: Draft::Fields(FieldsChange { object, edit }),
            title: format!("Delete the section “{section}” of the {records}?"),
            says: format!("The section “{section}” is deleted, with what roles may do with it. It holds no field."),
            verb: format!("delete “{section}”"),
            done: format!("The section “{section}” is deleted."),
        };
        self.proposing.put(proposal, cx)
    }

    fn replied(&mut self, reply: &mut Reply, cx: &Context<'_>) -> Effects {
        if let Some(outcome) = self.loading.take(reply) {
            self.loaded(outcome, cx);
        } else if let Some(outcome) = self.counting.take(reply) {
            return self.counted(outcome, cx);
        } else if let Some(effects) = self.proposing.reply(reply) {
            return effects.then(self.load(cx));
        }
        Effects::none()
    }
}

impl Screen for Fields {
    fn crumbs(&self) -> Vec<String> {
        self.label().into_iter().chain(["Settings".to_owned(), "Field Editor".to_owned()]).collect()
    }

    fn tab(&self) -> Option<String> {
        self.label()
    }

    fn commands(&self) -> Vec<&'static [Spec]> {
        let mut sets = Vec::new();
        if let Some(editor) = &self.editor {
            let field = self.field();
            if !self.lines.is_empty() {
                sets.push(can::PERMIT);
            }
            if editor.may_settings || (field.is_some() && editor.may_manage) {
                sets.push(can::CHANGE);
            }
            if field.is_some_and(|field| field.may_edit_options) {
                sets.push(can::CHOICES);
            }
            if editor.may_settings {
                sets.push(can::MAKE);
            }
        }
        sets.extend([can::COMMANDS, moves::LIST]);
        sets
    }

    fn blocked(&self, id: Id) -> Option<String> {
        match id {
            can::DELETE if self.field().is_some_and(|field| field.names_records) => {
                Some("This field names the records; it can't be deleted.".to_owned())
            }
            can::NEW | can::EDIT | can::DELETE | can::PERMISSIONS if self.lines.is_empty() => {
                Some("There is no section yet; N makes one.".to_owned())
            }
            _ => None,
        }
    }

    fn why(&self) -> Option<Question> {
        let cell = Cell::Section(self.object.clone()?, self.section()?);
        Some(Question::Cell { role: self.my_role.clone()?, cell })
    }

    fn is_saving(&self) -> bool {
        self.proposing.is_saving()
    }

    fn give_up(&mut self) -> bool {
        self.counting.give_up() || self.proposing.give_up()
    }

    fn start(&mut self, cx: &Context<'_>) -> Effects {
        self.load(cx)
    }

    fn reply(&mut self, reply: &mut Reply, cx: &Context<'_>) -> Effects {
        self.replied(reply, cx)
    }

    fn update(&mut self, happening: Happening, cx: &Context<'_>) -> Effects {
        match happening {
            Happening::Command(invocation) => self.command(invocation.id, cx),
            Happening::Answer(answer) => self.proposing.answer(&answer, cx).unwrap_or_default(),
            Happening::Refresh => self.load(cx),
            Happening::Tick => {
                self.cursor.settle(self.lines.len(), Self::rows(cx));
                Effects::none()
            }
            Happening::Key(_) | Happening::Paste(_) => Effects::none(),
        }
    }

    fn status(&self) -> String {
        if self.counting.is_waiting() {
            return "Counting what holds a value…".to_owned();
        }
        let Some(editor) = &self.editor else { return String::new() };
        let fields: usize = editor.sections.iter().map(|section| section.fields.len()).sum();
        let sections = count(editor.sections.len() as u64, "section", "sections");
        format!("{sections}, {}", count(fields as u64, "field", "fields"))
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        super::view::draw(self, canvas, area);
    }
}

/// What a kind is called.
pub(super) fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "text",
        Kind::Number => "number",
        Kind::Money => "money",
        Kind::Date => "date",
        Kind::YesNo => "yes/no",
        Kind::Email => "email",
        Kind::Phone => "phone",
        Kind::Dropdown => "dropdown",
    }
}
