//! Records set back in what the change touched, and in nothing else: what whoever undoes it can't
//! view is neither compared nor told of, and where rights are missing the answer is theirs alone,
//! whatever the record holds (R32).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::stays::Stays;
use crate::authz::Past;
use crate::model::{Automatic, Day, FieldId, Object, ObjectId, Record, RecordId, Swap, Value};
use crate::service::activity::Reader;
use crate::service::describe::record_subject;
use crate::service::session::Session;
use crate::store::View;

/// Sets records back, one change after the other.
pub(super) struct Records<'a> {
    session: &'a Session,
    view: &'a View,
    reader: &'a Reader<'a>,
    /// Those that were set back already, as that leaves them.
    set_back: BTreeMap<(ObjectId, RecordId), Option<Record>>,
}

fn refused(why: &str) -> Stays {
    Stays::Refused(why.to_owned())
}

impl<'a> Records<'a> {
    pub(super) fn new(session: &'a Session, view: &'a View, reader: &'a Reader<'a>) -> Self {
        Self { session, view, reader, set_back: BTreeMap::new() }
    }

    /// The change that sets a record back, given the one that would if nothing had happened since;
    /// nothing where it is as it was.
    pub(super) fn back(&mut self, swap: Swap<Record>) -> Result<Option<Swap<Record>>, Stays> {
        let back = match (swap.before, swap.after) {
            (Some(left), Some(was)) => self.changed(&left, &was)?,
            (Some(left), None) => Some(self.unmade(&left)?),
            (None, Some(was)) => Some(self.remade(was)?),
            (None, None) => None,
        };
        if let Some(subject) = back.as_ref().and_then(Swap::subject) {
            let after = back.as_ref().and_then(|swap| swap.after.clone());
            self.set_back.insert((subject.object, subject.id), after);
        }
        Ok(back)
    }

    fn changed(&self, left: &Record, was: &Record) -> Result<Option<Swap<Record>>, Stays> {
        let object = self.object(left.object)?;
        let now = self.now(left, false)?;
        let writable = self.view.snapshot().writable(self.session.subject(), object.id);
        let touched = touched(&object, left, was);
        // A field that is gone answers as one out of view (R32).
        if touched.iter().any(|id| !writable.contains(id)) {
            return Err(refused("it changed a field that is no longer there, or that you can't change any more"));
        }
        let mut after = now.clone();
        macro_rules! set_back {
            ($($part:ident),+) => { $(
                if left.$part != was.$part {
                    if now.$part != left.$part {
                        return Err(self.since(&now));
                    }
                    after.$part = was.$part.clone();
                }
            )+ };
        }
        set_back!(owner, assigned, private, external_id);
        for id in touched {
            if now.value(id) != left.value(id) {
                return Err(self.since(&now));
            }
            after.set(id, was.value(id).cloned());
        }
        if after == now {
            return Ok(None);
        }
        self.stamp(&object, &mut after);
        Ok(Some(Swap::changed(now, after)))
    }

    /// One that the change made goes, unless somebody changed what whoever undoes it sees of it.
    fn unmade(&self, left: &Record) -> Result<Swap<Record>, Stays> {
        let object = self.object(left.object)?;
        let now = self.now(left, true)?;
        let columns = self.view.snapshot().columns(self.session.subject(), object.id);
        let mut seen = object.fields.iter().filter(|field| {
            let in_view = columns.as_ref().is_some_and(|columns| columns.contains(field.id));
            in_view && field.automatic != Some(Automatic::LastChanged)
        });
        let same = (now.owner, &now.assigned, now.private, &now.external_id)
            == (left.owner, &left.assigned, left.private, &left.external_id)
            && seen.all(|field| now.value(field.id) == left.value(field.id));
        if same { Ok(Swap::removed(now)) } else { Err(self.since(&now)) }
    }

    /// One that the change deleted comes back as it was, to whoever may write all of it. Whether it
    /// held anything where they may not isn't asked.
    fn remade(&self, mut was: Record) -> Result<Swap<Record>, Stays> {
        let object = self.object(was.object)?;
        let writable = self.view.snapshot().writable(self.session.subject(), object.id);
        if object.fields.iter().any(|field| field.automatic.is_none() && !writable.contains(&field.id)) {
            return Err(refused("a deleted record comes back only for whoever can change every section of it"));
        }
        self.not_there(&was)?;
        was.values.retain(|(id, _)| object.field(*id).is_some());
        for field in object.fields.iter().filter(|field| field.automatic.is_some()) {
            if !writable.contains(&field.id) {
                was.set(field.id, Some(self.today()));
            }
        }
        self.stamp(&object, &mut was);
        Ok(Swap::made(was))
    }

    /// It may have come back another way.
    fn not_there(&self, was: &Record) -> Result<(), Stays> {
        match self.view.snapshot().past_of(self.session.subject(), was.object, was.id, self.view) {
            Past::Gone => Ok(()),
            Past::Seen => Err(Stays::Again(self.name(was))),
            Past::Hidden => Err(Stays::Unseen),
        }
    }

    fn since(&self, now: &Record) -> Stays {
        Stays::Since(self.name(now))
    }

    /// What a record is called that is seen, as far as its name is.
    fn name(&self, record: &Record) -> String {
        record_subject(self.view.team(), record, self.reader)
    }

    /// A record as it is now, whole.
    fn now(&self, left: &Record, goes: bool) -> Result<Record, Stays> {
        let (object, id) = (left.object, left.id);
        if let Some(set_back) = self.set_back.get(&(object, id)) {
            return set_back.clone().ok_or(Stays::Unseen);
        }
        let (who, view, snapshot) = (self.session.subject(), self.view, self.view.snapshot());
        if snapshot.permit_view(who, object, id, view).is_none() {
            return Err(Stays::Unseen);
        }
        let row = if goes {
            let permit = snapshot.permit_delete(who, object, id, view);
            view.row(&permit.ok_or_else(|| refused("it made a record that you can't delete"))?)
        } else {
            let permit = snapshot.permit_edit(who, object, id, view);
            view.row(&permit.ok_or_else(|| refused("it changed a record that you can't change any more"))?)
        };
        row.ok_or(Stays::Unseen)
    }

    fn object(&self, id: ObjectId) -> Result<Arc<Object>, Stays> {
        self.view.team().objects.get(&id).cloned().ok_or(Stays::Unseen)
    }

    /// What says when a record was last changed says today, because it is.
    fn stamp(&self, object: &Object, record: &mut Record) {
        for field in object.fields.iter().filter(|field| field.automatic == Some(Automatic::LastChanged)) {
            record.set(field.id, Some(self.today()));
        }
    }

    fn today(&self) -> Value {
        let now = self.session.engine().now();
        Value::Date(Day::from_date(now.timestamp().to_zoned(jiff::tz::TimeZone::UTC).date()))
    }
}

/// The fields that a change touched, but for the day of the last change.
fn touched(object: &Object, left: &Record, was: &Record) -> BTreeSet<FieldId> {
    let ids = left.values.iter().chain(&was.values).map(|(id, _)| *id);
    ids.filter(|id| {
        let last_changed = object.field(*id).is_some_and(|field| field.automatic == Some(Automatic::LastChanged));
        !last_changed && left.value(*id) != was.value(*id)
    })
    .collect()
}
