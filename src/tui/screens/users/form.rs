//! What the forms about people offer: roles with what they are, people with their role.

use crate::service::person_choices::{PersonChoice, RoleChoice};
use crate::tui::widget::{Choice, Field};
use crate::tui::words::{sentence, type_help};

/// The key of having no manager of one's own.
pub(super) const NOBODY: &str = "";

/// Roles, each with its type explained, or why it can't be given.
pub(super) fn roles(roles: Vec<RoleChoice>) -> Vec<Choice> {
    let choices = roles.into_iter().map(|role| {
        let choice = Choice::new(role.name.clone(), role.name, role.role_type.label());
        match role.blocked {
            Some(why) => choice.refused(&format!("You can't give it: {}", sentence(&why))),
            None => choice.note(type_help(role.role_type)),
        }
    });
    choices.collect()
}

/// People, all but one.
pub(super) fn people(people: Vec<PersonChoice>, but: Option<&str>) -> Vec<Choice> {
    let others = people.into_iter().filter(|person| Some(person.email.as_str()) != but);
    others.map(|person| Choice::new(person.email, person.name, person.role)).collect()
}

/// People to report to, or nobody.
pub(super) fn managers(people: Vec<PersonChoice>, but: Option<&str>) -> Vec<Choice> {
    managers_or(NOBODY, people, but)
}

/// The same, where having none has a key of its own.
pub(super) fn managers_or(nobody: &str, people: Vec<PersonChoice>, but: Option<&str>) -> Vec<Choice> {
    let nobody = Choice::new(nobody, "by the role tree", "")
        .note("No manager of their own: whoever holds a role above theirs stands above them.");
    let mut choices = vec![nobody];
    choices.extend(self::people(people, but));
    choices
}

/// Details that everybody may change of themselves too (002-35).
pub(in crate::tui::screens) fn mail(from: &str, reply_to: &str) -> [Field; 2] {
    [
        Field::line("email_from_name", "Email 'From' Name")
            .hint("The name on e-mails from this user, such as Sam Smith.")
            .filled(from)
            .under("E-mail"),
        Field::line("reply_to", "Reply To Email").hint("The inbox that replies go to.").filled(reply_to),
    ]
}

/// The language.
pub(in crate::tui::screens) fn language(language: &str) -> Field {
    Field::line("language", "Language").hint("A language tag, such as en or pt-BR.").filled(language)
}
