//! The options of a dropdown (004-22, 002-14): added, renamed, removed, put in order, and saved as a
//! whole. It says how many records hold an option before that goes.

use ratatui::layout::Rect;

use crate::service::ServiceError;
use crate::service::draft::Draft;
use crate::service::edit_fields::{FieldEdit, FieldsChange, OptionEdit, OptionsEdit};
use crate::service::fields::FieldUse;
use crate::tui::command::{Danger, Group, Id, Spec};
use crate::tui::effect::{Effect, Effects};
use crate::tui::event::{Code, Happening, Key};
use crate::tui::job::{Ended, Reply, Slot};
use crate::tui::moves;
use crate::tui::overlay::{Fill, Given};
use crate::tui::proposal::{Proposal, Proposing};
use crate::tui::screen::{Context, Screen};
use crate::tui::theme::Tone;
use crate::tui::toast::Toast;
use crate::tui::widget::{Canvas, Cursor, Field, Form};
use crate::tui::words::{number, sentence};

const SAVE: Id = Id("options.save");
const ADD: Id = Id("options.add");
const RENAME: Id = Id("options.rename");
const REMOVE: Id = Id("options.remove");
const UP: Id = Id("options.up");
const DOWN: Id = Id("options.down");
const BACK: Id = Id("options.back");

const ADDING: &str = "options.adding";
const RENAMING: &str = "options.renaming";
const LABEL: &str = "label";
const COUNTING: &str = "The options, and what holds them, are still being looked up.";

const fn edit(id: Id, title: &'static str, short: &'static str, doc: &'static str, keys: &'static [Key]) -> Spec {
    Spec::new(id.0, title, short, doc).keys(keys)
}

/// What can be done with options.
pub const COMMANDS: &[Spec] = &[
    edit(SAVE, "Save the options", "save", "All of them, as they stand here.", &[Key::ctrl('s')])
        .danger(Danger::Changes),
    edit(ADD, "Add an option", "add", "A new option below this one.", &[Key::char('n')]),
    edit(
        RENAME,
        "Rename the option",
        "rename",
        "Records that hold it hold it under the new name.",
        &[Key::char('e'), Key::plain(Code::Enter)],
    ),
    edit(
        REMOVE,
        "Remove the option",
        "remove",
        "Records that hold it will show nothing there; again to keep it.",
        &[Key::char('D'), Key::plain(Code::Delete)],
    )
    .danger(Danger::Destroys),
    edit(UP, "Move up", "", "One place up.", &[Key::char('K')]),
    edit(DOWN, "Move down", "", "One place down.", &[Key::char('J')]),
    Spec::new(BACK.0, "Back", "back", "One step back.").keys(&[Key::plain(Code::Esc)]).group(Group::Move),
];

/// One option as it is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Row {
    was: Option<String>,
    label: String,
    removed: bool,
}

/// The screen.
#[derive(Debug)]
pub struct OptionsScreen {
    object: String,
    field: String,
    rows: Vec<Row>,
    /// What is stored, and how many records hold each.
    stored: Option<FieldUse>,
    trouble: Option<String>,
    cursor: Cursor,
    /// Something changed while it was counted: it is counted again when that is done.
    stale: bool,
    /// The rules under which it was counted last.
    rules: u64,
    proposing: Proposing,
    loading: Slot<Result<FieldUse, ServiceError>>,
}

const HEAD: u16 = 2;

impl OptionsScreen {
    /// The effect that shows it.
    pub(super) fn show(object: String, field: String) -> Effects {
        Effects::of(Effect::Show(Box::new(Self::new(object, field))))
    }

    fn new(object: String, field: String) -> Self {
        Self {
            object,
            field,
            rows: Vec::new(),
            stored: None,
            trouble: None,
            cursor: Cursor::default(),
            stale: false,
            rules: 0,
            proposing: Proposing::default(),
            loading: Slot::default(),
        }
    }

