//! A data directory, and the binary run on it.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value as Json;

/// How a run ended.
#[derive(Debug)]
pub struct Run {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Run {
    /// The answer, which must be there.
    pub fn json(&self) -> Json {
        assert_eq!(self.code, 0, "{self:?}");
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The error as `--json` tells it.
    pub fn error(&self) -> Json {
        assert_ne!(self.code, 0, "{self:?}");
        let object: Json = serde_json::from_str(&self.err).unwrap_or_else(|error| panic!("{error}: {self:?}"));
        assert_eq!(object.as_object().unwrap().keys().collect::<Vec<_>>(), ["error", "hint"], "{self:?}");
        object
    }

    /// It must have ended so, saying this on standard error.
    pub fn refused(&self, code: i32, said: &str) {
        assert_eq!(self.code, code, "{self:?}");
        assert!(self.err.contains(said), "“{said}” is missing: {self:?}");
        assert!(!self.err.contains("panicked"), "{self:?}");
    }
}

/// A data directory of its own.
pub struct Home {
    folder: tempfile::TempDir,
}

pub const OWNER: &str = "olga@paws.example";

impl Home {
    /// Nothing in it yet.
    pub fn empty() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// With an account.
    pub fn new() -> Self {
        let home = Self::empty();
        let run = home.run(&["init", "--account", "Paws Clinic", "--owner", OWNER, "--owner-name", "Olga Owner"]);
        assert_eq!(run.code, 0, "{run:?}");
        home
    }

    /// With an account, a team and a few records.
    pub fn clinic() -> Self {
        let home = Self::new();
        let run = home.run_with(&["apply", "-"], CLINIC);
        assert_eq!(run.code, 0, "{run:?}");
        for (object, csv) in [("contacts", CONTACTS), ("deals", DEALS)] {
            let run = home.run_with(&["import", object, "-", "--strict"], csv);
            assert_eq!(run.code, 0, "{run:?}");
        }
        home
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// A file beside the data directory.
    pub fn file(&self, name: &str, contents: impl AsRef<[u8]>) -> String {
        let path = self.folder.path().join(name);
        std::fs::write(&path, contents).unwrap();
        path.to_str().unwrap().to_owned()
    }

    pub fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    pub fn run(&self, arguments: &[&str]) -> Run {
        self.run_with(arguments, "")
    }

    pub fn run_with(&self, arguments: &[&str], input: impl AsRef<[u8]>) -> Run {
        run(Some(&self.data()), arguments, input.as_ref())
    }

    /// The answer of a command that works.
    pub fn json(&self, arguments: &[&str]) -> Json {
        let arguments: Vec<&str> = arguments.iter().copied().chain(["--json"]).collect();
        self.run(&arguments).json()
    }

    /// The values of a field in a list.
    pub fn names(&self, arguments: &[&str]) -> Vec<String> {
        let page = self.json(arguments);
        let rows = page["rows"].as_array().unwrap();
        rows.iter().map(|row| row["fields"]["First Name"].as_str().unwrap_or("").to_owned()).collect()
    }
}

pub fn run(data: Option<&Path>, arguments: &[&str], input: &[u8]) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rolecall"));
    command.args(arguments).env_remove("ROLECALL_DATA").stdin(Stdio::piped()).stdout(Stdio::piped());
    if let Some(data) = data {
        command.env("ROLECALL_DATA", data);
    }
    let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    // What isn't read is no matter.
    let feeder = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().unwrap();
    feeder.join().unwrap();
    Run {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

pub const CLINIC: &str = r#"
[[roles]]
name = "Practice Manager"
manager = "Account Owner"
features = { "contacts.export" = "yes", "contacts.private" = "yes" }
scopes.contacts = { view = "subordinates", edit = "subordinates", delete = "none" }

[[roles]]
name = "Vet Tech"
manager = "Practice Manager"
features = { "contacts.export" = "no", "contacts.vcard" = "request" }
scopes.contacts = { view = "own", edit = "own", delete = "own" }
sections.contacts = { "System Information" = { view = false }, "Purchase Information" = { view = true, edit = false } }

[[roles]]
name = "Team Admin"
manager = "Account Owner"
type = "administrator"
features = { "users.edit" = "yes", "roles.manage" = "yes", "audit.view" = "yes" }
scopes.contacts = { view = "all" }

[[users]]
email = "kim@paws.example"
name = "Kim"
role = "Practice Manager"

[[users]]
email = "sam@paws.example"
name = "Sam Smith"
role = "Vet Tech"
manager = "kim@paws.example"
exceptions = { "contacts.export" = "visible" }

[[users]]
email = "tess@paws.example"
role = "Vet Tech"
manager = "kim@paws.example"

[[users]]
email = "ada@paws.example"
role = "Team Admin"

[[users]]
email = "gone@paws.example"
role = "Vet Tech"
status = "revoked"
"#;

pub const CONTACTS: &str = "First Name,Last Name,Email,Status,Lead Score,Total Spent,Last Purchase,owner,external_id\n\
    Ann,Able,ann@dogs.example,Lead,10,100.50,2026-01-31,sam@paws.example,C-1\n\
    Bob,Baker,bob@dogs.example,Customer,2,,,sam@paws.example,C-2\n\
    Cid,baker,cid@dogs.example,Customer,,7,2025-12-01,tess@paws.example,C-3\n\
    Dora,Dean,dora@dogs.example,,-1,,,kim@paws.example,C-4\n\
    Éva,Straße,,Lead,,,,olga@paws.example,C-5\n";

pub const DEALS: &str = "Name,Stage,Value,owner\nX-ray,New,900,sam@paws.example\nSurgery,Won,1200.5,kim@paws.example\n";
