//! What is stored reads back, and its bytes are golden: a change here breaks every store there is.

use std::sync::Arc;

use super::*;
use crate::model::access::{Exception, FeatureValue, RoleType, Scope, Scopes, SectionAccess};
use crate::model::team::{
    Account, Automatic, Field, FieldOption, NextIds, Object, Role, Section, Shipped, Status, User,
};
use crate::model::{
    Actor, Day, FeatureId, FieldId, Kind as FieldKind, Moment, ObjectId, OptionId, OwnPermission, Reason, RecordId,
    RoleId, SectionId, Swap, UserId, Value,
};

fn account() -> Account {
    Account {
        name: "Paws".into(),
        time_zone: Some("Europe/Berlin".into()),
        seats: Some(25),
        agent_seats: None,
        permissions: vec![OwnPermission { id: FeatureId(1000), key: "portal.login".into(), label: "Portal".into() }],
        next: NextIds { user: 2, role: 3, object: 4, section: 5, field: 6, permission: 1001 },
    }
}

fn role() -> Role {
    Role {
        id: RoleId(2),
        name: "Vet Tech".into(),
        manager: Some(RoleId(0)),
        role_type: RoleType::Focused,
        description: "d".into(),
        icon: "✚".into(),
        shipped: Some(Shipped::Editable),
        order: 7,
        features: [(FeatureId(3), FeatureValue::Request)].into(),
        scopes: [(ObjectId(0), Scopes { view: Scope::Subordinates, edit: Scope::Own, delete: Scope::None })].into(),
        sections: [(SectionId(4), SectionAccess::Hidden)].into(),
        may_assign: [RoleId(9)].into(),
    }
}

fn user() -> User {
    User {
        id: UserId(1),
        email: "sam@paws.example".into(),
        name: "Sam".into(),
        role: RoleId(2),
        status: Status::Invited,
        manager: Some(UserId(0)),
        exceptions: [(FeatureId(3), Exception { visible: true, until: Some(Moment(1)) })].into(),
        language: Some("de".into()),
        email_from_name: None,
        reply_to: Some("r@x".into()),
        account_manager: false,
        talk_access: true,
        created: Moment(-5),
    }
}

fn object() -> Object {
    let field = Field {
        id: FieldId(300),
        section: SectionId(4),
        name: "Status".into(),
        kind: FieldKind::Dropdown,
        options: vec![FieldOption { id: OptionId(1), label: "Lead".into() }],
        next_option: 2,
        automatic: Some(Automatic::LastChanged),
    };
    Object {
        id: ObjectId(0),
        key: "contacts".into(),
        label: "Contacts".into(),
        singular: "Contact".into(),
        sections: vec![Section { id: SectionId(4), name: "Info".into() }],
        fields: vec![field],
    }
}

fn record() -> Record {
    Record {
        id: RecordId(0x0123_4567_89ab_cdef),
        object: ObjectId(0),
        owner: UserId(1),
        assigned: vec![UserId(0), UserId(300)],
        private: true,
        external_id: Some("c-1".into()),
        values: vec![
            (FieldId(1), Value::Text("Zoë".into())),
            (FieldId(2), Value::Number(1.5)),
            (FieldId(3), Value::Money(-1999)),
            (FieldId(4), Value::Date(Day(20_000))),
            (FieldId(5), Value::YesNo(true)),
            (FieldId(6), Value::Option(OptionId(2))),
        ],
    }
}

fn commit() -> Commit {
    Commit {
        actor: Actor::User(UserId(1)),
        at: Moment(1_700_000_000_000),
        reason: Reason("test".into()),
        changes: vec![
            Change::Account(Swap::made(account())),
            Change::Role(Swap::made(Arc::new(role()))),
            Change::User(Swap::changed(Arc::new(user()), Arc::new(User { name: "S".into(), ..user() }))),
            Change::Object(Swap::made(Arc::new(object()))),
            Change::Record(Swap::removed(record())),
        ],
    }
}

#[test]
fn everything_reads_back() {
    assert_eq!(read_commit(&write_commit(&commit()).unwrap()).unwrap(), commit());
    assert_eq!(read_record(b"k", &write_record(b"k", &record()).unwrap()).unwrap(), record());
    let mut team = Team::new(account()).unwrap();
    for change in &commit().changes[1..4] {
        team.apply(&change.clone()).ok();
    }
    team.users.insert(UserId(1), Arc::new(user()));
    assert_eq!(read_team(&write_team(&team).unwrap()).unwrap(), team);
}

