//! The team as a file. Every cell of every role is spelled out, so that the file says the same on a
//! fresh account, where shipped roles have values of their own, as on this one.

use serde_json::{Map, Value as Json, json};

use super::Format;
use crate::model::catalog::DecidedBy;
use crate::model::{Exception, Object, Role, Team, User};

/// The file's text. Applying it to the same team changes nothing; an account that is rebuilt from
/// it decides alike.
#[must_use]
pub fn export(team: &Team, format: Format) -> String {
    let whole = whole(team);
    match format {
        Format::Json => {
            let mut text = serde_json::to_string_pretty(&Json::Object(whole)).unwrap_or_default();
            text.push('\n');
            text
        }
        Format::Toml => super::toml::write(&whole),
    }
}

fn whole(team: &Team) -> Map<String, Json> {
    let mut file = Map::new();
    let account = &team.account;
    let mut head = Map::new();
    head.insert("name".to_owned(), json!(account.name));
    put(&mut head, "time_zone", account.time_zone.as_deref());
    let seats = |seats: Option<u32>| seats.map_or_else(|| json!("unlimited"), |seats| json!(seats));
    head.insert("seats".to_owned(), seats(account.seats));
    head.insert("agent_seats".to_owned(), seats(account.agent_seats));
    file.insert("account".to_owned(), Json::Object(head));
    let permissions: Vec<Json> =
        account.permissions.iter().map(|own| json!({"key": own.key, "label": own.label})).collect();
    file.insert("permissions".to_owned(), Json::Array(permissions));
    let mut roles: Vec<&Role> = team.roles.values().map(|role| &**role).filter(|role| !role.is_locked()).collect();
    roles.sort_by_key(|role| (role.shipped.is_none(), role.order, role.id));
    file.insert("roles".to_owned(), roles.into_iter().map(|one| role(one, team)).collect());
    let owner = team.owner().map(|owner| owner.id);
    let listed = team.users.values().filter(|user| Some(user.id) != owner || says_more(user));
    file.insert("users".to_owned(), listed.map(|one| user(one, team)).collect());
    let fields = team.objects.values().map(|object| (object.key.clone(), fields(object)));
    file.insert("fields".to_owned(), Json::Object(fields.collect()));
    file
}

fn role(role: &Role, team: &Team) -> Json {
    let manager = role.manager.and_then(|id| team.roles.get(&id)).map(|manager| manager.name.as_str());
    let mut told = Map::new();
    told.insert("name".to_owned(), json!(role.name));
    put(&mut told, "manager", manager);
    told.insert("type".to_owned(), json!(role.role_type.token()));
    told.insert("description".to_owned(), json!(role.description));
    told.insert("icon".to_owned(), json!(role.icon));
    let assignable: Vec<&str> =
        role.may_assign.iter().filter_map(|id| team.roles.get(id)).map(|role| role.name.as_str()).collect();
    told.insert("may_assign".to_owned(), json!(assignable));
    let set = team.catalog.features().filter(|feature| feature.decided_by == DecidedBy::Role);
    let features = set.map(|feature| (feature.key.clone(), json!(role.feature(feature.id).token())));
    told.insert("features".to_owned(), Json::Object(features.collect()));
    let scopes = team.objects.values().map(|object| {
        let scopes = role.scopes(object.id);
        let cells = json!({
            "view": scopes.view.token(), "edit": scopes.edit.token(), "delete": scopes.delete.token()
        });
        (object.key.clone(), cells)
    });
    told.insert("scopes".to_owned(), Json::Object(scopes.collect()));
    let sections = team.objects.values().map(|object| {
        let cells = object.sections.iter().map(|section| {
            let access = role.section(section.id);
            (section.name.clone(), json!({"view": access.view(), "edit": access.edit()}))
        });
        (object.key.clone(), Json::Object(cells.collect()))
    });
    told.insert("sections".to_owned(), Json::Object(sections.collect()));
    Json::Object(told)
}

/// Would a fresh account's owner lack something that is known of this one?
fn says_more(owner: &User) -> bool {
    owner.talk_access
        || owner.account_manager
        || owner.language.is_some()
        || owner.email_from_name.is_some()
        || owner.reply_to.is_some()
}

fn user(user: &User, team: &Team) -> Json {
    let role = team.roles.get(&user.role).map(|role| role.name.as_str());
    let manager = user.manager.and_then(|id| team.users.get(&id)).map(|manager| manager.email.as_str());
    let mut told = Map::new();
    told.insert("email".to_owned(), json!(user.email));
    told.insert("name".to_owned(), json!(user.name));
    put(&mut told, "role", role);
    put(&mut told, "manager", manager);
    told.insert("status".to_owned(), json!(user.status.token()));
    if user.account_manager {
        told.insert("account_manager".to_owned(), json!(true));
    }
    if user.talk_access {
        told.insert("talk_access".to_owned(), json!(true));
    }
    put(&mut told, "language", user.language.as_deref());
    put(&mut told, "email_from_name", user.email_from_name.as_deref());
    put(&mut told, "reply_to", user.reply_to.as_deref());
    let exceptions = user.exceptions.iter().filter_map(|(id, exception)| {
        team.catalog.feature(*id).map(|feature| (feature.key.clone(), told_exception(exception)))
    });
    let exceptions: Map<String, Json> = exceptions.collect();
    if !exceptions.is_empty() {
        told.insert("exceptions".to_owned(), Json::Object(exceptions));
    }
    Json::Object(told)
}

fn told_exception(exception: &Exception) -> Json {
    match exception.until {
        Some(until) => json!({"value": exception.token(), "until": until.timestamp().to_string()}),
        None => json!(exception.token()),
    }
}

fn fields(object: &Object) -> Json {
    let name = |field: &crate::model::Field| {
        object.sections.iter().find(|section| section.id == field.section).map(|section| section.name.clone())
    };
    let told = object.fields.iter().map(|field| {
        let mut told = Map::new();
        put(&mut told, "section", name(field).as_deref());
        told.insert("name".to_owned(), json!(field.name));
        told.insert("kind".to_owned(), json!(field.kind.token()));
        if !field.options.is_empty() {
            let labels: Vec<&str> = field.options.iter().map(|option| option.label.as_str()).collect();
            told.insert("options".to_owned(), json!(labels));
        }
        Json::Object(told)
    });
    Json::Array(told.collect())
}

fn put(map: &mut Map<String, Json>, key: &str, text: Option<&str>) {
    if let Some(text) = text {
        map.insert(key.to_owned(), json!(text));
    }
}
