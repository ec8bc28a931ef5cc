//! Rules about who gets a proxy.

pub(super) mod application_as_proxy_user;
pub(super) mod image_auto_outside_workspace;
pub(super) mod image_auto_without_injection;
pub(super) mod injection_by_default;
mod injector;
pub(super) mod namespace_without_injection;
pub(super) mod outdated_proxy_image;
pub(super) mod pod_without_proxy;
pub(super) mod several_injection_labels;
