//! What screens are drawn with. Widgets draw themselves from borrowed state and decide nothing.

pub mod canvas;
pub mod card;
pub mod choice;
pub mod form;
pub mod input;
pub mod list;
pub mod pages;
pub mod search;
pub mod sheet;
pub mod split;
pub mod table;
pub mod tabs;

pub use canvas::{Canvas, fit, width};
pub use choice::Choice;
pub use form::{Entry, Field, FieldKey, Form, FormStep};
pub use input::Input;
pub use list::Cursor;
pub use pages::Pages;
pub use search::{Search, SearchStep};
pub use sheet::{Line, Sheet};
pub use split::{Focus, split};
pub use table::{Align, Column, Part, Table, Wide};
pub use tabs::tabs;
