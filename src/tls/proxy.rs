//! Who has a proxy: gateways, sidecars by injection, ztunnel by ambient mode.
//!
//! Injection is decided as the webhooks of a default installation do (`istio-discovery` chart, `pkg/kube/inject`). The
//! labels of a Namespace that neither the workspace nor the settings show are taken as none, and the answer says so.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::Labels;
use super::reason::{Assumption, Reason, assume};
use crate::index::{Entry, View};
use crate::resource::{Field, Map, Spanned, Workload};

/// What carries a workload's traffic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ProxyKind {
    /// A gateway: the workload is the proxy.
    Gateway,
    /// A waypoint of ambient mode.
    Waypoint,
    /// A sidecar beside the application.
    Sidecar,
    /// The node's ztunnel (ambient mode).
    Ztunnel,
    /// Nothing.
    None,
}

impl ProxyKind {
    /// The word used in output.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Gateway => "gateway",
            Self::Waypoint => "waypoint",
            Self::Sidecar => "sidecar",
            Self::Ztunnel => "ztunnel",
            Self::None => "none",
        }
    }
}

/// The proxy of a workload, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proxy {
    /// What it is.
    pub kind: ProxyKind,
    /// What decided.
    pub because: Reason,
    /// What was taken for granted.
    pub assumptions: Vec<Assumption>,
}

impl Proxy {
    /// Nothing outside the workspace can change the answer.
    #[must_use]
    pub fn is_certain(&self) -> bool {
        self.assumptions.is_empty()
    }
}

const INJECTION: &str = "istio-injection";
const INJECT: &str = "sidecar.istio.io/inject";
const REVISION: &str = "istio.io/rev";
const DATAPLANE_MODE: &str = "istio.io/dataplane-mode";
const NEVER_INJECTED: [&str; 4] = ["kube-system", "kube-public", "kube-node-lease", "local-path-storage"];

/// The proxy of `workload`; none has one where `workload` does not run pods.
#[must_use]
pub fn proxy(view: &View<'_>, workload: &Entry) -> Proxy {
    let Some(pods) = workload.workload() else {
        return Proxy { kind: ProxyKind::None, because: Reason::of("runs no pods"), assumptions: Vec::new() };
    };
    let pods = Pods::new(view, workload, pods);
    let mut assumptions = Vec::new();
    for labels in [pods.workload.labels, pods.workload.annotations] {
        if !labels.is_certain() {
            assume(&mut assumptions, Assumption::unknown(workload, labels.span()));
        }
    }
    if let Some(because) = gateway(workload, pods.workload) {
        return Proxy { kind: ProxyKind::Gateway, because, assumptions };
    }
    if pods.namespace.is_none() && pods.known.is_none() {
        assume(&mut assumptions, Assumption::NamespaceLabels(workload.namespace.clone()));
    } else if let Some(namespace) = pods.namespace
        && !namespace.resource.metadata.labels.is_certain()
    {
        assume(&mut assumptions, Assumption::unknown(namespace, namespace.resource.metadata.labels.span()));
    }
    let (injected, because) = pods.injection();
    if injected {
        return Proxy { kind: ProxyKind::Sidecar, because, assumptions };
    }
    match pods.ambient() {
        Some(because) => Proxy { kind: ProxyKind::Ztunnel, because, assumptions },
        None => Proxy { kind: ProxyKind::None, because, assumptions },
    }
}

/// Pods of `namespace` may get a sidecar without asking for it: its labels say so, or nothing shows its labels.
pub(super) fn may_be_injected(view: &View<'_>, namespace: &str) -> bool {
    let asks = |injection: Option<&str>, has_revision: bool| injection.map_or(has_revision, |value| value == "enabled");
    if NEVER_INJECTED.contains(&namespace) {
        return false;
    }
    if let Some(shown) = view.namespace(namespace) {
        let labels = &shown.resource.metadata.labels;
        let injection = labels.under(INJECTION).map(|value| value.as_str());
        return !labels.is_certain() || asks(injection, labels.under(REVISION).is_some());
    }
    view.known()
        .namespaces
        .get(namespace)
        .is_none_or(|labels| asks(labels.get(INJECTION).map(SmolStr::as_str), labels.contains_key(REVISION)))
}

/// `workload` runs the proxy of a gateway, whatever its namespace says.
fn gateway(entry: &Entry, pods: Workload<'_>) -> Option<Reason> {
    Some(Reason::at(entry, pods.gateway_mark()?, "gateway workload"))
}

struct Pods<'a> {
    entry: &'a Entry,
    workload: Workload<'a>,
    namespace: Option<&'a Entry>,
    /// The labels of a namespace that no resource shows, as the user says.
    known: Option<&'a BTreeMap<SmolStr, SmolStr>>,
}

