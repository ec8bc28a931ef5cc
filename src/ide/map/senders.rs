//! The senders of the map: gateways, single classes of sidecars, and all sidecars that agree.

use std::collections::BTreeMap;

use super::super::governed::counted;
use super::Connections;
use super::graph::{Builder, Call, Node, NodeKind};
use super::wire::Wire;
use crate::index::Entry;
use crate::resource::istio::ServerTlsMode;
use crate::tls::gateway::{GatewayWorkload, Server, ServerTls};
use crate::tls::{Client, Outbound, ProxyKind};

/// How many workloads of a class are named.
const NAMED: usize = 3;

/// What some classes of clients send to a receiver: a port and what is on the wire.
type Told = (usize, u32, Wire);

impl<'a> Builder<'_, 'a> {
    /// Draws the gateways: what arrives at their servers, and where it goes.
    pub(super) fn gateways(&mut self, connections: &Connections<'a>) {
        for (workload, servers) in &connections.servers {
            if let Some(name) = &workload.name {
                self.services.servers.insert(name.clone(), servers.clone());
            }
        }
        for (workload, servers) in &connections.servers {
            for server in servers {
                self.server(workload, server);
            }
        }
    }

    fn server(&mut self, workload: &GatewayWorkload<'a>, server: &Server<'a>) {
        let mut targets = Vec::new();
        for route in &server.routes {
            targets.push((self.receiver(&route.host, route.upstream.outbound().is_some()), route));
        }
        let leaves = targets.iter().any(|(to, _)| self.kind(*to) == NodeKind::External);
        let from_mesh = leaves || server.tls == ServerTls::Mode(ServerTlsMode::IstioMutual);
        let gateway = self.gateway(workload, if from_mesh { NodeKind::Egress } else { NodeKind::Ingress });
        self.made_from(gateway, server.source.entry());
        if !from_mesh {
            let outside = self.node(NodeKind::Outside, "", |_| Node {
                title: "Outside".to_owned(),
                lines: vec!["clients without the mesh's".to_owned(), "certificates".to_owned()],
                about: "Whoever calls the gateways from outside the mesh".to_owned(),
                ..Node::of(NodeKind::Outside)
            });
            let (wire, error) = Wire::of_server(server);
            let redirect = if server.https_redirect { ", redirects to https" } else { "" };
            let what = format!(
                "{}:{} {} {}: {}{redirect}{}",
                server.source.entry().title(),
                server.port,
                server.protocol_name,
                server.hosts.join(", "),
                server.tls.as_str(),
                failing(error),
            );
            self.edge(outside, gateway, wire, server.port, Call { what, because: self.because(&server.because) });
        }
        for (to, route) in targets {
            let source = route.source.map(|source| source.bound.title()).unwrap_or_default();
            let sent = route.upstream.outbound();
            for (wire, error) in self.upstream_wires(&route.upstream, server.tls.is_passthrough()) {
                let subset = route.subset.as_ref().map(|subset| format!(" subset {subset}")).unwrap_or_default();
                let words = route.upstream.as_str();
                let what = format!("{source} → {}:{}{subset}: {words}{}", route.host, route.port, failing(error));
                let because = sent.map(|sent| self.because(&sent.because)).unwrap_or_default();
                self.edge(gateway, to, wire, route.port, Call { what, because });
            }
        }
    }

    /// Notes a resource of a box.
    fn made_from(&mut self, node: usize, entry: &Entry) {
        let named = self.named(entry);
        let resources = self.map.nodes.get_mut(node).map(|node| &mut node.resources);
        resources.filter(|known| !known.contains(&named)).into_iter().for_each(|known| known.push(named.clone()));
    }

    fn kind(&self, node: usize) -> NodeKind {
        self.map.nodes.get(node).map_or(NodeKind::Missing, |node| node.kind)
    }

    fn gateway(&mut self, workload: &GatewayWorkload<'a>, kind: NodeKind) -> usize {
        let labels =
            || workload.labels.pairs().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(",");
        let key = workload.name.clone().unwrap_or_else(|| format!("{}/{}", workload.namespace, labels()).into());
        let title = key.split_once('/').map_or(key.as_str(), |(_, name)| name).to_owned();
        let word = match (&workload.name, kind) {
            (None, _) => "gateway, assumed to exist",
            (_, NodeKind::Egress) => "gateway for the mesh",
            _ => "gateway",
        };
        self.node(kind, &key, |map| Node {
            namespace: workload.namespace.clone(),
            title,
            lines: vec![word.to_owned()],
            about: format!("{key}: {word}"),
            resources: workload.entry.map(|entry| map.named(entry)).into_iter().collect(),
            ..Node::of(kind)
        })
    }

    /// Draws what sidecars send. Where at least half of all classes send the same to a port they are one sender;
    /// `together`: wherever two agree.
    pub(super) fn sidecars(&mut self, connections: &Connections<'a>, together: bool) {
        let classes: Vec<&Client<'a>> = connections.outbound.iter().map(|(client, _)| client).collect();
        let mut told: BTreeMap<Told, Vec<(usize, Call)>> = BTreeMap::new();
        for (class, (_, sent)) in connections.outbound.iter().enumerate() {
            for sent in sent {
                self.hear(class, sent, &mut told);
            }
        }
        for ((to, port, wire), by) in told {
            let agree = by.len() > 1 && (together || by.len() * 2 >= classes.len());
            let (Some((_, first)), true) = (by.first(), agree) else {
                for (class, call) in by {
                    let Some(client) = classes.get(class) else { continue };
                    let from = self.clients(client);
                    self.edge(from, to, wire, port, call);
                }
                continue;
            };
            let who = match by.len() == classes.len() {
                true => "all clients".to_owned(),
                false => by
                    .iter()
                    .filter_map(|(class, _)| Some(classes.get(*class)?.names(NAMED)))
                    .collect::<Vec<_>>()
                    .join("; "),
            };
            let call = Call { what: format!("{}\nfrom {who}", first.what), because: first.because.clone() };
            let from = self.all_sidecars(&classes);
            self.edge(from, to, wire, port, call);
        }
    }

    /// Notes what one class sends to one port. A subset is noted only where it is treated otherwise than the whole.
    fn hear(&mut self, class: usize, sent: &Outbound<'a>, told: &mut BTreeMap<Told, Vec<(usize, Call)>>) {
        let Some(to) = self.receiver_of(sent) else { return };
        for (wire, error) in self.wires(sent, sent.protocol.is_tls()) {
            let by = told.entry((to, sent.port, wire)).or_default();
            if by.iter().any(|(known, _)| *known == class) {
                continue;
            }
            let subset = sent.subset.as_ref().map(|subset| format!(" subset {subset}")).unwrap_or_default();
            let words = sent.sends.as_str();
            let what = format!("{}:{}{subset} {}: {words}{}", sent.host, sent.port, sent.protocol, failing(error));
            by.push((class, Call { what, because: self.because(&sent.because) }));
        }
    }

    /// A gateway is drawn as such where it serves the mesh, and not at all where it serves the outside.
    fn receiver_of(&mut self, sent: &Outbound<'a>) -> Option<usize> {
        let gateway = sent.endpoints.iter().find(|(endpoint, _)| endpoint.proxy == ProxyKind::Gateway);
        let Some((endpoint, _)) = gateway else { return Some(self.receiver(&sent.host, true)) };
        let key = (NodeKind::Egress, endpoint.name.clone());
        self.known(&key)
    }

    fn clients(&mut self, client: &Client<'a>) -> usize {
        self.node(NodeKind::Clients, &client.names(1), |map| Node {
            namespace: client.namespace.clone(),
            title: client.names(NAMED).replace(&format!("{}/", client.namespace), ""),
            lines: vec![shown(client.members.len(), "sidecar")],
            about: client.names(usize::MAX).replace(", ", "\n"),
            resources: client.members.iter().map(|member| map.named(member)).collect(),
            ..Node::of(NodeKind::Clients)
        })
    }

    fn all_sidecars(&mut self, classes: &[&Client<'a>]) -> usize {
        self.node(NodeKind::Sidecars, "", |map| {
            let members = || classes.iter().flat_map(|client| &client.members);
            let workloads = members().count();
            let mut resources: Vec<_> = members().map(|member| map.named(member)).collect();
            resources.sort_by(|a, b| a.title.cmp(&b.title));
            let mut namespaces: Vec<_> = classes.iter().map(|client| client.namespace.as_str()).collect();
            namespaces.dedup();
            let of = counted(namespaces.len(), "namespace");
            let lines = vec![shown(workloads, "workload"), format!("of {of}")];
            let about = "What sidecars send where at least half of the classes of clients agree".to_owned();
            Node { title: "Sidecars".to_owned(), lines, about, resources, ..Node::of(NodeKind::Sidecars) }
        })
    }
}

fn failing(error: Option<&str>) -> String {
    error.map(|error| format!(", fails: {}", error.replace('`', ""))).unwrap_or_default()
}

/// How many workloads there are; where none is shown, that.
fn shown(workloads: usize, noun: &str) -> String {
    if workloads == 0 { "not in the workspace".to_owned() } else { counted(workloads, noun) }
}
