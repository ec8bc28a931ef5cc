//! Go to definition: from a name to the resource that carries it.

use std::ops::Range;
use std::path::{Path, PathBuf};

use super::Files;
use super::place::Cursor;
use crate::index::keys::gateway_reference;
use crate::index::{Entry, View};
use crate::resource::istio::Gateway;
use crate::resource::kubernetes::Secret;
use crate::resource::{Kind, host};
use crate::text::Span;

/// A place that a name leads to. All ranges are bytes of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The file.
    pub path: PathBuf,
    /// The whole resource or entry.
    pub full: Range<usize>,
    /// Its name.
    pub name: Range<usize>,
    /// What the cursor is on, in the file that was asked about.
    pub origin: Range<usize>,
}

/// Where the name at byte `offset` of `file` is defined; several places when several provide it.
#[must_use]
pub fn definition(files: &dyn Files, file: &Path, offset: usize) -> Vec<Target> {
    let Some(cursor) = Cursor::find(files, file, offset) else { return Vec::new() };
    let Some(value) = cursor.value.clone() else { return Vec::new() };
    let view = View::new(files.index());
    let origin = cursor.span.shifted(cursor.start).range();
    let places = places(&view, &cursor, &value);
    let target = |(entry, full, name): (&Entry, Span, Span)| {
        let place = files.place_of(entry.id, full)?;
        let name = files.place_of(entry.id, name)?.span.range();
        Some(Target { path: place.path, full: place.span.range(), name, origin: origin.clone() })
    };
    places.into_iter().filter_map(target).collect()
}

fn places<'a>(view: &View<'a>, cursor: &Cursor<'a>, value: &str) -> Vec<(&'a Entry, Span, Span)> {
    let namespace = &cursor.resource.namespace;
    let last = cursor.keys.last().map(String::as_str);
    match (cursor.resource.resource.kind, last) {
        (Kind::VirtualService, Some("gateways")) => {
            let (of, name) = gateway_reference(value, namespace);
            view.named::<Gateway>(of, name).map(|gateway| whole(gateway.entry)).into_iter().collect()
        }
        (Kind::VirtualService | Kind::DestinationRule, Some("host" | "hosts")) => providers(view, value, namespace),
        (Kind::VirtualService, Some("subset")) => {
            let host = cursor.sibling("host").map(|name| host::resolve(&name, namespace)).unwrap_or_default();
            subsets(view, &host, value)
        }
        (Kind::Gateway | Kind::DestinationRule, Some("credentialName" | "credentialNames")) => {
            view.named_anywhere::<Secret>(value).map(|secret| whole(secret.entry)).collect()
        }
        (_, Some("host" | "hosts")) => providers(view, value.rsplit('/').next().unwrap_or(value), namespace),
        _ => Vec::new(),
    }
}

fn providers<'a>(view: &View<'a>, name: &str, namespace: &str) -> Vec<(&'a Entry, Span, Span)> {
    view.providers(&host::resolve(name, namespace)).iter().map(|provider| whole(provider.entry())).collect()
}

/// The subsets of that name in every DestinationRule for the host.
fn subsets<'a>(view: &View<'a>, host: &str, name: &str) -> Vec<(&'a Entry, Span, Span)> {
    let rules = view.rules_for(host);
    let found = rules.iter().flat_map(|rule| rule.spec.subsets.items().map(move |subset| (rule.entry, subset)));
    let named = found.filter_map(|(entry, subset)| Some((entry, subset.span, subset.name.present()?)));
    named.filter(|(.., found)| found.as_str() == name).map(|(entry, full, found)| (entry, full, found.span)).collect()
}

fn whole(entry: &Entry) -> (&Entry, Span, Span) {
    (entry, entry.resource.span, entry.resource.name_span())
}
