//! `Ingress`: the older way into a cluster.

use smol_str::SmolStr;

use crate::resource::{Anything, List, object};

object! {
    /// The `spec` of an Ingress.
    pub struct Ingress {
        ingress_class_name: SmolStr = "ingressClassName",
        tls: List<IngressTls> = "tls",
        rules: Anything = "rules",
    }

    /// The certificate of some hosts.
    pub struct IngressTls {
        hosts: List<SmolStr> = "hosts",
        secret_name: SmolStr = "secretName",
    }
}
