//! How each deed is tried, through a session and nothing else.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::atomic::AtomicBool;

use rolecall::exchange::team_file::Format;
use rolecall::model::{Exception, Object, Role, Team, User, UserId};
use rolecall::service::bulk::{Act, Which};
use rolecall::service::delete_user::{Heirs, NextManager};
use rolecall::service::draft::Draft;
use rolecall::service::edit_roles::{self, CellValue, NewRole, RoleChange, Verb};
use rolecall::service::import::ImportOptions;
use rolecall::service::own_details::OwnDetails;
use rolecall::service::people::{NewUser, UserChange};
use rolecall::service::records::RecordQuery;
use rolecall::service::{Password, RecordDraft, ServiceError, Session};

use crate::deeds::{Any, Bulk, Cell, Deed, Edit, Ends, FileUser, Part, Row, Step, Write};
use crate::house::House;
use crate::planted::State;
use crate::says::Oracle;

/// Nobody calls anything off.
static GOING: std::sync::atomic::AtomicBool = std::sync::atomic::AtomicBool::new(false);

/// A step as it was tried.
pub struct Tried {
    /// Who tried it; nobody where only time passed.
    pub actor: Option<UserId>,
    /// In words.
    pub told: String,
    pub result: Result<(), ServiceError>,
}

const DAY: i64 = 86_400_000;

/// One of several, whichever the number comes to.
fn one<T>(of: &[T], number: Any) -> &T {
    &of[usize::from(number) % of.len()]
}

/// Everything that a deed can name, as it stands.
struct Here<'a> {
    state: &'a State,
    number: usize,
}

impl<'a> Here<'a> {
    fn team(&self) -> &'a Team {
        &self.state.team
    }

    fn user(&self, number: Any) -> &'a User {
        let users: Vec<&User> = self.team().users.values().map(AsRef::as_ref).collect();
        users[usize::from(number) % users.len()]
    }

    fn email(&self, number: Any) -> String {
        self.user(number).email.clone()
    }

    fn role(&self, number: Any) -> &'a Role {
        let roles: Vec<&Role> = self.team().roles.values().map(AsRef::as_ref).collect();
        roles[usize::from(number) % roles.len()]
    }

    /// Locked roles are tried less often than others.
    fn editable(&self, number: Any) -> &'a Role {
        let free: Vec<&Role> = self.team().roles.values().map(AsRef::as_ref).filter(|role| !role.is_locked()).collect();
        if free.is_empty() || number.is_multiple_of(10) {
            self.role(number)
        } else {
            free[usize::from(number) % free.len()]
        }
    }

    fn feature(&self, number: Any) -> String {
        let keys: Vec<String> = self.team().catalog.features().map(|feature| feature.key.clone()).collect();
        one(&keys, number).clone()
    }

    fn object(&self, number: Any) -> &'a Object {
        let objects: Vec<&Object> = self.team().objects.values().map(AsRef::as_ref).collect();
        objects[usize::from(number) % objects.len()]
    }
}

/// Whoever has something to administer, more often than not.
fn actor(state: &State, number: Any) -> Option<UserId> {
    let oracle = Oracle::new(&state.team, &state.records, state.now);
    let mut list = Vec::new();
    for user in state.team.users.values().filter(|user| oracle.is_active(user)) {
        let administers = ["users.manage", "users.edit", "roles.manage", "account.settings"]
            .iter()
            .any(|key| oracle.holds(user, key));
        let times = match (administers, oracle.role(user).is_locked()) {
            (true, false) => 8,
            (true, true) => 3,
            (false, _) => 1,
        };
        list.extend(std::iter::repeat_n(user.id, times));
    }
    (!list.is_empty()).then(|| *one(&list, number))
}

