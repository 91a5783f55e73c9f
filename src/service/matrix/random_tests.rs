//! What always holds, whatever is staged in whatever order.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::tests::{YES, matrix_for, team};
use super::*;
use crate::model::{FeatureValue, Team};
use crate::service::edit_roles::{self, CellValue};

const BRUSHES: [Brush; 8] = [
    Brush::Yes,
    Brush::No,
    Brush::Request,
    Brush::All,
    Brush::Subordinates,
    Brush::Own,
    Brush::Edit,
    Brush::Everything,
];

/// Something that a person does, in numbers that are brought into range.
#[derive(Debug, Clone)]
enum Deed {
    Paint { row: usize, rows: usize, column: usize, columns: usize, brush: usize },
    Area { group: usize, column: usize, columns: usize, brush: usize },
    Paste { shape: usize, row: usize, column: usize, to: (usize, usize) },
    Unstage { row: usize, rows: usize, column: usize },
    Undo,
}

fn deed() -> impl Strategy<Value = Deed> {
    let small = || 0usize..200;
    prop_oneof![
        4 => (small(), 1usize..12, small(), 1usize..5, small())
            .prop_map(|(row, rows, column, columns, brush)| Deed::Paint { row, rows, column, columns, brush }),
        2 => (small(), small(), 1usize..5, small())
            .prop_map(|(group, column, columns, brush)| Deed::Area { group, column, columns, brush }),
        1 => (0usize..3, small(), small(), (small(), small()))
            .prop_map(|(shape, row, column, to)| Deed::Paste { shape, row, column, to }),
        2 => (small(), 1usize..12, small()).prop_map(|(row, rows, column)| Deed::Unstage { row, rows, column }),
        1 => Just(Deed::Undo),
    ]
}

fn run(from: usize, number: usize, of: usize) -> Vec<usize> {
    let from = from % of;
    (from..(from + number).min(of)).collect()
}

fn pick(brush: usize) -> Brush {
    BRUSHES[brush % BRUSHES.len()]
}

/// Does a deed; says whether it was an act that can be taken back.
fn does(board: &mut Board, deed: &Deed) -> bool {
    let (rows, columns) = (board.matrix().rows().len(), board.matrix().columns().len());
    let changed = match deed {
        Deed::Paint { row, rows: high, column, columns: wide, brush } => {
            let across = run(*column, *wide, columns);
            let cells: Vec<_> =
                run(*row, *high, rows).into_iter().flat_map(|row| across.iter().map(move |c| (row, *c))).collect();
            board.paint(cells, pick(*brush)).changed
        }
        Deed::Area { group, column, columns: wide, brush } => {
            let group = group % board.matrix().groups().len();
            board.paint_groups(&[group], &run(*column, *wide, columns), pick(*brush)).changed
        }
        Deed::Paste { shape, row, column, to } => {
            let all: Vec<usize> = (0..rows).collect();
            let everyone: Vec<usize> = (0..columns).collect();
            let (shape, from, across) = match shape {
                0 => (Shape::Columns, all, run(*column, 1, columns)),
                1 => (Shape::Rows, run(*row, 2, rows), everyone),
                _ => (Shape::Block, run(*row, 3, rows), run(*column, 2, columns)),
            };
            let clip = board.copy(shape, &from, &across);
            board.paste(&clip, &run(to.0, 4, rows), &run(to.1, 3, columns)).changed
        }
        Deed::Unstage { row, rows: high, column } => {
            let cells: Vec<_> = run(*row, *high, rows).into_iter().map(|row| (row, column % columns)).collect();
            board.unstage(&cells).changed
        }
        Deed::Undo => {
            board.undo();
            0
        }
    };
    changed > 0
}

fn values(board: &Board) -> Vec<CellValue> {
    let columns = 0..board.matrix().columns().len();
    columns
        .flat_map(|column| (0..board.matrix().rows().len()).map(move |row| (row, column)))
        .map(|(row, column)| board.value(row, column).unwrap())
        .collect()
}

