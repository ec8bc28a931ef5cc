//! Reads the text of the tables.
//!
//! ```text
//! # A comment.
//! kind GROUP KIND: TYPE[!] served=VERSIONS [old=VERSIONS] [gone=VERSIONS] [since=VERSION:RELEASE,...]     TYPE is that of `spec`, `!` if required
//! scalar NAME = BASE [LIMIT]...                                               a single value with limits
//! enum NAME [integer]
//!   VALUE [deprecated=VALUE] [since=RELEASE] [-- What it does.]
//! type NAME
//!   at most one: FIELD FIELD...                                               or exactly one, at least one, chosen by X
//!   FIELD[!]: TYPE [LIMIT]... [default=VALUE] [deprecated[=PATH]] [since=RELEASE] [@VERSIONS] -- What it does.
//! ```
//!
//! `TYPE` is `string`, `integer`, `number`, `boolean`, `any`, `object`, a name, `[TYPE]` for a list or `{TYPE}` for a map.
//! Limits: `min=`, `max=`, `length=A..B`, `format=NAME` of the single value, `items=A..B` of the list, `entries=A..B`
//! of the map; `unique` or `unique=FIELDS` says that the items of a list must differ, or that these fields must. `!` marks what is required. Versions are joined by commas; names may be used before they are declared.
//! `since` is the first release of Istio, from 1.11 on, whose API has it (the CRDs of its release branches tell).

use std::collections::HashMap;
use std::sync::Arc;

use super::model::{Choice, Count, Field, Group, KindSchema, Limits, Object, Scalar, Type, Types, Value, Version};
use super::{Format, format};

