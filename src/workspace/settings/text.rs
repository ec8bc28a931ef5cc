//! What is wrong with a text for what it is to be.

use std::path::Path;

use ignore::overrides::OverrideBuilder;

use super::table::Text;

/// What is wrong with `text`, as the end of a sentence.
pub(super) fn flaw(kind: Text, text: &str) -> Option<String> {
    match kind {
        Text::Glob => OverrideBuilder::new(Path::new(".")).add(text).err().map(|error| format!("is no glob\n{error}")),
        Text::Version => super::version(text).is_none().then(|| "is no version; write it as `1.24`".to_owned()),
        Text::Namespace => (!is_name(text)).then(|| "is no namespace".to_owned()),
        Text::Host => (!is_host(text)).then(|| "is no host; a wildcard leads it, as in `*.example.com`".to_owned()),
        Text::Secret => {
            let parts: Vec<&str> = text.split('/').collect();
            let is_secret = parts.len() <= 2 && parts.into_iter().all(is_name);
            (!is_secret).then(|| "is no Secret; write `namespace/name` or `name`".to_owned())
        }
        Text::Title => None,
    }
}

/// A name as Kubernetes accepts it: labels of a domain.
fn is_name(text: &str) -> bool {
    let is_part = |part: &str| {
        let is_inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        !part.is_empty() && part.chars().all(is_inner) && !part.starts_with('-') && !part.ends_with('-')
    };
    text.split('.').all(is_part)
}

fn is_host(text: &str) -> bool {
    let host = text.strip_prefix("*.").unwrap_or(text);
    let is_part =
        |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    text == "*" || host.split('.').all(is_part)
}
