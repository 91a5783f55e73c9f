//! Handing out a part of the administration (R31), by small examples: what it is for works, and
//! each way round it that was ever met stays shut.

use std::collections::BTreeMap;
use std::sync::Arc;

use rolecall::authz::{Subject, compile};
use rolecall::model::shipped::new_team;
use rolecall::model::{
    Actor, Change, Exception, FeatureId, FeatureValue, ObjectId, Role, RoleId, RoleType, Scope, Scopes, Section,
    SectionAccess, SectionId, Shipped, Status, Team, User, UserId,
};

use crate::changes::Draft;
use crate::random::{NOW, Sample};
use crate::world::World;

struct House {
    sample: Sample,
}

const OWNER: UserId = UserId(0);
/// Holds the role Administrator.
const ADA: UserId = UserId(1);
/// Holds the role Office, of type Administrator.
const OFF: UserId = UserId(2);
/// Holds the role Desk, which Office contains.
const DEE: UserId = UserId(3);
/// Holds the role Sales, which holds more than Office.
const SAL: UserId = UserId(4);

impl House {
    /// Office may manage and edit users and sees everybody's contacts; Desk sees its own; Sales may
    /// export as well.
    fn new() -> Self {
        let mut team = Team::new(account()).unwrap();
        for change in new_team("Clinic", "Olive", "olive@paws.example", NOW).unwrap() {
            team.apply(&change).unwrap();
        }
        let mut house = Self { sample: Sample { team, world: World::default() } };
        house.role("Office", RoleType::Administrator, "Account Owner", &["users.manage", "users.edit"], Scope::All);
        house.role("Desk", RoleType::User, "Account Owner", &[], Scope::Own);
        house.role("Seller", RoleType::User, "Account Owner", &["contacts.export"], Scope::Own);
        for (id, name, role) in
            [(ADA, "ada", "Administrator"), (OFF, "off", "Office"), (DEE, "dee", "Desk"), (SAL, "sal", "Seller")]
        {
            let user = house.person(id, name, role);
            house.sample.team.users.insert(id, Arc::new(user));
        }
        house
    }

    fn id(&self, role: &str) -> RoleId {
        self.sample.team.role_named(role).unwrap().id
    }

    fn key(&self, key: &str) -> FeatureId {
        self.sample.team.catalog.by_key(key).unwrap().id
    }

    fn role(&mut self, name: &str, role_type: RoleType, manager: &str, features: &[&str], view: Scope) -> RoleId {
        let id = RoleId(self.sample.team.roles.keys().last().unwrap().0 + 1);
        let mut on: BTreeMap<FeatureId, FeatureValue> =
            features.iter().map(|key| (self.key(key), FeatureValue::Yes)).collect();
        on.insert(self.key("contacts.access"), FeatureValue::Yes);
        let role = Role {
            id,
            name: name.to_owned(),
            manager: Some(self.id(manager)),
            role_type,
            description: String::new(),
            icon: String::new(),
            shipped: None,
            order: id.0,
            features: on,
            scopes: BTreeMap::from([(ObjectId::CONTACTS, Scopes { view, edit: view, delete: Scope::None })]),
            sections: BTreeMap::new(),
            may_assign: [].into(),
        };
        self.sample.team.roles.insert(id, Arc::new(role));
        id
    }

    fn person(&self, id: UserId, name: &str, role: &str) -> User {
        User {
            id,
            email: format!("{name}@paws.example"),
            name: name.to_owned(),
            role: self.id(role),
            status: Status::Active,
            manager: None,
            exceptions: BTreeMap::new(),
            language: None,
            email_from_name: None,
            reply_to: None,
            account_manager: false,
            talk_access: false,
            created: NOW,
        }
    }

    /// What is true before the story begins.
    fn given_role(&mut self, role: &str, how: impl FnOnce(&mut Role)) {
        let id = self.id(role);
        crate::random::alter(&mut self.sample.team, id, how);
    }

