//! A document on its way through kustomizations.

use super::identity::{Identity, text};
use super::merged::{Merged, Texts};
use super::patch::{Patch, Patched};
use super::{Defect, Layer, labels, names};
use crate::yaml::{Document, Node};

/// What became of a document.
#[derive(Debug)]
pub struct Applied {
    /// The document as the last layer leaves it.
    pub change: Change,
    /// The patches that selected something in it: the number of the layer, and that of the patch in [`Layer::patches`].
    pub selected: Vec<(usize, usize)>,
    /// What is wrong with patches that selected something in it; they changed nothing.
    pub defects: Vec<Defect>,
}

/// What layers do to a document.
#[derive(Debug)]
pub enum Change {
    /// Nothing.
    None,
    /// Patches delete all of it.
    Deleted,
    /// They change it.
    Merged(Merged),
}

/// One object of the document, and what it was called on its way.
struct Object {
    node: Node,
    before: Vec<Identity>,
    now: Identity,
    deleted: bool,
}

/// Takes `document` through `layers`, the innermost first.
#[must_use]
pub fn apply<'a>(document: &Document, layers: impl IntoIterator<Item = &'a Layer>) -> Applied {
    let mut applied = Applied { change: Change::None, selected: Vec::new(), defects: Vec::new() };
    let Some(root) = &document.root else { return applied };
    let mut objects = Vec::new();
    collect(root, 0, &mut objects);
    let mut journey = Journey { applied: &mut applied, texts: Texts::new(document), changed: false };
    for (number, layer) in layers.into_iter().enumerate() {
        for object in &mut objects {
            journey.through(number, layer, object);
        }
    }
    let Journey { texts, changed, .. } = journey;
    if changed {
        let mut root = root.clone();
        applied.change = match put_back(&mut root, 0, &mut objects.into_iter()) {
            true => Change::Merged(texts.document(root)),
            false => Change::Deleted,
        };
    }
    applied
}

struct Journey<'a, 'd> {
    applied: &'a mut Applied,
    texts: Texts<'d>,
    changed: bool,
}

impl Journey<'_, '_> {
    fn through(&mut self, number: usize, layer: &Layer, object: &mut Object) {
        let (early, late) = layer.patches.split_at_checked(layer.early).unwrap_or((&layer.patches, &[]));
        for (patch, at) in early.iter().zip(0..) {
            self.patch((number, at), patch, object);
        }
        if object.deleted {
            return;
        }
        let what = &layer.kustomization;
        if names::set_namespace(&mut object.node, &object.now, what) {
            self.changed = true;
            object.rename();
        }
        if names::set_name(&mut object.node, &object.now, object.before.first().unwrap_or(&object.now), what) {
            self.changed = true;
            object.rename();
        }
        self.changed |= labels::transform(&mut object.node, &object.now, what);
        for (patch, at) in late.iter().zip(layer.early..) {
            self.patch((number, at), patch, object);
        }
        for replaced in &layer.replaced {
            if replaced.is_for(&object.node, &object.before, &object.now) {
                self.changed = true;
                replaced.forget(&mut object.node);
            }
        }
    }

    fn patch(&mut self, number: (usize, usize), patch: &Patch, object: &mut Object) {
        if object.deleted || !patch.selects(&object.node, &object.before, &object.now) {
            return;
        }
        self.applied.selected.push(number);
        match patch.apply(&mut object.node, &object.now, &mut self.texts) {
            Patched::Changed => object.rename(),
            Patched::Deleted => object.deleted = true,
            Patched::Broken(defect) => return self.applied.defects.push(defect),
        }
        self.changed = true;
    }
}

impl Object {
    /// Notes what the object is called now.
    fn rename(&mut self) {
        let now = Identity::of(&self.node);
        if now != self.now {
            self.before.push(std::mem::replace(&mut self.now, now));
        }
    }
}

/// As `resource::read` does, a List is taken for its items.
const MAX_LIST_DEPTH: usize = 4;

fn items(node: &Node, depth: usize) -> Option<&[Node]> {
    let is_list = text(node, "kind").is_some_and(|kind| kind.ends_with("List"));
    let items = node.get("items")?.as_sequence()?;
    (is_list && depth < MAX_LIST_DEPTH).then_some(&items.items)
}

fn collect(node: &Node, depth: usize, objects: &mut Vec<Object>) {
    match items(node, depth) {
        Some(items) => items.iter().for_each(|item| collect(item, depth + 1, objects)),
        None => {
            let (node, now) = (node.clone(), Identity::of(node));
            objects.push(Object { node, before: Vec::new(), now, deleted: false });
        }
    }
}

/// Puts the objects in the places that they came from. Answers whether there is still something.
fn put_back(node: &mut Node, depth: usize, objects: &mut dyn Iterator<Item = Object>) -> bool {
    if items(node, depth).is_none() {
        let Some(object) = objects.next() else { return true };
        *node = object.node;
        return !object.deleted;
    }
    let Some(items) = super::tree::value(node, "items").and_then(super::tree::items) else { return true };
    items.retain_mut(|item| put_back(item, depth + 1, objects));
    !items.is_empty()
}
