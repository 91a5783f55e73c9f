//! The steps of an import, and how one leads to the next.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ratatui::layout::Rect;

use super::report::{Stage, sheet, summary};
use crate::service::ServiceError;
use crate::service::import::{ImportColumns, ImportOptions, ImportProgress, ImportReport};
use crate::service::records::ObjectView;
use crate::service::undo::TakesBack;
use crate::tui::command::{Danger, Id, Spec};
use crate::tui::effect::{Effect, Effects};
use crate::tui::event::{Code, Happening, Key};
use crate::tui::job::{Ended, Reply, Slot};
use crate::tui::moves;
use crate::tui::overlay::{Answer, Choice, Given, PathLine};
use crate::tui::screen::{Context, Screen};
use crate::tui::task::{Progress, Task};
use crate::tui::theme::Tone;
use crate::tui::toast::Toast;
use crate::tui::widget::{Canvas, Field, Form, FormStep, Sheet};
use crate::tui::words::sentence;

const PATH: &str = "import.path";
const STRICT: &str = "strict";
const UPDATE: &str = "update";
/// How often progress is drawn.
const LOOK: Duration = Duration::from_millis(200);

/// Another file.
pub const FILE: Id = Id("import.file");
/// Do it.
pub const GO: Id = Id("import.go");
/// Back to the columns.
pub const COLUMNS: Id = Id("import.columns");

/// What an import can do.
pub const COMMANDS: &[Spec] = &[
    Spec::new(GO.0, "Import", "import", "Brings in the rows that can be taken, as one change.")
        .keys(&[Key::plain(Code::Enter), Key::ctrl('s')])
        .danger(Danger::Changes),
    Spec::new(COLUMNS.0, "Back to the columns", "columns", "Which column means what, and how bad rows are taken.")
        .keys(&[Key::char('e')]),
    Spec::new(FILE.0, "Another file", "file", "Names the file that rows come from.").keys(&[Key::char('i')]),
];

/// Where the import stands.
#[derive(Debug)]
enum Step {
    /// No file yet.
    File,
    /// Which column means what.
    Columns,
    /// What would come of it.
    Checked,
    /// Under way, beside the console.
    Running,
    /// What came of it.
    Done,
}

/// A file, and what its columns are.
type Looked = (String, Result<ImportColumns, ServiceError>);
type Outcome = Result<(ImportReport, TakesBack), String>;

/// The screen.
#[derive(Debug)]
pub struct Import {
    object: ObjectView,
    path: String,
    step: Step,
    form: Form,
    columns: Vec<String>,
    options: ImportOptions,
    report: Option<ImportReport>,
    sheet: Sheet,
    trouble: Option<String>,
    progress: Progress,
    /// Set by the import itself, wherever the person is meanwhile.
    ended: Arc<Mutex<Option<Outcome>>>,
    looking: Slot<Looked>,
    checking: Slot<Result<ImportReport, ServiceError>>,
    look_at: Option<Duration>,
}

impl Import {
    /// An import of records of this object.
    #[must_use]
    pub fn new(object: ObjectView) -> Self {
        Self {
            object,
            path: String::new(),
            step: Step::File,
            form: Form::default(),
            columns: Vec::new(),
            options: ImportOptions::default(),
            report: None,
            sheet: Sheet::default(),
            trouble: None,
            progress: Progress::default(),
            ended: Arc::default(),
            looking: Slot::default(),
            checking: Slot::default(),
            look_at: None,
        }
    }