/// The kinds of all `tables`, which share their names.
///
/// # Errors
/// The line that cannot be read.
pub(super) fn read(tables: &[&'static str]) -> Result<Vec<KindSchema>, String> {
    let mut reader = Reader::default();
    for line in tables.iter().flat_map(|table| table.lines()) {
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let (code, doc) = line.split_once(" -- ").unwrap_or((line, ""));
        if code.starts_with(' ') {
            let lines = reader.lines.last_mut().ok_or_else(|| format!("nothing is declared above `{line}`"))?;
            lines.1.push((code.trim(), doc));
        } else {
            reader.lines.push((code, Vec::new()));
        }
    }
    reader.kinds()
}

/// A declaration, and its lines with their docs.
type Declaration = (&'static str, Vec<(&'static str, &'static str)>);

#[derive(Default)]
struct Reader {
    lines: Vec<Declaration>,
    types: Types,
}

impl Reader {
    fn kinds(mut self) -> Result<Vec<KindSchema>, String> {
        let named = |word: &str, declaration: &Declaration| declaration.0.starts_with(word);
        let kinds: Vec<_> = self.lines.extract_if(.., |declaration| named("kind ", declaration)).collect();
        kinds.iter().map(|(line, _)| self.kind(line).ok_or_else(|| format!("cannot be read: `{line}`"))).collect()
    }

    fn kind(&mut self, line: &'static str) -> Option<KindSchema> {
        let (head, rest) = line.strip_prefix("kind ")?.split_once(": ")?;
        let (group, kind) = head.split_once(' ')?;
        let mut words = rest.split(' ');
        let spec = words.next()?;
        let settings: HashMap<&str, &'static str> = words.map(|word| word.split_once('=')).collect::<Option<_>>()?;
        let listed = |word: &str| settings.get(word).into_iter().flat_map(|versions| versions.split(','));
        let since = |name| listed("since").filter_map(|of| of.split_once(':')).find(|(of, _)| *of == name);
        let version = |name, is_served| {
            let is_old = listed("old").any(|old| old == name);
            Version { name, is_served, is_old, since: since(name).map(|(_, release)| release) }
        };
        let served = listed("served").map(|name| version(name, true));
        let versions = served.chain(listed("gone").map(|name| version(name, false))).collect();
        let value = self.named(spec.trim_end_matches('!'))?;
        let mut root = self.object("Resource")?;
        let field = root.fields.iter_mut().find(|field| field.name == "spec")?;
        (field.required, field.value) = (spec.ends_with('!'), value);
        Some(KindSchema { group, kind, versions, root: Type::Object(Arc::new(root)) })
    }

    /// The type of this name.
    fn named(&mut self, name: &'static str) -> Option<Type> {
        let plain = |scalar| Some(Type::Scalar(Arc::new(Limits { scalar, ..Limits::default() })));
        match name {
            "any" => return Some(Type::Any),
            "object" => return Some(Type::Open),
            "string" => return plain(Scalar::String),
            "integer" => return plain(Scalar::Integer),
            "number" => return plain(Scalar::Number),
            "boolean" => return plain(Scalar::Boolean),
            _ => {}
        }
        if let Some(known) = self.types.get(name) {
            return Some(known.clone());
        }
        let declared = |word: &str| {
            let is = |(head, _): &&Declaration| {
                head.strip_prefix(word).is_some_and(|rest| rest.split(' ').next() == Some(name))
            };
            self.lines.iter().find(is).cloned()
        };
        let found = if let Some((head, _)) = declared("scalar ") {
            let (_, rest) = head.split_once(" = ")?;
            let mut words = rest.split(' ');
            let mut value = self.value(words.next()?)?;
            words.try_for_each(|word| limit(&mut value, word))?;
            value
        } else if let Some((head, lines)) = declared("enum ") {
            let scalar = if head.ends_with(" integer") { Scalar::Integer } else { Scalar::String };
            let values = lines.iter().map(|(code, doc)| {
                let word = |name| code.split(' ').find_map(|word| word.strip_prefix(name)?.strip_prefix('='));
                let text = code.split(' ').next().unwrap_or(code);
                Value { text, doc, deprecated: word("deprecated"), since: word("since") }
            });
            Type::Scalar(Arc::new(Limits { scalar, values: values.collect(), ..Limits::default() }))
        } else {
            Type::Object(Arc::new(self.object(name)?))
        };
        self.types.insert(name, found.clone());
        Some(found)
    }

    fn object(&mut self, name: &'static str) -> Option<Object> {
        let (_, lines) = self.lines.iter().find(|(head, _)| head.strip_prefix("type ") == Some(name))?.clone();
        let mut object = Object { name, fields: Vec::new(), groups: Vec::new() };
        for (code, doc) in lines {
            let (head, rest) = code.split_once(": ")?;
            if head.contains(' ') {
                object.groups.push(Group { choice: choice(head)?, fields: rest.split(' ').collect() });
            } else {
                object.fields.push(self.field(head, rest, doc)?);
            }
        }
        Some(object)
    }

    fn field(&mut self, head: &'static str, rest: &'static str, doc: &'static str) -> Option<Field> {
        let mut words = rest.split(' ');
        let mut field = Field {
            name: head.trim_end_matches('!'),
            doc,
            required: head.ends_with('!'),
            deprecated: None,
            since: None,
            default: None,
            versions: Vec::new(),
            value: self.value(words.next()?)?,
        };
        for word in words {
            match word.split_once('=').unwrap_or((word, "")) {
                ("default", value) => field.default = Some(value),
                ("deprecated", instead) => field.deprecated = Some(instead),
                ("since", release) => field.since = Some(release),
                _ if word.starts_with('@') => field.versions = word.trim_start_matches('@').split(',').collect(),
                _ => limit(&mut field.value, word)?,
            }
        }
        Some(field)
    }

    /// A type as written: a name, or a list or map of one.
    fn value(&mut self, text: &'static str) -> Option<Type> {
        let inside = |open, close| text.strip_prefix(open).and_then(|text: &str| text.strip_suffix(close));
        if let Some(items) = inside('[', ']') {
            return Some(Type::List(Box::new(self.value(items)?), Count::default()));
        }
        match inside('{', '}') {
            Some(values) => Some(Type::Map(Box::new(self.value(values)?), Count::default())),
            None => self.named(text),
        }
    }
}

fn choice(text: &'static str) -> Option<Choice> {
    match text {
        "at most one" => Some(Choice::AtMostOne),
        "exactly one" => Some(Choice::ExactlyOne),
        "at least one" => Some(Choice::AtLeastOne),
        _ => Some(Choice::ChosenBy(text.strip_prefix("chosen by ")?)),
    }
}

/// Puts the limit that `word` says on `value`.
fn limit(value: &mut Type, word: &'static str) -> Option<()> {
    let (name, bound) = word.split_once('=').unwrap_or((word, ""));
    match (name, value) {
        ("items", Type::List(_, limits)) | ("entries", Type::Map(_, limits)) => {
            *limits = Count { unique: limits.unique, ..count(bound)? };
        }
        ("unique", Type::List(_, limits)) => limits.unique = Some(bound),
        ("items" | "entries" | "unique", _) => return None,
        (_, Type::List(inner, _) | Type::Map(inner, _)) => return limit(inner, word),
        (_, Type::Scalar(limits)) => {
            let limits = Arc::make_mut(limits);
            match name {
                "min" => limits.min = Some(bound.parse().ok()?),
                "max" => limits.max = Some(bound.parse().ok()?),
                "length" => limits.length = count(bound)?,
                "format" => limits.format = Some(format_of(bound)?),
                _ => return None,
            }
        }
        _ => return None,
    }
    Some(())
}

fn format_of(name: &str) -> Option<&'static Format> {
    format::FORMATS.iter().find(|format| format.name == name)
}

/// `1..16`, `..16` or `1..`.
fn count(text: &str) -> Option<Count> {
    let (least, most) = text.split_once("..")?;
    let number = |text: &str| if text.is_empty() { Some(None) } else { text.parse().ok().map(Some) };
    Some(Count { least: number(least)?.unwrap_or(0), most: number(most)?, unique: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_read_is_named() {
        let common = "type Resource\n  spec: any -- S.\ntype A\n  b: [string] items=..2 -- B.\n";
        let kind = "kind g K: A! served=v2,v1 old=v1\n";
        assert!(read(&[common, kind]).is_ok_and(|kinds| kinds.len() == 1));
        for wrong in
            ["type A\n  b: Unknown -- B.\n", "type A\n  b: string items=..2 -- B.\n", "type A\n  b string -- B.\n"]
        {
            let text: &'static str = format!("type Resource\n  spec: any -- S.\n{wrong}{kind}").leak();
            assert_eq!(read(&[text]).err(), Some(format!("cannot be read: `{}`", kind.trim_end())), "{wrong}");
        }
    }
}
