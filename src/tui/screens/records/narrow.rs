//! Sorting and filtering: which column, then which value. Only columns that may be viewed are
//! offered.

use super::state::{Column, Records};
use crate::model::Kind;
use crate::service::ServiceError;
use crate::service::users::{UserQuery, UserRow};
use crate::tui::effect::{Effect, Effects};
use crate::tui::job::Ended;
use crate::tui::overlay::{Answer, Choice, Fill, Given, Picker};
use crate::tui::screen::Context;
use crate::tui::toast::Toast;
use crate::tui::widget::{Field, Form};
use crate::tui::words::sentence;

const SORT: &str = "records.sort";
const FILTER: &str = "records.filter";
const VALUE: &str = "records.value";
const TYPED: &str = "records.typed";
/// The value of an empty field in a picker.
const OWNER: &str = "owner";

impl Records {
    /// The columns to choose from, by the names that queries use.
    fn choices(&self) -> Vec<Choice> {
        let columns = self.columns().into_iter().map(|column| match column {
            Column::Owner => Choice::new(OWNER, "Owner", ""),
            Column::Field(view) => Choice::new(view.field.name.clone(), view.field.name.clone(), view.section.clone()),
        });
        columns.collect()
    }

    pub(super) fn pick_sort(&self) -> Effects {
        let picker = Picker::one(SORT, "Sort by", self.choices(), self.sort.as_deref());
        Effects::of(Effect::Open(Box::new(picker)))
    }

    pub(super) fn pick_filter(&self) -> Effects {
        Effects::of(Effect::Open(Box::new(Picker::one(FILTER, "Filter by", self.choices(), None))))
    }

    /// A column or a value was chosen.
    pub(super) fn answered(&mut self, answer: Answer, cx: &Context<'_>) -> Effects {
        match (answer.tag, answer.value) {
            (SORT, Given::Chosen(keys)) => {
                let chosen = keys.into_iter().next();
                self.descending = chosen == self.sort && !self.descending;
                self.sort = chosen;
                self.ask_anew(cx)
            }
            (FILTER, Given::Chosen(keys)) => match keys.into_iter().next() {
                Some(name) => self.pick_value(name, cx),
                None => Effects::none(),
            },
            (VALUE, Given::Chosen(values)) => match values.into_iter().next() {
                Some(value) => self.filter(value, cx),
                None => Effects::none(),
            },
            (TYPED, Given::Filled(fields)) => {
                let value = fields.into_iter().next().map(|(_, text)| text).unwrap_or_default();
                if value.trim().is_empty() {
                    return Effects::of(Effect::Complain(vec![(
                        "value".into(),
                        "Type a value, or press Esc.".to_owned(),
                    )]));
                }
                Effects::of(Effect::Close).then(self.filter(value, cx))
            }
            _ => Effects::none(),
        }
    }

    fn filter(&mut self, value: String, cx: &Context<'_>) -> Effects {
        let Some(name) = self.filtering.take() else { return Effects::none() };
        self.filters.retain(|(other, _)| *other != name);
        self.filters.push((name, value));
        self.ask_anew(cx)
    }

    fn pick_value(&mut self, name: String, cx: &Context<'_>) -> Effects {
        self.filtering = Some(name.clone());
        if name == OWNER {
            let Some(session) = cx.session.cloned() else { return Effects::none() };
            return Effects::run(self.choosing.start(move |_| session.users(&UserQuery::default())));
        }
        let view = self.object.fields.iter().find(|view| view.field.name == name);
        let values: Vec<String> = match view.map(|view| (view.field.kind, &view.field.options)) {
            Some((Kind::Dropdown, options)) => options.iter().map(|option| option.label.clone()).collect(),
            Some((Kind::YesNo, _)) => vec!["yes".to_owned(), "no".to_owned()],
            _ => Vec::new(),
        };
        let overlay: Box<dyn crate::tui::overlay::Overlay> = if values.is_empty() {
            let hint = match view.map(|view| view.field.kind) {
                Some(Kind::Date) => "A day, such as 2027-01-31.",
                Some(Kind::Number | Kind::Money) => "A number, without separators.",
                _ => "The whole value; capitals don't matter.",
            };
            let form = Form::new(vec![Field::line("value", &name).hint(hint)]);
            Box::new(Fill::new(TYPED, "Filter by a value", "", form))
        } else {
            let choices = values.into_iter().map(|value| Choice::new(value.clone(), value, "")).collect();
            Box::new(Picker::one(VALUE, &name, choices, None))
        };
        Effects::of(Effect::Open(overlay))
    }

    /// The people to choose an owner from came.
    pub(super) fn owners(&self, outcome: Ended<Result<Vec<UserRow>, ServiceError>>) -> Effects {
        match outcome {
            Ended::With(Ok(rows)) => {
                let choices = rows.into_iter().map(|row| Choice::new(row.email, row.name, row.role)).collect();
                Effects::of(Effect::Open(Box::new(Picker::one(VALUE, "Owner", choices, None))))
            }
            Ended::With(Err(why)) => Effects::toast(Toast::bad(sentence(&why.to_string()))),
            Ended::Broken => Effects::toast(Toast::bad("The people could not be shown.")),
        }
    }
}
