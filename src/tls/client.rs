//! Who calls: classes of proxies for which every answer is the same.
//!
//! What a client sends depends on its namespace, its kind, the DestinationRules that select its labels and the Sidecar in
//! force, so workloads that agree in these are one class; only output expands a class to its members.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::proxy::{ProxyKind, pod_labels};
use super::reason::{Assumption, assume};
use super::scope;
use super::{Labels, proxy};
use crate::index::{Entry, Key, Ref, ResourceId, View};
use crate::resource::istio::{DestinationRule, Sidecar};

/// The kind of a client's proxy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ClientKind {
    /// A sidecar.
    Sidecar,
    /// A gateway: it ignores Sidecar resources and may fetch credentials.
    Gateway,
}

/// A class of clients.
#[derive(Debug, Clone)]
pub struct Client<'a> {
    /// The namespace of the workloads.
    pub namespace: SmolStr,
    /// The kind of their proxies.
    pub kind: ClientKind,
    /// The labels of the first of them; all that matter are the same for the others.
    pub labels: Labels,
    /// The Sidecar in force.
    pub sidecar: Option<Ref<'a, Sidecar>>,
    /// The workloads; none for a gateway that is generated or assumed.
    pub members: Vec<&'a Entry>,
    /// What was taken for granted to find that the clients have a proxy.
    pub assumptions: Vec<Assumption>,
}

impl<'a> Client<'a> {
    /// The class of one workload; none where it has no proxy that calls for it.
    #[must_use]
    pub fn of(view: &View<'a>, workload: &'a Entry) -> Option<Self> {
        if workload.workload()?.replicas == Some(0) {
            return None;
        }
        let proxy = proxy(view, workload);
        let labels = pod_labels(workload);
        let (kind, sidecar) = match proxy.kind {
            ProxyKind::Sidecar => (ClientKind::Sidecar, scope::sidecar(view, &workload.namespace, &labels)),
            ProxyKind::Gateway => (ClientKind::Gateway, None),
            ProxyKind::Waypoint | ProxyKind::Ztunnel | ProxyKind::None => return None,
        };
        let (namespace, assumptions) = (workload.namespace.clone(), proxy.assumptions);
        Some(Self { namespace, kind, labels, sidecar, members: vec![workload], assumptions })
    }

    /// A gateway that no workload of the workspace is.
    #[must_use]
    pub fn gateway(namespace: SmolStr, labels: Labels) -> Self {
        let (members, assumptions) = (Vec::new(), Vec::new());
        Self { namespace, kind: ClientKind::Gateway, labels, sidecar: None, members, assumptions }
    }

    /// Its workloads by name, the first `most` of them: `shop/cart, shop/web and 3 more`; where none is shown, whose they are.
    #[must_use]
    pub fn names(&self, most: usize) -> String {
        let mut names: Vec<_> = self.members.iter().map(|member| member.qualified_name()).collect();
        if names.is_empty() {
            return match self.kind {
                ClientKind::Sidecar => format!("sidecars of {}", self.namespace),
                ClientKind::Gateway => format!("gateways of {}", self.namespace),
            };
        }
        names.sort_unstable();
        let more = names.len().saturating_sub(most);
        names.truncate(most);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        format!("{}{more}", names.join(", "))
    }

    /// What distinguishes the class from others of its namespace and kind.
    fn signature(&self, view: &View<'a>) -> Signature {
        let selecting = view.in_namespace::<DestinationRule>(&self.namespace).filter(|rule| {
            let selector = rule.spec.workload_selector.value();
            selector.is_some_and(|selector| self.labels.satisfy(selector.pairs()))
        });
        Signature {
            namespace: self.namespace.clone(),
            kind: self.kind,
            certain: self.assumptions.is_empty(),
            sidecar: self.sidecar.map(|sidecar| sidecar.entry.id),
            rules: selecting.map(|rule| rule.entry.id).collect(),
        }
    }
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Signature {
    namespace: SmolStr,
    kind: ClientKind,
    certain: bool,
    sidecar: Option<ResourceId>,
    rules: Vec<ResourceId>,
}

/// Every class of clients of the scope, in the order of their namespaces. Generated gateways are not among them.
#[must_use]
pub fn clients<'a>(view: &View<'a>) -> Vec<Client<'a>> {
    classes(view, &Key::AllWorkloads)
}

/// The classes of clients of one namespace.
#[must_use]
pub fn clients_in<'a>(view: &View<'a>, namespace: &str) -> Vec<Client<'a>> {
    classes(view, &Key::Workloads(namespace.into()))
}

/// The classes of gateways of one namespace.
pub(super) fn gateways_in<'a>(view: &View<'a>, namespace: &str) -> Vec<Client<'a>> {
    classes(view, &Key::GatewayWorkloads(namespace.into()))
}

fn classes<'a>(view: &View<'a>, key: &Key) -> Vec<Client<'a>> {
    let mut classes: BTreeMap<Signature, Client<'a>> = BTreeMap::new();
    for client in view.under(key).filter_map(|workload| Client::of(view, workload)) {
        let class = classes.entry(client.signature(view)).or_insert_with(|| Client {
            members: Vec::new(),
            assumptions: Vec::new(),
            ..client.clone()
        });
        class.members.extend(client.members);
        client.assumptions.into_iter().for_each(|assumption| assume(&mut class.assumptions, assumption));
    }
    classes.into_values().collect()
}
