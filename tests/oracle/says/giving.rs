//! What somebody may change (R6, R7, R10, R17, R18, R19, R22, R24, R31, 002-05, 002-10…16, 004-22).

use std::collections::{BTreeMap, BTreeSet};

use rolecall::model::{
    FeatureValue, FieldId, Moment, Record, RecordAction, RecordId, Role, RoleId, RoleType, Scope, Shipped, Status,
    Team, User, UserId,
};

use super::Oracle;
use super::features::is_locked;
use super::holdings::{Held, Holdings, Part, Verb, parts};
use super::valid::{exceptions_are_allowed, is_valid};

/// What stands against a change that leads from one team to another; nothing if it may be made.
pub fn against(before: &Oracle<'_>, after: &Oracle<'_>, actor: Option<UserId>) -> Vec<String> {
    let mut reasons = Vec::new();
    if !is_valid(after.team) {
        return vec!["the team isn't valid".to_owned()];
    }
    transitions(before, after, actor, &mut reasons);
    let Some(actor) = actor else { return reasons };
    let giving =
        Giving { before, after, me: before.user(actor), mine: before.holdings(before.user(actor), before.now) };
    if !before.is_active(giving.me) {
        return vec!["the actor isn't active".to_owned()];
    }
    giving.people(&mut reasons);
    giving.roles(&mut reasons);
    giving.gains(&mut reasons);
    giving.lines(&mut reasons);
    giving.settings(&mut reasons);
    reasons
}

fn owner(team: &Team) -> &User {
    team.owner().unwrap()
}

/// What nobody may do, the operator included.
fn transitions(before: &Oracle<'_>, after: &Oracle<'_>, actor: Option<UserId>, reasons: &mut Vec<String>) {
    let (was, is) = (before.team, after.team);
    for role in was.roles.values() {
        // R6: locked. R18: shipped roles can't be deleted.
        if is_locked(role) && is.roles.get(&role.id) != Some(role) {
            reasons.push(format!("{} is locked", role.name));
        }
        if role.shipped.is_some() && is.roles.get(&role.id).is_none_or(|role2| role2.shipped != role.shipped) {
            reasons.push(format!("{} is shipped", role.name));
        }
    }
    for role in is.roles.values().filter(|role| role.shipped.is_some()) {
        if was.roles.get(&role.id).is_none_or(|was| was.shipped.is_none()) {
            reasons.push(format!("{} did not ship", role.name));
        }
    }
    for user in is.users.values().filter(|user| was.users.get(&user.id) != Some(user)) {
        let unchanged = was.users.get(&user.id).is_some_and(|u| u.exceptions == user.exceptions && u.role == user.role);
        if !unchanged && !exceptions_are_allowed(is, user) {
            reasons.push(format!("{} can't have such an exception", user.email));
        }
    }
    // R33: a program that asks by a key goes on asking for the same permission.
    for permission in &was.account.permissions {
        if is.account.permissions.iter().any(|now| now.id == permission.id && now.key != permission.key) {
            reasons.push(format!("{} is another permission", permission.key));
        }
    }
    // R7.
    let (old, new) = (owner(was), owner(is));
    if old.id != new.id {
        if actor.is_some_and(|actor| actor != old.id) {
            reasons.push("only the owner transfers the ownership".to_owned());
        }
        if was.users.get(&new.id).is_none_or(|user| user.status != Status::Active) {
            reasons.push("ownership goes to an active user".to_owned());
        }
        let left = is.users.get(&old.id).map(|user| &is.roles[&user.role]);
        if left.is_none_or(|role| role.shipped != Some(Shipped::Administrator)) {
            reasons.push("the old owner becomes an Administrator".to_owned());
        }
    }
    // R17.
    let seats = |team: &Team| {
        team.users.values().filter(|user| user.status != Status::Revoked && !user.account_manager).count() as u32
    };
    if is.account.seats.is_some_and(|limit| seats(is) > limit) && seats(is) > seats(was) {
        reasons.push("no seat is left".to_owned());
    }
    // R24: deleting needs every heir.
    for gone in was.users.keys().filter(|id| !is.users.contains_key(id)) {
        if after.records.iter().any(|record| record.owner == *gone || record.assigned.contains(gone)) {
            reasons.push(format!("{gone:?} owns records or is assigned to some"));
        }
        // 003-22: deleting is only from revoked.
        if was.users[gone].status != Status::Revoked {
            reasons.push(format!("{gone:?} isn't revoked"));
        }
    }
}

struct Giving<'a> {
    before: &'a Oracle<'a>,
    after: &'a Oracle<'a>,
    me: &'a User,
    mine: Holdings,
}

