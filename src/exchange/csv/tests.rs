use super::*;
use crate::exchange::value;
use crate::model::shipped::new_team;
use crate::model::{Change, FieldId, Moment, Object, ObjectId, Status, Team, UserId, Value};
use proptest::prelude::*;
use std::sync::Arc;

fn team() -> Team {
    let changes = new_team("Paws Clinic", "Olga Owner", "owner@paws.example", Moment(0)).unwrap();
    let account = changes.iter().find_map(|change| match change {
        Change::Account(swap) => swap.after.clone(),
        _ => None,
    });
    let mut team = Team::new(account.unwrap()).unwrap();
    for change in changes.iter().filter(|change| !matches!(change, Change::Account(_))) {
        team.apply(change).unwrap();
    }
    let owner = team.owner().unwrap().clone();
    for (id, email, status) in [(1, "sam@paws.example", Status::Active), (2, "gone@paws.example", Status::Revoked)] {
        let mut user = (*owner).clone();
        user.id = UserId(id);
        user.email = email.to_owned();
        user.status = status;
        team.users.insert(user.id, Arc::new(user));
    }
    team
}

fn read(text: impl AsRef<[u8]>, map: &[(&str, &str)]) -> Result<Vec<Result<Draft, String>>, String> {
    let team = team();
    let object = Arc::clone(&team.objects[&ObjectId::CONTACTS]);
    let map: Vec<_> = map.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
    let reader = Reader::new(text.as_ref(), &object, &team, &map, &|_| true).map_err(|error| error.to_string())?;
    Ok(reader.map(|row| row.unwrap().map_err(|problem| problem.to_string())).collect())
}

fn field(object: &Object, name: &str) -> FieldId {
    object.field_named(name).unwrap().id
}

#[test]
fn rows_are_read_by_the_shown_names_of_fields() {
    let text = "\u{FEFF}first name,EMAIL,Lead Score,owner,assigned_to,private,external_id\r\n\
        Rex,rex@dogs.example,7,SAM@paws.example,sam@paws.example; owner@paws.example;,Yes,D-1\r\n\
        \"Two\nlines\",,,,,,\r\n";
    let rows = read(text, &[]).unwrap();
    let rex = rows[0].clone().unwrap();
    assert_eq!(rex.line, 2);
    assert_eq!(rex.owner, Some(UserId(1)));
    assert_eq!(rex.assigned, Some(vec![UserId(0), UserId(1)]));
    assert_eq!(rex.private, Some(true));
    assert_eq!(rex.external_id.as_deref(), Some("D-1"));
    let contacts = team().objects[&ObjectId::CONTACTS].clone();
    assert!(rex.values.contains(&(field(&contacts, "Lead Score"), Some(Value::Number(7.0)))));
    let second = rows[1].clone().unwrap();
    assert!(second.values.contains(&(field(&contacts, "First Name"), Some(Value::Text("Two\nlines".into())))));
    assert!(second.values.contains(&(field(&contacts, "Email"), None)));
    assert_eq!((second.owner, second.private, second.external_id), (None, None, None));
}

#[test]
fn a_bad_row_is_left_out_with_its_line_and_the_others_stay() {
    let text = b"First Name,Lead Score,owner,private\r\n\
        \"a\nb\",1,,\n\
        c,many,,\n\
        d,1\n\
        \xFF,1,,\n\
        e,1,ghost@paws.example,\n\
        f,1,gone@paws.example,\n\
        g,1,,perhaps\n\
        h,1,,\n";
    let rows = read(text, &[]).unwrap();
    assert_eq!(rows.len(), 8);
    let told: Vec<_> = rows.iter().filter_map(|row| row.clone().err()).collect();
    for (told, expected) in told.iter().zip([
        "line 4: Lead Score: “many” isn't a number",
        "line 5: has 2 cells, but the first line names 4",
        "line 6: isn't UTF-8",
        "line 7: owner: there is no user “ghost@paws.example”",
        "line 8: owner: “gone@paws.example” is revoked",
        "line 9: private: “perhaps” is neither yes nor no",
    ]) {
        assert!(told.starts_with(expected), "{told}");
    }
    assert_eq!(told.len(), 6);
}

#[test]
fn columns_that_are_not_understood_are_refused_before_any_row() {
    for (text, expected) in [
        ("", "the file is empty"),
        ("\n\n", "the file is empty"),
        ("First Name,Shoe Size\n", "no field “Shoe Size”; name the field with --map 'Shoe Size=FIELD'"),
        ("First Name;Last Name\n", "separated by commas"),
        ("First Name,FIRST NAME\n", "both mean"),
        ("First Name,,Email\n", "column 2 has no name"),
    ] {
        let told = read(text, &[]).unwrap_err();
        assert!(told.contains(expected), "{told}");
    }
    assert!(read(b"Na\xFFme\n", &[]).unwrap_err().contains("UTF-8"));
}

