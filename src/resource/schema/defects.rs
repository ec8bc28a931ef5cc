//! Compares an object with the table of its kind.
//!
//! What is templated or stands for a value that comes later is taken as right, and an object that a template or a patch
//! completes, or that has no name, lacks nothing. One cause gives one defect: what a misspelt field was meant for is not also missing.

use std::collections::HashSet;

use super::model::{Choice, Count, Field, Group, KindSchema, Limits, Object, Scalar as ScalarType, Type};
use super::problem::{Defect, Found, Problem};
use crate::resource::placeholder;
use crate::text::{Span, only_near};
use crate::yaml::{Document, Entry, Mapping, Node, Resolved, Scalar, Value};

/// The defects of the object at `root` of `document`, as `table` has it in `version`, in the order of the text.
#[must_use]
pub fn defects(document: &Document, root: &Node, table: &'static KindSchema, version: &str) -> Vec<Defect> {
    let Some(value) = table.root(version) else { return Vec::new() };
    let is_named = root.get("metadata").is_some_and(|metadata| {
        metadata.templated || ["name", "generateName"].iter().any(|key| metadata.entry(key).is_some())
    });
    let is_part = !is_named || document.text.contains("$patch") || !document.errors.is_empty();
    let mut walk = Walk { document, version, is_part, path: String::new(), around: Vec::new(), defects: Vec::new() };
    walk.value(value, root);
    let mut defects = walk.defects;
    let is_mendable = |defect: &Defect| !document.errors.iter().any(|error| error.span.touches(defect.span.start()));
    defects.retain(is_mendable);
    defects.sort_by_key(|defect| defect.span);
    // What an anchor holds is met again at each of its aliases.
    defects.dedup_by(|left, right| {
        left.span == right.span && std::mem::discriminant(&left.problem) == std::mem::discriminant(&right.problem)
    });
    defects
}

struct Walk<'a> {
    document: &'a Document,
    version: &'a str,
    /// What is not there may come from elsewhere.
    is_part: bool,
    path: String,
    /// The objects around the place, with the length of the path to each.
    around: Vec<(&'static Object, usize)>,
    defects: Vec<Defect>,
}