impl Giving<'_> {
    fn need(&self, key: &str, reasons: &mut Vec<String>) {
        if !self.before.holds(self.me, key) {
            reasons.push(format!("needs {key}"));
        }
    }

    fn is_transfer(&self) -> bool {
        owner(self.before.team).id == self.me.id && owner(self.after.team).id != self.me.id
    }

    fn people(&self, reasons: &mut Vec<String>) {
        let (was, is) = (&self.before.team.users, &self.after.team.users);
        let everyone: BTreeSet<UserId> = was.keys().chain(is.keys()).copied().collect();
        for id in everyone {
            match (was.get(&id), is.get(&id)) {
                (None, Some(new)) => {
                    self.need("users.manage", reasons);
                    self.assignment(new, reasons);
                }
                (Some(old), None) => {
                    self.need("users.manage", reasons);
                    self.containment(old, reasons);
                    if id == self.me.id {
                        reasons.push("nobody deletes themselves".to_owned());
                    }
                }
                (Some(old), Some(new)) if old != new => self.person(old, new, reasons),
                _ => {}
            }
        }
    }

    fn person(&self, old: &User, new: &User, reasons: &mut Vec<String>) {
        if self.is_transfer() && new.id == owner(self.after.team).id {
            return;
        }
        if old.id == self.me.id {
            // R7 takes the owner's role, and nothing else.
            let old = &if self.is_transfer() { User { role: new.role, ..old.clone() } } else { old.clone() };
            if old.status != new.status {
                reasons.push("nobody revokes themselves".to_owned());
            }
            if (old.role, old.manager, &old.exceptions) != (new.role, new.manager, &new.exceptions) {
                reasons.push("nobody changes their own role, exceptions or manager".to_owned());
            }
            // 002-35: the rest of one's own details is free, but for the user name and the flags.
            if (&old.email, old.talk_access, old.account_manager) != (&new.email, new.talk_access, new.account_manager)
            {
                self.need("users.edit", reasons);
            }
            return;
        }
        if old.status != new.status {
            self.need("users.manage", reasons);
        }
        if (User { status: new.status, ..old.clone() }) != *new {
            self.need("users.edit", reasons);
        }
        self.containment(old, reasons);
        if old.role != new.role {
            self.assignment(new, reasons);
        }
    }

    /// "needs one's effective rights to contain theirs; the owner is touched by the owner or the
    /// operator alone".
    fn containment(&self, user: &User, reasons: &mut Vec<String>) {
        if owner(self.before.team).id == user.id && self.me.id != user.id {
            reasons.push("the owner is the owner's alone".to_owned());
        }
        let theirs = self.before.holdings(user, self.before.now);
        if let Some(more) = self.beyond_mine(&theirs) {
            reasons.push(format!("{} holds {more:?}", user.email));
        }
    }

    /// "an assignment or a clone [is judged] by the whole role"; a role may list others.
    fn assignment(&self, user: &User, reasons: &mut Vec<String>) {
        let role = &self.after.team.roles[&user.role];
        if role.role_type == RoleType::AccountOwner {
            reasons.push("ownership moves by transfer alone".to_owned());
        }
        if !self.lists(role)
            && let Some(more) = self.beyond_mine(&self.after.role_holdings(role.id))
        {
            reasons.push(format!("the role {} holds {more:?}", role.name));
        }
    }

    fn lists(&self, role: &Role) -> bool {
        self.before.role(self.me).may_assign.contains(&role.id) && role.role_type != RoleType::Administrator
    }

    fn roles(&self, reasons: &mut Vec<String>) {
        // What a role says of a section goes with the section.
        let sections: BTreeSet<_> =
            self.after.team.objects.values().flat_map(|o| &o.sections).map(|section| section.id).collect();
        let mut was = self.before.team.roles.clone();
        was.amend(|role| {
            let mut role = Role::clone(role);
            role.sections.retain(|section, _| sections.contains(section));
            Some(role)
        });
        let (was, is) = (&was, &self.after.team.roles);
        for id in was.keys().chain(is.keys()).copied().collect::<BTreeSet<RoleId>>() {
            let changed = was.get(&id) != is.get(&id);
            if changed {
                self.need("roles.manage", reasons);
            }
            // A field's new section gives to roles that aren't touched; the locked ones hold all.
            if !changed && is.get(&id).is_some_and(|role| is_locked(role)) {
                continue;
            }
            let Some(new) = is.get(&id) else { continue };
            let old = was.get(&id);
            if id == self.me.role && old.is_some_and(|old| permissions(old) != permissions(new)) {
                reasons.push("nobody changes their own role".to_owned());
            }
            let judged_by_difference = old.is_some_and(|old| old.role_type == new.role_type);
            let given = self.after.role_holdings(id);
            let given = if judged_by_difference {
                given.difference(&self.before.role_holdings(id)).cloned().collect()
            } else {
                given
            };
            if let Some(more) = self.beyond_mine(&given) {
                reasons.push(format!("the role {} is given {more:?}", new.name));
            }
            // Nor what is void for now and would come alive by somebody else's edit.
            let planted: Holdings =
                self.written(new).difference(&old.map_or(self.unwritten(), |old| self.written(old))).cloned().collect();
            if let Some(more) = self.beyond_mine(&planted) {
                reasons.push(format!("the role {} says {more:?}", new.name));
            }
            let listed: Vec<&RoleId> =
                new.may_assign.iter().filter(|id| old.is_none_or(|old| !old.may_assign.contains(id))).collect();
            for id in listed {
                if is[id].role_type == RoleType::Administrator {
                    reasons.push("no role of type Administrator is listed".to_owned());
                }
                if let Some(more) = self.beyond_mine(&self.after.role_holdings(*id)) {
                    reasons.push(format!("lists {}, which holds {more:?}", is[id].name));
                }
            }
        }
    }

    /// What a role says, whatever its type, its areas and its view make of it.
    fn written(&self, role: &Role) -> Holdings {
        let features = role.features.iter().filter(|(_, value)| **value == FeatureValue::Yes);
        let keys =
            features.filter_map(|(id, _)| self.after.team.catalog.feature(*id)).map(|feature| feature.key.clone());
        let set = keys.filter(|key| key != "contacts.import" && key != "talk.access").map(Held::Feature);
        let mut written: Holdings = set.collect();
        for object in self.after.team.objects.keys() {
            let scopes = role.scopes(*object);
            for (verb, scope) in [(Verb::View, scopes.view), (Verb::Edit, scopes.edit), (Verb::Delete, scopes.delete)] {
                written.extend(parts(scope).into_iter().map(|part| Held::Records(*object, verb, part)));
            }
        }
        written
    }

    /// What every role says that says nothing: part 4, "for unlisted scopes".
    fn unwritten(&self) -> Holdings {
        self.after.team.objects.keys().map(|object| Held::Records(*object, Verb::View, Part::Own)).collect()
    }

    /// Something that the actor doesn't hold.
    fn beyond_mine(&self, held: &Holdings) -> Option<Held> {
        held.difference(&self.mine).find(|held| self.existed(held)).cloned()
    }

    /// Sections and fields that the change itself makes are empty and nobody's yet.
    fn existed(&self, held: &Held) -> bool {
        match held {
            Held::Section(object, section, _) => {
                self.before.team.objects.get(object).is_some_and(|o| o.sections.iter().any(|s| s.id == *section))
            }
            Held::Field(object, field, _) => {
                self.before.team.objects.get(object).is_some_and(|object| object.field(*field).is_some())
            }
            Held::Feature(_) | Held::Records(..) => true,
        }
    }

    /// "Nobody gives, by role, exception, request or file, what they don't hold themselves": looked
    /// at from the receiving end, now and whenever an exception ends.
    fn gains(&self, reasons: &mut Vec<String>) {
        for user in self.after.team.users.values() {
            let old = self.before.team.users.get(&user.id);
            if self.is_transfer() && (user.id == owner(self.after.team).id || user.id == self.me.id) {
                continue;
            }
            let role = self.after.role(user);
            let is_assignment = old.is_none_or(|old| old.role != user.role);
            let by_list = if is_assignment && self.lists(role) && self.before.team.roles.contains_key(&role.id) {
                self.before.role_holdings(role.id)
            } else {
                Holdings::new()
            };
            let ends = user.exceptions.values().chain(old.iter().flat_map(|old| old.exceptions.values()));
            let mut moments: BTreeSet<Moment> = ends.filter_map(|e| e.until).filter(|m| *m > self.before.now).collect();
            moments.insert(self.before.now);
            for at in moments {
                let had = old.map(|old| self.before.holdings(old, at)).unwrap_or_default();
                let has = self.after.holdings(user, at);
                let gained = has.difference(&had).filter(|held| self.existed(held) && !by_list.contains(held));
                // R6: the locked roles hold a new permission of the account's own by themselves.
                let known = |held: &&Held| match held {
                    Held::Feature(key) => !is_locked(role) || self.before.team.catalog.by_key(key).is_some(),
                    _ => true,
                };
                for more in gained.filter(known).filter(|held| !self.mine.contains(held)).take(1) {
                    reasons.push(format!("{} gains {more:?} at {}", user.email, at.0));
                }
            }
        }
    }

    /// "Changing a role's or person's manager … count as giving; nobody makes someone their own
    /// subordinate unless they may view All of every object."
    fn lines(&self, reasons: &mut Vec<String>) {
        let (was, is) = (self.before.team, self.after.team);
        // What assignments alone would have done: those are judged by the role.
        let mut assigned = was.clone();
        for user in is.users.values() {
            let manager = was.users.get(&user.id).map_or(user.manager, |old| old.manager);
            let there = manager.filter(|manager| was.users.contains_key(manager) || is.users.contains_key(manager));
            if is.roles.get(&user.role).is_some_and(|role| was.roles.contains_key(&role.id)) {
                assigned.users.insert(user.id, std::sync::Arc::new(User { manager: there, ..(**user).clone() }));
            }
        }
        let assigned = Oracle { team: &assigned, ..*self.before };
        let everything = self.before.sees_all_of_everything(self.me);
        for below in is.users.keys().filter(|id| was.users.contains_key(id)) {
            for above in is.users.values() {
                let newly = self.after.is_subordinate(*below, above.id)
                    && !(was.users.contains_key(&above.id) && self.before.is_subordinate(*below, above.id));
                if !newly || *below == above.id {
                    continue;
                }
                if above.id == self.me.id {
                    if !everything {
                        reasons.push(format!("{below:?} becomes the actor's own subordinate"));
                    }
                } else if !(assigned.team.users.contains_key(&above.id) && assigned.is_subordinate(*below, above.id)) {
                    self.reach(*below, above, reasons);
                }
            }
        }
    }

    fn reach(&self, below: UserId, above: &User, reasons: &mut Vec<String>) {
        let above = &User { status: Status::Active, ..above.clone() };
        for object in self.before.team.objects.values().filter(|o| self.after.team.objects.contains_key(&o.id)) {
            let record = Record {
                id: RecordId(0),
                object: object.id,
                owner: below,
                assigned: Vec::new(),
                private: false,
                external_id: None,
                values: Vec::new(),
            };
            let had = |action| {
                let was = self.before.team.users.get(&above.id);
                was.is_some_and(|was| {
                    self.before.may(&User { status: Status::Active, ..(**was).clone() }, action, &record)
                })
            };
            let ends = above.exceptions.values().filter_map(|exception| exception.until);
            let moments: BTreeSet<Moment> = ends.chain([self.before.now]).filter(|m| *m >= self.before.now).collect();
            for action in [RecordAction::View, RecordAction::Edit, RecordAction::Delete] {
                let gains = moments.iter().any(|at| {
                    let after = Oracle { now: *at, ..*self.after };
                    let scopes = [RecordAction::View, action].map(|action| after.scope(above, action, object.id));
                    scopes.contains(&Scope::Subordinates) && after.may(above, action, &record)
                });
                if gains && !had(action) && !self.before.may(self.me, action, &record) {
                    reasons.push(format!("{} comes to {action:?} the {} of {below:?}", above.email, object.key));
                    return;
                }
            }
        }
    }

    fn settings(&self, reasons: &mut Vec<String>) {
        let (was, is) = (&self.before.team.account, &self.after.team.account);
        if (&was.name, &was.time_zone, &was.permissions) != (&is.name, &is.time_zone, &is.permissions) {
            self.need("account.settings", reasons);
        }
        if (was.seats, was.agent_seats) != (is.seats, is.agent_seats) {
            self.need("account.billing", reasons);
        }
        for object in self.after.team.objects.values() {
            let Some(old) = self.before.team.objects.get(&object.id) else { continue };
            let by_id = |o: &rolecall::model::Object| -> BTreeMap<FieldId, rolecall::model::Field> {
                o.fields.iter().map(|field| (field.id, field.clone())).collect()
            };
            let (fields_were, fields_are) = (by_id(old), by_id(object));
            if old.sections != object.sections || !fields_were.keys().eq(fields_are.keys()) {
                self.need("account.settings", reasons);
            }
            for (id, field) in &fields_are {
                let Some(was) = fields_were.get(id).filter(|was| *was != field) else { continue };
                let customizes = [FieldId::STATUS, FieldId::LEAD_SOURCE].contains(id) && was.options != field.options;
                if customizes {
                    self.need("account.customize", reasons);
                }
                if was.section != field.section {
                    self.need("account.settings", reasons);
                }
                let options_alone = rolecall::model::Field {
                    options: was.options.clone(),
                    next_option: was.next_option,
                    ..field.clone()
                };
                let rest = if customizes { options_alone } else { field.clone() };
                if (rolecall::model::Field { section: was.section, ..rest }) != *was {
                    self.need(&format!("{}.manage_fields", object.key), reasons);
                }
            }
        }
    }
}

/// A role without its looks.
fn permissions(role: &Role) -> Role {
    Role { name: String::new(), description: String::new(), icon: String::new(), order: 0, ..role.clone() }
}
