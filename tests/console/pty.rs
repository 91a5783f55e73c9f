//! The real binary in a terminal, read back through an emulator.

use std::io::{Read as _, Write as _};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};

/// Longer than anything takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

fn cells(number: u16) -> std::num::NonZero<u16> {
    std::num::NonZero::new(number).unwrap()
}

pub struct Terminal {
    child: Box<dyn Child + Send + Sync>,
    master: Box<dyn MasterPty + Send>,
    keys: Box<dyn std::io::Write + Send>,
    screen: Arc<Mutex<vt100::Parser>>,
    bytes: Arc<Mutex<Vec<u8>>>,
    /// The line discipline before anything ran.
    before: modes::Modes,
}

impl Terminal {
    pub fn run(arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        Self::run_program(env!("CARGO_BIN_EXE_rolecall"), arguments, variables)
    }

    /// The same as a job of a shell, which says when it stops, and continues it at Enter.
    fn run_as_job(arguments: &[&str]) -> Self {
        let script = "set -m; \"$@\"; echo; echo the shell is back; read go; fg; echo all over; read go";
        let mut all = vec!["-c", script, "sh", env!("CARGO_BIN_EXE_rolecall")];
        all.extend(arguments);
        Self::run_program("/bin/sh", &all, &[("PATH", "/usr/bin:/bin")])
    }

    fn run_program(program: &str, arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let size = PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(program);
        command.args(arguments);
        command.env_clear();
        command.cwd(std::env::temp_dir());
        for (name, value) in [("TERM", "xterm-256color"), ("LANG", "C.UTF-8"), ("HOME", "/nonexistent")] {
            command.env(name, value);
        }
        for (name, value) in variables {
            command.env(name, value);
        }
        let before = modes::of(pair.master.as_ref());
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let screen = Arc::new(Mutex::new(vt100::Parser::new(cells(24), cells(80), 0)));
        let bytes = Arc::new(Mutex::new(Vec::new()));
        let mut reader = pair.master.try_clone_reader().unwrap();
        let (to_screen, to_bytes) = (Arc::clone(&screen), Arc::clone(&bytes));
        std::thread::spawn(move || {
            let mut piece = [0; 4096];
            while let Ok(length @ 1..) = reader.read(&mut piece) {
                to_bytes.lock().unwrap().extend_from_slice(&piece[..length]);
                to_screen.lock().unwrap().process(&piece[..length]);
            }
        });
        let keys = pair.master.take_writer().unwrap();
        Self { child, master: pair.master, keys, screen, bytes, before }
    }

    pub fn text(&self) -> String {
        self.screen.lock().unwrap().screen().contents()
    }

