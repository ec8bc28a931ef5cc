//! The mentions of one resource, read from its tree.

use std::rc::Rc;

use smol_str::SmolStr;

use super::text::{is_namespace, place, principal, renamed_part};
use super::{Mention, Name, Selector, selectors};
use crate::index::keys::gateway_reference;
use crate::index::{Entry, View};
use crate::resource::istio::Gateway;
use crate::resource::{Kind, host};
use crate::text::Span;
use crate::yaml::{Document, Mapping, Node, Value};

/// Every mention of `entry`, whose document is `document`, in the order of the text.
pub(in crate::ide) fn mentions(view: &View<'_>, entry: &Entry, document: &Document) -> Vec<Mention> {
    let Some(root) = document.root.as_ref().and_then(|root| object(root, entry.resource.span)) else {
        return Vec::new();
    };
    let mut reader = Reader { view, entry, text: &document.text, found: Vec::new() };
    reader.walk(root, &mut Vec::new(), None);
    reader.found.extend(selectors::mentions(view, entry));
    reader.found.sort_by_key(|mention| (mention.whole, mention.span));
    reader.found
}

/// The object with this span: the document, or an item of its List.
pub(in crate::ide) fn object(node: &Node, span: Span) -> Option<&Node> {
    if node.span == span {
        return Some(node);
    }
    let items = node.get("items").and_then(Node::as_sequence)?;
    items.items.iter().find_map(|item| object(item, span))
}

struct Reader<'v, 'a> {
    view: &'v View<'a>,
    entry: &'v Entry,
    text: &'v str,
    found: Vec<Mention>,
}

/// Fields whose items or values refer to an object by `kind`, `namespace` and `name`.
const REFERENCES: [&str; 7] =
    ["parentRefs", "backendRefs", "backendRef", "targetRefs", "targetRef", "certificateRefs", "caCertificateRefs"];