impl Walk<'_> {
    fn report(&mut self, span: Span, problem: Problem) {
        self.defects.push(Defect { span, path: self.path.clone(), problem });
    }

    /// Looks at what stands below the step `step`.
    fn below(&mut self, step: &str, look: impl FnOnce(&mut Self)) {
        let length = self.path.len();
        if length > 0 && !step.starts_with('[') {
            self.path.push('.');
        }
        self.path.push_str(step);
        look(self);
        self.path.truncate(length);
    }

    fn value(&mut self, expected: &'static Type, node: &Node) {
        if node.templated {
            return;
        }
        match (expected, &node.value) {
            (_, Value::Scalar(scalar)) if placeholder::contains(&scalar.text) => {}
            (Type::Any, _) | (Type::Open, Value::Mapping(_)) => {}
            (Type::Object(object), Value::Mapping(mapping)) => self.object(object, mapping, node),
            (Type::Map(values, count), Value::Mapping(mapping)) => {
                self.count(*count, mapping.entries.len(), ("entry", "entries"), node);
                let entries = mapping.entries.iter().filter(|entry| !is_null(&entry.value) && is_known(entry));
                entries.for_each(|entry| self.below(&entry.key, |walk| walk.value(values, &entry.value)));
            }
            (Type::List(items, count), Value::Sequence(sequence)) => {
                self.count(*count, sequence.items.len(), ("item", "items"), node);
                count
                    .unique
                    .into_iter()
                    .flat_map(|keys| keys.split(','))
                    .for_each(|key| self.twins(key, &sequence.items));
                for (index, item) in sequence.items.iter().enumerate() {
                    self.below(&format!("[{index}]"), |walk| walk.value(items, item));
                }
            }
            (Type::Scalar(limits), Value::Scalar(scalar)) if self.scalar(limits, scalar, node.span) => {}
            _ => self.report(node.span, Problem::WrongType { expected, found: Found::of(node) }),
        }
    }

    fn count(&mut self, count: Count, number: usize, of: (&str, &str), node: &Node) {
        if !count.holds(number) && !self.is_open(node) {
            self.report(node.span, Problem::OutOfRange(range(count, of)));
        }
    }

    /// Reports items that are, or have in the field `key`, what an earlier one is or has.
    fn twins(&mut self, key: &'static str, items: &[Node]) {
        let mut seen = HashSet::new();
        for item in items {
            let node = if key.is_empty() { Some(item) } else { item.get(key) };
            let known = node.filter(|node| !node.templated && !is_null(node));
            let Some((node, scalar)) = known.and_then(|node| Some((node, node.as_scalar()?))) else { continue };
            if !placeholder::contains(&scalar.text) && !seen.insert(&scalar.text) && !self.document.templated {
                self.report(node.span, Problem::Duplicate(key));
            }
        }
    }

    /// What is not in the node may come from elsewhere.
    fn is_open(&self, node: &Node) -> bool {
        self.is_part || self.document.is_templated_in(node.span)
    }

    fn object(&mut self, object: &'static Object, mapping: &Mapping, node: &Node) {
        self.around.push((object, self.path.len()));
        let mut meant = Vec::new();
        for entry in mapping.entries.iter().filter(|entry| is_known(entry)) {
            match object.field(&entry.key, self.version) {
                Some(field) => self.below(&entry.key, |walk| walk.field(field, entry)),
                None => meant.extend(self.unknown(object, mapping, entry)),
            }
        }
        self.around.pop();
        if !self.is_open(node) {
            self.missing(object, mapping, node, &meant);
            object.groups.iter().for_each(|group| self.group(group, mapping, node, &meant));
        }
    }

    fn field(&mut self, field: &'static Field, entry: &Entry) {
        if is_null(&entry.value) {
            return;
        }
        if field.deprecated.is_some() {
            self.report(entry.key_span, Problem::DeprecatedField(field));
        }
        self.value(&field.value, &entry.value);
    }

    /// Reports a field that the API does not have, and answers what it was meant for.
    fn unknown(&mut self, object: &'static Object, mapping: &Mapping, entry: &Entry) -> Option<&'static str> {
        let belongs_to = self.owner(object, &entry.key);
        let free = object.fields_in(self.version).map(|field| field.name).filter(|name| mapping.entry(name).is_none());
        let free: Vec<&'static str> = free.collect();
        let plain = |name: &str| name.replace(['-', '_'], "").to_ascii_lowercase();
        let same = free.iter().copied().find(|name| plain(name) == plain(&entry.key));
        let near = same.or_else(|| only_near(&entry.key, free).filter(|_| belongs_to.is_none()));
        self.below(&entry.key, |walk| walk.report(entry.key_span, Problem::UnknownField { near, belongs_to }));
        near
    }

    /// The nearest object around `object`, or one directly inside it, that has the field `name`.
    fn owner(&self, object: &'static Object, name: &str) -> Option<String> {
        let has = |object: &Object| object.field(name, self.version).is_some();
        let outer = self.around.iter().rev().skip(1).find(|(object, length)| *length > 0 && has(object));
        if let Some((_, length)) = outer {
            return self.path.get(..*length).map(str::to_owned);
        }
        let inner = object.fields_in(self.version).find(|field| field.value.object().is_some_and(has))?;
        Some(if self.path.is_empty() { inner.name.to_owned() } else { format!("{}.{}", self.path, inner.name) })
    }

    fn missing(&mut self, object: &'static Object, mapping: &Mapping, node: &Node, meant: &[&str]) {
        for field in object.fields_in(self.version).filter(|field| field.required && !meant.contains(&field.name)) {
            let entry = mapping.entry(field.name);
            if entry.is_none_or(|entry| is_null(&entry.value)) {
                let place = entry.map_or_else(|| head(mapping, node), |entry| entry.key_span);
                self.report(place, Problem::MissingField(field.name));
            }
        }
    }

    fn group(&mut self, group: &'static Group, mapping: &Mapping, node: &Node, meant: &[&str]) {
        let counts = |node: &Node| !is_null(node) && (group.choice != Choice::ExactlyOne || !is_empty(node));
        let is_set = |entry: &&Entry| group.fields.contains(&entry.key.as_str()) && counts(&entry.value);
        let set: Vec<&Entry> = mapping.entries.iter().filter(is_set).collect();
        if group.fields.iter().any(|field| meant.contains(field)) {
            return;
        }
        let (conflict, lacks) = match group.choice {
            Choice::AtMostOne => (set.get(1).copied(), false),
            Choice::AtLeastOne => (None, set.is_empty()),
            Choice::ExactlyOne => (set.get(1).copied(), set.is_empty()),
            Choice::ChosenBy(chooser) => {
                let chosen = mapping.entry(chooser).filter(|entry| !entry.value.templated);
                let Some(chosen) = chosen.and_then(|entry| entry.value.as_scalar()) else { return };
                let fits = |name: &str| name.eq_ignore_ascii_case(&chosen.text);
                if !group.fields.iter().any(|name| fits(name)) {
                    return;
                }
                let other = set.iter().copied().find(|entry| !fits(&entry.key));
                (other, other.is_none() && set.is_empty())
            }
        };
        if let Some(entry) = conflict {
            self.report(entry.key_span, Problem::Conflict(group));
        } else if lacks {
            self.report(head(mapping, node), Problem::MissingChoice(group));
        }
    }

    /// Looks at a single value; false when it is of another type.
    fn scalar(&mut self, limits: &'static Limits, scalar: &Scalar, span: Span) -> bool {
        let resolved = scalar.resolve();
        match (limits.scalar, &resolved) {
            _ if !limits.values.is_empty() => self.choice(limits, scalar, &resolved, span),
            (ScalarType::Boolean, Resolved::Bool(_)) => {}
            (ScalarType::String, Resolved::String) => self.text(limits, scalar, span),
            #[expect(clippy::cast_precision_loss, reason = "the limits are far below what a float holds exactly")]
            (ScalarType::Integer | ScalarType::Number, Resolved::Int(number)) => {
                self.number(limits, *number as f64, span);
            }
            (ScalarType::Number, Resolved::Float(number)) => self.number(limits, *number, span),
            (ScalarType::Integer, Resolved::Float(number)) if number.fract() == 0.0 => {
                self.number(limits, *number, span);
            }
            _ => return false,
        }
        true
    }

    fn choice(&mut self, limits: &'static Limits, scalar: &Scalar, resolved: &Resolved, span: Span) {
        let is_type = match limits.scalar {
            ScalarType::Integer => matches!(resolved, Resolved::Int(_)),
            _ => matches!(resolved, Resolved::String),
        };
        match limits.values.iter().find(|value| is_type && value.text == scalar.text) {
            Some(value) if value.deprecated.is_some() => self.report(span, Problem::DeprecatedValue(value)),
            Some(_) => {}
            None => self.report(span, Problem::UnknownValue(limits)),
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "the limits are far below what a float holds exactly")]
    fn number(&mut self, limits: &Limits, number: f64, span: Span) {
        let low = limits.min.is_some_and(|min| number < min as f64);
        let high = limits.max.is_some_and(|max| number > max as f64);
        if low || high || number.is_nan() {
            let says = match (limits.min, limits.max) {
                (Some(min), Some(max)) => format!("{min} to {max}"),
                (Some(min), None) => format!("{min} or more"),
                (None, Some(max)) => format!("{max} or less"),
                (None, None) => "a number".to_owned(),
            };
            self.report(span, Problem::OutOfRange(says));
        }
    }

    fn text(&mut self, limits: &Limits, scalar: &Scalar, span: Span) {
        let length = scalar.text.chars().count();
        if !limits.length.holds(length) {
            let says = match limits.length {
                Count { most: Some(0), .. } => "no text at all".to_owned(),
                count => range(count, ("character", "characters")),
            };
            self.report(span, Problem::OutOfRange(says));
        } else if let Some(format) =
            limits.format.filter(|format| !(format.holds)(&scalar.text) && !is_stand_in(&scalar.text))
        {
            self.report(span, Problem::Malformed(format));
        }
    }
}

