//! `rolecall import`.

use std::io::{IsTerminal as _, Read, Write as _};
use std::time::{Duration, Instant};

use clap::Args;
use serde_json::json;

use super::fail::{End, Fail, Outcome};
use super::piped::Piped;
use super::shell::{Shell, counted, list, open_input, shown_name};
use crate::exchange::csv::Problem;
use crate::host::Interrupt;
use crate::service::ServiceError;
use crate::service::import::{ImportOptions, ImportProgress, ImportReport, Told};

/// The bar moves at most so often.
const OFTEN: Duration = Duration::from_millis(100);
/// Of more rows than these that are left out, the causes are told too.
const MANY: u64 = 20;
/// Rows that are left out are told one by one as far as they go into so many bytes.
const ROOM: usize = 32 << 20;

const AFTER: &str = "The first line names the columns: fields as shown on screen, and external_id, owner (an
email), assigned_to (emails, with ; between) and private (yes/no). A row without an owner is
its importer's, or, for the operator, the account owner's. Every bad row is told with its
line and left out; that is no failure, even where it is every row. With --strict it is.

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
    let length = length(&args.file);
    let input = open_input(&args.file)?;
    let unread = |error: std::io::Error| Fail::file(shown_name(&args.file), "read", &error);
    let input = match length {
        Some(_) => Input::File(input),
        None => Input::Piped(Piped::begin(input).map_err(unread)?),
    };
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
    let input: Box<dyn Read + Send + '_> = match input {
        Input::File(input) => input,
        Input::Piped(piped) => Box::new(piped.until(interrupt.asked()).map_err(unread)?),
    };
    let mut bar = Bar::new(std::io::stderr().is_terminal() && !shell.json());
    let mut rows = Rows::default();
    let mut told = |told: Told<'_>| match told {
        Told::Progress(so_far) => bar.show(&ImportProgress { of: length, ..so_far }),
        // Told at the end: whoever reads it slowly is not to keep the import.
        Told::LeftOut(row) => rows.keep(row),
    };
    let imported = session.import_telling(&args.object, input, &options, &mut told, interrupt.asked());
    bar.clear();
    // What is left, telling of rows and closing the store, leaves nothing half done.
    drop(interrupt);
    let report = match imported {
        Err(ServiceError::Cancelled) => {
            return Err(Fail::new(format!("the import of {name} was called off; nothing of it stays")));
        }
        Err(why @ ServiceError::Meanwhile(_)) => {
            return Err(Fail::from(why).adding("nothing was imported").hinting("run the import again"));
        }
        // It says itself that nothing was changed.
        Err(why @ ServiceError::InvalidList(_)) => return Err(why.into()),
        Err(why) => return Err(Fail::from(why).adding("nothing was imported")),
        Ok(report) => report,
    };
    let more = report.left_out.count - rows.kept.len() as u64;
    if shell.json() {
        let left_out = rows.kept.iter().map(|row| json!({"line": row.line, "error": row.message}));
        let mut all = json!({
            "created": report.created, "updated": report.updated, "unchanged": report.unchanged,
            "left_out": left_out.collect::<Vec<_>>(),
        });
        if let (Some(all), true) = (all.as_object_mut(), more > 0) {
            all.insert("left_out_more".to_owned(), json!(more));
        }
        shell.put_json(&all)?;
        return Ok(End::Done);
    }
    for row in &rows.kept {
        shell.remark(&format!("{name}:{}: {}", row.line, row.message));
    }
    if more > 0 {
        shell.remark(&format!("{name}: {} can't be taken, too many to tell of each", counted(more, "more row")));
    }
    if report.left_out.count > MANY {
        for cause in report.left_out.causes() {
            let rows = counted(cause.rows.count, "row");
            shell.remark(&format!("{rows}, the first on line {}: {}", cause.rows.first(), cause.text));
        }
    }
    writeln!(shell.out, "{}.", summary(&report))?;
    Ok(End::Done)
}

/// How long a file is; what is piped has no length, also where a file is called `-`.
fn length(file: &str) -> Option<u64> {
    let about = std::fs::metadata(file).ok().filter(|about| file != "-" && about.is_file());
    about.map(|about| about.len())
}

/// Rows that are left out, as many as there is room for.
#[derive(Default)]
struct Rows {
    kept: Vec<Problem>,
    bytes: usize,
}

impl Rows {
    fn keep(&mut self, row: &Problem) {
        if self.bytes < ROOM {
            self.bytes += size_of::<Problem>() + row.message.len();
            self.kept.push(row.clone());
        }
    }
}

/// Where rows come from.
enum Input {
    File(Box<dyn Read + Send>),
    Piped(Piped),
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

    fn clear(&mut self) {
        if self.drawn.take().is_some() {
            let _ = write!(std::io::stderr(), "\r\u{1b}[K");
        }
    }
}

fn words(so_far: &ImportProgress) -> String {
    const WIDE: u64 = 30;
    let at = so_far.at_the_end().map(|at| format!(", {at}")).unwrap_or_default();
    let Some(share) = so_far.percent() else { return format!("{} rows", so_far.rows) };
    let full = share * WIDE / 100;
    let bar: String = (0..WIDE).map(|place| if place < full { '#' } else { '-' }).collect();
    format!("[{bar}] {share:>3}%  {} rows{at}  (Ctrl-C calls it off)", so_far.rows)
}

fn summary(report: &ImportReport) -> String {
    let left_out = report.left_out.count;
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
        let so_far = ImportProgress { rows: 7, bytes: 50, ..ImportProgress::default() };
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
