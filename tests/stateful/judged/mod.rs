//! What must hold after every step, by the oracle's lights (R22, R31, R13, R32).

use std::collections::{BTreeMap, BTreeSet};

use rolecall::model::{Day, Moment, Record, RecordId, RoleType, Shipped, Team, User, UserId};

use crate::planted::State;
use crate::says::{Oracle, against, is_valid};
use held::Things;

mod held;

pub fn oracle(state: &State) -> Oracle<'_> {
    Oracle::new(&state.team, &state.records, state.now)
}

/// What is wrong with a step; nothing if all is well.
pub fn complaints(before: &State, after: &State, actor: Option<UserId>, refused: Option<&str>) -> Vec<String> {
    let mut wrong = Vec::new();
    wrong.extend(always(&after.team, &oracle(after)));
    wrong.extend(twice(&after.records));
    if before.team == after.team && before.records == after.records {
        return wrong;
    }
    if let Some(why) = refused {
        wrong.push(format!("refused ({why}), and yet something changed"));
    }
    let Some(actor) = actor else {
        wrong.push("time passed, and something changed".to_owned());
        return wrong;
    };
    if before.team != after.team {
        wrong.extend(against(&oracle(before), &oracle(after), Some(actor)));
        wrong.extend(of_oneself(before, after, actor));
        wrong.extend(gained(before, after, actor));
    }
    wrong.extend(written(before, after, actor));
    wrong
}

/// R22, R6: exactly one owner, who is active; somebody active can manage users; the team could be saved.
fn always(team: &Team, oracle: &Oracle<'_>) -> Vec<String> {
    let mut wrong = Vec::new();
    if !is_valid(team) {
        wrong.push("the team isn't valid".to_owned());
    }
    let is_owner = |user: &&User| team.roles[&user.role].shipped == Some(Shipped::AccountOwner);
    let owners: Vec<&User> = team.users.values().map(AsRef::as_ref).filter(is_owner).collect();
    if owners.len() != 1 || !owners.iter().all(|owner| oracle.is_active(owner)) {
        wrong.push(format!("R22: {} owners: {owners:?}", owners.len()));
    }
    if !team.users.values().any(|user| oracle.holds(user, "users.manage")) {
        wrong.push("R22: nobody active can manage users".to_owned());
    }
    wrong
}

/// Part 4: an external ID is unique per object.
fn twice(records: &[Record]) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let named = records.iter().filter_map(|record| record.external_id.as_ref().map(|id| (record.object, id)));
    named.filter(|key| !seen.insert(*key)).map(|key| format!("{key:?} is there twice")).collect()
}

/// The owner before and after, where somebody else owns the account now.
fn transfer(before: &State, after: &State) -> Option<(UserId, UserId)> {
    let (old, new) = (before.team.owner()?.id, after.team.owner()?.id);
    (old != new).then_some((old, new))
}

/// R22 and R31 of the actor's own person, by their own words: "Nobody revokes, deletes or demotes the
/// account owner or themselves"; "nobody changes their own role, scopes, exceptions or manager".
fn of_oneself(before: &State, after: &State, actor: UserId) -> Vec<String> {
    let mut wrong = Vec::new();
    let transfer = transfer(before, after);
    if transfer.is_some_and(|(old, _)| old != actor) {
        wrong.push("R7: the ownership went by another's hand".to_owned());
    }
    let owner = before.team.owner().unwrap().id;
    for id in [actor, owner] {
        let was = &before.team.users[&id];
        let Some(is) = after.team.users.get(&id) else {
            wrong.push(format!("R22: {} is deleted", was.email));
            continue;
        };
        if was.status != is.status {
            wrong.push(format!("R22: {} is {}", was.email, is.status.token()));
        }
        if transfer.is_none() && (was.role, was.manager, &was.exceptions) != (is.role, is.manager, &is.exceptions) {
            wrong.push(format!("R22, R31: {} has another role, manager or exceptions", was.email));
        }
    }
    if let (None, Some(me)) = (transfer, after.team.users.get(&actor)) {
        let things = Things::of(&before.team);
        let had = things.only(oracle(before).holdings(&before.team.users[&actor], before.now));
        let has = things.only(oracle(after).holdings(me, after.now));
        if has != had {
            let (more, less): (Vec<_>, Vec<_>) = (has.difference(&had).collect(), had.difference(&has).collect());
            wrong.push(format!("R31: the actor's own rights changed: more {more:?}, less {less:?}"));
        }
    }
    wrong
}

