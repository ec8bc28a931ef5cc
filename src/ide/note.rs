//! What a single field of a TLS block adds to what is on the wire.

use smol_str::SmolStr;

use super::place::Cursor;
use crate::index::{Ref, View};
use crate::resource::istio::Gateway;
use crate::resource::kubernetes::Secret;
use crate::tls;

/// The line about the field of a client's TLS block under the cursor; none for `mode` and for whatever is no such field.
pub(super) fn of_client_field(view: &View<'_>, cursor: &Cursor<'_>) -> Option<String> {
    let block = cursor.keys.iter().position(|key| key == "tls")?;
    let field = cursor.keys.get(block + 1)?.as_str();
    let (_, node) = cursor.nodes.iter().rev().find(|(_, node)| node.get(field).is_some())?;
    let mode = node.get("mode").and_then(|mode| mode.as_scalar()).map_or("DISABLE", |mode| mode.text.as_str());
    let meaning = match field {
        "sni" if mode != "DISABLE" => "the server name that is sent, whatever the request asks for".to_owned(),
        "mode" => return None,
        _ if mode == "DISABLE" => "without effect: the mode is DISABLE".to_owned(),
        "subjectAltNames" => "the server's certificate must carry one of these names".to_owned(),
        _ if mode == "ISTIO_MUTUAL" => "without effect: Istio mTLS brings its own certificates".to_owned(),
        "clientCertificate" | "privateKey" if mode == "SIMPLE" => {
            "without effect: SIMPLE shows no client certificate".to_owned()
        }
        "clientCertificate" | "privateKey" => "a file in the client's proxy; MUTUAL needs both".to_owned(),
        "caCertificates" => {
            "a file in the client's proxy: its CAs must have signed the server's certificate".to_owned()
        }
        "caCrl" => "a file in the client's proxy: certificates that are not valid any more".to_owned(),
        "insecureSkipVerify" => match node.get(field)?.as_scalar()?.text.as_str() {
            "true" => "the server's certificate is not verified".to_owned(),
            _ => "the server's certificate is verified".to_owned(),
        },
        "credentialName" => {
            let name = node.get(field)?.as_scalar()?.text.as_str();
            format!("a Secret in the namespace of the client; {}", whereabouts(view, name))
        }
        _ => return None,
    };
    Some(format!("\n\n`{field}`: {meaning}"))
}

/// The Secrets with this name in the workspace.
fn whereabouts(view: &View<'_>, name: &str) -> String {
    let known: Vec<String> = view.named_anywhere::<Secret>(name).map(|secret| secret.entry.qualified_name()).collect();
    match known.is_empty() {
        true => format!("no Secret `{name}` is in the workspace"),
        false => format!("in the workspace: {}", known.join(", ")),
    }
}

/// Whether the workloads of `gateway` find the credential under the cursor.
pub(super) fn of_credential(view: &View<'_>, cursor: &Cursor<'_>, gateway: Ref<'_, Gateway>) -> Option<String> {
    let field = cursor.keys.last().filter(|key| key.starts_with("credentialName"))?;
    let name = cursor.value.as_deref()?;
    let mut namespaces: Vec<SmolStr> =
        tls::gateway::workloads_of(view, gateway).into_iter().map(|workload| workload.namespace).collect();
    namespaces.sort_unstable();
    namespaces.dedup();
    let found = namespaces.iter().map(|namespace| match view.named::<Secret>(namespace, name) {
        Some(secret) => format!("Secret {} is in the namespace of the gateway workload", secret.entry.qualified_name()),
        None => {
            format!("must be a Secret in {namespace}, where the gateway workload runs; {}", whereabouts(view, name))
        }
    });
    Some(format!("\n\n`{field}`: {}", found.collect::<Vec<_>>().join("; ")))
}
