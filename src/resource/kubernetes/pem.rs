//! What the values of a Secret are. They are looked at once and forgotten.

use super::Validity;
use crate::resource::Lower;
use crate::yaml::Node;

/// The kind of a text that is to be PEM.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pem {
    /// Nothing is written, or something that is no text: it is filled in elsewhere.
    #[default]
    Withheld,
    /// A certificate, with or without others and with or without its key; when it is valid, where that can be read.
    Certificate(Option<Validity>),
    /// A private key.
    PrivateKey,
    /// Something else.
    Other,
}

impl Pem {
    fn of(text: &str) -> Self {
        match text {
            _ if text.trim().is_empty() => Self::Withheld,
            _ if text.contains(BEGIN) => Self::Certificate(first_block(text).and_then(|der| Validity::of(&der))),
            _ if text.contains("PRIVATE KEY-----") => Self::PrivateKey,
            _ => Self::Other,
        }
    }

    /// The text surely is no certificate.
    #[must_use]
    pub fn is_no_certificate(self) -> bool {
        matches!(self, Self::PrivateKey | Self::Other)
    }

    /// When the certificate is valid.
    #[must_use]
    pub fn validity(self) -> Option<Validity> {
        if let Self::Certificate(validity) = self { validity } else { None }
    }

    /// The text surely is no private key.
    #[must_use]
    pub fn is_no_private_key(self) -> bool {
        self == Self::Other
    }
}

impl Lower for Pem {
    fn lower(node: &Node) -> Option<Self> {
        Some(Self::of(&node.as_scalar()?.text))
    }
}

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";

/// What the first certificate of the text holds.
fn first_block(text: &str) -> Option<Vec<u8>> {
    let (_, block) = text.split_once(BEGIN)?;
    decode(block.split_once("-----END CERTIFICATE-----")?.0)
}

/// The same in base64, as `data` holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Encoded(pub Pem);

impl Lower for Encoded {
    fn lower(node: &Node) -> Option<Self> {
        let decoded = decode(&node.as_scalar()?.text);
        Some(Self(decoded.map_or(Pem::Withheld, |bytes| Pem::of(&String::from_utf8_lossy(&bytes)))))
    }
}

/// Base64 with padding; none where the text is something else.
fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut held) = (0_u32, 0_u32);
    for character in text.bytes().filter(|byte| !byte.is_ascii_whitespace() && *byte != b'=') {
        let value = match character {
            b'A'..=b'Z' => character - b'A',
            b'a'..=b'z' => character - b'a' + 26,
            b'0'..=b'9' => character - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = (bits << 6) | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from((bits >> held) & 0xff).ok()?);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::{Pem, decode};

    #[test]
    fn base64_is_decoded_and_nothing_else() {
        assert_eq!(decode("aHVzaCBodXNoIGh1c2gK").unwrap(), b"hush hush hush\n");
        assert_eq!(decode("Zm9v\nYg==").unwrap(), b"foob");
        assert_eq!(decode("REDACTED_BY_OPS"), None);
    }

    #[test]
    fn the_armour_tells_what_a_text_is() {
        assert_eq!(Pem::of("-----BEGIN CERTIFICATE-----\nMII"), Pem::Certificate(None));
        assert_eq!(Pem::of("-----BEGIN EC PRIVATE KEY-----\nMII"), Pem::PrivateKey);
        assert_eq!(Pem::of("secret secret"), Pem::Other);
        assert_eq!(Pem::of(" \n"), Pem::Withheld);
    }
}
