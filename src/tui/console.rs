//! The commands of the console itself, the same on every screen.

use super::command::{Danger, Group, Id, Needs, Spec};
use super::event::Key;

/// The palette.
pub const PALETTE: Id = Id("console.palette");
/// Take back one's last change.
pub const UNDO: Id = Id("console.undo");
/// Go to what happened.
pub const GO_ACTIVITY: Id = Id("go.activity");
/// Why something is as it is.
pub const WHY: Id = Id("console.why");
/// The help.
pub const HELP: Id = Id("console.help");
/// Another look.
pub const LOOK: Id = Id("console.look");
/// Become someone else of a demo.
pub const PERSONA: Id = Id("console.persona");
/// Sign out.
pub const SIGN_OUT: Id = Id("console.sign-out");
/// Another password for oneself.
pub const PASSWORD: Id = Id("console.password");
/// One's own details.
pub const DETAILS: Id = Id("console.details");
/// End.
pub const QUIT: Id = Id("console.quit");
/// Go home.
pub const GO_HOME: Id = Id("go.home");
/// Go to the people.
pub const GO_USERS: Id = Id("go.users");
/// Go to the roles.
pub const GO_ROLES: Id = Id("go.roles");
/// Go to the role chart.
pub const GO_CHART: Id = Id("go.role-chart");
/// Go to the table of types.
pub const GO_TYPES: Id = Id("go.user-types");
/// Go to the Field Editor.
pub const GO_FIELDS: Id = Id("go.field-editor");
/// Go to the permission matrix.
pub const GO_MATRIX: Id = Id("go.matrix");
/// Go to an object's records.
pub const GO_RECORDS: Id = Id("go.records");

/// Stop what is under way.
pub const CALL_OFF: Id = Id("console.call-off");

/// Stop what is under way: there while anything is.
pub const CALL_OFF_SPEC: Spec = Spec::new(CALL_OFF.0, "Call off what is under way", "call off", "Nothing of it stays.")
    .keys(&[Key::ctrl('x')])
    .group(Group::Console);

/// Go back to the shell for a while.
pub const SUSPEND: Id = Id("console.suspend");

/// Go back to the shell for a while: there where a shell is behind the console.
pub const SUSPEND_SPEC: Spec =
    Spec::new(SUSPEND.0, "Suspend", "", "Back to the shell for a while; fg there comes back here.")
        .keys(&[Key::ctrl('z')])
        .group(Group::Console)
        .needs(Needs::Nothing);

/// The tabs, in order; the records of each object follow.
pub const TABS: &[Spec] = &[
    Spec::new(GO_HOME.0, "Home", "", "Who you are and what you may.").group(Group::Go),
    Spec::new(GO_USERS.0, "Users", "", "The people of the team.").group(Group::Go).also("exceptions members"),
    Spec::new(GO_ROLES.0, "Roles", "", "The roles, and what each may.").group(Group::Go),
];

/// The tabs after those of the records.
pub const LAST_TABS: &[Spec] = &[Spec::new(GO_ACTIVITY.0, "Activity", "", "What happened, as far as you may know it.")
    .group(Group::Go)
    .also("history audit log changes")];
/// Places that have no tab of their own: the palette and the screens beside them lead there.
pub const PLACES: &[Spec] = &[
    Spec::new(GO_CHART.0, "Role chart", "", "Administration, User Management, Team Roles & Permission Management.")
        .group(Group::Go),
    Spec::new(GO_TYPES.0, "User types", "", "What each of the four types of role can hold.").group(Group::Go),
    Spec::new(GO_FIELDS.0, "Field Editor (Settings)", "", "Sections, fields, and who may view and edit them.")
        .group(Group::Go)
        .needs(FIELD_EDITOR),
];

/// Who has the Field Editor: whoever may change anything in it.
pub const FIELD_EDITOR: Needs = Needs::AnyOf(&[
    "contacts.manage_fields",
    "companies.manage_fields",
    "deals.manage_fields",
    "account.settings",
    "account.customize",
    "roles.manage",
]);

/// The records of an object: one command for each that may be entered.
pub const RECORDS: Spec = Spec::new(GO_RECORDS.0, "Records", "", "The records that you may see.").group(Group::Go);

/// Become someone else of a demo.
pub const PERSONA_SPEC: Spec =
    Spec::new(PERSONA.0, "Sign in as…", "persona", "See this demo through someone else's eyes.")
        .keys(&[Key::char('@')])
        .group(Group::Console)
        .needs(Needs::Demo);

/// One's own details, which everybody may change (002-35).
pub const DETAILS_SPEC: Spec =
    Spec::new(DETAILS.0, "My details", "my details", "Your name, your e-mails, your language.")
        .also("profile account settings")
        .group(Group::Console)
        .danger(Danger::Changes);

/// The console's own.
pub const OWN: &[Spec] = &[
    Spec::new(HELP.0, "Help", "help", "Every key that works here.")
        .keys(&[Key::char('?')])
        .also("shortcuts keyboard")
        .group(Group::Console)
        .needs(Needs::Nothing),
    Spec::new(PALETTE.0, "Commands", "commands", "Every command, found by typing part of its name.")
        .keys(&[Key::char(':'), Key::ctrl('p')])
        .group(Group::Console)
        .needs(Needs::Nothing),
    Spec::new(WHY.0, "Why?", "why", "Why what is under the cursor is as it is, and what would change it.")
        .keys(&[Key::char('w')])
        .group(Group::Console),
    Spec::new(
        UNDO.0,
        "Undo",
        "",
        "Takes back your last change, or an older one where that can't be; says before which. Again: the one before.",
    )
    .keys(&[Key::char('u')])
    .danger(Danger::Changes)
    .group(Group::Console),
    PERSONA_SPEC,
    Spec::new(GO_MATRIX.0, "Permission matrix", "", "Every permission of every role, side by side.")
        .also("access rights grid")
        .group(Group::Go),
    Spec::new(LOOK.0, "Change the look", "", "Dark, light, high contrast, fewer colours or none.")
        .keys(&[Key::ctrl('t')])
        .also("theme colours colors dark mode appearance")
        .group(Group::Console)
        .needs(Needs::Nothing),
    DETAILS_SPEC,
    Spec::new(PASSWORD.0, "Change my password", "", "A new password for yourself.").group(Group::Console),
    Spec::new(SIGN_OUT.0, "Sign out", "", "Back to the sign-in, for you or someone else.")
        .also("logout log out sign off switch user")
        .group(Group::Console),
    Spec::new(QUIT.0, "Quit", "quit", "Ends the console.")
        .keys(&[Key::char('q'), Key::ctrl('c'), Key::ctrl('q')])
        .also("exit close")
        .group(Group::Console)
        .needs(Needs::Nothing),
];
