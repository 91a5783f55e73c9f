//! Taking the list out as a file: as it is narrowed and sorted, with the columns that may be viewed
//! (001-08). What is there already is not written over without asking.

use super::state::Records;
use crate::service::ServiceError;
use crate::tui::effect::{Effect, Effects};
use crate::tui::overlay::{Answer, Confirm, Given, PathLine};
use crate::tui::screen::Context;
use crate::tui::task::Task;
use crate::tui::toast::Toast;
use crate::tui::words::{count, sentence};

const PATH: &str = "records.export-path";
const REPLACE: &str = "records.export-replace";

impl Records {
    pub(super) fn ask_path(&self) -> Effects {
        let total = count(
            self.pages.total().unwrap_or(0),
            &self.object.singular.to_lowercase(),
            &self.object.label.to_lowercase(),
        );
        let note = format!("{total}, as the list is narrowed now, with every field that you may view.");
        let line = PathLine::new(PATH, "Export to", &note, &format!("{}.csv", self.object.key));
        Effects::of(Effect::Open(Box::new(line)))
    }

    /// A path was given, or writing over what is there allowed.
    pub(super) fn answered_path(&self, answer: &Answer, cx: &Context<'_>) -> Effects {
        match (answer.tag, &answer.value) {
            (PATH, Given::Chosen(paths)) => {
                let Some(path) = paths.first().cloned() else { return Effects::none() };
                let Some(session) = cx.session else { return Effects::none() };
                if session.file_exists(&path) {
                    let text = format!("{path} is there already. What is in it goes.");
                    let confirm = Confirm::new(REPLACE, "Write over the file?", &text, "write over it").grave();
                    return Effects::ask(confirm, path);
                }
                self.export(path, false, cx)
            }
            (REPLACE, Given::Yes) => match answer.about::<String>() {
                Some(path) => self.export(path.clone(), true, cx),
                None => Effects::none(),
            },
            _ => Effects::none(),
        }
    }

    fn export(&self, path: String, replace: bool, cx: &Context<'_>) -> Effects {
        let Some(session) = cx.session.cloned() else { return Effects::none() };
        let query = self.query();
        let (one, many) = (self.object.singular.to_lowercase(), self.object.label.to_lowercase());
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