    fn given_user(&mut self, id: UserId, how: impl FnOnce(&mut User)) {
        how(Arc::make_mut(self.sample.team.users.get_mut(&id).unwrap()));
    }

    fn try_it(&self, by: UserId, what: impl FnOnce(&mut Draft)) -> Result<(), String> {
        let mut draft = Draft::of(&self.sample);
        what(&mut draft);
        let snapshot = compile(Arc::new(self.sample.team.clone()), NOW);
        let commit = draft.commit(Actor::User(by));
        let judged = snapshot.permit_commit(Subject::User(by), commit, &self.sample.world);
        judged.map(drop).map_err(|denied| denied.to_string())
    }

    #[track_caller]
    fn may(&self, by: UserId, what: impl FnOnce(&mut Draft)) {
        self.try_it(by, what).unwrap();
    }

    #[track_caller]
    fn may_not(&self, by: UserId, because: &str, what: impl FnOnce(&mut Draft)) {
        let refusal = self.try_it(by, what).unwrap_err();
        assert!(refusal.contains(because), "refused for another reason: {refusal}");
    }
}

fn account() -> rolecall::model::Account {
    match new_team("Clinic", "Olive", "olive@paws.example", NOW).unwrap().remove(0) {
        Change::Account(swap) => swap.after.unwrap(),
        other => panic!("{other:?}"),
    }
}

fn visible(until: Option<i64>) -> Exception {
    Exception { visible: true, until: until.map(|later| NOW.plus(later)) }
}

fn not_visible(until: Option<i64>) -> Exception {
    Exception { visible: false, ..visible(until) }
}

#[test]
fn the_owner_and_administrators_do_the_ordinary_things() {
    let house = House::new();
    for by in [OWNER, ADA] {
        let new = house.person(UserId(9), "new", "Seller");
        house.may(by, |draft| draft.add_user(new));
        house.may(by, |draft| draft.user(SAL, |user| user.status = Status::Revoked));
        house.may_not(by, "revoke their access first", |draft| draft.remove_user(DEE));
        let mut without = House::new();
        without.given_user(DEE, |user| user.status = Status::Revoked);
        without.may(by, |draft| draft.remove_user(DEE));
        let (desk, administrator) = (house.id("Desk"), house.id("Administrator"));
        house.may(by, |draft| draft.user(SAL, |user| user.role = desk));
        house.may(by, |draft| draft.user(SAL, |user| user.role = administrator));
        house.may(by, |draft| draft.user(DEE, |user| user.manager = Some(SAL)));
        let export = house.key("contacts.export");
        house.may(by, |draft| draft.user(DEE, |user| _ = user.exceptions.insert(export, visible(None))));
        house.may(by, |draft| draft.role(desk, |role| _ = role.features.insert(export, FeatureValue::Yes)));
        let everything = Scopes::ALL;
        house.may(by, |draft| draft.role(desk, |role| _ = role.scopes.insert(ObjectId::CONTACTS, everything)));
        house.may(by, |draft| draft.role(desk, |role| role.role_type = RoleType::Focused));
        house.may(by, |draft| draft.account(|account| account.name = "Paws".to_owned()));
    }
}

/// 002-05, R22, R31.
#[test]
fn an_administrator_leaves_the_owner_and_themselves_alone() {
    let house = House::new();
    house.may_not(ADA, "account owner", |draft| draft.user(OWNER, |user| user.name.push('x')));
    house.may_not(ADA, "revoke", |draft| draft.user(ADA, |user| user.status = Status::Revoked));
    let desk = house.id("Desk");
    house.may_not(ADA, "own role", |draft| draft.user(ADA, |user| user.role = desk));
    house.may_not(ADA, "owner", |draft| draft.remove_user(OWNER));
    house.may_not(OWNER, "one", |draft| draft.user(OWNER, |user| user.role = desk));
}

