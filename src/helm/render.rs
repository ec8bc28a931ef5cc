//! What a template that others include writes.

use smol_str::SmolStr;

use super::define::Piece;
use super::scope::{Scope, declaration};
use super::value::{UNKNOWN, Value};

/// Nobody reads more of one template.
const LONGEST: usize = 1 << 16;

/// What the template `name` writes with `dot`.
pub(super) fn include(name: &str, dot: Option<Value>, scope: &Scope<'_>) -> Option<Value> {
    let body = scope.release.defines.body(name)?;
    let mut scope = scope.within(dot, &body.changed)?;
    let mut out = String::new();
    write(&body.pieces, &mut scope, &mut out)?;
    Some(Value::of_text(SmolStr::from(out)))
}

/// Writes `pieces`; none where it is not known which of them are there.
fn write(pieces: &[Piece], scope: &mut Scope<'_>, out: &mut String) -> Option<()> {
    let mark = scope.mark();
    for piece in pieces {
        scope.work.step()?;
        match piece {
            Piece::Text(text) => out.push_str(text),
            Piece::Assign(words) => scope.assign(words),
            Piece::Write(words) if matches!(words.as_str(), "break" | "continue") => return None,
            Piece::Write(words) => {
                let value = scope.value(words);
                // What an include leaves empty is known to be so.
                let is_nothing = matches!(&value, Some(Value::Text(text)) if text.is_empty() && is_included(words));
                match value.and_then(|value| value.written_in_part()) {
                    Some(text) => out.push_str(&text),
                    None if is_nothing => {}
                    None => out.push(UNKNOWN),
                }
            }
            Piece::Block(branches) => block(branches, scope, out)?,
            Piece::Unreadable => return None,
        }
        if out.len() > LONGEST {
            return None;
        }
    }
    scope.back_to(mark);
    Some(())
}

fn is_included(words: &str) -> bool {
    words.starts_with("include") || words.starts_with("template")
}

/// Writes the first branch that is there.
fn block(branches: &[(SmolStr, Vec<Piece>)], scope: &mut Scope<'_>, out: &mut String) -> Option<()> {
    for (words, pieces) in branches {
        let (verb, subject) = words.split_once(char::is_whitespace).unwrap_or((words, ""));
        if verb.is_empty() {
            return write(pieces, scope, out);
        }
        let (names, expression) = declaration(subject.trim());
        let value = scope.value(expression)?;
        if !value.truth()? {
            continue;
        }
        let (mark, dot) = (scope.mark(), scope.dot.clone());
        match (verb, names.as_slice()) {
            ("if" | "with", names) => {
                names.iter().for_each(|name| scope.declare(name, Some(value.clone())));
                if verb == "with" {
                    scope.dot = Some(value);
                }
                write(pieces, scope, out)?;
            }
            ("range", names) => {
                for (key, value) in rounds(&value)? {
                    scope.bind(names, Some(key), value.clone());
                    scope.dot = value;
                    write(pieces, scope, out)?;
                    scope.back_to(mark);
                }
            }
            _ => return None,
        }
        scope.back_to(mark);
        scope.dot = dot;
        return Some(());
    }
    Some(())
}

/// What `range` goes through: keys or numbers, and values.
pub(super) fn rounds(value: &Value) -> Option<Vec<(Value, Option<Value>)>> {
    if let Some(entries) = value.entries() {
        return Some(entries.into_iter().map(|(key, value)| (Value::Text(key), value)).collect());
    }
    let numbered = value.items()?.into_iter().enumerate();
    Some(numbered.map(|(number, item)| (Value::Number(smol_str::format_smolstr!("{number}")), item)).collect())
}
