//! The Field Editor.
use crate::tui::command::Spec;
use crate::tui::effect::Effects;
use crate::tui::event::Happening;
use crate::tui::screen::{Context, Screen};
use crate::tui::widget::Canvas;
use ratatui::layout::Rect;
/// None yet.
pub const COMMANDS: &[Spec] = &[];
/// The screen.
#[derive(Debug)]
pub struct Fields;
impl Fields {
    /// The screen.
    #[must_use]
    pub fn new(_object: Option<&str>) -> Self {
        Self
    }
}
impl Screen for Fields {
    fn crumbs(&self) -> Vec<String> {
        vec!["Field Editor".to_owned()]
    }
    fn commands(&self) -> Vec<&'static [Spec]> {
        vec![COMMANDS]
    }
    fn update(&mut self, _: Happening, _: &Context<'_>) -> Effects {
        Effects::none()
    }
    fn draw(&self, _: &mut Canvas<'_>, _: Rect) {}
}
