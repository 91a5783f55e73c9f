//! Secrets are kept, forgotten, and found damaged.

use super::*;
use crate::store::files::RealDisk;

fn open(path: &Path) -> Secrets {
    let disk: Arc<dyn Disk> = Arc::new(RealDisk);
    Secrets::open(&disk, path).unwrap()
}

fn secret(hash: &str) -> Secret {
    Secret { password_hash: Some(hash.to_owned()), must_change: true, temporary_until: Some(Moment(9)) }
}

#[test]
fn secrets_and_delays_outlive_a_restart() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("secrets");
    let secrets = open(&path);
    let throttle = Throttle { failures: 5, wait_until: Some(Moment(77)) };
    secrets.set_secret(UserId(1), secret("$hash")).unwrap();
    secrets.set_throttle("sam@x", throttle).unwrap();
    secrets.set_throttle("kim@x", throttle).unwrap();
    secrets.set_throttle("kim@x", Throttle::default()).unwrap();
    secrets.note_sign_in(UserId(1), Some("10.0.0.1"), Moment(5)).unwrap();
    secrets.note_sign_in(UserId(1), Some("10.0.0.1"), Moment(6)).unwrap();
    let secrets = open(&path);
    assert_eq!(secrets.secret(UserId(1)), Some(secret("$hash")));
    assert_eq!(secrets.secret(UserId(2)), None);
    assert_eq!(secrets.throttle("sam@x"), throttle);
    assert_eq!(secrets.throttle("kim@x"), Throttle::default());
    let seen = Seen { address: "10.0.0.1".into(), first: Moment(5), last: Moment(6) };
    assert_eq!(secrets.presence(UserId(1)), Presence { last_seen: Some(Moment(6)), addresses: vec![seen] });
    let bytes = std::fs::read(&path).unwrap();
    assert!(!bytes.windows(5).any(|five| five == b"sam@x"), "typed names aren't kept as such");
}

#[test]
fn old_hashes_do_not_linger() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("secrets");
    let secrets = open(&path);
    for round in 0..700 {
        secrets.set_secret(UserId(1), secret(&format!("$argon2id$v=19${}old-{round:030}", "x".repeat(90)))).unwrap();
    }
    assert!(std::fs::metadata(&path).unwrap().len() < 2 * SLACK);
    secrets.set_secret(UserId(2), secret("$stays")).unwrap();
    secrets.forget(UserId(1)).unwrap();
    let bytes = std::fs::read(&path).unwrap();
    assert!(!bytes.windows(4).any(|four| four == b"old-"));
    assert_eq!(open(&path).secret(UserId(2)), Some(secret("$stays")));
    assert_eq!(open(&path).secret(UserId(1)), None);
}

#[test]
fn torn_anywhere_the_last_entry_is_dropped_and_damage_before_it_is_reported() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("secrets");
    let secrets = open(&path);
    secrets.set_secret(UserId(1), secret("$one")).unwrap();
    let first = std::fs::metadata(&path).unwrap().len() as usize;
    secrets.set_secret(UserId(1), secret("$two")).unwrap();
    drop(secrets);
    let whole = std::fs::read(&path).unwrap();
    for length in first..whole.len() {
        std::fs::write(&path, &whole[..length]).unwrap();
        assert_eq!(open(&path).secret(UserId(1)), Some(secret("$one")), "{length}");
    }
    for byte in 0..first {
        let mut hurt = whole.clone();
        hurt[byte] ^= 4;
        let error = read_all(&path, &hurt).unwrap_err().to_string();
        assert!(error.contains("damaged at byte 0"), "{error}");
    }
}

#[test]
fn preferences_outlive_a_restart_and_a_torn_end_and_go_with_their_person() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("secrets");
    let secrets = open(&path);
    secrets.set_secret(UserId(1), secret("$one")).unwrap();
    secrets.set_preference(UserId(1), "look", Some("light")).unwrap();
    secrets.set_preference(UserId(1), "columns.contacts", Some("3 1 owner")).unwrap();
    let before = std::fs::metadata(&path).unwrap().len() as usize;
    secrets.set_preference(UserId(1), "look", Some("light")).unwrap();
    assert_eq!(std::fs::metadata(&path).unwrap().len() as usize, before, "the same again is not written");
    secrets.set_preference(UserId(1), "look", Some("dark")).unwrap();
    let whole = std::fs::read(&path).unwrap();
    for length in before..whole.len() {
        std::fs::write(&path, &whole[..length]).unwrap();
        let torn = open(&path);
        assert_eq!(torn.preference(UserId(1), "look").as_deref(), Some("light"), "{length}");
        assert_eq!(torn.preference(UserId(1), "columns.contacts").as_deref(), Some("3 1 owner"));
        assert_eq!(torn.secret(UserId(1)), Some(secret("$one")));
    }
    std::fs::write(&path, &whole).unwrap();
    let secrets = open(&path);
    assert_eq!(secrets.preference(UserId(1), "look").as_deref(), Some("dark"));
    assert_eq!(secrets.preference(UserId(2), "look"), None);
    secrets.set_preference(UserId(1), "look", None).unwrap();
    assert_eq!(open(&path).preference(UserId(1), "look"), None);
    secrets.forget(UserId(1)).unwrap();
    assert_eq!(open(&path).preferences(UserId(1)), 0);
    assert!(!std::fs::read(&path).unwrap().windows(5).any(|five| five == b"owner"));
}
