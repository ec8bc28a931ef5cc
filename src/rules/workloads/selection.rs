//! Which workloads a selector of a namespace finds, and who else selects them.

use crate::index::{Entry, Ref, View};
use crate::resource::istio::WorkloadSelector;
use crate::resource::{Field, Typed};
use crate::rules::together::are_applied_together;

/// A resource that selects workloads of its namespace.
pub(super) trait Selecting: Typed {
    fn selector(&self) -> &Field<WorkloadSelector>;
}

impl Selecting for crate::resource::istio::Sidecar {
    fn selector(&self) -> &Field<WorkloadSelector> {
        &self.workload_selector
    }
}

impl Selecting for crate::resource::istio::Telemetry {
    fn selector(&self) -> &Field<WorkloadSelector> {
        &self.selector
    }
}

/// The pairs of a selector that is known and not empty.
pub(super) fn pairs(selector: &Field<WorkloadSelector>) -> Option<Vec<(&str, &str)>> {
    let selector = selector.value().filter(|selector| selector.is_certain())?;
    let pairs: Vec<_> = selector.pairs().map(|(key, value)| (key.as_str(), value.value.as_str())).collect();
    (!pairs.is_empty()).then_some(pairs)
}

/// Workloads that `resource` and another of its kind and namespace both select, each with that other.
pub(super) fn shared<'a, T: Selecting + 'a>(view: &View<'a>, resource: Ref<'a, T>) -> Vec<(&'a Entry, Ref<'a, T>)> {
    let namespace = &resource.entry.namespace;
    let Some(own) = pairs(resource.spec.selector()) else { return Vec::new() };
    let others: Vec<Ref<'a, T>> = view
        .in_namespace::<T>(namespace)
        .filter(|other| other.entry.id != resource.entry.id && other.entry.name() != resource.entry.name())
        .filter(|other| are_applied_together(view, resource.entry, other.entry))
        .collect();
    let workloads = view.workloads(namespace, &own).into_iter();
    workloads
        .filter_map(|workload| {
            let pods = workload.workload()?;
            let selects = |other: &&Ref<'a, T>| {
                let pairs = pairs(other.spec.selector());
                pairs.is_some_and(|pairs| {
                    pairs.iter().all(|(key, value)| pods.label(key).is_some_and(|label| label.value == *value))
                })
            };
            Some((&**workload, *others.iter().find(selects)?))
        })
        .collect()
}

/// Another resource of the kind that is for the whole namespace as well.
pub(super) fn other_general<'a, T: Selecting + 'a>(
    view: &View<'a>,
    resource: Ref<'a, T>,
    is_general: impl Fn(&T) -> bool,
) -> Option<Ref<'a, T>> {
    if !is_general(resource.spec) {
        return None;
    }
    view.in_namespace::<T>(&resource.entry.namespace).find(|other| {
        other.entry.name() != resource.entry.name()
            && is_general(other.spec)
            && are_applied_together(view, resource.entry, other.entry)
    })
}