    #[track_caller]
    pub fn wait_for(&self, text: &str) {
        let start = Instant::now();
        while !self.text().contains(text) {
            assert!(start.elapsed() < PATIENCE, "no {text:?} in\n{}", self.text());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    pub fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
    }

    /// Presses keys and waits for what they draw.
    pub fn press_and_see(&mut self, keys: &str) {
        let written = || self.bytes.lock().unwrap().len();
        let (before, start) = (written(), Instant::now());
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
        while written() == before && start.elapsed() < Duration::from_secs(2) {
            std::thread::sleep(Duration::from_millis(2));
        }
        let mut last = written();
        loop {
            std::thread::sleep(Duration::from_millis(15));
            let now = written();
            if now == last {
                return;
            }
            last = now;
        }
    }

    pub fn end(&mut self) -> ExitStatus {
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                // What was written last is still on its way through the emulator.
                std::thread::sleep(Duration::from_millis(100));
                return status;
            }
            if start.elapsed() > PATIENCE {
                let _ = self.child.kill();
                panic!("it doesn't end:\n{}", self.text());
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// The terminal is as it was: its screen, cursor, paste mode, line discipline.
    #[track_caller]
    pub fn given_back(&self) {
        let parser = self.screen.lock().unwrap();
        assert!(!parser.screen().alternate_screen(), "still on the alternate screen");
        assert!(!parser.screen().hide_cursor(), "the cursor is hidden");
        assert!(!parser.screen().bracketed_paste(), "pastes are still bracketed");
        drop(parser);
        assert_eq!(modes::of(self.master.as_ref()), self.before, "the line discipline changed");
    }
}

/// The line discipline, as far as raw mode changes it.
mod modes {
    #[derive(Debug, PartialEq, Eq)]
    pub struct Modes(String);

    pub fn of(master: &(dyn portable_pty::MasterPty + Send)) -> Modes {
        let modes = master.get_termios().unwrap();
        Modes(format!("{:?}", (modes.input_flags, modes.output_flags, modes.local_flags)))
    }
}

pub fn directory() -> (tempfile::TempDir, String) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("data").to_string_lossy().into_owned();
    (directory, path)
}

#[test]
fn the_demo_opens_shows_and_quits_with_the_terminal_given_back() {
    let mut terminal = Terminal::run(&["demo", "--records", "50"], &[]);
    terminal.wait_for("What you may do");
    assert_ne!(modes::of(terminal.master.as_ref()), terminal.before, "raw mode");
    terminal.press("2");
    terminal.wait_for("30 users");
    terminal.press("/sam");
    terminal.wait_for("1 user");
    terminal.press("\x1b");
    terminal.wait_for("30 users");
    terminal.press("@freya\r");
    terminal.wait_for("Freya Lindqvist · Focused User");
    terminal.press("q");
    assert_eq!(terminal.end().exit_code(), 0);
    terminal.given_back();
}

#[test]
fn the_first_run_makes_an_account_and_the_next_start_asks_for_its_password() {
    let (_keep, path) = directory();
    let mut terminal = Terminal::run(&["--data", &path], &[]);
    terminal.wait_for("This data directory is empty");
    terminal.press("Paws Clinic\tOlivia Hart\tolivia@paws.example\ta walk in the park\ta walk in the park\r");
    terminal.wait_for("Olivia Hart · Account Owner");
    terminal.press("q");
    assert_eq!(terminal.end().exit_code(), 0);
    terminal.given_back();

    let mut terminal = Terminal::run(&["--data", &path], &[]);
    terminal.wait_for("Sign in with your email");
    terminal.press("olivia@paws.example\rnot the password\r");
    terminal.wait_for("Email or password is wrong.");
    terminal.press("a walk in the park\r");
    terminal.wait_for("What you may do");
    assert!(!String::from_utf8_lossy(&terminal.bytes.lock().unwrap()).contains("walk"));
    terminal.press("\x03");
    assert_eq!(terminal.end().exit_code(), 0);
}

#[test]
fn a_signal_ends_it_with_the_terminal_given_back() {
    use rustix::process::Signal;
    for signal in [Signal::TERM, Signal::HUP, Signal::INT, Signal::QUIT] {
        let mut terminal = Terminal::run(&["demo", "--records", "5"], &[]);
        terminal.wait_for("What you may do");
        let id = rustix::process::Pid::from_raw(terminal.child.process_id().unwrap() as i32).unwrap();
        rustix::process::kill_process(id, signal).unwrap();
        terminal.end();
        terminal.given_back();
    }
}

#[test]
fn suspended_it_gives_the_terminal_to_the_shell_and_continued_it_draws_itself_whole() {
    let mut terminal = Terminal::run_as_job(&["demo", "--records", "5"]);
    terminal.wait_for("What you may do");
    // In the middle of a text, too.
    terminal.press("2");
    terminal.wait_for("30 users");
    terminal.press("/sam");
    terminal.wait_for("1 user");
    let before = terminal.text();
    terminal.press("\x1a");
    terminal.wait_for("the shell is back");
    terminal.given_back();
    assert!(!terminal.text().contains("1 user"), "the shell's own screen:\n{}", terminal.text());
    terminal.press("\n");
    terminal.wait_for("1 user");
    assert_eq!(terminal.text(), before);
    assert_ne!(modes::of(terminal.master.as_ref()), terminal.before, "raw mode again");
    terminal.press("\x1b");
    terminal.wait_for("30 users");
    terminal.press("q");
    terminal.wait_for("all over");
    terminal.given_back();
    terminal.press("\n");
    terminal.end();
}

#[test]
fn without_a_shell_behind_it_suspending_says_so_and_stops_nothing() {
    let mut terminal = Terminal::run(&["demo", "--records", "5"], &[]);
    terminal.wait_for("What you may do");
    terminal.press("\x1a");
    terminal.wait_for("There is no shell behind this console");
    let id = rustix::process::Pid::from_raw(terminal.child.process_id().unwrap() as i32).unwrap();
    rustix::process::kill_process(id, rustix::process::Signal::TSTP).unwrap();
    terminal.press("2");
    terminal.wait_for("30 users");
    // Stopped from outside all the same, it is whole again when it goes on.
    rustix::process::kill_process(id, rustix::process::Signal::STOP).unwrap();
    terminal.screen.lock().unwrap().process(b"\x1b[?1049l\x1b[?25hsomething else");
    rustix::process::kill_process(id, rustix::process::Signal::CONT).unwrap();
    terminal.wait_for("30 users");
    assert!(terminal.screen.lock().unwrap().screen().alternate_screen());
    terminal.press("q");
    assert_eq!(terminal.end().exit_code(), 0);
    terminal.given_back();
}

#[test]
fn what_is_typed_ahead_acts_on_what_the_key_before_opened() {
    let mut terminal = Terminal::run(&["demo", "--records", "500"], &[]);
    terminal.wait_for("What you may do");
    terminal.press(&format!("4{}\x1b[6~/", "j".repeat(120)));
    terminal.wait_for("row 137");
    terminal.press("\rq");
    assert_eq!(terminal.end().exit_code(), 0);
}

#[test]
fn a_new_size_is_drawn_for() {
    let mut terminal = Terminal::run(&["demo", "--records", "5"], &[]);
    terminal.wait_for("What you may do");
    for (rows, cols) in [(10, 40), (45, 160)] {
        terminal.screen.lock().unwrap().screen_mut().set_size(cells(rows), cells(cols));
        terminal.master.resize(PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }).unwrap();
        terminal.wait_for(if rows == 10 { "It has 40 × 10" } else { "What you may do" });
    }
    terminal.press("4");
    terminal.wait_for("Contact Information");
    terminal.press("q");
    assert_eq!(terminal.end().exit_code(), 0);
}

