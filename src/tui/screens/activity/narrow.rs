//! Narrowing the history: by person, by kind, by time.

use std::collections::BTreeSet;

use super::state::Activity;
use crate::model::{Day, Moment};
use crate::service::ServiceError;
use crate::service::activity::Kind;
use crate::service::users::{UserQuery, UserRow};
use crate::tui::effect::{Effect, Effects};
use crate::tui::job::Ended;
use crate::tui::overlay::{Answer, Choice, Fill, Given, Picker};
use crate::tui::screen::Context;
use crate::tui::toast::Toast;
use crate::tui::widget::{Field, Form};
use crate::tui::words::sentence;

const WHAT: &str = "activity.filter";
const PERSON: &str = "activity.person";
const KINDS: &str = "activity.kinds";
const TIME: &str = "activity.time";
const RANGE: &str = "activity.range";

const DAY: i64 = 24 * 60 * 60 * 1000;

/// From when, until when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Time {
    /// Whenever.
    #[default]
    Any,
    /// The last days, today included.
    Days(u16),
    /// From one day to another, both included.
    Range(Option<Day>, Option<Day>),
}

impl Time {
    /// The first moment, and the first one after it. Days are those of UTC, as the list shows them.
    pub(super) fn bounds(self, now: Moment) -> (Option<Moment>, Option<Moment>) {
        let start = |day: Day| Moment(i64::from(day.0) * DAY);
        match self {
            Self::Any => (None, None),
            Self::Days(days) => (Some(Moment((now.0.div_euclid(DAY) + 1 - i64::from(days)) * DAY)), None),
            Self::Range(from, to) => (from.map(start), to.map(|day| Moment(start(day).0 + DAY))),
        }
    }

    /// In words; nothing where it is whenever.
    pub(super) fn words(self) -> Option<String> {
        Some(match self {
            Self::Any => return None,
            Self::Days(1) => "today".to_owned(),
            Self::Days(days) => format!("the last {days} days"),
            Self::Range(Some(from), Some(to)) => format!("{from} to {to}"),
            Self::Range(Some(from), None) => format!("since {from}"),
            Self::Range(None, Some(to)) => format!("up to {to}"),
            Self::Range(None, None) => return None,
        })
    }
}

impl Activity {
    /// What it can be narrowed by.
    pub(super) fn pick_filter(&self) -> Effects {
        let mut choices =
            vec![Choice::new("kind", "Kind", "people, roles, records …"), Choice::new("time", "Time", "")];
        if self.whole {
            choices.insert(0, Choice::new("person", "Person", "what somebody did"));
        }
        Effects::of(Effect::Open(Box::new(Picker::one(WHAT, "Filter by", choices, None))))
    }

    fn pick_person(&mut self, cx: &Context<'_>) -> Effects {
        let Some(session) = cx.session.cloned() else { return Effects::none() };
        Effects::run(self.choosing.start(move |_| session.users(&UserQuery::default())))
    }

    /// The people are here to choose from.
    pub(super) fn people(&self, outcome: Ended<Result<Vec<UserRow>, ServiceError>>) -> Effects {
        match outcome {
            Ended::With(Ok(rows)) => {
                let choices = rows.into_iter().map(|row| Choice::new(row.email.clone(), row.name, row.email)).collect();
                let current = self.person.as_deref();
                Effects::of(Effect::Open(Box::new(Picker::one(PERSON, "What this person did", choices, current))))
            }
            Ended::With(Err(why)) => Effects::toast(Toast::bad(sentence(&why.to_string()))),
            Ended::Broken => Effects::toast(Toast::bad("The people could not be shown.")),
        }
    }

    fn pick_kinds(&self) -> Effects {
        let choices =
            Kind::ALL.into_iter().map(|kind| Choice::new(kind.word(), sentence(kind.word()).replace('.', ""), ""));
        let chosen: BTreeSet<String> = self.kinds.iter().map(|kind| kind.word().to_owned()).collect();
        let picker = Picker::several(KINDS, "Kinds", choices.collect(), chosen).or_here();
        Effects::of(Effect::Open(Box::new(picker)))
    }

    fn pick_time() -> Effects {
        let choices = [
            ("any", "Any time"),
            ("1", "Today"),
            ("7", "Last 7 days"),
            ("30", "Last 30 days"),
            ("range", "From … to …"),
        ];
        let choices = choices.into_iter().map(|(key, words)| Choice::new(key, words, "")).collect();
        Effects::of(Effect::Open(Box::new(Picker::one(TIME, "Time", choices, None))))
    }

    fn type_range() -> Effects {
        let form = Form::new(vec![
            Field::line("from", "From").hint("A day such as 2027-01-31."),
            Field::line("to", "To").hint("That day is included."),
        ]);
        Effects::of(Effect::Open(Box::new(Fill::new(RANGE, "From … to …", "", form).to("filter"))))
    }

    /// Something was chosen or typed.
    pub(super) fn answered(&mut self, answer: &Answer, cx: &Context<'_>) -> Effects {
        match (answer.tag, &answer.value) {
            (WHAT, Given::Chosen(keys)) => match keys.first().map(String::as_str) {
                Some("person") => self.pick_person(cx),
                Some("kind") => self.pick_kinds(),
                Some("time") => Self::pick_time(),
                _ => Effects::none(),
            },
            (PERSON, Given::Chosen(keys)) => {
                self.person = keys.first().cloned();
                self.ask_anew(cx)
            }
            (KINDS, Given::Chosen(keys)) => {
                self.kinds = keys.iter().filter_map(|word| Kind::from_word(word)).collect();
                self.ask_anew(cx)
            }
            (TIME, Given::Chosen(keys)) => {
                self.time = match keys.first().map(String::as_str) {
                    Some("range") => return Self::type_range(),
                    Some(days) => days.parse().map_or(Time::Any, Time::Days),
                    None => Time::Any,
                };
                self.ask_anew(cx)
            }
            (RANGE, Given::Filled(fields)) => self.typed_range(fields, cx),
            _ => Effects::none(),
        }
    }

    fn typed_range(&mut self, fields: &[(crate::tui::widget::FieldKey, String)], cx: &Context<'_>) -> Effects {
        let mut wrong = Vec::new();
        let mut day = |wanted: &str| -> Option<Day> {
            let (key, text) = fields.iter().find(|(key, _)| key == wanted)?;
            if text.trim().is_empty() {
                return None;
            }
            match text.trim().parse::<jiff::civil::Date>() {
                Ok(date) => Some(Day::from_date(date)),
                Err(_) => {
                    wrong.push((key.clone(), "Type a day such as 2027-01-31.".to_owned()));
                    None
                }
            }
        };
        let (from, to) = (day("from"), day("to"));
        if !wrong.is_empty() {
            return Effects::of(Effect::Complain(wrong));
        }
        self.time = Time::Range(from, to);
        Effects::of(Effect::Close).then(self.ask_anew(cx))
    }
}
