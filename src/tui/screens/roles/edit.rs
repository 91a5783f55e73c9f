//! The form of a role that is there (003-27): what it is called, its manager, its type, what it is
//! for, and which roles its holders may assign (R31).

use std::collections::BTreeSet;

use crate::model::RoleType;
use crate::service::draft::{Draft, Saved};
use crate::service::edit_roles::RoleChange;
use crate::service::roles::RoleRow;
use crate::service::types::about;
use crate::service::{ServiceError, Session};
use crate::tui::editor::{Editing, Loader, Plan};
use crate::tui::effect::{Effect, Effects};
use crate::tui::route::Route;
use crate::tui::toast::Toast;
use crate::tui::widget::{Choice, Field, FieldKey, Form};

pub(super) const NAME: &str = "name";
pub(super) const MANAGER: &str = "manager";
pub(super) const TYPE: &str = "type";
pub(super) const DESCRIPTION: &str = "description";
pub(super) const ICON: &str = "icon";
pub(super) const MAY_ASSIGN: &str = "may-assign";

/// The roles that there are, and those that the viewer may hand out.
#[derive(Debug)]
pub(super) struct Roles {
    pub(super) rows: Vec<RoleRow>,
    pub(super) listable: Vec<String>,
}

impl Roles {
    pub(super) fn load(session: &Session) -> Result<Self, ServiceError> {
        Ok(Self { rows: session.roles()?, listable: session.listable_roles() })
    }

    /// Every role that can manage this one: all of them, Account Owner among them (000-06, 001-04),
    /// but itself and those below it.
    pub(super) fn managers(&self, role: Option<&str>) -> Vec<Choice> {
        let fits = |row: &&RoleRow| role.is_none_or(|role| !is_within(&self.rows, &row.name, role));
        let choice = |row: &RoleRow| Choice::new(row.name.clone(), row.name.clone(), "").note(row.description.clone());
        self.rows.iter().filter(fits).map(choice).collect()
    }

    /// The fields of a role's form. `row` is a role that is there, or what a new one starts with.
    pub(super) fn fields(&self, row: &RoleRow, is_there: bool) -> Vec<Field> {
        let managers = self.managers(is_there.then_some(row.name.as_str()));
        let types = [RoleType::Administrator, RoleType::User, RoleType::Focused];
        let types = types.map(|kind| Choice::new(kind.token(), kind.label(), "").note(about(kind)));
        let mut fields = vec![
            Field::line(NAME, "Role").filled(&row.name).hint("What the role is called."),
            Field::choice(MANAGER, "Role Manager", managers, row.manager.as_deref().unwrap_or_default())
                .hint("The role above it: its holders oversee the work of those who hold this one."),
            Field::choice(TYPE, "Type", types.to_vec(), row.role_type.token()),
            Field::line(DESCRIPTION, "Description").filled(&row.description).hint("What the role is for."),
            Field::line(ICON, "Icon").filled(&row.icon).hint("A short mark before the name, such as ▣ or VT."),
        ];
        let chosen: BTreeSet<String> = row.may_assign.iter().cloned().collect();
        let offered = self.rows.iter().filter(|other| {
            chosen.contains(&other.name) || (self.listable.contains(&other.name) && other.name != row.name)
        });
        let choice = |other: &RoleRow| Choice::new(other.name.clone(), other.name.clone(), other.role_type.label());
        let offered: Vec<Choice> = offered.map(choice).collect();
        if !offered.is_empty() {
            let hint =
                "Roles that its holders may give to people without holding their permissions. Space opens the list.";
            fields.push(Field::several(MAY_ASSIGN, "May assign", offered, &chosen).hint(hint));
        }
        fields
    }
}

/// Does the one role stand below the other, or is it the other?
pub(super) fn is_within(rows: &[RoleRow], name: &str, branch: &str) -> bool {
    let mut at = Some(name);
    for _ in 0..=rows.len() {
        match at {
            Some(step) if step == branch => return true,
            Some(step) => at = rows.iter().find(|row| row.name == step).and_then(|row| row.manager.as_deref()),
            None => return false,
        }
    }
    false
}

/// What is wrong with what was filled in, before anybody is asked.
pub(super) fn faults(form: &Form) -> Vec<(FieldKey, String)> {
    let mut faults = Vec::new();
    if form.text(NAME).trim().is_empty() {
        faults.push((NAME.into(), "A role needs a name.".to_owned()));
    }
    if form.text(MANAGER).is_empty() {
        faults.push((MANAGER.into(), "A role needs a manager; choose one, Account Owner if no other.".to_owned()));
    }
    faults
}

/// Which field a refusal is about.
pub(super) fn field_of(why: &str) -> Option<FieldKey> {
    let about = [
        ("share a name", NAME),
        ("the name", NAME),
        ("circle", MANAGER),
        ("the description", DESCRIPTION),
        ("the icon", ICON),
        ("may assign", MAY_ASSIGN),
        ("can't be listed", MAY_ASSIGN),
    ];
    about.iter().find(|(words, _)| why.contains(words)).map(|(_, key)| (*key).into())
}

/// Editing a role.
pub(super) struct EditRole {
    /// Its name so far.
    name: String,
    /// Its name once it is saved.
    renamed: String,
}

impl EditRole {
    pub(super) fn new(name: &str) -> Self {
        Self { name: name.to_owned(), renamed: name.to_owned() }
    }
}

impl Editing for EditRole {
    type Loaded = (RoleRow, Roles);

    fn crumbs(&self) -> Vec<String> {
        vec!["Roles".to_owned(), self.name.clone(), "Edit".to_owned()]
    }

    fn tab(&self) -> Option<String> {
        Some("Roles".to_owned())
    }

    fn load(&self) -> Loader<Self::Loaded> {
        let name = self.name.clone();
        Box::new(move |session| Ok((session.role_detail(&name)?.row, Roles::load(session)?)))
    }

    fn fields(&mut self, (row, roles): Self::Loaded) -> Vec<Field> {
        roles.fields(&row, true)
    }

    fn plan(&mut self, form: &Form) -> Plan {
        let faults = faults(form);
        if !faults.is_empty() {
            return Plan::Faulty(faults);
        }
        let text = |key: &str| form.field(key).filter(|field| field.is_changed()).map(|field| field.text().to_owned());
        let change = RoleChange {
            name: text(NAME),
            manager: text(MANAGER),
            role_type: text(TYPE).and_then(|token| RoleType::from_text(&token)),
            description: text(DESCRIPTION),
            icon: text(ICON),
            may_assign: form.field(MAY_ASSIGN).filter(|field| field.is_changed()).map(|_| form.chosen(MAY_ASSIGN)),
            ..RoleChange::default()
        };
        if change == RoleChange::default() {
            return Plan::Nothing;
        }
        self.renamed = change.name.clone().unwrap_or_else(|| self.name.clone()).trim().to_owned();
        Plan::Draft(Draft::Roles([(self.name.clone(), change)].into()))
    }

    fn field_of(&self, why: &str) -> Option<FieldKey> {
        field_of(why)
    }

    fn done(&mut self, saved: Saved) -> Effects {
        let told = format!("“{}” is saved.", self.renamed);
        Effects::of(Effect::Go(Route::Roles { name: Some(self.renamed.clone()) }))
            .and(Effect::Toast(Toast::saved(&told, &saved)))
    }
}
