//! Keys: fields by the schema, the required ones first, and keys of maps that the workspace knows.

use super::context::Context;
use super::item::{Item, ItemKind, escape};
use super::place::Place;
use super::{blocks, documents, labels};
use crate::resource::schema::{Choice, Field, Object, Type};

/// So deep is a block of required fields written out.
const DEEPEST: usize = 3;

/// The keys that may stand at the place.
pub(super) fn fields(context: &Context<'_, '_>) -> Vec<Item> {
    let place = context.place;
    let siblings = place.siblings();
    if place.keys.is_empty() && !siblings.iter().any(|key| key == "kind") {
        return documents::documents(context, &siblings);
    }
    if let Some(labels) = labels::keys(context) {
        return labels;
    }
    let Some(object) = place.schema().and_then(Type::object) else { return Vec::new() };
    let mut items = if place.has_colon { Vec::new() } else { blocks::blocks(context) };
    let pad = " ".repeat(place.column - place.indentation + if place.wants_dash() { 2 } else { 0 });
    let dash = if place.wants_dash() { "- " } else { "" };
    let mut fields: Vec<&Field> =
        object.fields_in(&place.version).filter(|field| fits(object, field, &siblings)).collect();
    fields.sort_by_key(|field| (!field.required, field.deprecated.is_some()));
    items.extend(fields.into_iter().filter(|field| !is_of_server(field)).map(|field| {
        let text = match (place.has_colon, place.in_flow) {
            (true, _) => field.name.to_owned(),
            (_, true) => in_flow(field),
            _ => format!("{dash}{}", text(field, &place.version, &mut 1, 0)).replace('\n', &format!("\n{pad}")),
        };
        let required = if field.required { ", required" } else { "" };
        let detail = format!("{}{required}", field.value.name());
        let mut item = Item::new(ItemKind::Field, field.name, detail).written(text).explained(doc(field));
        item.deprecated = field.deprecated.is_some();
        item
    }));
    items
}

/// The field is not written and does not exclude what is.
fn fits(object: &Object, field: &Field, siblings: &[String]) -> bool {
    let written = |name: &str| siblings.iter().any(|key| key == name);
    let excluded = object.groups.iter().any(|group| {
        let one = matches!(group.choice, Choice::AtMostOne | Choice::ExactlyOne);
        one && group.fields.contains(&field.name) && group.fields.iter().any(|other| written(other))
    });
    !written(field.name) && !excluded
}

/// Nobody writes what the API server sets.
fn is_of_server(field: &Field) -> bool {
    field.doc == "Set by the API server." || field.name == "status"
}

fn doc(field: &Field) -> String {
    let default = field.default.map(|value| format!(" Default: `{value}`.")).unwrap_or_default();
    let deprecated = match field.deprecated {
        Some("") => " Deprecated.".to_owned(),
        Some(instead) => format!(" Deprecated: use `{instead}`."),
        None => String::new(),
    };
    format!("{}{default}{deprecated}", field.doc)
}

/// The field with what it requires; `stop` numbers the places that the editor leads through.
fn text(field: &Field, version: &str, stop: &mut usize, depth: usize) -> String {
    let name = field.name;
    match &field.value {
        Type::Scalar(_) => format!("{name}: {}", next(stop)),
        Type::List(items, _) => match items.object() {
            Some(object) => format!("{name}:\n  - {}", required(object, version, stop, depth).replace('\n', "\n    ")),
            None => format!("{name}:\n  - {}", next(stop)),
        },
        Type::Object(object) => format!("{name}:\n  {}", required(object, version, stop, depth).replace('\n', "\n  ")),
        Type::Map(..) | Type::Any | Type::Open => format!("{name}:\n  {}", next(stop)),
    }
}

fn required(object: &Object, version: &str, stop: &mut usize, depth: usize) -> String {
    let fields = object.fields_in(version).filter(|field| field.required && depth < DEEPEST);
    let lines: Vec<String> = fields.map(|field| text(field, version, stop, depth + 1)).collect();
    if lines.is_empty() { next(stop) } else { lines.join("\n") }
}

fn next(stop: &mut usize) -> String {
    *stop += 1;
    format!("${}", *stop - 1)
}

fn in_flow(field: &Field) -> String {
    match field.value {
        Type::Scalar(_) | Type::Any => format!("{}: $1", field.name),
        Type::List(..) => format!("{}: [$1]", field.name),
        Type::Object(_) | Type::Map(..) | Type::Open => format!("{}: {{$1}}", escape(field.name)),
    }
    .replace("{$1}", "{$1\\}")
}

/// The text of a key of a map at the place.
pub(super) fn key(place: &Place, name: &str) -> String {
    if place.has_colon { escape(name) } else { format!("{}: $1", escape(name)) }
}
