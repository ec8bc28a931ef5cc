//! From a host or a selector to the workloads behind it.

use std::path::Path;

use super::names::{self, Name};
use super::references::Occurrence;
use super::{Files, PlaceOf};
use crate::index::{Entry, HostProvider, View};

/// The workloads behind what byte `offset` of `file` names: those that a host's Service or ServiceEntry selects, those of
/// a subset or selector.
#[must_use]
pub fn implementations(files: &dyn Files, file: &Path, offset: usize) -> Vec<Occurrence> {
    let view = View::new(files.index());
    let Some((_, mention, _)) = names::at(files, &view, file, offset) else { return Vec::new() };
    let workloads = match (&mention.name, &mention.selector) {
        (Name::Host(host) | Name::Subset(host, _) | Name::Port(host, _), _) => {
            let labels = subset_labels(&view, &mention.name);
            let mut behind = behind(&view, host);
            behind.retain(|entry| carries(entry, &labels));
            behind
        }
        (_, Some(_)) => names::definitions(files, &view, &mention).into_iter().map(|found| found.entry).collect(),
        _ => Vec::new(),
    };
    let place = |entry: &Entry| {
        let PlaceOf { path, span, .. } = files.place_of(entry.id, entry.resource.name_span())?;
        Some(Occurrence { path, span, defines: true })
    };
    workloads.into_iter().filter_map(place).collect()
}

/// The workloads and WorkloadEntries that provide `host`.
pub(super) fn behind<'a>(view: &View<'a>, host: &str) -> Vec<&'a Entry> {
    let mut found: Vec<&'a Entry> = Vec::new();
    for provider in view.providers(host) {
        let (entry, pairs): (_, Vec<(&str, &str)>) = match provider {
            HostProvider::Service(service) => (
                service.entry,
                service.spec.selector.pairs().map(|(key, value)| (key.as_str(), value.as_str())).collect(),
            ),
            HostProvider::ServiceEntry(entry, _) => {
                let selector = entry.spec.workload_selector.value().into_iter().flat_map(|selector| selector.pairs());
                (entry.entry, selector.map(|(key, value)| (key.as_str(), value.as_str())).collect())
            }
        };
        if !pairs.is_empty() {
            found.extend(view.workloads(&entry.namespace, &pairs).into_iter().map(|entry| &**entry));
            found.extend(view.workload_entries(&entry.namespace, &pairs).into_iter().map(|entry| entry.entry));
        }
    }
    found
}

fn subset_labels<'a>(view: &View<'a>, name: &Name) -> Vec<(&'a str, &'a str)> {
    let Name::Subset(host, name) = name else { return Vec::new() };
    let rules = view.rules_for(host).into_iter();
    let mut subsets = rules.flat_map(|rule| rule.spec.subsets.items());
    let subset = subsets.find(|subset| subset.name.text() == Some(name));
    let pairs = subset.into_iter().flat_map(|subset| subset.labels.pairs());
    pairs.map(|(key, value)| (key.as_str(), value.as_str())).collect()
}

fn carries(entry: &Entry, labels: &[(&str, &str)]) -> bool {
    let of_entry = entry.as_kind::<crate::resource::istio::WorkloadEntry>().map(|found| &found.spec.labels);
    let all = entry.workload().map(|workload| workload.labels).or(of_entry);
    labels.iter().all(|(key, value)| all.and_then(|all| all.under(key)).is_some_and(|label| label.value == *value))
}
