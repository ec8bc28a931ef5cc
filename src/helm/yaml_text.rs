//! A value as YAML or JSON, as `toYaml` and `toJson` write it.

use std::fmt::Write;

use smol_str::SmolStr;

use super::value::{Value, number};
use crate::yaml::{Resolved, Scalar, ScalarStyle};

/// Nobody reads more of one value.
const LONGEST: usize = 1 << 16;

/// Nor deeper.
const DEEPEST: usize = 32;

/// `value` in block style; none where some of it is not known.
pub(super) fn block(value: &Value) -> Option<SmolStr> {
    let mut out = String::new();
    lines(value, 0, &mut out)?;
    Some(out.into())
}

/// `value` in flow style, as JSON; none where some of it is not known.
pub(super) fn flow(value: &Value) -> Option<SmolStr> {
    let mut out = String::new();
    json(value, 0, &mut out)?;
    Some(out.into())
}

/// Writes `value` where something stands before it on its line, as the `depth`th level.
fn lines(value: &Value, depth: usize, out: &mut String) -> Option<()> {
    if depth > DEEPEST || out.len() > LONGEST {
        return None;
    }
    let indent = |out: &mut String, number: usize| {
        if number > 0 {
            out.push('\n');
            out.extend(std::iter::repeat_n("  ", depth));
        }
    };
    if let Some(entries) = value.entries().filter(|entries| !entries.is_empty()) {
        for (number, (key, value)) in entries.into_iter().enumerate() {
            let value = value?;
            indent(out, number);
            out.push_str(&scalar(&Value::Text(key))?);
            out.push(':');
            match value.len().is_some_and(|length| length > 0) {
                true => indented(&value, depth, out)?,
                false => {
                    out.push(' ');
                    lines(&value, depth, out)?;
                }
            }
        }
    } else if let Some(items) = value.items().filter(|items| !items.is_empty()) {
        for (number, item) in items.into_iter().enumerate() {
            indent(out, number);
            out.push_str("- ");
            lines(&item?, depth + 1, out)?;
        }
    } else {
        out.push_str(&scalar(value)?);
    }
    Some(())
}

/// Writes a collection below its key.
fn indented(value: &Value, depth: usize, out: &mut String) -> Option<()> {
    // Go leaves the dashes of a list below its key.
    let depth = if value.items().is_some() { depth } else { depth + 1 };
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", depth));
    lines(value, depth, out)
}

/// What stands for a value on one line.
fn scalar(value: &Value) -> Option<SmolStr> {
    Some(match value {
        Value::Text(text) if is_plain(text) => text.clone(),
        Value::Text(text) if text.contains(char::is_control) => quoted(text)?,
        Value::Text(text) => smol_str::format_smolstr!("'{}'", text.replace('\'', "''")),
        _ => return flow(value),
    })
}

fn is_plain(text: &str) -> bool {
    let scalar = Scalar { text: text.into(), style: ScalarStyle::Plain, tag: None };
    let is_safe = |letter: char| letter.is_ascii_alphanumeric() || " _./-:@+=".contains(letter);
    text.starts_with(|first: char| first.is_ascii_alphanumeric() || first == '/')
        && text.chars().all(is_safe)
        && !text.contains(": ")
        && !text.ends_with([':', ' '])
        && scalar.resolve() == Resolved::String
}

fn json(value: &Value, depth: usize, out: &mut String) -> Option<()> {
    if depth > DEEPEST || out.len() > LONGEST {
        return None;
    }
    if let Some(entries) = value.entries() {
        out.push('{');
        for (place, (key, value)) in entries.into_iter().enumerate() {
            out.push_str(if place > 0 { "," } else { "" });
            out.push_str(&quoted(&key)?);
            out.push(':');
            json(&value?, depth + 1, out)?;
        }
        out.push('}');
    } else if let Some(items) = value.items() {
        out.push('[');
        for (place, item) in items.into_iter().enumerate() {
            out.push_str(if place > 0 { "," } else { "" });
            json(&item?, depth + 1, out)?;
        }
        out.push(']');
    } else {
        match value {
            Value::Nothing => out.push_str("null"),
            Value::Bool(value) => write!(out, "{value}").ok()?,
            // Beyond these JSON has exponents or loses digits.
            Value::Number(text) => out.push_str(&number(text, 1e-5..1e15)?),
            Value::Text(text) => out.push_str(&quoted(text)?),
            _ => return None,
        }
    }
    Some(())
}

fn quoted(text: &str) -> Option<SmolStr> {
    serde_json::to_string(text).ok().map(SmolStr::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml;

    #[test]
    fn what_is_written_is_read_back_as_the_same() {
        let text = "{b: [1, {c: 'x: y', d: ''}, [], [[a]]], a: 'on', e: \"l\\n'q'\", f: {}, g: 1.50, h: 'it''s #', i: null, k: true}";
        let tree = |text: &str| Value::of(&yaml::parse(text.into()).root.unwrap()).unwrap();
        let value = tree(text);
        let block = block(&value).unwrap();
        assert_eq!(
            block,
            "a: 'on'\nb:\n- 1\n- c: 'x: y'\n  d: ''\n- []\n- - - a\ne: \"l\\n'q'\"\nf: {}\ng: 1.5\nh: 'it''s #'\ni: null\nk: true"
        );
        assert_eq!(flow(&tree(&block)), flow(&value));
        assert_eq!(flow(&tree(&flow(&value).unwrap())), flow(&value));
    }
}
