//! Rule `missing-destination-port`.

use crate::index::Ref;
use crate::resource::host;
use crate::resource::istio::VirtualService;
use crate::rules::{Context, rule};
use crate::tls;
use crate::yaml::{At, Literal};

rule! {
    /// A destination without port, but the Service has several.
    ///
    /// ## Why
    /// Without a port istiod takes the only one of the Service; where there are several it cannot choose.
    ///
    /// ## Symptom
    /// `503 NC`: the route leads nowhere.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: web, namespace: shop}
    /// spec: {selector: {app: web}, ports: [{name: http, port: 80}, {name: admin, port: 81}]}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: VirtualService
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   hosts: [web]
    ///   http:
    ///   - route:
    ///     - destination: {host: web} #~ missing-destination-port `web` 80, 81
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: web, namespace: shop}
    /// spec: {selector: {app: web}, ports: [{name: http, port: 80}, {name: admin, port: 81}]}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: VirtualService
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   hosts: [web]
    ///   http:
    ///   - route:
    ///     - destination: {host: web, port: {number: 80}}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/analysis/ist0112/>
    "missing-destination-port", on: VirtualService, severity: Error, aliases: ["IST0112"], since: "0.1.0", all_fit: true,
}

fn check(service: Ref<'_, VirtualService>, cx: &mut Context<'_>) {
    let destinations = service.spec.destinations().filter(|(_, to)| to.port.is_absent());
    for written in destinations.filter_map(|(_, to)| to.host.present()).collect::<Vec<_>>() {
        let name = host::resolve(written, &service.entry.namespace);
        let services = tls::services(cx.view, &name);
        let [known] = services.as_slice() else { continue };
        let numbers: Vec<u32> = known.ports.iter().map(|port| port.number).collect();
        if numbers.len() < 2 {
            continue;
        }
        let document = cx.document(service.entry);
        let with_port = |number: u32| {
            let document = document.as_ref()?;
            let mut path = document.path_at(written.span.start()).to_edit();
            path.pop();
            path.extend([At::Key("port"), At::Key("number")]);
            document.set(&path, &Literal::Int(i64::from(number)))
        };
        let edits: Vec<_> = numbers.iter().map(|number| (*number, with_port(*number))).collect();
        let list: Vec<String> = numbers.iter().map(u32::to_string).collect();
        let finding = cx.report(
            written.span,
            format!(
                "{name} has ports {}, and none is chosen\nWithout a port the route leads nowhere: 503 (NC).",
                list.join(", ")
            ),
        );
        let source = known.source.entry();
        finding.related(source.id, source.resource.name_span(), "the ports are declared here");
        for (number, edit) in edits {
            finding.unsafe_fix(format!("send it to port {number}"), edit.into_iter().collect());
        }
    }
}
