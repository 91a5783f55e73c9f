//! Who gains and who loses what, before a role is saved.

use std::hint::black_box;
use std::sync::Arc;

use rolecall::authz::{Subject, compile, diff};
use rolecall::model::{Moment, Scope};

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
    part.notes = vec![
        "One role's view goes from “Owned by me” to “All”: the difference of all decisions of all people before and \
         after, in features, sections and exact numbers of records. No peer has this. *One pass* reads every \
         person's rights before and after and adds up what each owner has: the least that any answer must read."
            .to_owned(),
    ];
    part
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
    row.aim("≤ 50 ms", ours <= 50e-3).unless("it looks at each person by themselves, and there are 100k")
}
