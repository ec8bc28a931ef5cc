//! Rule `external-name-port`.

use crate::index::Ref;
use crate::resource::Protocol;
use crate::resource::kubernetes::Service;
use crate::rules::{Context, rule};

rule! {
    /// A port of an ExternalName Service that Istio takes for TCP.
    ///
    /// ## Why
    /// A proxy listens for such a port on all addresses, since an ExternalName has none of its own: it takes every connection to the port.
    ///
    /// ## Symptom
    /// Connections to other hosts on the port go to this one.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: db, namespace: shop}
    /// spec:
    ///   type: ExternalName
    ///   externalName: db.example.com
    ///   ports:
    ///   - name: tcp #~ external-name-port `tcp` every connection
    ///     port: 5432
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: db, namespace: shop}
    /// spec:
    ///   type: ExternalName
    ///   externalName: db.example.com
    ///   ports:
    ///   - name: https
    ///     port: 443
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/analysis/ist0150/>
    "external-name-port", on: Service, severity: Warning, aliases: ["IST0150"], since: "0.1.0", all_fit: true,
}

fn check(service: Ref<'_, Service>, cx: &mut Context<'_>) {
    if !service.spec.is_external_name() {
        return;
    }
    for port in service.spec.ports.items() {
        let named_tcp = port.name.text() == Some("tcp");
        let is_undeclared = Protocol::of_service_port(port) == Some(Protocol::Auto);
        let (Some(number), Some(span)) = (port.port.copied(), port.name.span().or(port.port.span())) else { continue };
        if named_tcp || is_undeclared {
            cx.report(
                span,
                format!(
                    "the proxy takes every connection to port {number}, whichever host it is for\nAn ExternalName has no address of its own; a \
                     name such as http or tls tells hosts apart."
                ),
            );
        }
    }
}
