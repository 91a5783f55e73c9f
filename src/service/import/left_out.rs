//! The rows that an import leaves out. There may be as many as there are rows, so that all of them
//! are counted, by cause, and the first are kept.

use crate::exchange::csv::Problem;

/// So many rows are kept.
const KEPT: usize = 1000;
/// So many causes are told apart.
const CAUSES: usize = 20;

/// Rows that were left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// How many.
    pub count: u64,
    /// The first of them, with their lines.
    pub first: Vec<Problem>,
    /// Why, in the order in which they were met.
    causes: Vec<Cause>,
}

/// What is wrong with some rows, whatever they hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// In words, with … for what the rows hold.
    pub text: String,
    /// With how many rows.
    pub rows: u64,
    /// The first line.
    pub line: u64,
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
        causes.sort_by(|one, other| other.rows.cmp(&one.rows).then(one.line.cmp(&other.line)));
        causes
    }

    /// How many rows there are beyond those that are kept.
    #[must_use]
    pub fn more(&self) -> u64 {
        self.count.saturating_sub(self.first.len() as u64)
    }

    pub(super) fn note(&mut self, problem: Problem) {
        self.count += 1;
        let text = cause(&problem.message);
        if let Some(cause) = self.causes.iter_mut().find(|cause| cause.text == text) {
            cause.rows += 1;
        } else if self.causes.len() < CAUSES {
            self.causes.push(Cause { text, rows: 1, line: problem.line });
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

/// A message without what the row holds.
fn cause(message: &str) -> String {
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
            letter if depth == 0 => text.push(letter),
            _ => {}
        }
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
        let told: Vec<_> = causes.iter().map(|cause| (cause.text.as_str(), cause.rows, cause.line)).collect();
        assert_eq!(told, [("Email: “…” isn't an address", 90_000, 2), ("Email: “…” is twice", 10_000, 10)]);
        assert_eq!(left_out.lines("a.csv").len(), KEPT + 1);
    }

    #[test]
    fn causes_that_never_repeat_are_not_kept_without_bound() {
        let mut left_out = LeftOut::default();
        (0..1000).for_each(|line| left_out.note(Problem::new(line, format!("there is no user {line}"))));
        assert_eq!((left_out.causes().len(), left_out.count), (CAUSES, 1000));
    }
}
