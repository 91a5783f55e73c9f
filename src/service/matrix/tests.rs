//! What single acts do, on the roles that every account starts with.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::*;
use crate::authz::compile;
use crate::model::{Account, FeatureValue, Moment, NextIds, Scope, SectionAccess, Team, User, UserId, shipped};
use crate::service::edit_roles::{self, CellValue, RoleChange, Verb};

pub(super) const YES: CellValue = CellValue::Feature(FeatureValue::Yes);
pub(super) const NO: CellValue = CellValue::Feature(FeatureValue::No);
pub(super) const ASK: CellValue = CellValue::Feature(FeatureValue::Request);

/// A new account, with two roles of its own: Deputy, of the type Administrator, who manages roles and
/// exports no contacts, held by the user Dora; and Blank, which has nothing.
pub(super) fn team() -> Team {
    let next = NextIds { user: 0, role: 0, object: 0, section: 0, field: 0, permission: 0 };
    let mut team = Team::new(Account {
        name: String::new(),
        time_zone: None,
        seats: None,
        agent_seats: None,
        permissions: Vec::new(),
        next,
    })
    .unwrap();
    for change in &shipped::new_team("Clinic", "Olivia", "olivia@a.example", Moment(1_000)).unwrap() {
        team.apply(change).unwrap();
    }
    for (name, role_type) in [("Deputy", RoleType::Administrator), ("Blank", RoleType::User)] {
        let new = edit_roles::NewRole {
            name: name.to_owned(),
            manager: "Account Owner".to_owned(),
            role_type,
            ..edit_roles::NewRole::default()
        };
        edit_roles::insert(&mut team, &new).unwrap();
    }
    let feature = |key: &str, value| (edit_roles::Cell::Feature(key.to_owned()), CellValue::Feature(value));
    let scope = |verb| (edit_roles::Cell::Scope("contacts".to_owned(), verb), CellValue::Scope(Scope::All));
    let mut deputy = vec![scope(Verb::View), scope(Verb::Edit)];
    for key in ["contacts.access", "contacts.vcard", "roles.manage", "deals.access"] {
        deputy.push(feature(key, FeatureValue::Yes));
    }
    let blank = ["tasks.access", "tasks.set", "tasks.complete", "tasks.cancel", "tasks.reassign", "tasks.reschedule"];
    let blank = blank.map(|key| feature(key, FeatureValue::No)).to_vec();
    let change = |cells| RoleChange { cells, ..RoleChange::default() };
    let changes = BTreeMap::from([("Deputy".to_owned(), change(deputy)), ("Blank".to_owned(), change(blank))]);
    edit_roles::change(&mut team, &changes).unwrap();
    let deputy = team.role_named("Deputy").unwrap().id;
    let dora = User::plain(UserId(50), "dora@a.example".to_owned(), "Dora".to_owned(), deputy, Moment(1_000));
    team.users.insert(dora.id, Arc::new(dora));
    team
}

pub(super) fn matrix_for(team: &Team, email: &str) -> Matrix {
    let user = team.user_by_email(email).unwrap().id;
    Matrix::of(&Arc::new(compile(Arc::new(team.clone()), Moment(2_000))), Subject::User(user))
}

pub(super) fn board_for(email: &str) -> Board {
    Board::new(matrix_for(&team(), email))
}

pub(super) fn owner() -> Board {
    board_for("olivia@a.example")
}

/// The place of a cell by the row's code and the role's name.
pub(super) fn at(board: &Board, code: &str, role: &str) -> (usize, usize) {
    let row = board.matrix().rows().iter().position(|row| row.code == code);
    let column = board.matrix().columns().iter().position(|column| column.name() == role);
    (row.unwrap_or_else(|| panic!("no row {code}")), column.unwrap_or_else(|| panic!("no role {role}")))
}

fn value(board: &Board, code: &str, role: &str) -> CellValue {
    let (row, column) = at(board, code, role);
    board.value(row, column).unwrap()
}

