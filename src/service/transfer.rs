//! Transfer of ownership (R7): to an active user, with the owner's own password again, both roles
//! in one transaction.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::{Change, Shipped, Swap, User};

use super::draft::Saved;
use super::error::ServiceError;
use super::passwords::Password;
use super::session::Session;
use super::sign_in::proof;

impl Session {
    /// Makes somebody else the account owner. The one before becomes an Administrator.
    ///
    /// # Errors
    /// Where this isn't the owner, the password is wrong, or the other isn't an active user.
    pub fn transfer_ownership(&self, to: &str, password: &Password) -> Result<Saved, ServiceError> {
        let me = self.user()?;
        let wrong = "the password is wrong; the ownership stays where it is";
        self.prove(password).map_err(|why| proof(wrong, why))?;
        self.commit_and_tell("transfer of ownership", |view| {
            let team = view.team();
            let role = |wanted: Shipped| {
                let role = team.roles.values().find(|role| role.shipped == Some(wanted));
                role.map(|role| role.id).ok_or(ServiceError::NoAccount)
            };
            let (owner_role, administrator) = (role(Shipped::AccountOwner)?, role(Shipped::Administrator)?);
            let Some(before) = team.users.get(&me.id).filter(|user| user.role == owner_role) else {
                return Err(ServiceError::Denied("only the account owner can transfer the ownership".to_owned()));
            };
            let Some(heir) = team.user_by_email(to) else {
                return Err(ServiceError::NotFound(format!("there is no user {to}")));
            };
            if heir.id == before.id {
                return Err(ServiceError::Invalid("you are the account owner already".to_owned()));
            }
            // A move to a locked role clears what locked roles never have.
            let owner = User { role: owner_role, manager: None, exceptions: BTreeMap::new(), ..User::clone(heir) };
            let former =
                User { role: administrator, manager: None, exceptions: BTreeMap::new(), ..User::clone(before) };
            let changed =
                |before: &Arc<User>, after: User| Change::User(Swap::changed(Arc::clone(before), Arc::new(after)));
            Ok(vec![changed(heir, owner), changed(before, former)])
        })
    }
}
