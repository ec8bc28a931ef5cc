//! The table of messages.
//!
//! ```text
//! @PACKAGE
//! MESSAGE FIELD:TYPE FIELD:TYPE...
//! ENUM = VALUE VALUE...
//! ```
//!
//! `TYPE` is a letter (`b` bool, `s` string, `y` bytes, `f` number, `i` `I` `u` `U` whole numbers of 32 and 64 bits with and without
//! sign, `d` duration, `t` time, `A` anything with an `@type`, `S` an object, `V` any value, `L` a list) or a name: `.NAME` in the
//! package, `~` for `envoy.`. `*TYPE` is a list, `%TYPE` a map. Of the fields with the same `/NUMBER` one is set.

use std::collections::HashMap;
use std::sync::LazyLock;

const TABLE: &str = include_str!("messages.txt");

/// Messages and enums by their full names: the package, and the line behind the name.
static TYPES: LazyLock<HashMap<String, (&'static str, &'static str)>> = LazyLock::new(|| {
    let mut package = "";
    let mut types = HashMap::new();
    for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix('@') {
            package = name;
        } else {
            let (name, rest) = line.split_once(' ').unwrap_or((line, ""));
            types.insert(format!("{package}.{name}"), (package, rest));
        }
    }
    types
});

/// What a name stands for.
#[derive(Clone, Copy)]
pub(super) enum Declared {
    Message(Message),
    /// The names of the values.
    Enum(&'static str),
}

/// What is declared under a full name.
pub(super) fn declared(name: &str) -> Option<Declared> {
    let (package, line) = *TYPES.get(name)?;
    Some(match line.strip_prefix("= ") {
        Some(values) => Declared::Enum(values),
        None => Declared::Message(Message { package, line }),
    })
}

/// The full names of messages.
pub(super) fn messages() -> impl Iterator<Item = &'static str> {
    TYPES.iter().filter(|(_, (_, line))| !line.starts_with("= ")).map(|(name, _)| name.as_str())
}

/// A message.
#[derive(Clone, Copy)]
pub(super) struct Message {
    package: &'static str,
    line: &'static str,
}

impl Message {
    pub(super) fn fields(self) -> impl Iterator<Item = Field> {
        let fields = self.line.split(' ').filter_map(|field| field.split_once(':'));
        fields.map(move |(name, value)| {
            let (value, choice) = value.split_once('/').map_or((value, None), |(value, choice)| (value, Some(choice)));
            Field { name, value: Type { package: self.package, text: value }, choice }
        })
    }

    /// The field that JSON calls `key`: by its name in protobuf, or by that in camel case.
    pub(super) fn field(self, key: &str) -> Option<Field> {
        self.fields().find(|field| field.name == key || field.json_name() == key)
    }
}

/// A field of a message.
#[derive(Clone, Copy)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) value: Type,
    /// Of the fields with the same choice one is set.
    pub(super) choice: Option<&'static str>,
}

impl Field {
    /// Its name in camel case.
    pub(super) fn json_name(&self) -> String {
        let mut is_first = false;
        let name = self.name.chars().filter_map(|c| {
            let upper = std::mem::replace(&mut is_first, c == '_');
            (c != '_').then_some(if upper { c.to_ascii_uppercase() } else { c })
        });
        name.collect()
    }
}

/// The type of a field.
#[derive(Clone, Copy)]
pub(super) struct Type {
    package: &'static str,
    text: &'static str,
}

/// How a type is read.
pub(super) enum Form {
    List(Type),
    Map(Type),
    Letter(char),
    Named(Declared),
    Unknown,
}

impl Type {
    pub(super) fn form(self) -> Form {
        let inner = |text| Type { text, ..self };
        let mut chars = self.text.chars();
        match (chars.next(), chars.as_str()) {
            (Some('*'), rest) => Form::List(inner(rest)),
            (Some('%'), rest) => Form::Map(inner(rest)),
            (Some(letter), "") => Form::Letter(letter),
            (Some('.'), rest) => declared(&format!("{}.{rest}", self.package)).map_or(Form::Unknown, Form::Named),
            (Some('~'), rest) => declared(&format!("envoy.{rest}")).map_or(Form::Unknown, Form::Named),
            _ => declared(self.text).map_or(Form::Unknown, Form::Named),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Form, TYPES, declared, messages};

    #[test]
    fn every_type_of_every_field_is_declared() {
        for name in messages() {
            let Some(super::Declared::Message(message)) = declared(name) else { panic!("{name}") };
            for field in message.fields() {
                let inner = match field.value.form() {
                    Form::List(inner) | Form::Map(inner) => inner.form(),
                    form => form,
                };
                let is_known = match inner {
                    Form::Letter(letter) => "bsyfiIuUdtASVL".contains(letter),
                    Form::Named(_) => true,
                    _ => false,
                };
                assert!(is_known, "{name}.{}", field.name);
            }
        }
        assert!(TYPES.len() > 1000);
    }
}
