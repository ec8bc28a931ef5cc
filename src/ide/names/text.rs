//! Names inside a value: the parts of `namespace/name`, of full hosts, of principals, with their places.

use crate::text::Span;
use crate::yaml::Node;

/// The place of `part` of the value of `node`, where the value is written as it is read; else the whole value.
pub(super) fn place(text: &str, node: &Node, value: &str, part: &str) -> Span {
    let within = || {
        let written = node.span.of(text);
        let start = written.find(value)?;
        let offset = (part.as_ptr() as usize).checked_sub(value.as_ptr() as usize)?;
        (offset + part.len() <= value.len()).then(|| {
            let start = node.span.start() + start + offset;
            Span::new(start, start + part.len())
        })
    };
    within().unwrap_or(node.span)
}

/// Namespace and service account of `cluster.local/ns/NAMESPACE/sa/ACCOUNT`, with or without `spiffe://`.
pub(super) fn principal(written: &str) -> Option<(&str, &str)> {
    let (_, rest) = written.split_once("/ns/")?;
    let (namespace, account) = rest.split_once("/sa/")?;
    (!account.is_empty() && !account.contains(['*', '/'])).then_some((namespace, account))
}

/// The first label of the full name of a Service, else the whole host.
pub(super) fn renamed_part<'a>(written: &'a str, full: &str) -> &'a str {
    match crate::resource::host::service_of_fqdn(full) {
        Some((_, name)) => written.get(..name.len()).unwrap_or(written),
        None => written,
    }
}

/// A namespace that is a name, not a word for several.
pub(super) fn is_namespace(written: &str) -> bool {
    !written.is_empty() && !written.contains(['*', '.', '~'])
}
