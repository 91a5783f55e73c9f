//! Taking the list out as a file: as it is narrowed and sorted, with the columns that may be viewed
//! (001-08). What is there already is not written over without asking. The list is the one that was asked
//! about, to the end: where it can't be narrowed or sorted so any more, no file is written.

use super::state::Records;
use crate::service::ServiceError;
use crate::service::records::RecordQuery;
use crate::tui::effect::{Effect, Effects};
use crate::tui::overlay::{Answer, Confirm, Given, PathLine};
use crate::tui::screen::Context;
use crate::tui::task::Task;
use crate::tui::toast::Toast;
use crate::tui::words::{count, sentence};

const PATH: &str = "records.export-path";
const REPLACE: &str = "records.export-replace";

/// It isn't said which field: its reader may be the one who may no longer view it (R11).
const GONE: &str = "A field by which the list was narrowed or sorted is not there any more; no file was written. \
                    x exports the list as it is now.";

/// A list that is to be written to a file which is there already.
struct Replacing {
    query: RecordQuery,
    path: String,
}

impl Records {
    pub(super) fn ask_path(&self) -> Effects {
        Effects::ask(self.path_line(&format!("{}.csv", self.object.key)), self.query())
    }

    fn path_line(&self, path: &str) -> PathLine {
        let (one, many) = self.names();
        let total = count(self.pages.total().unwrap_or(0), &one, &many);
        let note = format!("{total}, as the list is narrowed now, with every field that you may view.");
        PathLine::new(PATH, "Export to", &note, path)
    }

    /// A path was given, or writing over what is there allowed.
    pub(super) fn answered_path(&self, answer: &Answer, cx: &Context<'_>) -> Effects {
        match (answer.tag, &answer.value) {
            (PATH, Given::Chosen(paths)) => {
                let (Some(path), Some(query)) = (paths.first().cloned(), answer.about::<RecordQuery>().cloned()) else {
                    return Effects::none();
                };
                let Some(session) = cx.session else { return Effects::none() };
                if let Err(why) = session.could_write(&path) {
                    return Effects::ask(self.path_line(&path).refused(&sentence(&why.to_string())), query);
                }
                if session.file_exists(&path) {
                    let text = format!("“{path}” is there already. What is in it goes.");
                    let confirm = Confirm::new(REPLACE, "Write over the file?", &text, "write over it").grave();
                    return Effects::ask(confirm, Replacing { query, path });
                }
                self.export(query, path, false, cx)
            }
            (REPLACE, Given::Yes) => match answer.about::<Replacing>() {
                Some(Replacing { query, path }) => self.export(query.clone(), path.clone(), true, cx),
                None => Effects::none(),
            },
            _ => Effects::none(),
        }
    }

    fn export(&self, query: RecordQuery, path: String, replace: bool, cx: &Context<'_>) -> Effects {
        let Some(session) = cx.session.cloned() else { return Effects::none() };
        let mut names = query.among.iter().map(|among| &among.field).chain(&query.sort);
        if !names.all(|name| self.knows(name)) {
            return Effects::toast(Toast::bad(GONE));
        }
        let (one, many) = self.names();
        let task = Task::new(format!("Exporting to {path}"), move |progress, cancel| {
            let mut told = |done: u64, of: u64| progress.set(done, of);
            match session.export_to_file(&query, &path, replace, &mut told, cancel.flag()) {
                Ok(written) => Toast::good(format!("{} written to {path}.", count(written, &one, &many))),
                Err(ServiceError::Cancelled) => Toast::warn("Called off; no file was written."),
                Err(why) => Toast::bad(sentence(&why.to_string())),
            }
        });
        Effects::of(Effect::Begin(task))
    }
}