/// R31: "nobody gives what they don't hold".
#[test]
fn a_part_of_the_administration_adds_whom_it_contains_and_no_more() {
    let house = House::new();
    let new = |role| house.person(UserId(9), "new", role);
    house.may(OFF, |draft| draft.add_user(new("Desk")));
    house.may_not(OFF, "Can Export", |draft| draft.add_user(new("Seller")));
    house.may_not(OFF, "which you don't", |draft| draft.add_user(new("Administrator")));
    house.may(OFF, |draft| draft.user(DEE, |user| user.status = Status::Revoked));
    house.may_not(OFF, "Can Export", |draft| draft.user(SAL, |user| user.status = Status::Revoked));
    house.may_not(OFF, "Can Export", |draft| draft.user(SAL, |user| user.name.push('x')));
    let export = house.key("contacts.export");
    house.may_not(OFF, "Can Export", |draft| {
        draft.user(DEE, |user| _ = user.exceptions.insert(export, visible(None)));
    });
    house.may(OFF, |draft| draft.user(DEE, |user| _ = user.exceptions.insert(export, not_visible(None))));
    house.may_not(OFF, "Manage roles", |draft| draft.role(house.id("Desk"), |role| role.description.push('x')));
}

/// R31: "a role may list the roles that its holders may assign without holding their permissions".
#[test]
fn a_role_may_list_roles_that_its_holders_assign() {
    let mut house = House::new();
    let (seller, office) = (house.id("Seller"), house.id("Office"));
    // Who sets the list: somebody who holds what is listed, and never for an Administrator's type.
    house.may(ADA, |draft| draft.role(office, |role| _ = role.may_assign.insert(seller)));
    let other = house.role("Other office", RoleType::Administrator, "Account Owner", &[], Scope::Own);
    house.may_not(ADA, "type Administrator", |draft| draft.role(office, |role| _ = role.may_assign.insert(other)));
    house.given_role("Office", |role| _ = role.may_assign.insert(seller));
    let new = house.person(UserId(9), "new", "Seller");
    house.may(OFF, |draft| draft.add_user(new.clone()));
    house.may(OFF, |draft| draft.user(DEE, |user| user.role = seller));
    // No exception rides along that gives more than the listed role, and whoever has more is not touched.
    let google = house.key("contacts.google");
    house.may_not(OFF, "Google", |draft| {
        draft.add_user(User { exceptions: BTreeMap::from([(google, visible(None))]), ..new });
    });
    house.may_not(OFF, "Can Export", |draft| draft.user(SAL, |user| user.name.push('x')));
}

/// A permission that an exception of a switched-off area grants comes alive with the area.
#[test]
fn switching_an_area_on_gives_what_exceptions_in_it_grant() {
    let mut house = House::new();
    let (access, export) = (house.key("contacts.access"), house.key("contacts.export"));
    let manage = house.key("roles.manage");
    house.given_role("Office", |role| _ = role.features.insert(manage, FeatureValue::Yes));
    house.given_role("Desk", |role| _ = role.features.remove(&access));
    let desk = house.id("Desk");
    let switch_on = |draft: &mut Draft| draft.role(desk, |role| _ = role.features.insert(access, FeatureValue::Yes));
    house.may(OFF, switch_on);
    house.given_user(DEE, |user| _ = user.exceptions.insert(export, visible(None)));
    house.may_not(OFF, "Can Export", switch_on);
    // The same the other way round: scopes under an area that one person alone has.
    let mut house = House::new();
    house.given_role("Office", |role| {
        role.features.insert(manage, FeatureValue::Yes);
        role.scopes.insert(ObjectId::CONTACTS, Scopes { view: Scope::Own, edit: Scope::Own, delete: Scope::None });
    });
    house.given_role("Desk", |role| _ = role.features.remove(&access));
    let widen = |draft: &mut Draft| draft.role(desk, |role| _ = role.scopes.insert(ObjectId::CONTACTS, Scopes::ALL));
    house.given_user(DEE, |user| _ = user.exceptions.insert(access, visible(None)));
    house.may_not(OFF, "view Contacts", widen);
}

