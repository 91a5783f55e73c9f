//! What people try. Everything is named by numbers that are made to fit what is there when it is
//! tried, so that a story stays a story when steps are taken out of it.

use proptest::prelude::*;
use rolecall::model::{FeatureValue, RoleType, Scope, SectionAccess, Status};

/// Any one of what there is, by a number that is made to fit.
pub type Any = u16;

#[derive(Debug, Clone)]
pub struct Step {
    pub who: Any,
    pub deed: Deed,
}

#[derive(Debug, Clone)]
pub enum Deed {
    AddUser {
        role: Any,
        manager: Option<Any>,
        outside: bool,
    },
    MoveUser {
        user: Any,
        role: Option<Any>,
        manager: Option<Option<Any>>,
    },
    Details {
        user: Any,
        email: bool,
        talk: Option<bool>,
    },
    Except {
        user: Any,
        feature: Any,
        exception: Option<(bool, Ends)>,
    },
    Status {
        user: Any,
        status: Status,
    },
    Password {
        user: Any,
    },
    AddRole {
        clone_of: Option<Any>,
        manager: Any,
        role_type: RoleType,
    },
    ChangeRoles(Vec<Edit>),
    DeleteRole {
        role: Any,
        replacement: Option<Any>,
    },
    CreateRecord {
        object: Any,
        write: Write,
    },
    UpdateRecord {
        record: Any,
        write: Write,
    },
    DeleteRecord {
        record: Any,
    },
    Import {
        update: bool,
        strict: bool,
        rows: Vec<Row>,
    },
    File {
        prune: bool,
        roles: Vec<Edit>,
        users: Vec<FileUser>,
    },
    /// The same act on several records.
    Bulk {
        object: Any,
        these: Option<Vec<Any>>,
        act: Bulk,
    },
    /// Somebody who goes for good, with their heir and the new manager of their people.
    DeleteUser {
        user: Any,
        heir: Any,
        manager: Option<Any>,
    },
    /// Several changes of people, all or none.
    Together(Vec<Part>),
    /// Whatever they did last is taken back.
    Undo,
    OwnDetails,
    Transfer {
        to: Any,
        right_password: bool,
    },
    /// Nobody does anything; time passes.
    Wait {
        days: u8,
    },
}

/// What is done to several records.
#[derive(Debug, Clone)]
pub enum Bulk {
    Owner(Any),
    Assign(Vec<Any>, Vec<Any>),
    Private(bool),
    Status(Any),
    Delete,
}

/// One of several changes of people.
#[derive(Debug, Clone)]
pub enum Part {
    Role(Any, Any),
    Manager(Any, Any),
    Except(Any, Any, bool),
    Status(Any, Status),
}

#[derive(Debug, Clone, Copy)]
pub enum Ends {
    Never,
    Tomorrow,
    Long,
}

/// What is changed of one role.
#[derive(Debug, Clone)]
pub struct Edit {
    pub role: Any,
    pub manager: Option<Any>,
    pub role_type: Option<RoleType>,
    pub name: bool,
    pub cells: Vec<Cell>,
}

#[derive(Debug, Clone)]
pub enum Cell {
    Feature(Any, FeatureValue),
    Access(Any, bool),
    Scope(Any, u8, Scope),
    Section(Any, Any, SectionAccess),
}

/// What is changed of one record.
#[derive(Debug, Clone)]
pub struct Write {
    pub owner: Option<Any>,
    pub assigned: Option<Vec<Any>>,
    pub private: Option<bool>,
    pub external: Option<u8>,
    pub field: Option<Any>,
}

#[derive(Debug, Clone)]
pub struct Row {
    pub owner: Option<Any>,
    pub external: Option<u8>,
    pub private: Option<bool>,
    pub assigned: Option<Any>,
}

#[derive(Debug, Clone)]
pub struct FileUser {
    pub user: Any,
    /// Somebody who isn't there yet.
    pub new: bool,
    pub role: Any,
    pub manager: Option<Option<Any>>,
    pub status: Option<Status>,
    pub exception: Option<(Any, bool)>,
}

fn any_number() -> impl Strategy<Value = Any> + Clone {
    any::<u16>()
}

fn maybe<S: Strategy>(strategy: S) -> impl Strategy<Value = Option<S::Value>>
where
    S::Value: Clone,
{
    prop::option::weighted(0.35, strategy)
}

fn status() -> impl Strategy<Value = Status> {
    prop::sample::select(Status::ALL.to_vec())
}

fn role_type() -> impl Strategy<Value = RoleType> {
    prop::sample::select(vec![RoleType::User, RoleType::Administrator, RoleType::Focused, RoleType::AccountOwner])
}

fn exception() -> impl Strategy<Value = (bool, Ends)> {
    (any::<bool>(), prop::sample::select(vec![Ends::Never, Ends::Tomorrow, Ends::Long]))
}

fn cell() -> impl Strategy<Value = Cell> {
    let value = prop::sample::select(vec![FeatureValue::Yes, FeatureValue::No, FeatureValue::Request]);
    let scope = prop::sample::select(Scope::ALL.to_vec());
    let access = prop::sample::select(vec![SectionAccess::Hidden, SectionAccess::View, SectionAccess::Edit]);
    prop_oneof![
        4 => (any_number(), value).prop_map(|(feature, value)| Cell::Feature(feature, value)),
        1 => (any_number(), any::<bool>()).prop_map(|(area, on)| Cell::Access(area, on)),
        3 => (any_number(), 0..3u8, scope).prop_map(|(object, verb, scope)| Cell::Scope(object, verb, scope)),
        2 => (any_number(), any_number(), access).prop_map(|(object, section, to)| Cell::Section(object, section, to)),
    ]
}

