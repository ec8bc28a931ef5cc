//! Extension providers: what they need to work.

use super::fields;
use crate::rules::validation::places::{Found, maps, select};
use crate::rules::validation::refusal::Refusal;
use crate::yaml::Node;

/// Providers that are reached over the network.
const REMOTE: &str = "envoyExtAuthzHttp|envoyExtAuthzGrpc|zipkin|lightstep|datadog|opencensus|skywalking|envoyOtelAls|opentelemetry|envoyHttpAls|envoyTcpAls";
/// Those that are not.
const LOCAL: &str = "prometheus|stackdriver|envoyFileAccessLog";

/// What does not work.
pub(super) fn refused(root: &Node) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    let mut names = Vec::new();
    for provider in maps(root, "extensionProviders[]") {
        match provider.field("name") {
            Some(name) if name.text().is_some_and(|text| !text.is_empty() && names.contains(&text)) => {
                refusals.push(Refusal::at(name.node.span, "another provider has this name"));
            }
            Some(name) => names.extend(name.text()),
            None => {}
        }
        if provider.lacks("name") {
            refusals.push(Refusal::at(provider.place_of("name"), "the provider lacks `name`"));
        }
        let remote = maps(provider.node, REMOTE);
        if remote.is_empty() && select(provider.node, &format!("{REMOTE}|{LOCAL}")).is_empty() {
            refusals
                .push(Refusal::at(provider.place_of(""), "the provider lacks what it is, such as `envoyExtAuthzGrpc`"));
        }
        refusals.extend(remote.iter().flat_map(reached));
    }
    refusals
}

fn reached(provider: &Found<'_>) -> Vec<Refusal> {
    let mut refusals: Vec<Refusal> = Vec::new();
    let needed = ["service", "port"].into_iter().chain((provider.name == "lightstep").then_some("accessToken"));
    let missing = needed.filter(|field| provider.lacks(field));
    refusals.extend(
        missing.map(|field| Refusal::at(provider.place_of(field), format!("`{}` lacks `{field}`", provider.name))),
    );
    let at = |field: &str, problem: &dyn Fn(&Found<'_>) -> Option<String>| {
        let found = provider.field(field).filter(|_| provider.has(field))?;
        problem(&found).map(|message| Refusal::at(found.node.span, message))
    };
    refusals.extend(at("service", &fields::service));
    refusals.extend(at("port", &|port| {
        port.number()
            .is_some_and(|number| !(1.0..=65535.0).contains(&number))
            .then(|| "a port is from 1 to 65535".to_owned())
    }));
    if provider.name.starts_with("envoyExtAuthz") {
        refusals.extend(at("statusOnError", &|status| {
            let is_known = status.text()?.parse().is_ok_and(is_status);
            (!is_known).then(|| "`statusOnError` takes a status of HTTP, such as 503".to_owned())
        }));
        refusals.extend(at("pathPrefix", &|path| {
            (!path.text()?.starts_with('/')).then(|| "`pathPrefix` begins with `/`".to_owned())
        }));
    }
    if let (Some(grpc), true) = (provider.field("grpc"), provider.name == "opentelemetry" && provider.has("http")) {
        refusals.push(Refusal::at(grpc.key, "`grpc` and `http` exclude each other"));
    }
    refusals
}

/// The statuses that Envoy has names for.
fn is_status(status: u16) -> bool {
    matches!(
        status,
        0 | 100 | 200..=208 | 226 | 300..=305 | 307 | 308 | 400..=417 | 421..=424 | 426 | 428 | 429 | 431 | 500..=508 | 510 | 511
    )
}