#[test]
fn columns_can_be_mapped_and_left_out() {
    let rows = read("Given,Shoe\nRex,44\n", &[("given", "First Name"), ("Shoe", "")]).unwrap();
    assert_eq!(rows[0].clone().unwrap().values.len(), 1);
    assert!(read("Given\n", &[("Taken", "Email")]).unwrap_err().contains("no column “Taken”"));
    assert!(read("Given\n", &[("Given", "Hat")]).unwrap_err().contains("no field “Hat”"));
    let twice = read("Given,Email\n", &[("Given", "Email")]).unwrap_err();
    assert!(twice.contains("“Given” and “Email” both mean"), "{twice}");
}

#[test]
fn a_field_that_may_not_be_viewed_is_unknown() {
    let team = team();
    let contacts = Arc::clone(&team.objects[&ObjectId::CONTACTS]);
    let hidden = field(&contacts, "Created");
    let told = |name: &str| {
        let text = format!("{name}\n");
        Reader::new(text.as_bytes(), &contacts, &team, &[], &|id| id != hidden)
            .err()
            .unwrap()
            .to_string()
            .replace(name, "NAME")
    };
    assert_eq!(told("Created"), told("Nothing"));
}

#[test]
fn formulas_are_written_as_text_and_numbers_as_numbers() {
    let team = team();
    let contacts = Arc::clone(&team.objects[&ObjectId::CONTACTS]);
    let name = contacts.field_named("First Name").unwrap();
    let spent = contacts.field_named("Total Spent").unwrap();
    let values = [(name.id, Value::Text("=HYPERLINK(\"x\")".into())), (spent.id, Value::Money(-150))];
    let mut out = Vec::new();
    let mut writer = Writer::new(&mut out, &contacts, &[name.id, spent.id]).unwrap();
    writer
        .write(&Out { external_id: Some("@1"), owner: "sam@paws.example", values: &values, ..Out::default() })
        .unwrap();
    writer.finish().unwrap();
    let text = String::from_utf8(out).unwrap();
    assert_eq!(
        text,
        "First Name,Total Spent,external_id,owner,assigned_to,private\n\
         \"'=HYPERLINK(\"\"x\"\")\",-1.50,'@1,sam@paws.example,,no\n"
    );
    let row = read(&text, &[]).unwrap().remove(0).unwrap();
    assert_eq!(row.external_id.as_deref(), Some("@1"));
    assert_eq!(row.values[0].1, Some(values[0].1.clone()));
    assert_eq!(row.values[1].1, Some(values[1].1.clone()));
}

#[test]
fn lines_are_counted_whatever_ends_them() {
    for end in ["\n", "\r\n"] {
        let text = ["Lead Score,First Name", "", "1,a", "", "", "x,b", "2,\"c", "d\"", "y,e"].join(end);
        for text in [text.clone(), format!("{text}{end}")] {
            let rows = read(&text, &[]).unwrap();
            let lines: Vec<_> = rows
                .iter()
                .map(|row| match row {
                    Ok(draft) => draft.line.to_string(),
                    Err(told) => told.split(':').next().unwrap().replace("line ", ""),
                })
                .collect();
            assert_eq!(lines, ["3", "6", "7", "9"], "{text:?}");
        }
    }
}

proptest! {
    #[test]
    fn guarding_is_taken_back_exactly(cell in "['=+@-]{0,4}[a-c\t]{0,3}") {
        let written = guarded(&cell);
        prop_assert_eq!(unguarded(&written), &cell);
    }

    #[test]
    fn no_bytes_make_the_reader_panic(head in any::<bool>(), bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let mut text = if head { b"First Name,Email\n".to_vec() } else { Vec::new() };
        text.extend(bytes);
        let _ = read(text, &[]);
    }

    #[test]
    fn what_was_written_reads_back(cells in proptest::collection::vec(("[ -~\n'=é]{0,12}", proptest::option::of("[!-~]{1,6}")), 1..8)) {
        let team = team();
        let contacts = Arc::clone(&team.objects[&ObjectId::CONTACTS]);
        let name = contacts.field_named("First Name").unwrap();
        let mut out = Vec::new();
        let mut writer = Writer::new(&mut out, &contacts, &[name.id]).unwrap();
        let rows: Vec<_> = cells
            .iter()
            .map(|(text, external)| {
                let value = value::parse(name, text).unwrap();
                (value.map(|value| (name.id, value)), external.clone())
            })
            .collect();
        for (value, external) in &rows {
            let values: Vec<_> = value.iter().cloned().collect();
            writer.write(&Out { external_id: external.as_deref(), owner: "owner@paws.example", values: &values, ..Out::default() }).unwrap();
        }
        writer.finish().unwrap();
        let back = read(&out, &[]).unwrap();
        prop_assert_eq!(back.len(), rows.len());
        for (draft, (value, external)) in back.into_iter().zip(rows) {
            let draft = draft.unwrap();
            prop_assert_eq!(draft.values[0].1.clone(), value.map(|(_, value)| value));
            prop_assert_eq!(draft.external_id.as_deref().map(str::to_owned), external);
        }
    }
}

