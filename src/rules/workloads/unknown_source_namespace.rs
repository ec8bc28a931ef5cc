//! Rule `unknown-source-namespace`.

use crate::index::{Key, Ref};
use crate::resource::Kind;
use crate::resource::istio::AuthorizationPolicy;
use crate::rules::{Context, rule};
use crate::text::{TextEdit, only_near};

rule! {
    /// An AuthorizationPolicy names a namespace that the workspace does not hold.
    ///
    /// ## Why
    /// Where every Namespace is in the workspace, a name that none of them has never matches. Elsewhere it may well be right, so it is said only on demand.
    ///
    /// ## Symptom
    /// ALLOW: `403 RBAC: access denied`; DENY: nothing is denied.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: {name: shop, labels: {istio-injection: enabled}}
    /// ---
    /// apiVersion: security.istio.io/v1
    /// kind: AuthorizationPolicy
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   rules:
    ///   - from:
    ///     - source: {namespaces: [chop]} #~ unknown-source-namespace `chop` no Namespace
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: {name: shop, labels: {istio-injection: enabled}}
    /// ---
    /// apiVersion: security.istio.io/v1
    /// kind: AuthorizationPolicy
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   rules:
    ///   - from:
    ///     - source: {namespaces: [shop]}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/analysis/ist0101/>
    "unknown-source-namespace", on: AuthorizationPolicy, severity: Info, aliases: ["IST0101", "KIA0101"], since: "0.1.0", opt_in: true, all_fit: true,
}

fn check(policy: Ref<'_, AuthorizationPolicy>, cx: &mut Context<'_>) {
    let known: Vec<String> =
        cx.view.under(&Key::All(Kind::Namespace)).map(|entry| entry.name().to_lowercase()).collect();
    let sources = policy.spec.rules.items().flat_map(|rule| rule.from.items()).filter_map(|from| from.source.value());
    let named = sources.flat_map(|source| source.namespaces.items().chain(source.not_namespaces.items()));
    for name in named.collect::<Vec<_>>() {
        let wanted = name.to_lowercase();
        let fits = |known: &String| match (wanted.strip_prefix('*'), wanted.strip_suffix('*')) {
            (Some(""), _) => true,
            (Some(suffix), _) => known.ends_with(suffix),
            (None, Some(prefix)) => known.starts_with(prefix),
            (None, None) => *known == wanted,
        };
        if !known.iter().any(fits) {
            let near = only_near(&name.value, known.iter().map(String::as_str)).map(str::to_owned);
            let finding = cx.report(
                name.span,
                format!(
                    "the workspace has no Namespace {}\nWhere it holds all of them, this source never matches.",
                    name.value
                ),
            );
            if let Some(near) = near {
                finding.unsafe_fix(format!("write {near}"), vec![TextEdit::replace(name.span, near)]);
            }
        }
    }
}
