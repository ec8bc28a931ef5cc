//! What kustomizations call a resource: the patches that name it, `target`, `select` and `source` entries, and the fields
//! that `nameReference` of their configurations declares.

use regex::Regex;

use super::moved::normal;
use super::references::Occurrence;
use super::{DocumentAt, Files};
use crate::index::Entry;
use crate::kustomize::{Layer, Source};
use crate::text::Span;
use crate::yaml::{Node, Value};

/// Entries of a kustomization that choose objects by name.
const CHOOSERS: [&str; 5] = ["target", "select", "source", "objref", "reject"];

/// A place that calls a resource by its name, or by an expression that fits it.
#[derive(Debug, Clone)]
pub(super) struct Called {
    /// The name as it was written where it is defined; of an expression all of it.
    pub(super) place: Occurrence,
    /// The expression, where it is one.
    pub(super) pattern: Option<String>,
}

/// The places that call `entry`, whose name was written as `written`.
pub(super) fn called(files: &dyn Files, entry: &Entry, written: &str) -> Vec<Called> {
    let mut reader = Reader { files, entry, written, found: Vec::new() };
    for layer in files.layers(entry.id) {
        if let Some(root) = &layer.source.yaml.root {
            reader.choosers(root, &layer.source);
        }
        for patch in layer.patches.iter().filter(|patch| patch.kind() == entry.resource.kind.as_str()) {
            if let Some(name) = &patch.name {
                reader.word(&name.value, name.span, &patch.source);
            }
        }
        reader.references(layer);
    }
    reader.found
}

struct Reader<'r> {
    files: &'r dyn Files,
    entry: &'r Entry,
    written: &'r str,
    found: Vec<Called>,
}

impl Reader<'_> {
    fn choosers(&mut self, node: &Node, source: &Source) {
        match &node.value {
            Value::Scalar(_) => {}
            Value::Sequence(list) => list.items.iter().for_each(|item| self.choosers(item, source)),
            Value::Mapping(mapping) => {
                for entry in &mapping.entries {
                    if CHOOSERS.contains(&entry.key.as_str()) {
                        self.chooser(&entry.value, source);
                    }
                    self.choosers(&entry.value, source);
                }
            }
        }
    }

    /// A selector or a list of them.
    fn chooser(&mut self, node: &Node, source: &Source) {
        for item in node.as_sequence().map_or(std::slice::from_ref(node), |list| &list.items) {
            let text = |key: &str| item.get(key).and_then(Node::as_scalar).map(|scalar| scalar.text.as_str());
            let fits = |key, wanted: &str| text(key).is_none_or(|pattern| is_match(pattern, wanted));
            let is_of_namespace = fits("namespace", &self.entry.namespace)
                || self.files.layers(self.entry.id).iter().any(|layer| !layer.kustomization.namespace.is_absent());
            let Some(name) = item.get("name").filter(|name| !name.templated) else { continue };
            if !fits("kind", self.entry.resource.kind.as_str()) || !is_of_namespace {
                continue;
            }
            let Some(value) = name.as_scalar().map(|scalar| scalar.text.as_str()) else { continue };
            let is_word =
                value.chars().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.'));
            if is_word {
                self.word(value, name.span, source);
            } else if is_match(value, self.written) || is_match(value, self.entry.name()) {
                self.add(name.span, source, Some(value.to_owned()));
            }
        }
    }

    /// The name as it was written, or with what kustomizations put around it.
    fn word(&mut self, name: &str, span: Span, source: &Source) {
        if name.is_empty() || !(name == self.written || self.entry.name().contains(name)) {
            return;
        }
        let places: Vec<_> = span.of(&source.yaml.text).match_indices(self.written).map(|(at, _)| at).collect();
        if let [at] = places.as_slice() {
            let start = span.start() + at;
            self.add(Span::new(start, start + self.written.len()), source, None);
        }
    }

    fn add(&mut self, span: Span, source: &Source, pattern: Option<String>) {
        let Some(document) = self.files.documents(&source.path).into_iter().nth(source.document) else { return };
        let place = Occurrence { path: source.path.to_path_buf(), span: span.shifted(document.start), defines: false };
        self.found.push(Called { place, pattern });
    }

    /// Fields of other objects that `nameReference` declares to hold names of this kind.
    fn references(&mut self, layer: &Layer) {
        let Some(root) = layer.source.yaml.root.as_ref() else { return };
        let Some(folder) = layer.source.path.parent() else { return };
        let configurations = root.get("configurations").and_then(Node::as_sequence).map_or(&[][..], |list| &list.items);
        for path in configurations.iter().filter_map(Node::as_scalar) {
            for DocumentAt { document, .. } in self.files.documents(&normal(&folder.join(path.text.as_str()))) {
                let declared = document.root.as_ref().and_then(|root| root.get("nameReference")?.as_sequence());
                let own = declared.into_iter().flat_map(|list| &list.items).filter(|reference| {
                    text(reference, "kind").is_some_and(|kind| kind == self.entry.resource.kind.as_str())
                });
                let fields = own.filter_map(|reference| reference.get("fieldSpecs")?.as_sequence());
                for field in fields.flat_map(|list| &list.items) {
                    self.field(text(field, "kind"), text(field, "path").unwrap_or(""));
                }
            }
        }
    }

    fn field(&mut self, kind: Option<&str>, path: &str) {
        for file in self.files.members() {
            for (number, found) in self.files.documents(&file).into_iter().enumerate() {
                let Some(root) = &found.document.root else { continue };
                if kind.is_some_and(|kind| text(root, "kind") != Some(kind)) {
                    continue;
                }
                let mut named = Vec::new();
                at(root, &path.split('/').collect::<Vec<_>>(), &mut named);
                let source = Source { path: file.clone(), document: number, yaml: found.document.clone() };
                named.into_iter().for_each(|(name, span)| self.word(name, span, &source));
            }
        }
    }
}

fn text<'n>(node: &'n Node, key: &str) -> Option<&'n str> {
    Some(node.get(key)?.as_scalar()?.text.as_str())
}

/// The single values to which the steps of `path` lead; a list takes none.
fn at<'n>(node: &'n Node, path: &[&str], found: &mut Vec<(&'n str, Span)>) {
    match (&node.value, path.split_first()) {
        (Value::Sequence(list), _) => list.items.iter().for_each(|item| at(item, path, found)),
        (Value::Mapping(_), Some((step, rest))) => {
            node.get(step.trim_end_matches("[]")).into_iter().for_each(|inner| at(inner, rest, found));
        }
        (Value::Scalar(scalar), None) if !node.templated => found.push((&scalar.text, node.span)),
        _ => {}
    }
}

/// `pattern` fits all of `text`, as kustomize compares.
pub(super) fn is_match(pattern: &str, text: &str) -> bool {
    pattern == text || Regex::new(&format!("^(?:{pattern})$")).is_ok_and(|regex| regex.is_match(text))
}
