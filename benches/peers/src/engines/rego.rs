//! regorus: interpreted, as its README shows, and compiled to its virtual machine, which it benchmarks
//! itself by. People, roles and reporting lines are data; a line is kept as the set of everyone above,
//! so that a rule looks up and doesn't walk.

use regorus::languages::rego::compiler::Compiler;
use regorus::rvm::vm::RegoVM;
use regorus::{Engine as Regorus, Value};
use serde_json::{Map, json};

use super::{ACTIONS, Above, Case, Engine, word};

const RULE: &str = "data.team.allow";
const POLICY: &str = r#"
package team
import rego.v1

default allow := false

scope := data.roles[data.people[input.me]][input.action]

allow if {
    input.owner == input.me
    scope != "none"
}

allow if {
    not input.private
    scope == "all"
}

allow if {
    not input.private
    scope == "roles"
    data.people[input.owner] == data.people[input.me]
}

allow if {
    not input.private
    scope == "subordinates"
    data.above[input.owner][input.me]
}

allow if {
    not input.private
    scope == "subordinates"
    data.above[input.owner][data.people[input.me]]
}
"#;

/// The interpreter with the data in it, and the inputs.
pub struct Interpreted {
    engine: Regorus,
    inputs: Vec<Value>,
}

/// The virtual machine with the data in it, and the inputs.
pub struct Compiled {
    machine: RegoVM,
    inputs: Vec<Value>,
}

fn engine() -> Regorus {
    let mut engine = Regorus::new();
    engine.add_policy("team.rego".to_owned(), POLICY.to_owned()).unwrap();
    engine
}

impl Interpreted {
    /// Loads the rules of a case.
    pub fn new(case: &Case<'_>) -> Self {
        let mut engine = engine();
        engine.add_data(data(case)).unwrap();
        Self { engine, inputs: inputs(case) }
    }
}

impl Engine for Interpreted {
    fn ask(&mut self, place: usize) -> bool {
        self.engine.set_input(self.inputs[place].clone());
        self.engine.eval_rule(RULE.to_owned()).unwrap() == Value::from(true)
    }
}

impl Compiled {
    /// Loads the rules of a case.
    pub fn new(case: &Case<'_>) -> Self {
        let mut engine = engine();
        let compiled = engine.compile_with_entrypoint(&RULE.into()).unwrap();
        let program = Compiler::compile_from_policy(&compiled, &[RULE]).unwrap();
        let mut machine = RegoVM::new_with_policy(compiled);
        machine.load_program(program);
        machine.set_data(data(case)).unwrap();
        Self { machine, inputs: inputs(case) }
    }
}

fn inputs(case: &Case<'_>) -> Vec<Value> {
    let input = |question: &super::Question| {
        let fact = &case.facts[question.record];
        Value::from(json!({
            "me": format!("u{}", question.me.0),
            "action": word(question.action),
            "owner": format!("u{}", fact.owner.0),
            "private": fact.private,
        }))
    };
    case.questions.iter().map(input).collect()
}

fn data(case: &Case<'_>) -> Value {
    let name = |role: rolecall::model::RoleId| format!("r{}", role.0);
    let mut roles = Map::new();
    for role in case.team.roles.keys() {
        let scopes = ACTIONS.map(|action| (word(action).to_owned(), json!(case.scope(*role, action).token())));
        roles.insert(name(*role), json!(Map::from_iter(scopes)));
    }
    let people: Vec<_> = case.people().collect();
    let mut lines = Map::new();
    for (user, ..) in &people {
        let (mut line, mut next) = (Map::new(), people[user.index()].2);
        loop {
            match next {
                Above::Nobody => break,
                Above::Person(manager) => {
                    line.insert(format!("u{}", manager.0), json!(true));
                    next = people[manager.index()].2;
                }
                Above::Holders(role) => {
                    line.insert(name(role), json!(true));
                    next = case.team.roles[&role].manager.map_or(Above::Nobody, Above::Holders);
                }
            }
        }
        lines.insert(format!("u{}", user.0), json!(line));
    }
    let people: Map<_, _> = people.iter().map(|(user, role, _)| (format!("u{}", user.0), json!(name(*role)))).collect();
    Value::from(json!({"roles": roles, "people": people, "above": lines}))
}

impl Engine for Compiled {
    fn ask(&mut self, place: usize) -> bool {
        self.machine.set_input(self.inputs[place].clone());
        self.machine.execute().unwrap() == Value::from(true)
    }
}
