//! Fields of a Gateway that do not go together.

use super::places::{Found, maps};
use super::refusal::Refusal;
use super::{server_tls, sockets};
use crate::resource::Protocol;
use crate::yaml::Node;

/// What istiod refuses.
pub(super) fn refused(root: &Node) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    for server in maps(root, "spec.servers[]") {
        refusals.extend(server.field("tls").iter().flat_map(server_tls::refused));
        refusals.extend(bind(&server));
        let Some(port) = server.field("port") else { continue };
        refusals.extend(target_port(&port, "a Gateway"));
        let Some(protocol) = port.field("protocol") else { continue };
        let needs_tls = protocol.text().is_some_and(|text| Protocol::parse(text).is_tls());
        // istiod looks at TLS only when the port is right.
        if needs_tls && server.lacks("tls") && port.has("name") && port.lacks("targetPort") {
            let message = format!("a server of protocol {} lacks `tls`", protocol.text().unwrap_or_default());
            refusals.push(Refusal::at(protocol.node.span, message));
        }
    }
    refusals
}

/// What istiod ignores.
pub(super) fn ineffective(root: &Node) -> Vec<Refusal> {
    let mut ineffective: Vec<Refusal> =
        maps(root, "spec.servers[].tls").iter().flat_map(server_tls::ineffective).collect();
    // What a server of TLS does with it is a rule of its own.
    for server in maps(root, "spec.servers[]") {
        let protocol = server.field("port").and_then(|port| port.text_of("protocol")).map(Protocol::parse);
        let is_plain = protocol.is_some_and(|protocol| !protocol.is_tls() && !protocol.is_http());
        let redirect = server.field("tls").and_then(|tls| tls.field("httpsRedirect"));
        let redirect = redirect.filter(|redirect| is_plain && redirect.text() == Some("true"));
        let message = "`httpsRedirect` is for servers of HTTP alone";
        ineffective.extend(redirect.map(|redirect| Refusal::at(redirect.key, message).remove()));
    }
    ineffective
}

/// A target port, which ports of `kind` do not have.
pub(super) fn target_port(port: &Found<'_>, kind: &str) -> Option<Refusal> {
    let target = port.field("targetPort").filter(|target| target.number().is_some_and(|number| number > 0.0))?;
    Some(Refusal::at(target.key, format!("`targetPort` does nothing in {kind}")).remove().safely())
}

/// A socket has a path and no port, everything else has a port.
fn bind(server: &Found<'_>) -> Vec<Refusal> {
    let number = server.field("port").and_then(|port| port.field("number"));
    let value = number.as_ref().and_then(Found::number);
    let socket = server.field("bind").filter(|bind| bind.text().is_some_and(|text| text.starts_with("unix://")));
    let Some(socket) = socket else {
        let zero =
            number.filter(|_| value == Some(0.0) && server.field("bind").is_none_or(|bind| bind.text().is_some()));
        return zero
            .map(|number| Refusal::at(number.node.span, "port 0 is for a `unix://` bind alone"))
            .into_iter()
            .collect();
    };
    let mut refusals: Vec<Refusal> = sockets::refused(&socket).into_iter().collect();
    if let Some(number) = number.filter(|_| value.is_some_and(|value| value != 0.0)) {
        refusals.push(
            Refusal::at(number.node.span, "the port of a `unix://` bind is 0").beside(socket.node.span).write("0"),
        );
    }
    refusals
}
