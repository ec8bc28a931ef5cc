//! Values that edits write, and how they are written.

use super::super::scalar::Resolved;
use super::super::tree::{Scalar, ScalarStyle};

/// A value to be written into a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Literal {
    /// A flag.
    Bool(bool),
    /// A number.
    Int(i64),
    /// A text; it is quoted where it would not be read as one.
    Text(String),
    /// Keys with values.
    Map(Vec<(String, Literal)>),
    /// A list.
    List(Vec<Literal>),
}

/// How a document is written, and what is added to it shall be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Layout {
    /// Columns from a mapping's keys to those of a mapping under one of them.
    pub(super) step: usize,
    /// Columns from a key to the dashes of a list under it.
    pub(super) dash: usize,
    /// Keys and texts are always in double quotes.
    pub(super) json: bool,
    /// How lines end.
    pub(super) line_end: &'static str,
}

impl Literal {
    /// A mapping of `entries`.
    #[must_use]
    pub fn map<K: Into<String>, V: Into<Literal>>(entries: impl IntoIterator<Item = (K, V)>) -> Self {
        Self::Map(entries.into_iter().map(|(key, value)| (key.into(), value.into())).collect())
    }

    /// A list of `items`.
    #[must_use]
    pub fn list<V: Into<Literal>>(items: impl IntoIterator<Item = V>) -> Self {
        Self::List(items.into_iter().map(Into::into).collect())
    }

    /// It takes lines of its own in block style.
    pub(super) fn is_nested(&self) -> bool {
        match self {
            Self::Map(entries) => !entries.is_empty(),
            Self::List(items) => !items.is_empty(),
            _ => false,
        }
    }

    /// In one line, as a value inside brackets if `flow`.
    pub(super) fn inline(&self, flow: bool, layout: Layout) -> String {
        match self {
            Self::Bool(flag) => flag.to_string(),
            Self::Int(number) => number.to_string(),
            Self::Text(text) => written(text, flow, layout),
            Self::Map(entries) => {
                let entries = entries
                    .iter()
                    .map(|(key, value)| format!("{}: {}", written(key, true, layout), value.inline(true, layout)));
                format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
            }
            Self::List(items) => {
                let items = items.iter().map(|item| item.inline(true, layout));
                format!("[{}]", items.collect::<Vec<_>>().join(", "))
            }
        }
    }

    /// In lines of their own, the first without indentation, the others at `column`; no line end at the end.
    pub(super) fn block(&self, column: usize, layout: Layout) -> String {
        let lines: Vec<String> = match self {
            Self::Map(entries) if !entries.is_empty() => {
                entries.iter().map(|(key, value)| value.under(key, column, layout)).collect()
            }
            Self::List(items) if !items.is_empty() => {
                items.iter().map(|item| format!("- {}", item.block(column + 2, layout))).collect()
            }
            _ => vec![self.inline(false, layout)],
        };
        lines.join(&format!("{}{}", layout.line_end, " ".repeat(column)))
    }

    /// As the value of `key`, which stands at `column`.
    pub(super) fn under(&self, key: &str, column: usize, layout: Layout) -> String {
        format!("{}:{}", written(key, false, layout), self.behind_colon(column, layout))
    }

    /// What follows the colon of a key at `column`.
    pub(super) fn behind_colon(&self, column: usize, layout: Layout) -> String {
        let inner = column + if matches!(self, Self::List(_)) { layout.dash } else { layout.step };
        if self.is_nested() {
            format!("{}{}{}", layout.line_end, " ".repeat(inner), self.block(inner, layout))
        } else {
            format!(" {}", self.inline(false, layout))
        }
    }
}

impl From<&str> for Literal {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Literal {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<bool> for Literal {
    fn from(flag: bool) -> Self {
        Self::Bool(flag)
    }
}

impl From<i64> for Literal {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

/// `text` in quotes of the given kind; single quotes where they can hold it.
pub(super) fn quoted(text: &str, style: ScalarStyle) -> String {
    if style == ScalarStyle::SingleQuoted && !text.chars().any(|character| character.is_control()) {
        return format!("'{}'", text.replace('\'', "''"));
    }
    let mut out = String::from('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            // Of these YAML takes some for line ends, others it does not allow at all.
            '\0'..='\u{1F}' | '\u{7F}'..='\u{A0}' | '\u{2028}' | '\u{2029}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}' => {
                out.push_str(&format!("\\u{:04x}", u32::from(character)));
            }
            _ => out.push(character),
        }
    }
    out.push('"');
    out
}

/// `text` as a key or value: plain where that is read as the same text.
pub(super) fn written(text: &str, flow: bool, layout: Layout) -> String {
    if !layout.json && is_plain(text, flow) { text.to_owned() } else { quoted(text, ScalarStyle::DoubleQuoted) }
}

/// `text` without quotes is read as this very text.
fn is_plain(text: &str, flow: bool) -> bool {
    let scalar = Scalar { text: text.into(), style: ScalarStyle::Plain, tag: None };
    scalar.resolve() == Resolved::String
        && text == text.trim()
        && !text.starts_with([
            '-', '?', ':', ',', '[', ']', '{', '}', '#', '&', '*', '!', '|', '>', '\'', '"', '%', '@', '`', '=',
        ])
        && !["...", "<<"].iter().any(|word| text.starts_with(word))
        && !text.ends_with(':')
        && ![": ", " #", "{{"].iter().any(|part| text.contains(part))
        && !text.chars().any(|character| {
            character.is_control()
                || matches!(character, '\u{A0}' | '\u{2028}' | '\u{2029}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}')
        })
        && !(flow && text.contains([',', '[', ']', '{', '}', ':']))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAYOUT: Layout = Layout { step: 2, dash: 0, json: false, line_end: "\n" };

    #[test]
    fn texts_are_quoted_where_they_would_be_read_as_something_else() {
        for (text, out) in [
            ("SIMPLE", "SIMPLE"),
            ("*.a.b", "\"*.a.b\""),
            ("yes", "\"yes\""),
            ("8080", "\"8080\""),
            ("a: b", "\"a: b\""),
            ("", "\"\""),
            ("a\nb", "\"a\\nb\""),
            ("a,b", "a,b"),
        ] {
            assert_eq!(Literal::from(text).inline(false, LAYOUT), out);
        }
        assert_eq!(Literal::from("a,b").inline(true, LAYOUT), "\"a,b\"");
    }

    #[test]
    fn nested_values_follow_the_layout() {
        let value = Literal::map([
            ("hosts", Literal::list(["a"])),
            ("tls", Literal::map([("on", true)])),
            ("none", Literal::List(vec![])),
        ]);
        assert_eq!(value.block(2, LAYOUT), "hosts:\n  - a\n  tls:\n    \"on\": true\n  none: []");
        assert_eq!(
            value.block(0, Layout { step: 4, dash: 2, ..LAYOUT }),
            "hosts:\n  - a\ntls:\n    \"on\": true\nnone: []"
        );
        assert_eq!(value.inline(false, LAYOUT), "{hosts: [a], tls: {\"on\": true}, none: []}");
    }
}