/// Tries a step on what there is.
pub fn attempt(house: &House, state: &State, step: &Step, number: usize) -> Tried {
    let here = Here { state, number };
    if let Deed::Wait { days } = step.deed {
        house.clock.advance(i64::from(days) * DAY + 1);
        return Tried { actor: None, told: format!("{days} days pass"), result: Ok(()) };
    }
    let actor = match &step.deed {
        // Others try it too, and are refused.
        Deed::Transfer { .. } if !step.who.is_multiple_of(4) => state.team.owner().map(|owner| owner.id),
        _ => actor(state, step.who),
    };
    let actor = actor.expect("somebody is always active");
    let session = house.session(&state.team, actor);
    let (told, result) = deed(house, &session, &here, &step.deed);
    let who = &state.team.users[&actor];
    let role = &state.team.roles[&who.role].name;
    Tried { actor: Some(actor), told: format!("{} ({role}) {told}", who.email), result }
}

fn deed(house: &House, session: &Session, here: &Here<'_>, deed: &Deed) -> (String, Result<(), ServiceError>) {
    match deed {
        Deed::AddUser { role, manager, outside } => {
            let new = NewUser {
                email: format!("new{}@paws.example", here.number),
                name: format!("New {}", here.number),
                role: here.role(*role).name.clone(),
                manager: manager.map(|number| here.email(number)),
                account_manager: *outside,
                ..NewUser::default()
            };
            draft(session, Draft::NewUser(new))
        }
        Deed::MoveUser { user, role, manager } => {
            let change = UserChange {
                role: role.map(|number| here.role(number).name.clone()),
                manager: manager.map(|manager| manager.map(|number| here.email(number)).unwrap_or_default()),
                ..UserChange::default()
            };
            draft(session, Draft::User { email: here.email(*user), change })
        }
        Deed::Details { user, email, talk } => {
            let change = UserChange {
                email: email.then(|| format!("moved{}@paws.example", here.number)),
                name: Some(format!("Renamed {}", here.number)),
                talk_access: *talk,
                ..UserChange::default()
            };
            changed(session, &here.email(*user), &change)
        }
        Deed::Except { user, feature, exception } => {
            let (email, key) = (here.email(*user), here.feature(*feature));
            let exception = exception.map(|(visible, ends)| Exception {
                visible,
                until: match ends {
                    Ends::Never => None,
                    Ends::Tomorrow => Some(here.state.now.plus(DAY)),
                    Ends::Long => Some(here.state.now.plus(400 * DAY)),
                },
            });
            draft(session, Draft::Exception { email, key, exception })
        }
        Deed::Status { user, status } => draft(session, Draft::Status { email: here.email(*user), status: *status }),
        Deed::Password { user } => {
            let email = here.email(*user);
            (format!("resets the password of {email}"), session.give_temporary_password(&email).map(drop))
        }
        Deed::AddRole { clone_of, manager, role_type } => {
            let new = NewRole {
                name: format!("New role {}", here.number),
                manager: here.role(*manager).name.clone(),
                role_type: *role_type,
                clone_of: clone_of.map(|number| here.role(number).name.clone()),
                ..NewRole::default()
            };
            draft(session, Draft::NewRole(new))
        }
        Deed::ChangeRoles(edits) => {
            let mut changes: BTreeMap<String, RoleChange> = BTreeMap::new();
            for edit in edits {
                changes.insert(here.editable(edit.role).name.clone(), role_change(here, edit));
            }
            draft(session, Draft::Roles(changes))
        }
        Deed::DeleteRole { role, replacement } => {
            let name = here.editable(*role).name.clone();
            let replacement = replacement.map(|number| here.role(number).name.clone());
            draft(session, Draft::DeleteRole { name, replacement })
        }
        Deed::CreateRecord { object, write } => {
            let object = here.object(*object);
            let draft = record_draft(here, object, write);
            (format!("creates in {}: {draft:?}", object.key), session.create_record(&object.key, &draft).map(drop))
        }
        Deed::UpdateRecord { record, write } => on_record(here, *record, |object, id| {
            let draft = record_draft(here, object, write);
            (format!("changes {id} of {}: {draft:?}", object.key), session.update_record(&object.key, id, &draft))
        }),
        Deed::DeleteRecord { record } => on_record(here, *record, |object, id| {
            (format!("deletes {id} of {}", object.key), session.delete_record(&object.key, id))
        }),
        Deed::Import { update, strict, rows } => import(session, here, *update, *strict, rows),
        Deed::Bulk { object, these, act } => bulk(session, here, *object, these.as_deref(), act),
        Deed::DeleteUser { user, heir, manager } => {
            let gone: Vec<&User> = here.team().users.values().map(AsRef::as_ref).collect();
            let revoked: Vec<&User> =
                gone.iter().copied().filter(|user| user.status == rolecall::model::Status::Revoked).collect();
            let from = if revoked.is_empty() || user.is_multiple_of(5) { &gone } else { &revoked };
            let email = from[usize::from(*user) % from.len()].email.clone();
            let manager = manager.map_or(NextManager::RoleTree, |number| NextManager::Person(here.email(number)));
            let heirs = Heirs { records: here.email(*heir), manager };
            draft(session, Draft::DeleteUser { email, heirs })
        }
        Deed::Together(parts) => {
            let parts = parts.iter().map(|part| match part {
                Part::Role(user, role) => Draft::User {
                    email: here.email(*user),
                    change: UserChange { role: Some(here.role(*role).name.clone()), ..UserChange::default() },
                },
                Part::Manager(user, manager) => Draft::User {
                    email: here.email(*user),
                    change: UserChange { manager: Some(here.email(*manager)), ..UserChange::default() },
                },
                Part::Except(user, feature, visible) => Draft::Exception {
                    email: here.email(*user),
                    key: here.feature(*feature),
                    exception: Some(Exception { visible: *visible, until: None }),
                },
                Part::Status(user, status) => Draft::Status { email: here.email(*user), status: *status },
            });
            draft(session, Draft::Together(parts.collect()))
        }
        Deed::File { prune, roles, users } => {
            let text = file(here, roles, users);
            let applied = session.apply_team("team.toml", &text, Format::Toml, *prune);
            (format!("applies (prune: {prune})\n{text}"), applied.map(drop))
        }
        Deed::Undo => match session.undoing(&GOING) {
            Ok(None) => ("has nothing to undo".to_owned(), Ok(())),
            Ok(Some(undoing)) => (format!("undoes {undoing:?}"), session.undo(&undoing, &GOING).map(drop)),
            Err(why) => ("would undo".to_owned(), Err(why)),
        },
        Deed::OwnDetails => {
            let details = OwnDetails { name: Some(format!("Myself {}", here.number)), ..OwnDetails::default() };
            ("changes their own name".to_owned(), session.change_own_details(&details).map(drop))
        }
        Deed::Transfer { to, right_password } => {
            let owner = here.team().owner().expect("there is an owner").email.clone();
            let password = house.engine.operator().reset_password(&owner).unwrap();
            let password = if *right_password { password } else { Password::new("a guess in the dark") };
            // A reset ends the owner's sessions.
            let session = house.engine.acting_as(&session.me().email).unwrap();
            let to = here.email(*to);
            (format!("transfers the ownership to {to}"), session.transfer_ownership(&to, &password).map(drop))
        }
        Deed::Wait { .. } => unreachable!("nobody does it"),
    }
}

