//! One person's detail, tab by tab, as lines to read and to stand on.

use crate::service::activity::ActivityEntry;
use crate::service::exceptions::ExceptionView;
use crate::service::home::OwnedCount;
use crate::service::users::UserDetail;
use crate::tui::theme::Tone;
use crate::tui::widget::Line;
use crate::tui::words::{count, minute, number, sentence, status as status_word, without_manager};

/// So many changes of one entry are told.
const CHANGES: usize = 3;

/// One person, as far as the viewer may know, with what they own.
#[derive(Debug, Clone)]
pub(super) struct Profile {
    pub(super) detail: UserDetail,
    pub(super) owned: Vec<OwnedCount>,
}

/// The tabs of the detail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Tab {
    #[default]
    Details,
    Exceptions,
    Owned,
    Activity,
}

/// What somebody did last, once it is here.
pub(super) type Did = Option<Result<Vec<ActivityEntry>, String>>;

/// Where Enter on a line leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Leads {
    /// To a person, by email.
    User(String),
    /// To a role, by name.
    Role(String),
    /// To the records of an object that the person owns.
    Records(String),
    /// To the exception for a permission, by its key.
    Exception(String),
    /// To everything that a person did, by email.
    Activity(String),
}

impl Leads {
    fn key(&self) -> String {
        match self {
            Self::User(email) => format!("user {email}"),
            Self::Role(name) => format!("role {name}"),
            Self::Records(object) => format!("records {object}"),
            Self::Exception(key) => format!("exception {key}"),
            Self::Activity(email) => format!("activity {email}"),
        }
    }

    /// What a line's key means.
    pub(super) fn of(key: &str) -> Option<Self> {
        let (kind, what) = key.split_once(' ')?;
        let what = what.to_owned();
        match kind {
            "user" => Some(Self::User(what)),
            "role" => Some(Self::Role(what)),
            "records" => Some(Self::Records(what)),
            "exception" => Some(Self::Exception(what)),
            "activity" => Some(Self::Activity(what)),
            _ => None,
        }
    }
}

type Keyed = (Option<String>, Line);

impl Tab {
    /// The tabs that there are of somebody: what the viewer may not know has none (002-34).
    pub(super) fn all(profile: &Profile) -> Vec<Self> {
        let mut tabs = vec![Self::Details];
        if profile.detail.exceptions.is_some() {
            tabs.push(Self::Exceptions);
        }
        if !profile.owned.is_empty() {
            tabs.push(Self::Owned);
        }
        // 003-19, 002-34: one's own, and anybody's for whoever manages user details.
        if profile.detail.exceptions.is_some() || profile.detail.row.is_me {
            tabs.push(Self::Activity);
        }
        tabs
    }

    /// Its name, with how many there are where that helps.
    pub(super) fn label(self, profile: &Profile) -> String {
        match self {
            Self::Details => "Details".to_owned(),
            Self::Exceptions => match profile.detail.exceptions.as_ref().map_or(0, Vec::len) {
                0 => "Exceptions".to_owned(),
                some => format!("Exceptions {some}"),
            },
            Self::Owned => "Records Owned".to_owned(),
            Self::Activity => "Activity".to_owned(),
        }
    }

    /// What stands in it.
    pub(super) fn lines(self, profile: &Profile, did: &Did) -> Vec<Keyed> {
        let mut lines = vec![(None, Line::Title(profile.detail.row.name.clone()))];
        lines.extend(match self {
            Self::Details => details(&profile.detail),
            Self::Exceptions => exceptions(&profile.detail),
            Self::Owned => owned(profile),
            Self::Activity => activity(profile, did),
        });
        lines
    }
}

fn plain(line: Line) -> Keyed {
    (None, line)
}

fn pair(label: &str, text: &str) -> Line {
    Line::Pair(label.to_owned(), text.to_owned(), Tone::Text)
}

fn heading(text: &str) -> Keyed {
    plain(Line::Heading(text.to_owned()))
}

