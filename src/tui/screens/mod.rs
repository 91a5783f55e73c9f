//! The screens, a folder each. A new one is a folder, a line in [`of`], and a line in [`specs`].

pub mod activity;
pub mod chart;
pub mod fields;
pub mod first_run;
pub mod home;
pub mod import;
pub mod matrix;
pub mod opening;
pub mod own_details;
pub mod password;
pub mod records;
pub mod roles;
pub mod sign_in;
pub mod types;
pub mod users;

use super::command::{Spec, Viewer};
use super::route::Route;
use super::screen::Screen;
use super::{console, moves};

/// The screen of a route.
#[must_use]
pub fn of(route: &Route, viewer: &Viewer) -> Box<dyn Screen> {
    match route {
        Route::Home => Box::new(home::Home::new()),
        Route::Users { email } => Box::new(users::Users::new(email.as_deref())),
        Route::Roles { name } => Box::new(roles::Roles::new(name.as_deref())),
        Route::Chart { role } => Box::new(chart::Chart::new(role.as_deref())),
        Route::Import { object } => match viewer.objects.iter().find(|view| view.key == *object && view.may_create) {
            Some(object) => Box::new(import::Import::new(object.clone())),
            None => Box::new(home::Home::new()),
        },
        Route::Activity { person } => Box::new(activity::Activity::new(person.as_deref())),
        Route::Matrix { role } => Box::new(matrix::MatrixScreen::new(role.as_deref())),
        Route::Types => Box::new(types::Types::new()),
        Route::Fields { object } => Box::new(fields::Fields::new(object.as_deref())),
        Route::Records { object, owner } => match viewer.objects.iter().find(|view| view.key == *object) {
            Some(object) => Box::new(records::Records::new(object.clone(), owner.as_deref())),
            None => Box::new(home::Home::new()),
        },
    }
}

/// Every command that any screen has: what the documents list, and which features matter.
pub fn specs() -> impl Iterator<Item = &'static Spec> {
    let sets: Vec<&'static [Spec]> = vec![
        console::TABS,
        console::LAST_TABS,
        activity::COMMANDS,
        console::PLACES,
        std::slice::from_ref(&console::RECORDS),
        console::OWN,
        std::slice::from_ref(&console::CALL_OFF_SPEC),
        std::slice::from_ref(&console::SUSPEND_SPEC),
        moves::LIST,
        moves::COLUMNS,
        moves::PANES,
        moves::CHOSEN,
        roles::EDITABLE,
        roles::COMMANDS,
        roles::CUSTOM,
        roles::MEMBERS,
        roles::NEW_ROLE,
        chart::COMMANDS,
        chart::MOVING,
        chart::MOVES,
        types::COMMANDS,
        fields::COMMANDS,
        fields::PERMIT,
        fields::CHANGE,
        fields::CHOICES,
        fields::MAKE,
        fields::OPTIONS,
        fields::PERMITS,
        records::COMMANDS,
        import::COMMANDS,
        matrix::CHANGES,
        matrix::UNDOES,
        matrix::LOOKS,
        matrix::MOVES,
    ];
    sets.into_iter().chain(users::COMMANDS.iter().copied()).flatten()
}
