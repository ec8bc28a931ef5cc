//! Values: what the workspace knows for the field, else what the schema lists.

use super::context::Context;
use super::item::{Item, ItemKind, escape};
use super::names::Identity;
use super::quote::quote;
use super::{documents, hosts, labels, modes, names};
use crate::resource::Kind;
use crate::resource::gateway_api::{GatewayClass, KubernetesGateway};
use crate::resource::istio::Gateway;
use crate::resource::kubernetes::{Secret, Service};
use crate::resource::schema::{Scalar, Type};

/// Protocols that a port of Istio can name, the usual ones first.
const PROTOCOLS: &[(&str, &str)] = &[
    ("HTTP", "plaintext HTTP"),
    ("HTTPS", "TLS that carries HTTP"),
    ("HTTP2", "HTTP/2"),
    ("GRPC", "gRPC"),
    ("TCP", "any bytes"),
    ("TLS", "TLS that carries any bytes"),
    ("MONGO", "MongoDB"),
];

/// What is chosen most among the values of an enumeration, in this order.
const USUAL: &[&str] = &[
    "STRICT",
    "PERMISSIVE",
    "SIMPLE",
    "MUTUAL",
    "ISTIO_MUTUAL",
    "LEAST_REQUEST",
    "ROUND_ROBIN",
    "RANDOM",
    "PASSTHROUGH",
    "TLSV1_2",
    "TLSV1_3",
    "DNS",
    "STATIC",
];

/// The values that may stand at the place.
pub(super) fn values(context: &Context<'_, '_>) -> Vec<Item> {
    let place = context.place;
    let known = known(context);
    let items = if known.is_empty() { by_schema(context) } else { known };
    let is_list = matches!(place.schema(), Some(Type::List(..))) && !place.is_item;
    let wrap = |item: Item| match is_list {
        true if place.own_line => Item { snippet: format!("- {}", item.snippet), ..item },
        true if !place.in_flow && !place.quoted => Item { snippet: format!("[{}]", item.snippet), ..item },
        _ => item,
    };
    items.into_iter().map(wrap).collect()
}

fn known(context: &Context<'_, '_>) -> Vec<Item> {
    let place = context.place;
    match place.path().as_str() {
        "kind" => return documents::kinds(context),
        "apiVersion" => return documents::versions(context),
        "metadata.namespace" => return names::namespaces(context, &[]),
        _ => {}
    }
    if let Some(values) = labels::values(context) {
        return values;
    }
    let Some(kind) = place.kind else { return Vec::new() };
    let export = [("*", "every namespace"), (".", "this namespace only"), ("~", "nobody")];
    let of_client = matches!(kind, Kind::VirtualService | Kind::DestinationRule);
    match (kind, place.last()) {
        (_, "exportTo") => {
            names::namespaces(context, export.get(..if kind == Kind::ServiceEntry { 3 } else { 2 }).unwrap_or(&export))
        }
        (Kind::VirtualService, "hosts") | (Kind::VirtualService | Kind::DestinationRule, "host") => {
            hosts::hosts(context)
        }
        (Kind::VirtualService, "subset") => hosts::subsets(context, &place.nearest("host").unwrap_or_default()),
        (_, "number") if of_client => hosts::ports(context, &place.nearest("host").unwrap_or_default()),
        (Kind::VirtualService, "gateways") => names::gateways(context),
        (Kind::VirtualService, "sniHosts") => written_hosts(context),
        (Kind::VirtualService, "name") if place.within("delegate") => names::delegates(context),
        (Kind::VirtualService, "namespace" | "sourceNamespace") => names::namespaces(context, &[]),
        (Kind::Gateway, "hosts") => names::server_hosts(context),
        (Kind::Gateway | Kind::DestinationRule, "credentialName" | "credentialNames" | "caCertCredentialName") => {
            names::secrets(context)
        }
        (Kind::Gateway | Kind::ServiceEntry | Kind::Sidecar, "protocol") => {
            let item = |(name, detail): &(&str, &str)| Item::new(ItemKind::EnumMember, *name, *detail);
            PROTOCOLS.iter().map(item).collect()
        }
        (Kind::DestinationRule, "mode") if place.within("tls") => modes::judged(context, by_schema(context)),
        (Kind::DestinationRule | Kind::ServiceEntry | Kind::Gateway, "subjectAltNames") => {
            names::identities(context, Identity::Spiffe)
        }
        (Kind::DestinationRule, "sni") => {
            place.top(&["spec", "host"]).into_iter().map(|host| value(context, host)).collect()
        }
        (Kind::Sidecar, "hosts") => names::egress(context),
        (Kind::AuthorizationPolicy, "principals" | "notPrincipals") => names::identities(context, Identity::Principal),
        (Kind::AuthorizationPolicy, "serviceAccounts" | "notServiceAccounts") => {
            names::identities(context, Identity::ServiceAccount)
        }
        (Kind::AuthorizationPolicy, "namespaces" | "notNamespaces") => names::namespaces(context, &[]),
        (Kind::AuthorizationPolicy | Kind::Telemetry, "name")
            if place.within("provider") || place.within("providers") =>
        {
            names::providers(context, kind == Kind::AuthorizationPolicy)
        }
        (_, "gatewayClassName") => classes(context),
        (_, "namespace") if place.keys.first().is_some_and(|key| key == "spec") => names::namespaces(context, &[]),
        (_, "name") if place.within("parentRefs") => of_reference(context, "Gateway"),
        (_, "name") if place.within("backendRefs") || place.within("targetRefs") || place.within("targetRef") => {
            of_reference(context, if place.within("backendRefs") { "Service" } else { "" })
        }
        (_, "name") if place.within("certificateRefs") => names::of_kind::<Secret>(context),
        (_, "port") if place.within("backendRefs") => {
            let sibling = |key: &str| Some(place.nodes.last()?.get(key)?.as_scalar()?.text.to_string());
            let namespace = sibling("namespace").unwrap_or_else(|| context.namespace.clone());
            let host = sibling("name").map(|name| crate::resource::host::service_fqdn(&name, &namespace));
            hosts::ports(context, &host.unwrap_or_default())
        }
        _ => Vec::new(),
    }
}

