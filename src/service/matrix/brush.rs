//! What a key paints: one letter means one thing on each kind of cell, so that a range of several
//! kinds is painted with the cells that it fits.

use super::rows::Row;
use crate::model::{FeatureValue, Scope, SectionAccess};
use crate::service::edit_roles::CellValue;

/// What is painted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Brush {
    /// Yes; of a section, view and edit.
    Yes,
    /// No; a scope of None; of a section, hidden.
    No,
    /// On request; of a scope, my roles; of a section, view.
    Request,
    /// A scope of All.
    All,
    /// A scope of my subordinates.
    Subordinates,
    /// A scope of my own.
    Own,
    /// Of a section, view and edit.
    Edit,
    /// Everything: Yes, All, view and edit (003-28).
    Everything,
    /// Just this value.
    Value(CellValue),
}

impl Brush {
    /// The value that it gives to a row, where it fits one.
    #[must_use]
    pub fn on(self, row: &Row) -> Option<CellValue> {
        use CellValue::{Feature, Scope as Reach, Section};
        let kind = row.values.first().map(|(value, _)| *value)?;
        let value = match (self, kind) {
            (Self::Value(value), _) => value,
            (Self::Yes | Self::Everything, Feature(_)) => Feature(FeatureValue::Yes),
            (Self::No, Feature(_)) => Feature(FeatureValue::No),
            (Self::Request, Feature(_)) => Feature(FeatureValue::Request),
            (Self::All | Self::Everything, Reach(_)) => Reach(Scope::All),
            (Self::Request, Reach(_)) => Reach(Scope::Roles),
            (Self::Subordinates, Reach(_)) => Reach(Scope::Subordinates),
            (Self::Own, Reach(_)) => Reach(Scope::Own),
            (Self::No, Reach(_)) => Reach(Scope::None),
            (Self::Yes | Self::Edit | Self::Everything, Section(_)) => Section(SectionAccess::Edit),
            (Self::Request, Section(_)) => Section(SectionAccess::View),
            (Self::No, Section(_)) => Section(SectionAccess::Hidden),
            _ => return None,
        };
        row.takes(value).then_some(value)
    }
}
