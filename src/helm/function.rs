//! The functions of templates that are understood. Arguments and answers that are not known are none.

use std::cmp::Ordering;

use smol_str::format_smolstr;

use super::value::Value;
use super::{strings, yaml_text};

/// The answer of the function `name`.
pub(super) fn call(name: &str, arguments: &[Option<Value>]) -> Option<Value> {
    if let Some(laid_out) = strings::laid_out(name, arguments) {
        return laid_out;
    }
    // Of a text that is known in part nothing else is known.
    let known = |value: &Option<Value>| value.clone().filter(|value| !matches!(value, Value::Part(_)));
    let arguments: Vec<Option<Value>> = arguments.iter().map(known).collect();
    let number = |at: usize| strings::number(arguments.get(at)?.as_ref()?);
    match (name, arguments.as_slice()) {
        ("default", [fallback, value]) => match value.as_ref()? {
            value if value.truth()? => Some(value.clone()),
            _ => fallback.clone(),
        },
        ("coalesce", values) => first(values, true).unwrap_or(Some(Value::Nothing)),
        ("or", values) => first(values, true).unwrap_or_else(|| values.last().cloned().flatten()),
        ("and", values) => first(values, false).unwrap_or_else(|| values.last().cloned().flatten()),
        ("not" | "empty", [value]) => Some(Value::Bool(!value.as_ref()?.truth()?)),
        ("ne", [one, two]) => Some(Value::Bool(!one.as_ref()?.equals(two.as_ref()?)?)),
        ("eq", [one, others @ ..]) => is_among(one.as_ref()?, others).map(Value::Bool),
        ("has", [one, list]) => is_among(one.as_ref()?, &list.as_ref()?.items()?).map(Value::Bool),
        ("gt" | "lt" | "ge" | "le", [one, two]) => {
            let order = one.as_ref()?.compared(two.as_ref()?)?;
            Some(Value::Bool(match name {
                "gt" => order == Ordering::Greater,
                "lt" => order == Ordering::Less,
                "ge" => order != Ordering::Less,
                _ => order != Ordering::Greater,
            }))
        }
        ("ternary", [yes, no, test]) => if test.as_ref()?.truth()? { yes } else { no }.clone(),
        ("required", [_, value]) => value.clone(),
        ("int" | "int64", [_]) => Some(whole(number(0)?)),
        ("add", [_, _]) => number(0)?.checked_add(number(1)?).map(whole),
        ("sub", [_, _]) => number(0)?.checked_sub(number(1)?).map(whole),
        ("mul", [_, _]) => number(0)?.checked_mul(number(1)?).map(whole),
        ("add1", [_]) => number(0)?.checked_add(1).map(whole),
        ("len", [value]) => match value.as_ref()? {
            Value::Text(text) => Some(text.len()),
            value => value.len(),
        }
        .and_then(|length| i64::try_from(length).ok())
        .map(whole),
        ("hasKey", [Some(map), Some(Value::Text(key))]) => {
            Some(Value::Bool(map.entries()?.iter().any(|(known, _)| known == key)))
        }
        ("get", [Some(map), Some(Value::Text(key))]) => match map.field(key)? {
            Value::Nothing => Some(Value::Text("".into())),
            value => Some(value),
        },
        ("index", [value, path @ ..]) => {
            path.iter().try_fold(value.clone()?, |value, at| at_index(&value, at.as_ref()?))
        }
        ("first", [list]) => list.as_ref()?.items()?.first()?.clone(),
        ("last", [list]) => list.as_ref()?.items()?.last()?.clone(),
        ("list" | "tuple", items) => Value::list(items.to_vec()),
        ("dict", pairs) => dict(pairs),
        ("deepCopy", [value]) => value.clone(),
        ("kindIs", [Some(Value::Text(kind)), value]) => is_kind(value.as_ref()?, kind).map(Value::Bool),
        ("toYaml", [value]) => {
            value.as_ref().filter(|value| is_given(value)).and_then(yaml_text::block).map(Value::Text)
        }
        ("toJson", [value]) => {
            value.as_ref().filter(|value| is_given(value)).and_then(yaml_text::flow).map(Value::Text)
        }
        (_, arguments) => strings::call(name, arguments),
    }
}

fn whole(number: i64) -> Value {
    Value::Number(format_smolstr!("{number}"))
}

/// Somebody has still to give what is empty.
fn is_given(value: &Value) -> bool {
    value.truth() == Some(true) || matches!(value, Value::Bool(_) | Value::Number(_))
}

/// One of `others` is the same as `one`.
fn is_among(one: &Value, others: &[Option<Value>]) -> Option<bool> {
    let mut answers = others.iter().map(|other| one.equals(other.as_ref()?));
    if answers.clone().any(|answer| answer == Some(true)) {
        return Some(true);
    }
    answers.all(|answer| answer == Some(false)).then_some(false)
}

/// The first value that counts as `wanted`; not known where one before it is not. None where no value does.
fn first(values: &[Option<Value>], wanted: bool) -> Option<Option<Value>> {
    let known = values.iter().flatten().find(|value| value.truth() == Some(wanted));
    match (values.iter().all(|value| value.as_ref().is_some_and(|value| value.truth().is_some())), known) {
        (true, found) => found.cloned().map(Some),
        // `and` of something false is false, whatever stands beside it.
        (false, Some(_)) if !wanted => Some(Some(Value::Bool(false))),
        (false, _) => Some(None),
    }
}

fn at_index(value: &Value, at: &Value) -> Option<Value> {
    match at {
        Value::Text(key) => value.field(key),
        Value::Number(number) => value.items()?.get(number.parse::<usize>().ok()?)?.clone(),
        _ => None,
    }
}

/// A map of keys and values in turn.
fn dict(pairs: &[Option<Value>]) -> Option<Value> {
    let mut entries = Vec::new();
    for pair in pairs.chunks(2) {
        let [Some(Value::Text(key)), value] = pair else { return None };
        entries.retain(|(known, _)| known != key);
        entries.push((key.clone(), value.clone()));
    }
    Value::map(entries)
}

/// The value is of a kind, in Go's words.
fn is_kind(value: &Value, kind: &str) -> Option<bool> {
    Some(match value {
        Value::Nothing => kind == "invalid",
        Value::Bool(_) => kind == "bool",
        Value::Text(_) => kind == "string",
        // Whether a number is whole hangs on where it comes from.
        Value::Number(_) if matches!(kind, "float64" | "int" | "int64") => return None,
        Value::Number(_) => false,
        _ if value.items().is_some() => kind == "slice",
        _ if value.entries().is_some() => kind == "map",
        _ => return None,
    })
}
