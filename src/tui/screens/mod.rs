//! The screens, a folder each.

pub mod first_run;
pub mod home;
pub mod opening;
pub mod password;
pub mod sign_in;

use super::desk::Who;
use super::route::Route;
use super::screen::Screen;

/// The screen of a route.
#[must_use]
pub fn of(route: &Route, _who: &Who) -> Box<dyn Screen> {
    let _ = route;
    Box::new(home::Home::new())
}
