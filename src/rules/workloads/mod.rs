//! Rules about workloads and the policies that are to select them.