fn changed(session: &Session, email: &str, change: &UserChange) -> (String, Result<(), ServiceError>) {
    (format!("changes {email}: {change:?}"), session.change_user(email, change))
}

/// Looks at what it would mean, then does it. Looking is refused just where doing is (B1).
fn draft(session: &Session, draft: Draft) -> (String, Result<(), ServiceError>) {
    let looked = session.preview(&draft).map(drop).map_err(|error| error.to_string());
    let saved = session.save(&draft).map(drop);
    let done = saved.as_ref().copied().map_err(ToString::to_string);
    assert_eq!(looked, done, "looking and doing are refused differently: {draft:?} by {}", session.me().email);
    (format!("{draft:?}"), saved)
}

fn bulk(
    session: &Session,
    here: &Here<'_>,
    object: Any,
    these: Option<&[Any]>,
    act: &Bulk,
) -> (String, Result<(), ServiceError>) {
    let object = here.object(object);
    let all: Vec<_> = here.state.records.iter().filter(|record| record.object == object.id).collect();
    let which = match these {
        Some(these) if !all.is_empty() => {
            Which::These(these.iter().map(|number| all[usize::from(*number) % all.len()].id).collect())
        }
        _ => Which::All {
            query: Box::new(RecordQuery { object: object.key.clone(), ..RecordQuery::default() }),
            except: all.first().map(|record| record.id).into_iter().collect(),
            at_most: None,
        },
    };
    let emails = |numbers: &[Any]| numbers.iter().map(|number| here.email(*number)).collect();
    let act = match act {
        Bulk::Owner(to) => Act::Owner(here.email(*to)),
        Bulk::Assign(add, remove) => Act::Assign { add: emails(add), remove: emails(remove) },
        Bulk::Private(private) => Act::Private(*private),
        Bulk::Status(number) => Act::Status((*one(&["Lead", "Prospect", "Customer", "Nonsense"], *number)).to_owned()),
        Bulk::Delete => Act::Delete,
    };
    let outcome = session.act_on_records(&object.key, &which, &act, &mut |_, _| {}, &AtomicBool::new(false));
    let told = format!("does {act:?} to {} {which:?}: {:?}", object.key, outcome.as_ref().ok());
    (told, outcome.map(drop))
}

