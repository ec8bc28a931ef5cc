//! What the validation of istiod refuses beyond the schema: each rule is one sort of defect, with the places where it can stand.

mod dns;
pub(super) mod duplicate_value;
mod header_value;
pub(super) mod invalid_address;
pub(super) mod invalid_header;
pub(super) mod invalid_host;
pub(super) mod invalid_label;
pub(super) mod invalid_name;
pub(super) mod invalid_port_number;
pub(super) mod invalid_regex;
pub(super) mod number_out_of_range;
mod places;
mod re2;
pub(super) mod refused_authorization;
pub(super) mod refused_resolution;
pub(super) mod refused_settings;
pub(super) mod unknown_keyword;
