//! The workloads behind the selector under the cursor.

use super::place::{Cursor, Way};
use crate::index::{Entry, View};
use crate::resource::Kind;
use crate::yaml::Node;

/// The workloads that the selector under the cursor chooses; none where the cursor is on no selector.
pub(super) fn selected<'a>(view: &View<'a>, cursor: &Cursor<'a>) -> Option<Vec<&'a Entry>> {
    let entry = cursor.resource;
    let (kind, is_root) = (entry.resource.kind, view.mesh().is_root(&entry.namespace));
    if entry.workload().is_some() || cursor.keys.first().is_none_or(|key| key != "spec") {
        return None;
    }
    let names = ["selector", "workloadSelector"];
    let is_selector = |way: &Way| matches!(way, Way::Key(key) if names.contains(&key.as_str()));
    let selector = cursor.nodes.iter().find(|(way, _)| is_selector(way)).map(|(_, node)| node)?;
    let nested = ["matchLabels", "labels"].into_iter().find_map(|key| selector.get(key));
    let pairs = pairs(nested.filter(|node| node.as_mapping().is_some()).unwrap_or(selector));
    if pairs.is_empty() {
        return Some(Vec::new());
    }
    // Gateways select in all namespaces, and so does what stands in the root namespace, PeerAuthentication excepted.
    let everywhere = kind == Kind::Gateway
        || is_root && !matches!(kind, Kind::Service | Kind::ServiceEntry | Kind::PeerAuthentication);
    let found = if everywhere { view.workloads_anywhere(&pairs) } else { view.workloads(&entry.namespace, &pairs) };
    Some(found.into_iter().map(|workload| &**workload).collect())
}

fn pairs(labels: &Node) -> Vec<(&str, &str)> {
    let entries = labels.as_mapping().map_or(&[][..], |mapping| mapping.entries.as_slice());
    entries.iter().filter_map(|entry| Some((entry.key.as_str(), entry.value.as_scalar()?.text.as_str()))).collect()
}
