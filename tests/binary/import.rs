//! `import`.

use crate::kit::Home;

#[test]
fn bad_rows_are_told_with_their_line_and_left_out() {
    let home = Home::clinic();
    let csv = "First Name,Lead Score,owner\nOne,1,\n\"Two\nlines\",2,\nThree,many,\nFour,4,ghost@paws.example\nFive\n";
    let file = home.file("rows.csv", csv);
    let told = home.json(&["import", "contacts", &file]);
    assert_eq!(told["created"], 2);
    let lines: Vec<_> = told["left_out"].as_array().unwrap().iter().map(|row| row["line"].as_u64().unwrap()).collect();
    assert_eq!(lines, [5, 6, 7]);
    let run = home.run(&["import", "contacts", &file]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.err.contains(&format!("{file}:5: Lead Score: “many” isn't a number")), "{run:?}");
    assert!(run.out.contains("2 created, 3 left out"), "{run:?}");
}

#[test]
fn a_strict_import_with_a_bad_row_imports_nothing() {
    let home = Home::clinic();
    let before = home.json(&["records", "contacts"])["total"].clone();
    let file = home.file("rows.csv", "First Name,Lead Score\nOne,1\nTwo,x\n");
    home.run(&["import", "contacts", &file, "--strict"]).refused(1, "rows.csv:3: ");
    assert_eq!(home.json(&["records", "contacts"])["total"], before);
}

#[test]
fn rows_that_name_a_record_change_it_only_with_update() {
    let home = Home::clinic();
    let file = home.file("rows.csv", "external_id,Lead Score\nC-1,99\nC-9,9\n");
    let told = home.json(&["import", "contacts", &file]);
    assert_eq!(told["created"], 1);
    assert!(told["left_out"][0]["error"].as_str().unwrap().contains("can't be used"), "{told}");
    let told = home.json(&["import", "contacts", &file, "--update", "--as", "sam@paws.example"]);
    assert_eq!(told["updated"], 1, "{told}");
    let page = home.json(&["records", "contacts", "--filter", "external_id=C-1"]);
    assert_eq!(page["rows"][0]["fields"]["Lead Score"], 99);
    let told = home.json(&["import", "contacts", &file, "--update"]);
    assert_eq!((told["updated"].clone(), told["unchanged"].clone()), (0.into(), 2.into()), "{told}");
}

#[test]
fn whoever_imports_owns_what_names_no_owner() {
    // R13
    let home = Home::clinic();
    let file = home.file("rows.csv", "First Name\nZoe\n");
    assert_eq!(home.json(&["import", "contacts", &file, "--as", "sam@paws.example"])["created"], 1);
    let page = home.json(&["records", "contacts", "--filter", "First Name=zoe"]);
    assert_eq!(page["rows"][0]["owner"], "sam@paws.example");
    home.run(&["import", "contacts", &file, "--as", "ada@paws.example"]).refused(3, "");
    home.run(&["import", "deals", &file, "--as", "sam@paws.example"]).refused(3, "");
}

#[test]
fn columns_must_be_understood_before_any_row_is_read() {
    let home = Home::clinic();
    for (csv, said) in [
        ("Shoe Size\n44\n", "no field “Shoe Size”"),
        ("First Name,FIRST NAME\nx,y\n", "both mean"),
        ("", "is empty"),
        ("First Name;Email\nx;y\n", "commas"),
    ] {
        let file = home.file("x.csv", csv);
        home.run(&["import", "contacts", &file]).refused(1, said);
    }
    let file = home.file("x.csv", "Given,Shoe Size\nAbe,44\n");
    let mapped = ["import", "contacts", &file, "--map", "Given=First Name", "--map", "Shoe Size="];
    assert_eq!(home.json(&mapped)["created"], 1);
    let hidden = home.file("y.csv", "First Name,Created\nAbe,2026-01-01\n");
    home.run(&["import", "contacts", &hidden, "--as", "sam@paws.example"]).refused(1, "no field “Created”");
    home.run(&["import", "horses", &file]).refused(2, "horses");
    home.run(&["import", "contacts", &home.path("none.csv")]).refused(1, "none.csv can't be read");
}

#[test]
fn a_view_only_section_is_not_written_by_an_import() {
    // 001-22
    let home = Home::clinic();
    let file = home.file("x.csv", "First Name,Total Spent\nAbe,5\nEve,\n");
    let told = home.json(&["import", "contacts", &file, "--as", "sam@paws.example"]);
    assert_eq!(told["created"], 1, "{told}");
    assert!(told["left_out"][0]["error"].as_str().unwrap().contains("Total Spent"), "{told}");
}

#[test]
fn what_is_exported_as_csv_is_imported_again() {
    let home = Home::clinic();
    let tricky = home.file("t.csv", "First Name,Notes,external_id\n=1+1,\"'@x\n\"\"q\"\"\",T-1\n");
    assert_eq!(home.json(&["import", "contacts", &tricky])["created"], 1);
    let csv = home.run(&["records", "contacts", "--csv"]).out;
    assert!(csv.contains("'=1+1"), "{csv}");
    let other = Home::new();
    assert_eq!(other.run_with(&["apply", "-"], home.run(&["export"]).out).code, 0);
    let run = other.run_with(&["import", "contacts", "-", "--strict"], &csv);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(
        other.run(&["records", "contacts", "--csv", "--sort", "external_id"]).out,
        home.run(&["records", "contacts", "--csv", "--sort", "external_id"]).out
    );
}

