//! `rolecall check`, one question or many.

use std::io::{BufRead as _, BufReader, Write as _};

use clap::Args;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::fail::{End, Fail, Outcome};
use super::shell::{Shell, open_input, shown_name};
use crate::service::check::{Answer, Question};
use crate::service::{ServiceError, Session};

const AFTER: &str = "An action is AREA.access, AREA.view, AREA.edit, AREA.create, AREA.delete, or a feature's key
such as contacts.export. With --field, view, edit and create are asked of that field; the
others are about none. Exits with 0 if it is allowed, 3 if not.

With --batch, each line of the file is one question, {\"as\", \"action\", \"record\"?, \"field\"?},
and each line of the answer {\"allowed\", \"reason\"}, in the same order.

Examples:
  rolecall check --as sam@paws.example contacts.export
  rolecall check --as sam@paws.example contacts.edit --record ext:D-17 --field Status --explain
  rolecall check --batch questions.jsonl";

/// Arguments.
#[derive(Debug, Args)]
#[command(after_help = AFTER)]
pub struct CheckArgs {
    /// What they want to do
    #[arg(value_name = "ACTION", required_unless_present = "batch")]
    action: Option<String>,
    /// The record, by its ID or as ext:VALUE
    #[arg(long, value_name = "ID")]
    record: Option<String>,
    /// The field, by its shown name
    #[arg(long, value_name = "NAME")]
    field: Option<String>,
    /// Tell everything that was looked at, layer by layer
    #[arg(long)]
    explain: bool,
    /// Answer the questions of a file, one JSON object on each line; - is standard input
    #[arg(long, value_name = "FILE", conflicts_with_all = ["action", "record", "field", "explain"])]
    batch: Option<String>,
}

/// So many questions that are there already are answered together.
const TOGETHER: usize = 1024;

/// The mark at the beginning of some texts.
const BOM: &[u8] = "\u{FEFF}".as_bytes();

/// A line of a batch.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object such as {\"as\": EMAIL, \"action\": ACTION}")]
struct Line {
    r#as: String,
    action: String,
    record: Option<String>,
    field: Option<String>,
}

/// Runs it.
pub fn run(args: &CheckArgs, shell: &mut Shell) -> Outcome {
    let subject = shell.global.as_user.take();
    if let Some(file) = &args.batch {
        if subject.is_some() {
            return Err(Fail::usage("--as can't be used with --batch: each line names its own person"));
        }
        return batch(file, shell);
    }
    let Some(user) = subject else {
        return Err(Fail::usage("--as EMAIL is missing: whom is it about?"));
    };
    let question = Question {
        user,
        action: args.action.clone().unwrap_or_default(),
        record: args.record.clone(),
        field: args.field.clone(),
    };
    // One record is looked up among all; without one, no record matters.
    let session = if question.record.is_some() { shell.session()? } else { shell.quick_session()? };
    let answer = session.check(&question, args.explain).map_err(|error| match error {
        ServiceError::NoField(action) => {
            let message =
                format!("--field goes with view and edit (and create) of records; {action} is about no field");
            Fail::usage(message).hinting("leave out --field, or ask for AREA.view or AREA.edit")
        }
        error => error.into(),
    })?;
    if shell.json() {
        shell.put_json(&told(&answer))?;
    } else {
        show(&answer, shell)?;
    }
    Ok(if answer.decision.allowed { End::Done } else { End::Denied })
}

fn show(answer: &Answer, shell: &mut Shell) -> Result<(), Fail> {
    let word = if answer.decision.allowed { "allowed" } else { "denied" };
    match answer.decision.reason.as_str() {
        reason if reason == word => writeln!(shell.out, "{word}")?,
        reason => writeln!(shell.out, "{word}: {reason}")?,
    }
    let Some(explanation) = &answer.explanation else { return Ok(()) };
    for (position, step) in explanation.steps.iter().enumerate() {
        let mark = if position == explanation.deciding { '>' } else { ' ' };
        let say = if step.allows { "yes" } else { "no " };
        let layer = step.layer.to_string();
        writeln!(shell.out, "{mark} {layer:<9}  {say}  {}", crate::model::text::visible(&step.text))?;
    }
    Ok(())
}

fn told(answer: &Answer) -> Json {
    let mut object = json!({"allowed": answer.decision.allowed, "reason": answer.decision.reason});
    if let (Some(explanation), Some(object)) = (&answer.explanation, object.as_object_mut()) {
        let steps = explanation.steps.iter().enumerate().map(|(position, step)| {
            json!({
                "layer": step.layer.to_string(), "allows": step.allows, "text": step.text,
                "deciding": position == explanation.deciding,
            })
        });
        object.insert("explanation".to_owned(), steps.collect());
    }
    object
}

fn batch(file: &str, shell: &mut Shell) -> Outcome {
    let session = shell.session()?;
    let mut input = BufReader::new(open_input(file)?);
    let mut end = End::Done;
    let mut line = Vec::new();
    let mut questions: Vec<Result<Question, String>> = Vec::new();
    let mut begins = true;
    // Empty lines at the end of a file are no questions; one between others is.
    let mut empty = 0;
    loop {
        line.clear();
        let read = input.read_until(b'\n', &mut line).map_err(|error| Fail::file(shown_name(file), "read", &error));
        if read.is_err() {
            // What was asked before has its answer all the same.
            put_answers(&mut questions, &session, shell)?;
        }
        if read? == 0 {
            return Ok(if put_answers(&mut questions, &session, shell)? { end } else { End::Failed });
        }
        // Some programs begin a text with a mark of its encoding.
        if std::mem::take(&mut begins) && line.starts_with(BOM) {
            line.drain(..BOM.len());
        }
        if line.iter().all(u8::is_ascii_whitespace) {
            empty += 1;
            continue;
        }
        for _ in 0..std::mem::take(&mut empty) {
            questions.push(Err("the line is empty".to_owned()));
        }
        questions.push(question(&line));
        // Whoever asks line by line waits for each answer.
        let waits = input.buffer().is_empty();
        if waits || questions.len() >= TOGETHER {
            if !put_answers(&mut questions, &session, shell)? {
                end = End::Failed;
            }
            if waits {
                shell.out.flush()?;
            }
        }
    }
}

/// Answers questions in their order; whether all of them were some.
fn put_answers(
    questions: &mut Vec<Result<Question, String>>,
    session: &Session,
    shell: &mut Shell,
) -> Result<bool, Fail> {
    let understood: Vec<Question> = questions.iter().flatten().cloned().collect();
    let mut answers = session.check_all(&understood).into_iter();
    let mut all = true;
    for question in questions.drain(..) {
        let answer = question.and_then(|_| match answers.next() {
            Some(answer) => answer.map_err(|error| error.to_string()),
            None => Err("there was no answer".to_owned()),
        });
        all &= answer.is_ok();
        shell.put_json(&answer.map_or_else(|error| refused(&error), |answer| told(&answer)))?;
    }
    Ok(all)
}

fn refused(error: &str) -> Json {
    json!({"allowed": false, "error": error})
}

fn question(line: &[u8]) -> Result<Question, String> {
    // A list of the same length would be read as one, too.
    if line.trim_ascii_start().starts_with(b"[") {
        return Err("isn't a question: an object is expected, not a list".to_owned());
    }
    let line: Line = serde_json::from_slice(line).map_err(|error| format!("isn't a question: {error}"))?;
    Ok(Question { user: line.r#as, action: line.action, record: line.record, field: line.field })
}