/// R31 in its plainest form: whatever anybody comes to hold by this step, now or when an exception
/// ends, the actor held before, or it comes with a role that the actor's role lists.
fn gained(before: &State, after: &State, actor: UserId) -> Vec<String> {
    let things = Things::of(&before.team);
    let me = &before.team.users[&actor];
    let mine = oracle(before).holdings(me, before.now);
    let (old, new) = transfer(before, after).unzip();
    let ends = before.team.users.values().chain(after.team.users.values()).flat_map(|user| user.exceptions.values());
    let moments: BTreeSet<Moment> = ends.filter_map(|exception| exception.until).chain([before.now]).collect();
    let mut wrong = Vec::new();
    for user in after.team.users.values().filter(|user| Some(user.id) != old && Some(user.id) != new) {
        let was = before.team.users.get(&user.id);
        let role = &after.team.roles[&user.role];
        let moved = was.is_none_or(|was| was.role != user.role);
        let listed = before.team.roles[&me.role].may_assign.contains(&role.id);
        let lent = if moved && listed && role.role_type != RoleType::Administrator {
            oracle(before).role_holdings(role.id)
        } else {
            BTreeSet::new()
        };
        for at in moments.iter().filter(|at| **at >= before.now) {
            let had = was.map(|was| oracle(before).holdings(was, *at)).unwrap_or_default();
            let has = things.only(oracle(after).holdings(user, *at));
            let beyond: Vec<_> =
                has.iter().filter(|held| !had.contains(held) && !mine.contains(held) && !lent.contains(held)).collect();
            if !beyond.is_empty() {
                wrong.push(format!("R31: {} gains {beyond:?} at {at:?}, which the actor doesn't hold", user.email));
                break;
            }
        }
    }
    wrong
}

/// R12, R13, R14 of every record that the step wrote.
fn written(before: &State, after: &State, actor: UserId) -> Vec<String> {
    let by_id = |state: &State| -> BTreeMap<RecordId, Record> {
        state.records.iter().map(|record| (record.id, record.clone())).collect()
    };
    let (was, is) = (by_id(before), by_id(after));
    let ids: BTreeSet<RecordId> = was.keys().chain(is.keys()).copied().collect();
    let swaps = ids.into_iter().map(|id| (was.get(&id).cloned(), is.get(&id).cloned()));
    let swaps: Vec<(Option<Record>, Option<Record>)> = swaps.filter(|(was, is)| was != is).collect();
    let gone: Vec<UserId> = before.team.users.keys().filter(|id| !after.team.users.contains_key(id)).copied().collect();
    if !gone.is_empty() {
        return left_behind(&gone, &swaps);
    }
    let today = Day::from_date(before.now.timestamp().to_zoned(jiff::tz::TimeZone::UTC).date());
    let me = &before.team.users[&actor];
    let fine = oracle(before).write_many(Some(me), &swaps, today);
    if fine { Vec::new() } else { vec![format!("R12, R13, R14: {} may not write {swaps:?}", me.email)] }
}

/// R24: what somebody who goes leaves changes hands as it is, to one heir, and nothing else does.
fn left_behind(gone: &[UserId], swaps: &[(Option<Record>, Option<Record>)]) -> Vec<String> {
    let mut heirs = BTreeSet::new();
    let mut wrong = Vec::new();
    for (was, is) in swaps {
        let (Some(was), Some(is)) = (was, is) else {
            wrong.push(format!("a departure makes or takes away {was:?} {is:?}"));
            continue;
        };
        let owned = gone.contains(&was.owner);
        if owned {
            heirs.insert(is.owner);
        }
        let assigned = was.assigned.iter().copied().filter(|user| !gone.contains(user)).collect();
        let expected = Record { owner: if owned { is.owner } else { was.owner }, assigned, ..was.clone() };
        if *is != expected || gone.contains(&is.owner) {
            wrong.push(format!("a departure makes {is:?} of {was:?}"));
        }
    }
    if heirs.len() > 1 {
        wrong.push(format!("several heirs: {heirs:?}"));
    }
    wrong
}
