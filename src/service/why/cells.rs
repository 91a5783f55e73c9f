//! Why a cell of the matrix comes to what it does. Roles and their permissions are there for
//! everybody to read (003-32).

use crate::authz::RoleCell;
use crate::model::{RecordAction, Team};
use crate::service::edit_roles::{Cell, Verb};
use crate::service::edit_team::role;
use crate::service::error::ServiceError;
use crate::service::session::Session;
use crate::store::View;

use super::{Answer, Why, steps};

impl Session {
    pub(super) fn why_cell(&self, view: &View, name: &str, cell: &Cell) -> Result<Why, ServiceError> {
        let team = view.team();
        let role = role(team, name)?;
        let gone = || ServiceError::NotFound("there is no such permission".to_owned());
        let (asked, label) = known(team, cell).ok_or_else(gone)?;
        if let RoleCell::Section(object, section) = asked
            && !view.snapshot().may_name(self.subject(), object, section)
        {
            return Err(gone());
        }
        let (word, explanation) = view.snapshot().explain_cell(role.id, asked).ok_or_else(gone)?;
        let answer = Answer {
            headline: format!("For whoever holds “{}”, it comes to: {word}.", role.name),
            allowed: explanation.allowed,
            steps: steps(explanation),
            turns: Vec::new(),
        };
        Ok(Why { title: format!("{label} · {}", role.name), answers: vec![answer] })
    }
}

fn known(team: &Team, cell: &Cell) -> Option<(RoleCell, String)> {
    Some(match cell {
        Cell::Feature(key) => {
            let feature = team.catalog.by_key(key)?;
            (RoleCell::Feature(feature.id), team.catalog.title(feature))
        }
        Cell::Scope(key, verb) => {
            let object = team.object_by_key(key)?;
            let (action, verb) = match verb {
                Verb::View => (RecordAction::View, "Can view"),
                Verb::Edit => (RecordAction::Edit, "Can create/edit"),
                Verb::Delete => (RecordAction::Delete, "Can delete"),
            };
            (RoleCell::Scope(object.id, action), format!("{verb} {}", object.label))
        }
        Cell::Section(key, name) => {
            let object = team.object_by_key(key)?;
            let section = object.section_named(name)?;
            (RoleCell::Section(object.id, section.id), format!("Section “{}”", section.name))
        }
    })
}

impl Cell {
    /// A text that names the cell, for lines of a sheet: `feature/contacts.export`,
    /// `scope/contacts/edit`, `section/contacts/Notes`.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Feature(key) => format!("feature/{key}"),
            Self::Scope(object, verb) => format!("scope/{object}/{}", verb.token()),
            Self::Section(object, section) => format!("section/{object}/{section}"),
        }
    }

    /// The cell that such a text names.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        let (kind, rest) = key.split_once('/')?;
        if kind == "feature" {
            return Some(Self::Feature(rest.to_owned()));
        }
        let (object, name) = rest.split_once('/')?;
        match kind {
            "scope" => {
                let verb = Verb::ALL.into_iter().find(|verb| verb.token() == name)?;
                Some(Self::Scope(object.to_owned(), verb))
            }
            "section" => Some(Self::Section(object.to_owned(), name.to_owned())),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_found_again_by_its_key() {
        let cells = [
            Cell::Feature("contacts.export".to_owned()),
            Cell::Scope("contacts".to_owned(), Verb::Edit),
            Cell::Section("contacts".to_owned(), "Notes / old".to_owned()),
        ];
        for cell in cells {
            assert_eq!(Cell::from_key(&cell.key()), Some(cell));
        }
        assert_eq!(Cell::from_key("scope/contacts/fly"), None);
    }
}