    /// The file's name without the way to it.
    fn file(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// Asks for the file; again, if something was wrong with the one that was named.
    fn ask_file(&self, wrong: Option<&str>) -> Effects {
        let note = format!("A CSV file with {}. Its first line names the columns.", self.object.label.to_lowercase());
        let line = PathLine::new(PATH, "Import from", &note, &self.path);
        Effects::of(Effect::Open(Box::new(match wrong {
            Some(why) => line.refused(why),
            None => line,
        })))
    }

    fn look(&mut self, path: String, cx: &Context<'_>) -> Effects {
        let Some(session) = cx.session.cloned() else { return Effects::none() };
        self.trouble = None;
        let object = self.object.key.clone();
        Effects::run(self.looking.start(move |_| {
            let columns = session.import_columns(&object, &path);
            (path, columns)
        }))
    }

    /// The columns of a file are known: from here on it is the one that is meant, and not before.
    fn looked(&mut self, outcome: Ended<Looked>) -> Effects {
        let Ended::With((path, found)) = outcome else { return self.ask_anew("the file could not be read") };
        self.path = path;
        let found = match found {
            Ok(found) => found,
            Err(why) => return self.ask_anew(&why.to_string()),
        };
        let targets: Vec<Choice> = found
            .targets
            .iter()
            .map(|(name, about)| Choice::new(name.clone(), name.clone(), about.clone()))
            .chain([Choice::new("", "(leave out)", "")])
            .collect();
        let mut fields: Vec<Field> = Vec::new();
        for (place, (name, means)) in found.columns.iter().enumerate() {
            let label = if name.is_empty() { format!("Column {}", place + 1) } else { name.clone() };
            let field =
                Field::choice(format!("column:{place}"), &label, targets.clone(), means.as_deref().unwrap_or(""))
                    .hint("What this column of the file holds. Space opens the list.");
            fields.push(if place == 0 { field.under("Columns of the file, and what they hold") } else { field });
        }
        fields.push(Field::yes_no(UPDATE, "Change known ones", false).under("How rows are taken").hint(
            "A row whose external_id names a record that you may change changes it; otherwise such a row is left out.",
        ));
        fields.push(
            Field::yes_no(STRICT, "All or nothing", false)
                .hint("One row that can't be taken stops the whole; otherwise such rows are left out, and told."),
        );
        self.columns = found.columns.into_iter().map(|(name, _)| name).collect();
        self.form = Form::dense(fields);
        self.step = Step::Columns;
        Effects::none()
    }

    /// The file can't be used: it is asked for again, with what was typed and what is wrong with it.
    fn ask_anew(&mut self, why: &str) -> Effects {
        self.fail(why);
        self.ask_file(self.trouble.as_deref())
    }

    fn fail(&mut self, why: &str) {
        self.step = Step::File;
        self.trouble = Some(sentence(why));
    }

    /// Looks at every row without bringing any in.
    fn check(&mut self, cx: &Context<'_>) -> Effects {
        let Some(session) = cx.session.cloned() else { return Effects::none() };
        let form = &self.form;
        let map = self
            .columns
            .iter()
            .enumerate()
            .map(|(place, name)| (name.clone(), form.text(&format!("column:{place}")).to_owned()));
        self.options = ImportOptions {
            map: map.collect(),
            strict: form.text(STRICT) == "yes",
            update: form.text(UPDATE) == "yes",
            file: self.file().to_owned(),
            check_only: false,
        };
        let options = ImportOptions { check_only: true, strict: false, ..self.options.clone() };
        let (object, path, progress) = (self.object.key.clone(), self.path.clone(), self.progress.clone());
        self.trouble = None;
        progress.set(0, 0);
        self.look_at = Some(cx.now + LOOK);
        Effects::run(self.checking.start(move |cancel| {
            let mut told = |so_far: ImportProgress| {
                progress.set_share(so_far.rows, so_far.percent());
                progress.set_note(so_far.at_the_end().unwrap_or_default());
            };
            session.import_file(&object, &path, &options, &mut told, cancel.flag())
        }))
    }

    fn checked(&mut self, outcome: Ended<Result<ImportReport, ServiceError>>) {
        self.look_at = None;
        match outcome {
            Ended::With(Ok(report)) => {
                self.sheet.set(sheet(
                    self.file(),
                    &self.object,
                    &report,
                    Stage::Before { strict: self.options.strict },
                ));
                self.report = Some(report);
                self.step = Step::Checked;
            }
            Ended::With(Err(ServiceError::Cancelled)) => {}
            // The columns stay as they are, to be put right.
            Ended::With(Err(why)) => self.trouble = Some(sentence(&why.to_string())),
            Ended::Broken => self.trouble = Some("The file could not be read.".to_owned()),
        }
    }

    fn go(&mut self, cx: &Context<'_>) -> Effects {
        let Some(session) = cx.session.cloned() else { return Effects::none() };
        let (object, path, options) = (self.object.key.clone(), self.path.clone(), self.options.clone());
        let file = self.file().to_owned();
        self.step = Step::Running;
        let ended = Arc::new(Mutex::new(None));
        self.ended = Arc::clone(&ended);
        let task = Task::new(format!("Importing {file}"), move |progress, cancel| {
            let mut told = |so_far: ImportProgress| {
                progress.set_share(so_far.rows, so_far.percent());
                progress.set_note(so_far.at_the_end().unwrap_or_default());
            };
            let came = session.import_file(&object, &path, &options, &mut told, cancel.flag());
            let (outcome, toast) = match came {
                Ok(report) => {
                    let words = format!("{file}: {}.", summary(&report));
                    let records = report.created + report.updated;
                    let takes_back = session.takes_back_records(report.mark, records);
                    let toast = if report.left_out.is_empty() { Toast::good(words) } else { Toast::warn(words) };
                    (Ok((report, takes_back)), toast.undone_by(takes_back))
                }
                Err(ServiceError::Cancelled) => {
                    let words = format!("The import of {file} was called off; nothing of it stays.");
                    (Err(words.clone()), Toast::warn(words))
                }
                Err(why) => {
                    let words = format!("nothing was imported. {}", sentence(&why.to_string()));
                    (Err(words.clone()), Toast::bad(format!("{file}: {words}")))
                }
            };
            *ended.lock().unwrap_or_else(PoisonError::into_inner) = Some(outcome);
            toast
        });
        Effects::of(Effect::Begin(task))
    }

    /// Takes in what the import came to, if it has ended.
    fn take_end(&mut self) {
        let ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner).take();
        match ended {
            Some(Ok((report, takes_back))) => {
                self.sheet.set(sheet(self.file(), &self.object, &report, Stage::Done(takes_back)));
                self.report = Some(report);
                self.step = Step::Done;
            }
            Some(Err(why)) => self.fail(&why),
            None => {}
        }
    }

