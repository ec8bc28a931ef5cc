//! Rules about what the ports of Services say, and what listens behind them.

mod behind;
pub(super) mod conflicting_service_ports;
pub(super) mod external_name_port;
pub(super) mod plaintext_backend_named_tls;
pub(super) mod server_first_protocol;
pub(super) mod tls_backend_named_plaintext;
pub(super) mod undeclared_protocol;
