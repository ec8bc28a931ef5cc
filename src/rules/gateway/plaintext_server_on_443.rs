//! Rule `plaintext-server-on-443`.

use super::bound_server::protocol;
use super::credential::suggestion;
use crate::index::{Entry, Ref, View};
use crate::resource::istio::Gateway;
use crate::rules::{Context, Edit, Fix, Severity, rule};
use crate::text::TextEdit;
use crate::tls::gateway::workloads_of;
use crate::yaml::{At, Literal, Place};

rule! {
    /// A gateway server speaks plaintext on a port where clients speak TLS.
    ///
    /// ## Why
    /// Browsers and `https://` clients begin with a TLS handshake on 443 and 8443. An HTTP server reads it as a broken request.
    /// Where a load balancer in front takes TLS off, its annotation on the gateway's Service says so, and the rule is quiet.
    ///
    /// ## Symptom
    /// `SSL routines: wrong version number`, `ERR_SSL_PROTOCOL_ERROR`.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: Gateway
    /// metadata: {name: public, namespace: shop}
    /// spec:
    ///   selector: {istio: ingressgateway}
    ///   servers:
    ///   - port: {number: 443, name: http, protocol: HTTP} #~ plaintext-server-on-443 `HTTP`
    ///     hosts: [shop.example.com]
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: Gateway
    /// metadata: {name: public, namespace: shop}
    /// spec:
    ///   selector: {istio: ingressgateway}
    ///   servers:
    ///   - port: {number: 443, name: https, protocol: HTTPS}
    ///     hosts: [shop.example.com]
    ///     tls: {mode: SIMPLE, credentialName: shop-cert}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/networking/gateway/#ServerTLSSettings>
    "plaintext-server-on-443", on: Gateway, severity: Warning, aliases: [], since: "0.1.0",
}

fn check(gateway: Ref<'_, Gateway>, cx: &mut Context<'_>) {
    for server in gateway.spec.servers.items().filter(|server| protocol(server).is_http()) {
        let Some(port) = server.port.value() else { continue };
        let (Some(number), Some(written)) = (port.number.copied(), port.protocol.present()) else { continue };
        let is_plain = match server.tls.value() {
            Some(tls) => {
                tls.mode.is_absent() && tls.credential_name.is_absent() && tls.https_redirect.copied() != Some(true)
            }
            None => server.tls.is_absent(),
        };
        if !matches!(number, 443 | 8443) || !is_plain {
            continue;
        }
        let services = services_in_front(gateway, cx.view);
        if services.iter().any(|service| takes_tls_off(service)) {
            continue;
        }
        let edit = cx.document(gateway.entry).and_then(|document| {
            let path = document.path_at(written.span.start()).to_edit();
            let first_host = server.hosts.items().next()?;
            let server: &[At<'_>] = path.get(..path.len().checked_sub(2)?)?;
            let name = suggestion(gateway, first_host, cx.view);
            let tls = Literal::map([("mode", "SIMPLE".to_owned()), ("credentialName", name)]);
            document.insert(server, Place::Last, "tls", &tls)
        });
        let message = format!(
            "plaintext {} on port {number}, where clients speak TLS\nTheir handshake is read as a broken request: wrong \
             version number.",
            written.value
        );
        let finding = cx.report(written.span, message);
        if services.is_empty() {
            // What stands in front of the gateway is not known.
            finding.severity(Severity::Hint);
        }
        let edits = edit.into_iter().flat_map(|edit| [TextEdit::replace(written.span, "HTTPS"), edit]);
        let edits = edits.map(|edit| Edit { resource: gateway.entry.id, edit }).collect();
        finding.fix(Fix { title: "terminate TLS here: HTTPS with a certificate".to_owned(), safe: false, edits });
    }
}

fn services_in_front<'a>(gateway: Ref<'a, Gateway>, view: &View<'a>) -> Vec<&'a Entry> {
    let workloads = workloads_of(view, gateway);
    let entries = workloads.iter().filter_map(|workload| workload.entry);
    entries.flat_map(|workload| view.services_of(workload)).map(|service| service.entry).collect()
}

/// An annotation gives the load balancer a certificate.
fn takes_tls_off(service: &Entry) -> bool {
    const WORDS: [&str; 6] = ["ssl-cert", "ssl-ports", "app-protocols", "tls-secret", "cert-id", "certificate"];
    let annotations = &service.resource.metadata.annotations;
    !annotations.is_certain() || annotations.pairs().any(|(key, _)| WORDS.iter().any(|word| key.contains(word)))
}