impl<'a> Pods<'a> {
    fn new(view: &View<'a>, entry: &'a Entry, workload: Workload<'a>) -> Self {
        let namespace = view.namespace(&entry.namespace).map(|namespace| &**namespace);
        let known = view.known().namespaces.get(&entry.namespace).filter(|_| namespace.is_none());
        Self { entry, workload, namespace, known }
    }

    fn injection(&self) -> (bool, Reason) {
        let label = self.workload.label(INJECT);
        let refused = label.filter(|value| value.as_str() == "false");
        let namespace_says = |key| self.namespace.and_then(|namespace| namespace.resource.metadata.labels.under(key));
        let known = |key| self.known.and_then(|labels| labels.get(key));
        let called = if let Some(injection) = namespace_says(INJECTION) {
            let because = self.of_namespace(injection, format!("namespace istio-injection={}", injection.value));
            if injection.as_str() != "enabled" {
                return (false, because);
            }
            because
        } else if let Some(injection) = known(INJECTION) {
            let because = Reason::of(format!("namespace istio-injection={injection}, says istio-ls.yaml"));
            if injection != "enabled" {
                return (false, because);
            }
            because
        } else if let Some(revision) = known(REVISION) {
            Reason::of(format!("namespace {REVISION}={revision}, says istio-ls.yaml"))
        } else if let Some(revision) = namespace_says(REVISION) {
            self.of_namespace(revision, format!("namespace {REVISION}={}", revision.value))
        } else if let Some(revision) = self.workload.label(REVISION).filter(|_| refused.is_none()) {
            self.of_pod(revision, format!("pod label {REVISION}={}", revision.value))
        } else if let Some(inject) = label.filter(|value| value.as_str() == "true") {
            self.of_pod(inject, format!("pod label {INJECT}=true"))
        } else {
            return (false, Reason::of("no injection label"));
        };
        if let Some(refused) = refused {
            return (false, self.of_pod(refused, format!("pod label {INJECT}=false")));
        }
        self.admit(called)
    }

    /// What the injector does once it is called.
    fn admit(&self, called: Reason) -> (bool, Reason) {
        if let Some(host_network) = self.host_network() {
            return (false, Reason::at(self.entry, host_network, "hostNetwork"));
        }
        if NEVER_INJECTED.contains(&self.entry.namespace.as_str()) {
            return (false, Reason::of(format!("namespace {} is never injected", self.entry.namespace)));
        }
        let annotation = self.workload.annotations.under(INJECT);
        match annotation.filter(|value| self.workload.label(INJECT).is_none() && value.as_str() == "false") {
            Some(refused) => (false, self.of_pod(refused, format!("pod annotation {INJECT}=false"))),
            None => (true, called),
        }
    }

    fn ambient(&self) -> Option<Reason> {
        if self.host_network().is_some() || self.entry.namespace == "istio-system" {
            return None;
        }
        if let Some(mode) = self.workload.label(DATAPLANE_MODE) {
            return (mode.as_str() == "ambient")
                .then(|| self.of_pod(mode, format!("pod label {DATAPLANE_MODE}=ambient")));
        }
        let mode = self.namespace?.resource.metadata.labels.under(DATAPLANE_MODE)?;
        (mode.as_str() == "ambient")
            .then(|| self.of_namespace(mode, format!("namespace label {DATAPLANE_MODE}=ambient")))
    }

    fn host_network(&self) -> Option<crate::text::Span> {
        let spec = self.workload.spec?;
        spec.host_network.present().filter(|value| value.value).map(|value| value.span)
    }

    fn of_namespace(&self, value: &Spanned<SmolStr>, text: String) -> Reason {
        match self.namespace {
            Some(namespace) => Reason::at(namespace, value.span, text),
            None => Reason::of(text),
        }
    }

    fn of_pod(&self, value: &Spanned<SmolStr>, text: String) -> Reason {
        Reason::at(self.entry, value.span, text)
    }
}

/// Auto mTLS takes a pod with these labels for one that understands Istio mTLS: a sidecar's injector sets the label
/// `security.istio.io/tlsMode: istio`, unless the author set it otherwise. Gateways do not get it.
#[must_use]
pub fn understands_mtls(kind: ProxyKind, labels: &Labels) -> bool {
    match labels.value(TLS_MODE) {
        Some(mode) => mode == "istio",
        None => kind == ProxyKind::Sidecar,
    }
}

/// The label by which clients know whether an endpoint understands Istio mTLS.
pub const TLS_MODE: &str = "security.istio.io/tlsMode";

/// The labels of a workload's pods.
#[must_use]
pub fn pod_labels(workload: &Entry) -> Labels {
    static NO_LABELS: Field<Map<SmolStr>> = Field::Absent;
    Labels::of(workload.workload().map_or(&NO_LABELS, |pods| pods.labels))
}