impl Reader<'_, '_> {
    fn walk<'n>(&mut self, node: &'n Node, keys: &mut Vec<&'n str>, holder: Option<&'n Mapping>) {
        match &node.value {
            Value::Scalar(scalar) if !node.templated => self.scalar(node, &scalar.text, keys, holder),
            Value::Scalar(_) => {}
            // What comes through an alias or a merge key stands elsewhere and is read there.
            Value::Sequence(list) => {
                list.items
                    .iter()
                    .filter(|item| node.span.contains(item.span))
                    .for_each(|item| self.walk(item, keys, holder));
            }
            Value::Mapping(mapping) => {
                let own = |entry: &&crate::yaml::Entry| !entry.merged && entry.span.contains(entry.value.span);
                for entry in mapping.entries.iter().filter(own) {
                    keys.push(&entry.key);
                    if let [.., "endpoints", "ports", port] = keys.as_slice() {
                        self.endpoint_port(port, entry.key_span);
                    }
                    self.walk(&entry.value, keys, Some(mapping));
                    keys.pop();
                }
            }
        }
    }

    fn scalar(&mut self, node: &Node, value: &str, keys: &[&str], holder: Option<&Mapping>) {
        let kind = self.entry.resource.kind;
        let own = self.entry.namespace.clone();
        let sibling = |key: &str| Some(holder?.entry(key)?.value.as_scalar()?.text.clone());
        let (below, last) = (keys.iter().rev().nth(1).copied().unwrap_or(""), keys.last().copied().unwrap_or(""));
        match (kind, keys) {
            (_, ["metadata", "name"]) => self.define(node, value, value, own_name(self.entry)),
            (_, ["metadata", "namespace"]) => self.namespace(node, value, value),
            (_, [.., "exportTo"]) => self.namespace(node, value, value),
            (Kind::VirtualService, ["spec", "gateways"] | [.., "match", "gateways"]) if value != "mesh" => {
                let (of, name) = gateway_reference(value, &own);
                let target = Name::Resource(Kind::Gateway, of.into(), name.into());
                self.mention(node, value, name, target);
                if let Some((of, _)) = value.split_once('/') {
                    self.namespace(node, value, of);
                }
            }
            (Kind::VirtualService, [.., "destination" | "mirror", "subset"]) => {
                let full = sibling("host").map(|host| host::resolve(&host, &own)).unwrap_or_default();
                self.mention(node, value, value, Name::Subset(full.into(), value.into()));
            }
            (Kind::VirtualService, [.., "delegate", "name"]) => {
                let of = sibling("namespace").unwrap_or(own);
                self.mention(node, value, value, Name::Resource(Kind::VirtualService, of, value.into()));
            }
            (Kind::VirtualService, [.., "delegate" | "match", "namespace" | "sourceNamespace"]) => {
                self.namespace(node, value, value);
            }
            (Kind::VirtualService, ["spec", "hosts"] | [.., "destination" | "mirror", "host"] | [.., "sniHosts"])
            | (Kind::DestinationRule, ["spec", "host"]) => self.host(node, value, value, false),
            (Kind::DestinationRule, ["spec", "subsets", "name"]) => {
                let rule = self.entry.as_kind::<crate::resource::istio::DestinationRule>();
                let written = rule.and_then(|rule| rule.spec.host.text());
                let full = written.map(|host| host::resolve(host, &own)).unwrap_or_default();
                self.define(node, value, value, Name::Subset(full.into(), value.into()));
            }
            (Kind::ServiceEntry, ["spec", "hosts"]) => self.host(node, value, value, true),
            (Kind::ServiceEntry | Kind::Service, ["spec", "ports", "name"]) => {
                let port = Name::Port(self.first_host(), value.into());
                self.define(node, value, value, port);
            }
            (Kind::Gateway, ["spec", "servers", "hosts"]) | (Kind::Sidecar, ["spec", "egress", "hosts"]) => {
                let (of, name) = host::split_namespace(value);
                self.host(node, value, name, false);
                if let Some(of) = of {
                    self.namespace(node, value, of);
                }
            }
            (_, [.., "credentialName" | "credentialNames" | "caCertCredentialName"]) => self.secret(node, value),
            (Kind::Certificate, ["spec", "secretName"]) => {
                self.define(node, value, value, Name::Resource(Kind::Secret, own, value.into()));
            }
            (Kind::Ingress, [.., "tls", "secretName"]) => {
                self.mention(node, value, value, Name::Resource(Kind::Secret, own, value.into()));
            }
            (Kind::Ingress, [.., "service", "name"]) | (Kind::StatefulSet, ["spec", "serviceName"]) => {
                self.mention(node, value, value, Name::Host(host::service_fqdn(value, &own).into()));
            }
            (_, [.., "sectionName"]) if below == "parentRefs" => {
                let of = sibling("namespace").unwrap_or(own);
                let gateway = sibling("name").unwrap_or_default();
                self.mention(node, value, value, Name::Listener(of, gateway, value.into()));
            }
            (Kind::KubernetesGateway, ["spec", "listeners", "name"]) => {
                let gateway = self.entry.name().into();
                self.define(node, value, value, Name::Listener(own, gateway, value.into()));
            }
            (_, ["spec", "hostnames"] | ["spec", "listeners", "hostname"]) => self.host(node, value, value, false),
            (_, [.., "name"]) if REFERENCES.contains(&below) => {
                let of = sibling("namespace").unwrap_or(own);
                let kind = sibling("kind");
                let group = sibling("group");
                let kind = kind.as_deref().unwrap_or(default_kind(below));
                if let Some(target) = referred(kind, group.as_deref(), of, value) {
                    self.mention(node, value, value, target);
                }
            }
            (_, [.., "namespace"]) if REFERENCES.contains(&below) => self.namespace(node, value, value),
            (_, ["spec", "selector", "matchLabels", key]) if self.entry.workload().is_some() => {
                self.own_selector(node, key, value, holder);
            }
            (Kind::AuthorizationPolicy, [.., "source", _]) => self.source(node, value, last),
            (Kind::AuthorizationPolicy, [.., "operation", "hosts" | "notHosts"]) => {
                self.host(node, value, value, false);
            }
            (_, [.., "subjectAltNames"]) => self.account(node, value),
            (_, [.., "serviceAccountName" | "serviceAccount"]) => {
                self.mention(node, value, value, Name::Resource(Kind::ServiceAccount, own, value.into()));
            }
            (Kind::AuthorizationPolicy | Kind::Telemetry, [.., "provider" | "providers", "name"]) => {
                self.mention(node, value, value, Name::Provider(value.into()));
            }
            _ => {}
        }
    }

    fn mention(&mut self, node: &Node, value: &str, part: &str, name: Name) {
        self.found.push(Mention {
            name,
            span: place(self.text, node, value, part),
            whole: node.span,
            defines: false,
            selector: None,
        });
    }

    fn define(&mut self, node: &Node, value: &str, part: &str, name: Name) {
        self.mention(node, value, part, name);
        if let Some(last) = self.found.last_mut() {
            last.defines = true;
        }
    }

    fn namespace(&mut self, node: &Node, value: &str, part: &str) {
        if is_namespace(part) {
            self.mention(node, value, part, Name::Namespace(part.into()));
        }
    }

    /// The host `part` of `value`; of a Service's full name only the Service's own name would change.
    fn host(&mut self, node: &Node, value: &str, part: &str, defines: bool) {
        let full = host::resolve(part, &self.entry.namespace);
        if full.is_empty() || full == "*" {
            return;
        }
        let renamed = renamed_part(part, &full);
        let name = Name::Host(full.as_str().into());
        if defines {
            self.define(node, value, renamed, name)
        } else {
            self.mention(node, value, renamed, name)
        }
        let of = host::service_of_fqdn(part).map(|(of, _)| of);
        if let Some(of) = of.and_then(|of| part.get(renamed.len() + 1..renamed.len() + 1 + of.len())) {
            self.namespace(node, value, of);
        }
    }

    fn first_host(&self) -> SmolStr {
        if self.entry.resource.kind == Kind::Service {
            return self.entry.service_host().into();
        }
        let entry = self.entry.as_kind::<crate::resource::istio::ServiceEntry>();
        entry.and_then(|entry| Some(entry.spec.hosts.items().next()?.value.clone())).unwrap_or_default()
    }

    /// The port by which an endpoint of a ServiceEntry is told its own number.
    fn endpoint_port(&mut self, port: &str, span: Span) {
        if self.entry.resource.kind == Kind::ServiceEntry {
            let name = Name::Port(self.first_host(), port.into());
            self.found.push(Mention { name, span, whole: span, defines: false, selector: None });
        }
    }

    /// The Secret lies where the gateway's workloads run, in any namespace while these are not known.
    fn secret(&mut self, node: &Node, value: &str) {
        let name = value.strip_prefix("kubernetes://").unwrap_or(value);
        let gateway = self.entry.as_kind::<Gateway>();
        let pairs: Vec<_> = gateway.iter().flat_map(|gateway| gateway.spec.selector.pairs()).collect();
        let pairs: Vec<_> = pairs.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        let workloads = if pairs.is_empty() { Vec::new() } else { self.view.workloads_anywhere(&pairs) };
        let first = workloads.first().map(|workload| workload.namespace.clone()).unwrap_or_default();
        let one = workloads.iter().all(|workload| workload.namespace == first);
        let of = if one { first } else { SmolStr::default() };
        self.mention(node, value, name, Name::Resource(Kind::Secret, of, name.into()));
    }

    /// A Deployment and its like choose their own pods.
    fn own_selector(&mut self, node: &Node, key: &str, value: &str, labels: Option<&Mapping>) {
        let namespace = self.entry.namespace.clone();
        let entries = labels.map_or(&[][..], |labels| labels.entries.as_slice());
        let pairs = entries.iter().filter_map(|label| Some((label.key.clone(), label.value.as_scalar()?.text.clone())));
        let selector = Selector { namespace: Some(namespace.clone()), pairs: pairs.collect() };
        self.mention(node, value, value, Name::Label(namespace, key.into(), value.into()));
        if let Some(last) = self.found.last_mut() {
            last.selector = Some(Rc::new(selector));
        }
    }

    fn source(&mut self, node: &Node, value: &str, field: &str) {
        match field {
            "principals" | "notPrincipals" => self.account(node, value),
            "namespaces" | "notNamespaces" => self.namespace(node, value, value),
            "serviceAccounts" | "notServiceAccounts" => {
                let (of, name) = value.split_once('/').unwrap_or((&self.entry.namespace, value));
                let target = Name::Resource(Kind::ServiceAccount, of.into(), name.into());
                self.mention(node, value, name, target);
                if value.contains('/') {
                    self.namespace(node, value, of.get(..).unwrap_or(of));
                }
            }
            _ => {}
        }
    }

    fn account(&mut self, node: &Node, value: &str) {
        let Some((of, account)) = principal(value) else { return };
        self.mention(node, value, account, Name::Resource(Kind::ServiceAccount, of.into(), account.into()));
        self.namespace(node, value, of);
    }
}

