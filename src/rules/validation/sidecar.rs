//! Fields of a Sidecar that do not go together.

use super::places::{Found, items, maps, quoted};
use super::refusal::Refusal;
use super::{destination_rule, gateway, selectors, server_tls, sockets};
use crate::resource::Protocol;
use crate::yaml::Node;

/// What istiod refuses.
pub(super) fn refused(root: &Node) -> Vec<Refusal> {
    let mut refusals: Vec<Refusal> = maps(root, "spec.ingress[]").iter().flat_map(ingress).collect();
    refusals.extend(maps(root, "spec.inboundConnectionPool").iter().flat_map(destination_rule::pool));
    let listeners = maps(root, "spec.egress[]");
    let mut seen: Vec<Found<'_>> = Vec::new();
    for (at, listener) in listeners.iter().enumerate() {
        if listener.lacks("port") && at + 1 < listeners.len() {
            let place = listener.field("hosts").map_or(listener.node.span, |hosts| hosts.key);
            refusals.push(Refusal::at(place, "a listener without `port` comes last: it takes what the others leave"));
        }
        refusals.extend(egress(listener, &mut seen));
    }
    refusals.extend(proxy(root));
    refusals
}

/// What istiod ignores of a Sidecar in `namespace`.
pub(super) fn ineffective(root: &Node, namespace: &str) -> Vec<Refusal> {
    let mut ineffective: Vec<Refusal> = selectors::empty(root, "labels").map(Refusal::doubtfully).into_iter().collect();
    for listener in maps(root, "spec.ingress[]") {
        ineffective.extend(listener.field("tls").iter().flat_map(server_tls::ineffective));
        let port = listener.field("port");
        let pool = maps(listener.node, "connectionPool.http").first().copied();
        let is_other = |port: &Found<'_>| protocol(port).is_some_and(|protocol| !protocol.is_http());
        if let (Some(port), Some(pool)) = (port.filter(is_other), pool) {
            let name = port.text_of("protocol").unwrap_or("none");
            let message = format!("limits of HTTP do nothing on a port of protocol {name}");
            let whole = listener.field("connectionPool").filter(|whole| whole.lacks("tcp"));
            let refusal = Refusal::at(pool.key, message);
            ineffective.push(refusal.remove_at(whole.map_or(pool.key, |whole| whole.key)));
        }
    }
    ineffective.extend(maps(root, "spec.egress[]").iter().flat_map(|listener| repeated(listener, namespace)));
    ineffective
}

fn ingress(listener: &Found<'_>) -> Vec<Refusal> {
    let mut refusals: Vec<Refusal> = listener.field("connectionPool").iter().flat_map(destination_rule::pool).collect();
    let Some(port) = listener.field("port") else { return refusals };
    refusals.extend(gateway::target_port(&port, "a Sidecar"));
    if let Some(zero) = port.field("number").filter(|number| number.number() == Some(0.0)) {
        refusals.push(Refusal::at(zero.node.span, "an ingress listener has a port from 1 to 65535"));
    }
    let is_socket = |address: &Found<'_>| address.text().is_some_and(|text| text.starts_with("unix://"));
    let bind = listener.field("bind").filter(is_socket);
    refusals.extend(bind.map(|bind| Refusal::at(bind.node.span, "an ingress listener binds to an IP address")));
    refusals.extend(listener.field("defaultEndpoint").and_then(|endpoint| default_endpoint(&endpoint)));
    let Some(tls) = listener.field("tls").filter(|tls| tls.node.as_mapping().is_some()) else { return refusals };
    let unsupported = ["subjectAltNames", "credentialName", "credentialNames", "tlsCertificates"]
        .into_iter()
        .filter(|name| tls.has(name));
    let redirect = tls.field("httpsRedirect").filter(|redirect| redirect.text() == Some("true"));
    let fields = unsupported.filter_map(|name| tls.field(name)).chain(redirect);
    refusals
        .extend(fields.map(|field| Refusal::at(field.key, format!("`{}` is not supported in a Sidecar", field.name))));
    let mode = tls.field("mode").filter(|mode| matches!(mode.text(), Some("ISTIO_MUTUAL" | "AUTO_PASSTHROUGH")));
    refusals.extend(mode.map(|mode| {
        Refusal::at(mode.node.span, format!("mode {} is not supported in a Sidecar", mode.text().unwrap_or_default()))
    }));
    if protocol(&port).is_some_and(|protocol| !matches!(protocol, Protocol::Https | Protocol::Tls)) {
        let name = port.text_of("protocol").unwrap_or("none");
        refusals.push(Refusal::at(tls.key, format!("TLS settings on a port of protocol {name}")).beside(port.key));
    }
    refusals.extend(server_tls::refused(&tls));
    refusals
}

/// What a port speaks, as far as that is known; nothing is said by a missing field too.
fn protocol(port: &Found<'_>) -> Option<Protocol> {
    port.field("protocol").map_or(Some(Protocol::Auto), |protocol| protocol.text().map(Protocol::parse))
}