#[test]
fn a_second_one_on_the_same_directory_is_told_who_holds_it() {
    let (_keep, path) = directory();
    let mut first = Terminal::run(&["--data", &path], &[]);
    first.wait_for("This data directory is empty");
    let mut second = Terminal::run(&["--data", &path], &[]);
    assert_eq!(second.end().exit_code(), 1);
    second.given_back();
    let holder = first.child.process_id().unwrap().to_string();
    assert!(second.text().contains(&holder), "who holds it? {}", second.text());
    first.press("\x03");
    first.end();
}

#[test]
fn no_color_is_heard_and_a_plain_locale_draws_plainly() {
    let mut terminal =
        Terminal::run(&["demo", "--records", "5"], &[("NO_COLOR", "1"), ("LANG", "C"), ("COLORTERM", "truecolor")]);
    terminal.wait_for("What you may do");
    terminal.press("2");
    terminal.wait_for("30 users");
    let written = String::from_utf8_lossy(&terminal.bytes.lock().unwrap()).into_owned();
    assert!(!written.contains("\x1b[38;") && !written.contains('│'), "{written:?}");
    terminal.press("q");
    terminal.end();
}

#[test]
fn without_a_terminal_it_says_so() {
    let (_keep, path) = directory();
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_rolecall"));
    let output = command.args(["--data", &path]).stdin(std::process::Stdio::null()).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("needs a terminal") && said.contains("rolecall --help"), "{said}");
}