fn reading(board: &Board, code: &str, role: &str) -> Reading {
    let (row, column) = at(board, code, role);
    board.reading(row, column).unwrap()
}

fn paint(board: &mut Board, code: &str, role: &str, brush: Brush) -> Outcome {
    let cell = at(board, code, role);
    board.paint([cell], brush)
}

fn group(board: &Board, key: &str) -> usize {
    board.matrix().groups().iter().position(|group| group.key == key).unwrap()
}

fn after(team: &Team, role: &str, code: &str, value: CellValue) -> Team {
    let mut team = team.clone();
    let cell = owner().matrix().rows().iter().find(|row| row.code == code).unwrap().cell.clone();
    let change = RoleChange { cells: vec![(cell, value)], ..RoleChange::default() };
    edit_roles::change(&mut team, &BTreeMap::from([(role.to_owned(), change)])).unwrap();
    team
}

/// Every permission of the catalog, three scopes and the sections of each object are rows.
#[test]
fn every_permission_scope_and_section_is_a_row() {
    let (board, team) = (owner(), team());
    let rows = board.matrix().rows();
    let sections: usize = team.objects.values().map(|object| object.sections.len()).sum();
    assert_eq!(rows.len(), team.catalog.features().count() + 3 * team.objects.len() + sections);
    // 000-28: every option of every row has its explanation.
    for row in rows {
        assert!(row.values.len() >= 2, "{}", row.code);
        assert!(row.values.iter().all(|(_, meaning)| meaning.len() > 10), "{}", row.code);
    }
    // 000-22, 000-24, 000-26: the options of the three scopes.
    let options = |code: &str| {
        let row = rows.iter().find(|row| row.code == code).unwrap();
        row.values.iter().map(|(value, _)| value.label()).collect::<Vec<_>>()
    };
    let some = ["Owned by me", "Owned by me and my subordinates", "Owned by me and my roles", "All"];
    assert_eq!(options("contacts.view"), some);
    assert_eq!(options("contacts.edit"), [&["None"], &some[..]].concat());
    assert_eq!(options("contacts.delete"), [&["None"], &some[..]].concat());
}

/// 003-29: switching something on switches the area on with it.
#[test]
fn access_comes_on_with_what_needs_it() {
    let mut board = owner();
    let outcome = paint(&mut board, "contacts.vcard", "Blank", Brush::Yes);
    assert_eq!((outcome.changed, outcome.linked, outcome.left()), (2, 1, 0));
    assert_eq!(value(&board, "contacts.access", "Blank"), YES);
    // And stays on while it is.
    let refused = paint(&mut board, "contacts.access", "Blank", Brush::No);
    assert_eq!((refused.changed, refused.skipped.get(&Skip::HeldOn)), (0, Some(&1)));
    assert_eq!(reading(&board, "contacts.access", "Blank").lock, Some(Lock::HeldOn(1)));
    // Not even by taking the access alone back.
    let cell = at(&board, "contacts.access", "Blank");
    assert_eq!(board.unstage(&[cell]).changed, 0);
    assert_eq!(value(&board, "contacts.access", "Blank"), YES);
    // With what needs it, it goes.
    let both = [cell, at(&board, "contacts.vcard", "Blank")];
    assert_eq!(board.unstage(&both).changed, 2);
    assert!(board.staged().is_empty());
    // A scope needs it, too; a section doesn't.
    assert_eq!(paint(&mut board, "deals.edit", "Blank", Brush::Own).linked, 1);
    assert_eq!(paint(&mut board, "companies/System Information", "Blank", Brush::No).linked, 0);
}