fn on_record(
    here: &Here<'_>,
    number: Any,
    act: impl FnOnce(&Object, rolecall::model::RecordId) -> (String, Result<(), ServiceError>),
) -> (String, Result<(), ServiceError>) {
    if here.state.records.is_empty() {
        return ("finds no record".to_owned(), Ok(()));
    }
    let record = one(&here.state.records, number);
    act(&here.team().objects[&record.object], record.id)
}

fn role_change(here: &Here<'_>, edit: &Edit) -> RoleChange {
    let cells = edit.cells.iter().map(|cell| match cell {
        Cell::Feature(number, value) => (edit_roles::Cell::Feature(here.feature(*number)), CellValue::Feature(*value)),
        Cell::Access(number, on) => {
            let keys: Vec<String> = here.team().catalog.features().map(|feature| feature.key.clone()).collect();
            let keys: Vec<String> = keys.into_iter().filter(|key| key.ends_with(".access")).collect();
            let value = if *on { rolecall::model::FeatureValue::Yes } else { rolecall::model::FeatureValue::No };
            (edit_roles::Cell::Feature(one(&keys, *number).clone()), CellValue::Feature(value))
        }
        Cell::Scope(object, verb, scope) => {
            let verb = *one(&[Verb::View, Verb::Edit, Verb::Delete], Any::from(*verb));
            (edit_roles::Cell::Scope(here.object(*object).key.clone(), verb), CellValue::Scope(*scope))
        }
        Cell::Section(object, section, access) => {
            let object = here.object(*object);
            let section = one(&object.sections, *section).name.clone();
            (edit_roles::Cell::Section(object.key.clone(), section), CellValue::Section(*access))
        }
    });
    RoleChange {
        name: edit.name.then(|| format!("Renamed {}", here.number)),
        manager: edit.manager.map(|number| here.role(number).name.clone()),
        role_type: edit.role_type,
        cells: cells.collect(),
        ..RoleChange::default()
    }
}

fn record_draft(here: &Here<'_>, object: &Object, write: &Write) -> RecordDraft {
    let fields = write.field.map(|number| {
        let text: Vec<_> = object.fields.iter().filter(|field| field.kind == rolecall::model::Kind::Text).collect();
        (one(&text, number).name.clone(), format!("text {}", here.number))
    });
    RecordDraft {
        fields: fields.into_iter().collect(),
        owner: write.owner.map(|number| here.email(number)),
        assigned: write.assigned.as_ref().map(|list| list.iter().map(|number| here.email(*number)).collect()),
        private: write.private,
        external_id: write.external.map(|number| format!("x{number}")),
        ..RecordDraft::default()
    }
}

