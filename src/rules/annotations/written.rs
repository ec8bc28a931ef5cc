//! Where annotations are written: on an object itself, and on the pods that it makes.

use smol_str::SmolStr;

use crate::index::Entry;
use crate::resource::{Field, Kind, Map, Spanned};

/// An annotation of a resource.
pub(super) struct Written<'a> {
    /// Its name.
    pub(super) name: &'a SmolStr,
    /// Its value; none while it is not known.
    pub(super) value: &'a Field<SmolStr>,
    /// The kind of the object that carries it: the resource's, or Pod for those of its template.
    pub(super) on: &'static str,
    /// The labels of the same object.
    pub(super) labels: &'a Field<Map<SmolStr>>,
}

impl Written<'_> {
    /// The value with its place.
    pub(super) fn present(&self) -> Option<&Spanned<SmolStr>> {
        self.value.present()
    }
}

/// The annotations of `entry`, then those of its pods.
pub(super) fn of(entry: &Entry) -> impl Iterator<Item = Written<'_>> {
    let kind = entry.resource.kind;
    let metadata = &entry.resource.metadata;
    let own = (&metadata.annotations, &metadata.labels, kind.as_str());
    let pods = entry.workload().filter(|_| kind != Kind::Pod);
    let pods = pods.map(|pods| (pods.annotations, pods.labels, Kind::Pod.as_str()));
    [Some(own), pods].into_iter().flatten().flat_map(|(annotations, labels, on)| {
        let pairs = annotations.value().into_iter().flatten();
        pairs.map(move |(name, value)| Written { name, value, on, labels })
    })
}
