//! Rule `legacy-gateway-name`.

use super::places::{Places, at, items, object, quoted, tree};
use crate::index::Entry;
use crate::resource::Kind;
use crate::rules::{Context, rule};
use crate::text::TextEdit;

rule! {
    /// A Gateway is named `name.namespace` instead of `namespace/name`.
    ///
    /// ## Why
    /// istiod still reads the first two parts of such a name as name and namespace, and warns. A Gateway whose own name has a dot cannot be meant.
    ///
    /// ## Symptom
    /// None yet; `kubectl apply` shows a warning.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: VirtualService
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   hosts: [web.example.com]
    ///   gateways: [public.edge.svc.cluster.local] #~ legacy-gateway-name `public.edge.svc.cluster.local` edge/public
    ///   http: [{route: [{destination: {host: web}}]}]
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: VirtualService
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   hosts: [web.example.com]
    ///   gateways: [edge/public]
    ///   http: [{route: [{destination: {host: web}}]}]
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/networking/virtual-service/#VirtualService>
    "legacy-gateway-name", on: [VirtualService], severity: Warning, aliases: ["IST0133"], since: "0.1.0", all_fit: true,
}

/// Lists of which istiod reads no more behind the first name without a namespace. In matches of HTTP and TCP it says nothing.
const PLACES: Places = &[(Kind::VirtualService, &["spec.gateways", "spec.tls[].match[].gateways"])];

fn check(entry: &Entry, cx: &mut Context<'_>) {
    let Some(document) = tree(entry, cx) else { return };
    let Some(root) = object(&document, cx) else { return };
    for list in at(PLACES, entry, root) {
        let first = items(&list).into_iter().find(|item| item.text().is_none_or(|text| !text.contains('/')));
        let Some((first, text)) = first.and_then(|first| Some((first, first.text()?))) else { continue };
        let mut parts = text.split('.');
        let (Some(name), Some(namespace)) = (parts.next(), parts.next()) else { continue };
        let plain = format!("{namespace}/{name}");
        let message = format!("{} is the old way to write {plain}\nistiod takes it, with a warning.", quoted(text));
        let edit = TextEdit::replace(first.node.span, plain.clone());
        cx.report(first.node.span, message).safe_fix(format!("write {plain}"), vec![edit]);
    }
}
