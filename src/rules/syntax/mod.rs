//! What is wrong with the text before anything is read from it.

pub(super) mod malformed_yaml;