/// 003-29: wherever something that was staged is on, the area's access is.
fn access_is_on(board: &Board) -> Result<(), TestCaseError> {
    for (column, of) in board.matrix().columns().iter().enumerate() {
        for group in board.matrix().groups() {
            let Some(access) = group.access else { continue };
            let on = group.rows.clone().filter(|row| *row != access).find(|row| {
                let at = &board.matrix().rows()[*row];
                at.elsewhere.is_none()
                    && matches!(board.value(*row, column), Some(CellValue::Feature(v)) if v != FeatureValue::No)
            });
            if let Some(row) = on {
                let code = &board.matrix().rows()[row].code;
                prop_assert_eq!(board.value(access, column), Some(YES), "{} of {}", code, of.name());
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// Nothing is staged that the viewer may not give; locked columns stay; what is saved is what is
    /// shown; and taking every act back leaves nothing.
    #[test]
    fn what_is_staged_may_be_given_is_what_is_saved_and_can_be_taken_back(
        deeds in proptest::collection::vec(deed(), 1..12),
        deputy in any::<bool>(),
    ) {
        let who = if deputy { "dora@a.example" } else { "olivia@a.example" };
        let team = team();
        let mut board = Board::new(matrix_for(&team, who));
        let before = values(&board);
        for deed in &deeds {
            does(&mut board, deed);
            access_is_on(&board)?;
            for (column, of) in board.matrix().columns().iter().enumerate() {
                let now = board.role(column).unwrap();
                prop_assert!(of.lock.is_none() || **now == *of.role, "{} is locked", of.name());
                prop_assert_eq!(board.matrix().may_change(of.id(), now), Ok(()));
                // What a cell comes to is what the evaluator says of the role as it is drafted.
                prop_assert_eq!(board.rights(column).unwrap(), &board.matrix().snapshot.role_rights(now));
            }
        }
        let mut saved: Team = team.clone();
        edit_roles::change(&mut saved, &board.changes()).map_err(|e| TestCaseError::fail(e.to_string()))?;
        prop_assert_eq!(values(&Board::new(matrix_for(&saved, who))), values(&board));
        let counted: usize = board.changes().values().map(|change| change.cells.len()).sum();
        prop_assert_eq!(counted, board.staged().len());
        while board.staged().can_undo() {
            board.undo();
        }
        prop_assert_eq!(values(&board), before);
        prop_assert!(board.staged().is_empty());
    }

    /// Two people's drafts: a cell that one of them touched is theirs, the same on both is agreed,
    /// another on both waits for a choice; choosing leaves none, and then it can be saved.
    #[test]
    fn drafts_merge_cell_by_cell(
        mine in proptest::collection::vec(deed(), 1..6),
        theirs in proptest::collection::vec(deed(), 1..6),
        choices in proptest::collection::vec(any::<bool>(), 0..40),
    ) {
        let team = team();
        let fresh = || Board::new(matrix_for(&team, "olivia@a.example"));
        let (mut me, mut them) = (fresh(), fresh());
        for deed in &mine { does(&mut me, deed); }
        for deed in &theirs { does(&mut them, deed); }
        let (was, i_want, they_made) = (values(&fresh()), values(&me), values(&them));
        let mut saved = team.clone();
        edit_roles::change(&mut saved, &them.changes()).map_err(|e| TestCaseError::fail(e.to_string()))?;
        me.merge(matrix_for(&saved, "olivia@a.example"));
        let now = values(&me);
        let conflicts = me.conflicts();
        let rows = me.matrix().rows().len();
        for place in 0..now.len() {
            let (w, i, t, n) = (was[place], i_want[place], they_made[place], now[place]);
            let waits = conflicts.contains(&(place % rows, place / rows));
            prop_assert_eq!(n, if i == w { t } else { i });
            prop_assert_eq!(waits, i != w && t != w && i != t);
        }
        let mut wanted: BTreeMap<(usize, usize), CellValue> = BTreeMap::new();
        for ((row, column), keep) in conflicts.iter().zip(choices.into_iter().chain(std::iter::repeat(true))) {
            let place = column * rows + row;
            if keep { me.keep_mine(*row, *column); } else { me.unstage(&[(*row, *column)]); }
            // An access that staged permissions need is kept, whatever was chosen (003-29).
            wanted.insert((*row, *column), if keep { i_want[place] } else { me.value(*row, *column).unwrap() });
        }
        for ((row, column), value) in wanted {
            prop_assert_eq!(me.value(row, column), Some(value));
        }
        for (row, column) in me.conflicts() {
            me.keep_mine(row, column);
        }
        edit_roles::change(&mut saved, &me.changes()).map_err(|e| TestCaseError::fail(e.to_string()))?;
        prop_assert_eq!(values(&Board::new(matrix_for(&saved, "olivia@a.example"))), values(&me));
    }

    /// Any line is either understood or told wrong at a place that is in it, or just behind it.
    #[test]
    fn any_line_is_understood_or_told_wrong_at_its_place(line in "(set |role=|perm=|to=|edit=|[a-z*?. =\"]){0,12}") {
        let matrix = matrix_for(&team(), "olivia@a.example");
        if let Err(error) = matrix.read_line(&line) {
            prop_assert!(error.place.start <= line.chars().count());
            prop_assert!(error.place.end <= line.chars().count() + 1 && error.place.start < error.place.end);
            prop_assert!(!error.text.is_empty());
        }
    }
}
