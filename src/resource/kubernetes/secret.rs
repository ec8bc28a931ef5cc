//! `Secret`: which keys it holds. No value of a Secret is ever read.

use smol_str::SmolStr;

use crate::resource::{Anything, Map, object};

object! {
    /// A Secret; of its data only the names of the keys.
    pub struct Secret {
        secret_type: SmolStr = "type",
        data: Map<Anything> = "data",
        string_data: Map<Anything> = "stringData",
    }

    /// The `spec` of a kind that makes a Secret: cert-manager's Certificate, an ExternalSecret, a SealedSecret.
    pub struct SecretSource {
        secret_name: SmolStr = "secretName",
        target: SecretTarget = "target",
        template: SecretTemplate = "template",
    }

    /// Where an ExternalSecret puts its data.
    pub struct SecretTarget {
        name: SmolStr = "name",
    }

    /// What a SealedSecret becomes.
    pub struct SecretTemplate {
        metadata: SecretTarget = "metadata",
    }
}

impl Secret {
    /// The names of the keys.
    pub fn keys(&self) -> impl Iterator<Item = &SmolStr> {
        self.data.value().into_iter().chain(self.string_data.value()).flatten().map(|(key, _)| key)
    }
}