/// Where a finding about an object as a whole stands: its first key, or all of it where it is empty.
fn head(mapping: &Mapping, node: &Node) -> Span {
    let own = mapping.entries.iter().find(|entry| !entry.merged);
    own.map_or(node.span, |entry| entry.key_span)
}

/// The count in words, of what is called one thing, many things.
fn range(Count { least, most, .. }: Count, (one, many): (&str, &str)) -> String {
    match most {
        None if least == 1 => format!("{least} {one} or more"),
        None => format!("{least} {many} or more"),
        Some(1) => format!("{}1 {one}", if least == 1 { "" } else { "at most " }),
        Some(most) if most == least => format!("{most} {many}"),
        Some(most) if least == 0 => format!("at most {most} {many}"),
        Some(most) => format!("{least} to {most} {many}"),
    }
}

/// A word such as `JWKS_URI`, which somebody replaces by hand.
fn is_stand_in(text: &str) -> bool {
    text.contains('_') && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

/// The key is neither a directive of a patch nor filled in later, as the `_: #@ ...` of ytt is.
fn is_known(entry: &Entry) -> bool {
    let is_replaced = entry.key == "_" && entry.value.templated;
    !entry.key.starts_with('$') && !placeholder::contains(&entry.key) && !is_replaced
}

/// Kubernetes drops a field that is null.
fn is_null(node: &Node) -> bool {
    !node.templated && node.as_scalar().is_some_and(|scalar| scalar.resolve() == Resolved::Null)
}

/// An empty text or list.
fn is_empty(node: &Node) -> bool {
    match &node.value {
        Value::Scalar(scalar) => scalar.text.is_empty(),
        Value::Sequence(sequence) => sequence.items.is_empty(),
        Value::Mapping(_) => false,
    }
}
