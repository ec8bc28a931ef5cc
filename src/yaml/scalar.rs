//! What a scalar means, as `sigs.k8s.io/yaml` reads it for Kubernetes: go-yaml v2, that is YAML 1.1 with a few words less.

use super::tree::{Scalar, ScalarStyle};

/// The meaning of a scalar.
#[derive(Debug, Clone, PartialEq)]
pub enum Resolved {
    /// Nothing, `~` or `null`.
    Null,
    /// `true`, `yes`, `on`, `y` and their opposites.
    Bool(bool),
    /// A whole number that fits 64 bits.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// Everything else; the text is [`Scalar::text`].
    String,
}

impl Scalar {
    /// What the scalar means to Kubernetes. Quoted and block scalars are strings unless a tag says otherwise.
    #[must_use]
    pub fn resolve(&self) -> Resolved {
        let quoted = self.style != ScalarStyle::Plain;
        match self.tag.as_deref().map(|tag| tag.strip_prefix("tag:yaml.org,2002:").unwrap_or(tag)) {
            None if quoted => Resolved::String,
            None | Some("bool" | "int" | "null") => resolve(&self.text),
            Some("float") => match resolve(&self.text) {
                #[expect(clippy::cast_precision_loss, reason = "as the tag asks")]
                Resolved::Int(number) => Resolved::Float(number as f64),
                resolved => resolved,
            },
            Some(_) => Resolved::String,
        }
    }
}

fn resolve(text: &str) -> Resolved {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Resolved::Null,
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => Resolved::Bool(true),
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => Resolved::Bool(false),
        ".nan" | ".NaN" | ".NAN" => Resolved::Float(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Resolved::Float(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => Resolved::Float(f64::NEG_INFINITY),
        _ if text.starts_with(|first: char| first.is_ascii_digit() || matches!(first, '+' | '-' | '.')) => number(text),
        _ => Resolved::String,
    }
}

fn number(text: &str) -> Resolved {
    let plain = text.replace('_', "");
    if let Some(number) = integer(&plain) {
        return Resolved::Int(number);
    }
    match plain.parse() {
        Ok(number) if is_decimal(&plain) => Resolved::Float(number),
        _ => Resolved::String,
    }
}

/// A whole number as Go's `strconv.ParseInt` reads it with base 0.
fn integer(plain: &str) -> Option<i64> {
    let (sign, digits) = match plain.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", plain.strip_prefix('+').unwrap_or(plain)),
    };
    let lower = digits.to_ascii_lowercase();
    let (radix, digits) = match lower.as_bytes() {
        [b'0', b'x', ..] => (16, lower.get(2..)?),
        [b'0', b'o', ..] => (8, lower.get(2..)?),
        [b'0', b'b', ..] => (2, lower.get(2..)?),
        [b'0', _, ..] => (8, lower.get(1..)?),
        _ => (10, lower.as_str()),
    };
    let starts_right = digits.starts_with(|first: char| first.is_ascii_alphanumeric());
    i64::from_str_radix(&format!("{sign}{digits}"), radix).ok().filter(|_| starts_right)
}

/// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`, go-yaml's pattern of a number.
fn is_decimal(plain: &str) -> bool {
    let unsigned = plain.strip_prefix(['-', '+']).unwrap_or(plain);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['-', '+']).unwrap_or(exponent))),
        None => (unsigned, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole)
        && digits(fraction)
        && !(whole.is_empty() && fraction.is_empty())
        && exponent.is_none_or(|exponent| !exponent.is_empty() && digits(exponent))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> Resolved {
        Scalar { text: text.into(), style: ScalarStyle::Plain, tag: None }.resolve()
    }

    #[test]
    fn words_of_yaml_1_1_are_booleans() {
        for word in ["y", "Yes", "ON", "true"] {
            assert_eq!(plain(word), Resolved::Bool(true), "{word}");
        }
        for word in ["n", "No", "OFF", "false"] {
            assert_eq!(plain(word), Resolved::Bool(false), "{word}");
        }
        assert_eq!(plain("yES"), Resolved::String);
    }

    #[test]
    fn nothing_is_null() {
        assert_eq!((plain(""), plain("~"), plain("Null")), (Resolved::Null, Resolved::Null, Resolved::Null));
    }

    #[test]
    fn numbers_are_read_as_go_reads_them() {
        for (text, number) in
            [("0777", 511), ("0o17", 15), ("0x1F", 31), ("-0b11", -3), ("1_000", 1000), ("+7", 7), ("0", 0)]
        {
            assert_eq!(plain(text), Resolved::Int(number), "{text}");
        }
        for (text, number) in [("1.5", 1.5), ("1e3", 1000.0), (".5", 0.5), ("1.", 1.0), ("089", 89.0)] {
            assert_eq!(plain(text), Resolved::Float(number), "{text}");
        }
        assert_eq!(plain("18446744073709551616"), Resolved::Float(18_446_744_073_709_551_616.0));
        assert!(matches!(plain(".NaN"), Resolved::Float(number) if number.is_nan()));
        assert_eq!(plain("-.inf"), Resolved::Float(f64::NEG_INFINITY));
    }

    #[test]
    fn what_only_looks_like_a_number_is_a_string() {
        for text in ["1.2.3", "0x", "-", "--1", "+-1", "1e", "2001-01-01", "10:20", "nan", "inf", "1m", "."] {
            assert_eq!(plain(text), Resolved::String, "{text}");
        }
    }

    #[test]
    fn quotes_and_tags_decide_before_the_words() {
        let quoted = Scalar { text: "true".into(), style: ScalarStyle::DoubleQuoted, tag: None };
        assert_eq!(quoted.resolve(), Resolved::String);
        let tagged = |text: &str, tag: &str| {
            let tag = Some(format!("tag:yaml.org,2002:{tag}").into());
            Scalar { text: text.into(), style: ScalarStyle::SingleQuoted, tag }.resolve()
        };
        assert_eq!(tagged("1", "str"), Resolved::String);
        assert_eq!(tagged("1", "int"), Resolved::Int(1));
        assert_eq!(tagged("1", "float"), Resolved::Float(1.0));
    }
}
