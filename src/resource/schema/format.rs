//! Forms of texts that the API asks for: durations, DNS names and the like.

/// A form of text.
#[derive(Debug)]
pub struct Format {
    /// Its name in the tables.
    pub name: &'static str,
    /// What it is, for a message: "a DNS name such as ...".
    pub says: &'static str,
    /// The text has the form.
    pub holds: fn(&str) -> bool,
}

/// Every form, in the order of the names.
pub(super) static FORMATS: &[Format] = &[
    Format { name: "absolute-uri", says: "a URI with a scheme", holds: |text| scheme(text).is_some() },
    Format { name: "base64", says: "base64", holds: is_base64 },
    Format { name: "dns-label", says: "a name of small letters, digits and `-`", holds: is_label },
    Format { name: "dns-name", says: "a DNS name in small letters", holds: is_dns_name },
    Format { name: "domain-path", says: "a DNS name with a path, such as `istio.io/x`", holds: is_domain_path },
    Format {
        name: "duration",
        says: "a duration such as `1.5s` or `100ms`",
        holds: |text| nanoseconds(text).is_some(),
    },
    Format { name: "group", says: "an API group", holds: |text| text.is_empty() || is_dns_name(text) },
    Format { name: "header-name", says: "the name of a header", holds: is_token },
    Format { name: "header-value", says: "the value of a header", holds: is_header_value },
    Format { name: "http-url", says: "a URL that begins with `http://` or `https://`", holds: is_http_url },
    Format { name: "kind-name", says: "a kind, such as `Service`", holds: is_kind },
    Format { name: "label-value", says: "a label value", holds: is_label_value },
    Format { name: "module-url", says: "a URL of scheme `oci`, `http`, `https` or `file`", holds: is_module_url },
    Format { name: "no-wildcard", says: "a label without `*`", holds: |text| !text.contains('*') },
    Format { name: "not-a-star", says: "a host other than `*`", holds: |text| text != "*" },
    Format { name: "origin", says: "`*` or an origin such as `https://example.com`", holds: is_origin },
    Format { name: "plain-header-name", says: "a header of letters, digits, `-` and `_`", holds: is_plain_header_name },
    Format { name: "positive-duration", says: "a duration of 1ms or more, such as `10s`", holds: is_positive_duration },
    Format { name: "probe-scheme", says: "`HTTP` or `HTTPS`", holds: |text| matches!(text, "" | "HTTP" | "HTTPS") },
    Format { name: "sha256", says: "64 hex digits in small letters", holds: is_sha256 },
    Format { name: "short-duration", says: "a duration such as `10s` or `1m30s`", holds: is_short_duration },
    Format { name: "url-path", says: "a path as it stands in a URL", holds: is_url_path },
    Format {
        name: "wildcard-dns-name",
        says: "a DNS name in small letters, perhaps behind `*.`",
        holds: is_wildcard_name,
    },
];

fn is_lower(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit()
}

fn is_label(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.iter().all(|byte| is_lower(*byte) || *byte == b'-')
        && bytes.first().is_some_and(|byte| is_lower(*byte))
        && bytes.last().is_some_and(|byte| is_lower(*byte))
}

fn is_dns_name(text: &str) -> bool {
    text.split('.').all(is_label)
}

fn is_wildcard_name(text: &str) -> bool {
    is_dns_name(text.strip_prefix("*.").unwrap_or(text))
}

fn is_domain_path(text: &str) -> bool {
    text.split_once('/').is_some_and(|(domain, path)| is_dns_name(domain) && !path.is_empty())
}

fn is_kind(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && !text.ends_with('-')
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

fn is_plain_header_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

fn is_header_value(text: &str) -> bool {
    text.split([' ', '\t']).all(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_graphic()))
}

fn is_label_value(text: &str) -> bool {
    let is_edge = |character: char| character.is_ascii_alphanumeric();
    text.is_empty()
        || text.starts_with(is_edge)
            && text.ends_with(is_edge)
            && text.chars().all(|character| is_edge(character) || matches!(character, '-' | '_' | '.'))
}

fn is_sha256(text: &str) -> bool {
    text.is_empty() || text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn is_base64(text: &str) -> bool {
    let plain = text.trim_end_matches('=');
    let letters = plain.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_'));
    letters && text.len() - plain.len() <= 2 && text.len().is_multiple_of(4)
}

fn scheme(text: &str) -> Option<&str> {
    let (scheme, _) = text.split_once(':')?;
    (!scheme.is_empty() && !scheme.contains(['/', '?', '#'])).then_some(scheme)
}

fn is_http_url(text: &str) -> bool {
    let rest = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"));
    rest.is_some_and(|rest| !rest.is_empty())
}

fn is_module_url(text: &str) -> bool {
    text.split_once("://").is_none_or(|(scheme, _)| matches!(scheme, "oci" | "http" | "https" | "file"))
}

fn is_origin(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://")) else { return text == "*" };
    let (host, port) = rest.split_once(':').unwrap_or((rest, "1"));
    let is_part =
        |part: &str| part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') && !part.is_empty();
    let named = host == "*" || host.strip_prefix("*.").unwrap_or(host).split('.').all(is_part);
    named && (1..=5).contains(&port.len()) && port.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_url_path(text: &str) -> bool {
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        let is_hex = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_hexdigit());
        let fits = match byte {
            b'%' => is_hex(bytes.next()) && is_hex(bytes.next()),
            _ => byte.is_ascii_alphanumeric() || b"-/._~!$&'()*+,;=:@".contains(&byte),
        };
        if !fits {
            return false;
        }
    }
    !text.is_empty()
}

