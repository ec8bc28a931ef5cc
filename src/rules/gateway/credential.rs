//! The credentials of gateway servers and the Secrets behind them.

use smol_str::SmolStr;

use crate::index::{Entry, Key, Ref, View};
use crate::resource::istio::{Gateway, ServerTls};
use crate::resource::kubernetes::{Secret, SecretSource};
use crate::resource::{Body, Field, Kind, Spanned, host};
use crate::tls::gateway::workloads_of;

/// The names under which a server asks for certificates; files and built-in ones are left out.
pub(super) fn names(tls: &ServerTls) -> impl Iterator<Item = &Spanned<SmolStr>> {
    let all = tls.credential_name.present().into_iter().chain(tls.credential_names.items());
    all.filter(|name| !name.is_empty() && !name.contains("://") && !name.contains('/'))
}

/// The namespaces in which the workloads of `gateway` look for Secrets; none while a workload is not in the workspace.
pub(super) fn namespaces(gateway: Ref<'_, Gateway>, view: &View<'_>) -> Option<Vec<SmolStr>> {
    let workloads = workloads_of(view, gateway);
    let all_known = workloads.iter().all(|workload| workload.entry.is_some() && workload.assumptions.is_empty());
    let mut namespaces: Vec<_> = workloads.into_iter().map(|workload| workload.namespace).collect();
    namespaces.sort_unstable();
    namespaces.dedup();
    (all_known && !namespaces.is_empty()).then_some(namespaces)
}

/// The namespaces of what `gateway` selects, whether it is known for a gateway or not; without any, that of a default
/// installation for the selector of its gateway.
pub(super) fn locations(gateway: Ref<'_, Gateway>, view: &View<'_>) -> Vec<SmolStr> {
    let selector = &gateway.spec.selector;
    let pairs: Vec<_> = selector.pairs().map(|(key, value)| (key.as_str(), value.value.as_str())).collect();
    let is_default = selector.under("istio").is_some_and(|value| value.as_str() == "ingressgateway");
    let selected = if pairs.is_empty() { Vec::new() } else { view.workloads_anywhere(&pairs) };
    let mut namespaces: Vec<_> = match selected.is_empty() {
        false => selected.into_iter().map(|workload| workload.namespace.clone()).collect(),
        true => {
            let workloads = workloads_of(view, gateway).into_iter();
            workloads.filter(|one| one.name.is_some() || is_default).map(|one| one.namespace).collect()
        }
    };
    namespaces.sort_unstable();
    namespaces.dedup();
    namespaces
}

/// A Secret `name` is in `namespace`, or something there makes one, or makes one whose name is not known.
pub(in crate::rules) fn may_exist(view: &View<'_>, namespace: &str, name: &str) -> bool {
    let makers = [Kind::Certificate, Kind::ExternalSecret, Kind::SealedSecret];
    view.named::<Secret>(namespace, name).is_some()
        || view.known().has_secret(namespace, name)
        || makers.into_iter().any(|kind| {
            view.under(&Key::Namespace(kind, namespace.into())).any(|entry| match &entry.resource.body {
                Body::Certificate(source) | Body::ExternalSecret(source) | Body::SealedSecret(source) => {
                    let made = made_name(source);
                    made.is_uncertain() || made.text().unwrap_or(entry.name()) == name || entry.name().is_empty()
                }
                _ => false,
            })
        })
        // Templated names, and Secrets that may be applied to any namespace.
        || view.in_namespace::<Secret>(namespace).any(|secret| secret.entry.name().is_empty())
        || view.named_anywhere::<Secret>(name).any(|secret| secret.entry.resource.metadata.namespace.text().is_none())
        || view.may_be_elsewhere(&Key::AnyNamespace(Kind::Secret, name.into()))
}

/// Secrets of `namespace` are kept with `entry`: in its folder, above or below it. Those of other folders may belong to
/// something that is never applied together with it.
pub(in crate::rules) fn are_kept_with(view: &View<'_>, namespace: &str, entry: &Entry) -> bool {
    let Some(folder) = entry.path.parent() else { return false };
    view.in_namespace::<Secret>(namespace).any(|secret| {
        secret.entry.path.parent().is_some_and(|other| folder.starts_with(other) || other.starts_with(folder))
    })
}

/// A credential for a server of `gateway` that is to terminate TLS for `name`: the only certificate that its workload can
/// fetch, else a name after the host.
pub(super) fn suggestion(gateway: Ref<'_, Gateway>, name: &str, view: &View<'_>) -> String {
    let namespaces = namespaces(gateway, view).unwrap_or_default();
    let secrets = namespaces.iter().flat_map(|namespace| view.in_namespace::<Secret>(namespace));
    let certificates: Vec<_> =
        secrets.filter(|secret| secret.keys().any(|key| key == "tls.crt" || key == "cert")).collect();
    if let [only] = certificates.as_slice() {
        return only.entry.name().to_owned();
    }
    let host = host::split_namespace(name).1.trim_start_matches(['*', '.']).replace('.', "-");
    if host.is_empty() { gateway.entry.name().to_owned() } else { host }
}

fn made_name(source: &SecretSource) -> &Field<SmolStr> {
    static OWN_NAME: Field<SmolStr> = Field::Absent;
    let template = source.template.value().and_then(|template| template.metadata.value());
    let target = source.target.value().or(template);
    if source.secret_name.is_absent() { target.map_or(&OWN_NAME, |target| &target.name) } else { &source.secret_name }
}
