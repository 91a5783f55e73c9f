//! Writing.

use std::io::Write;

use super::{ASSIGNED_TO, EXTERNAL_ID, OWNER, PRIVATE, guarded};
use crate::exchange::value;
use crate::model::{Field, FieldId, Kind, Object, ObjectId, Value};

/// A record as it goes out.
#[derive(Debug, Clone, Default)]
pub struct Out<'a> {
    /// Its name in another system.
    pub external_id: Option<&'a str>,
    /// The owner's email.
    pub owner: &'a str,
    /// The emails of the people to whom it is assigned.
    pub assigned: Vec<&'a str>,
    /// Whether it is sealed.
    pub private: bool,
    /// Its values; those of fields without a column are passed over.
    pub values: &'a [(FieldId, Value)],
}

/// Writes the records of one object, with a column for each field given.
pub struct Writer<'a, W: Write> {
    csv: csv::Writer<W>,
    fields: Vec<&'a Field>,
    private: bool,
}

impl<'a, W: Write> Writer<'a, W> {
    /// Writes the first line. The fields are those that whoever exports may view.
    ///
    /// # Errors
    /// Where the output can't be written.
    pub fn new(output: W, object: &'a Object, fields: &[FieldId]) -> std::io::Result<Self> {
        let mut csv = csv::Writer::from_writer(output);
        let fields: Vec<&Field> = object.fields.iter().filter(|field| fields.contains(&field.id)).collect();
        let private = object.id == ObjectId::CONTACTS;
        let mut names: Vec<String> = fields.iter().map(|field| guarded(&field.name).into_owned()).collect();
        names.extend([EXTERNAL_ID, OWNER, ASSIGNED_TO].map(str::to_owned));
        names.extend(private.then(|| PRIVATE.to_owned()));
        csv.write_record(&names).map_err(plain)?;
        Ok(Self { csv, fields, private })
    }

    /// Writes one record.
    ///
    /// # Errors
    /// Where the output can't be written.
    pub fn write(&mut self, record: &Out<'_>) -> std::io::Result<()> {
        let mut cells: Vec<String> = Vec::with_capacity(self.fields.len() + 4);
        for field in &self.fields {
            let value = record.values.iter().find(|(id, _)| *id == field.id).map(|(_, value)| value);
            let cell = value.map(|value| value::shown(field, value)).unwrap_or_default();
            // A negative number is what it looks like, and a spreadsheet should add it up.
            let figure = matches!(field.kind, Kind::Number | Kind::Money);
            cells.push(if figure { cell } else { guarded(&cell).into_owned() });
        }
        cells.push(guarded(record.external_id.unwrap_or_default()).into_owned());
        cells.push(guarded(record.owner).into_owned());
        cells.push(guarded(&record.assigned.join(";")).into_owned());
        if self.private {
            cells.push(if record.private { "yes" } else { "no" }.to_owned());
        }
        self.csv.write_record(&cells).map_err(plain)
    }

    /// Writes out what is held back.
    ///
    /// # Errors
    /// Where the output can't be written.
    pub fn finish(mut self) -> std::io::Result<()> {
        self.csv.flush()
    }
}

fn plain(error: csv::Error) -> std::io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => std::io::Error::other(format!("{other:?}")),
    }
}