fn value(context: &Context<'_, '_>, text: String) -> Item {
    let snippet = escape(&quote(context.place, &text));
    Item::new(ItemKind::Value, text, "").written(snippet)
}

/// The hosts that the VirtualService is for.
fn written_hosts(context: &Context<'_, '_>) -> Vec<Item> {
    let hosts = context.place.nodes.first().and_then(|node| node.get("spec")?.get("hosts")?.as_sequence());
    let hosts = hosts.into_iter().flat_map(|hosts| &hosts.items);
    hosts.filter_map(|host| Some(value(context, host.as_scalar()?.text.to_string()))).collect()
}

/// Resources of the kind that stands beside the name.
fn of_reference(context: &Context<'_, '_>, default: &str) -> Vec<Item> {
    let sibling = |key: &str| Some(context.place.nodes.last()?.get(key)?.as_scalar()?.text.to_string());
    let is_of_istio = sibling("group").is_some_and(|group| group == Kind::Gateway.group());
    match sibling("kind").as_deref().unwrap_or(default) {
        "Gateway" if is_of_istio => names::of_kind::<Gateway>(context),
        "Gateway" => names::of_kind::<KubernetesGateway>(context),
        "GatewayClass" => names::of_kind::<GatewayClass>(context),
        "Service" => names::of_kind::<Service>(context),
        _ => Vec::new(),
    }
}

fn classes(context: &Context<'_, '_>) -> Vec<Item> {
    let istio = [("istio", "a gateway that istiod sets up"), ("istio-waypoint", "a waypoint of ambient mode")];
    let own = context
        .view
        .all::<GatewayClass>()
        .map(|class| Item::new(ItemKind::Reference, class.entry.name(), class.entry.title()));
    let known = istio.iter().map(|(name, detail)| Item::new(ItemKind::Value, *name, *detail));
    let mut items: Vec<_> = own.collect();
    items.extend(known.filter(|item| !items.iter().any(|own| own.label == item.label)).collect::<Vec<_>>());
    items
}

/// The values of an enumeration, `true` and `false`.
fn by_schema(context: &Context<'_, '_>) -> Vec<Item> {
    let place = context.place;
    let Some(limits) = place.schema().and_then(Type::limits) else { return Vec::new() };
    if limits.scalar == Scalar::Boolean {
        return ["true", "false"].into_iter().map(|word| Item::new(ItemKind::Value, word, "")).collect();
    }
    let written = if place.is_item { place.siblings() } else { Vec::new() };
    let values = limits.values.iter().filter(|value| !written.iter().any(|item| item == value.text));
    let item = |value: &crate::resource::schema::Value| {
        let mut item = Item::new(ItemKind::EnumMember, value.text, "").explained(value.doc);
        item.detail = value.doc.trim_end_matches('.').replace('`', "");
        item.deprecated = value.deprecated.is_some();
        item
    };
    let mut items: Vec<_> = values.map(item).collect();
    let usual = |item: &Item| USUAL.iter().position(|label| *label == item.label).unwrap_or(USUAL.len());
    items.sort_by_key(|item| (item.deprecated, usual(item)));
    items
}
