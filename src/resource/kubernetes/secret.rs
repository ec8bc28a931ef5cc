//! `Secret`: which keys it holds, and whether certificates and keys are where they should be. No value is kept.

use smol_str::SmolStr;

use super::pem::{Encoded, Pem};
use crate::resource::{Map, Spanned, object};

object! {
    /// A Secret; of its data only the names of the keys and the kind of what is under them.
    pub struct Secret {
        secret_type: SmolStr = "type",
        data: Map<Encoded> = "data",
        string_data: Map<Pem> = "stringData",
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
        let data = self.data.value().into_iter().flatten().map(|(key, _)| key);
        data.chain(self.string_data.value().into_iter().flatten().map(|(key, _)| key))
    }

    /// What is under a key; none where it is left out or not known.
    #[must_use]
    pub fn content(&self, key: &str) -> Option<Spanned<Pem>> {
        let of = |value: Pem, place: (_, _)| Spanned { value, key: place.0, span: place.1 };
        let plain = self.string_data.under(key).map(|found| of(found.value, (found.key, found.span)));
        plain.or_else(|| self.data.under(key).map(|found| of(found.value.0, (found.key, found.span))))
    }
}
