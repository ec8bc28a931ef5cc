//! Values of a WasmPlugin, and of the module of a TrafficExtension.

use super::places::{Found, maps, select};
use super::refusal::Refusal;
use super::url;
use crate::yaml::Node;

/// What istiod refuses.
pub(super) fn refused(root: &Node) -> Vec<Refusal> {
    maps(root, "spec").iter().chain(&maps(root, "spec.wasm")).flat_map(|module| module_refused(module.node)).collect()
}

fn module_refused(module: &Node) -> Vec<Refusal> {
    let mut refusals: Vec<Refusal> = select(module, "url").iter().filter_map(address).collect();
    for variable in maps(module, "vmConfig.env[]") {
        // The API server refuses an empty one too.
        let value = variable.field("value").filter(|value| value.text().is_some());
        if let (Some("HOST"), Some(value)) = (variable.text_of("valueFrom"), value) {
            refusals.push(Refusal::at(value.key, "`value` is set though it comes from the HOST").remove());
        }
    }
    refusals
}

fn address(found: &Found<'_>) -> Option<Refusal> {
    let text = found.text()?.trim();
    let message = match url::scheme(text) {
        Some(scheme) if !matches!(scheme.as_str(), "file" | "http" | "https" | "oci") => {
            let refusal = Refusal::at(found.node.span, format!("`url` takes oci, file, http or https, not {scheme}"));
            let is_registry = !text.contains("://");
            return Some(if is_registry { refusal.write(format!("oci://{text}")) } else { refusal });
        }
        _ => url::problem(text)?,
    };
    // Of the rest istiod's validation makes an address with `http://` in front.
    let is_refused = !text.contains(':') && !text.starts_with('/');
    let dropped =
        || Refusal::at(found.node.span, format!("{message}\nistiod takes the resource, and leaves the module out."));
    Some(if is_refused { Refusal::at(found.node.span, message) } else { dropped().untold() })
}
