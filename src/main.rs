//! The `istio-ls` program.

fn main() {}
