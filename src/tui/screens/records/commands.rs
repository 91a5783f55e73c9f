//! What a list of records can do. Which of it there is depends on the object as well as on the
//! viewer, so the screen says for each whether they have it (R11).

use super::select::Selection;
use super::state::Records;
use crate::model::FeatureValue;
use crate::service::records::Permission;
use crate::tui::command::{Danger, Id, Spec};
use crate::tui::event::{Code, Key};

/// Search in what is shown.
pub const SEARCH: Id = Id("records.search");
/// Sort by a column.
pub const SORT: Id = Id("records.sort");
/// The other way round.
pub const REVERSE: Id = Id("records.reverse");
/// Only those with a value.
pub const FILTER: Id = Id("records.filter");
/// Take one narrowing away.
pub const WIDEN: Id = Id("records.widen");
/// Only mine.
pub const MINE: Id = Id("records.mine");
/// All of them again.
pub const CLEAR: Id = Id("records.clear");
/// Which columns there are.
pub const COLUMNS: Id = Id("records.columns");
/// Choose the row.
pub const SELECT: Id = Id("records.select");
/// Choose all of the list.
pub const SELECT_ALL: Id = Id("records.select-all");
/// Make one.
pub const NEW: Id = Id("records.new");
/// Change one.
pub const EDIT: Id = Id("records.edit");
/// Another owner.
pub const OWNER: Id = Id("records.owner");
/// Who it is assigned to.
pub const ASSIGN: Id = Id("records.assign");
/// Sealed or not.
pub const PRIVATE: Id = Id("records.private");
/// The same where it can be asked for.
pub const ASK_PRIVATE: Id = Id("records.ask-private");
/// Another status.
pub const STATUS: Id = Id("records.status");
/// Take records away.
pub const DELETE: Id = Id("records.delete");
/// The same where it can be asked for.
pub const ASK_DELETE: Id = Id("records.ask-delete");
/// Bring records in from a file.
pub const IMPORT: Id = Id("records.import");
/// Take the list out as a file.
pub const EXPORT: Id = Id("records.export");
/// The same where it can be asked for.
pub const ASK_EXPORT: Id = Id("records.ask-export");

/// What stands where a feature is on request (R11).
const ON_REQUEST: &str = "On request: somebody who administers the account can give it to you.";

/// What stands in the way until the rows are counted.
const COUNTING: &str = "What matches is still being counted; one moment.";

/// What is done with a single record: first where one is open.
pub(super) const OF_ONE: [Id; 8] = [EDIT, OWNER, ASSIGN, STATUS, PRIVATE, ASK_PRIVATE, DELETE, ASK_DELETE];

/// What is done with all that are selected, the first that has room in the foot before the others.
const OF_SEVERAL: [Id; 7] = [OWNER, STATUS, DELETE, ASK_DELETE, ASSIGN, PRIVATE, ASK_PRIVATE];

/// Their commands.
pub(super) fn of_several() -> impl Iterator<Item = &'static Spec> {
    OF_SEVERAL.iter().filter_map(|id| COMMANDS.iter().find(|spec| spec.id == *id))
}

/// In the order of the foot.
pub const COMMANDS: &[Spec] = &[
    Spec::new(SEARCH.0, "Search", "search", "In every field that you may view; f finds owners and external IDs.")
        .keys(&[Key::char('/')]),
    Spec::new(FILTER.0, "Filter by a value", "filter", "Only records with this value, or one of these, in a column.")
        .keys(&[Key::char('f')]),
    Spec::new(SORT.0, "Sort by a column", "sort", "The same column again turns the order round.")
        .keys(&[Key::char('s')]),
    Spec::new(NEW.0, "New", "new", "A new record, by section.").keys(&[Key::char('n')]).danger(Danger::Changes),
    Spec::new(EDIT.0, "Edit", "edit", "The record by section; in the detail, the field that you stand on.")
        .keys(&[Key::char('e')])
        .danger(Danger::Changes),
    Spec::new(SELECT.0, "Select", "select", "Chooses the row, to do something with several at once.")
        .keys(&[Key::char(' ')]),
    Spec::new(OWNER.0, "Change the owner", "owner", "Of this record, or of those that are selected.")
        .keys(&[Key::char('o')])
        .danger(Danger::Changes),
    Spec::new(ASSIGN.0, "Assign", "assign", "To any number of people; it gives access to Focused Users alone.")
        .keys(&[Key::char('a')])
        .danger(Danger::Changes),
    Spec::new(STATUS.0, "Set the status", "status", "Of this record, or of those that are selected.")
        .keys(&[Key::char('t')])
        .danger(Danger::Changes),
    Spec::new(PRIVATE.0, "Private on or off", "private", "A private contact is seen by its owner alone.")
        .keys(&[Key::char('p')])
        .danger(Danger::Changes),
    Spec::new(ASK_PRIVATE.0, "Private: Request permission", "", ON_REQUEST).keys(&[Key::char('p')]),
    Spec::new(DELETE.0, "Delete", "delete", "This record, or those that are selected; asks first.")
        .keys(&[Key::char('D'), Key::plain(Code::Delete)])
        .danger(Danger::Destroys),
    Spec::new(ASK_DELETE.0, "Delete: Request permission", "", ON_REQUEST)
        .keys(&[Key::char('D'), Key::plain(Code::Delete)]),
    Spec::new(IMPORT.0, "Import", "import", "Records from a CSV file; shows first what would come of it.")
        .keys(&[Key::char('i')])
        .danger(Danger::Changes),
    Spec::new(EXPORT.0, "Export", "export", "The list as it is narrowed, with the columns that you may view, as CSV.")
        .keys(&[Key::char('x')]),
    Spec::new(ASK_EXPORT.0, "Export: Request permission", "", ON_REQUEST).keys(&[Key::char('x')]),
    Spec::new(SELECT_ALL.0, "Select all of the list", "", "However long it is; again for none.")
        .keys(&[Key::char('*'), Key::char('A')]),
    Spec::new(COLUMNS.0, "Choose the columns", "", "Which there are and in which order; kept for you.")
        .keys(&[Key::char('v')]),
    Spec::new(REVERSE.0, "Turn the order round", "", "Last first.").keys(&[Key::char('r')]),
    Spec::new(MINE.0, "Only what I own", "mine", "Records Owned; again for all.").keys(&[Key::char('O')]),
    Spec::new(WIDEN.0, "Take a filter away", "", "One of those in force.")
        .keys(&[Key::char('F'), Key::plain(Code::Backspace)]),
    Spec::new(CLEAR.0, "Show all", "all", "Takes search and filters away.").keys(&[Key::char('c')]),
];

