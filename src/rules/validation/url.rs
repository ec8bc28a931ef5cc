//! Addresses as Go's `net/url` reads them, as far as istiod looks at them.

/// What stands before the first `:`, in small letters, if it can be a scheme.
pub(super) fn scheme(text: &str) -> Option<String> {
    let (scheme, _) = text.split_once(':')?;
    let is_inner = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && scheme.chars().all(is_inner);
    is_scheme.then(|| scheme.to_ascii_lowercase())
}

/// Why the address cannot be read.
pub(super) fn problem(text: &str) -> Option<String> {
    if text.chars().any(|c| c.is_ascii_control()) {
        return Some("an address takes no control characters".to_owned());
    }
    let Some((_, rest)) = text.split_once("://") else { return first_segment(text) };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    if host.contains(' ') {
        return Some(format!("`{host}` is no host: it has a blank"));
    }
    let port = host.rsplit_once(':').filter(|(_, port)| !port.ends_with(']')).map(|(_, port)| port)?;
    (!port.chars().all(|c| c.is_ascii_digit())).then(|| format!("`{port}` is no port"))
}

/// Without a scheme, a `:` comes behind the first `/`.
fn first_segment(text: &str) -> Option<String> {
    let segment = text.split(['/', '?', '#']).next().unwrap_or_default();
    if let Some(sign) = segment.chars().find(|c| " {}\\^`|".contains(*c)) {
        let sign = if sign == ' ' { "a blank".to_owned() } else { format!("a `{sign}`") };
        return Some(format!("`{segment}` is no host: it has {sign}"));
    }
    let is_wrong = scheme(text).is_none() && segment.contains(':');
    is_wrong.then(|| format!("`{segment}` needs a scheme in front, as `oci://`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_registry_with_a_port_reads_as_a_scheme() {
        assert_eq!(scheme("registry.example.com:5000/filter").as_deref(), Some("registry.example.com"));
        assert_eq!(scheme("HTTPS://example.com").as_deref(), Some("https"));
        assert_eq!(scheme("docker.io/acme/filter:v1").as_deref(), None);
        assert_eq!(scheme("10.0.0.1:5000/filter"), None);
    }

    #[test]
    fn ports_are_numbers() {
        for right in ["https://a.example:8443/x:y", "https://[::1]:80/", "https://[::1]", "docker.io/acme/filter:v1"] {
            assert_eq!(problem(right), None, "{right}");
        }
        for wrong in ["https://a.example:http/", "https://a b/", "a b/c", "10.0.0.1:5000/filter"] {
            assert!(problem(wrong).is_some(), "{wrong}");
        }
    }
}
