//! `VirtualService`: where the requests for a host go.

use smol_str::SmolStr;

use crate::resource::{Anything, List, Map, object};

object! {
    /// The `spec` of a VirtualService.
    pub struct VirtualService {
        hosts: List<SmolStr> = "hosts",
        gateways: List<SmolStr> = "gateways",
        http: List<HttpRoute> = "http",
        tls: List<TlsRoute> = "tls",
        tcp: List<TcpRoute> = "tcp",
        export_to: List<SmolStr> = "exportTo",
    }

    /// Rules for HTTP traffic.
    pub struct HttpRoute {
        name: SmolStr = "name",
        matches: List<HttpMatch> = "match",
        route: List<HttpDestination> = "route",
        redirect: HttpRedirect = "redirect",
        direct_response: Anything = "directResponse",
        delegate: Delegate = "delegate",
        rewrite: HttpRewrite = "rewrite",
        timeout: SmolStr = "timeout",
        retries: Anything = "retries",
        fault: Anything = "fault",
        mirror: Destination = "mirror",
        mirrors: List<HttpMirror> = "mirrors",
        cors_policy: Anything = "corsPolicy",
        headers: Headers = "headers",
    }

    /// Which requests a rule is for.
    pub struct HttpMatch {
        name: SmolStr = "name",
        uri: StringMatch = "uri",
        scheme: StringMatch = "scheme",
        method: StringMatch = "method",
        authority: StringMatch = "authority",
        headers: Map<StringMatch> = "headers",
        without_headers: Map<StringMatch> = "withoutHeaders",
        query_params: Map<StringMatch> = "queryParams",
        ignore_uri_case: bool = "ignoreUriCase",
        port: u32 = "port",
        source_labels: Map<SmolStr> = "sourceLabels",
        source_namespace: SmolStr = "sourceNamespace",
        gateways: List<SmolStr> = "gateways",
        stat_prefix: SmolStr = "statPrefix",
    }

    /// One way to compare a string.
    pub struct StringMatch {
        exact: SmolStr = "exact",
        prefix: SmolStr = "prefix",
        regex: SmolStr = "regex",
    }

    /// A destination with its share.
    pub struct HttpDestination {
        destination: Destination = "destination",
        weight: i64 = "weight",
        headers: Headers = "headers",
    }

    /// A service, one of its subsets, one of its ports.
    pub struct Destination {
        host: SmolStr = "host",
        subset: SmolStr = "subset",
        port: DestinationPort = "port",
    }

    /// The port of a destination.
    pub struct DestinationPort {
        number: u32 = "number",
    }

    /// Sends the client elsewhere.
    pub struct HttpRedirect {
        uri: SmolStr = "uri",
        authority: SmolStr = "authority",
        port: u32 = "port",
        scheme: SmolStr = "scheme",
        redirect_code: i64 = "redirectCode",
    }

    /// Another VirtualService that holds the routes.
    pub struct Delegate {
        name: SmolStr = "name",
        namespace: SmolStr = "namespace",
    }

    /// Changes of the request's target.
    pub struct HttpRewrite {
        uri: SmolStr = "uri",
        authority: SmolStr = "authority",
        uri_regex_rewrite: Anything = "uriRegexRewrite",
    }

    /// A copy of the traffic.
    pub struct HttpMirror {
        destination: Destination = "destination",
        percentage: Anything = "percentage",
    }

    /// Changes of headers.
    pub struct Headers {
        request: HeaderOperations = "request",
        response: HeaderOperations = "response",
    }

    /// Changes of the headers of one direction.
    pub struct HeaderOperations {
        set: Map<SmolStr> = "set",
        add: Map<SmolStr> = "add",
        remove: List<SmolStr> = "remove",
    }

    /// Rules for TLS that is not terminated.
    pub struct TlsRoute {
        matches: List<TlsMatch> = "match",
        route: List<RouteDestination> = "route",
    }

    /// Which TLS connections a rule is for.
    pub struct TlsMatch {
        sni_hosts: List<SmolStr> = "sniHosts",
        destination_subnets: List<SmolStr> = "destinationSubnets",
        port: u32 = "port",
        source_labels: Map<SmolStr> = "sourceLabels",
        source_namespace: SmolStr = "sourceNamespace",
        gateways: List<SmolStr> = "gateways",
    }

    /// Rules for TCP.
    pub struct TcpRoute {
        matches: List<L4Match> = "match",
        route: List<RouteDestination> = "route",
    }

    /// Which TCP connections a rule is for.
    pub struct L4Match {
        destination_subnets: List<SmolStr> = "destinationSubnets",
        port: u32 = "port",
        source_labels: Map<SmolStr> = "sourceLabels",
        source_namespace: SmolStr = "sourceNamespace",
        gateways: List<SmolStr> = "gateways",
    }

    /// A destination with its share, for TLS and TCP.
    pub struct RouteDestination {
        destination: Destination = "destination",
        weight: i64 = "weight",
    }
}

/// The three kinds of routes of a VirtualService.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RouteKind {
    /// `http`
    Http,
    /// `tls`
    Tls,
    /// `tcp`
    Tcp,
}

impl RouteKind {
    /// The field's name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Tls => "tls",
            Self::Tcp => "tcp",
        }
    }
}

impl VirtualService {
    /// Every destination that the routes name, mirrors included, with the kind of its route.
    pub fn destinations(&self) -> impl Iterator<Item = (RouteKind, &Destination)> {
        let http = self.http.items().flat_map(|route| {
            let mirrors = route.mirrors.items().filter_map(|mirror| mirror.destination.value());
            let routes = route.route.items().filter_map(|share| share.destination.value());
            routes.chain(route.mirror.value()).chain(mirrors)
        });
        let tls = self.tls.items().flat_map(|route| route.route.items());
        let tcp = self.tcp.items().flat_map(|route| route.route.items());
        http.map(|destination| (RouteKind::Http, destination))
            .chain(tls.filter_map(|share| share.destination.value()).map(|destination| (RouteKind::Tls, destination)))
            .chain(tcp.filter_map(|share| share.destination.value()).map(|destination| (RouteKind::Tcp, destination)))
    }
}
