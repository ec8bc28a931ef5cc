//! Findings that the author does not want to see: comments and annotations.

mod annotation;
mod comment;
pub(super) mod unused_suppression;

use super::{Rule, registry};
pub use annotation::is_suppressed_by_annotation;
pub use comment::{Comment, Name, Reach, comments, ignore};

/// `name`, an id or a code of another tool, means the rule, or this finding of it.
#[must_use]
pub fn names(name: &str, rule: &str, aliases: &[&str]) -> bool {
    let same = |known: &str| known.eq_ignore_ascii_case(name);
    let of_rule = |rule: &Rule| rule.aliases.iter().any(|alias| same(alias));
    same(rule) || aliases.iter().any(|alias| same(alias)) || registry::find(rule).is_some_and(of_rule)
}
