//! What the values of annotations must look like.

use std::net::IpAddr;

use crate::resource::protobuf::{Outcome, mismatches};
use crate::yaml;

/// The form of an annotation's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Anything.
    Any,
    /// `true` or `false`, as Go reads them.
    Bool,
    /// A whole number of seconds or tries.
    Count,
    /// How traffic gets to the sidecar.
    InterceptionMode,
    /// Names of network interfaces, separated by commas.
    Interfaces,
    /// A port, zero for none.
    Port,
    /// Ports, separated by commas.
    Ports,
    /// The same, or `*`.
    PortsOrAll,
    /// A ProxyConfig in YAML.
    ProxyConfig,
    /// An amount of CPU or memory.
    Quantity,
    /// IP ranges, separated by commas.
    Ranges,
    /// The same, or `*`.
    RangesOrAll,
    /// A share in percent.
    Weight,
}

impl Form {
    /// What is expected in place of `text`; none where it is right.
    pub(super) fn expected_instead_of(self, text: &str) -> Option<&'static str> {
        let (right, expected) = match self {
            Self::Any => (true, ""),
            Self::Bool => (is_bool(text), "true or false"),
            Self::Count => (text.parse::<u32>().is_ok(), "a whole number"),
            Self::InterceptionMode => (matches!(text, "REDIRECT" | "TPROXY" | "NONE"), "REDIRECT, TPROXY or NONE"),
            Self::Interfaces => (all(text, is_interface), "names of interfaces, separated by commas"),
            Self::Port => (text.parse::<u16>().is_ok(), "a port number"),
            Self::Ports => (all(text, is_port), "port numbers, separated by commas"),
            Self::PortsOrAll => (text == "*" || all(text, is_port), "port numbers, separated by commas, or *"),
            Self::ProxyConfig => (is_proxy_config(text), "the YAML of a ProxyConfig"),
            Self::Quantity => (is_quantity(text), "a quantity such as 100m or 128Mi"),
            Self::Ranges => (all(text, is_range), "IP ranges such as 10.0.0.0/8, separated by commas"),
            Self::Weight => (text.parse::<u8>().is_ok_and(|share| share <= 100), "a whole number from 0 to 100"),
            Self::RangesOrAll => {
                (text == "*" || all(text, is_range), "IP ranges such as 10.0.0.0/8, separated by commas, or *")
            }
        };
        (!right).then_some(expected)
    }
}

/// Every item of a list that may be empty.
fn all(list: &str, is_right: impl Fn(&str) -> bool) -> bool {
    list.is_empty() || list.split(',').all(|item| is_right(item.trim()))
}

fn is_bool(text: &str) -> bool {
    matches!(text, "1" | "t" | "T" | "TRUE" | "true" | "True" | "0" | "f" | "F" | "FALSE" | "false" | "False")
}

fn is_port(text: &str) -> bool {
    text.is_empty() || text.parse::<u16>().is_ok()
}

fn is_interface(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '@' | '+'))
}

fn is_range(text: &str) -> bool {
    let Some((address, bits)) = text.split_once('/') else { return false };
    let (Ok(address), Ok(bits)) = (address.parse::<IpAddr>(), bits.parse::<u8>()) else { return false };
    bits <= if address.is_ipv4() { 32 } else { 128 }
}

/// `resource.ParseQuantity` of Kubernetes.
fn is_quantity(text: &str) -> bool {
    let number = text.strip_prefix(['+', '-']).unwrap_or(text);
    let end = number.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(number.len());
    let (digits, suffix) = number.split_at(end);
    let is_number = digits.chars().any(|c| c.is_ascii_digit()) && digits.matches('.').count() <= 1;
    let suffixes = ["", "n", "u", "m", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
    let is_exponent = suffix.strip_prefix(['e', 'E']).is_some_and(|exponent| exponent.parse::<i32>().is_ok());
    is_number && (suffixes.contains(&suffix) || is_exponent)
}

/// What the injector can read; fields that it does not know it leaves out.
fn is_proxy_config(text: &str) -> bool {
    let document = yaml::parse(text.into());
    let reads = |root: &yaml::Node| {
        let found = mismatches(root, "istio.mesh.v1alpha1.ProxyConfig");
        root.as_mapping().is_some() && found.iter().all(|found| found.outcome != Outcome::Unreadable)
    };
    document.errors.is_empty() && document.root.as_ref().is_none_or(reads)
}

#[cfg(test)]
mod tests {
    use super::Form;

    #[test]
    fn values_are_read_as_istio_reads_them() {
        for (form, right, wrong) in [
            (Form::Bool, "true", "yes"),
            (Form::Count, "10", "-1"),
            (Form::InterceptionMode, "TPROXY", "tproxy"),
            (Form::Interfaces, "eth0,eth1", "eth0,"),
            (Form::Port, "0", "70000"),
            (Form::Ports, "80, 443", "http"),
            (Form::PortsOrAll, "*", "80-90"),
            (Form::ProxyConfig, "concurrency: 2", "- concurrency"),
            (Form::Quantity, "1.5Gi", "100 m"),
            (Form::Ranges, "10.0.0.0/8,fd00::/8", "10.0.0.0"),
            (Form::RangesOrAll, "*", "10.0.0.0/33"),
            (Form::ProxyConfig, "concurrency: 2", "concurrency: two"),
            (Form::Weight, "100", "101"),
        ] {
            assert_eq!(form.expected_instead_of(right), None, "{right}");
            assert!(form.expected_instead_of(wrong).is_some(), "{wrong}");
        }
    }
}