    fn key(&mut self, key: Key, cx: &Context<'_>) -> Effects {
        if !matches!(self.step, Step::Columns) {
            return Effects::none();
        }
        if self.checking.is_waiting() {
            if key.code == Code::Esc {
                self.checking.cancel();
                self.look_at = None;
            }
            return Effects::none();
        }
        match self.form.key(key) {
            FormStep::Submit => self.check(cx),
            FormStep::Cancel => Effects::of(Effect::Back),
            FormStep::Stayed | FormStep::Unused => Effects::none(),
        }
    }

    fn command(&mut self, id: Id, cx: &Context<'_>) -> Effects {
        match id {
            FILE => self.ask_file(None),
            GO => self.go(cx),
            COLUMNS => {
                self.step = Step::Columns;
                Effects::none()
            }
            moves::BACK => Effects::of(Effect::Back),
            id => {
                self.sheet.moved(id, Rect::new(0, 0, cx.body.width, cx.body.height));
                Effects::none()
            }
        }
    }

    /// Would anything come of it?
    fn comes_to_nothing(&self) -> Option<String> {
        let report = self.report.as_ref()?;
        if self.options.strict && !report.left_out.is_empty() {
            return Some("Rows can't be taken, and you asked for all or nothing.".to_owned());
        }
        (report.created + report.updated == 0).then(|| "Nothing would be made or changed.".to_owned())
    }
}

impl Screen for Import {
    fn crumbs(&self) -> Vec<String> {
        let mut crumbs = vec![self.object.label.clone(), "Import".to_owned()];
        if !self.path.is_empty() {
            crumbs.push(self.file().to_owned());
        }
        crumbs
    }

