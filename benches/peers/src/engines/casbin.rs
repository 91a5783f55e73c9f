//! casbin: one matcher over twelve rules, which roles are grouped under, so that the number of rules
//! doesn't grow with the team, as its documentation on performance advises. The reporting line is a
//! role hierarchy of its own; both hierarchies share one graph, so a role has two names, one in each.

use casbin::{CachedEnforcer, CoreApi, DefaultModel, Enforcer, MemoryAdapter, MgmtApi, RbacApi};
use rolecall::model::Scope;

use super::{ACTIONS, Above, Case, Engine, word};

const MODEL: &str = r#"
[request_definition]
r = sub, role, place, act, owner, ownerrole, private

[policy_definition]
p = cap, act, scope

[role_definition]
g = _, _
g2 = _, _

[policy_effect]
e = some(where (p.eft == allow))

[matchers]
m = r.act == p.act && g(r.role, p.cap) && (r.owner == r.sub || (r.private == "no" && (p.scope == "all" || (p.scope == "roles" && r.ownerrole == r.role) || (p.scope == "subordinates" && (g2(r.owner, r.sub) || g2(r.owner, r.place))))))
"#;

/// Strings as a request has them: who, their role, its place in the lines, what, whose, the owner's role, is it private.
type Request = [String; 7];

/// casbin, answering each question anew or from its cache of answers.
pub struct Casbin<E> {
    enforcer: E,
    requests: Vec<Request>,
}

/// Loads the rules of a case.
fn load<E: CoreApi + MgmtApi + RbacApi>(case: &Case<'_>) -> Casbin<E> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let enforcer = runtime.block_on(async {
        let model = DefaultModel::from_str(MODEL).await.unwrap();
        let mut enforcer = E::new(model, MemoryAdapter::default()).await.unwrap();
        let scopes = [Scope::All, Scope::Roles, Scope::Subordinates, Scope::Own];
        let rule = |action: &str, scope: Scope| {
            vec![format!("{action}:{}", scope.token()), action.to_owned(), scope.token().to_owned()]
        };
        let rules = ACTIONS.iter().flat_map(|action| scopes.map(|scope| rule(word(*action), scope)));
        enforcer.add_policies(rules.collect()).await.unwrap();
        let roles = case.team.roles.keys().flat_map(|role| {
            ACTIONS.map(|action| {
                vec![format!("r{}", role.0), format!("{}:{}", word(action), case.scope(*role, action).token())]
            })
        });
        enforcer.add_grouping_policies(roles.collect()).await.unwrap();
        let mut lines: Vec<Vec<String>> = Vec::new();
        for (user, _, above) in case.people() {
            match above {
                Above::Person(manager) => lines.push(vec![format!("u{}", user.0), format!("u{}", manager.0)]),
                Above::Holders(role) => lines.push(vec![format!("u{}", user.0), format!("place{}", role.0)]),
                Above::Nobody => {}
            }
        }
        for role in case.team.roles.values() {
            lines.extend(role.manager.map(|above| vec![format!("place{}", role.id.0), format!("place{}", above.0)]));
        }
        enforcer.add_named_grouping_policies("g2", lines).await.unwrap();
        enforcer
    });
    let role = |user: rolecall::model::UserId| format!("r{}", case.team.users[&user].role.0);
    let requests = case.questions.iter().map(|question| {
        let fact = &case.facts[question.record];
        [
            format!("u{}", question.me.0),
            role(question.me),
            role(question.me).replace('r', "place"),
            word(question.action).to_owned(),
            format!("u{}", fact.owner.0),
            role(fact.owner),
            if fact.private { "yes" } else { "no" }.to_owned(),
        ]
    });
    Casbin { enforcer, requests: requests.collect() }
}

/// Decides each question anew.
pub fn plain(case: &Case<'_>) -> Casbin<Enforcer> {
    load(case)
}

/// Keeps answers.
pub fn cached(case: &Case<'_>) -> Casbin<CachedEnforcer> {
    load(case)
}

impl<E: CoreApi> Engine for Casbin<E> {
    fn ask(&mut self, place: usize) -> bool {
        let [me, role, place, action, owner, owner_role, private] = &self.requests[place];
        self.enforcer
            .enforce((
                me.as_str(),
                role.as_str(),
                place.as_str(),
                action.as_str(),
                owner.as_str(),
                owner_role.as_str(),
                private.as_str(),
            ))
            .unwrap()
    }
}
