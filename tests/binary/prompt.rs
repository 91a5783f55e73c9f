//! The owner's password, typed at a terminal.

use std::io::{Read as _, Write as _};
use std::time::{Duration, Instant};

use portable_pty::{CommandBuilder, PtySize, native_pty_system};

use crate::kit::{Home, OWNER};

/// Runs `init` in a terminal and types; answers with the exit code and everything that was shown.
fn init(home: &Home, typed: &[&str]) -> (u32, String) {
    let pty = native_pty_system().openpty(PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 }).unwrap();
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_rolecall"));
    command.args(["init", "--account", "Paws", "--owner", OWNER, "--owner-name", "Olga"]);
    command.env("ROLECALL_DATA", home.data());
    let mut child = pty.slave.spawn_command(command).unwrap();
    drop(pty.slave);
    let mut reader = pty.master.try_clone_reader().unwrap();
    let (sender, shown) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let mut bytes = [0; 1024];
        while let Ok(length) = reader.read(&mut bytes) {
            if length == 0 || sender.send(bytes[..length].to_vec()).is_err() {
                break;
            }
        }
    });
    let mut writer = pty.master.take_writer().unwrap();
    let (mut screen, begin, mut questions) = (Vec::new(), Instant::now(), 0);
    for keys in typed {
        questions += 1;
        // Each question ends in a colon; nothing is typed before it is there.
        while String::from_utf8_lossy(&screen).matches(": ").count() < questions {
            assert!(begin.elapsed() < Duration::from_secs(20), "{}", String::from_utf8_lossy(&screen));
            screen.extend(shown.recv_timeout(Duration::from_secs(20)).unwrap_or_default());
        }
        writer.write_all(keys.as_bytes()).unwrap();
        writer.flush().unwrap();
    }
    let status = child.wait().unwrap();
    while let Ok(bytes) = shown.recv_timeout(Duration::from_millis(300)) {
        screen.extend(bytes);
    }
    (status.exit_code(), String::from_utf8_lossy(&screen).into_owned())
}

#[test]
fn a_password_is_asked_for_twice_and_never_shown() {
    let home = Home::empty();
    // A wrong letter is taken back, one of several bytes too.
    let (code, screen) = init(&home, &["a walk in the sné\x7f\x7fnow\r", "a walk in the snow\r"]);
    assert_eq!(code, 0, "{screen}");
    assert!(
        screen.contains("is ready") && !screen.contains("walk") && !screen.contains("temporary password of"),
        "{screen}"
    );
}

#[test]
fn nothing_typed_makes_a_temporary_password() {
    let (code, screen) = init(&Home::empty(), &["\r"]);
    assert_eq!(code, 0, "{screen}");
    assert!(screen.contains("The temporary password of"), "{screen}");
}

#[test]
fn two_different_passwords_or_breaking_off_make_no_account() {
    let home = Home::empty();
    let (code, screen) = init(&home, &["a walk in the snow\r", "a walk in the park\r"]);
    assert!(code == 1 && screen.contains("differ"), "{screen}");
    let (code, screen) = init(&home, &["half a pass\x03"]);
    assert!(code == 1 && screen.contains("broken off"), "{screen}");
    home.run(&["users"]).refused(1, "rolecall init");
}