/// What ends tomorrow is given tomorrow.
#[test]
fn cutting_a_not_visible_short_is_giving() {
    let mut house = House::new();
    let export = house.key("contacts.export");
    house.given_user(SAL, |user| _ = user.exceptions.insert(export, not_visible(None)));
    house.may(OFF, |draft| draft.user(SAL, |user| user.name.push('x')));
    house.may_not(OFF, "Can Export", |draft| {
        draft.user(SAL, |user| _ = user.exceptions.insert(export, not_visible(Some(1))));
    });
    house.may_not(OFF, "Can Export", |draft| draft.user(SAL, |user| user.exceptions.clear()));
}

/// R12: an edit that asks for more than view isn't held beyond view, and so isn't given.
#[test]
fn edit_beyond_view_is_not_held() {
    let mut house = House::new();
    let manage = house.key("roles.manage");
    let scopes = |view, edit| Scopes { view, edit, delete: Scope::None };
    house.given_role("Office", |role| {
        role.features.insert(manage, FeatureValue::Yes);
        role.scopes.insert(ObjectId::CONTACTS, scopes(Scope::Own, Scope::All));
    });
    house.given_role("Desk", |role| _ = role.scopes.insert(ObjectId::CONTACTS, scopes(Scope::All, Scope::None)));
    let desk = house.id("Desk");
    house.may_not(OFF, "create/edit Contacts", |draft| {
        draft.role(desk, |role| _ = role.scopes.insert(ObjectId::CONTACTS, scopes(Scope::All, Scope::All)));
    });
}

/// Sections go by what they are, not by where they stand.
#[test]
fn a_section_keeps_its_rights_wherever_it_stands() {
    let mut house = House::new();
    let sections: Vec<SectionId> =
        house.sample.team.objects[&ObjectId::CONTACTS].sections.iter().map(|section| section.id).collect();
    let (manage, settings) = (house.key("roles.manage"), house.key("account.settings"));
    house.given_role("Office", |role| {
        role.features.insert(manage, FeatureValue::Yes);
        role.features.insert(settings, FeatureValue::Yes);
        role.sections.insert(sections[0], SectionAccess::Hidden);
    });
    house.given_role("Desk", |role| {
        role.sections.insert(sections[0], SectionAccess::Hidden);
        role.sections.insert(sections[5], SectionAccess::Hidden);
    });
    let desk = house.id("Desk");
    let first_to_last = |draft: &mut Draft| draft.object(ObjectId::CONTACTS, |object| object.sections.reverse());
    house.may(OFF, |draft| {
        first_to_last(draft);
        draft.role(desk, |role| _ = role.sections.remove(&sections[5]));
    });
    house.may_not(OFF, "Contact Information", |draft| {
        first_to_last(draft);
        draft.role(desk, |role| _ = role.sections.remove(&sections[0]));
    });
}

/// A field's section counts as giving; a new section can be filled by the change that makes it.
#[test]
fn moving_a_field_gives_it_to_whoever_sees_its_new_section() {
    let mut house = House::new();
    let contacts = house.sample.team.objects[&ObjectId::CONTACTS].clone();
    let (first, notes) = (contacts.sections[0].id, contacts.section_named("Notes").unwrap().id);
    let (settings, fields) = (house.key("account.settings"), house.key("contacts.manage_fields"));
    house.given_role("Office", |role| {
        role.features.insert(settings, FeatureValue::Yes);
        role.features.insert(fields, FeatureValue::Yes);
        role.sections.insert(notes, SectionAccess::Hidden);
    });
    house.given_role("Desk", |role| _ = role.sections.insert(notes, SectionAccess::Hidden));
    let to = |section| {
        move |draft: &mut Draft| {
            draft.object(ObjectId::CONTACTS, |object| {
                let notes = object.fields.iter_mut().find(|field| field.name == "Notes").unwrap();
                notes.section = section;
            });
        }
    };
    house.may_not(OFF, "the field “Notes”", to(first));
    house.may(ADA, to(first));
    house.may(ADA, |draft| {
        let new = Section { id: SectionId(99), name: "New".to_owned() };
        draft.object(ObjectId::CONTACTS, |object| object.sections.push(new));
        to(SectionId(99))(draft);
    });
}

