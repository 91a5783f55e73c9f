//! Which columns the list has and in which order: each person's own, kept for them. A column that
//! may not be viewed any more isn't shown; it is back when it may be.

use super::state::{Column, Records};
use crate::model::FieldId;
use crate::service::ServiceError;
use crate::service::record_name::Naming;
use crate::tui::effect::{Effect, Effects};
use crate::tui::job::Ended;
use crate::tui::overlay::{Arrange, Choice};
use crate::tui::screen::Context;
use crate::tui::toast::Toast;
use crate::tui::words::sentence;

pub(super) const TAG: &str = "records.columns";
const OWNER: &str = "owner";
const EXTERNAL: &str = "external_id";

impl Records {
    fn preference(&self) -> String {
        format!("columns.{}", self.object.key)
    }

    /// Recalls which columns this person chose.
    pub(super) fn recall_columns(&mut self, cx: &Context<'_>) {
        let kept = cx.session.and_then(|session| session.preference(&self.preference()));
        self.chosen = kept.map(|kept| kept.split(' ').map(str::to_owned).collect());
    }

    /// How many of the first fields name a record.
    pub(super) fn naming(&self) -> usize {
        let fields = self.object.fields.iter();
        fields.take_while(|view| view.naming == Naming::Names).count().max(1)
    }

    /// Every column that there can be: what names a record, its owner, the other fields.
    fn all_columns(&self) -> Vec<Column<'_>> {
        let mut columns: Vec<Column<'_>> = self.object.fields.iter().map(Column::Field).collect();
        columns.insert(self.naming().min(columns.len()), Column::Owner);
        columns.push(Column::External);
        columns
    }

    /// The columns of the list, in order.
    pub(super) fn columns(&self) -> Vec<Column<'_>> {
        let mut all = self.all_columns();
        let Some(chosen) = &self.chosen else {
            all.retain(|column| !matches!(column, Column::External));
            return all;
        };
        let mut shown = Vec::with_capacity(chosen.len());
        for token in chosen {
            if let Some(place) = all.iter().position(|column| column.token() == *token) {
                shown.push(all.swap_remove(place));
            }
        }
        // A list always says of what it is.
        if shown.is_empty() { self.all_columns().into_iter().take(1).collect() } else { shown }
    }

    /// Offers the columns, those that are shown first.
    pub(super) fn pick_columns(&self) -> Effects {
        let shown: Vec<String> = self.columns().iter().map(Column::token).collect();
        let mut choices: Vec<(Choice, bool)> = Vec::new();
        for column in self.columns() {
            choices.push((choice(&column), true));
        }
        for column in self.all_columns().into_iter().filter(|column| !shown.contains(&column.token())) {
            choices.push((choice(&column), false));
        }
        Effects::of(Effect::Open(Box::new(Arrange::new(TAG, "Columns", choices))))
    }

    /// Other columns were chosen: shown at once, and kept.
    pub(super) fn take_columns(&mut self, tokens: Vec<String>, cx: &Context<'_>) -> Effects {
        if tokens.is_empty() {
            return Effects::toast(Toast::warn("A list needs a column; it stays as it was."));
        }
        // What may not be viewed just now stays chosen, at the end.
        let all: Vec<String> = self.all_columns().iter().map(Column::token).collect();
        let hidden = self.chosen.iter().flatten().filter(|token| !all.contains(token)).cloned();
        let tokens: Vec<String> = tokens.iter().cloned().chain(hidden).collect();
        let kept = tokens.join(" ");
        self.chosen = Some(tokens);
        self.skipped = 0;
        self.settle(cx);
        let Some(session) = cx.session.cloned() else { return Effects::none() };
        let name = self.preference();
        Effects::run(self.keeping.start(move |_| session.keep_preference(&name, &kept)))
    }

    /// They were kept, or not.
    pub(super) fn kept(outcome: Ended<Result<(), ServiceError>>) -> Effects {
        match outcome {
            Ended::With(Ok(())) => Effects::none(),
            Ended::With(Err(why)) => Effects::toast(Toast::warn(format!("Not kept: {}", sentence(&why.to_string())))),
            Ended::Broken => Effects::toast(Toast::warn("The columns could not be kept.")),
        }
    }
}

fn choice(column: &Column<'_>) -> Choice {
    match column {
        Column::Owner => Choice::new(OWNER, "Owner", ""),
        Column::External => Choice::new(EXTERNAL, "External ID", "its name in another system"),
        Column::Field(view) => Choice::new(column.token(), view.field.name.clone(), view.section.clone()),
    }
}

impl Column<'_> {
    /// What it is kept as: fields may be renamed.
    fn token(&self) -> String {
        match self {
            Self::Owner => OWNER.to_owned(),
            Self::External => EXTERNAL.to_owned(),
            Self::Field(view) => view.field.id.0.to_string(),
        }
    }

    /// The field, if records are called by it.
    pub(super) fn names(&self) -> Option<FieldId> {
        match self {
            Self::Field(view) if view.naming == Naming::Names => Some(view.field.id),
            _ => None,
        }
    }

    /// The name that queries have for it.
    pub(super) fn query_name(&self) -> &str {
        match self {
            Self::Owner => OWNER,
            Self::External => EXTERNAL,
            Self::Field(view) => &view.field.name,
        }
    }
}
