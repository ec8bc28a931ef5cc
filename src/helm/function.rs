//! The functions of templates that are understood. Arguments and answers that are not known are none.

use smol_str::{SmolStr, format_smolstr};

use super::value::Value;

/// The answer of the function `name`.
pub(super) fn call(name: &str, arguments: &[Option<Value>]) -> Option<Value> {
    let text = |at: usize| arguments.get(at)?.as_ref()?.written();
    match (name, arguments) {
        ("default", [fallback, value]) => match value.as_ref()? {
            value if value.is_true() => Some(value.clone()),
            _ => fallback.clone(),
        },
        ("coalesce", values) => first(values, true).unwrap_or(Some(Value::Nothing)),
        ("or", values) => first(values, true).unwrap_or_else(|| values.last().cloned().flatten()),
        ("and", values) => first(values, false).unwrap_or_else(|| values.last().cloned().flatten()),
        ("not", [value]) => Some(Value::Bool(!value.as_ref()?.is_true())),
        ("empty", [value]) => Some(Value::Bool(!value.as_ref()?.is_true())),
        ("ne", [one, two]) => Some(Value::Bool(!one.as_ref()?.equals(two.as_ref()?)?)),
        ("eq", [one, others @ ..]) => {
            let one = one.as_ref()?;
            let mut answers = others.iter().map(|other| one.equals(other.as_ref()?));
            if answers.clone().any(|answer| answer == Some(true)) {
                return Some(Value::Bool(true));
            }
            answers.all(|answer| answer == Some(false)).then_some(Value::Bool(false))
        }
        ("ternary", [yes, no, test]) => if test.as_ref()?.is_true() { yes } else { no }.clone(),
        ("hasKey", [map, key]) => {
            let (Some(Value::Tree(node)), Some(Value::Text(key))) = (map, key) else { return None };
            Some(Value::Bool(node.as_mapping()?.entry(key).is_some()))
        }
        ("required", [_, value]) => value.clone(),
        ("quote", [_]) => Some(Value::Text(format_smolstr!("\"{}\"", plain(text(0)?, '"')?))),
        ("squote", [_]) => Some(Value::Text(format_smolstr!("'{}'", plain(text(0)?, '\'')?))),
        ("toString", [_]) => Some(Value::Text(text(0)?)),
        ("int" | "int64", [_]) => Some(Value::Number(text(0)?.parse::<i64>().ok()?.to_string().into())),
        ("lower", [_]) => Some(Value::Text(text(0)?.to_lowercase().into())),
        ("upper", [_]) => Some(Value::Text(text(0)?.to_uppercase().into())),
        ("trim", [_]) => Some(Value::Text(text(0)?.trim().into())),
        ("trimSuffix", [_, _]) => {
            let (suffix, text) = (text(0)?, text(1)?);
            Some(Value::Text(text.strip_suffix(suffix.as_str()).unwrap_or(&text).into()))
        }
        ("trunc", [_, _]) => {
            let (length, text) = (text(0)?.parse::<usize>().ok()?, text(1)?);
            Some(Value::Text(text.chars().take(length).collect()))
        }
        ("tpl", [_, _]) => text(0).filter(|text| !text.contains("{{")).map(Value::Text),
        ("printf", [_, values @ ..]) => printf(&text(0)?, values),
        _ => None,
    }
}

/// The first value that counts as `wanted`; not known where one before it is not. None where no value does.
fn first(values: &[Option<Value>], wanted: bool) -> Option<Option<Value>> {
    let known = values.iter().flatten().find(|value| value.is_true() == wanted);
    match (values.iter().all(Option::is_some), known) {
        (true, found) => found.cloned().map(Some),
        // `and` of something false is false, whatever stands beside it.
        (false, Some(_)) if !wanted => Some(Some(Value::Bool(false))),
        (false, _) => Some(None),
    }
}

/// `text`, if it stays as it is between such quotes.
fn plain(text: SmolStr, quote: char) -> Option<SmolStr> {
    (!text.contains([quote, '\\', '\n'])).then_some(text)
}

/// `%s`, `%d` and `%v` in `format` filled in.
fn printf(format: &str, values: &[Option<Value>]) -> Option<Value> {
    let mut parts = format.split('%');
    let mut out = parts.next().unwrap_or("").to_owned();
    let mut values = values.iter();
    for part in parts {
        out.push_str(&values.next()?.as_ref()?.written()?);
        out.push_str(part.strip_prefix(['s', 'd', 'v'])?);
    }
    values.next().is_none().then(|| Value::Text(out.into()))
}