#[test]
fn a_quote_that_is_never_closed_is_told_with_its_line() {
    let home = Home::clinic();
    let file = home.file("rows.csv", "First Name,Notes\nOne,fine\nTwo,\"oops\nThree,x\nFour,y\n");
    let run = home.run(&["import", "contacts", &file]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.err.contains(&format!("{file}:3: a quote opens here and is never closed")), "{run:?}");
    assert!(run.out.contains("1 created, 1 left out."), "{run:?}");
    home.run(&["import", "contacts", &file, "--strict"]).refused(1, "rows.csv:3: a quote opens here");
}

/// SPEC part 4: half a file is no file, and it says so once.
#[test]
fn a_file_that_cannot_be_read_to_its_end_imports_nothing_and_says_so() {
    let home = Home::clinic();
    let before = home.json(&["records", "contacts"])["total"].clone();
    let file = home.file("rows.csv", format!("First Name\nOne\n{}\n", "x".repeat(17 << 20)));
    let run = home.run(&["import", "contacts", &file]);
    run.refused(1, "error: line 3: the row that begins here has more than 16 MiB");
    assert_eq!(run.err.matches("nothing was imported").count(), 1, "{run:?}");
    assert_eq!(home.json(&["records", "contacts"])["total"], before);
}

#[test]
fn an_empty_row_makes_no_record() {
    let home = Home::clinic();
    let file = home.file("rows.csv", "First Name,Notes\nOne,fine\n,\n");
    let told = home.json(&["import", "contacts", &file]);
    assert_eq!(told["created"], 1, "{told}");
    assert_eq!(told["left_out"][0]["line"], 3);
    assert!(told["left_out"][0]["error"].as_str().unwrap().contains("nothing in any cell"), "{told}");
}

#[test]
fn a_number_that_can_not_be_kept_is_refused() {
    let home = Home::clinic();
    let file = home.file("rows.csv", "First Name,Lead Score\nOne,9007199254740993\nTwo,9007199254740992\n");
    let told = home.json(&["import", "contacts", &file]);
    assert_eq!(told["created"], 1, "{told}");
    assert!(told["left_out"][0]["error"].as_str().unwrap().contains("too many digits"), "{told}");
}

#[test]
fn the_summary_tells_only_what_happened() {
    let home = Home::clinic();
    let file = home.file("rows.csv", "external_id,Lead Score\nC-1,99\n");
    assert_eq!(home.run(&["import", "contacts", &file, "--update"]).out, "1 updated.\n");
    assert_eq!(home.run(&["import", "CONTACTS", &file, "--update"]).out, "1 as it was.\n");
}

/// Ctrl-C ends the program where the rows are in and only telling is left.
#[test]
fn an_interrupt_after_the_rows_ends_the_telling() {
    let home = Home::clinic();
    // More to tell than a pipe holds that nobody reads.
    let rows: String = (0..6_000).map(|number| format!("Ann {number},many\n")).collect();
    let file = home.file("rows.csv", format!("First Name,Lead Score\n{rows}"));
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_rolecall"));
    command.args(["import", "contacts", &file]).env("ROLECALL_DATA", home.data());
    command.stdin(std::process::Stdio::null()).stdout(std::process::Stdio::null());
    let mut child = command.stderr(std::process::Stdio::piped()).spawn().unwrap();
    let mut told = [0];
    std::io::Read::read_exact(child.stderr.as_mut().unwrap(), &mut told).unwrap();
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
}

/// What is named may be a pipe, as shells make them of a command.
#[test]
fn a_named_pipe_is_read_like_the_standard_input() {
    let home = Home::clinic();
    let pipe = home.path("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let sent = pipe.clone();
    let sending = std::thread::spawn(move || std::fs::write(sent, "First Name\nPia\n"));
    assert_eq!(home.json(&["import", "contacts", &pipe])["created"], 1);
    sending.join().unwrap().unwrap();
}

#[test]
fn a_row_with_several_bad_cells_names_them_all_and_counts_once() {
    let home = Home::clinic();
    let csv = "First Name,Lead Score,owner,Status,Last Purchase\nOne,many,ghost@paws.example,Sleepy,never\n";
    let told = home.json(&["import", "contacts", &home.file("rows.csv", csv)]);
    let left_out = told["left_out"].as_array().unwrap();
    assert_eq!(left_out.len(), 1, "{told}");
    let error = left_out[0]["error"].as_str().unwrap();
    for said in ["Lead Score: “many”", "ghost@paws.example", "Status: “Sleepy”", "Last Purchase: “never”"] {
        assert!(error.contains(said), "“{said}” is missing: {error}");
    }
    // However long they are.
    let long = "x".repeat(5000);
    let csv = format!("First Name,Lead Score,Total Spent,Status\nOne,{long},{long},{long}\n");
    let told = home.json(&["import", "contacts", &home.file("long.csv", csv)]);
    let error = told["left_out"][0]["error"].as_str().unwrap();
    assert!(error.contains("Status: ") && error.len() < 4000, "{error}");
}

#[test]
fn rows_that_are_left_out_are_no_failure_even_where_it_is_all_of_them_unless_strict() {
    let home = Home::clinic();
    let file = home.file("rows.csv", "First Name,Lead Score\nOne,x\nTwo,y\n");
    let run = home.run(&["import", "contacts", &file]);
    assert_eq!((run.code, run.out.as_str()), (0, "2 left out.\n"), "{run:?}");
    assert_eq!(home.run(&["import", "contacts", &file, "--strict"]).code, 1);
    assert!(home.run(&["import", "--help"]).out.contains("that is no failure, even where it is every row"));
}