/// 001-10, 003-28: a whole area in one act; what a type can never hold is left out.
#[test]
fn an_area_goes_on_and_off_as_a_whole() {
    let mut board = owner();
    let (_, blank) = at(&board, "contacts.access", "Blank");
    let contacts = group(&board, "contacts");
    assert!(board.tri(contacts, blank).is_none());
    let on = board.paint_groups(&[contacts], &[blank], Brush::Everything);
    assert_eq!((on.changed, on.left()), (12, 0));
    assert!(board.tri(contacts, blank).is_all());
    assert_eq!(value(&board, "contacts.delete", "Blank"), CellValue::Scope(Scope::All));
    paint(&mut board, "contacts.export", "Blank", Brush::Request);
    let tri = board.tri(contacts, blank);
    assert_eq!((tri.on, tri.some, tri.of), (8, 9, 9));
    // Off takes the access too, and leaves the scopes for when it is on again.
    let off = board.paint_groups(&[contacts], &[blank], Brush::No);
    assert_eq!(off.left(), 0);
    assert!(board.tri(contacts, blank).is_none());
    assert_eq!(reading(&board, "contacts.edit", "Blank").came, Came::AreaOff);
    let tools = group(&board, "administrator");
    let of_type_user = board.paint_groups(&[tools], &[blank], Brush::Yes);
    assert_eq!((of_type_user.changed, board.tri(tools, blank).of), (1, 1), "audit.view alone");
    let (_, deputy) = at(&board, "users.manage", "Deputy");
    board.paint_groups(&[tools], &[deputy], Brush::Yes);
    assert_eq!(value(&board, "users.manage", "Deputy"), YES);
    assert_eq!(value(&board, "account.delete", "Deputy"), NO);
}

/// 002-10…16, R9: what a type can never hold is a ceiling, and can't be staged.
#[test]
fn ceilings_are_locked() {
    let mut board = owner();
    for code in
        ["users.manage", "users.edit", "roles.manage", "account.billing", "account.settings", "account.customize"]
    {
        let cell = reading(&board, code, "Sales");
        assert_eq!((cell.came, cell.lock), (Came::Never, Some(Lock::Ceiling)), "{code}");
        assert_eq!(paint(&mut board, code, "Sales", Brush::Yes).skipped.get(&Skip::Locked), Some(&1));
    }
    assert_eq!(reading(&board, "account.delete", "Deputy").came, Came::Never);
    assert_eq!(reading(&board, "account.delete", "Administrator").came, Came::Never);
    assert_eq!(reading(&board, "account.delete", "Account Owner").came, Came::AsSet);
    assert!(board.staged().is_empty());
}

/// R12: edit and delete never reach further than view, and the cell says so.
#[test]
fn asking_for_more_than_view_is_told() {
    let mut board = owner();
    paint(&mut board, "contacts.edit", "Sales", Brush::All);
    assert_eq!(reading(&board, "contacts.edit", "Sales").came, Came::Within(Scope::Roles));
    let (row, column) = at(&board, "contacts.edit", "Sales");
    let note = board.explain(row, column).unwrap().notes.join(" ");
    assert!(note.contains("All ∩ Owned by me and my roles"), "{note}");
    // Subordinates and roles don't contain each other.
    paint(&mut board, "contacts.edit", "Sales", Brush::Subordinates);
    assert_eq!(reading(&board, "contacts.edit", "Sales").came, Came::Within(Scope::Roles));
    paint(&mut board, "contacts.edit", "Sales", Brush::Own);
    assert_eq!(reading(&board, "contacts.edit", "Sales").came, Came::AsSet);
    // Deleting asks for the permission besides.
    paint(&mut board, "contacts.delete", "Sales", Brush::All);
    assert_eq!(reading(&board, "contacts.delete", "Sales").came, Came::NoDelete);
    paint(&mut board, "contacts.may_delete", "Sales", Brush::Yes);
    assert_eq!(reading(&board, "contacts.delete", "Sales").came, Came::Within(Scope::Roles));
}

#[test]
fn a_focused_user_has_what_they_own_or_are_assigned_to() {
    let board = owner();
    assert_eq!(reading(&board, "contacts.view", "Focused User").came, Came::Focused);
    assert_eq!(reading(&board, "contacts.delete", "Focused User").came, Came::AsSet, "None stays None");
}

