//! Lists, single records and `check`, held against each other and against the oracle.

use std::collections::BTreeSet;

use rolecall::model::{RecordAction, RecordId};
use rolecall::service::check::Question;
use rolecall::service::records::RecordQuery;

use crate::house::House;
use crate::judged::oracle;
use crate::planted::State;

/// What the engine that went through all of it answers, held against the state as it was read anew:
/// everybody's lists, numbers, fields, single records, and `check`.
pub fn disagreements(house: &House, state: &State, some: usize) -> Vec<String> {
    let oracle = oracle(state);
    let operator = house.engine.operator();
    let mut wrong = Vec::new();
    for (place, user) in state.team.users.values().enumerate() {
        let answers = place % 3 == some % 3;
        let Ok(session) = house.engine.acting_as(&user.email) else {
            if oracle.is_active(user) {
                wrong.push(format!("{} is active and can't come in", user.email));
            }
            continue;
        };
        for object in state.team.objects.values() {
            let query = RecordQuery { object: object.key.clone(), limit: 10_000, ..RecordQuery::default() };
            let (said, expected) = (session.records(&query), oracle.visible(user, object.id));
            let told = || format!("{} of {}", object.key, user.email);
            let (page, expected) = match (said, expected) {
                (Err(_), None) => continue,
                (Ok(page), Some(expected)) => (page, expected),
                (said, expected) => {
                    wrong.push(format!("{}: {said:?}, not {expected:?}", told()));
                    continue;
                }
            };
            let listed: BTreeSet<RecordId> = page.rows.iter().map(|row| row.id).collect();
            let wanted: BTreeSet<RecordId> = expected.iter().map(|record| record.id).collect();
            if listed != wanted || page.total != wanted.len() as u64 || page.rows.len() != wanted.len() {
                wrong.push(format!("{}: {} {listed:?}, not {wanted:?}", told(), page.total));
            }
            let columns: BTreeSet<_> = oracle.columns(user, object.id).iter().map(|field| field.id).collect();
            for row in &page.rows {
                let record = oracle.record(row.id).unwrap();
                let values: Vec<_> = record.values.iter().filter(|(id, _)| columns.contains(id)).cloned().collect();
                if row.values != values || row.owner != state.team.users[&record.owner].email {
                    wrong.push(format!("{}: {row:?}, not {record:?}", told()));
                }
            }
            if !answers {
                continue;
            }
            for record in state.records.iter().filter(|record| record.object == object.id) {
                if session.record(&object.key, &record.id.to_string()).is_ok() != wanted.contains(&record.id) {
                    wrong.push(format!("{}: opening {record:?}", told()));
                }
                for (verb, action) in
                    [("view", RecordAction::View), ("edit", RecordAction::Edit), ("delete", RecordAction::Delete)]
                {
                    let question = Question {
                        user: user.email.clone(),
                        action: format!("{}.{verb}", object.key),
                        record: Some(record.id.to_string()),
                        field: None,
                    };
                    let said = operator.check(&question, false).unwrap().decision.allowed;
                    if said != oracle.may(user, action, record) {
                        wrong.push(format!("check says {said} to {question:?} of {record:?}"));
                    }
                }
            }
        }
    }
    wrong
}