    fn tab(&self) -> Option<String> {
        Some(self.object.label.clone())
    }

    fn commands(&self) -> Vec<&'static [Spec]> {
        let there = |id: Id| match self.step {
            Step::File | Step::Done => id == FILE,
            Step::Checked => true,
            Step::Columns | Step::Running => false,
        };
        let mut commands: Vec<&'static [Spec]> =
            COMMANDS.iter().filter(|spec| there(spec.id)).map(std::slice::from_ref).collect();
        let back = moves::PANES.iter().filter(|spec| spec.id == moves::BACK).map(std::slice::from_ref);
        commands.extend(back);
        commands.push(moves::LIST);
        commands
    }

    fn blocked(&self, id: Id) -> Option<String> {
        match id {
            GO | COLUMNS if self.looking.is_waiting() => {
                Some("The file that you named is still being read; one moment.".to_owned())
            }
            GO => self.comes_to_nothing(),
            _ => None,
        }
    }

    fn takes_text(&self) -> bool {
        matches!(self.step, Step::Columns)
    }

    fn text_hints(&self) -> Vec<(&'static str, &'static str)> {
        if self.checking.is_waiting() {
            return vec![("Esc", "stop")];
        }
        self.form.hints("look at the rows", "back")
    }

    fn deadline(&self) -> Option<Duration> {
        self.look_at
    }

    fn start(&mut self, _cx: &Context<'_>) -> Effects {
        self.ask_file(None)
    }

    fn reply(&mut self, reply: &mut Reply, _cx: &Context<'_>) -> Effects {
        if let Some(outcome) = self.looking.take(reply) {
            return self.looked(outcome);
        } else if let Some(outcome) = self.checking.take(reply) {
            self.checked(outcome);
        }
        Effects::none()
    }

    fn update(&mut self, happening: Happening, cx: &Context<'_>) -> Effects {
        match happening {
            Happening::Command(invocation) => return self.command(invocation.id, cx),
            Happening::Key(key) => return self.key(key, cx),
            Happening::Paste(text) => {
                if matches!(self.step, Step::Columns) {
                    self.form.paste(&text);
                }
            }
            Happening::Answer(Answer { tag: PATH, value: Given::Chosen(paths), .. }) => {
                if let Some(path) = paths.into_iter().next() {
                    return self.look(path, cx);
                }
            }
            Happening::Refresh => {
                let now = cx.viewer.objects.iter().find(|object| object.key == self.object.key);
                if let Some(now) = now {
                    self.object = now.clone();
                }
                self.take_end();
            }
            Happening::Tick => self.look_at = self.look_at.map(|_| cx.now + LOOK),
            Happening::Answer(_) => {}
        }
        Effects::none()
    }

    fn status(&self) -> String {
        match (&self.step, self.checking.is_waiting()) {
            (_, true) => format!("Looking at the rows…{}", self.progress.words()),
            (Step::Columns, false) => "Nothing happens before you have seen what would come of it.".to_owned(),
            _ => String::new(),
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let mut area = area;
        if let Some(trouble) = &self.trouble {
            let used = canvas.paragraph(area, trouble, Tone::Bad) + 1;
            area = Rect { y: area.y + used, height: area.height.saturating_sub(used), ..area };
        }
        match &self.step {
            Step::File => {
                let words =
                    format!("{} come from a CSV file. Press i to name it, or Esc to go back.", self.object.label);
                canvas.paragraph(area, &words, Tone::Dim);
            }
            Step::Columns => self.form.draw(canvas, area, !self.checking.is_waiting()),
            Step::Running => {
                let words = "The import is under way. You can go on with something else: what came of it is told on \
                             whatever screen you are, and shown here. Ctrl-X calls it off; nothing of it stays then.";
                canvas.paragraph(area, words, Tone::Dim);
            }
            Step::Checked | Step::Done => self.sheet.draw(canvas, area, true),
        }
    }
}