/// R13, 003-23: what something else decides can't be set.
#[test]
fn what_something_else_decides_cannot_be_set() {
    let mut board = owner();
    let import = reading(&board, "contacts.import", "Sales");
    assert_eq!(import.came, Came::Elsewhere(Some(FeatureValue::Yes)));
    assert_eq!(reading(&board, "contacts.import", "Read only").came, Came::Elsewhere(Some(FeatureValue::No)));
    assert_eq!(reading(&board, "talk.access", "Sales").came, Came::Elsewhere(None));
    for code in ["contacts.import", "talk.access"] {
        assert_eq!(paint(&mut board, code, "Sales", Brush::Yes).skipped.get(&Skip::Locked), Some(&1));
    }
    // What it follows can, and it follows at once.
    paint(&mut board, "contacts.edit", "Sales", Brush::No);
    assert_eq!(reading(&board, "contacts.import", "Sales").came, Came::Elsewhere(Some(FeatureValue::No)));
}

/// R6, R31: locked roles, one's own role, and what one doesn't hold.
#[test]
fn nobody_stages_what_they_may_not_give() {
    let mut board = board_for("dora@a.example");
    for (role, lock) in
        [("Account Owner", Lock::LockedRole), ("Administrator", Lock::LockedRole), ("Deputy", Lock::OwnRole)]
    {
        let outcome = paint(&mut board, "contacts.vcard", role, Brush::No);
        assert_eq!((outcome.changed, outcome.lock), (0, Some(lock)), "{role}");
    }
    // Dora doesn't export contacts herself.
    let refused = paint(&mut board, "contacts.export", "Blank", Brush::Yes);
    assert_eq!(refused.changed, 0);
    assert!(matches!(refused.skipped.keys().next(), Some(Skip::NotHeld(why)) if why.contains("Export")), "{refused:?}");
    // Of a whole area, she gives what she has; On request is nobody's to hold.
    let (_, blank) = at(&board, "contacts.access", "Blank");
    let area = group(&board, "contacts");
    let some = board.paint_groups(&[area], &[blank], Brush::Yes);
    assert_eq!((some.changed, some.left()), (2, 7), "access and vCard: {some:?}");
    assert_eq!(board.paint_groups(&[area], &[blank], Brush::Request).left(), 0);
    // Taking away needs nothing.
    assert_eq!(paint(&mut board, "contacts.export", "Marketing", Brush::No).changed, 1);
    let (row, column) = at(&board, "contacts.export", "Sales");
    let options = board.options(row, column);
    assert_eq!(options.iter().filter(|option| option.refused.is_some()).count(), 1, "{options:?}");
}

/// 003-32: without the right to change roles it is there to read.
#[test]
fn without_the_right_the_matrix_is_read_only() {
    let mut team = team();
    let sales = team.role_named("Sales").unwrap().id;
    let sam = User::plain(UserId(51), "sam@a.example".to_owned(), "Sam".to_owned(), sales, Moment(1_000));
    team.users.insert(sam.id, Arc::new(sam));
    let mut board = Board::new(matrix_for(&team, "sam@a.example"));
    assert!(!board.matrix().may_edit());
    let cells: Vec<_> = (0..board.matrix().rows().len())
        .flat_map(|row| (0..board.matrix().columns().len()).map(move |column| (row, column)))
        .collect();
    assert_eq!(board.paint(cells, Brush::Everything).changed, 0);
    assert_eq!(reading(&board, "contacts.export", "Marketing").lock, Some(Lock::ReadOnly));
}

/// R32: a section that the viewer may not see has no row, unless they manage roles.
#[test]
fn r32_hidden_sections_have_no_row_for_readers() {
    let mut team = after(&team(), "Sales", "contacts/Memberships", CellValue::Section(SectionAccess::Hidden));
    let sales = team.role_named("Sales").unwrap().id;
    let sam = User::plain(UserId(51), "sam@a.example".to_owned(), "Sam".to_owned(), sales, Moment(1_000));
    team.users.insert(sam.id, Arc::new(sam));
    let codes =
        |email: &str| -> Vec<String> { matrix_for(&team, email).rows().iter().map(|row| row.code.clone()).collect() };
    assert!(codes("olivia@a.example").contains(&"contacts/Memberships".to_owned()));
    assert!(codes("dora@a.example").contains(&"contacts/Memberships".to_owned()));
    assert!(!codes("sam@a.example").contains(&"contacts/Memberships".to_owned()));
    assert!(codes("sam@a.example").contains(&"contacts/Notes".to_owned()));
}

