//! The ports of a PeerAuthentication.

use super::places::select;
use super::refusal::Refusal;
use crate::yaml::Node;

/// What istiod refuses.
pub(super) fn refused(root: &Node) -> Vec<Refusal> {
    let ports = select(root, "spec.portLevelMtls{}").into_iter();
    let is_wrong = |name: &str| name.parse::<i64>().is_ok_and(|number| !(1..=65535).contains(&number));
    let wrong = ports.filter(|port| is_wrong(port.name));
    wrong.map(|port| Refusal::at(port.key, format!("port {} is not between 1 and 65535", port.name))).collect()
}
