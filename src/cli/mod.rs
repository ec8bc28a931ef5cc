//! The command line: arguments and output formats.

pub mod tls;