fn own_name(entry: &Entry) -> Name {
    let name = entry.name();
    match entry.resource.kind {
        Kind::Service => Name::Host(entry.service_host().into()),
        Kind::Namespace => Name::Namespace(name.into()),
        kind => Name::Resource(kind, entry.namespace.clone(), name.into()),
    }
}

fn default_kind(field: &str) -> &'static str {
    match field {
        "backendRefs" | "backendRef" => "Service",
        "certificateRefs" => "Secret",
        "caCertificateRefs" => "ConfigMap",
        _ => "Gateway",
    }
}

/// What a reference of the Gateway API or of a policy means.
fn referred(kind: &str, group: Option<&str>, namespace: SmolStr, name: &str) -> Option<Name> {
    match kind {
        "Service" => Some(Name::Host(host::service_fqdn(name, &namespace).into())),
        "Hostname" => Some(Name::Host(name.into())),
        "Gateway" if group == Some("networking.istio.io") => {
            Some(Name::Resource(Kind::Gateway, namespace, name.into()))
        }
        "Gateway" => Some(Name::Resource(Kind::KubernetesGateway, namespace, name.into())),
        _ => {
            let kind = Kind::ALL.iter().copied().find(|known| known.as_str() == kind)?;
            Some(Name::Resource(kind, namespace, name.into()))
        }
    }
}
