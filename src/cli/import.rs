//! `rolecall import`.

use std::io::{IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

use clap::Args;
use serde_json::json;

use super::fail::{End, Fail, Outcome};
use super::shell::{Shell, list, read_ahead, shown_name};
use crate::host::Interrupt;
use crate::service::ServiceError;
use crate::service::import::{ImportOptions, ImportProgress, ImportReport};

/// The bar moves at most so often.
const OFTEN: Duration = Duration::from_millis(100);

const AFTER: &str = "The first line names the columns: fields as shown on screen, and external_id, owner (an
email), assigned_to (emails, with ; between) and private (yes/no). A row without an owner is
its importer's, or, for the operator, the account owner's. Every bad row is told with its
line and left out.

Examples:
  rolecall import contacts spring.csv
  rolecall import contacts crm.csv --map 'E-mail=Email' --map 'Internal no.=' --strict
  rolecall import contacts today.csv --update --as sam@paws.example";

/// Arguments.
#[derive(Debug, Args)]
#[command(after_help = AFTER)]
pub struct ImportArgs {
    /// Which list
    #[arg(value_name = "OBJECT", value_parser = list(), ignore_case = true)]
    object: String,
    /// The CSV file; - is standard input
    #[arg(value_name = "FILE")]
    file: String,
    /// The field that a column holds; nothing after the = leaves the column out
    #[arg(long, value_name = "COLUMN=FIELD", value_parser = pair)]
    map: Vec<(String, String)>,
    /// Import nothing if any row is bad
    #[arg(long)]
    strict: bool,
    /// Change the records that a row's external_id names, where they may be edited
    #[arg(long)]
    update: bool,
}

/// `COLUMN=FIELD`; column names may hold an `=`, names of fields hardly do.
fn pair(text: &str) -> Result<(String, String), String> {
    let (column, field) = text.rsplit_once('=').ok_or("write it as COLUMN=FIELD")?;
    Ok((column.to_owned(), field.to_owned()))
}

/// Runs it.
pub fn run(args: &ImportArgs, shell: &mut Shell) -> Outcome {
    // Before the store is opened, so that nobody waits for whoever types or sends the rows.
    let input = read_ahead(&args.file)?;
    let session = shell.session()?;
    let name = shown_name(&args.file).to_owned();
    let options = ImportOptions {
        map: args.map.clone(),
        strict: args.strict,
        update: args.update,
        file: name.clone(),
        ..ImportOptions::default()
    };
    let interrupt = Interrupt::listen().map_err(|error| Fail::new(error.to_string()))?;
    let length = std::fs::metadata(&args.file).ok().filter(std::fs::Metadata::is_file).map(|about| about.len());
    let mut bar = Bar::new(std::io::stderr().is_terminal() && !shell.json());
    let mut progress = |so_far: ImportProgress| bar.show(&ImportProgress { of: length, ..so_far });
    let imported = session.import(&args.object, input, &options, &mut progress, interrupt.asked());
    bar.clear();
    // What is left, telling of rows and closing the store, leaves nothing half done.
    drop(interrupt);
    let report = match imported {
        Err(ServiceError::Cancelled) => {
            return Err(Fail::new(format!("the import of {name} was called off; nothing of it stays")));
        }
        imported => imported?,
    };
    if shell.json() {
        let left_out = report.problems.iter().map(|row| json!({"line": row.line, "error": row.message}));
        let left_out: Vec<_> = left_out.collect();
        shell.put_json(&json!({
            "created": report.created, "updated": report.updated, "unchanged": report.unchanged, "left_out": left_out,
        }))?;
        return Ok(End::Done);
    }
    for row in &report.problems {
        shell.remark(&format!("{name}:{}: {}", row.line, row.message));
    }
    writeln!(shell.out, "{}.", summary(&report))?;
    Ok(End::Done)
}

/// How far it is, on one line of a terminal.
struct Bar {
    watched: bool,
    drawn: Option<Instant>,
}

impl Bar {
    fn new(watched: bool) -> Self {
        Self { watched, drawn: None }
    }

    fn show(&mut self, so_far: &ImportProgress) {
        if !self.watched || self.drawn.is_some_and(|drawn| drawn.elapsed() < OFTEN) {
            return;
        }
        self.drawn = Some(Instant::now());
        // A bar that nobody can see is no reason to fail.
        let _ = write!(std::io::stderr(), "\r\u{1b}[K{}", words(so_far));
    }

    fn clear(&self) {
        if self.drawn.is_some() {
            let _ = write!(std::io::stderr(), "\r\u{1b}[K");
        }
    }
}

fn words(so_far: &ImportProgress) -> String {
    const WIDE: u64 = 30;
    let Some(share) = so_far.percent() else { return format!("{} rows", so_far.rows) };
    let full = share * WIDE / 100;
    let bar: String = (0..WIDE).map(|place| if place < full { '#' } else { '-' }).collect();
    format!("[{bar}] {share:>3}%  {} rows  (Ctrl-C calls it off)", so_far.rows)
}

fn summary(report: &ImportReport) -> String {
    let left_out = report.problems.len() as u64;
    let as_before = if report.unchanged == 1 { "as it was" } else { "as they were" };
    let parts = [
        (report.created, "created"),
        (report.updated, "updated"),
        (report.unchanged, as_before),
        (left_out, "left out"),
    ];
    let parts: Vec<String> =
        parts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
    if parts.is_empty() { "0 created".to_owned() } else { parts.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_tells_the_share_where_it_is_known() {
        let so_far = ImportProgress { rows: 7, bytes: 50, of: None };
        assert_eq!(words(&so_far), "7 rows");
        let words = words(&ImportProgress { of: Some(100), ..so_far });
        assert!(words.starts_with("[###############---------------]  50%  7 rows"), "{words}");
    }

    #[test]
    fn a_summary_tells_only_what_happened() {
        let report =
            |created, updated, unchanged| ImportReport { created, updated, unchanged, ..ImportReport::default() };
        assert_eq!(summary(&report(0, 0, 0)), "0 created");
        assert_eq!(summary(&report(1, 0, 0)), "1 created");
        assert_eq!(summary(&report(0, 2, 0)), "2 updated");
        assert_eq!(summary(&report(0, 0, 1)), "1 as it was");
        assert_eq!(summary(&report(1, 2, 3)), "1 created, 2 updated, 3 as they were");
    }
}
