//! Values of the `jwtRules` of a RequestAuthentication.

use serde_json::Value;

use super::places::{Found, maps, select};
use super::refusal::Refusal;
use super::url;
use crate::yaml::Node;

/// What istiod refuses.
pub(super) fn refused(root: &Node) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    for rule in maps(root, "spec.jwtRules[]") {
        refusals.extend(rule.field("jwksUri").and_then(|address| jwks_uri(&address)));
        refusals.extend(rule.field("jwks").and_then(|keys| jwks(&keys)));
    }
    refusals
}

/// What istiod warns of: keys that nobody but the issuer should have.
pub(super) fn ineffective(root: &Node) -> Vec<Refusal> {
    let lists = select(root, "spec.jwtRules[].jwks").into_iter().filter(|list| {
        let parsed = list.text().and_then(|text| serde_json::from_str(text).ok());
        parsed.is_some_and(|set: Value| keys(&set).iter().any(is_private))
    });
    let message =
        "a private key stands here; what verifies needs the public one alone\nWhoever reads it can make tokens.";
    lists.map(|list| Refusal::at(list.key, message)).collect()
}

fn jwks_uri(address: &Found<'_>) -> Option<Refusal> {
    let why = url::problem(address.text()?)?;
    Some(Refusal::at(address.node.span, why))
}

fn jwks(found: &Found<'_>) -> Option<Refusal> {
    let text = found.text().filter(|text| !text.is_empty())?;
    let message = match serde_json::from_str::<Value>(text) {
        Err(error) => format!("`jwks` is no JSON: {error}"),
        Ok(Value::Object(set)) if set.contains_key("keys") || set.contains_key("kty") => {
            let is_key = |key: &&Value| key.get("kty").is_some_and(Value::is_string);
            let all = keys(&Value::Object(set));
            if all.iter().filter(is_key).count() == all.len() {
                return None;
            }
            "a key of `jwks` lacks `kty`".to_owned()
        }
        Ok(_) => "`jwks` is no set of keys: an object with `keys`".to_owned(),
    };
    Some(Refusal::at(found.key, message))
}

fn keys(set: &Value) -> Vec<Value> {
    set.get("keys").map_or_else(|| vec![set.clone()], |keys| keys.as_array().cloned().unwrap_or_default())
}

fn is_private(key: &Value) -> bool {
    let has = |name: &str| key.get(name).is_some_and(|value| value.as_str().is_some_and(|text| !text.is_empty()));
    match key.get("kty").and_then(Value::as_str) {
        Some("RSA" | "EC" | "OKP") => has("d"),
        Some("oct") => has("k"),
        _ => false,
    }
}
