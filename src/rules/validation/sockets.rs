//! Unix sockets as addresses.

use super::places::{Found, quoted};
use super::refusal::Refusal;

/// What is wrong with `unix://PATH`: the path is absolute and of a file, or begins with `@`.
pub(super) fn refused(address: &Found<'_>) -> Option<Refusal> {
    let path = address.text()?.strip_prefix("unix://")?;
    let is_valid = path.starts_with('@') || path.starts_with('/') && !path.ends_with('/');
    (!is_valid).then(|| Refusal::at(address.node.span, format!("{} is no absolute path of a socket", quoted(path))))
}
