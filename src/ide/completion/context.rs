//! Where a list of items is made: the scope, the place, the namespace.

use std::path::Path;

use super::place::Place;
use crate::ide::Files;
use crate::index::View;

/// What every list is made from.
pub(super) struct Context<'c, 'a> {
    pub(super) view: &'c View<'a>,
    pub(super) place: &'c Place,
    /// The namespace of the resource: as written, as its kustomization says, or that of the file's other resources.
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
        let namespace = written.or_else(of_file).unwrap_or_else(|| "default".to_owned());
        Self { view, place, namespace }
    }
}
