//! What istiod makes of a Gateway of the Gateway API: a workload and a Service.

use smol_str::{SmolStr, format_smolstr};

use crate::index::{Key, Ref, View};
use crate::resource::GATEWAY_NAME;
use crate::resource::gateway_api::{GatewayClass, KubernetesGateway};
use crate::resource::{Protocol, Typed, host};
use crate::tls::proxy::ProxyKind;
use crate::tls::service::{Port, Service, Source};
use crate::tls::{Labels, endpoint};

/// The controller whose GatewayClasses istiod serves with gateways.
const CONTROLLER: &str = "istio.io/gateway-controller";

/// The name of what is generated, and its kind of proxy; none where istiod generates nothing.
#[must_use]
pub fn generated(view: &View<'_>, gateway: Ref<'_, KubernetesGateway>) -> Option<(SmolStr, ProxyKind)> {
    let class = gateway.spec.gateway_class_name.text()?;
    let is_gateway = || {
        let object = view.typed::<GatewayClass>(&Key::AnyNamespace(GatewayClass::KIND, class.into())).next();
        object.is_some_and(|object| object.spec.controller_name.text() == Some(CONTROLLER))
    };
    let name = gateway.entry.name();
    let named = gateway.entry.resource.annotation("gateway.istio.io/name-override");
    match class {
        "istio-waypoint" => Some((name.into(), ProxyKind::Waypoint)),
        class if class == "istio" || is_gateway() => {
            let name = named.map_or_else(|| format_smolstr!("{name}-{class}"), |name| name.value.clone());
            Some((name, ProxyKind::Gateway))
        }
        _ => None,
    }
}

/// The labels of the pods that are generated.
#[must_use]
pub fn generated_labels(gateway: Ref<'_, KubernetesGateway>) -> Labels {
    let own = [(SmolStr::new_static(GATEWAY_NAME), SmolStr::new(gateway.entry.name()))];
    let infrastructure = gateway.spec.infrastructure.value();
    let written = infrastructure.into_iter().flat_map(|written| written.labels.pairs());
    Labels::known(own.into_iter().chain(written.map(|(key, value)| (key.clone(), value.value.clone()))))
}

/// The Service called `name` that is generated for a Gateway of `namespace`.
pub(in crate::tls) fn generated_service<'a>(view: &View<'a>, namespace: &str, name: &str) -> Option<Service<'a>> {
    view.in_namespace::<KubernetesGateway>(namespace).find_map(|gateway| {
        let (generated, _) = generated(view, gateway)?;
        (generated == name).then(|| service_of(view, gateway))?
    })
}

/// The Service that is generated for a Gateway: a port a listener.
#[must_use]
pub fn service_of<'a>(view: &View<'a>, gateway: Ref<'a, KubernetesGateway>) -> Option<Service<'a>> {
    let (name, kind) = generated(view, gateway)?;
    let mut ports: Vec<Port<'a>> = Vec::new();
    for listener in gateway.spec.listeners.items() {
        let Some(number) = listener.port.copied() else { continue };
        if ports.iter().any(|port| port.number == number) {
            continue;
        }
        let endpoint = endpoint::generated(gateway.entry, &name, kind, generated_labels(gateway), number);
        ports.push(Port {
            number,
            name: listener.name.value().cloned().unwrap_or_default(),
            protocol: Protocol::Auto,
            span: Some(listener.span),
            endpoints: vec![endpoint],
        });
    }
    Some(Service {
        host: host::service_fqdn(&name, &gateway.entry.namespace).into(),
        source: Source::Gateway(gateway),
        namespace: gateway.entry.namespace.clone(),
        external: false,
        passthrough: false,
        resolution: None,
        ports,
        assumptions: Vec::new(),
    })
}
