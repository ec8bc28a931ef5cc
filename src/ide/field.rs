//! What the API says of the field or the value under the cursor.

use std::fmt::Write as _;

use super::place::Cursor;
use crate::resource::Resource;
use crate::resource::schema::{self, Count, Field, Limits, Type, Value, Version};

/// The field with its type, values and default; on a value of an enumeration also what that does.
pub(super) fn describe(cursor: &Cursor<'_>) -> Option<String> {
    let resource = &cursor.resource.resource;
    let field = schema::field_at(resource.kind, resource.version(), cursor.keys.iter().map(String::as_str))?;
    let mut text = format!("**{}**: {}\n\n{}", field.name, type_of(&field.value), field.doc);
    if cursor.path() == "apiVersion" {
        text.push_str(&versions(resource));
    }
    let limits = field.value.limits();
    let values = limits.map(|limits| limits.values.as_slice()).unwrap_or_default();
    match values.iter().find(|value| !cursor.on_key && cursor.value.as_deref() == Some(value.text)) {
        Some(value) if !about(value).is_empty() => {
            let _ = write!(text, "\n\n`{}`: {}", value.text, about(value));
        }
        _ => values.iter().for_each(|value| {
            let about = about(value);
            let about = if about.is_empty() { about } else { format!(": {about}") };
            let _ = write!(text, "\n- `{}`{about}", value.text);
        }),
    }
    text.push_str(&notes(field, limits));
    Some(text)
}

/// What a value does, and which releases know it.
fn about(value: &Value) -> String {
    let since = value.since.map(|release| format!("Since Istio {release}."));
    let instead = value.deprecated.map(|instead| format!("Deprecated: use `{instead}`."));
    let doc = Some(value.doc.to_owned()).filter(|doc| !doc.is_empty());
    [doc, since, instead].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// The versions of the API that have the kind, the newest first.
fn versions(resource: &Resource) -> String {
    let Some(table) = schema::of(resource.kind) else { return String::new() };
    let newest = table.served().next().map_or("", |version| version.name);
    let line = |version: &Version| {
        let since = version.since.map(|release| format!("since Istio {release}"));
        let instead = match version {
            Version { is_served: false, .. } => Some(format!("no longer served: use `{newest}`")),
            Version { is_old: true, .. } => Some(format!("old: use `{newest}`")),
            _ => None,
        };
        let says = [since, instead].into_iter().flatten().collect::<Vec<_>>().join(", ");
        let says = if says.is_empty() { says } else { format!(": {says}") };
        format!("\n- `{}/{}`{says}", table.group, version.name)
    };
    format!("\n{}", table.versions.iter().map(line).collect::<String>())
}

fn type_of(value: &Type) -> String {
    match value {
        Type::List(items, _) => format!("list of {}", type_of(items)),
        Type::Map(values, _) => format!("map of {}", type_of(values)),
        Type::Object(_) | Type::Open => "object".to_owned(),
        Type::Any | Type::Scalar(_) => value.name().to_owned(),
    }
}

fn notes(field: &Field, limits: Option<&Limits>) -> String {
    let mut notes = Vec::new();
    if field.required {
        notes.push("Required.".to_owned());
    }
    if let Some(default) = field.default {
        notes.push(format!("Default: `{default}`."));
    }
    if let Some(format) = limits.and_then(|limits| limits.format) {
        notes.push(format!("Form: {}.", format.says));
    }
    // What a 32-bit number can hold is no limit that anybody meets.
    if let Some((min, max)) = limits.and_then(|limits| limits.min.zip(limits.max.filter(|max| *max < i32::MAX.into())))
    {
        notes.push(format!("From {min} to {max}."));
    }
    if let Type::List(_, Count { most: Some(most), .. }) | Type::Map(_, Count { most: Some(most), .. }) = field.value {
        notes.push(format!("At most {most}."));
    }
    if let Some(release) = field.since {
        notes.push(format!("Since Istio {release}."));
    }
    match field.deprecated {
        Some("") => notes.push("Deprecated.".to_owned()),
        Some(instead) => notes.push(format!("Deprecated: use `{instead}`.")),
        None => {}
    }
    if notes.is_empty() { String::new() } else { format!("\n\n{}", notes.join(" ")) }
}
