//! Host names as Istio compares them: wildcards, short names, name spaces in front.

/// The domain of Services when nothing else is configured.
pub const CLUSTER_DOMAIN: &str = "cluster.local";

/// `host` starts with a wildcard label (`*` or `*.example.com`; Istio also takes `*-canary.example.com`).
#[must_use]
pub fn is_wildcard(host: &str) -> bool {
    host.starts_with('*')
}

/// Some name is meant by both: equal, or one of them is a wildcard that covers the other.
#[must_use]
pub fn overlap(left: &str, right: &str) -> bool {
    covers(left, right) || covers(right, left)
}

/// Every name that `host` means is also meant by `pattern` (Istio's `host.Name.SubsetOf`).
#[must_use]
pub fn covers(pattern: &str, host: &str) -> bool {
    match (pattern.strip_prefix('*'), host.strip_prefix('*')) {
        (None, None) => pattern == host,
        (None, Some(_)) => false,
        (Some(suffix), None) => host.ends_with(suffix),
        (Some(suffix), Some(host)) => host.ends_with(suffix),
    }
}

/// The name of Service `name` of `namespace` inside the cluster.
#[must_use]
pub fn service_fqdn(name: &str, namespace: &str) -> String {
    format!("{name}.{namespace}.svc.{CLUSTER_DOMAIN}")
}

/// Namespace and name of the Service that `host` is the full name of.
#[must_use]
pub fn service_of_fqdn(host: &str) -> Option<(&str, &str)> {
    let rest = host.strip_suffix(CLUSTER_DOMAIN)?.strip_suffix(".svc.")?;
    let (name, namespace) = rest.split_once('.')?;
    (!name.is_empty() && !namespace.is_empty() && !namespace.contains('.') && !is_wildcard(name))
        .then_some((namespace, name))
}

/// The namespace whose Services have names that end in `domain`: `shop` of `shop.svc.cluster.local`.
#[must_use]
pub fn namespace_of_services(domain: &str) -> Option<&str> {
    let namespace = domain.strip_suffix(CLUSTER_DOMAIN)?.strip_suffix(".svc.")?;
    (!namespace.is_empty() && !namespace.contains('.')).then_some(namespace)
}

/// `host` as Istio completes it in a resource of `namespace`: a name without a dot is a Service of that namespace,
/// everything else is taken literally (`store.data` too, which therefore matches no Service).
#[must_use]
pub fn resolve(host: &str, namespace: &str) -> String {
    if host.is_empty() || host.contains('.') || host.contains('*') || host.contains(':') {
        host.to_owned()
    } else {
        service_fqdn(host, namespace)
    }
}

/// A host of a Gateway server: the namespaces in front of `/` (none without one) and the name.
#[must_use]
pub fn split_namespace(host: &str) -> (Option<&str>, &str) {
    match host.split_once('/') {
        Some((namespace, name)) => (Some(namespace), name),
        None => (None, host),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wildcard_covers_what_ends_like_it() {
        assert!(covers("*.example.com", "a.example.com"));
        assert!(covers("*", "*.example.com"));
        assert!(!covers("*.example.com", "example.com"));
        assert!(!covers("a.example.com", "*.example.com"));
    }

    #[test]
    fn only_a_name_without_a_dot_is_completed() {
        assert_eq!(resolve("web", "shop"), "web.shop.svc.cluster.local");
        assert_eq!(resolve("web.shop", "shop"), "web.shop");
    }

    #[test]
    fn the_service_behind_a_full_name() {
        assert_eq!(service_of_fqdn("web.shop.svc.cluster.local"), Some(("shop", "web")));
        assert_eq!(service_of_fqdn("*.shop.svc.cluster.local"), None);
        assert_eq!(service_of_fqdn("api.example.com"), None);
    }
}
