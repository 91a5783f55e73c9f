//! The screens that can be gone to.

/// A screen to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    /// Who I am and what I may.
    Home,
    /// The people.
    Users {
        /// Open at this person.
        email: Option<String>,
    },
    /// The roles.
    Roles {
        /// Open at this role.
        name: Option<String>,
    },
    /// The role chart (000-08).
    Chart {
        /// Open at this role.
        role: Option<String>,
    },
    /// What each of the four types can hold (002-09).
    Types,
    /// The sections and fields of an object (001-20).
    Fields {
        /// Which, by its key; the first that may be seen, if unset.
        object: Option<String>,
    },
    /// The permission matrix.
    Matrix {
        /// Open at this role.
        role: Option<String>,
    },
    /// The records of an object.
    Records {
        /// Which, by its key.
        object: String,
        /// Only what this person owns, by their email.
        owner: Option<String>,
    },
    /// What happened.
    Activity {
        /// Only what this person did, by their email.
        person: Option<String>,
    },
    /// Bringing records of an object in from a file.
    Import {
        /// Which, by its key.
        object: String,
    },
}
