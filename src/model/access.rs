//! The words of access: types, feature values, scopes, exceptions (SPEC part 1).

use serde::{Deserialize, Serialize};

use super::time::Moment;

macro_rules! tokens {
    ($name:ident { $($variant:ident => $token:literal, $label:literal;)+ }) => {
        impl $name {
            /// Every value, widest first.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The token that files use.
            #[must_use]
            pub fn token(self) -> &'static str {
                match self { $(Self::$variant => $token),+ }
            }

            /// The words that screens use.
            #[must_use]
            pub fn label(self) -> &'static str {
                match self { $(Self::$variant => $label),+ }
            }

            /// The value that a file's token or a screen's words name, whatever their case (R2).
            #[must_use]
            pub fn from_text(text: &str) -> Option<Self> {
                let text = text.trim();
                Self::ALL.iter().copied().find(|value| {
                    value.token().eq_ignore_ascii_case(text) || value.label().eq_ignore_ascii_case(text)
                })
            }
        }
    };
}

/// The ceiling over what a role's permissions can give (002-01).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum RoleType {
    /// The one role of the one account owner.
    AccountOwner,
    /// Everything but deleting the account can be given.
    Administrator,
    /// No account-level rights.
    User,
    /// No account-level rights, and only records owned or assigned.
    Focused,
}
tokens!(RoleType {
    AccountOwner => "owner", "Account owner";
    Administrator => "administrator", "Administrator";
    User => "user", "User";
    Focused => "focused", "Focused User";
});

/// A feature's value in a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum FeatureValue {
    /// May view and use it.
    Yes,
    /// May ask for it.
    Request,
    /// It is absent.
    No,
}
tokens!(FeatureValue {
    Yes => "yes", "Yes";
    Request => "request", "On request";
    No => "no", "No";
});

/// Which records, by their owner. `None` exists for edit and delete alone (R1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Scope {
    /// Everybody's.
    All,
    /// Mine, and those of whoever holds exactly my role (R3).
    Roles,
    /// Mine, and those of whoever reports to me (R4).
    Subordinates,
    /// Mine.
    Own,
    /// Nobody's.
    None,
}
tokens!(Scope {
    All => "all", "All";
    Roles => "roles", "Owned by me and my roles";
    Subordinates => "subordinates", "Owned by me and my subordinates";
    Own => "own", "Owned by me";
    None => "none", "None";
});

impl Scope {
    /// Does this scope contain the other as a set, whoever holds it? Roles and subordinates do
    /// not contain each other (R31).
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        match (self, other) {
            (a, b) if a == b => true,
            (Self::All, _) | (_, Self::None) => true,
            (Self::Roles | Self::Subordinates, Self::Own) => true,
            _ => false,
        }
    }
}

/// A role's three scopes over one object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Scopes {
    /// Never [`Scope::None`] (R1).
    pub view: Scope,
    /// Create and edit.
    pub edit: Scope,
    /// Delete, together with the object's `may_delete`.
    pub delete: Scope,
}

impl Scopes {
    /// What a file's custom role has where it lists nothing.
    pub const UNLISTED: Self = Self { view: Scope::Own, edit: Scope::None, delete: Scope::None };
    /// Everything.
    pub const ALL: Self = Self { view: Scope::All, edit: Scope::All, delete: Scope::All };
}

/// What can be done with one record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RecordAction {
    /// See it.
    View,
    /// Change it.
    Edit,
    /// Delete it.
    Delete,
}

/// What a role may do with a section's fields (001-21). Edit implies view (R12).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum SectionAccess {
    /// The fields are absent.
    Hidden,
    /// Their values are shown.
    View,
    /// Their values are shown and can be changed.
    Edit,
}

impl SectionAccess {
    /// May the fields be seen?
    #[must_use]
    pub fn view(self) -> bool {
        self >= Self::View
    }

    /// May the fields be changed?
    #[must_use]
    pub fn edit(self) -> bool {
        self == Self::Edit
    }
}

/// One person's departure from their role (R10).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Exception {
    /// Visible or Not Visible.
    pub visible: bool,
    /// It ends at this moment; the role's value holds from then on.
    pub until: Option<Moment>,
}

impl Exception {
    /// The token that files use.
    #[must_use]
    pub fn token(self) -> &'static str {
        if self.visible { "visible" } else { "not visible" }
    }

    /// Does it still count?
    #[must_use]
    pub fn holds_at(self, now: Moment) -> bool {
        self.until.is_none_or(|until| now < until)
    }
}