    fn load(&mut self, cx: &Context<'_>) -> Effects {
        let Some(session) = cx.session.cloned() else { return Effects::none() };
        (self.stale, self.rules) = (false, session.rules());
        let (object, field) = (self.object.clone(), self.field.clone());
        Effects::run(self.loading.start(move |cancel| {
            let editor = session.field_editor(&object)?;
            let mut fields = editor.sections.iter().flat_map(|section| &section.fields);
            if !fields.any(|entry| entry.name == field && entry.may_edit_options) {
                return Err(ServiceError::Denied(format!("the options of “{field}” can't be edited here any more")));
            }
            session.field_use(&object, &field, cancel.flag())
        }))
    }

    fn loaded(&mut self, outcome: Ended<Result<FieldUse, ServiceError>>, cx: &Context<'_>) {
        match outcome {
            Ended::With(Ok(held)) => {
                let labels = |held: &FieldUse| held.options.iter().map(|(label, _)| label.clone()).collect::<Vec<_>>();
                let same = self.stored.as_ref().is_some_and(|stored| labels(stored) == labels(&held));
                let kept = self.rows.iter().filter(|row| !row.removed).map(|row| row.label.clone());
                // What is stored is what stands here: it was saved.
                let saved = kept.eq(labels(&held));
                if saved || (!same && !self.is_changed()) {
                    self.rows = labels(&held).into_iter().map(Row::stored).collect();
                } else if !same {
                    // Somebody else's options come in; what is gone meanwhile goes here, too.
                    let now = labels(&held);
                    self.rows.retain(|row| row.was.as_ref().is_none_or(|was| now.contains(was)));
                    let known: Vec<String> = self.rows.iter().filter_map(|row| row.was.clone()).collect();
                    self.rows.extend(now.into_iter().filter(|label| !known.contains(label)).map(Row::stored));
                }
                (self.stored, self.trouble) = (Some(held), None);
                self.cursor.settle(self.rows.len(), Self::in_view(cx));
            }
            Ended::With(Err(why)) => self.trouble = Some(sentence(&why.to_string())),
            Ended::Broken => self.trouble = Some("The options could not be shown.".to_owned()),
        }
    }

    fn in_view(cx: &Context<'_>) -> u16 {
        cx.body.height.saturating_sub(HEAD)
    }

    fn is_changed(&self) -> bool {
        let Some(stored) = &self.stored else { return false };
        let as_stored = stored.options.iter().map(|(label, _)| Row::stored(label.clone()));
        !self.rows.iter().cloned().eq(as_stored)
    }

    fn held(&self, row: &Row) -> u64 {
        let options = self.stored.iter().flat_map(|stored| &stored.options);
        options.filter(|(label, _)| Some(label) == row.was.as_ref()).map(|(_, held)| *held).sum()
    }

    /// Asks for a name: of a new option, or of one that is there.
    fn ask(tag: &'static str, title: &str, row: Option<Row>) -> Effects {
        let label = row.as_ref().map(|row| row.label.as_str()).unwrap_or_default();
        let form = Form::new(vec![Field::line(LABEL, "Option").filled(label)]);
        Effects::ask(Fill::new(tag, title, "", form), row)
    }

    fn answered(&mut self, renamed: Option<&Row>, label: &str, cx: &Context<'_>) -> Effects {
        let label = label.trim().to_owned();
        if label.is_empty() {
            return Effects::of(Effect::Complain(vec![(LABEL.into(), "An option needs a name.".to_owned())]));
        }
        let folded = crate::model::text::fold(&label);
        let here = match renamed.map(|row| self.rows.iter().position(|other| other == row)) {
            Some(None) => {
                let toast = Toast::warn("That option is not there any more; nothing was renamed.");
                return Effects::of(Effect::Close).and(Effect::Toast(toast));
            }
            Some(here) => here,
            None => None,
        };
        let taken = self
            .rows
            .iter()
            .enumerate()
            .any(|(at, row)| Some(at) != here && !row.removed && crate::model::text::fold(&row.label) == folded);
        if taken {
            return Effects::of(Effect::Complain(vec![(LABEL.into(), format!("“{label}” is there already."))]));
        }
        match here {
            Some(at) => {
                if let Some(row) = self.rows.get_mut(at) {
                    row.label = label;
                }
            }
            None => {
                let at = (self.cursor.at + 1).min(self.rows.len());
                self.rows.insert(at, Row { was: None, label, removed: false });
                self.cursor.at = at;
            }
        }
        self.cursor.settle(self.rows.len(), Self::in_view(cx));
        Effects::of(Effect::Close)
    }

