//! One narrowing of a list, in words that say what it leaves.

use crate::service::records::{Among, RecordRow};

/// The name that queries have for the owner.
pub(super) const OWNER: &str = "owner";

/// Only records of which something is so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Narrowing {
    pub(super) among: Among,
    /// The values as they are shown; names of people, where they are known.
    pub(super) shown: Vec<String>,
}

impl Narrowing {
    /// One of these values, or, turned round, none of them.
    pub(super) fn new(field: impl Into<String>, values: Vec<String>, not: bool) -> Self {
        let shown = values.clone();
        Self { among: Among { field: field.into(), values, not }, shown }
    }

    /// What this person owns.
    pub(super) fn owned_by(email: &str) -> Self {
        Self::new(OWNER, vec![email.to_owned()], false)
    }

    /// Is it what this person owns, and nothing else?
    pub(super) fn is_owned_by(&self, email: &str) -> bool {
        self.among.field == OWNER && !self.among.not && matches!(self.among.values.as_slice(), [one] if one == email)
    }

    /// Names the owners that it is about, as far as rows say who they are.
    pub(super) fn name_owners(&mut self, rows: &[RecordRow]) {
        if self.among.field != OWNER {
            return;
        }
        for (shown, email) in self.shown.iter_mut().zip(&self.among.values).filter(|(shown, email)| shown == email) {
            if let Some(row) = rows.iter().find(|row| row.owner == *email) {
                shown.clone_from(&row.owner_name);
            }
        }
    }

    /// In words, for this reader.
    pub(super) fn words(&self, me: &str) -> String {
        let Among { field, values, not } = &self.among;
        if self.is_owned_by(me) {
            return "Records Owned by me".to_owned();
        }
        let empty = values.iter().any(String::is_empty);
        let mut named: Vec<String> = self.shown.iter().filter(|value| !value.is_empty()).cloned().collect();
        if empty {
            named.push("empty".to_owned());
        }
        let name = if field == OWNER { "Owner" } else { field.as_str() };
        let verb = if *not { "is not" } else { "is" };
        let values = match named.as_slice() {
            [] => "nothing".to_owned(),
            [one] => one.clone(),
            [most @ .., last] => format!("{} or {last}", most.join(", ")),
        };
        match (field.as_str(), *not, named.len()) {
            (OWNER, false, 1) => format!("Records Owned by {values}"),
            _ => format!("{name} {verb} {values}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_narrowing_says_what_it_leaves() {
        let words = |field: &str, values: &[&str], not| {
            Narrowing::new(field, values.iter().map(|value| (*value).to_owned()).collect(), not).words("me@x")
        };
        assert_eq!(words("owner", &["me@x"], false), "Records Owned by me");
        assert_eq!(words("owner", &["kim@x"], false), "Records Owned by kim@x");
        assert_eq!(words("owner", &["kim@x", "sam@x"], false), "Owner is kim@x or sam@x");
        assert_eq!(
            words("Status", &["Lead", "Customer", "Inactive"], true),
            "Status is not Lead, Customer or Inactive"
        );
        assert_eq!(words("Status", &[""], false), "Status is empty");
        assert_eq!(words("Status", &[""], true), "Status is not empty");
        assert_eq!(words("Status", &["", "Lead"], false), "Status is Lead or empty");
    }
}
