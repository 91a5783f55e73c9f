//! Saving what is staged: it is shown what it will mean, and then all of it is saved or nothing.

use std::collections::BTreeMap;

use super::commands as can;
use super::state::MatrixScreen;
use crate::service::ServiceError;
use crate::service::draft::{Draft, Saved};
use crate::service::edit_roles::{CellValue, RoleChange};
use crate::service::impact::Impact;
use crate::service::matrix::{Board, CellKey};
use crate::tui::command::Id;
use crate::tui::effect::Effects;
use crate::tui::job::{Ended, Reply, Slot};
use crate::tui::overlay::Review;
use crate::tui::screen::Context;
use crate::tui::toast::Toast;
use crate::tui::words::{count, sentence};

pub(super) const REVIEW: &str = "matrix.review";

/// What was staged when it was asked to be saved: what is looked at, and what is saved.
#[derive(Clone)]
pub(super) struct Sending {
    draft: Draft,
    cells: Vec<(CellKey, CellValue)>,
}

/// A save under way.
#[derive(Default)]
pub(super) struct Saving {
    previewing: Slot<(Sending, Result<Impact, ServiceError>)>,
    saving: Slot<(Sending, Result<Saved, ServiceError>)>,
    /// It was saved, and the matrix that shows it is under way.
    saved: Option<Vec<(CellKey, CellValue)>>,
}

impl Saving {
    /// Gives up what is looked at before it is saved; says whether anything was.
    pub(super) fn give_up(&mut self) -> bool {
        self.previewing.give_up()
    }

    /// Is it being saved?
    pub(super) fn is_saving(&self) -> bool {
        self.saving.is_waiting()
    }

    /// What was saved since this was last asked.
    pub(super) fn take_saved(&mut self) -> Option<Vec<(CellKey, CellValue)>> {
        self.saved.take()
    }
}

impl MatrixScreen {
    /// Why what is staged can't be saved just now.
    pub(super) fn unsavable(&self) -> Option<String> {
        let board = self.board.as_ref()?;
        if self.saving.saving.is_waiting() || self.saving.previewing.is_waiting() {
            return Some("It is being saved.".to_owned());
        }
        let conflicts = board.conflicts().len();
        (conflicts > 0).then(|| {
            let cells = count(conflicts as u64, "staged cell", "staged cells");
            format!("Somebody else changed {cells}: choose at each first. Tab goes there.")
        })
    }

    /// Saves; nothing if the command is another's.
    pub(super) fn save_command(&mut self, id: Id, cx: &Context<'_>) -> Option<Effects> {
        if id != can::SAVE {
            return None;
        }
        let (Some(board), Some(session)) = (&self.board, cx.session.cloned()) else { return Some(Effects::none()) };
        let sending = Sending { draft: Draft::Roles(board.changes()), cells: board.sent() };
        Some(Effects::run(self.saving.previewing.start(move |_| {
            let impact = session.preview(&sending.draft);
            (sending, impact)
        })))
    }

    pub(super) fn save_replied(&mut self, reply: &mut Reply, cx: &Context<'_>) -> Effects {
        if let Some(outcome) = self.saving.previewing.take(reply) {
            return match outcome {
                Ended::With((sending, Ok(impact))) => self.review(sending, &impact),
                Ended::With((_, Err(why))) => self.refused(&why, cx),
                Ended::Broken => broke_off(),
            };
        }
        match self.saving.saving.take(reply) {
            Some(Ended::With((sent, Ok(saved)))) => {
                let told = Toast::saved(&format!("Saved: {}.", what(&sent.draft)), &saved);
                self.saving.saved = Some(sent.cells);
                Effects::toast(told).then(self.load(cx))
            }
            Some(Ended::With((_, Err(why)))) => self.refused(&why, cx),
            Some(Ended::Broken) => broke_off(),
            None => Effects::none(),
        }
    }

    fn review(&self, sending: Sending, impact: &Impact) -> Effects {
        let Some(board) = &self.board else { return Effects::none() };
        let draft = &sending.draft;
        let text = format!("{}: {}", sentence(&what(draft)).trim_end_matches('.'), roles(draft, board));
        let review = Review::new(REVIEW, "Save to the roles?", impact, "save").saying(&text).where_y_sets();
        Effects::ask(review, sending)
    }

    /// Yes, save it.
    pub(super) fn save_now(&mut self, sending: Sending, cx: &Context<'_>) -> Effects {
        let Some(session) = cx.session.cloned() else { return Effects::none() };
        Effects::run(self.saving.saving.start(move |_| {
            let saved = session.save(&sending.draft);
            (sending, saved)
        }))
    }

    /// It stays staged; where somebody else came between, their change is taken in.
    fn refused(&mut self, why: &ServiceError, cx: &Context<'_>) -> Effects {
        let told = Effects::toast(Toast::bad(sentence(&why.to_string())));
        if matches!(why, ServiceError::Meanwhile(_)) { self.load(cx).then(told) } else { told }
    }
}

fn broke_off() -> Effects {
    Effects::toast(Toast::bad("That broke off. What is staged is still there; try again."))
}

fn changes(draft: &Draft) -> Option<&BTreeMap<String, RoleChange>> {
    match draft {
        Draft::Roles(changes) => Some(changes),
        _ => None,
    }
}

/// How many cells of how many roles.
fn what(draft: &Draft) -> String {
    let Some(changes) = changes(draft) else { return String::new() };
    let cells: usize = changes.values().map(|change| change.cells.len()).sum();
    format!("{} of {}", count(cells as u64, "cell", "cells"), count(changes.len() as u64, "role", "roles"))
}

/// What is staged, in a sentence: cell by cell where that can be read, else how many for each role.
fn roles(draft: &Draft, board: &Board) -> String {
    const EACH: usize = 4;
    let Some(changes) = changes(draft) else { return String::new() };
    let cells: usize = changes.values().map(|change| change.cells.len()).sum();
    let mut parts = Vec::new();
    for (role, change) in changes {
        if cells > EACH {
            parts.push(format!("{role} {}", change.cells.len()));
            continue;
        }
        for ((cell, value), (_, was)) in change.cells.iter().zip(&change.expected) {
            let row = board.matrix().rows().iter().find(|row| row.cell == *cell);
            let group = row.and_then(|row| board.matrix().groups().get(row.group)).map_or("", |group| &group.label);
            let label = row.map_or("", |row| row.label.as_str());
            parts.push(format!("{role}, {group} · {label}: {} → {}", was.label(), value.label()));
        }
    }
    format!("{}.", parts.join("; "))
}
