//! Who gains and who loses what, before a role is saved.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use rolecall::authz::{Subject, compile, diff};
use rolecall::model::{Moment, Role, Scope};
use rolecall::service::Engine;
use rolecall::service::draft::Draft;
use rolecall::service::edit_roles::{Cell, CellValue, RoleChange, Verb};
use rolecall::store::Options;

use crate::machine;
use crate::measure::Effort;
use crate::result::{Part, Row, Unit};
use crate::world::{self, CONTACTS, Counted};

/// Measures it.
pub fn run(effort: &Effort) -> Part {
    let mut part = Part { at: machine::now(), quick: effort.quick, ..Part::default() };
    for (people, roles, of) in
        [(1_000, 50, "1M records, 1,000 people, 50 roles"), (100_000, 10_000, "1M records, 100k people, 10k roles")]
    {
        part.rows.push(at(people, roles, of, effort));
    }
    part.rows.extend(asked_for(100_000, 10_000, "1M records, 100k people, 10k roles", effort));
    part.notes = vec![
        "One role's view goes from “Owned by me” to “All”: the difference of all decisions of all people before and \
         after, in features, sections and exact numbers of records. No peer has this. *One pass* reads every \
         person's rights before and after and adds up what each owner has: the least that any answer must read."
            .to_owned(),
        "The account owner asks what such an edit would mean, and saves it, through a session: the draft worked out, \
         judged by all rules, compared, put into words; or judged, synced, published, and tried whether undo takes it \
         back. *One copy compiled* is the least that either must do with the team: a copy with the one role changed, \
         and its rules compiled from those before."
            .to_owned(),
    ];
    part
}

/// What whoever edits a role waits for, between the key and what it would mean, and between the key and
/// that it is saved.
fn asked_for(people: u32, roles: u32, of: &str, effort: &Effort) -> [Row; 2] {
    let directory = world::directory();
    let team = world::team(people, roles);
    world::dealt_out(directory.path(), &team, effort.million);
    let engine = Engine::open(directory.path(), Options { index: false, ..Options::default() }).unwrap();
    while engine.loading().is_some() {
        std::thread::sleep(Duration::from_millis(20));
    }
    let role = team.roles.values().find(|role| role.scopes(CONTACTS).view == Scope::Own && role.shipped.is_none());
    let role = role.unwrap();
    let edit = |scope: Scope| {
        let cells = vec![(Cell::Scope("contacts".to_owned(), Verb::View), CellValue::Scope(scope))];
        let change = RoleChange { cells, ..RoleChange::default() };
        Draft::Roles(BTreeMap::from([(role.name.clone(), change)]))
    };
    let session = engine.acting_as("owner@bench.example").unwrap();
    let meant = session.preview(&edit(Scope::All)).unwrap();
    assert_eq!(meant.people.len(), team.users.values().filter(|user| user.role == role.id).count());

    let before = compile(Arc::new(team.clone()), Moment(0));
    let [preview, renewed] = effort.compare([
        &mut || {
            black_box(session.preview(&edit(Scope::All)).unwrap().people.len());
        },
        &mut || {
            let mut edited = team.clone();
            let mut role = Role::clone(role);
            role.scopes.get_mut(&CONTACTS).unwrap().view = Scope::All;
            edited.roles.insert(role.id, Arc::new(role));
            black_box(before.renewed(Arc::new(edited), Moment(0)).next_change());
        },
    ]);
    let mut turn = [Scope::All, Scope::Own].into_iter().cycle();
    let [save] = effort.compare_waiting([&mut || {
        black_box(session.save(&edit(turn.next().unwrap())).unwrap().sessions);
    }]);
    let row = |what: &str, ours: f64| Row::of(what, of, Unit::Seconds, ours).over("one copy compiled", renewed);
    let preview = row("preview of a role edit, as a person gets it", preview);
    let met = preview.ours <= 50e-3;
    let why = "it compares the decisions of 100k people, and looks for a role by its name among 10k";
    [preview.aim("≤ 50 ms", met).unless(why), row("save of a role edit, until a person is told", save)]
}

fn at(people: u32, roles: u32, of: &str, effort: &Effort) -> Row {
    let team = Arc::new(world::team(people, roles));
    let mut edited = (*team).clone();
    let role = edited.roles.values().find(|role| role.scopes(CONTACTS).view == Scope::Own && role.shipped.is_none());
    let mut role = (**role.unwrap()).clone();
    role.scopes.get_mut(&CONTACTS).unwrap().view = Scope::All;
    let role_id = role.id;
    edited.roles.insert(role.id, Arc::new(role));
    let (before, after) = (compile(Arc::clone(&team), Moment(0)), compile(Arc::new(edited), Moment(0)));
    let facts = Counted::new(1_000_000, people);

    // Exactly the holders of the role gain, and each what others own and isn't sealed.
    let found = diff(&before, &after, &facts);
    let holders = team.users.values().filter(|user| user.role == role_id).count();
    assert_eq!(found.len(), holders, "the holders of the role are who is concerned");
    let mut owners = vec![0_u64; people as usize];
    (0..1_000_000).for_each(|place| owners[world::owner_of(place, people).index()] += 1);

    let [ours, pass] = effort.compare([
        &mut || {
            black_box(diff(&before, &after, &facts).len());
        },
        &mut || {
            let changed = team.users.keys().filter(|user| {
                let rights = |snapshot: &rolecall::authz::Snapshot| snapshot.rights(Subject::User(**user), CONTACTS);
                rights(&before) != rights(&after)
            });
            black_box((changed.count(), owners.iter().sum::<u64>()));
        },
    ]);
    let row = Row::of("impact of a role edit", of, Unit::Seconds, ours).over("one pass", pass);
    row.aim("≤ 50 ms", ours <= 50e-3).unless(
        "the class of each person is compared, and what each owner has is summed up, though only the holders of one \
         role differ",
    )
}
