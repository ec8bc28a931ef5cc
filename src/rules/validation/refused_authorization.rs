//! Rule `refused-authorization`.

use smol_str::SmolStr;

use crate::index::Ref;
use crate::resource::istio::{AuthorizationPolicy, AuthorizationSource};
use crate::resource::{Field, List};
use crate::rules::{Context, rule};
use crate::text::Span;

rule! {
    /// An AuthorizationPolicy whose action cannot do what its rules ask for.
    ///
    /// ## Why
    /// CUSTOM hands the decision to a provider, which knows no identities of the mesh, and needs rules and the name of the provider; a DENY without rules denies nothing; only CUSTOM takes a provider. istiod refuses the rest.
    ///
    /// ## Symptom
    /// `Error from server: admission webhook "validation.istio.io" denied the request: configuration is invalid`.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: security.istio.io/v1
    /// kind: AuthorizationPolicy
    /// metadata: {name: ext, namespace: shop}
    /// spec:
    ///   action: CUSTOM
    ///   provider: {name: opa}
    ///   rules:
    ///   - from:
    ///     - source:
    ///         principals: [cluster.local/ns/a/sa/b] #~ refused-authorization `principals` CUSTOM
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: security.istio.io/v1
    /// kind: AuthorizationPolicy
    /// metadata: {name: ext, namespace: shop}
    /// spec:
    ///   action: CUSTOM
    ///   provider: {name: opa}
    ///   rules:
    ///   - to:
    ///     - operation: {paths: [/admin]}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/analysis/ist0106/>
    "refused-authorization", on: AuthorizationPolicy, severity: Error, aliases: ["IST0106"], since: "0.1.0", all_fit: true,
}

fn check(policy: Ref<'_, AuthorizationPolicy>, cx: &mut Context<'_>) {
    let spec = policy.spec;
    if spec.action.is_uncertain() || spec.rules.is_uncertain() {
        return;
    }
    let action = spec.action.text().unwrap_or("ALLOW");
    let has_rules = spec.rules.items().next().is_some() || !spec.rules.is_certain();
    let place = spec.action.span().unwrap_or_else(|| policy.entry.resource.name_span());
    let mut refusals: Vec<(Span, String)> = Vec::new();
    if matches!(action, "CUSTOM" | "DENY") && !has_rules {
        refusals.push((place, format!("{action} without rules")));
    }
    if let (true, Some(key)) = (action != "CUSTOM", spec.provider.key()) {
        refusals.push((key, format!("only CUSTOM takes a provider, not {action}")));
    }
    if action == "CUSTOM" {
        if spec.provider.is_absent() {
            refusals.push((place, "CUSTOM without provider".to_owned()));
        }
        let sources = spec.rules.items().flat_map(|rule| rule.from.items()).filter_map(|from| from.source.value());
        let asked = sources.flat_map(identities).filter_map(|(name, field)| Some((name, field.key()?)));
        refusals.extend(asked.map(|(name, key)| (key, format!("a provider (CUSTOM) is not told `{name}`"))));
        let conditions =
            spec.rules.items().flat_map(|rule| rule.when.items()).filter_map(|condition| condition.value.key.present());
        let hidden = conditions.filter(|key| is_identity(key));
        refusals.extend(hidden.map(|key| (key.span, format!("a provider (CUSTOM) is not told {}", key.value))));
    }
    for port in spec.rules.items().flat_map(|rule| rule.to.items()).filter_map(|to| to.operation.value()) {
        let wrong = port.ports.items().chain(port.not_ports.items()).filter(|number| number.parse::<u16>().is_err());
        refusals.extend(wrong.map(|number| (number.span, format!("`{}` is no port", number.value))));
    }
    for (span, why) in refusals {
        cx.report(span, format!("{why}\nistiod refuses the AuthorizationPolicy."));
    }
}

fn identities(source: &AuthorizationSource) -> Vec<(&'static str, &Field<List<SmolStr>>)> {
    vec![
        ("principals", &source.principals),
        ("notPrincipals", &source.not_principals),
        ("requestPrincipals", &source.request_principals),
        ("notRequestPrincipals", &source.not_request_principals),
        ("namespaces", &source.namespaces),
        ("notNamespaces", &source.not_namespaces),
        ("serviceAccounts", &source.service_accounts),
        ("notServiceAccounts", &source.not_service_accounts),
    ]
}

fn is_identity(key: &str) -> bool {
    matches!(key, "source.namespace" | "source.serviceAccount" | "source.trustDomain" | "source.principal")
        || key.starts_with("request.auth.")
}
