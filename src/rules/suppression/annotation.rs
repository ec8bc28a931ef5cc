//! The annotations by which `istioctl analyze` and Kiali are told to be quiet about a resource.

use super::names;
use crate::resource::Resource;

const ISTIOCTL: &str = "galley.istio.io/analyze-suppress";
const KIALI: &str = "kiali.io/ignore-validations";

/// An annotation of `resource` names the rule or one of its codes. istioctl's takes `*` for all, Kiali's takes nothing for
/// all; both separate codes by commas.
#[must_use]
pub fn is_suppressed_by_annotation(resource: &Resource, rule: &str, aliases: &[&str]) -> bool {
    let listed = |list: &str| list.split(',').map(str::trim).any(|name| names(name, rule, aliases));
    let by_istioctl = resource.annotation(ISTIOCTL).is_some_and(|list| list.trim() == "*" || listed(list));
    let by_kiali = resource.annotation(KIALI).is_some_and(|list| list.trim().is_empty() || listed(list));
    by_istioctl || by_kiali
}
