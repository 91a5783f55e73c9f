//! A form: labels at the left, fields at the right, what is wrong with a field under it. It knows
//! keys and texts; whoever shows it decides what they mean.

mod draw;
mod field;
mod options;

pub use field::{Entry, Field, FieldKey};
pub use options::Options;

use options::OptionsStep;

use crate::tui::event::{Code, Key};

/// What a key did to a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormStep {
    /// Nothing that concerns anyone else.
    Stayed,
    /// It is filled in: look at it.
    Submit,
    /// The person gave up.
    Cancel,
    /// The key isn't the form's.
    Unused,
}

/// A form.
#[derive(Debug, Clone, Default)]
pub struct Form {
    /// The fields, in order.
    pub fields: Vec<Field>,
    /// The field that has the keys.
    pub at: usize,
    /// Many fields: no empty line between them, and help only for the one that has the keys.
    pub dense: bool,
    /// It is closed: as it was when it still was open.
    closed: Option<Open>,
}

/// The fields of a form while they can be filled in, and which of them had the keys.
#[derive(Debug, Clone)]
struct Open {
    fields: Vec<Field>,
    at: usize,
}

impl Form {
    /// A form of these fields; the first empty one has the keys.
    #[must_use]
    pub fn new(fields: Vec<Field>) -> Self {
        let at = fields.iter().position(|field| field.text().is_empty()).unwrap_or(0);
        Self { fields, at, dense: false, closed: None }
    }

    /// A form of many fields, a line each; the first that can be filled has the keys.
    #[must_use]
    pub fn dense(fields: Vec<Field>) -> Self {
        let at = fields.iter().position(|field| field.locked.is_none()).unwrap_or(0);
        Self { fields, at, dense: true, closed: None }
    }