/// `127.0.0.1:PORT`, `[::1]:PORT`, all addresses, no address, or a socket.
fn default_endpoint(endpoint: &Found<'_>) -> Option<Refusal> {
    let text = endpoint.text().filter(|text| !text.is_empty())?;
    if text.starts_with("unix://") {
        return sockets::refused(endpoint);
    }
    let refusal = |message: &str| Some(Refusal::at(endpoint.node.span, format!("{} {message}", quoted(text))));
    let Some((address, port)) = text.rsplit_once(':') else { return refusal("has no port") };
    if !matches!(address, "" | "127.0.0.1" | "0.0.0.0" | "[::1]" | "[::]") {
        return refusal("is no address of the pod itself");
    }
    let is_port = port.parse::<u16>().is_ok_and(|port| port > 0);
    if is_port { None } else { refusal("has no port from 1 to 65535") }
}

fn egress<'n>(listener: &Found<'n>, seen: &mut Vec<Found<'n>>) -> Vec<Refusal> {
    let Some(port) = listener.field("port").filter(|port| port.node.as_mapping().is_some()) else { return Vec::new() };
    let mut refusals: Vec<Refusal> = gateway::target_port(&port, "a Sidecar").into_iter().collect();
    let bind = listener.field("bind");
    let socket = bind.filter(|bind| bind.text().is_some_and(|text| text.starts_with("unix://")));
    let number = port.field("number");
    let place = number.map_or(port.key, |number| number.node.span);
    let Some(value) = number.map_or(Some(0.0), |number| number.number()) else { return refusals };
    match socket {
        Some(socket) if value != 0.0 => {
            let refusal = Refusal::at(place, "the port of a `unix://` bind is 0").beside(socket.node.span);
            refusals.push(if number.is_some() { refusal.write("0") } else { refusal });
        }
        Some(socket) => {
            refusals.extend(sockets::refused(&socket));
            if let Some(first) = seen.iter().find(|other| other.text() == socket.text()) {
                let message = "this socket is taken by a listener above";
                refusals.push(Refusal::at(socket.node.span, message).beside(first.node.span));
            }
            seen.push(socket);
            let capture = listener.field("captureMode").filter(|mode| mode.text() == Some("IPTABLES"));
            refusals
                .extend(capture.map(|mode| Refusal::at(mode.node.span, "traffic cannot be redirected to a socket")));
        }
        None if value > 0.0 => {
            let is_wrong = |bind: &Found<'_>| {
                bind.text().is_some_and(|text| !text.is_empty() && text.parse::<std::net::IpAddr>().is_err())
            };
            let message = "a listener with a port binds to an IP address";
            refusals.extend(bind.filter(is_wrong).map(|bind| Refusal::at(bind.node.span, message)));
        }
        None if value == 0.0 && bind.is_none_or(|bind| bind.text().is_some()) => {
            refusals.push(Refusal::at(place, "port 0 is for a `unix://` bind alone"));
        }
        None => {}
    }
    refusals
}

/// The proxy for calls out of the mesh: with mode ALLOW_ANY, and with a port.
fn proxy(root: &Node) -> Option<Refusal> {
    let policy = maps(root, "spec.outboundTrafficPolicy").first().copied()?;
    let proxy = policy.field("egressProxy").filter(|proxy| proxy.node.as_mapping().is_some())?;
    let mode = policy.field("mode").map_or(Some("REGISTRY_ONLY"), |mode| mode.text())?;
    let refusal = |message: String| Some(Refusal::at(proxy.key, message));
    match mode {
        "ALLOW_ANY" if proxy.lacks("port") => refusal("`egressProxy` lacks `port`".to_owned()),
        "REGISTRY_ONLY" => refusal(format!("`egressProxy` needs mode ALLOW_ANY, not {mode}")),
        _ => None,
    }
}

/// Hosts of a listener that other ones include, and hosts beside `*/*`.
fn repeated(listener: &Found<'_>, namespace: &str) -> Vec<Refusal> {
    let mut repeated = Vec::new();
    let mut seen: Vec<(&str, &str, Found<'_>)> = Vec::new();
    for item in listener.field("hosts").iter().flat_map(items) {
        let Some((from, name)) =
            item.text().and_then(|text| text.split_once('/')).filter(|(from, _)| !from.starts_with('~'))
        else {
            continue;
        };
        let from = if from == "." { namespace } else { from };
        let before = seen
            .iter()
            .find(|(other, service, _)| *other == from && (name == "*" || *service == "*" || *service == name));
        if let Some((.., first)) = before {
            let [later, earlier] = [&item, first].map(|host| quoted(host.text().unwrap_or_default()));
            let message = format!("{later} and {earlier} repeat each other");
            let refusal = Refusal::at(item.node.span, message).beside(first.node.span);
            let is_included = name != "*" || first.text().is_some_and(|text| text.ends_with("/*"));
            repeated.push(if is_included { refusal.remove() } else { refusal });
        }
        seen.push((from, name, item));
    }
    let all = seen.iter().find(|(from, name, _)| (*from, *name) == ("*", "*"));
    let other = seen.iter().find(|(from, ..)| *from != "*");
    if let (Some((.., all)), Some((.., other))) = (all, other) {
        let message = format!("`*/*` includes {}", quoted(other.text().unwrap_or_default()));
        repeated.push(Refusal::at(all.node.span, message).beside(other.node.span));
    }
    repeated
}
