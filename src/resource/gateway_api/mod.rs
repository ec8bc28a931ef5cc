//! The kinds of the Kubernetes Gateway API, a family a file.

mod backend_tls_policy;
mod gateway;
mod reference_grant;
mod route;

pub use backend_tls_policy::*;
pub use gateway::*;
pub use reference_grant::*;
pub use route::*;
