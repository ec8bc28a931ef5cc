//! Values of the template language, and where they come from.

use std::cmp::Ordering;
use std::sync::Arc;

use smol_str::SmolStr;

use super::define::Defines;
use crate::yaml::{CollectionStyle, Mapping, Node, Resolved, Value as Content};

/// Stands in a text for what is not known of it (U+E000, which means nothing).
pub(super) const UNKNOWN: char = '\u{e000}';

/// Values that a template puts together are nested no deeper.
const DEEPEST: u8 = 16;

/// A chart with its values.
#[derive(Debug, Clone)]
pub struct Release {
    /// `.Values`: those of the chart with those of the files over them.
    pub values: Node,
    /// `.Chart`, as `Chart.yaml` says.
    pub chart: Option<Node>,
    /// `.Chart.Name`, where the chart around it gives it another than its own.
    pub alias: Option<SmolStr>,
    /// `.Release.Namespace`, where it is known.
    pub namespace: Option<SmolStr>,
    /// `.Release.Name`, where it is known.
    pub name: Option<SmolStr>,
    /// What the templates of the chart, and of those around and below it, may include.
    pub defines: Arc<Defines>,
}

/// A value while a template is filled in.
#[derive(Debug, Clone)]
pub(super) enum Value {
    Nothing,
    Bool(bool),
    /// As it is written.
    Number(SmolStr),
    Text(SmolStr),
    /// A text of which some is not known: there stands [`UNKNOWN`].
    Part(SmolStr),
    /// A map or a list of a file.
    Tree(Node),
    /// A map that a template makes: what is not known is none.
    Map(Made<(SmolStr, Option<Value>)>),
    /// A list that a template makes.
    List(Made<Option<Value>>),
    /// What a dot is at first: `.Values` and its like.
    Root,
}

/// The parts of a value that a template puts together.
#[derive(Debug, Clone)]
pub(super) struct Made<T> {
    pub(super) parts: Arc<[T]>,
    depth: u8,
}

impl Value {
    /// What a node of a values file is; none where it is not known.
    pub(super) fn of(node: &Node) -> Option<Self> {
        if node.templated {
            return None;
        }
        let Some(scalar) = node.as_scalar() else { return Some(Self::Tree(node.clone())) };
        Some(match scalar.resolve() {
            Resolved::Null => Self::Nothing,
            Resolved::Bool(value) => Self::Bool(value),
            Resolved::Int(value) => Self::Number(value.to_string().into()),
            Resolved::Float(_) => Self::Number(scalar.text.clone()),
            Resolved::String => Self::Text(scalar.text.clone()),
        })
    }

    /// A list of these; none where it would be too deep.
    pub(super) fn list(items: Vec<Option<Self>>) -> Option<Self> {
        let depth = depth(items.iter().flatten())?;
        Some(Self::List(Made { parts: items.into(), depth }))
    }

    /// A map of these, each key once; none where it would be too deep.
    pub(super) fn map(entries: Vec<(SmolStr, Option<Self>)>) -> Option<Self> {
        let depth = depth(entries.iter().filter_map(|(_, value)| value.as_ref()))?;
        Some(Self::Map(Made { parts: entries.into(), depth }))
    }

    /// It counts as true in a condition; none where that is not known.
    pub(super) fn truth(&self) -> Option<bool> {
        Some(match self {
            Self::Nothing => false,
            Self::Bool(value) => *value,
            Self::Number(text) => text.parse::<f64>().is_ok_and(|number| number != 0.0),
            Self::Text(text) => !text.is_empty(),
            Self::Part(text) => {
                return text.chars().any(|letter| letter != UNKNOWN).then_some(true);
            }
            Self::Root => true,
            Self::Tree(_) | Self::Map(_) | Self::List(_) => self.len()? > 0,
        })
    }

    /// The number of entries or items of a map or list.
    pub(super) fn len(&self) -> Option<usize> {
        match self {
            Self::Tree(node) => match &node.value {
                Content::Mapping(mapping) => Some(mapping.entries.len()),
                Content::Sequence(sequence) => Some(sequence.items.len()),
                Content::Scalar(_) => None,
            },
            Self::Map(made) => Some(made.parts.len()),
            Self::List(made) => Some(made.parts.len()),
            _ => None,
        }
    }

    /// The entries of a map in the order in which Go goes through them.
    pub(super) fn entries(&self) -> Option<Vec<(SmolStr, Option<Self>)>> {
        let mut entries = match self {
            Self::Tree(node) => {
                let entries = &node.as_mapping()?.entries;
                entries.iter().map(|entry| (entry.key.clone(), Self::of(&entry.value))).collect()
            }
            Self::Map(made) => made.parts.to_vec(),
            _ => return None,
        };
        entries.sort_by(|one, other| one.0.cmp(&other.0));
        Some(entries)
    }

    /// The items of a list.
    pub(super) fn items(&self) -> Option<Vec<Option<Self>>> {
        match self {
            Self::Tree(node) => Some(node.as_sequence()?.items.iter().map(Self::of).collect()),
            Self::List(made) => Some(made.parts.to_vec()),
            _ => None,
        }
    }

