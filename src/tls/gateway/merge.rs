//! Servers of one workload that share a port: which of them hold it.
//!
//! Follows `mergeGateways` of `pilot/pkg/model/gateway.go` of istiod, in its order of tests.

use std::collections::{HashMap, HashSet};

use smol_str::{SmolStr, format_smolstr};

use super::server::Server;
use super::words::{GatewaySource, Status};
use crate::resource::Protocol;
use crate::tls::reason::Reason;

type Place<'a> = (GatewaySource<'a>, usize);

#[derive(Default)]
struct Ports<'a> {
    /// Ports that some server holds.
    taken: HashSet<u32>,
    /// The plaintext server of a port.
    plain: HashMap<u32, (Protocol, SmolStr, Place<'a>)>,
    /// Hosts that TLS servers of a port claimed, with the address each is bound to.
    claims: HashMap<(u32, SmolStr), (SmolStr, Place<'a>)>,
    /// Names under which requests are routed.
    route_names: HashMap<SmolStr, Place<'a>>,
}

/// Drops those that cannot have their port or host.
pub(super) fn merge<'a>(servers: &mut [Server<'a>]) {
    let mut ports = Ports::default();
    for server in servers.iter_mut().filter(|server| server.status == Status::Programmed) {
        if let Err((rival, why)) = ports.admit(server) {
            server.status = Status::Conflict;
            server.rival = Some(rival);
            server.because.push(Reason::at(rival.0.entry(), rival.0.entry().resource.name_span(), why));
        }
    }
}

impl<'a> Ports<'a> {
    fn admit(&mut self, server: &Server<'a>) -> Result<(), (Place<'a>, String)> {
        let place = (server.source, server.index);
        let port = server.listen_port;
        if server.has_tls {
            self.claim(server, place)?;
        }
        let route_name = route_name(server);
        if self.taken.insert(port) {
            self.hold(server, place, route_name);
            return Ok(());
        }
        if let Some((protocol, bind, rival)) = self.plain.get(&port).cloned() {
            if bind != server.bind {
                self.hold(server, place, route_name);
                return Ok(());
            }
            if !protocol.is_http() || !server.protocol.is_http() {
                let why = format!("port {port} is held by a server of {}", rival.0.entry().title());
                return Err((rival, why));
            }
            return Ok(());
        }
        if server.is_tls()
            && server.is_http()
            && let Some(rival) = self.route_names.get(&route_name)
        {
            return Err((*rival, format!("the port name {} is used twice", server.port_name)));
        }
        self.hold(server, place, route_name);
        Ok(())
    }

    fn hold(&mut self, server: &Server<'a>, place: Place<'a>, route_name: SmolStr) {
        if !server.is_tls() {
            self.plain.insert(server.listen_port, (server.protocol, server.bind.clone(), place));
        }
        if server.is_http() {
            self.route_names.insert(route_name, place);
        }
    }

    /// One host that is taken drops the whole server; the comparison is literal.
    fn claim(&mut self, server: &Server<'a>, place: Place<'a>) -> Result<(), (Place<'a>, String)> {
        let key = |claim: &SmolStr| (server.listen_port, claim.clone());
        for claim in &server.claims {
            if let Some((bind, rival)) = self.claims.get(&key(claim))
                && *bind == server.bind
            {
                let why = format!("{claim} is claimed on port {} by {}", server.listen_port, rival.0.entry().title());
                return Err((*rival, why));
            }
        }
        for claim in &server.claims {
            self.claims.insert(key(claim), (server.bind.clone(), place));
        }
        Ok(())
    }
}

/// Under which name the routes of a server are filed; empty for those that do not read requests.
fn route_name(server: &Server<'_>) -> SmolStr {
    let entry = server.source.entry();
    let section = server.section.as_deref().unwrap_or("");
    if server.protocol.is_http() {
        return format_smolstr!("http.{}.{}", server.listen_port, server.bind);
    }
    if !server.is_http() {
        return SmolStr::default();
    }
    let (port, name) = (server.port, &server.port_name);
    format_smolstr!("https.{port}.{name}.{}.{section}.{}.{}", entry.name(), entry.namespace, server.bind)
}
