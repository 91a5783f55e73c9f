//! Features (R8, R9, R10, R13, 003-23).

use rolecall::model::{FeatureValue, Role, RoleType, Scope, Shipped, User};

use super::Oracle;

/// R9: "the account-level rows … are ceilings for User and Focused User".
const ADMINISTRATORS_ALONE: [&str; 8] = [
    "users.manage",
    "users.edit",
    "account.delete",
    "account.billing",
    "account.settings",
    "account.customize",
    "roles.manage",
    "requests.answer",
];

/// "Every area but Administrator Tools has an `AREA.access`" (part 4).
const AREAS_WITH_ACCESS: [&str; 11] = [
    "contacts",
    "companies",
    "deals",
    "purchases",
    "tasks",
    "dashboard",
    "reports",
    "activity",
    "automation",
    "pages",
    "talk",
];

/// R9: what a type of role can never hold.
pub fn ceiling_forbids(role_type: RoleType, key: &str) -> bool {
    match role_type {
        RoleType::AccountOwner => false,
        RoleType::Administrator => key == "account.delete",
        RoleType::User | RoleType::Focused => ADMINISTRATORS_ALONE.contains(&key),
    }
}

/// R6.
pub fn is_locked(role: &Role) -> bool {
    role.shipped == Some(Shipped::AccountOwner) || role.shipped == Some(Shipped::Administrator)
}

impl Oracle<'_> {
    /// What a feature is for somebody.
    pub fn feature(&self, user: &User, key: &str) -> FeatureValue {
        if !self.is_active(user) {
            return FeatureValue::No;
        }
        // 003-23: "The user's flag alone decides `talk.access`."
        if key == "talk.access" {
            return if user.talk_access { FeatureValue::Yes } else { FeatureValue::No };
        }
        if ceiling_forbids(self.role(user).role_type, key) {
            return FeatureValue::No;
        }
        // R9: "Without an area's access, every feature of the area is No."
        let area = key.split('.').next().unwrap();
        if key != format!("{area}.access") && !self.has_area(user, area) {
            return FeatureValue::No;
        }
        // R13: "`contacts.import` is Yes for whoever may create contacts and can't be set".
        if key == "contacts.import" {
            return if self.may_create(user, "contacts") { FeatureValue::Yes } else { FeatureValue::No };
        }
        self.set(user, key)
    }

    /// R8: the "exception if there is one, else the role's value".
    fn set(&self, user: &User, key: &str) -> FeatureValue {
        let role = self.role(user);
        let id = self.team.catalog.by_key(key).unwrap().id;
        for (feature, exception) in &user.exceptions {
            let ended = exception.until.is_some_and(|until| self.now >= until);
            if *feature == id && !ended {
                return if exception.visible { FeatureValue::Yes } else { FeatureValue::No };
            }
        }
        if is_locked(role) {
            return FeatureValue::Yes;
        }
        *role.features.get(&id).unwrap_or(&FeatureValue::No)
    }

    pub fn holds(&self, user: &User, key: &str) -> bool {
        self.feature(user, key) == FeatureValue::Yes
    }

    /// Is the area there for somebody?
    pub fn has_area(&self, user: &User, area: &str) -> bool {
        if !self.is_active(user) {
            return false;
        }
        !AREAS_WITH_ACCESS.contains(&area) || self.holds(user, &format!("{area}.access"))
    }

    /// R13: "Creating needs edit ≠ None".
    pub fn may_create(&self, user: &User, area: &str) -> bool {
        self.has_area(user, area) && self.scopes(user, area).edit != Scope::None
    }
}
