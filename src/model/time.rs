//! Moments. `model` reads no clock: whoever needs the present is given it.

use serde::{Deserialize, Serialize};

use super::value::Day;

/// A moment in UTC, in milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Moment(pub i64);

impl Moment {
    /// This moment as the calendar and clock crate has it; moments out of its range are clamped.
    #[must_use]
    pub fn timestamp(self) -> jiff::Timestamp {
        jiff::Timestamp::from_millisecond(self.0).unwrap_or(if self.0 < 0 {
            jiff::Timestamp::MIN
        } else {
            jiff::Timestamp::MAX
        })
    }

    /// The same, the other way.
    #[must_use]
    pub fn from_timestamp(timestamp: jiff::Timestamp) -> Self {
        Self(timestamp.as_millisecond())
    }

    /// The calendar day that it is in UTC.
    #[must_use]
    pub fn day(self) -> Day {
        Day::from_date(self.timestamp().to_zoned(jiff::tz::TimeZone::UTC).date())
    }

    /// The moment `milliseconds` later (earlier, if negative).
    #[must_use]
    pub fn plus(self, milliseconds: i64) -> Self {
        Self(self.0.saturating_add(milliseconds))
    }
}

impl std::fmt::Display for Moment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:.0}", self.timestamp())
    }
}

/// An end as it is typed: the day, where it is a day's end in the time zone, else the moment.
#[must_use]
pub fn shown_end(end: Moment, zone: Option<&str>) -> String {
    let there = end.timestamp().to_zoned(self::zone(zone));
    let begins = there.start_of_day().is_ok_and(|start| start == there);
    match there.date().yesterday() {
        Ok(day) if begins => day.to_string(),
        _ => end.to_string(),
    }
}

/// A time zone by its name; UTC if unset.
#[must_use]
pub fn zone(name: Option<&str>) -> jiff::tz::TimeZone {
    jiff::tz::TimeZone::get(name.unwrap_or("UTC")).unwrap_or(jiff::tz::TimeZone::UTC)
}
