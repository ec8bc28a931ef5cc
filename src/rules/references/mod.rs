//! References to resources that are not there.

pub(super) mod unknown_gateway;
