//! The workloads behind Gateways: those of the workspace, those that istiod generates, and those that must be assumed.

use std::collections::BTreeSet;

use smol_str::SmolStr;

use super::{generated, generated_labels};
use crate::index::{Entry, Key, Ref, View};
use crate::resource::gateway_api::KubernetesGateway;
use crate::resource::istio::Gateway;
use crate::tls::reason::Assumption;
use crate::tls::{Client, Labels, ProxyKind, pod_labels, proxy};

/// A workload that serves Gateways.
#[derive(Debug, Clone)]
pub struct GatewayWorkload<'a> {
    /// `namespace/name`; none for one that is assumed.
    pub name: Option<SmolStr>,
    /// The namespace whose DestinationRules it reads.
    pub namespace: SmolStr,
    /// The labels of its pods.
    pub labels: Labels,
    /// The resource that runs the pods; none for one that is generated or assumed.
    pub entry: Option<&'a Entry>,
    /// The Gateway for which it is generated.
    pub generated_for: Option<Ref<'a, KubernetesGateway>>,
    /// What was taken for granted.
    pub assumptions: Vec<Assumption>,
}

impl<'a> GatewayWorkload<'a> {
    /// The workload as a client of the services behind it.
    #[must_use]
    pub fn client(&self) -> Client<'a> {
        let mut client = Client::gateway(self.namespace.clone(), self.labels.clone());
        client.members = self.entry.into_iter().collect();
        client.assumptions.clone_from(&self.assumptions);
        client
    }

    fn of(view: &View<'a>, workload: &'a Entry) -> Option<Self> {
        let is_running = workload.workload()?.replicas != Some(0);
        let proxy = proxy(view, workload);
        (is_running && proxy.kind == ProxyKind::Gateway).then(|| Self {
            name: Some(workload.qualified_name().into()),
            namespace: workload.namespace.clone(),
            labels: pod_labels(workload),
            entry: Some(workload),
            generated_for: None,
            assumptions: proxy.assumptions,
        })
    }

    /// What istiod runs for a Gateway of the Gateway API; waypoints serve no Gateway.
    #[must_use]
    pub fn generated(view: &View<'a>, gateway: Ref<'a, KubernetesGateway>) -> Option<Self> {
        let (name, kind) = generated(view, gateway)?;
        (kind == ProxyKind::Gateway).then(|| Self {
            name: Some(format!("{}/{name}", gateway.entry.namespace).into()),
            namespace: gateway.entry.namespace.clone(),
            labels: generated_labels(gateway),
            entry: None,
            generated_for: Some(gateway),
            assumptions: Vec::new(),
        })
    }

    fn assumed(view: &View<'a>, gateway: Ref<'a, Gateway>) -> Self {
        let labels = Labels::of(&gateway.spec.selector);
        let selector: Vec<_> = labels.pairs().map(|(key, value)| format!("{key}={value}")).collect();
        let mut assumptions = vec![Assumption::GatewayWorkload(selector.join(",").into())];
        if !labels.is_certain() {
            assumptions.push(Assumption::unknown(gateway.entry, gateway.spec.selector.span()));
        }
        let namespace = view.mesh().root_namespace.clone();
        Self { name: None, namespace, labels, entry: None, generated_for: None, assumptions }
    }

    /// The Gateway is served here; an assumed workload serves only those of its own selector.
    #[must_use]
    pub fn reports(&self, gateway: Ref<'_, Gateway>) -> bool {
        self.name.is_some() || Labels::of(&gateway.spec.selector).same_pairs(&self.labels)
    }
}

/// The workloads that serve `gateway`: every gateway workload that its selector finds, else one that is assumed.
#[must_use]
pub fn workloads_of<'a>(view: &View<'a>, gateway: Ref<'a, Gateway>) -> Vec<GatewayWorkload<'a>> {
    let selector = Labels::of(&gateway.spec.selector);
    let pairs: Vec<_> = selector.pairs().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    let entries = view.workloads_anywhere(&pairs);
    let mut found: Vec<_> = entries.into_iter().filter_map(|entry| GatewayWorkload::of(view, entry)).collect();
    found.extend(
        all_generated(view)
            .filter(|workload| pairs.iter().all(|(key, value)| workload.labels.value(key) == Some(*value))),
    );
    if found.is_empty() || !selector.is_certain() {
        return vec![GatewayWorkload::assumed(view, gateway)];
    }
    found
}

/// Every gateway workload of the scope: real, generated and assumed ones, in this order.
#[must_use]
pub fn workloads<'a>(view: &View<'a>) -> Vec<GatewayWorkload<'a>> {
    let entries = view.under(&Key::AllWorkloads);
    let mut all: Vec<_> = entries.filter_map(|entry| GatewayWorkload::of(view, entry)).collect();
    all.extend(all_generated(view));
    let mut gateways: Vec<_> = view.all::<Gateway>().collect();
    gateways.sort_by(|left, right| left.entry.age().cmp(&right.entry.age()));
    let mut selectors = BTreeSet::new();
    for gateway in gateways {
        let mut pairs: Vec<_> = Labels::of(&gateway.spec.selector).pairs().cloned().collect();
        pairs.sort_unstable();
        if selectors.insert(pairs) {
            all.extend(workloads_of(view, gateway).into_iter().filter(|workload| workload.name.is_none()));
        }
    }
    all
}

fn all_generated<'a>(view: &View<'a>) -> impl Iterator<Item = GatewayWorkload<'a>> {
    view.all::<KubernetesGateway>().filter_map(|gateway| GatewayWorkload::generated(view, gateway))
}
