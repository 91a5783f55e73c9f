//! The rows that an import leaves out. There may be as many as there are rows, so that all of them
//! are counted, by cause, and the first are kept.

use crate::exchange::csv::Problem;

/// So many rows are kept.
const KEPT: usize = 1000;
/// So many causes are told apart.
const CAUSES: usize = 20;
/// The lines of so many rows of each cause are kept.
const LINES: usize = 6;

/// Rows that were left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// How many.
    pub count: u64,
    /// The first of them, with their lines.
    pub first: Vec<Problem>,
    /// Why, in the order in which they were met.
    causes: Vec<Cause>,
    /// The rows beyond those causes.
    others: Affected,
}

/// What is wrong with some rows, whatever they hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// In words, with … for what the rows hold, unless all hold the same.
    pub text: String,
    /// The rows.
    pub rows: Affected,
    /// The column and the kind, which tell causes apart.
    kind: String,
}

/// Rows with something wrong: all are counted, the first are known by their lines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Affected {
    /// How many.
    pub count: u64,
    /// The lines of the first ones.
    pub lines: Vec<u64>,
}

impl Affected {
    fn note(&mut self, line: u64) {
        self.count += 1;
        if self.lines.len() < LINES {
            self.lines.push(line);
        }
    }

    /// The line of the first one.
    #[must_use]
    pub fn first(&self) -> u64 {
        self.lines.first().copied().unwrap_or_default()
    }
}

impl LeftOut {
    /// None?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Why rows were left out, most frequent first; of many causes the ones that came first.
    #[must_use]
    pub fn causes(&self) -> Vec<Cause> {
        let mut causes = self.causes.clone();
        causes.sort_by_key(|cause| (std::cmp::Reverse(cause.rows.count), cause.rows.first()));
        causes
    }

    /// The rows that none of the causes is about.
    #[must_use]
    pub fn others(&self) -> &Affected {
        &self.others
    }

    /// How many rows there are beyond those that are kept.
    #[must_use]
    pub fn more(&self) -> u64 {
        self.count.saturating_sub(self.first.len() as u64)
    }

    pub(super) fn note(&mut self, problem: Problem) {
        self.count += 1;
        let kind = kind(&problem.message);
        if let Some(cause) = self.causes.iter_mut().find(|cause| cause.kind == kind) {
            cause.rows.note(problem.line);
            if cause.text != problem.message {
                cause.text = kind;
            }
        } else if self.causes.len() < CAUSES {
            let mut rows = Affected::default();
            rows.note(problem.line);
            self.causes.push(Cause { text: problem.message.clone(), rows, kind });
        } else {
            self.others.note(problem.line);
        }
        if self.first.len() < KEPT {
            self.first.push(problem);
        }
    }

    /// For whoever wanted all rows or none.
    pub(super) fn lines(&self, file: &str) -> Vec<String> {
        let first = self.first.iter().map(|problem| format!("{file}:{}: {}", problem.line, problem.message));
        let more = (self.more() > 0).then(|| format!("{file}: {} more rows can't be taken", self.more()));
        first.chain(more).collect()
    }
}

/// A message without what the row alone holds: whatever is quoted, and the numbers of other lines.
fn kind(message: &str) -> String {
    let mut text = String::new();
    let mut depth = 0u32;
    for letter in message.chars() {
        match letter {
            '“' => {
                if depth == 0 {
                    text.push_str("“…");
                }
                depth += 1;
            }
            '”' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    text.push('”');
                }
            }
            letter if depth > 0 || letter.is_ascii_digit() && text.ends_with("line …") => {}
            letter if letter.is_ascii_digit() && text.ends_with("line ") => text.push('…'),
            letter => text.push(letter),
        }
    }
    // What the row holds may have quotes of its own, or be cut off.
    if depth > 0 {
        text.push('”');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn however_many_rows_are_left_out_they_are_counted_and_the_first_are_kept() {
        let mut left_out = LeftOut::default();
        for line in 2..100_002 {
            let what = if line % 10 == 0 { "is twice" } else { "isn't an address" };
            left_out.note(Problem::new(line, format!("Email: “row {line}” {what}")));
        }
        assert_eq!((left_out.count, left_out.first.len(), left_out.more()), (100_000, KEPT, 99_000));
        let causes = left_out.causes();
        let told: Vec<_> =
            causes.iter().map(|cause| (cause.text.as_str(), cause.rows.count, cause.rows.first())).collect();
        assert_eq!(told, [("Email: “…” isn't an address", 90_000, 2), ("Email: “…” is twice", 10_000, 10)]);
        assert_eq!(left_out.lines("a.csv").len(), KEPT + 1);
    }

    #[test]
    fn causes_that_never_repeat_are_not_kept_without_bound() {
        let mut left_out = LeftOut::default();
        (0..1000).for_each(|line| left_out.note(Problem::new(line, format!("there is no user {line}"))));
        assert_eq!((left_out.causes().len(), left_out.count), (CAUSES, 1000));
        assert_eq!((left_out.others().count, left_out.others().first()), (980, 20));
    }

    #[test]
    fn what_all_rows_of_a_cause_hold_alike_is_told() {
        let told = |messages: &[&str]| {
            let mut left_out = LeftOut::default();
            messages
                .iter()
                .zip(2..)
                .for_each(|(message, line)| left_out.note(Problem::new(line, (*message).to_owned())));
            left_out.causes().into_iter().map(|cause| cause.text).collect::<Vec<_>>()
        };
        let ghost = "owner: there is no user “ghost@x.example”";
        assert_eq!(told(&[ghost, ghost]), [ghost]);
        assert_eq!(told(&[ghost, "owner: there is no user “a“b”", ghost]), ["owner: there is no user “…”"]);
        let goes_on = |line: u64| format!("has 1 cell, but the first line names 2; it goes on to line {line}: why?");
        assert_eq!(
            told(&[&goes_on(12), &goes_on(345)]),
            ["has 1 cell, but the first line names 2; it goes on to line …: why?"]
        );
    }
}