    fn carry(&mut self, down: bool, cx: &Context<'_>) {
        let at = self.cursor.at;
        let to = if down { at + 1 } else { at.wrapping_sub(1) };
        if to < self.rows.len() && at < self.rows.len() {
            self.rows.swap(at, to);
            self.cursor.at = to;
            self.cursor.settle(self.rows.len(), Self::in_view(cx));
        }
    }

    fn remove(&mut self) {
        let at = self.cursor.at;
        match self.rows.get_mut(at) {
            Some(row) if row.was.is_none() => _ = self.rows.remove(at),
            Some(row) => row.removed = !row.removed,
            None => {}
        }
        self.cursor.at = self.cursor.at.min(self.rows.len().saturating_sub(1));
    }

    fn save(&mut self, cx: &Context<'_>) -> Effects {
        let kept = self.rows.iter().filter(|row| !row.removed);
        let kept = kept.map(|row| OptionEdit { was: row.was.clone(), label: row.label.clone() }).collect();
        let gone: Vec<&Row> = self.rows.iter().filter(|row| row.removed).collect();
        let removed = gone.iter().filter_map(|row| row.was.clone()).collect();
        let lost = gone.iter().map(|row| match self.held(row) {
            0 => format!("“{}” goes; no record that you may see holds it.", row.label),
            held => format!(
                "“{}” goes; {} that you may see hold it and will show nothing there. Undo brings it back.",
                row.label,
                crate::tui::words::count(held, "record", "records")
            ),
        });
        let says = std::iter::once(format!("The options of “{}” are saved as they stand.", self.field)).chain(lost);
        let edit = FieldEdit::ChangeField {
            field: self.field.clone(),
            name: None,
            section: None,
            options: Some(OptionsEdit { kept, removed }),
        };
        let proposal = Proposal {
            draft: Draft::Fields(FieldsChange { object: self.object.clone(), edit }),
            title: format!("Options of “{}”", self.field),
            says: says.collect::<Vec<_>>().join("\n"),
            verb: "save".to_owned(),
            done: format!("The options of “{}” are saved.", self.field),
        };
        self.proposing.put(proposal, cx)
    }

    fn command(&mut self, id: Id, cx: &Context<'_>) -> Effects {
        match id {
            SAVE => return self.save(cx),
            BACK | moves::BACK => return Effects::of(Effect::Back),
            ADD => return Self::ask(ADDING, "New option", None),
            RENAME => return Self::ask(RENAMING, "Rename the option", self.rows.get(self.cursor.at).cloned()),
            REMOVE => self.remove(),
            UP => self.carry(false, cx),
            DOWN => self.carry(true, cx),
            id => _ = self.cursor.moved(id, self.rows.len(), Self::in_view(cx)),
        }
        Effects::none()
    }

    fn replied(&mut self, reply: &mut Reply, cx: &Context<'_>) -> Effects {
        if let Some(outcome) = self.loading.take(reply) {
            self.loaded(outcome, cx);
            return if self.stale { self.load(cx) } else { Effects::none() };
        } else if let Some(effects) = self.proposing.reply(reply) {
            return effects.then(self.load(cx));
        }
        Effects::none()
    }
}

impl Row {
    fn stored(label: String) -> Self {
        Self { was: Some(label.clone()), label, removed: false }
    }
}

impl Screen for OptionsScreen {
    fn crumbs(&self) -> Vec<String> {
        vec!["Field Editor".to_owned(), self.field.clone(), "Options".to_owned()]
    }