    /// The field of that name.
    #[must_use]
    pub fn field(&self, key: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.key == key)
    }

    /// The field that has the keys.
    #[must_use]
    pub fn current(&self) -> Option<&Field> {
        self.fields.get(self.at)
    }

    /// What is in a field: the text, or the key of the one that is chosen.
    #[must_use]
    pub fn text(&self, key: &str) -> &str {
        self.field(key).map_or("", Field::text)
    }

    /// The keys that are chosen in a field.
    #[must_use]
    pub fn chosen(&self, key: &str) -> Vec<String> {
        match self.field(key).map(|field| &field.input) {
            Some(Entry::Options(options)) => options.chosen().map(str::to_owned).collect(),
            _ => Vec::new(),
        }
    }

    /// Every field's name and what is in it.
    #[must_use]
    pub fn values(&self) -> Vec<(FieldKey, String)> {
        self.fields.iter().map(|field| (field.key.clone(), field.value())).collect()
    }

    /// The fields in which there is something else than to begin with; of a form that is closed, when it
    /// was closed.
    pub fn changed(&self) -> impl Iterator<Item = &Field> {
        let fields = self.closed.as_ref().map_or(&self.fields, |open| &open.fields);
        fields.iter().filter(|field| field.is_changed())
    }

    /// Would something be lost?
    #[must_use]
    pub fn is_changed(&self) -> bool {
        self.changed().next().is_some()
    }

    /// Takes what is in the fields for what was there to begin with: it is saved.
    pub fn settle(&mut self) {
        let behind = self.closed.iter_mut().flat_map(|open| &mut open.fields);
        for field in self.fields.iter_mut().chain(behind) {
            field.original = field.value();
            field.theirs = None;
        }
    }

    /// It can't be filled in for now, and why. What was typed stays in sight, to be copied, and nothing
    /// else does: it may be nothing any more for whoever looks. New fields open it again
    /// ([`Form::renew`]) with all that was typed.
    pub fn close(&mut self, why: &str) {
        if self.closed.is_some() {
            return;
        }
        self.leave();
        let open = Open { at: self.at, fields: std::mem::take(&mut self.fields) };
        let typed = open.fields.iter().filter(|field| field.is_changed());
        self.fields = typed.map(|field| field.clone().only_read(why)).collect();
        self.at = 0;
        self.closed = Some(open);
    }

    /// Takes new fields in place of the old ones. What was typed stays in the fields that are still
    /// there; a field that is gone takes what was typed in it along. Where somebody else changed a
    /// field in which something was typed, it says so.
    pub fn renew(&mut self, fields: Vec<Field>) {
        if let Some(open) = self.closed.take() {
            (self.fields, self.at) = (open.fields, open.at);
        }
        let here = self.current().map(|field| field.key.clone());
        let old = std::mem::replace(&mut self.fields, fields);
        for field in &mut self.fields {
            let Some(before) = old.iter().find(|before| before.key == field.key) else { continue };
            field.error.clone_from(&before.error);
            if before.is_changed() && field.locked.is_none() && field.value() != before.value() {
                if field.original != before.original {
                    field.theirs = Some(Box::new(field.clone()));
                } else {
                    field.theirs.clone_from(&before.theirs);
                }
                field.take(before);
            }
        }
        let at = here.and_then(|key| self.fields.iter().position(|field| field.key == key));
        self.at = at.unwrap_or(self.at).min(self.fields.len().saturating_sub(1));
    }

    /// Says what is wrong with a field and goes there, if it is the first that is wrong.
    pub fn complain(&mut self, key: &str, error: impl Into<String>) {
        let first = self.fields.iter().all(|field| field.error.is_none());
        if let Some(position) = self.fields.iter().position(|field| field.key == key) {
            if let Some(field) = self.fields.get_mut(position) {
                field.error = Some(error.into());
            }
            if first {
                self.at = position;
            }
        }
    }

    /// Is anything wrong?
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.fields.iter().any(|field| field.error.is_some())
    }

    /// Forgets what was wrong.
    pub fn forgive(&mut self) {
        for field in &mut self.fields {
            field.error = None;
        }
    }

    /// Empties a field.
    pub fn clear(&mut self, key: &str) {
        for field in self.fields.iter_mut().filter(|field| field.key == key) {
            if let Entry::Line(line) = &mut field.input {
                line.clear();
            }
        }
    }

    /// Goes to a field.
    pub fn go(&mut self, key: &str) {
        if let Some(position) = self.fields.iter().position(|field| field.key == key) {
            self.at = position;
        }
    }

    /// Takes a key.
    pub fn key(&mut self, key: Key) -> FormStep {
        if key == Key::ctrl('s') {
            self.leave();
            return FormStep::Submit;
        }
        if let Some(field) = self.fields.get_mut(self.at)
            && let Entry::Options(options) = &mut field.input
            && options.is_open()
        {
            field.error = None;
            if options.key(key) == OptionsStep::Done
                && let Some(next) = self.next_open()
            {
                self.at = next;
            }
            return FormStep::Stayed;
        }
        match key.code {
            Code::Esc => return FormStep::Cancel,
            Code::Down => self.step(1),
            Code::Up => self.step(self.fields.len().saturating_sub(1)),
            Code::Tab => self.turn(1),
            Code::BackTab => self.turn(self.fields.len().saturating_sub(1)),
            Code::PageDown => self.at = (self.at + 10).min(self.fields.len().saturating_sub(1)),
            Code::PageUp => self.at = self.at.saturating_sub(10),
            Code::Enter => match self.next_open() {
                Some(next) => {
                    self.leave();
                    self.at = next;
                }
                None => return FormStep::Submit,
            },
            Code::Char('r') if key.ctrl => self.take_theirs(),
            _ => return self.edit(key),
        }
        FormStep::Stayed
    }

    /// Is a list of things to choose from open?
    #[must_use]
    pub fn is_choosing(&self) -> bool {
        self.current().is_some_and(|field| matches!(&field.input, Entry::Options(options) if options.is_open()))
    }

    /// The keys that matter just now, for the foot: `verb` is what Ctrl-S does, `away` what Esc does.
    #[must_use]
    pub fn hints(&self, verb: &'static str, away: &'static str) -> Vec<(&'static str, &'static str)> {
        let options = self.current().and_then(|field| match &field.input {
            Entry::Options(options) if field.locked.is_none() => Some(options),
            _ => None,
        });
        match options {
            Some(options) if options.is_open() && options.is_several() => {
                let toggle = if options.takes_space() { "Ctrl-Space" } else { "Space" };
                vec![(toggle, "choose"), ("Up Down", "move"), ("Enter", "done"), ("Esc", "close the list")]
            }
            Some(options) if options.is_open() => {
                vec![("Up Down", "move"), ("Enter", "take it"), ("Esc", "close the list")]
            }
            Some(_) => vec![("Ctrl-S", verb), ("Enter", "next"), ("Esc", away), ("Space", "list")],
            None => vec![("Ctrl-S", verb), ("Enter", "next"), ("Esc", away)],
        }
    }

    fn leave(&mut self) {
        if let Some(Field { input: Entry::Options(options), .. }) = self.fields.get_mut(self.at) {
            options.close();
        }
    }

    fn step(&mut self, by: usize) {
        self.leave();
        let count = self.fields.len().max(1);
        self.at = (self.at + by) % count;
    }

    /// The next field that can be filled, if there is one further on.
    fn next_open(&self) -> Option<usize> {
        let rest = self.fields.iter().enumerate().skip(self.at + 1);
        rest.filter(|(_, field)| field.locked.is_none()).map(|(place, _)| place).next()
    }

    /// A step, and on over what can only be read: the arrows reach that.
    fn turn(&mut self, by: usize) {
        for _ in 0..self.fields.len() {
            self.step(by);
            if self.current().is_some_and(|field| field.locked.is_none()) {
                return;
            }
        }
        self.step(by);
    }

    fn take_theirs(&mut self) {
        if let Some(field) = self.fields.get_mut(self.at)
            && let Some(theirs) = field.theirs.take()
        {
            field.take(&theirs);
        }
    }

    fn edit(&mut self, key: Key) -> FormStep {
        let Some(field) = self.fields.get_mut(self.at) else { return FormStep::Unused };
        if field.locked.is_some() {
            return FormStep::Unused;
        }
        let used = match &mut field.input {
            Entry::Line(line) => line.key(key),
            Entry::Options(options) => options.key(key) != OptionsStep::Unused,
        };
        if used {
            field.error = None;
            FormStep::Stayed
        } else {
            FormStep::Unused
        }
    }

    /// Takes pasted text.
    pub fn paste(&mut self, text: &str) {
        let Some(field) = self.fields.get_mut(self.at).filter(|field| field.locked.is_none()) else { return };
        field.error = None;
        match &mut field.input {
            Entry::Line(line) => line.paste(text),
            Entry::Options(options) => options.paste(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::widget::choice::Choice;

    #[test]
    fn enter_goes_through_the_fields_and_submits_at_the_last() {
        let mut form = Form::new(vec![Field::line("a", "A"), Field::secret("b", "B")]);
        assert_eq!(form.key(Key::char('x')), FormStep::Stayed);
        assert_eq!(form.key(Key::plain(Code::Enter)), FormStep::Stayed);
        assert_eq!(form.at, 1);
        form.paste("secret");
        assert_eq!(form.key(Key::plain(Code::Enter)), FormStep::Submit);
        assert_eq!((form.text("a"), form.text("b")), ("x", "secret"));
        form.complain("a", "no");
        form.complain("b", "no");
        assert_eq!(form.at, 0);
        form.key(Key::char('y'));
        assert!(form.fields[0].error.is_none() && form.has_errors());
        assert_eq!(form.key(Key::plain(Code::Esc)), FormStep::Cancel);
    }

    #[test]
    fn a_list_takes_enter_and_esc_for_itself_while_it_is_open() {
        let choices = vec![Choice::new("s", "Sales", ""), Choice::new("m", "Marketing", "")];
        let mut form = Form::new(vec![Field::choice("role", "Role", choices, "s"), Field::line("b", "B")]);
        form.at = 0;
        for character in "mark".chars() {
            form.key(Key::char(character));
        }
        assert!(form.is_choosing());
        assert_eq!(form.key(Key::plain(Code::Enter)), FormStep::Stayed);
        assert_eq!((form.text("role"), form.at), ("m", 1));
        form.at = 0;
        form.key(Key::char('x'));
        assert_eq!(form.key(Key::plain(Code::Esc)), FormStep::Stayed);
        assert_eq!(form.text("role"), "m");
        assert_eq!(form.key(Key::plain(Code::Esc)), FormStep::Cancel);
    }

    #[test]
    fn what_was_typed_outlives_new_fields_and_what_is_gone_is_gone() {
        let field = |key: &'static str, text: &str| Field::line(key, key).filled(text);
        let mut form = Form::dense(vec![field("a", "1"), field("b", "2"), field("c", "3")]);
        form.at = 1;
        form.paste("!");
        form.renew(vec![field("b", "2"), field("c", "4")]);
        assert_eq!((form.at, form.text("b"), form.text("c"), form.text("a")), (0, "2!", "4", ""));
        assert_eq!(form.changed().map(|field| field.key.as_ref()).collect::<Vec<_>>(), ["b"]);
        form.renew(vec![field("b", "5"), field("c", "4")]);
        assert_eq!(form.text("b"), "2!");
        assert!(form.current().unwrap().note().unwrap().0.contains("“5”"));
        form.key(Key::ctrl('r'));
        assert_eq!(form.text("b"), "5");
        assert!(!form.is_changed());
        form.renew(vec![field("b", "5").locked("Your role may view this section.")]);
        assert_eq!(form.key(Key::char('x')), FormStep::Unused);
        form.paste("x");
        assert_eq!(form.text("b"), "5");
    }

    #[test]
    fn what_was_typed_is_in_sight_while_a_form_is_closed_and_in_its_field_afterwards() {
        let field = |key: &'static str, text: &str| Field::line(key, key).filled(text);
        let mut form = Form::dense(vec![field("a", "1"), field("b", "2"), Field::yes_no("c", "C", true)]);
        form.at = 1;
        form.paste("!");
        form.renew(vec![field("a", "1"), field("b", "3"), Field::yes_no("c", "C", true)]);
        form.at = 2;
        form.key(Key::char('n'));
        form.key(Key::plain(Code::Enter));
        form.key(Key::char('y'));
        for _ in 0..2 {
            form.close("Not now.");
            assert_eq!(form.values(), [("b".into(), "2!".to_owned()), ("c".into(), "no".to_owned())]);
            // Nothing of it can be changed, nor is it shown what somebody else put there.
            assert_eq!(form.current().unwrap().note().unwrap().0, "Not now.");
            for key in [Key::char('x'), Key::ctrl('r'), Key::plain(Code::Down), Key::char('y')] {
                form.key(key);
            }
            form.paste("x");
            assert_eq!((form.text("b"), form.text("c"), form.text("a")), ("2!", "no", ""));
            assert_eq!(form.changed().count(), 2);
        }
        form.renew(vec![field("a", "4"), field("b", "3"), Field::yes_no("c", "C", true)]);
        assert_eq!((form.text("a"), form.text("b"), form.text("c")), ("4", "2!", "no"));
        assert!(form.field("b").unwrap().note().unwrap().0.contains("“3”"));
        // What was saved meanwhile is nothing to lose.
        form.close("Not now.");
        form.settle();
        assert!(!form.is_changed());
    }
}
