//! The command line: arguments and forms of output over the same core that the server uses.

pub mod check;
pub mod explain;
pub mod parse;
pub mod schema;
pub mod tls;
mod workspace;

pub use workspace::{Loaded, Report, Rules, load};
