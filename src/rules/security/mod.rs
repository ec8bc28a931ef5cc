//! Rules about who may call what, and what policies of authentication do to it.

pub(super) mod exact_host_without_port;
mod first_written;
pub(super) mod http_deny_without_port;
mod http_only;
pub(super) mod http_rule_on_tcp_port;
pub(super) mod identity_without_mtls;
mod selected;
pub(super) mod strict_blocks_scrape;
