//! `istio-ls schema`: every field of every kind that has a table, as text for people or JSON for machines.

use std::io::Write;

use serde::Serialize;

use crate::resource::schema::{self, Field, Limits, Type};

#[derive(Serialize)]
struct Schema {
    kinds: Vec<KindFields>,
}

#[derive(Serialize)]
struct KindFields {
    group: &'static str,
    version: &'static str,
    kind: &'static str,
    fields: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    /// `[]` stands for the items of a list, `{}` for the values of a map.
    path: String,
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(rename = "enum")]
    values: Option<Vec<&'static str>>,
    required: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    default: Option<&'static str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    doc: &'static str,
}

/// Writes the fields of all kinds, or of those called `kind`.
///
/// # Errors
/// When there is no such kind, or `out` takes no more.
pub fn run(kind: Option<&str>, json: bool, out: &mut dyn Write) -> anyhow::Result<()> {
    let tables = schema::kinds().iter().filter(|table| kind.is_none_or(|kind| table.kind.eq_ignore_ascii_case(kind)));
    let mut kinds = Vec::new();
    for table in tables {
        for version in table.served() {
            let mut fields = Vec::new();
            if let Some(Type::Object(root)) = table.root(version.name) {
                root.fields.iter().for_each(|field| row(field, "", version.name, &mut fields));
            }
            kinds.push(KindFields { group: table.group, version: version.name, kind: table.kind, fields });
        }
    }
    if let (Some(kind), []) = (kind, kinds.as_slice()) {
        anyhow::bail!("there are no fields of a kind `{kind}`");
    }
    if json {
        serde_json::to_writer(&mut *out, &Schema { kinds })?;
        return Ok(writeln!(out)?);
    }
    for KindFields { group, version, kind, fields } in kinds {
        writeln!(out, "{kind} {group}/{version}")?;
        for Row { path, kind, values, required, doc, .. } in fields {
            let kind = values.map_or_else(|| kind.to_owned(), |values| values.join("|"));
            writeln!(out, "  {path}{}: {kind}  {doc}", if required { " (required)" } else { "" })?;
        }
    }
    Ok(())
}

fn row(field: &'static Field, above: &str, version: &str, rows: &mut Vec<Row>) {
    // That `spec` must be there is said of the object, not of a field of the API.
    let required = field.required && !above.is_empty();
    let path = if above.is_empty() { field.name.to_owned() } else { format!("{above}.{}", field.name) };
    let row = Row {
        path: path.clone(),
        kind: field.value.name(),
        values: values(&field.value),
        required,
        default: field.default,
        doc: field.doc,
    };
    rows.push(row);
    below(&field.value, path, version, rows);
}

fn below(value: &'static Type, path: String, version: &str, rows: &mut Vec<Row>) {
    let (inner, path) = match value {
        Type::Object(object) => return object.fields_in(version).for_each(|field| row(field, &path, version, rows)),
        Type::List(inner, _) => (inner, path + "[]"),
        Type::Map(inner, _) => (inner, path + "{}"),
        Type::Any | Type::Open | Type::Scalar(_) => return,
    };
    rows.push(Row {
        path: path.clone(),
        kind: inner.name(),
        values: values(inner),
        required: false,
        default: None,
        doc: "",
    });
    below(inner, path, version, rows);
}

fn values(value: &'static Type) -> Option<Vec<&'static str>> {
    let Type::Scalar(limits) = value else { return None };
    let Limits { values, .. } = &**limits;
    (!values.is_empty()).then(|| values.iter().map(|value| value.text).collect())
}