/// Other cells of one role merge without a word; the same cell is shown three ways.
#[test]
fn a_newer_matrix_merges_cell_by_cell() {
    let mut board = owner();
    paint(&mut board, "contacts.export", "Sales", Brush::Yes);
    paint(&mut board, "contacts.vcard", "Sales", Brush::No);
    paint(&mut board, "deals.export", "Sales", Brush::Yes);
    let team = after(&team(), "Sales", "tasks.cancel", NO);
    let team = after(&team, "Sales", "contacts.export", NO);
    let team = after(&team, "Sales", "deals.export", YES);
    let merged = board.merge(matrix_for(&team, "olivia@a.example"));
    assert_eq!(merged, Merged { gone: 0, agreed: 1, conflicts: 1 });
    assert_eq!(value(&board, "tasks.cancel", "Sales"), NO, "theirs");
    assert_eq!(value(&board, "contacts.vcard", "Sales"), NO, "mine");
    let cell = reading(&board, "contacts.export", "Sales");
    assert_eq!((cell.base, cell.theirs, cell.value), (Some(ASK), Some(NO), YES));
    let (row, column) = at(&board, "contacts.export", "Sales");
    assert_eq!(board.conflicts(), [(row, column)]);
    // Mine is kept over theirs, and knows what it is over.
    let mut mine = board.clone();
    mine.keep_mine(row, column);
    assert!(mine.conflicts().is_empty());
    let changes = mine.changes();
    let change = &changes["Sales"];
    assert!(change.expected.iter().any(|(_, value)| *value == NO));
    edit_roles::change(&mut team.clone(), &changes).unwrap();
    // Theirs is taken.
    board.unstage(&[(row, column)]);
    assert!(board.conflicts().is_empty());
    assert_eq!(value(&board, "contacts.export", "Sales"), NO);
}

/// What is saved names what it was based on, so that nobody's change is written over unseen.
#[test]
fn a_save_is_refused_where_somebody_was_quicker() {
    let mut board = owner();
    paint(&mut board, "contacts.export", "Sales", Brush::Yes);
    let mut team = after(&team(), "Sales", "contacts.export", NO);
    let refused = edit_roles::change(&mut team, &board.changes()).unwrap_err();
    assert!(matches!(refused, ServiceError::Meanwhile(_)), "{refused}");
    // Another cell of the role is no reason.
    let mut team = after(&self::team(), "Sales", "tasks.cancel", NO);
    edit_roles::change(&mut team, &board.changes()).unwrap();
    let sales = team.role_named("Sales").unwrap();
    let export = team.catalog.by_key("contacts.export").unwrap().id;
    let cancel = team.catalog.by_key("tasks.cancel").unwrap().id;
    assert_eq!((sales.feature(export), sales.feature(cancel)), (FeatureValue::Yes, FeatureValue::No));
}

/// The news of a save and its reply come in either order; what was staged since stays, and is no
/// conflict with one's own save.
#[test]
fn a_save_and_its_news_come_in_either_order() {
    for news_first in [true, false] {
        let mut board = owner();
        paint(&mut board, "contacts.export", "Sales", Brush::Yes);
        paint(&mut board, "contacts.vcard", "Sales", Brush::No);
        let sent = board.sent();
        let mut team = team();
        edit_roles::change(&mut team, &board.changes()).unwrap();
        paint(&mut board, "contacts.export", "Sales", Brush::No);
        if news_first {
            board.merge(matrix_for(&team, "olivia@a.example"));
            board.saved(&sent);
        } else {
            board.saved(&sent);
            board.merge(matrix_for(&team, "olivia@a.example"));
        }
        assert_eq!((board.staged().len(), board.conflicts().len()), (1, 0));
        let cell = reading(&board, "contacts.export", "Sales");
        assert_eq!((cell.base, cell.value, cell.theirs), (Some(YES), NO, None));
        assert_eq!(value(&board, "contacts.vcard", "Sales"), NO);
        assert!(!board.staged().can_undo());
    }
}

