//! The matrix of one role that isn't there yet: what a new role's form goes through before anything
//! of it is saved (000-29).

use std::sync::Arc;

use super::{Column, Lock, Matrix};
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
        let role = edit_roles::sketch(view.team(), new)?;
        let mut matrix = Matrix::of(view.snapshot(), self.subject());
        let lock = (!matrix.may_edit).then_some(Lock::ReadOnly);
        matrix.column_at = [(role.id, 0)].into();
        let rights = Arc::new(view.snapshot().role_rights(&role));
        matrix.columns = vec![Column { rights, role: Arc::new(role), lock }];
        Ok(matrix)
    }
}
