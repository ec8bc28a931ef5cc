//! The indentation of a line that was just begun.

use crate::resource::schema::Type;
use crate::resource::{Kind, schema};
use crate::yaml::{Document, Step};

/// What to write at the beginning of the line of `offset`, which is blank: the column that the line above asks for, a dash
/// where the schema has a list there. None where the line is right or where nothing is known.
#[must_use]
pub fn next_line(document: &Document, offset: usize) -> Option<String> {
    let text = &*document.text;
    let head = text.get(..offset)?;
    let line = head.rfind('\n')? + 1;
    let blank = head.get(line..)?;
    let rest = text.get(offset..)?.lines().next().unwrap_or("");
    let written = head.get(..line)?.trim_end();
    let key = written.lines().next_back()?.strip_suffix(':')?;
    if !blank.trim().is_empty() || !rest.trim().is_empty() || key.trim_start().starts_with('#') || key.contains("{{") {
        return None;
    }
    let name = key.trim_start_matches([' ', '-']);
    let column = key.len() - name.len();
    let at = document.path_at(written.len().checked_sub(2)?);
    let root = document.root.as_ref()?;
    let entry = at.steps.last().filter(|step| matches!(step, Step::Entry(entry) if entry.key == name))?;
    let has_value = entry.node().as_scalar().is_none_or(|scalar| !scalar.text.is_empty());
    let top = |key: &str| Some(root.get(key)?.as_scalar()?.text.as_str());
    let (group, version) = top("apiVersion")?.rsplit_once('/')?;
    let value = schema::type_at(Kind::find(group, top("kind")?)?, version, at.keys())?;
    let dash = match value {
        Type::List(..) if !has_value => "- ",
        Type::Scalar(_) => return None,
        _ => "",
    };
    let wanted = format!("{}{dash}", " ".repeat(column + 2));
    (wanted != blank && !has_value).then_some(wanted)
}
