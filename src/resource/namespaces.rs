//! The namespaces that the fields of an object name: as `namespace/name`, in full hosts, in identities and as they are.

use smol_str::SmolStr;

use super::{Kind, host};
use crate::yaml::{Node, Value};

/// Fields whose values are namespaces.
const FIELDS: [&str; 5] = ["namespace", "sourceNamespace", "exportTo", "namespaces", "notNamespaces"];

/// What the `spec` of `object` may name as a namespace. Only Istio and the Gateway API refer to other namespaces.
pub(super) fn named(kind: Kind, object: &Node) -> Box<[SmolStr]> {
    let mut found = Vec::new();
    let refers = kind.group().ends_with("istio.io") || kind.group() == Kind::HttpRoute.group();
    if let Some(spec) = object.get("spec").filter(|_| refers) {
        walk(spec, "", &mut found);
    }
    found.sort_unstable();
    found.dedup();
    found.into()
}

fn walk(node: &Node, field: &str, found: &mut Vec<SmolStr>) {
    match &node.value {
        Value::Scalar(scalar) => of_text(&scalar.text, field, found),
        Value::Sequence(list) => list.items.iter().for_each(|item| walk(item, field, found)),
        Value::Mapping(mapping) => mapping.entries.iter().for_each(|entry| walk(&entry.value, &entry.key, found)),
    }
}

fn of_text(text: &str, field: &str, found: &mut Vec<SmolStr>) {
    let mut add = |name: &str| {
        let is_name = |letter: u8| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == b'-';
        if !name.is_empty() && name.bytes().all(is_name) {
            found.push(name.into());
        }
    };
    if FIELDS.contains(&field) {
        add(text);
    }
    let mut last = text;
    if let Some((first, rest)) = text.split_once('/') {
        add(first);
        last = rest;
    }
    if let Some((_, identity)) = text.split_once("/ns/") {
        add(identity.split('/').next().unwrap_or(""));
    }
    if let Some((namespace, _)) = host::service_of_fqdn(last) {
        add(namespace);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::parse;

    #[test]
    fn every_spelling_is_found() {
        let spec = "{spec: {gateways: [edge/public, mesh, own], hosts: [a.shop.svc.cluster.local, shop2/b.c.svc.cluster.local], \
                    exportTo: [., '*', other], rules: [{principals: [cluster.local/ns/front/sa/web, spiffe://d/ns/back/sa/api]}]}}";
        let object = parse(spec.into()).root.expect("an object");
        let mut wanted = ["edge", "shop", "shop2", "c", "other", "front", "back"];
        wanted.sort_unstable();
        assert_eq!(*named(Kind::VirtualService, &object), wanted);
        assert!(named(Kind::Deployment, &object).is_empty());
    }
}