fn import(
    session: &Session,
    here: &Here<'_>,
    update: bool,
    strict: bool,
    rows: &[Row],
) -> (String, Result<(), ServiceError>) {
    let mut text = "Last Name,external_id,owner,assigned_to,private\n".to_owned();
    for (place, row) in rows.iter().enumerate() {
        let email = |number: Option<Any>| number.map(|number| here.email(number)).unwrap_or_default();
        let private = row.private.map_or("", |private| if private { "yes" } else { "no" });
        let external = row.external.map(|number| format!("x{number}")).unwrap_or_default();
        let (owner, assigned) = (email(row.owner), email(row.assigned));
        writeln!(text, "import {} {place},{external},{owner},{assigned},{private}", here.number).unwrap();
    }
    let options = ImportOptions { strict, update, file: "a.csv".to_owned(), ..ImportOptions::default() };
    let report = session.import("contacts", text.as_bytes(), &options, &mut |_| {}, &AtomicBool::new(false));
    (format!("imports (update: {update}, strict: {strict})\n{text}{report:?}"), report.map(drop))
}

/// A team file that changes some roles and people.
fn file(here: &Here<'_>, roles: &[Edit], users: &[FileUser]) -> String {
    let mut text = String::new();
    let mut named = std::collections::BTreeSet::new();
    for edit in roles {
        let role = here.editable(edit.role);
        let above = role.manager.map_or("Account Owner", |id| here.team().roles[&id].name.as_str());
        let manager = edit.manager.map_or(above, |number| here.role(number).name.as_str());
        if !named.insert(role.id) {
            continue;
        }
        writeln!(text, "[[roles]]\nname = \"{}\"\nmanager = \"{manager}\"", role.name).unwrap();
        if let Some(role_type) = edit.role_type {
            writeln!(text, "type = \"{}\"", role_type.token()).unwrap();
        }
        let change = role_change(here, edit);
        let mut seen = std::collections::BTreeSet::new();
        for (cell, value) in &change.cells {
            if !seen.insert(cell.clone()) {
                continue;
            }
            match (cell, value) {
                (edit_roles::Cell::Feature(key), CellValue::Feature(value)) => {
                    writeln!(text, "features.\"{key}\" = \"{}\"", value.token()).unwrap();
                }
                (edit_roles::Cell::Scope(object, verb), CellValue::Scope(scope)) => {
                    let verb = match verb {
                        Verb::View => "view",
                        Verb::Edit => "edit",
                        Verb::Delete => "delete",
                    };
                    writeln!(text, "scopes.{object}.{verb} = \"{}\"", scope.token()).unwrap();
                }
                (edit_roles::Cell::Section(object, section), CellValue::Section(access)) => {
                    writeln!(
                        text,
                        "sections.{object}.\"{section}\" = {{ view = {}, edit = {} }}",
                        access.view(),
                        access.edit()
                    )
                    .unwrap();
                }
                _ => {}
            }
        }
    }
    let mut named = std::collections::BTreeSet::new();
    for user in users {
        let email = if user.new { format!("filed{}@paws.example", here.number) } else { here.email(user.user) };
        if !named.insert(email.clone()) {
            continue;
        }
        let role = if user.new || user.user.is_multiple_of(3) {
            here.role(user.role).name.clone()
        } else {
            here.team().roles[&here.user(user.user).role].name.clone()
        };
        writeln!(text, "[[users]]\nemail = \"{email}\"\nrole = \"{role}\"").unwrap();
        if let Some(manager) = &user.manager {
            writeln!(text, "manager = \"{}\"", manager.map(|number| here.email(number)).unwrap_or_default()).unwrap();
        }
        if let Some(status) = user.status {
            writeln!(text, "status = \"{}\"", status.token()).unwrap();
        }
        if let Some((feature, visible)) = user.exception {
            let token = if visible { "visible" } else { "not visible" };
            writeln!(text, "exceptions.\"{}\" = \"{token}\"", here.feature(feature)).unwrap();
        }
    }
    text
}
