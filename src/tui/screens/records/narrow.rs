//! Sorting and filtering: which column, then which values. Only columns that may be viewed are
//! offered.

use std::collections::BTreeSet;

use super::narrowing::{Narrowing, OWNER};
use super::state::Records;
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
const VALUES: &str = "records.values";
const TYPED: &str = "records.typed";
const WIDEN: &str = "records.widen";

/// Keys of the choices beside the values themselves.
const EMPTY: &str = "empty";
const FILLED: &str = "filled";
const VALUE: &str = "value:";

/// The column whose values are chosen.
struct Filtering {
    name: String,
    /// Who can be chosen, by email and name, if it is the owner's.
    people: Vec<(String, String)>,
}

impl Filtering {
    fn shown(&self, value: &str) -> String {
        let person = self.people.iter().find(|(email, _)| email == value);
        person.map_or_else(|| value.to_owned(), |(_, name)| name.clone())
    }
}

impl Records {
    /// Everything that a list can be sorted or narrowed by: every column that may be viewed,
    /// whether it is shown or not.
    fn choices(&self) -> Vec<Choice> {
        let fields = self.object.fields.iter();
        let mut choices: Vec<Choice> = fields
            .map(|view| Choice::new(view.field.name.clone(), view.field.name.clone(), view.section.clone()))
            .collect();
        choices.insert(choices.len().min(1), Choice::new(OWNER, "Owner", ""));
        choices.push(Choice::new("external_id", "External ID", "its name in another system"));
        choices
    }

    pub(super) fn pick_sort(&self) -> Effects {
        let picker = Picker::one(SORT, "Sort by", self.choices(), self.sort.as_deref());
        Effects::of(Effect::Open(Box::new(picker)))
    }

    pub(super) fn pick_filter(&self) -> Effects {
        Effects::of(Effect::Open(Box::new(Picker::one(FILTER, "Filter by", self.choices(), None))))
    }

    /// Offers the narrowings in force, to take one away; takes it, if it is the only one.
    pub(super) fn widen(&mut self, cx: &Context<'_>) -> Effects {
        if self.narrowing.len() < 2 {
            self.narrowing.clear();
            return self.ask_anew(cx);
        }
        let words = self.narrowing.iter().map(|narrowing| narrowing.words(&self.me));
        let choices = words.enumerate().map(|(place, words)| Choice::new(place.to_string(), words, "")).collect();
        Effects::ask(Picker::one(WIDEN, "Take away", choices, None), self.narrowing.clone())
    }

    /// A column or a value was chosen; nothing, if the answer is to something else.
    pub(super) fn narrowed_by(&mut self, answer: &Answer, cx: &Context<'_>) -> Option<Effects> {
        Some(match (answer.tag, &answer.value) {
            (SORT, Given::Chosen(keys)) => {
                let chosen = keys.first().cloned();
                self.descending = chosen == self.sort && !self.descending;
                self.sort = chosen;
                self.ask_anew(cx)
            }
            (FILTER, Given::Chosen(keys)) => match keys.first() {
                Some(name) => self.pick_value(name.clone(), cx),
                None => Effects::none(),
            },
            (WIDEN, Given::Chosen(keys)) => {
                let place = keys.first().and_then(|key| key.parse::<usize>().ok());
                let offered = answer.about::<Vec<Narrowing>>();
                match place.and_then(|place| offered?.get(place)) {
                    Some(away) => {
                        self.narrowing.retain(|narrowing| narrowing.among != away.among);
                        self.ask_anew(cx)
                    }
                    None => Effects::none(),
                }
            }
            (VALUES, Given::Chosen(keys)) => match answer.about::<Filtering>() {
                Some(filtering) => self.chose_values(filtering, keys, cx),
                None => Effects::none(),
            },
            (TYPED, Given::Filled(fields)) => {
                let of = |key: &str| fields.iter().find(|(name, _)| name == key).map(|(_, text)| text.trim());
                let (value, how) = (of("value").unwrap_or_default(), of("how").unwrap_or_default());
                match answer.about::<Filtering>() {
                    Some(filtering) => self.typed_value(&filtering.name, value, how, cx),
                    None => Effects::none(),
                }
            }
            _ => return None,
        })
    }

    /// Replaces the narrowing of its field, or takes it away where nothing was chosen.
    fn narrow(&mut self, name: &str, narrowing: Option<Narrowing>, cx: &Context<'_>) -> Effects {
        self.narrowing.retain(|other| other.among.field != name);
        self.narrowing.extend(narrowing);
        self.ask_anew(cx)
    }

