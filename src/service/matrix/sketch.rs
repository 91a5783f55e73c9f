//! The matrix of one role that isn't there yet: what a new role's form goes through before anything
//! of it is saved (000-29).

use std::sync::Arc;

use super::{Column, Lock, Matrix, rows};
use crate::model::catalog::features;
use crate::service::edit_roles::{self, NewRole};
use crate::service::error::ServiceError;
use crate::service::session::Session;

impl Session {
    /// The matrix of a new role alone: the type, the cells, and what it is a clone of are looked at,
    /// and nothing else of it.
    ///
    /// # Errors
    /// Where the original or a cell isn't there.
    pub fn sketched_matrix(&self, new: &NewRole) -> Result<Matrix, ServiceError> {
        let view = self.view();
        let team = view.team();
        let role = edit_roles::sketch(team, new)?;
        let may_edit = self.holds(&view, features::ROLES_MANAGE);
        let sees = |object: &crate::model::Object, place: usize| {
            may_edit || view.snapshot().rights(self.subject(), object.id).see >> place & 1 == 1
        };
        let lock = (!may_edit).then_some(Lock::ReadOnly);
        let column = Column { rights: Arc::new(view.snapshot().role_rights(&role)), role: Arc::new(role), lock };
        Ok(Matrix::of(Arc::clone(view.snapshot()), self.subject(), rows::rows(team, &sees), vec![column], may_edit))
    }
}