    /// What it writes into the text; none where that is not known.
    pub(super) fn written(&self) -> Option<SmolStr> {
        match self {
            Self::Text(text) => (!text.is_empty()).then(|| text.clone()),
            Self::Number(text) => number(text, 1e-4..1e6),
            Self::Bool(value) => Some(if *value { "true" } else { "false" }.into()),
            Self::Part(_) | Self::Nothing | Self::Tree(_) | Self::Map(_) | Self::List(_) | Self::Root => None,
        }
    }

    /// The same with [`UNKNOWN`] for what is not known.
    pub(super) fn written_in_part(&self) -> Option<SmolStr> {
        match self {
            Self::Part(text) => Some(text.clone()),
            _ => self.written(),
        }
    }

    /// A text in which [`UNKNOWN`] stands for what is not known.
    pub(super) fn of_text(text: SmolStr) -> Self {
        if text.contains(UNKNOWN) { Self::Part(text) } else { Self::Text(text) }
    }

    /// Both are the same; none where they cannot be compared.
    pub(super) fn equals(&self, other: &Self) -> Option<bool> {
        match (self, other) {
            (Self::Bool(one), Self::Bool(two)) => Some(one == two),
            (Self::Text(one), Self::Text(two)) => Some(one == two),
            _ => self.compared(other).map(Ordering::is_eq),
        }
    }

    /// The order of two numbers.
    pub(super) fn compared(&self, other: &Self) -> Option<Ordering> {
        let (Self::Number(one), Self::Number(two)) = (self, other) else { return None };
        one.parse::<f64>().ok()?.partial_cmp(&two.parse::<f64>().ok()?)
    }

    /// The value under `key`; none where nothing has fields.
    pub(super) fn field(&self, key: &str) -> Option<Self> {
        match self {
            Self::Nothing => Some(Self::Nothing),
            Self::Tree(node) => {
                node.as_mapping()?.entry(key).map_or(Some(Self::Nothing), |entry| Self::of(&entry.value))
            }
            Self::Map(made) => made
                .parts
                .iter()
                .find(|(known, _)| known == key)
                .map_or(Some(Self::Nothing), |(_, value)| value.clone()),
            _ => None,
        }
    }
}

/// The depth of a collection of `values`.
fn depth<'v>(values: impl Iterator<Item = &'v Value>) -> Option<u8> {
    let deepest = values.map(|value| match value {
        Value::Map(made) => made.depth,
        Value::List(made) => made.depth,
        _ => 0,
    });
    deepest.max().map_or(Some(1), |deepest| Some(deepest + 1).filter(|depth| *depth <= DEEPEST))
}

/// A number as Go shows it, if it is that long: others it shows in its own way.
pub(super) fn number(text: &str, plain: std::ops::Range<f64>) -> Option<SmolStr> {
    let number: f64 = text.parse().ok()?;
    (number == 0.0 || plain.contains(&number.abs())).then(|| smol_str::format_smolstr!("{number}"))
}

impl Release {
    /// A field of what stands behind the first dot, such as `Values.host`; none where it is not known.
    fn field(&self, path: &[&str]) -> Option<Value> {
        let Some((first, rest)) = path.split_first() else { return Some(Value::Root) };
        let text = |text: &Option<SmolStr>| text.clone().map(Value::Text);
        let begin = match (*first, rest) {
            ("Values", _) => return self.within(Value::of(&self.values)?, rest),
            ("Release", ["Namespace"]) => return text(&self.namespace),
            ("Release", ["Name"]) => return text(&self.name),
            ("Release", ["Service"]) => return Some(Value::Text("Helm".into())),
            ("Chart", ["Name"]) if self.alias.is_some() => return text(&self.alias),
            ("Chart", ["Name"]) => "name",
            ("Chart", ["Version"]) => "version",
            ("Chart", ["AppVersion"]) => "appVersion",
            _ => return None,
        };
        Value::of(self.chart.as_ref()?.get(begin)?)
    }

    /// The value at `path` in `value`.
    pub(super) fn within(&self, value: Value, path: &[&str]) -> Option<Value> {
        let Some((first, rest)) = path.split_first() else { return Some(value) };
        match value {
            Value::Root => self.field(path),
            _ => self.within(value.field(first)?, rest),
        }
    }
}

/// The values `over` laid over `base`, as Helm does it: maps key by key, everything else as a whole; a null takes away.
#[must_use]
pub fn merged(base: &Node, over: &Node) -> Node {
    let (Some(below), Some(above)) = (base.as_mapping(), over.as_mapping()) else { return over.clone() };
    let mut entries = below.entries.clone();
    for entry in &above.entries {
        match entries.iter_mut().find(|known| known.key == entry.key) {
            Some(known) => known.value = merged(&known.value, &entry.value),
            None => entries.push(entry.clone()),
        }
    }
    let mapping = Mapping { style: below.style, entries };
    Node { span: base.span, value: Content::Mapping(Arc::new(mapping)), templated: base.templated || over.templated }
}

/// What the chart with `values` says of the values of its subchart `name`: those under its name, and `global`.
#[must_use]
pub fn for_subchart(values: &Node, name: &str) -> Node {
    let global = values.entry("global").cloned();
    let mapping = Mapping { style: CollectionStyle::Block, entries: global.into_iter().collect() };
    let global = Node { span: values.span, value: Content::Mapping(Arc::new(mapping)), templated: false };
    match values.get(name).filter(|own| own.as_mapping().is_some()) {
        Some(own) => merged(own, &global),
        None => global,
    }
}
