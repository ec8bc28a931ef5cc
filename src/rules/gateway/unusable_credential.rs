//! Rule `unusable-credential`.

use super::bound_server::protocol;
use super::credential::{locations, names};
use crate::index::{Key, Ref};
use crate::resource::istio::Gateway;
use crate::resource::kubernetes::Age;
use crate::resource::kubernetes::Secret;
use crate::resource::{Kind, Spanned};
use crate::rules::{Context, Edit, Fix, Severity, rule};
use crate::text::{Span, TextEdit, only_near};
use crate::tls::gateway::ServerTls;
use smol_str::SmolStr;
use std::time::SystemTime;

rule! {
    /// The Secret of a gateway server holds no certificate with its key, or one that is not valid today.
    ///
    /// ## Why
    /// istiod takes `tls.crt` and `tls.key` (or `cert` and `key`) from the Secret, in PEM. Where one of them is missing or
    /// something else, the server gets no certificate. What is no PEM is only noted, since it may stand in for what is filled
    /// in later. A certificate that is over is sent to the gateway, and istiod logs that it is expired.
    ///
    /// ## Symptom
    /// The handshake is reset: `SSL_ERROR_SYSCALL`, `no peer certificate available`. Of one that is over clients say `certificate has
    /// expired`.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: shop-cert, namespace: istio-system}
    /// type: Opaque
    /// data: {tls.cert: "", tls.key: ""}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: Gateway
    /// metadata: {name: public, namespace: shop}
    /// spec:
    ///   selector: {istio: ingressgateway}
    ///   servers:
    ///   - port: {number: 443, name: https, protocol: HTTPS}
    ///     hosts: [shop.example.com]
    ///     tls: {mode: SIMPLE, credentialName: shop-cert} #~ unusable-credential `shop-cert` has no tls.crt
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: shop-cert, namespace: istio-system}
    /// type: kubernetes.io/tls
    /// data: {tls.crt: "", tls.key: ""}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: Gateway
    /// metadata: {name: public, namespace: shop}
    /// spec:
    ///   selector: {istio: ingressgateway}
    ///   servers:
    ///   - port: {number: 443, name: https, protocol: HTTPS}
    ///     hosts: [shop.example.com]
    ///     tls: {mode: SIMPLE, credentialName: shop-cert}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/tasks/traffic-management/ingress/secure-ingress/>
    "unusable-credential", on: Gateway, severity: Error, aliases: ["IST0161"], since: "0.1.0", opt_in: true,
}

fn check(gateway: Ref<'_, Gateway>, cx: &mut Context<'_>) {
    let namespaces = locations(gateway, cx.view);
    for server in gateway.spec.servers.items() {
        let Some(tls) = server.tls.value().filter(|tls| ServerTls::of(protocol(server), Some(tls)).terminates()) else {
            continue;
        };
        for (name, namespace) in names(tls).flat_map(|name| namespaces.iter().map(move |namespace| (name, namespace))) {
            let key = Key::Named(Kind::Secret, namespace.clone(), name.value.clone());
            let secrets: Vec<_> = cx.view.typed::<Secret>(&key).collect();
            if let [secret] = secrets.as_slice()
                && let Some(defect) = defect(secret)
            {
                report(name, *secret, defect, cx);
            }
        }
    }
}

/// What is wrong with a Secret.
struct Defect {
    says: String,
    place: Span,
    /// A key that is to be another one.
    rename: Option<(Span, &'static str)>,
    severity: Severity,
    /// Clients get to see the certificate.
    is_shown: bool,
}

/// What keeps the Secret from being the certificate of a server.
fn defect(secret: &Ref<'_, Secret>) -> Option<Defect> {
    if secret.data.is_uncertain() || secret.string_data.is_uncertain() {
        return None;
    }
    let has = |key: &str| secret.keys().any(|known| known == key);
    let (certificate, key) = if has("cert") && has("key") { ("cert", "key") } else { ("tls.crt", "tls.key") };
    let name = secret.entry.resource.name_span();
    if let Some(missing) = [certificate, key].into_iter().find(|key| !has(key)) {
        let near = only_near(missing, secret.keys().map(SmolStr::as_str).filter(|key| !KEYS.contains(key)));
        let rename = near.and_then(|near| Some((key_span(secret, near)?, missing)));
        return Some(Defect {
            says: format!("has no {missing}"),
            place: name,
            rename,
            severity: Severity::Error,
            is_shown: false,
        });
    }
    let wrong = |key: &str, what: &str, place: Span| {
        Some(Defect {
            says: format!("has no {what} in {key}"),
            place,
            rename: None,
            severity: Severity::Info,
            is_shown: false,
        })
    };
    match (secret.content(certificate), secret.content(key)) {
        (Some(found), _) if found.is_no_certificate() => wrong(certificate, "PEM certificate", found.key),
        (_, Some(found)) if found.is_no_private_key() => wrong(key, "PEM private key", found.key),
        (Some(found), _) => {
            let says = match found.validity()?.at(SystemTime::now()) {
                Age::Valid => return None,
                Age::Expired => format!("holds an expired certificate in {certificate}"),
                Age::NotYetValid => format!("holds a certificate in {certificate} that is not valid yet"),
            };
            Some(Defect { says, place: found.key, rename: None, severity: Severity::Error, is_shown: true })
        }
        _ => None,
    }
}

/// What istiod looks for in a Secret.
const KEYS: [&str; 6] = ["tls.crt", "tls.key", "cert", "key", "ca.crt", "cacert"];

fn key_span(secret: &Secret, key: &str) -> Option<Span> {
    secret.content(key).map(|content| content.key)
}

fn report(name: &Spanned<SmolStr>, secret: Ref<'_, Secret>, defect: Defect, cx: &mut Context<'_>) {
    let outcome = match defect.is_shown {
        true => "The gateway shows it all the same: clients refuse it.",
        false => "The gateway has no certificate to show: the handshake is reset.",
    };
    let message = format!("Secret {} {}\n{outcome}", secret.entry.qualified_name(), defect.says);
    let document = cx.document(secret.entry);
    let finding = cx.report(name.span, message);
    finding.severity(defect.severity).alias("IST0161").related(secret.entry.id, defect.place, "this Secret");
    if let Some((span, key)) = defect.rename {
        let edit = document.and_then(|document| document.rename(&document.path_at(span.start()).to_edit(), key));
        let edits = edit.into_iter().map(|edit: TextEdit| Edit { resource: secret.entry.id, edit }).collect();
        finding.fix(Fix { title: format!("rename the key to {key}"), safe: false, edits });
    }
}