impl Records {
    /// The commands that the viewer has here.
    pub(super) fn has(&self, id: Id) -> bool {
        use FeatureValue::{No, Request, Yes};
        let object = &self.object;
        let several = self.selected() > 1;
        match id {
            OWNER => object.may_edit && (!several || object.bulk_owner.value != No),
            NEW | IMPORT => object.may_create,
            ASSIGN | EDIT => object.may_edit,
            STATUS => {
                let status = object.fields.iter().find(|view| view.field.name == "Status");
                object.may_edit
                    && status.is_some_and(|view| view.writable)
                    && (!several || object.bulk_status.value != No)
            }
            PRIVATE => object.may_edit && object.private.value == Yes,
            ASK_PRIVATE => object.may_edit && object.private.value == Request,
            DELETE => object.delete.value == Yes,
            ASK_DELETE => object.delete.value == Request,
            EXPORT => object.export.value == Yes,
            ASK_EXPORT => object.export.value == Request,
            _ => true,
        }
    }

    /// Why a command can't be used just now.
    pub(super) fn why_not(&self, id: Id) -> Option<String> {
        let row = self.current();
        let one = self.object.singular.to_lowercase();
        let nothing = || Some(format!("There is no {one} here."));
        let counting = || Some(COUNTING.to_owned());
        match id {
            ASK_PRIVATE => Some(on_request(&self.object.private)),
            ASK_DELETE => Some(on_request(&self.object.delete)),
            ASK_EXPORT => Some(on_request(&self.object.export)),
            OWNER if self.selected() > 1 && self.object.bulk_owner.value == FeatureValue::Request => {
                Some(format!("Several at once: {}", on_request(&self.object.bulk_owner)))
            }
            STATUS if self.selected() > 1 && self.object.bulk_status.value == FeatureValue::Request => {
                Some(format!("Several at once: {}", on_request(&self.object.bulk_status)))
            }
            OWNER | ASSIGN | STATUS | PRIVATE | DELETE if self.is_choosing() => self.why_not_those_selected(),
            OWNER | ASSIGN | STATUS | PRIVATE | DELETE | SELECT | EDIT if row.is_none() => nothing(),
            OWNER | ASSIGN | STATUS | PRIVATE | EDIT if row.is_some_and(|row| !row.may_edit) => {
                Some(format!("You can see this {one} but not change it."))
            }
            PRIVATE if row.is_some_and(|row| !row.private && row.owner != self.me) => {
                Some(format!("Only its owner can make a {one} private."))
            }
            DELETE if row.is_some_and(|row| !row.may_delete) => {
                Some(format!("You can see this {one} but not delete it."))
            }
            EXPORT | SELECT_ALL if self.anew || self.pages.is_counting() => counting(),
            EXPORT | SELECT_ALL if self.trouble.is_some() => self.trouble.clone(),
            EXPORT | SELECT_ALL if self.length() == 0 => Some("The list is empty.".to_owned()),
            WIDEN if self.narrowing.is_empty() => Some("No filter is in force.".to_owned()),
            CLEAR if !self.is_narrowed() => Some("All are shown already.".to_owned()),
            _ => None,
        }
    }

    /// Why nothing can be done just now with what is selected.
    fn why_not_those_selected(&self) -> Option<String> {
        match &self.selection {
            Selection::These(_) => None,
            Selection::All { .. } if self.trouble.is_some() => self.trouble.clone(),
            Selection::All { .. } if self.is_uncounted() => Some(COUNTING.to_owned()),
            Selection::All { .. } => (self.selected() == 0)
                .then(|| format!("No {} is selected any more.", self.object.singular.to_lowercase())),
        }
    }
}

/// What is said to whoever tries what is on request: by which name to ask for it, and whom.
fn on_request(permission: &Permission) -> String {
    format!("“{}” is on request: ask somebody who administers the account to give it to you.", permission.label)
}
