//! Values of the template language, and where they come from.

use std::sync::Arc;

use smol_str::SmolStr;

use crate::yaml::{CollectionStyle, Mapping, Node, Resolved, Value as Content};

/// A chart with its values.
#[derive(Debug, Clone)]
pub struct Release {
    /// `.Values`: those of the chart with those of the files over them.
    pub values: Node,
    /// `.Chart`, as `Chart.yaml` says.
    pub chart: Option<Node>,
    /// `.Release.Namespace`, where it is known.
    pub namespace: Option<SmolStr>,
    /// `.Release.Name`, where it is known.
    pub name: Option<SmolStr>,
}

/// A value while a template is filled in.
#[derive(Debug, Clone)]
pub(super) enum Value {
    Nothing,
    Bool(bool),
    /// As it is written.
    Number(SmolStr),
    Text(SmolStr),
    /// A map or a list.
    Tree(Node),
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

    /// It counts as true in a condition.
    pub(super) fn is_true(&self) -> bool {
        match self {
            Self::Nothing => false,
            Self::Bool(value) => *value,
            Self::Number(text) => text.parse::<f64>().is_ok_and(|number| number != 0.0),
            Self::Text(text) => !text.is_empty(),
            Self::Tree(node) => match &node.value {
                Content::Mapping(mapping) => !mapping.entries.is_empty(),
                Content::Sequence(sequence) => !sequence.items.is_empty(),
                Content::Scalar(_) => false,
            },
        }
    }

    /// What it writes into the text; none where that is not known.
    pub(super) fn written(&self) -> Option<SmolStr> {
        match self {
            Self::Text(text) => (!text.is_empty()).then(|| text.clone()),
            // Helm shows long numbers in its own way.
            Self::Number(text) => (text.len() < 7 && text.parse::<i64>().is_ok()).then(|| text.clone()),
            Self::Bool(value) => Some(if *value { "true" } else { "false" }.into()),
            Self::Nothing | Self::Tree(_) => None,
        }
    }

    /// Both are the same; none where they cannot be compared.
    pub(super) fn equals(&self, other: &Self) -> Option<bool> {
        match (self, other) {
            (Self::Bool(one), Self::Bool(two)) => Some(one == two),
            (Self::Text(one), Self::Text(two)) | (Self::Number(one), Self::Number(two)) => Some(one == two),
            _ => None,
        }
    }

    /// The value under `key`; none where nothing has fields.
    pub(super) fn field(&self, key: &str) -> Option<Self> {
        match self {
            Self::Nothing => Some(Self::Nothing),
            Self::Tree(node) => {
                node.as_mapping()?.entry(key).map_or(Some(Self::Nothing), |entry| Self::of(&entry.value))
            }
            _ => None,
        }
    }
}

impl Release {
    /// A field of what stands behind the first dot, such as `Values.host`; none where it is not known.
    pub(super) fn field(&self, path: &[&str]) -> Option<Value> {
        let (first, rest) = path.split_first()?;
        let text = |text: &Option<SmolStr>| text.clone().map(Value::Text);
        let begin = match (*first, rest) {
            ("Values", _) => return within(Value::of(&self.values)?, rest),
            ("Release", ["Namespace"]) => return text(&self.namespace),
            ("Release", ["Name"]) => return text(&self.name),
            ("Release", ["Service"]) => return Some(Value::Text("Helm".into())),
            ("Chart", ["Name"]) => "name",
            ("Chart", ["Version"]) => "version",
            ("Chart", ["AppVersion"]) => "appVersion",
            _ => return None,
        };
        Value::of(self.chart.as_ref()?.get(begin)?)
    }
}

/// The value at `path` in `value`.
pub(super) fn within(value: Value, path: &[&str]) -> Option<Value> {
    path.iter().try_fold(value, |value, key| value.field(key))
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
