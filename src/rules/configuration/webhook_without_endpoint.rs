//! Rule `webhook-without-endpoint`.

use super::webhooks::webhooks;
use crate::index::Entry;
use crate::resource::Kind;
use crate::rules::{Context, Severity, rule};
use std::net::IpAddr;

rule! {
    /// A webhook of Istio that does not say whom to call, or names an IP address.
    ///
    /// ## Why
    /// The API server calls a webhook by Service or by URL. A URL with an IP address works only where the certificate carries that address.
    ///
    /// ## Symptom
    /// Pods are not made, or get no proxy; `x509: cannot validate certificate`.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: admissionregistration.k8s.io/v1
    /// kind: ValidatingWebhookConfiguration
    /// metadata: {name: istiod-default-validator}
    /// webhooks:
    /// - name: validation.istio.io #~ webhook-without-endpoint
    ///   clientConfig: {}
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: admissionregistration.k8s.io/v1
    /// kind: ValidatingWebhookConfiguration
    /// metadata: {name: istiod-default-validator}
    /// webhooks:
    /// - name: validation.istio.io
    ///   clientConfig: {url: "https://istiod.example.com:15017/validate"}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/analysis/ist0163/>
    "webhook-without-endpoint", on: [MutatingWebhookConfiguration, ValidatingWebhookConfiguration], severity: Warning, aliases: ["IST0163", "IST0164"], since: "0.1.0",
}

fn check(entry: &Entry, cx: &mut Context<'_>) {
    let name = entry.name();
    let is_istios = match entry.resource.kind {
        Kind::MutatingWebhookConfiguration => name.starts_with("istio-sidecar-injector"),
        _ => name == "istiod-default-validator" || name.starts_with("istio-validator"),
    };
    if !is_istios {
        return;
    }
    for webhook in webhooks(entry) {
        let place = webhook.name.span().unwrap_or(webhook.span);
        let Some(config) = webhook.client_config.value() else { continue };
        let Some(url) = config.url.present() else {
            if config.service.is_absent() && config.url.is_absent() {
                let message = "the webhook has neither a Service nor a URL\nThe API server cannot call it.";
                cx.report(place, message).alias("IST0163");
            }
            continue;
        };
        let authority = url.split_once("://").map(|(_, rest)| rest.split(['/', '?']).next().unwrap_or(""));
        match authority.filter(|_| is_url(url)) {
            None if !url.is_empty() => {
                cx.report(url.span, "this URL cannot be read\nThe API server cannot call the webhook.")
                    .alias("IST0163");
            }
            Some(authority) if is_address(authority) => {
                let message = "the webhook is called by an IP address\nThe certificate of the control plane has to carry the address; a host name is usual.";
                cx.report(url.span, message).severity(Severity::Info).alias("IST0164");
            }
            _ => {}
        }
    }
}

fn is_url(url: &str) -> bool {
    url.contains("://") && !url.contains([' ', '\\', '<', '>', '"']) && !url.chars().any(char::is_control)
}

fn is_address(authority: &str) -> bool {
    let host = authority
        .rsplit_once(':')
        .map_or(authority, |(host, port)| if port.parse::<u16>().is_ok() { host } else { authority });
    host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok()
}
