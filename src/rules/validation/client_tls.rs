//! TLS of a client: the `tls` blocks of DestinationRules.

use super::places::Found;
use super::refusal::Refusal;

/// What istiod refuses of a `tls` block of a rule in `namespace`.
pub(super) fn refused(tls: &Found<'_>, namespace: &str) -> Vec<Refusal> {
    let mut refusals: Vec<Refusal> = config_map(tls, namespace).into_iter().collect();
    let Some(mode) = tls.field("mode").filter(|mode| matches!(mode.text(), Some("SIMPLE" | "MUTUAL"))) else {
        return refusals;
    };
    let is_mutual = mode.text() == Some("MUTUAL");
    if let Some(skip) = tls.field("insecureSkipVerify").filter(|skip| skip.text() == Some("true")) {
        let checks: &[&str] = match is_mutual {
            true => &["caCertificates", "subjectAltNames"],
            false => &["caCertificates", "credentialName", "subjectAltNames"],
        };
        let field = checks.iter().filter(|name| tls.has(name)).find_map(|name| tls.field(name));
        refusals.extend(field.map(|field| {
            let message = format!("`{}` does not go with `insecureSkipVerify`: it would check the server", field.name);
            Refusal::at(field.key, message).beside(skip.key).remove()
        }));
    }
    if !tls.lacks("credentialName") {
        let files = ["clientCertificate", "caCertificates", "privateKey", "caCrl"];
        let file = files.iter().filter(|name| tls.has(name)).find_map(|name| tls.field(name));
        let credential = tls.field("credentialName").filter(|_| tls.has("credentialName"));
        refusals.extend(file.zip(credential).map(|(file, credential)| {
            let message = format!("`{}` does not go with `credentialName`, whose Secret holds all of it", file.name);
            Refusal::at(file.key, message).beside(credential.key)
        }));
    } else if is_mutual {
        let missing = ["clientCertificate", "privateKey"].into_iter().filter(|name| tls.lacks(name));
        let message = |name| format!("mode MUTUAL lacks `{name}`, or a `credentialName`");
        refusals.extend(missing.map(|name| Refusal::at(mode.node.span, message(name))));
    }
    refusals
}

/// A ConfigMap is named with the namespace of the rule.
fn config_map(tls: &Found<'_>, namespace: &str) -> Option<Refusal> {
    let credential = tls.field("credentialName")?;
    let rest = credential.text()?.strip_prefix("configmap://")?;
    let (from, name) = rest.split_once('/').unwrap_or(("", rest));
    let name = name.split('/').next().unwrap_or("");
    let refusal = |message: String| Some(Refusal::at(credential.node.span, message));
    if from.is_empty() || name.is_empty() {
        refusal("a ConfigMap is named `configmap://namespace/name`".to_owned())
    } else if from != namespace && !namespace.is_empty() {
        refusal(format!("the ConfigMap has to be in {namespace}, the namespace of the rule"))
    } else {
        None
    }
}
