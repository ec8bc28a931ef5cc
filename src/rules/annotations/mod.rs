//! Annotations of Istio on Namespaces, Services and what runs pods.

pub(super) mod deprecated_annotation;
pub(super) mod invalid_annotation;
mod known;
pub(super) mod misplaced_annotation;
pub(super) mod unknown_annotation;
mod value;
mod written;