/// Moving a person moves the people who report to them.
#[test]
fn moving_a_person_moves_their_reports() {
    let mut house = House::new();
    let subordinates = Scopes { view: Scope::Subordinates, edit: Scope::None, delete: Scope::None };
    house.role("Lead", RoleType::User, "Account Owner", &[], Scope::Own);
    house.given_role("Lead", |role| _ = role.scopes.insert(ObjectId::CONTACTS, subordinates));
    // Office sees what its peers own, and a peer's report is none.
    let roles = Scopes { view: Scope::Roles, edit: Scope::None, delete: Scope::None };
    house.given_role("Office", |role| _ = role.scopes.insert(ObjectId::CONTACTS, roles));
    house.given_role("Desk", |role| {
        role.scopes.insert(ObjectId::CONTACTS, Scopes { edit: Scope::None, ..Scopes::UNLISTED });
    });
    let (lea, peer) = (UserId(10), UserId(11));
    for (id, name, role) in [(lea, "lea", "Lead"), (peer, "peer", "Office")] {
        let user = house.person(id, name, role);
        house.sample.team.users.insert(id, Arc::new(user));
    }
    let under_lea = |draft: &mut Draft| draft.user(peer, |user| user.manager = Some(lea));
    house.may(OFF, under_lea);
    house.given_user(DEE, |user| user.manager = Some(peer));
    house.may_not(OFF, "this would let lea view their contacts", under_lea);
    // Nor does it help to do it before the one above is let in.
    house.given_user(lea, |user| user.status = Status::Invited);
    house.may_not(OFF, "this would let lea view their contacts", under_lea);
}

/// "nobody makes someone their own subordinate unless they may view All of every object"
#[test]
fn nobody_makes_somebody_their_own_subordinate() {
    let house = House::new();
    house.may_not(OFF, "your own subordinate", |draft| draft.user(DEE, |user| user.manager = Some(OFF)));
    house.may(ADA, |draft| draft.user(DEE, |user| user.manager = Some(ADA)));
}

/// R18: "editable, not deletable".
#[test]
fn shipped_roles_stay() {
    let house = House::new();
    let support = house.id("Support");
    assert_eq!(house.sample.team.roles[&support].shipped, Some(Shipped::Editable));
    house.may(ADA, |draft| draft.role(support, |role| role.description.push('x')));
    house.may_not(ADA, "deleted", |draft| draft.remove_role(support));
    house.may_not(OWNER, "deleted", |draft| {
        draft.role(support, |role| role.shipped = None);
        draft.remove_role(support);
    });
    // A custom one goes, with the replacement in the same step (R19).
    let (desk, seller) = (house.id("Desk"), house.id("Seller"));
    house.may_not(ADA, "role doesn't exist", |draft| draft.remove_role(desk));
    house.may(ADA, |draft| {
        draft.user(DEE, |user| user.role = seller);
        draft.remove_role(desk);
    });
}

/// R7: in one transaction, to an active user, and nothing rides along.
#[test]
fn a_transfer_of_ownership_is_just_that() {
    let mut house = House::new();
    let (top, administrator) = (house.id("Account Owner"), house.id("Administrator"));
    let transfer = |draft: &mut Draft| {
        draft.user(OWNER, |user| user.role = administrator);
        draft.user(DEE, |user| {
            user.role = top;
            user.manager = None;
            user.exceptions.clear();
        });
    };
    house.may(OWNER, transfer);
    house.may_not(ADA, "only the account owner can transfer", transfer);
    house.may_not(OWNER, "revoke", |draft| {
        transfer(draft);
        draft.user(OWNER, |user| user.status = Status::Revoked);
    });
    house.given_user(DEE, |user| user.status = Status::Invited);
    house.may_not(OWNER, "active", transfer);
}
