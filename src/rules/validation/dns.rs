//! Names as the validation of istiod takes them: labels, host names with and without a wildcard, label keys and values.

/// Letters, digits and `-` between them, at most 63; Istio takes capitals too.
pub(super) fn is_label(text: &str) -> bool {
    let is_inner = |c: char| c.is_ascii_alphanumeric() || c == '-';
    (1..=63).contains(&text.len()) && text.chars().all(is_inner) && !text.starts_with('-') && !text.ends_with('-')
}

/// A host name without a wildcard; it may end in a dot, and its last label is not a number.
pub(super) fn is_name(text: &str) -> bool {
    (1..=255).contains(&text.len()) && are_labels(text)
}

/// A host name whose first label may be `*`, or begin with it.
pub(super) fn is_wildcard_name(text: &str) -> bool {
    let (first, rest) = text.split_once('.').map_or((text, None), |(first, rest)| (first, Some(rest)));
    let is_first = match first.strip_prefix('*') {
        Some("") => true,
        Some(label) => first.len() <= 63 && is_label(label.strip_prefix('-').unwrap_or(label)),
        None => is_label(first),
    };
    text.len() <= 255 && is_first && rest.is_none_or(are_labels)
}

/// A part of the name is written like `NAME_OF_HOST`: a tool puts something else there.
pub(super) fn holds_stand_in(text: &str) -> bool {
    let is_word = |word: &str| word.len() > 1 && word.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
    let is_stand_in =
        |part: &str| part.contains('_') && part.split('_').all(is_word) && !part.starts_with(char::is_numeric);
    text.split(['.', '/']).any(is_stand_in)
}

/// The server name that a gateway makes for a service when it passes TLS on: `outbound_.80_._.web.shop.svc.cluster.local`.
pub(super) fn is_generated_server_name(text: &str) -> bool {
    text.starts_with("outbound_") && text.split('_').count() >= 4
}

/// The key of a label: a name of at most 63 characters, behind the optional `dns-name/`.
pub(super) fn is_label_key(text: &str) -> bool {
    let (prefix, name) = text.split_once('/').map_or((None, text), |(prefix, name)| (Some(prefix), name));
    let is_prefix = |prefix: &str| prefix.len() <= 253 && prefix.split('.').all(is_label_of_any_length);
    !name.is_empty() && name.len() <= 63 && is_label_value(name) && prefix.is_none_or(is_prefix)
}

/// The value of a label: letters and digits, with `-`, `_` and `.` between them; or nothing.
pub(super) fn is_label_value(text: &str) -> bool {
    let is_edge = |c: Option<char>| c.is_none_or(|c| c.is_ascii_alphanumeric());
    let is_inner = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    text.chars().all(is_inner) && is_edge(text.chars().next()) && is_edge(text.chars().last())
}

fn is_label_of_any_length(text: &str) -> bool {
    let is_inner = |c: char| c.is_ascii_alphanumeric() || c == '-';
    !text.is_empty() && text.chars().all(is_inner) && !text.starts_with('-') && !text.ends_with('-')
}

fn are_labels(text: &str) -> bool {
    let labels = text.strip_suffix('.').unwrap_or(text);
    let is_numeric = text.rsplit('.').next().is_some_and(|last| last.parse::<i64>().is_ok());
    !is_numeric && (text.is_empty() || labels.split('.').all(is_label))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_first_label_may_be_or_begin_with_a_wildcard() {
        for name in ["*", "*.example.com", "*-web.example.com", "*web.example.com", "web", "Web.example.com.", "1"] {
            assert!(is_wildcard_name(name), "{name}");
        }
        for name in ["", "a.*.com", "we*.com", "*--web.com", "a..b", "10.0.0.1", "a_b.com", "web:80", "-a.com"] {
            assert!(!is_wildcard_name(name), "{name}");
        }
        assert!(is_name("web.example.com") && !is_name("*.example.com"));
    }

    #[test]
    fn capitals_with_underscores_stand_for_something_else() {
        assert!(holds_stand_in("MY_SERVICE.MY_NAMESPACE.svc.cluster.local") && !holds_stand_in("a_b.example.com"));
        assert!(!holds_stand_in("V_1") && !holds_stand_in("outbound_.80_._.web"));
    }

    #[test]
    fn labels_are_those_of_kubernetes() {
        for key in ["app", "app.kubernetes.io/name", "a_b.c-d"] {
            assert!(is_label_key(key), "{key}");
        }
        for key in ["", "a!b", "/app", "a_b/c", "app-", "a/b/c"] {
            assert!(!is_label_key(key), "{key}");
        }
        assert!(is_label_value("") && is_label_value("v1.2_x") && !is_label_value("a b") && !is_label_value("-v"));
    }
}
