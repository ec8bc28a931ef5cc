//! The connections for a person: what is sent, what is accepted, and why.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::ide::map::Connections;
use crate::index::ResourceId;
use crate::text::Span;
use crate::tls::gateway::{GatewayWorkload, Server};
use crate::tls::{Assumption, Inbound, Outbound, Reason};

/// Says where a reason is written, as `file:line`.
pub type Locate<'b> = dyn Fn(ResourceId, Span) -> Option<String> + 'b;

/// How many workloads of a class are named.
const NAMED: usize = 3;

/// The connections as text, each class of clients once.
#[must_use]
pub fn text(connections: &Connections<'_>, locate: &Locate<'_>) -> String {
    let mut page = Page { text: String::new(), assumed: BTreeSet::new(), locate };
    page.workloads(connections);
    page.outbound(connections);
    page.inbound(connections);
    page.servers(connections);
    page.assumptions();
    page.text
}

struct Page<'b> {
    text: String,
    assumed: BTreeSet<String>,
    locate: &'b Locate<'b>,
}

impl Page<'_> {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn heading(&mut self, heading: &str) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.line(heading);
    }

    fn reasons<'r>(&mut self, because: impl IntoIterator<Item = &'r Reason>, assumptions: &[Assumption]) {
        for reason in because {
            let place = reason.place.and_then(|(resource, span)| (self.locate)(resource, span));
            let place = place.map(|place| format!("  ({place})")).unwrap_or_default();
            let _ = writeln!(self.text, "      {reason}{place}");
        }
        self.assumed.extend(assumptions.iter().map(ToString::to_string));
    }

    fn assumptions(&mut self) {
        let assumed = std::mem::take(&mut self.assumed);
        if !assumed.is_empty() {
            self.heading("Taken for granted");
            assumed.iter().for_each(|assumption| self.line(&format!("  {assumption}")));
        }
    }

    fn workloads(&mut self, connections: &Connections<'_>) {
        if connections.workloads.is_empty() {
            return;
        }
        self.heading("Workloads");
        let width = connections.workloads.iter().map(|workload| workload.name.len()).max().unwrap_or(0);
        for workload in &connections.workloads {
            let (kind, because) = (workload.proxy.kind.as_str(), &workload.proxy.because);
            let line = format!("  {:width$}  {kind:8} {because}", workload.name);
            self.line(&line);
            self.reasons([], &workload.proxy.assumptions);
        }
    }

    fn outbound(&mut self, connections: &Connections<'_>) {
        for (client, sent) in connections.outbound.iter().filter(|(_, sent)| !sent.is_empty()) {
            self.heading(&format!("Sent by {}", client.names(NAMED)));
            for sent in sent {
                self.line(&outbound(sent));
                self.reasons(&sent.because, &sent.assumptions);
            }
        }
    }

    fn inbound(&mut self, connections: &Connections<'_>) {
        if connections.inbound.is_empty() {
            return;
        }
        self.heading("Accepted");
        for alike in connections.inbound.chunk_by(|left, right| left.0 == right.0 && said_alike(&left.2, &right.2)) {
            let ports: Vec<_> =
                alike.iter().map(|(_, port, _)| port.map_or("any other".into(), |port| port.to_string())).collect();
            if let Some((workload, _, accepted)) = alike.first() {
                self.line(&format!("  {workload} port {}: {}", ports.join(", "), accepted.mode));
                self.reasons(&accepted.because, &accepted.assumptions);
            }
        }
    }

    fn servers(&mut self, connections: &Connections<'_>) {
        for (workload, servers) in &connections.servers {
            self.heading(&format!("Served by {}", gateway(workload)));
            for server in servers {
                self.line(&server_line(server));
                self.reasons(server.because.iter().skip(1), &server.assumptions);
                for route in &server.routes {
                    let subset = route.subset.as_ref().map(|subset| format!(" subset {subset}")).unwrap_or_default();
                    let line = format!("    -> {}:{}{subset}  {}", route.host, route.port, route.upstream.as_str());
                    self.line(&line);
                    self.reasons(route.upstream.outbound().into_iter().flat_map(|sent| &sent.because), &[]);
                }
            }
        }
    }
}

/// Two ports accept the same, decided at the same place.
fn said_alike(left: &Inbound<'_>, right: &Inbound<'_>) -> bool {
    let decided = |accepted: &Inbound<'_>| (accepted.mode, accepted.level, accepted.mode_span);
    decided(left) == decided(right)
}

fn outbound(sent: &Outbound<'_>) -> String {
    let subset = sent.subset.as_ref().map(|subset| format!(" subset {subset}")).unwrap_or_default();
    let sni = sent.sni.as_ref().map(|sni| format!("  sni {sni}")).unwrap_or_default();
    let protocol = sent.protocol.as_str();
    let mut line = format!("  {}:{}{subset} ({protocol})  {}{sni}", sent.host, sent.port, sent.sends.as_str());
    if sent.sends == crate::tls::Sends::Mixed {
        for (endpoint, sends) in &sent.endpoints {
            let _ = write!(line, "\n    {}  {}", endpoint.name, sends.as_str());
        }
    }
    if sent.is_tls_in_tls() {
        line.push_str("  (TLS in TLS)");
    }
    line
}

fn gateway(workload: &GatewayWorkload<'_>) -> String {
    match &workload.name {
        Some(name) => name.to_string(),
        None => {
            let labels: Vec<_> = workload.labels.pairs().map(|(key, value)| format!("{key}={value}")).collect();
            format!("a workload with {}", labels.join(","))
        }
    }
}

fn server_line(server: &Server<'_>) -> String {
    let entry = server.source.entry();
    let mut line = format!(
        "  {} {} port {} {} {}: {}",
        entry.title(),
        server.section.as_deref().map_or_else(|| format!("server {}", server.index), |name| format!("listener {name}")),
        server.port,
        server.protocol_name,
        server.hosts.join(", "),
        server.tls.as_str(),
    );
    if server.https_redirect {
        line.push_str(", redirects to https");
    }
    if server.status != crate::tls::gateway::Status::Programmed {
        let _ = write!(line, "  [{}]", server.status.as_str());
    }
    line
}
