//! `BackendTLSPolicy`: TLS towards a backend.

use smol_str::SmolStr;

use super::ObjectReference;
use crate::resource::{Anything, List, object};

object! {
    /// The `spec` of a BackendTLSPolicy.
    pub struct BackendTlsPolicy {
        target_refs: List<ObjectReference> = "targetRefs",
        validation: BackendTlsValidation = "validation",
        options: Anything = "options",
    }

    /// What the backend's certificate must show.
    pub struct BackendTlsValidation {
        ca_certificate_refs: List<ObjectReference> = "caCertificateRefs",
        well_known_ca_certificates: SmolStr = "wellKnownCACertificates",
        hostname: SmolStr = "hostname",
        subject_alt_names: Anything = "subjectAltNames",
    }
}
