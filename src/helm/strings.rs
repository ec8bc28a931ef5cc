//! The functions of templates that make texts.

use smol_str::{SmolStr, format_smolstr};

use super::value::Value;

/// Nobody indents deeper.
const WIDEST: usize = 200;

/// The answer of a function that only moves a text about, so that what is known of it in part stays known; none for others.
pub(super) fn laid_out(name: &str, arguments: &[Option<Value>]) -> Option<Option<Value>> {
    let text = |value: &Option<Value>| match value.as_ref()? {
        Value::Text(text) | Value::Part(text) => Some(text.clone()),
        value => value.written(),
    };
    Some(match (name, arguments) {
        ("indent" | "nindent", [Some(Value::Number(width)), value]) => {
            let width = width.parse::<usize>().ok().filter(|width| *width <= WIDEST);
            let padding = width.map(|width| " ".repeat(width));
            padding.zip(text(value)).map(|(padding, text)| {
                let lines = text.replace('\n', &format!("\n{padding}"));
                let start = if name == "nindent" { "\n" } else { "" };
                Value::of_text(format_smolstr!("{start}{padding}{lines}"))
            })
        }
        ("trim", [value]) => text(value).map(|text| Value::of_text(text.trim().into())),
        _ => return None,
    })
}

/// The answer of the function `name`.
pub(super) fn call(name: &str, arguments: &[Option<Value>]) -> Option<Value> {
    let text = |at: usize| match arguments.get(at)?.as_ref()? {
        Value::Text(text) => Some(text.clone()),
        value => value.written(),
    };
    let answer = |text: &str| Some(Value::Text(text.into()));
    match (name, arguments.len()) {
        // An empty text is one that somebody has still to give.
        ("quote", 1) => answer(&format!("\"{}\"", plain(text(0).filter(|text| !text.is_empty())?, '"')?)),
        ("squote", 1) => answer(&format!("'{}'", plain(text(0).filter(|text| !text.is_empty())?, '\'')?)),
        ("toString", 1) => text(0).map(Value::Text),
        // What is a template itself is not known: a value with braces may also be for another tool to fill in.
        ("tpl", 2) => text(0).filter(|text| !text.contains("{{")).map(Value::Text),
        ("lower", 1) => answer(&text(0)?.to_lowercase()),
        ("upper", 1) => answer(&text(0)?.to_uppercase()),
        ("trimSuffix", 2) => {
            let (suffix, text) = (text(0)?, text(1)?);
            answer(text.strip_suffix(suffix.as_str()).unwrap_or(&text))
        }
        ("trimPrefix", 2) => {
            let (prefix, text) = (text(0)?, text(1)?);
            answer(text.strip_prefix(prefix.as_str()).unwrap_or(&text))
        }
        ("trimAll", 2) => {
            let (letters, text) = (text(0)?, text(1)?);
            answer(text.trim_matches(|letter| letters.contains(letter)))
        }
        ("trunc", 2) => {
            let (length, text) = (text(0)?.parse::<usize>().ok()?, text(1)?);
            text.is_ascii().then(|| Value::Text(text.chars().take(length).collect()))
        }
        ("replace", 3) => {
            let (old, new, text) = (text(0)?, text(1)?, text(2)?);
            let is_short = text.len().saturating_mul(new.len().max(1)) < 1 << 20;
            (is_short && !old.is_empty()).then(|| Value::Text(text.replace(old.as_str(), &new).into()))
        }
        ("contains", 2) => Some(Value::Bool(text(1)?.contains(text(0)?.as_str()))),
        ("hasPrefix", 2) => Some(Value::Bool(text(1)?.starts_with(text(0)?.as_str()))),
        ("hasSuffix", 2) => Some(Value::Bool(text(1)?.ends_with(text(0)?.as_str()))),
        ("join", 2) => {
            let items = arguments.get(1)?.as_ref()?.items()?;
            let items = items.iter().map(|item| item.as_ref()?.written()).collect::<Option<Vec<_>>>()?;
            answer(&items.join(&text(0)?))
        }
        ("print", _) => {
            // Go puts blanks between what is no text.
            let are_texts = arguments.len() == 1 || arguments.iter().all(|value| matches!(value, Some(Value::Text(_))));
            let texts = (0..arguments.len()).map(text).collect::<Option<Vec<_>>>()?;
            are_texts.then(|| Value::Text(texts.concat().into()))
        }
        ("printf", 1..) => printf(&text(0)?, arguments.get(1..)?),
        _ => None,
    }
}

/// A whole number.
pub(super) fn number(value: &Value) -> Option<i64> {
    match value {
        Value::Number(text) | Value::Text(text) => text.parse().ok(),
        _ => None,
    }
}

/// `text`, if it stays as it is between such quotes.
fn plain(text: SmolStr, quote: char) -> Option<SmolStr> {
    (!text.contains([quote, '\\']) && !text.contains(char::is_control)).then_some(text)
}

/// `%s`, `%d` and `%v` in `format` filled in.
fn printf(format: &str, values: &[Option<Value>]) -> Option<Value> {
    let mut parts = format.split('%');
    let mut out = parts.next().unwrap_or("").to_owned();
    let mut values = values.iter();
    for part in parts {
        let (value, verb) = (values.next()?.as_ref()?, part.chars().next()?);
        // What is of another kind Go writes with a complaint.
        match (verb, value) {
            ('s' | 'v', Value::Text(_)) | ('d' | 'v', Value::Number(_)) | ('v', Value::Bool(_)) => {
                out.push_str(&value.written()?);
            }
            _ => return None,
        }
        out.push_str(part.get(verb.len_utf8()..)?);
    }
    values.next().is_none().then(|| Value::Text(out.into()))
}
