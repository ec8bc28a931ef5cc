//! The command line: arguments and output formats.

pub mod parse;
pub mod tls;