    fn chose_values(&mut self, filtering: &Filtering, keys: &[String], cx: &Context<'_>) -> Effects {
        let name = filtering.name.as_str();
        let mut values: Vec<String> =
            keys.iter().filter_map(|key| key.strip_prefix(VALUE)).map(str::to_owned).collect();
        let filled = keys.iter().any(|key| key == FILLED);
        if keys.iter().any(|key| key == EMPTY) {
            values.push(String::new());
        }
        let narrowing = match (filled, values.is_empty()) {
            (true, true) => Some(Narrowing::new(name, vec![String::new()], true)),
            // Anything at all, beside one of these, is anything at all.
            (true, false) if values.iter().any(String::is_empty) => None,
            (true, false) => Some(Narrowing::new(name, vec![String::new()], true)),
            (false, true) => None,
            (false, false) => {
                let shown = values.iter().map(|value| filtering.shown(value)).collect();
                Some(Narrowing { shown, ..Narrowing::new(name, values, false) })
            }
        };
        self.narrow(name, narrowing, cx)
    }

    fn typed_value(&mut self, name: &str, value: &str, how: &str, cx: &Context<'_>) -> Effects {
        let narrowing = match how {
            "empty" => Narrowing::new(name, vec![String::new()], false),
            "filled" => Narrowing::new(name, vec![String::new()], true),
            _ if value.is_empty() => {
                return Effects::of(Effect::Complain(vec![("value".into(), "Type a value, or press Esc.".to_owned())]));
            }
            how => {
                if let Err(why) = self.readable(name, value) {
                    return Effects::of(Effect::Complain(vec![("value".into(), sentence(&why))]));
                }
                Narrowing::new(name, vec![value.to_owned()], how == "not")
            }
        };
        Effects::of(Effect::Close).then(self.narrow(name, Some(narrowing), cx))
    }

    /// Is what was typed a value of the field's kind?
    fn readable(&self, name: &str, value: &str) -> Result<(), String> {
        let view = self.object.fields.iter().find(|view| view.field.name == name);
        view.map_or(Ok(()), |view| view.accepts(value))
    }

    fn pick_value(&mut self, name: String, cx: &Context<'_>) -> Effects {
        if name == OWNER {
            let Some(session) = cx.session.cloned() else { return Effects::none() };
            return Effects::run(self.choosing.start(move |_| session.users(&UserQuery::default())));
        }
        let view = self.object.fields.iter().find(|view| view.field.name == name);
        let values: Vec<String> = match view.map(|view| (view.field.kind, &view.field.options)) {
            Some((Kind::Dropdown, options)) => options.iter().map(|option| option.label.clone()).collect(),
            Some((Kind::YesNo, _)) => vec!["yes".to_owned(), "no".to_owned()],
            _ => return self.type_value(&name, view.map(|view| view.field.kind)),
        };
        let mut choices: Vec<Choice> =
            values.into_iter().map(|value| Choice::new(format!("{VALUE}{value}"), value, "")).collect();
        choices.push(Choice::new(EMPTY, "(empty)", "nothing is in it"));
        choices.push(Choice::new(FILLED, "(not empty)", "anything is in it"));
        let picker = Picker::several(VALUES, &name, choices, self.in_force(&name)).or_here();
        Effects::ask(picker, Filtering { name, people: Vec::new() })
    }

    fn type_value(&self, name: &str, kind: Option<Kind>) -> Effects {
        let hint = match kind {
            Some(Kind::Date) => "A day, such as 2027-01-31.",
            Some(Kind::Number | Kind::Money) => "A number, without separators.",
            _ => "The whole value; capitals don't matter.",
        };
        let how = vec![
            Choice::new("is", "is this", ""),
            Choice::new("not", "is not this", ""),
            Choice::new("empty", "is empty", ""),
            Choice::new("filled", "is not empty", ""),
        ];
        let fields = vec![Field::line("value", name).hint(hint), Field::choice("how", "Records where it", how, "is")];
        let fill = Fill::new(TYPED, "Filter by a value", "", Form::new(fields)).to("filter");
        Effects::ask(fill, Filtering { name: name.to_owned(), people: Vec::new() })
    }

    /// The keys of what a column is narrowed to.
    fn in_force(&self, name: &str) -> BTreeSet<String> {
        let now = self.narrowing.iter().find(|narrowing| narrowing.among.field == name);
        let keys = now.into_iter().flat_map(|narrowing| {
            narrowing.among.values.iter().map(|value| match (value.is_empty(), narrowing.among.not) {
                (true, true) => FILLED.to_owned(),
                (true, false) => EMPTY.to_owned(),
                (false, _) => format!("{VALUE}{value}"),
            })
        });
        keys.collect()
    }

    /// The people to choose an owner from came.
    pub(super) fn owners(&self, outcome: Ended<Result<Vec<UserRow>, ServiceError>>) -> Effects {
        match outcome {
            Ended::With(Ok(rows)) => {
                let people = rows.iter().map(|row| (row.email.clone(), row.name.clone())).collect();
                let choice = |row: UserRow| Choice::new(format!("{VALUE}{}", row.email), row.name, row.role);
                let choices = rows.into_iter().map(choice).collect();
                let picker = Picker::several(VALUES, "Owner", choices, self.in_force(OWNER)).or_here();
                Effects::ask(picker, Filtering { name: OWNER.to_owned(), people })
            }
            Ended::With(Err(why)) => Effects::toast(Toast::bad(sentence(&why.to_string()))),
            Ended::Broken => Effects::toast(Toast::bad("The people could not be shown.")),
        }
    }
}
