//! The command line (SPEC part 4): arguments in, text or JSON out, an exit code at the end. One
//! small file for each command; what they share is in [`shell`] (where a command runs), [`fail`]
//! (how it ends) and [`table`] (how lists look).

mod apply;
mod args;
mod audit;
mod backup;
mod check;
mod completions;
mod console;
mod demo;
mod export;
mod fail;
mod import;
mod init;
mod man;
mod passwd;
mod piped;
mod records;
mod restore;
mod roles;
mod shell;
mod table;
mod users;
mod verify;

use std::ffi::OsString;
use std::io::{IsTerminal as _, Write};
use std::process::ExitCode;

use clap::Parser as _;

use args::{Cli, Command};
use fail::{End, Fail, Outcome};
use shell::Shell;

/// Runs the program: parse, run, exit code.
#[must_use]
pub fn main() -> ExitCode {
    quiet_about_the_index();
    let arguments = with_help(std::env::args_os().collect());
    // Not locked: a thread that breaks off says so, and must not wait for the end to do it.
    let mut err = std::io::stderr();
    let code = match Cli::try_parse_from(&arguments) {
        Ok(cli) => {
            let json = cli.global.json;
            end(run(cli, says(&arguments, "--data")), json, &mut err)
        }
        Err(error) => usage(&error, &arguments, &mut err),
    };
    ExitCode::from(code)
}

/// `rolecall help`, also of a command, asks for the help that every other program has there.
fn with_help(mut arguments: Vec<OsString>) -> Vec<OsString> {
    if arguments.get(1).is_some_and(|word| word == "help") {
        arguments.remove(1);
        arguments.push("--help".into());
    }
    arguments
}

/// sled panics on a damaged file; the store catches that, builds the index anew and reports it. The
/// panic's own words would only alarm.
fn quiet_about_the_index() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if !info.location().is_some_and(|at| at.file().contains("/sled-")) {
            usual(info);
        }
    }));
}

fn run(cli: Cli, named_data: bool) -> Outcome {
    let mut shell = Shell::new(cli.global);
    let outcome = match cli.command {
        None => console::run(&shell),
        Some(Command::Demo(args)) => demo::run(&args, &shell, named_data),
        Some(Command::Init(args)) => init::run(&args, &mut shell),
        Some(Command::Apply(args)) => apply::run(&args, &mut shell),
        Some(Command::Export(args)) => export::run(&args, &mut shell),
        Some(Command::Import(args)) => import::run(&args, &mut shell),
        Some(Command::Records(args)) => records::run(&args, &mut shell),
        Some(Command::Check(args)) => check::run(&args, &mut shell),
        Some(Command::Users(args)) => users::run(&args, &mut shell),
        Some(Command::Roles(args)) => roles::run(&args, &mut shell),
        Some(Command::Audit(args)) => audit::run(&args, &mut shell),
        Some(Command::Backup(args)) => backup::run(&args, &mut shell),
        Some(Command::Restore(args)) => restore::run(&args, &mut shell),
        Some(Command::Verify(args)) => verify::run(&args, &mut shell),
        Some(Command::Passwd(args)) => passwd::run(&args, &mut shell),
        Some(Command::Completions(args)) => completions::run(&args, &mut shell),
        Some(Command::Man(args)) => man::run(&args, &mut shell),
    };
    let flushed = shell.out.flush();
    let end = outcome?;
    flushed?;
    Ok(end)
}

/// Says how it ended, if that needs saying.
fn end(outcome: Outcome, json: bool, err: &mut dyn Write) -> u8 {
    match outcome {
        Ok(end) => end.code(),
        Err(fail) => {
            // Where even this can't be written, the exit code has to do.
            let _ = fail.tell(json, err);
            fail.code()
        }
    }
}

/// Was this option typed?
fn says(arguments: &[OsString], option: &str) -> bool {
    let mut options = arguments.iter().skip(1).take_while(|word| *word != "--").map(|word| word.to_string_lossy());
    options.any(|word| word.split_once('=').map_or(&*word, |(name, _)| name) == option)
}

/// Help and version go to the output and are no error; everything else is a wrong usage.
fn usage(error: &clap::Error, arguments: &[OsString], err: &mut dyn Write) -> u8 {
    if !error.use_stderr() {
        // A reader that closed the pipe has seen what it wanted.
        let _ = error.print();
        return End::Done.code();
    }
    let json = says(arguments, "--json");
    if !json {
        let rendered = error.render();
        let _ = if std::io::stderr().is_terminal() {
            write!(err, "{}", rendered.ansi())
        } else {
            write!(err, "{rendered}")
        };
        return fail::USAGE;
    }
    let text = error.render().to_string();
    let (said, rest) = text.split_once("\n\n").unwrap_or((&text, ""));
    let said = said.strip_prefix("error: ").unwrap_or(said);
    let hint: Vec<&str> = rest.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let hint = if hint.is_empty() { "see --help".to_owned() } else { hint.join(" · ") };
    end(Err(Fail::usage(said.trim().to_owned()).hinting(hint)), true, err)
}