fn edit() -> impl Strategy<Value = Edit> {
    let cells = prop::collection::vec(cell(), 0..4);
    (any_number(), prop::option::weighted(0.15, any_number()), prop::option::weighted(0.1, role_type()), cells)
        .prop_map(|(role, manager, role_type, cells)| Edit { role, manager, role_type, name: cells.is_empty(), cells })
}

fn write() -> impl Strategy<Value = Write> {
    (
        maybe(any_number()),
        maybe(prop::collection::vec(any_number(), 0..3)),
        maybe(any::<bool>()),
        maybe(0..6u8),
        maybe(any_number()),
    )
        .prop_map(|(owner, assigned, private, external, field)| Write {
            owner,
            assigned,
            private,
            external,
            field,
        })
}

fn row() -> impl Strategy<Value = Row> {
    (maybe(any_number()), maybe(0..6u8), prop::option::weighted(0.15, any::<bool>()), maybe(any_number()))
        .prop_map(|(owner, external, private, assigned)| Row { owner, external, private, assigned })
}

fn file_user() -> impl Strategy<Value = FileUser> {
    (
        any_number(),
        prop::bool::weighted(0.25),
        any_number(),
        maybe(prop::option::of(any_number())),
        maybe(status()),
        maybe((any_number(), any::<bool>())),
    )
        .prop_map(|(user, new, role, manager, status, exception)| FileUser {
            user,
            new,
            role,
            manager,
            status,
            exception,
        })
}

fn bulk() -> impl Strategy<Value = Bulk> {
    let people = || prop::collection::vec(any_number(), 0..3);
    prop_oneof![
        3 => any_number().prop_map(Bulk::Owner),
        2 => (people(), people()).prop_map(|(add, remove)| Bulk::Assign(add, remove)),
        1 => any::<bool>().prop_map(Bulk::Private),
        2 => any_number().prop_map(Bulk::Status),
        1 => Just(Bulk::Delete),
    ]
}

fn part() -> impl Strategy<Value = Part> {
    let n = any_number;
    prop_oneof![
        (n(), n()).prop_map(|(user, role)| Part::Role(user, role)),
        (n(), n()).prop_map(|(user, manager)| Part::Manager(user, manager)),
        (n(), n(), any::<bool>()).prop_map(|(user, feature, visible)| Part::Except(user, feature, visible)),
        (n(), status()).prop_map(|(user, status)| Part::Status(user, status)),
    ]
}

fn deed() -> impl Strategy<Value = Deed> {
    let n = any_number;
    let manager = || maybe(prop::option::weighted(0.8, any_number()));
    prop_oneof![
        2 => (n(), maybe(n()), any::<bool>())
            .prop_map(|(role, manager, outside)| Deed::AddUser { role, manager, outside }),
        5 => (n(), prop::option::of(n()), manager())
            .prop_map(|(user, role, manager)| Deed::MoveUser { user, role, manager }),
        1 => (n(), any::<bool>(), prop::option::of(any::<bool>()))
            .prop_map(|(user, email, talk)| Deed::Details { user, email, talk }),
        4 => (n(), n(), prop::option::weighted(0.8, exception()))
            .prop_map(|(user, feature, exception)| Deed::Except { user, feature, exception }),
        4 => (n(), status()).prop_map(|(user, status)| Deed::Status { user, status }),
        1 => n().prop_map(|user| Deed::Password { user }),
        2 => (maybe(n()), n(), role_type())
            .prop_map(|(clone_of, manager, role_type)| Deed::AddRole { clone_of, manager, role_type }),
        7 => prop::collection::vec(edit(), 1..4).prop_map(Deed::ChangeRoles),
        2 => (n(), prop::option::weighted(0.8, n()))
            .prop_map(|(role, replacement)| Deed::DeleteRole { role, replacement }),
        3 => (n(), write()).prop_map(|(object, write)| Deed::CreateRecord { object, write }),
        5 => (n(), write()).prop_map(|(record, write)| Deed::UpdateRecord { record, write }),
        2 => n().prop_map(|record| Deed::DeleteRecord { record }),
        2 => (any::<bool>(), prop::bool::weighted(0.3), prop::collection::vec(row(), 1..4))
            .prop_map(|(update, strict, rows)| Deed::Import { update, strict, rows }),
        4 => (prop::bool::weighted(0.1), prop::collection::vec(edit(), 0..3), prop::collection::vec(file_user(), 0..3))
            .prop_map(|(prune, roles, users)| Deed::File { prune, roles, users }),
        4 => (n(), prop::option::of(prop::collection::vec(n(), 0..5)), bulk())
            .prop_map(|(object, these, act)| Deed::Bulk { object, these, act }),
        2 => (n(), n(), maybe(n())).prop_map(|(user, heir, manager)| Deed::DeleteUser { user, heir, manager }),
        2 => prop::collection::vec(part(), 1..4).prop_map(Deed::Together),
        4 => Just(Deed::Undo),
        1 => Just(Deed::OwnDetails),
        1 => (n(), prop::bool::weighted(0.8))
            .prop_map(|(to, right_password)| Deed::Transfer { to, right_password }),
        1 => (0..3u8).prop_map(|days| Deed::Wait { days }),
    ]
}

pub fn steps(most: usize) -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec((any_number(), deed()).prop_map(|(who, deed)| Step { who, deed }), 1..most)
}
