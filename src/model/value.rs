//! What a field can hold: kinds and values.

use serde::{Deserialize, Serialize};

/// What a field holds (SPEC part 4, "Kinds").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Kind {
    /// Any text.
    Text,
    /// A finite number.
    Number,
    /// An amount, kept in hundredths.
    Money,
    /// A calendar day.
    Date,
    /// Yes or no.
    YesNo,
    /// An address for mail.
    Email,
    /// A telephone number, as typed.
    Phone,
    /// One of the field's options.
    Dropdown,
}

impl Kind {
    /// Every kind, in the order in which editors offer them.
    pub const ALL: [Self; 8] =
        [Self::Text, Self::Number, Self::Money, Self::Date, Self::YesNo, Self::Email, Self::Phone, Self::Dropdown];

    /// The token that files use.
    #[must_use]
    pub fn token(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "number",
            Self::Money => "money",
            Self::Date => "date",
            Self::YesNo => "yesno",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Dropdown => "dropdown",
        }
    }

    /// The kind that a file's token names.
    #[must_use]
    pub fn from_token(token: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.token() == token)
    }
}

/// The stable number of a dropdown's option within its field, never reused, so that renaming an
/// option renames it in every record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct OptionId(pub u16);

/// One value of one field of one record. An empty field has no value at all.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Value {
    /// Text, email or phone; never empty.
    Text(Box<str>),
    /// A number; never NaN, never infinite, never negative zero.
    Number(f64),
    /// Hundredths of the account's currency.
    Money(i64),
    /// A calendar day.
    Date(Day),
    /// Yes or no.
    YesNo(bool),
    /// An option of a dropdown.
    Option(OptionId),
}

/// A calendar day, as days since 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Day(pub i32);

impl Day {
    /// The day as a calendar date; days out of the calendar's range are clamped.
    #[must_use]
    pub fn date(self) -> jiff::civil::Date {
        let epoch = jiff::civil::date(1970, 1, 1);
        epoch.checked_add(jiff::Span::new().try_days(i64::from(self.0)).unwrap_or_default()).unwrap_or(if self.0 < 0 {
            jiff::civil::Date::MIN
        } else {
            jiff::civil::Date::MAX
        })
    }

    /// The number of a calendar date.
    #[must_use]
    pub fn from_date(date: jiff::civil::Date) -> Self {
        let epoch = jiff::civil::date(1970, 1, 1);
        let hours = epoch.duration_until(date).as_hours();
        Self(i32::try_from(hours / 24).unwrap_or(0))
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.date())
    }
}