#[test]
fn a_quote_that_is_never_closed_is_told_where_it_opens() {
    let open = |line: u64| format!("line {line}: a quote opens here and is never closed");
    for (text, rows_before, line) in [
        ("First Name,Email\na,\nb,\"x\nc,\nd,\n", 1, 3),
        ("First Name,Email\r\n\"a\r\nb\",\"x\r\nc,", 0, 3),
        ("\u{FEFF}\"First Name\",Email\na,\"\"\nb,\"", 1, 3),
        ("First Name,Email\na,\"x\"\"", 0, 2),
    ] {
        let rows = read(text, &[]).unwrap();
        assert_eq!(rows.len(), rows_before + 1, "{text:?}");
        let told = rows[rows_before].clone().unwrap_err();
        assert!(told.starts_with(&open(line)), "{told}");
    }
    assert!(read("First Name,\"Email\na,b\n", &[]).unwrap_err().starts_with(&open(1)));
    for text in ["First Name\na\"b\n", "First Name\n\"a\"b\"\n", "First Name\n\"a\"\"\"\n", "First Name\n\"a\""] {
        assert!(read(text, &[]).unwrap()[0].is_ok(), "{text:?}");
    }
    let long = format!("First Name\n{}\"{}", "row\n".repeat(20_000), "x\n".repeat(20_000));
    let rows = read(long, &[]).unwrap();
    assert_eq!(rows.len(), 20_001);
    assert!(rows[20_000].clone().unwrap_err().starts_with(&open(20_002)));
    let torn = read("First Name,Email\n\"a,\nb,\"x\n", &[]).unwrap();
    let told = torn[0].clone().unwrap_err();
    assert!(told.contains("has 1 cell, but the first line names 2; it goes on to line 3"), "{told}");
}

#[test]
fn a_first_line_of_very_many_columns_is_no_csv_file() {
    let wide = |columns: usize| format!("{}\n", vec!["First Name"; columns].join(","));
    let told = read(wide(2001), &[]).unwrap_err();
    assert!(told.starts_with("line 1 names 2,001 columns, and at most 2,000 can be read"), "{told}");
    assert!(read(wide(2000), &[]).unwrap_err().contains("both mean"));
}

#[test]
fn what_is_wrong_with_a_row_is_told_in_few_words_however_long_its_cells_are() {
    for column in ["owner", "assigned_to", "private"] {
        let rows = read(format!("First Name,{column}\na,{}\n", "x".repeat(1 << 20)), &[]).unwrap();
        let told = rows[0].clone().unwrap_err();
        assert!(told.contains(column) && told.chars().count() < 400, "{}", told.len());
    }
}

#[test]
fn a_row_with_nothing_in_it_is_left_out() {
    let rows = read("First Name,Shoe,Email\n,44,\n, ,\"\"\nx,,\n", &[("Shoe", "")]).unwrap();
    assert_eq!(rows.iter().filter(|row| row.is_ok()).count(), 1);
    assert_eq!(rows[1], Err("line 3: has nothing in any cell".to_owned()));
}

/// Reads at most so many bytes at a time.
struct Bites<'a>(&'a [u8], usize);

impl std::io::Read for Bites<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let most = into.len().min(self.1);
        std::io::Read::read(&mut self.0, &mut into[..most])
    }
}

#[test]
fn a_row_may_be_so_long_and_no_longer_however_it_comes_in() {
    const MOST: usize = 1 << 20;
    for before in ["", "\u{FEFF}\n\r\n\n"] {
        for (end, length, line) in [("\r\n", MOST, None), ("\r", MOST, None), ("\n", MOST + 1, Some(1))] {
            let line = line.map(|line| line + before.matches('\n').count() as u64);
            let text = format!("{before}{}{end}", "x".repeat(length));
            for bite in [MOST, 1021] {
                let told = match header(Bites(text.as_bytes(), bite)) {
                    Ok(names) => {
                        assert_eq!(names[0].len(), length);
                        None
                    }
                    Err(CsvError::TooLong(row)) => Some(row.line),
                    Err(error) => panic!("{error}"),
                };
                assert_eq!(told, line, "{end:?} {bite} {before:?}");
            }
        }
    }
}

#[test]
fn rows_before_one_that_is_too_long_are_read() {
    let team = team();
    let object = Arc::clone(&team.objects[&ObjectId::CONTACTS]);
    let long = "x".repeat((16 << 20) + 1);
    let text = format!("Notes\nOne\n{}\n{long}\nTwo\n", &long[1..]);
    let mut reader = Reader::new(text.as_bytes(), &object, &team, &[], &|_| true).unwrap();
    assert_eq!(reader.next().unwrap().unwrap().unwrap().line, 2);
    assert!(reader.next().unwrap().is_ok(), "as long as a row may be");
    let Some(Err(CsvError::TooLong(row))) = reader.next() else { panic!("a row that is too long") };
    assert_eq!((row.line, row.mebibytes, row.quote), (4, 16, None));
    assert!(reader.next().is_none());
}
