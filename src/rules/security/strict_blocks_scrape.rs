//! Rule `strict-blocks-scrape`.

use crate::index::Entry;
use crate::resource::Spanned;
use crate::resource::istio::MtlsMode;
use crate::rules::{Context, Edit, Fix, rule};
use crate::tls::{self, Inbound, PolicyLevel, ProxyKind};
use crate::yaml::{Literal, append_document};
use smol_str::SmolStr;

rule! {
    /// Prometheus scrapes a port that accepts Istio mTLS only.
    ///
    /// ## Why
    /// Prometheus has no Istio certificate. With metrics merging, the default, it scrapes port 15020 of the proxy, which is open;
    /// with merging off it calls the port of the annotation, and a STRICT PeerAuthentication closes the connection.
    ///
    /// ## Symptom
    /// The target is down in Prometheus: `connection reset by peer`, `EOF`.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: {name: shop, labels: {istio-injection: enabled}}
    /// ---
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   template:
    ///     metadata:
    ///       labels: {app: web}
    ///       annotations:
    ///         prometheus.io/scrape: "true"
    ///         prometheus.io/port: "9090" #~ strict-blocks-scrape `"9090"` STRICT
    ///         prometheus.istio.io/merge-metrics: "false"
    /// ---
    /// apiVersion: security.istio.io/v1
    /// kind: PeerAuthentication
    /// metadata: {name: default, namespace: shop}
    /// spec: {mtls: {mode: STRICT}}
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: {name: shop, labels: {istio-injection: enabled}}
    /// ---
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   template:
    ///     metadata:
    ///       labels: {app: web}
    ///       annotations:
    ///         prometheus.io/scrape: "true"
    ///         prometheus.io/port: "9090"
    ///         prometheus.istio.io/merge-metrics: "true"
    /// ---
    /// apiVersion: security.istio.io/v1
    /// kind: PeerAuthentication
    /// metadata: {name: default, namespace: shop}
    /// spec: {mtls: {mode: STRICT}}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/ops/integrations/prometheus/#tls-settings>
    "strict-blocks-scrape", on: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, Job, CronJob, Rollout], severity: Warning, aliases: [], since: "0.1.0",
}

fn check(workload: &Entry, cx: &mut Context<'_>) {
    let Some(annotations) = workload.workload().map(|pods| pods.annotations).filter(|known| known.is_certain()) else {
        return;
    };
    let says = |key: &str, value: &str| annotations.under(key).is_some_and(|written| written.as_str() == value);
    let merges = match annotations.under("prometheus.istio.io/merge-metrics") {
        Some(written) => written.as_str() != "false",
        None => cx.view.mesh().enable_prometheus_merge,
    };
    if merges || !says("prometheus.io/scrape", "true") {
        return;
    }
    let Some(port) = annotations.under("prometheus.io/port") else { return };
    let Ok(number) = port.parse::<u32>() else { return };
    let excluded = annotations.under("traffic.sidecar.istio.io/excludeInboundPorts");
    if excluded.is_some_and(|list| list.split(',').any(|one| one.trim() == port.as_str())) {
        return;
    }
    let proxy = tls::proxy(cx.view, workload);
    let inbound = tls::inbound(cx.view, workload, Some(number));
    let is_known = proxy.is_certain() && inbound.assumptions.is_empty();
    if is_known && proxy.kind == ProxyKind::Sidecar && inbound.mode == MtlsMode::Strict {
        report(workload, port, &inbound, cx);
    }
}

fn report(workload: &Entry, port: &Spanned<SmolStr>, inbound: &Inbound<'_>, cx: &mut Context<'_>) {
    let fix = exception(workload, port, inbound, cx);
    let finding = cx.report(
        port.span,
        format!(
            "Prometheus cannot scrape port {}, which accepts Istio mTLS only (STRICT)\nMetrics merging is off, so that it \
             calls this port, without an Istio certificate: connection reset.",
            port.value
        ),
    );
    if let Some(policy) = inbound.peer_authentication {
        let span = inbound.mode_span.unwrap_or_else(|| policy.entry.resource.name_span());
        finding.related(policy.entry.id, span, "STRICT is demanded here");
    }
    if let Some(fix) = fix {
        finding.fix(fix);
    }
}

/// An exception for the port: in the policy for the workload, or in a new one.
fn exception(workload: &Entry, port: &str, inbound: &Inbound<'_>, cx: &Context<'_>) -> Option<Fix> {
    let title = format!("accept plaintext on port {port} too (PERMISSIVE)");
    let permissive = Literal::map([("mode", "PERMISSIVE")]);
    let policy = inbound.peer_authentication.filter(|_| inbound.level == PolicyLevel::Workload);
    let (resource, edit) = if let Some(policy) = policy {
        let document = cx.document(policy.entry)?;
        let mut path = document.path_at(inbound.mode_span?.start()).to_edit();
        path.truncate(1);
        path.extend([crate::yaml::At::Key("portLevelMtls"), crate::yaml::At::Key(port)]);
        (policy.entry.id, document.set(&path, &permissive)?)
    } else {
        let document = cx.document(workload)?;
        let pods = workload.workload()?;
        let app = ["app.kubernetes.io/name", "app"].into_iter().find_map(|key| Some((key, pods.label(key)?)))?;
        let policy = Literal::map([
            ("apiVersion", Literal::from("security.istio.io/v1")),
            ("kind", Literal::from("PeerAuthentication")),
            ("metadata", Literal::map([("name", workload.name()), ("namespace", &workload.namespace)])),
            (
                "spec",
                Literal::map([
                    ("selector", Literal::map([("matchLabels", Literal::map([(app.0, app.1.value.as_str())]))])),
                    ("portLevelMtls", Literal::map([(port, permissive)])),
                ]),
            ),
        ]);
        (workload.id, append_document(&document.text, &policy))
    };
    Some(Fix { title, safe: false, edits: vec![Edit { resource, edit }] })
}
