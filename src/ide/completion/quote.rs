//! Values as YAML that stays text.

use super::place::Place;

/// `value` as text in the place: quoted where YAML would read something else.
pub(super) fn quote(place: &Place, value: &str) -> String {
    let begins = value.starts_with(|first: char| "*&!%@`'\"{}[]|>?#".contains(first));
    let is_other = value.is_empty()
        || value.parse::<f64>().is_ok()
        || ["true", "false", "null", "yes", "no", "on", "off", "~", "-"]
            .iter()
            .any(|word| value.eq_ignore_ascii_case(word));
    let breaks = value.contains(": ") || value.contains(" #") || place.in_flow && value.contains([',', '[', ']']);
    if !place.quoted && (begins || is_other || breaks) { format!("\"{value}\"") } else { value.to_owned() }
}