#[test]
fn what_is_staged_on_a_role_that_is_gone_goes_with_it() {
    let mut board = owner();
    paint(&mut board, "contacts.vcard", "Blank", Brush::Yes);
    let mut team = team();
    edit_roles::delete(&mut team, "Blank", None).unwrap();
    let merged = board.merge(matrix_for(&team, "olivia@a.example"));
    assert_eq!((merged.gone, board.staged().len()), (2, 0));
    assert_eq!(board.undo(), 0);
}

#[test]
fn columns_rows_and_blocks_are_copied_and_pasted() {
    let mut board = owner();
    let rows: Vec<usize> = (0..board.matrix().rows().len()).collect();
    let (_, marketing) = at(&board, "contacts.view", "Marketing");
    let (_, blank) = at(&board, "contacts.view", "Blank");
    let clip = board.copy(Shape::Columns, &rows, &[marketing]);
    let outcome = board.paste(&clip, &[0], &[blank]);
    assert_eq!(outcome.left(), 0, "{outcome:?}");
    for row in &rows {
        assert_eq!(board.value(*row, blank), board.value(*row, marketing));
    }
    board.drop_all();
    // A row onto a row of another kind is left and counted.
    let (export, _) = at(&board, "contacts.export", "Sales");
    let (view, _) = at(&board, "contacts.view", "Sales");
    let clip = board.copy(Shape::Rows, &[export], &[marketing, blank]);
    assert_eq!(board.paste(&clip, &[view], &[0]).skipped.get(&Skip::Kind), Some(&2));
    // A cell is repeated over a range.
    let (sales_row, sales) = at(&board, "tasks.set", "Sales");
    let clip = board.copy(Shape::Block, &[sales_row], &[sales]);
    let tasks: Vec<usize> = board.matrix().groups()[group(&board, "tasks")].rows.clone().collect();
    let outcome = board.paste(&clip, &tasks, &[blank]);
    assert_eq!((outcome.changed, outcome.left()), (6, 0));
}

/// B7: the line of the specification, and what is wrong with others, at its place.
#[test]
fn a_line_sets_many_cells_or_says_where_it_is_wrong() {
    let mut board = owner();
    let wishes = board.matrix().read_line("set role=Sales* perm=contacts.* edit=own").unwrap();
    assert_eq!(wishes.size(), (2, 2));
    assert_eq!(board.stage_line(&wishes).changed, 1, "Sales has it already");
    assert_eq!(value(&board, "contacts.edit", "Sales Manager"), CellValue::Scope(Scope::Own));
    let wishes = board.matrix().read_line("role=blank perm=*.vcard,\"x\",deals.pipeline to=request");
    assert!(wishes.is_ok(), "{wishes:?}");
    for (line, place, part) in [
        ("set role=Sles* perm=contacts.* edit=own", 9..14, "no role"),
        ("set role=Sales perm=kontakte.* edit=own", 20..30, "no permission"),
        ("set role=Sales perm=contacts.* edit=mine", 36..40, "no scope"),
        ("set role=Sales perm=contacts.* view=none", 36..40, "switch the area off"),
        ("set role=Sales perm=contacts.export edit=own", 41..44, "takes this"),
        ("set role=Sales perm=contacts.*", 30..31, "to="),
        ("set role=Sales prem=contacts.*", 15..19, "not known"),
        ("set perm=contacts.* to=no", 25..26, "role="),
        ("set role=Sales perm=*.may_delete to=perhaps", 36..43, "no value"),
        ("gibberish", 0..9, "no “=”"),
    ] {
        let error = board.matrix().read_line(line).unwrap_err();
        assert_eq!(error.place, place, "{line}: {}", error.text);
        assert!(error.text.contains(part), "{line}: {}", error.text);
    }
}
