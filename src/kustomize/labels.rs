//! The labels and annotations that a kustomization gives to objects (`commonlabels.go` of kustomize).

use smol_str::SmolStr;

use super::identity::Identity;
use super::{FieldSpec, Kustomization, tree};
use crate::resource::{Field, Map};
use crate::yaml::Node;

/// A field that pairs are put in.
struct Place {
    kinds: &'static [&'static str],
    path: &'static [&'static str],
    /// It is made where it is missing.
    create: bool,
}

const fn place(kinds: &'static [&'static str], path: &'static [&'static str], create: bool) -> Place {
    Place { kinds, path, create }
}

/// Kinds with a template of pods.
const TEMPLATED: &[&str] = &["ReplicationController", "Deployment", "ReplicaSet", "DaemonSet", "StatefulSet", "Job"];

const POD_TEMPLATES: [Place; 3] = [
    place(TEMPLATED, &["spec", "template", "metadata"], true),
    place(&["CronJob"], &["spec", "jobTemplate", "metadata"], true),
    place(&["CronJob"], &["spec", "jobTemplate", "spec", "template", "metadata"], true),
];

const SELECTORS: [Place; 6] = [
    place(&["Service", "ReplicationController"], &["spec", "selector"], true),
    place(&["Deployment", "ReplicaSet", "DaemonSet", "StatefulSet"], &["spec", "selector", "matchLabels"], true),
    place(&["Job", "PodDisruptionBudget"], &["spec", "selector", "matchLabels"], false),
    place(&["NetworkPolicy"], &["spec", "podSelector", "matchLabels"], false),
    place(&["NetworkPolicy"], &["spec", "ingress", "from", "podSelector", "matchLabels"], false),
    place(&["NetworkPolicy"], &["spec", "egress", "to", "podSelector", "matchLabels"], false),
];

/// Sets what the kustomization says. Answers whether something changed.
pub(super) fn transform(node: &mut Node, object: &Identity, says: &Kustomization) -> bool {
    let mut changed = false;
    for set in says.labels.items() {
        let mut labels = Labels { pairs: &set.pairs, changed: false };
        let selectors = set.include_selectors.copied().unwrap_or(false);
        let templates = selectors || set.include_templates.copied().unwrap_or(false);
        labels.everywhere(node, object, "labels", templates);
        if selectors {
            labels.selectors(node, object);
        }
        set.fields.items().for_each(|field| labels.field(node, object, field));
        changed |= labels.changed;
    }
    let mut labels = Labels { pairs: &says.common_labels, changed };
    labels.everywhere(node, object, "labels", true);
    labels.selectors(node, object);
    let mut annotations = Labels { pairs: &says.common_annotations, changed: labels.changed };
    annotations.everywhere(node, object, "annotations", true);
    annotations.changed
}

struct Labels<'a> {
    pairs: &'a Field<Map<SmolStr>>,
    changed: bool,
}

impl Labels<'_> {
    /// In the object's metadata and in that of the pods it makes.
    fn everywhere(&mut self, node: &mut Node, object: &Identity, key: &str, templates: bool) {
        self.put(node, &["metadata", key], true);
        for place in POD_TEMPLATES.iter().filter(|place| templates && place.kinds.contains(&object.kind.as_str())) {
            let path: Vec<&str> = place.path.iter().copied().chain([key]).collect();
            self.put(node, &path, place.create);
        }
    }

    fn selectors(&mut self, node: &mut Node, object: &Identity) {
        for place in SELECTORS.iter().filter(|place| place.kinds.contains(&object.kind.as_str())) {
            self.put(node, place.path, place.create);
        }
    }

    fn field(&mut self, node: &mut Node, object: &Identity, field: &FieldSpec) {
        let fits = |wanted: &Field<SmolStr>, is: &str| wanted.text().is_none_or(|text| text.is_empty() || text == is);
        let Some(path) = field.path.text() else { return };
        if fits(&field.group, &object.group) && fits(&field.version, &object.version) && fits(&field.kind, &object.kind)
        {
            let path: Vec<&str> = path.split('/').collect();
            self.put(node, &path, field.create.copied().unwrap_or(false));
        }
    }

    fn put(&mut self, node: &mut Node, path: &[&str], create: bool) {
        let pairs = self.pairs.value().filter(|pairs| !pairs.is_empty());
        if node.as_mapping().is_none() {
            return;
        }
        let Some(pairs) = pairs else { return };
        tree::at_path(node, path, create, &mut |labels| {
            if tree::is_null(labels) {
                *labels = tree::empty(labels.span);
            }
            let span = labels.span;
            let Some(entries) = tree::entries(labels) else { return };
            for (key, value) in pairs {
                let old = entries.iter().find(|entry| entry.key == *key);
                let place = old.map_or(span, |entry| entry.value.span);
                let new = match value {
                    Field::Present(text) if old.is_some_and(|old| is(&old.value, text)) => continue,
                    Field::Present(text) => tree::string(text.value.clone(), place),
                    Field::Unknown(_) => tree::unknown(place),
                    Field::Absent | Field::Malformed(_) => continue,
                };
                tree::put(entries, tree::entry(key, new));
                self.changed = true;
            }
        });
    }
}

fn is(node: &Node, text: &str) -> bool {
    !node.templated && node.as_scalar().is_some_and(|scalar| scalar.text == text)
}
