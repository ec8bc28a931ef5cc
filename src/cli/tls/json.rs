//! The connections as JSON: a row a workload, sorted.

use serde::ser::{Serialize, SerializeStruct, Serializer};
use serde_json::json as value;

use crate::ide::map::{Connections, Proxied};
use crate::index::Entry;
use crate::resource::Kind;
use crate::tls::gateway::{GatewayWorkload, Route, Server};
use crate::tls::{Assumption, Inbound, Outbound};

/// The connections as tables `workloads`, `outbound`, `inbound`, `gateway` and `rejected`. Rows of `outbound` are made while
/// they are written: there is one for each workload, service port and subset.
#[must_use]
pub fn json<'b>(connections: &'b Connections<'b>) -> impl Serialize + 'b {
    Report(connections)
}

struct Report<'b>(&'b Connections<'b>);

impl Serialize for Report<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut report = serializer.serialize_struct("tls", 5)?;
        report.serialize_field("workloads", &self.0.workloads.iter().map(workload).collect::<Vec<_>>())?;
        report.serialize_field("outbound", &OutboundRows(self.0))?;
        report.serialize_field("inbound", &self.0.inbound.iter().map(inbound).collect::<Vec<_>>())?;
        report.serialize_field("gateway", &servers(self.0))?;
        let rejected: Vec<_> = self.0.rejected.iter().map(|entry| entry.title()).collect();
        report.serialize_field("rejected", &rejected)?;
        report.end()
    }
}

struct OutboundRows<'b>(&'b Connections<'b>);

impl Serialize for OutboundRows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let classes = self.0.outbound.iter();
        let mut members: Vec<_> = classes
            .flat_map(|(client, sent)| client.members.iter().map(move |member| (member.qualified_name(), sent)))
            .collect();
        members.sort_by(|left, right| left.0.cmp(&right.0));
        serializer
            .collect_seq(members.iter().flat_map(|(name, sent)| sent.iter().map(move |sent| outbound(name, sent))))
    }
}

type Row = serde_json::Value;

fn workload(workload: &Proxied<'_>) -> Row {
    let row = value!({
        "workload": workload.name,
        "proxy": workload.proxy.kind.as_str(),
        "reason": workload.proxy.because.text,
    });
    assuming(row, &workload.proxy.assumptions)
}

fn outbound(from: &str, sent: &Outbound<'_>) -> Row {
    let endpoints = sent.endpoints.iter();
    let row = value!({
        "from": from,
        "host": sent.host,
        "port": sent.port,
        "protocol": protocol(sent),
        "subset": sent.subset,
        "mode": sent.mode.as_str(),
        "configured": sent.configured.map(|mode| mode.as_str()),
        "origin": sent.origin.as_str(),
        "destinationRule": rule_name(sent),
        "destinationRules": sent.rule.iter().flat_map(|rule| &rule.rules).map(|rule| name(rule.entry)).collect::<Vec<_>>(),
        "backendTLSPolicy": policy_name(sent),
        "sni": sent.sni,
        "autoSni": sent.auto_sni,
        "alpn": sent.alpn,
        "sends": sent.sends.as_str(),
        "endpoints": endpoints
            .map(|(endpoint, sends)| value!({"endpoint": endpoint.name, "sends": sends.as_str()}))
            .collect::<Vec<_>>(),
    });
    assuming(row, &sent.assumptions)
}

fn protocol(sent: &Outbound<'_>) -> String {
    sent.protocol.as_str().to_ascii_uppercase()
}

fn rule_name(sent: &Outbound<'_>) -> Option<String> {
    sent.rule.as_ref().and_then(|rule| rule.name())
}

fn policy_name(sent: &Outbound<'_>) -> Option<String> {
    sent.rule.as_ref().and_then(|rule| rule.backend_tls.first()).map(|policy| name(policy.entry))
}

fn name(entry: &Entry) -> String {
    entry.qualified_name()
}

fn inbound((workload, port, accepted): &(smol_str::SmolStr, Option<u32>, Inbound<'_>)) -> Row {
    let row = value!({
        "workload": workload,
        "port": port,
        "mode": accepted.mode.as_str(),
        "level": accepted.level.as_str(),
        "peerAuthentication": accepted.peer_authentication.map(|policy| name(policy.entry)),
    });
    assuming(row, &accepted.assumptions)
}

fn servers(connections: &Connections<'_>) -> Vec<Row> {
    let pairs = connections.servers.iter();
    let mut all: Vec<_> =
        pairs.flat_map(|(workload, servers)| servers.iter().map(move |server| (workload, server))).collect();
    all.sort_by_cached_key(|(workload, server)| {
        (workload.name.clone(), server.source.api(), name(server.source.entry()), server.index)
    });
    all.into_iter().map(|(workload, server)| server_row(workload, server)).collect()
}

fn server_row(workload: &GatewayWorkload<'_>, server: &Server<'_>) -> Row {
    let chain = server.has_chain();
    let credentials = if chain { server.credentials.as_slice() } else { &[] };
    let row = value!({
        "workload": workload.name,
        "gateway": name(server.source.entry()),
        "api": server.source.api(),
        "server": server.index,
        "section": server.section,
        "port": server.port,
        "listenPort": server.is_in_force().then_some(server.listen_port),
        "protocol": server.protocol_name,
        "hosts": server.hosts,
        "status": server.status.as_str(),
        "sni": server.sni,
        "tls": server.tls.as_str(),
        "clientCert": if chain { server.tls.client_cert().as_str() } else { "none" },
        "credential": credentials.first(),
        "credentials": credentials,
        "minVersion": server.min_version.as_ref().filter(|_| chain),
        "maxVersion": server.max_version.as_ref().filter(|_| chain),
        "httpsRedirect": server.https_redirect,
        "routes": server.routes.iter().map(route).collect::<Vec<_>>(),
    });
    assuming(row, &server.assumptions)
}

fn route(route: &Route<'_>) -> Row {
    let bound = route.source.map(|source| source.bound);
    let service = bound.filter(|bound| bound.resource.kind == Kind::VirtualService);
    let sent = route.upstream.outbound();
    value!({
        "virtualService": service.map(name),
        "route": bound.map(Entry::title),
        "matchHosts": route.match_hosts,
        "host": route.host,
        "port": route.port,
        "subset": route.subset,
        "protocol": sent.map_or_else(String::new, protocol),
        "mode": sent.map_or("DISABLE", |sent| sent.mode.as_str()),
        "origin": sent.map_or("default", |sent| sent.origin.as_str()),
        "destinationRule": sent.and_then(rule_name),
        "backendTLSPolicy": sent.and_then(policy_name),
        "sni": sent.and_then(|sent| sent.sni.clone()),
        "upstream": route.upstream.as_str(),
    })
}

fn assuming(mut row: Row, assumptions: &[Assumption]) -> Row {
    if let (Some(fields), false) = (row.as_object_mut(), assumptions.is_empty()) {
        let texts = assumptions.iter().map(|assumption| assumption.to_string().into()).collect();
        fields.insert("assumptions".to_owned(), Row::Array(texts));
    }
    row
}
