//! A `tls` block written out once more.

use crate::resource::istio::ClientTls;
use crate::yaml::Literal;

/// The fields of `tls` as they are written.
pub(super) fn copied(tls: &ClientTls) -> Literal {
    let mut fields = Vec::new();
    fields.extend(tls.mode.value().map(|mode| ("mode", Literal::from(mode.as_str()))));
    let texts = [
        ("clientCertificate", &tls.client_certificate),
        ("privateKey", &tls.private_key),
        ("caCertificates", &tls.ca_certificates),
        ("credentialName", &tls.credential_name),
        ("sni", &tls.sni),
        ("caCrl", &tls.ca_crl),
    ];
    fields.extend(texts.into_iter().filter_map(|(key, field)| Some((key, Literal::from(field.text()?)))));
    let names: Vec<_> = tls.subject_alt_names.items().map(|name| name.as_str()).collect();
    if !names.is_empty() {
        fields.push(("subjectAltNames", Literal::list(names)));
    }
    fields.extend(tls.insecure_skip_verify.copied().map(|skip| ("insecureSkipVerify", Literal::from(skip))));
    Literal::map(fields)
}
