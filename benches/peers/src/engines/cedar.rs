//! Cedar: twelve policies that read what a role may from its entity, and one that seals private
//! records. Reporting lines are the entities' hierarchy, which is what Cedar's `in` is for.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityId, EntityTypeName, EntityUid, PolicySet, Request,
    RestrictedExpression,
};
use rolecall::model::{RoleId, UserId};

use super::{ACTIONS, Above, Case, Engine, Question, word};

/// How each scope reads.
const SCOPES: [(&str, &str); 4] = [
    ("All", "true"),
    ("Owned by me and my roles", "resource.owner.role == principal.role"),
    ("Owned by me and my subordinates", "resource.owner in principal || resource.owner in principal.role"),
    ("Owned by me", "resource.owner == principal"),
];

fn policies() -> PolicySet {
    let mut text =
        String::from("forbid(principal, action, resource) when { resource.private && resource.owner != principal };\n");
    for action in ACTIONS.map(word) {
        for (scope, owners) in SCOPES {
            writeln!(
                text,
                "permit(principal, action == Action::\"{action}\", resource)
                 when {{ principal.role.{action} == \"{scope}\" && ({owners}) }};"
            )
            .unwrap();
        }
    }
    text.parse().unwrap()
}

struct Names {
    user: EntityTypeName,
    role: EntityTypeName,
    contact: EntityTypeName,
}

impl Names {
    fn new() -> Self {
        let name = |text: &str| text.parse().unwrap();
        Self { user: name("User"), role: name("Role"), contact: name("Contact") }
    }

    fn user(&self, user: UserId) -> EntityUid {
        EntityUid::from_type_name_and_id(self.user.clone(), EntityId::new(format!("u{}", user.0)))
    }

    fn role(&self, role: RoleId) -> EntityUid {
        EntityUid::from_type_name_and_id(self.role.clone(), EntityId::new(format!("r{}", role.0)))
    }

    fn contact(&self, place: usize) -> EntityUid {
        EntityUid::from_type_name_and_id(self.contact.clone(), EntityId::new(format!("c{place}")))
    }

    fn contact_entity(&self, case: &Case<'_>, place: usize) -> Entity {
        let fact = &case.facts[place];
        let attributes = HashMap::from([
            ("owner".to_owned(), RestrictedExpression::new_entity_uid(self.user(fact.owner))),
            ("private".to_owned(), RestrictedExpression::new_bool(fact.private)),
        ]);
        Entity::new(self.contact(place), attributes, HashSet::new()).unwrap()
    }

    fn user_entity(&self, user: UserId, role: RoleId, above: Above) -> Entity {
        let parents = match above {
            Above::Person(manager) => HashSet::from([self.user(manager)]),
            Above::Holders(role) => HashSet::from([self.role(role)]),
            Above::Nobody => HashSet::new(),
        };
        let attributes = HashMap::from([("role".to_owned(), RestrictedExpression::new_entity_uid(self.role(role)))]);
        Entity::new(self.user(user), attributes, parents).unwrap()
    }

    fn role_entity(&self, case: &Case<'_>, role: RoleId) -> Entity {
        let attributes = ACTIONS.map(|action| {
            let scope = case.scope(role, action).label().to_owned();
            (word(action).to_owned(), RestrictedExpression::new_string(scope))
        });
        let parents = case.team.roles[&role].manager.map(|above| self.role(above));
        Entity::new(self.role(role), attributes.into(), parents.into_iter().collect()).unwrap()
    }

    fn request(&self, actions: &[EntityUid; 3], question: &Question) -> Request {
        let action = actions[ACTIONS.iter().position(|action| *action == question.action).unwrap()].clone();
        let (me, record) = (self.user(question.me), self.contact(question.record));
        Request::new(me, action, record, Context::empty(), None).unwrap()
    }
}

fn actions() -> [EntityUid; 3] {
    ACTIONS.map(|action| format!("Action::\"{}\"", word(action)).parse().unwrap())
}

/// Every entity is there beforehand, and so is every request: nothing is left but deciding.
pub struct Resident {
    authorizer: Authorizer,
    policies: PolicySet,
    entities: Entities,
    requests: Vec<Request>,
}

impl Resident {
    /// All people and roles, and the records in question or all of them.
    pub fn new(case: &Case<'_>, every_record: bool) -> Self {
        let names = Names::new();
        let records: Vec<usize> = if every_record {
            (0..case.facts.len()).collect()
        } else {
            case.questions.iter().map(|question| question.record).collect::<HashSet<_>>().into_iter().collect()
        };
        let people = case.people().map(|(user, role, above)| names.user_entity(user, role, above));
        let roles = case.team.roles.keys().map(|role| names.role_entity(case, *role));
        let records = records.into_iter().map(|place| names.contact_entity(case, place));
        let actions = actions();
        Self {
            authorizer: Authorizer::new(),
            policies: policies(),
            entities: Entities::from_entities(people.chain(roles).chain(records), None).unwrap(),
            requests: case.questions.iter().map(|question| names.request(&actions, question)).collect(),
        }
    }
}

impl Engine for Resident {
    fn ask(&mut self, place: usize) -> bool {
        let response = self.authorizer.is_authorized(&self.requests[place], &self.policies, &self.entities);
        response.decision() == Decision::Allow
    }
}

/// For each request the entities that it needs and no others, as an application does whose records
/// lie in its own store. People and roles are kept as entities; the record becomes one.
pub struct PerRequest<'a> {
    case: &'a Case<'a>,
    names: Names,
    authorizer: Authorizer,
    policies: PolicySet,
    actions: [EntityUid; 3],
    people: Vec<(Entity, RoleId, Above)>,
    roles: HashMap<RoleId, Entity>,
}

impl<'a> PerRequest<'a> {
    /// What is kept between requests.
    pub fn new(case: &'a Case<'a>) -> Self {
        let names = Names::new();
        let roles = case.team.roles.keys().map(|role| (*role, names.role_entity(case, *role))).collect();
        let people = case.people().map(|(user, role, above)| (names.user_entity(user, role, above), role, above));
        Self {
            people: people.collect(),
            case,
            authorizer: Authorizer::new(),
            policies: policies(),
            actions: actions(),
            roles,
            names,
        }
    }

    /// Everything above a person, and the person.
    fn line(&self, user: UserId, entities: &mut HashMap<EntityUid, Entity>) {
        let mut person = &self.people[user.index()];
        loop {
            let (entity, own, above) = person;
            entities.insert(entity.uid(), entity.clone());
            entities.entry(self.roles[own].uid()).or_insert_with(|| self.roles[own].clone());
            match above {
                Above::Person(manager) => person = &self.people[manager.index()],
                Above::Holders(role) => {
                    let mut role = Some(*role);
                    while let Some(id) = role {
                        entities.insert(self.roles[&id].uid(), self.roles[&id].clone());
                        role = self.case.team.roles[&id].manager;
                    }
                    return;
                }
                Above::Nobody => return,
            }
        }
    }
}

impl Engine for PerRequest<'_> {
    fn ask(&mut self, place: usize) -> bool {
        let question = &self.case.questions[place];
        let request = self.names.request(&self.actions, question);
        let mut entities = HashMap::new();
        let (me, role, _) = &self.people[question.me.index()];
        entities.insert(me.uid(), me.clone());
        entities.insert(self.roles[role].uid(), self.roles[role].clone());
        self.line(self.case.facts[question.record].owner, &mut entities);
        let record = self.names.contact_entity(self.case, question.record);
        let slice = Entities::from_entities(entities.into_values().chain([record]), None).unwrap();
        self.authorizer.is_authorized(&request, &self.policies, &slice).decision() == Decision::Allow
    }
}