    fn commands(&self) -> Vec<&'static [Spec]> {
        match self.trouble {
            Some(_) => vec![moves::PANES.get(2..).unwrap_or_default()],
            None => vec![COMMANDS, moves::LIST],
        }
    }

    fn blocked(&self, id: Id) -> Option<String> {
        match id {
            // What is typed before they are here would be set against nothing.
            SAVE | ADD | RENAME | REMOVE | UP | DOWN if self.stored.is_none() => Some(COUNTING.to_owned()),
            SAVE if !self.is_changed() => Some("Nothing is changed.".to_owned()),
            RENAME | REMOVE | UP | DOWN if self.rows.is_empty() => Some("There is no option here.".to_owned()),
            RENAME if self.rows.get(self.cursor.at).is_some_and(|row| row.removed) => {
                Some("It is to go; D keeps it.".to_owned())
            }
            _ => None,
        }
    }

    fn unsaved(&self) -> Option<String> {
        self.is_changed().then(|| format!("The options of “{}” are changed and not saved.", self.field))
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
            Happening::Answer(answer) => {
                let (Given::Filled(filled), Some(renamed)) = (&answer.value, answer.about::<Option<Row>>()) else {
                    return self.proposing.answer(&answer, cx).unwrap_or_default();
                };
                let label = filled.iter().find(|(key, _)| key == LABEL).map(|(_, text)| text.as_str());
                return self.answered(renamed.as_ref(), label.unwrap_or_default(), cx);
            }
            // Where records change faster than they are counted, they still get counted.
            Happening::Refresh
                if self.loading.is_waiting() && cx.session.is_some_and(|session| session.rules() == self.rules) =>
            {
                self.stale = true;
            }
            Happening::Refresh => return self.load(cx),
            Happening::Tick => self.cursor.settle(self.rows.len(), Self::in_view(cx)),
            Happening::Key(_) | Happening::Paste(_) => {}
        }
        Effects::none()
    }

    fn status(&self) -> String {
        if self.is_changed() { "Changed, not saved".to_owned() } else { String::new() }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        if let Some(trouble) = &self.trouble {
            canvas.paragraph(area, trouble, Tone::Bad);
            return;
        }
        if self.stored.is_none() {
            canvas.paragraph(area, COUNTING, Tone::Dim);
            return;
        }
        canvas.text(area.x + 4, area.y, area.width, "Option", Tone::Dim);
        canvas.text_right(area.x, area.y, area.width.saturating_sub(2), "records that you may see", Tone::Dim);
        let body = Rect { y: area.y + HEAD - 1, height: area.height.saturating_sub(HEAD), ..area };
        for (index, y) in (self.cursor.top..self.rows.len()).zip(body.y..body.bottom()) {
            let Some(row) = self.rows.get(index) else { break };
            let here = index == self.cursor.at;
            if here {
                canvas.fill(Rect { y, height: 1, ..body }, Tone::Selected);
                let mark = canvas.theme().glyph("▌", ">");
                canvas.text(body.x, y, 1, mark, Tone::Selected);
            }
            let tone = |tone: Tone| if here { Tone::Selected } else { tone };
            let (mark, note) = match row {
                Row { removed: true, .. } => ("-", "goes".to_owned()),
                Row { was: None, .. } => ("+", "new".to_owned()),
                Row { was: Some(was), label, .. } if was != label => ("*", format!("was “{was}”")),
                _ => (" ", String::new()),
            };
            canvas.text(body.x + 2, y, 1, mark, tone(Tone::Warn));
            let room = body.width.saturating_sub(20);
            let x =
                canvas.text(body.x + 4, y, room, &row.label, tone(if row.removed { Tone::Off } else { Tone::Text }));
            canvas.text(x + 2, y, room.saturating_sub(x - body.x), &note, tone(Tone::Dim));
            let held = if row.was.is_some() { number(self.held(row)) } else { String::new() };
            canvas.text_right(body.x, y, body.width.saturating_sub(2), &held, tone(Tone::Dim));
        }
        canvas.scrollbar(body, self.rows.len(), self.cursor.top);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::stage::Stage;

    /// What is being counted is not begun anew by each change: it comes, and is counted once more.
    #[test]
    fn what_changes_while_it_is_counted_is_counted_afterwards() {
        let mut screen = OptionsScreen::new("contacts".to_owned(), "Status".to_owned());
        Stage::new().changes_while_it_counts(&mut screen);
        assert!(!screen.rows.is_empty());
    }
}
