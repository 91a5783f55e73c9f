//! What somebody may do to records (R12, R13, R14, R32).

use rolecall::model::{Day, Field, Kind, ObjectId, Record, RecordAction, RoleType, Scope, Status, User, UserId, Value};

use super::Oracle;

/// What is answered to somebody who wants to change a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    Done,
    Refused,
    /// As of a record that doesn't exist.
    Absent,
}

impl Oracle<'_> {
    /// One record made, changed or deleted, by a person or (`None`) by the operator.
    pub fn write(&self, who: Option<&User>, was: Option<&Record>, is: Option<&Record>, today: Day) -> Answer {
        if who.is_some_and(|who| !self.is_active(who)) {
            return Answer::Refused;
        }
        if let (Some(who), Some(was)) = (who, was) {
            let action = if is.is_some() { RecordAction::Edit } else { RecordAction::Delete };
            if !self.may(who, action, was) {
                return if self.may(who, RecordAction::View, was) { Answer::Refused } else { Answer::Absent };
            }
        }
        let Some(is) = is else { return Answer::Done };
        let fine = (was.is_some() || self.creates(who, is))
            && (was.is_some_and(|was| was.owner == is.owner) || self.is_active_owner(is.owner))
            && (!is.private || was.is_some_and(|was| was.private) || self.seals(who, was, is))
            && self.is_free(is)
            && is.assigned.iter().all(|user| self.team.users.contains_key(user))
            && self.object(is.object).fields.iter().all(|field| self.sets(who, was, is, field, today));
        if fine { Answer::Done } else { Answer::Refused }
    }

    /// R13: "The bulk change also needs “Bulk update contact owner”"; 002-27 says the same of Status.
    pub fn write_many(&self, who: Option<&User>, changes: &[(Option<Record>, Option<Record>)], today: Day) -> bool {
        let contacts = self.object(ObjectId::CONTACTS);
        let status = contacts.fields.iter().find(|field| field.name == "Status").unwrap().id;
        let of_contacts = changes.iter().filter_map(|(was, is)| was.as_ref().zip(is.as_ref()));
        let of_contacts: Vec<_> = of_contacts.filter(|(was, _)| was.object == contacts.id).collect();
        let owners = of_contacts.iter().filter(|(was, is)| was.owner != is.owner).count();
        let statuses = of_contacts.iter().filter(|(was, is)| was.value(status) != is.value(status)).count();
        let holds = |key| who.is_none_or(|who| self.holds(who, key));
        (owners < 2 || holds("contacts.bulk_owner"))
            && (statuses < 2 || holds("contacts.bulk_status"))
            && changes.iter().all(|(was, is)| self.write(who, was.as_ref(), is.as_ref(), today) == Answer::Done)
    }

    /// R13: "Creating needs edit ≠ None"; R8: a Focused User becomes the owner.
    fn creates(&self, who: Option<&User>, is: &Record) -> bool {
        let Some(who) = who else { return true };
        self.scope(who, RecordAction::Edit, is.object) != Scope::None
            && (self.role(who).role_type != RoleType::Focused || is.owner == who.id)
    }

    /// R13: "any active user may be chosen".
    fn is_active_owner(&self, owner: UserId) -> bool {
        self.team.users.get(&owner).is_some_and(|user| user.status == Status::Active)
    }

    /// R14: "Only a record's owner, holding “Own private contacts”, can make it private …; only
    /// contacts can be private". The operator may do whatever leaves the team valid.
    fn seals(&self, who: Option<&User>, was: Option<&Record>, is: &Record) -> bool {
        is.object == ObjectId::CONTACTS
            && who.is_none_or(|who| {
                is.owner == who.id && was.is_none_or(|was| was.owner == who.id) && self.holds(who, "contacts.private")
            })
    }

    /// R32: "`external_id` is unique per object".
    fn is_free(&self, is: &Record) -> bool {
        let Some(external) = &is.external_id else { return true };
        let same = |other: &&Record| other.object == is.object && other.external_id.as_ref() == Some(external);
        self.records.iter().filter(same).all(|other| other.id == is.id)
    }

    /// 001-22; fields that fill themselves take the present day whoever acts.
    fn sets(&self, who: Option<&User>, was: Option<&Record>, is: &Record, field: &Field, today: Day) -> bool {
        let (old, new) = (was.and_then(|was| was.value(field.id)), is.value(field.id));
        if old == new {
            return true;
        }
        let fits = new.is_none_or(|value| match (field.kind, value) {
            (Kind::Text | Kind::Email | Kind::Phone, Value::Text(_))
            | (Kind::Number, Value::Number(_))
            | (Kind::Money, Value::Money(_))
            | (Kind::Date, Value::Date(_))
            | (Kind::YesNo, Value::YesNo(_)) => true,
            (Kind::Dropdown, Value::Option(id)) => field.options.iter().any(|option| option.id == *id),
            _ => false,
        });
        let by_itself = field.automatic.is_some() && new == Some(&Value::Date(today));
        fits && (by_itself || who.is_none_or(|who| self.may_edit_field(who, is.object, field)))
    }
}
