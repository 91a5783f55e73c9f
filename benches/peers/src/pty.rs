//! Pseudo-terminals: a bare one to write to, and one that a program runs in.

use std::fs::File;
use std::io::{Read as _, Write};
use std::path::Path;
use std::process::Command;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{OptionalActions, tcgetattr, tcsetattr};

/// A terminal that nobody looks at: what is written to it is read at once and dropped.
pub fn bare() -> File {
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&master).unwrap();
    unlockpt(&master).unwrap();
    let name = ptsname(&master, Vec::new()).unwrap();
    let slave = File::options().read(true).write(true).open(Path::new(name.to_str().unwrap())).unwrap();
    let mut modes = tcgetattr(&slave).unwrap();
    modes.make_raw();
    tcsetattr(&slave, OptionalActions::Now, &modes).unwrap();
    let mut master = File::from(master);
    std::thread::spawn(move || {
        let mut piece = [0; 65536];
        while matches!(master.read(&mut piece), Ok(1..)) {}
    });
    slave
}

/// Longer than anything takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// The program in a terminal of its own. Each piece that it writes is stamped when it arrives.
pub struct Running {
    child: Box<dyn Child + Send + Sync>,
    _master: Box<dyn MasterPty + Send>,
    keys: Box<dyn Write + Send>,
    screen: vt100::Parser,
    pieces: Receiver<(Instant, Vec<u8>)>,
    began: Instant,
    /// When the last piece came.
    last: Instant,
}

impl Running {
    /// Starts a program at 80×24.
    pub fn start(program: &Path, arguments: &[&str]) -> Self {
        let size = PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(program);
        command.args(arguments);
        command.env_clear();
        for (name, value) in [("TERM", "xterm-256color"), ("LANG", "C.UTF-8")] {
            command.env(name, value);
        }
        let mut reader = pair.master.try_clone_reader().unwrap();
        let (send, pieces) = channel();
        std::thread::spawn(move || {
            let mut piece = [0; 65536];
            while let Ok(length @ 1..) = reader.read(&mut piece) {
                if send.send((Instant::now(), piece[..length].to_vec())).is_err() {
                    return;
                }
            }
        });
        let keys = pair.master.take_writer().unwrap();
        let began = Instant::now();
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let screen = vt100::Parser::new(24.try_into().unwrap(), 80.try_into().unwrap(), 0);
        Self { child, _master: pair.master, keys, screen, pieces, began, last: began }
    }

    /// The seconds from its start until this is on the screen.
    pub fn seconds_until(&mut self, there: impl Fn(&str) -> bool) -> f64 {
        // One piece may bring more than what was waited for before.
        while !there(&self.screen.screen().contents()) {
            let text = || self.screen.screen().contents();
            let Ok((at, bytes)) = self.pieces.recv_timeout(PATIENCE) else { panic!("it never came:\n{}", text()) };
            self.screen.process(&bytes);
            self.last = at;
        }
        self.last.duration_since(self.began).as_secs_f64()
    }

    /// The seconds since its start.
    pub fn since(&self) -> f64 {
        self.began.elapsed().as_secs_f64()
    }

    /// Presses keys.
    pub fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
    }

    /// Waits until it has ended.
    pub fn end(mut self) {
        while self.pieces.recv_timeout(PATIENCE).is_ok() {}
        self.child.wait().unwrap();
    }
}

/// The program as it is released, built if need be: another binary of this package. Or the one that
/// `ROLECALL` names.
pub fn program() -> std::path::PathBuf {
    if let Some(named) = std::env::var_os("ROLECALL") {
        return named.into();
    }
    let here = std::env::current_exe().unwrap();
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    let built = Command::new(cargo)
        .args(["build", "--release", "--quiet", "--bin", "rolecall", "--manifest-path"])
        .arg(manifest)
        .status()
        .unwrap();
    assert!(built.success(), "the program can't be built");
    here.with_file_name("rolecall")
}
