//! How the rules of this family name fields, types and values.

use crate::resource::schema::{Found, Limits, Scalar, Type};
use crate::text::Span;
use crate::yaml::Document;

/// Longest piece of an author's text in a message.
const LONGEST: usize = 32;

/// The last key of a path, without the number of an item.
pub(super) fn last(path: &str) -> &str {
    let key = path.rsplit('.').next().unwrap_or(path);
    key.split('[').next().unwrap_or(key)
}

/// The object that holds the field at `path`: its last key, or `kind` at the top.
pub(super) fn holder<'a>(path: &'a str, kind: &'a str) -> String {
    match path.rsplit_once('.') {
        Some((above, _)) => format!("`{}`", last(above)),
        None => kind.to_owned(),
    }
}

/// The author's text at `span`, on one line and not too long.
pub(super) fn written(document: &Document, span: Span) -> String {
    shortened(span.of(&document.text))
}

pub(super) fn shortened(text: &str) -> String {
    let line = text.lines().next().unwrap_or("");
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}...", line.get(..end).unwrap_or(line)),
        None => line.to_owned(),
    }
}

/// What a type takes.
pub(super) fn takes(value: &Type) -> &'static str {
    match value {
        Type::Scalar(limits) => match (&**limits, limits.scalar) {
            (Limits { format: Some(format), .. }, _) => format.says,
            (_, Scalar::String) => "text",
            (_, Scalar::Integer) => "a whole number",
            (_, Scalar::Number) => "a number",
            (_, Scalar::Boolean) => "`true` or `false`",
        },
        Type::List(..) => "a list",
        Type::Object(_) | Type::Map(..) | Type::Open => "an object",
        Type::Any => "anything",
    }
}

/// What stands there, with the author's words where they are few.
pub(super) fn stands(found: Found, document: &Document, span: Span) -> String {
    match found {
        Found::Null => "nothing".to_owned(),
        Found::Boolean => format!("the truth value `{}`", written(document, span)),
        Found::Number => format!("the number {}", written(document, span)),
        Found::String => format!("the text `{}`", written(document, span).trim_matches(['"', '\''])),
        Found::List => "a list".to_owned(),
        Found::Object => "an object".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{holder, last, shortened};

    #[test]
    fn a_field_is_named_by_its_last_key() {
        assert_eq!(last("spec.http[0].route[12]"), "route");
        assert_eq!(holder("spec.http[0].route", "VirtualService"), "`http`");
        assert_eq!(holder("specs", "VirtualService"), "VirtualService");
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        assert_eq!(shortened("short\nnot"), "short");
        assert_eq!(shortened(&"ä".repeat(40)), format!("{}...", "ä".repeat(32)));
    }
}
