//! Where a list of items is made: the scope, the place, the namespace.

use std::path::Path;

use super::place::Place;
use crate::ide::Files;
use crate::index::{Key, View};

/// What every list is made from.
pub(super) struct Context<'c, 'a> {
    pub(super) view: &'c View<'a>,
    pub(super) place: &'c Place,
    /// The namespace of the resource: as written, as its kustomization says, that of the file's other resources, or of the
    /// resource that a patch names.
    pub(super) namespace: String,
}

impl<'c, 'a> Context<'c, 'a> {
    pub(super) fn new(files: &'a dyn Files, view: &'c View<'a>, file: &Path, start: usize, place: &'c Place) -> Self {
        let written = place.top(&["metadata", "namespace"]).filter(|_| place.path() != "metadata.namespace");
        let of_file = || {
            let documents = files.documents(file);
            let here = documents.iter().filter(|document| document.start == start);
            let ids = here.chain(&documents).flat_map(|document| &document.resources);
            let namespaces = ids.filter_map(|id| Some(files.index().entry(*id)?.namespace.to_string()));
            namespaces.into_iter().find(|namespace| !namespace.is_empty())
        };
        let of_target = || {
            let (kind, name) = (place.kind?, place.top(&["metadata", "name"])?);
            let target = view.under(&Key::AnyNamespace(kind, name.into())).next()?;
            Some(target.namespace.to_string()).filter(|namespace| !namespace.is_empty())
        };
        let namespace = written.or_else(of_file).or_else(of_target).unwrap_or_else(|| "default".to_owned());
        Self { view, place, namespace }
    }
}