fn details(detail: &UserDetail) -> Vec<Keyed> {
    let row = &detail.row;
    let (word, tone) = status_word(row.status);
    let manager = pair("Manager", row.manager.as_deref().unwrap_or(without_manager(row.role_type)));
    let mut lines = vec![
        plain(pair("Email", &row.email)),
        (Some(Leads::Role(row.role.clone()).key()), pair("Role", &row.role)),
        plain(pair("Type", row.role_type.label())),
        plain(Line::Pair("Status".to_owned(), word.to_owned(), tone)),
        (row.manager_email.clone().map(|email| Leads::User(email).key()), manager),
    ];
    if row.account_manager {
        lines.push(plain(pair("Outside", "an account manager; takes no seat")));
    }
    if row.may_know_last_seen {
        let seen = row.last_seen.map(minute).unwrap_or_else(|| "never".to_owned());
        lines.push(plain(pair("Last seen", &seen)));
    }
    let more = [
        ("Language", &detail.language),
        ("Email 'From' Name", &detail.email_from_name),
        ("Reply To Email", &detail.reply_to),
    ];
    lines.extend(more.into_iter().filter_map(|(label, text)| Some(plain(pair(label, text.as_deref()?)))));
    if !detail.reports.is_empty() {
        lines.push(heading("Reports to this person"));
        lines.extend(detail.reports.iter().map(|member| {
            (Some(Leads::User(member.email.clone()).key()), Line::Text(member.name.clone(), Tone::Text))
        }));
    }
    if let Some(addresses) = detail.addresses.as_ref().filter(|addresses| !addresses.is_empty()) {
        lines.push(heading("Signed in from"));
        lines.extend(addresses.iter().map(|seen| {
            let times = format!("{} to {}", minute(seen.first), minute(seen.last));
            plain(Line::Pair(seen.address.clone(), times, Tone::Text))
        }));
    }
    lines
}

fn exceptions(detail: &UserDetail) -> Vec<Keyed> {
    let mut lines = vec![heading("User Permission Exceptions")];
    let exceptions = detail.exceptions.as_deref().unwrap_or_default();
    if exceptions.is_empty() {
        lines.push(plain(Line::Text("None: everything is as the role says.".to_owned(), Tone::Dim)));
    }
    for exception in exceptions {
        lines.push((Some(Leads::Exception(exception.key.clone()).key()), shown(exception)));
        let note = match (&exception.void, exception.redundant) {
            (Some(void), _) => Some((format!("comes to nothing: {void}"), Tone::Warn)),
            (None, true) => Some((format!("redundant: the role “{}” says the same", detail.row.role), Tone::Dim)),
            (None, false) => None,
        };
        lines.extend(note.map(|(text, tone)| plain(Line::Pair(String::new(), text, tone))));
    }
    lines
}

fn shown(exception: &ExceptionView) -> Line {
    let until = exception.until_shown.as_ref().map(|until| format!(" until {until}")).unwrap_or_default();
    let tone = match (&exception.void, exception.visible) {
        (Some(_), _) => Tone::Dim,
        (None, true) => Tone::Good,
        (None, false) => Tone::Bad,
    };
    Line::Pair(exception.label.clone(), format!("{}{until}", exception.value()), tone)
}

fn owned(profile: &Profile) -> Vec<Keyed> {
    let mut lines = vec![heading("Records Owned, as far as you may see them")];
    lines.extend(profile.owned.iter().map(|owned| {
        let shown = match (owned.owned, owned.visible) {
            (Some(theirs), Some(visible)) => format!("{} of {}", number(theirs), number(visible)),
            _ => "…".to_owned(),
        };
        (Some(Leads::Records(owned.object.clone()).key()), pair(&owned.label, &shown))
    }));
    lines
}

fn activity(profile: &Profile, did: &Did) -> Vec<Keyed> {
    let mut lines = vec![heading("What they did last, as far as you may know it")];
    let entries = match did {
        None => {
            lines.push(plain(Line::Text("One moment…".to_owned(), Tone::Dim)));
            return lines;
        }
        Some(Err(why)) => {
            lines.push(plain(Line::Text(why.clone(), Tone::Warn)));
            return lines;
        }
        Some(Ok(entries)) => entries,
    };
    if entries.is_empty() {
        lines.push(plain(Line::Text("Nothing yet.".to_owned(), Tone::Dim)));
    }
    for entry in entries {
        lines.push(plain(Line::Pair(minute(entry.at), sentence(&entry.reason), Tone::Text)));
        let changed = entry.lines.iter().take(CHANGES).map(|change| sentence(&change.sentence()));
        lines.extend(changed.map(|text| plain(Line::Pair(String::new(), text, Tone::Dim))));
        if entry.more || entry.lines.len() > CHANGES {
            lines.push(plain(Line::Pair(String::new(), "and more".to_owned(), Tone::Dim)));
        }
    }
    if !entries.is_empty() {
        let all = Leads::Activity(profile.detail.row.email.clone()).key();
        lines.push((Some(all), Line::Text("All that they did, with what was before".to_owned(), Tone::Text)));
    }
    lines
}

/// What somebody owns in a few words: `12 contacts and 3 deals`; nothing where it is nothing.
pub(super) fn owned_in_words(owned: &[OwnedCount]) -> String {
    let some = owned.iter().filter_map(|owned| Some((owned.owned.filter(|theirs| *theirs > 0)?, &owned.label)));
    let words: Vec<String> = some
        .map(|(theirs, label)| {
            let many = label.to_lowercase();
            let one = many.strip_suffix("ies").map(|stem| format!("{stem}y"));
            let one = one.unwrap_or_else(|| many.trim_end_matches('s').to_owned());
            count(theirs, &one, &many)
        })
        .collect();
    match words.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}