#[test]
fn a_commit_read_piece_by_piece_is_the_whole_commit_and_damage_ends_it() {
    let whole = commit();
    let bytes = write_commit(&whole).unwrap();
    let ((actor, at, reason), changes) = open_commit(&bytes).unwrap();
    assert_eq!((actor, at, reason, changes.left()), (whole.actor, whole.at, whole.reason.clone(), 5));
    assert_eq!(changes.collect::<Result<Vec<_>, _>>().unwrap(), whole.changes);
    // Sealed anew, so that only what is inside is wrong: every cut, and something left over.
    let payload = unseal(Kind::Commit, 1, b"", &bytes).unwrap();
    let too_much = [payload, b"\0"].concat();
    for inside in (0..payload.len()).map(|end| &payload[..end]).chain([too_much.as_slice()]) {
        let cut = seal(Kind::Commit, 1, b"", inside);
        let read = open_commit(&cut).and_then(|(_, changes)| changes.collect::<Result<Vec<_>, _>>());
        assert!(read.is_err() && read_commit(&cut).is_err());
    }
}

fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}

#[test]
fn the_bytes_of_version_1_are_golden() {
    insta::assert_snapshot!("record_v1", hex(&write_record(b"key", &record()).unwrap()));
    insta::assert_snapshot!("commit_v1", hex(&write_commit(&commit()).unwrap()));
    let mut team = Team::new(account()).unwrap();
    team.roles.insert(RoleId(2), Arc::new(role()));
    team.users.insert(UserId(1), Arc::new(user()));
    team.objects.insert(ObjectId(0), Arc::new(object()));
    insta::assert_snapshot!("team_v1", hex(&write_team(&team).unwrap()));
    let secret = v1::SecretV1 {
        user: 3,
        password: Some("$argon2id$x".into()),
        must_change: true,
        temporary_until: Some(9),
        last_seen: None,
        addresses: vec![("10.0.0.1".into(), 1, 2)],
    };
    let throttle = v1::ThrottleV1 { name: [7; 16], failures: 2, wait_until: Some(8) };
    let preferences = v1::PreferencesV1 { user: 3, chosen: vec![("look".into(), "light".into())] };
    insta::assert_snapshot!("preferences_v1", hex(&write_preferences(&preferences).unwrap()));
    insta::assert_snapshot!("throttle_v1", hex(&write_throttle(&throttle).unwrap()));
    insta::assert_snapshot!("secret_v1", hex(&write_secret(&secret).unwrap()));
}

#[test]
fn a_value_under_another_key_and_every_flipped_bit_are_seen() {
    let bytes = write_record(b"one", &record()).unwrap();
    assert!(matches!(read_record(b"two", &bytes), Err(CodecError::Damaged)));
    for bit in 0..bytes.len() * 8 {
        let mut hurt = bytes.clone();
        hurt[bit / 8] ^= 1 << (bit % 8);
        assert!(read_record(b"one", &hurt).is_err(), "bit {bit}");
    }
    for length in 0..bytes.len() {
        assert!(read_record(b"one", &bytes[..length]).is_err());
    }
}

#[test]
fn hostile_lengths_and_left_overs_are_refused() {
    let huge = seal(Kind::Record, 1, b"", &[253, 255, 255, 255, 255, 255, 255, 255, 255, 253, 255, 255, 255, 255]);
    assert!(matches!(read_record(b"", &huge), Err(CodecError::Contents(_))));
    let mut payload = encode(&v1::Lean(&record())).unwrap();
    payload.push(0);
    assert!(matches!(read_record(b"", &seal(Kind::Record, 1, b"", &payload)), Err(CodecError::Contents(_))));
    assert!(matches!(read_record(b"", &seal(Kind::Record, 2, b"", &payload)), Err(CodecError::Newer(2))));
    assert!(matches!(read_record(b"", &seal(Kind::Team, 1, b"", &payload)), Err(CodecError::Kind)));
}

#[test]
fn texts_that_claim_to_be_longer_than_memory_are_refused() {
    // A string of 2^63 - 1 bytes, with nothing behind it.
    let claim = [253, 255, 255, 255, 255, 255, 255, 255, 127];
    assert!(decode::<String>(&claim).is_err());
    assert!(decode::<Vec<String>>(&claim).is_err());
    assert!(decode::<v1::Blob>(&claim).is_err());
}
