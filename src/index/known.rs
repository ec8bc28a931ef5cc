//! What the cluster holds and the workspace does not, as its user says.

use std::collections::BTreeMap;

use smol_str::SmolStr;

/// Things that are there though no resource shows them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// Hosts in full, and wildcards of hosts.
    pub hosts: Vec<SmolStr>,
    /// Secrets by namespace, none for every namespace, and name.
    pub secrets: Vec<(Option<SmolStr>, SmolStr)>,
    /// The labels of namespaces.
    pub namespaces: BTreeMap<SmolStr, BTreeMap<SmolStr, SmolStr>>,
    /// Labels of gateway workloads.
    pub gateways: Vec<BTreeMap<SmolStr, SmolStr>>,
}

impl Known {
    /// Something provides `host`, in full.
    #[must_use]
    pub fn has_host(&self, host: &str) -> bool {
        self.hosts.iter().any(|known| match known.strip_prefix('*') {
            Some(suffix) => host.len() > suffix.len() && host.ends_with(suffix),
            None => known == host,
        })
    }

    /// The Secret is there.
    #[must_use]
    pub fn has_secret(&self, namespace: &str, name: &str) -> bool {
        let is_it = |(within, known): &(Option<SmolStr>, SmolStr)| {
            known == name && within.as_ref().is_none_or(|within| within == namespace)
        };
        self.secrets.iter().any(is_it)
    }

    /// A gateway workload has all labels of `selector`.
    #[must_use]
    pub fn has_gateway<'a>(&self, selector: impl Iterator<Item = (&'a str, &'a str)> + Clone) -> bool {
        let fits = |labels: &BTreeMap<SmolStr, SmolStr>| {
            selector.clone().all(|(key, value)| labels.get(key).is_some_and(|known| known == value))
        };
        self.gateways.iter().any(fits)
    }
}