/// The units of a duration, the longer name of two that begin alike first.
const UNITS: &[(&str, f64)] =
    &[("ns", 1.0), ("us", 1e3), ("µs", 1e3), ("μs", 1e3), ("ms", 1e6), ("s", 1e9), ("m", 60e9), ("h", 3600e9)];

/// What Go's `time.ParseDuration` makes of `text`.
#[must_use]
pub fn nanoseconds(text: &str) -> Option<f64> {
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Some(0.0);
    }
    let mut sum = 0.0;
    while {
        let digits = rest.find(|character: char| !character.is_ascii_digit() && character != '.')?;
        let number: f64 = rest.get(..digits)?.parse().ok()?;
        rest = rest.get(digits..)?;
        let (unit, size) = UNITS.iter().find(|(unit, _)| rest.starts_with(unit))?;
        rest = rest.get(unit.len()..)?;
        sum += number * size;
        !rest.is_empty()
    } {}
    Some(sign * sum)
}

fn is_positive_duration(text: &str) -> bool {
    nanoseconds(text).is_some_and(|duration| duration >= 1e6)
}

/// `([0-9]{1,5}(h|m|s|ms)){1,4}`, the durations of the Gateway API.
fn is_short_duration(text: &str) -> bool {
    let mut rest = text;
    for parts in 0.. {
        if rest.is_empty() {
            return parts > 0;
        }
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let unit = rest.get(digits..).unwrap_or("");
        let Some(unit) = ["ms", "h", "m", "s"].into_iter().find(|known| unit.starts_with(known)) else { return false };
        if parts == 4 || !(1..=5).contains(&digits) {
            return false;
        }
        rest = rest.get(digits + unit.len()..).unwrap_or("");
    }
    false
}

#[cfg(test)]
mod tests {
    use super::FORMATS;

    #[track_caller]
    fn check(name: &str, right: &[&str], wrong: &[&str]) {
        let format = FORMATS.iter().find(|format| format.name == name).expect(name);
        for text in right {
            assert!((format.holds)(text), "{text:?} is {name}");
        }
        for text in wrong {
            assert!(!(format.holds)(text), "{text:?} is not {name}");
        }
    }

    #[test]
    fn durations_are_those_of_go() {
        check(
            "duration",
            &["5s", "1h30m", "1.5s", ".5s", "0", "0s", "100us", "-1s"],
            &["5", "", "5 s", "5sec", "s", "1d", "."],
        );
        check("positive-duration", &["1ms", "1h", "1.5ms"], &["0s", "999us", "-1s"]);
        check("short-duration", &["10s", "1h1m1s1ms", "0s"], &["1.5s", "10", "", "100000s", "1h1h1h1h1h"]);
    }

    #[test]
    fn names_are_those_of_dns() {
        check("dns-name", &["a", "a.b-c.d", "1.2"], &["", "A.b", "a..b", "-a", "a-", "*.a"]);
        check("wildcard-dns-name", &["*.a.b", "a"], &["*", "*a.b", "a.*.b"]);
        check("dns-label", &["a-1"], &["a.b", ""]);
        check("group", &["", "networking.istio.io"], &["Networking"]);
        check("domain-path", &["istio.io/gateway-controller"], &["istio.io", "istio.io/"]);
    }

    #[test]
    fn headers_and_urls() {
        check("header-name", &["x-a", "X_A"], &["", ":path", "a b"]);
        check("header-value", &["a b", "a"], &["", " a", "a  b"]);
        check("http-url", &["https://a/b"], &["a", "ftp://a", "https://"]);
        check("module-url", &["oci://a/b", "a/b:v1"], &["ftp://a"]);
        check("origin", &["*", "https://*.a.b:8443", "http://a"], &["a", "https://", "https://a/b"]);
        check("url-path", &["/a/%20b"], &["", "/a b", "/%2"]);
        check("kind-name", &["Service"], &["", "1a", "a.b"]);
        check("base64", &["YQ==", ""], &["YQ", "Y*Q="]);
        check("sha256", &["", &"a1".repeat(32)], &["a1", &"A1".repeat(32)]);
        check("label-value", &["", "a.B_c"], &["a.", "-a"]);
    }
}
