//! Which objects a patch is for.

use regex::Regex;
use smol_str::SmolStr;

use super::identity::Identity;
use super::kustomization::Selector;
use crate::resource::Field;
use crate::yaml::Node;

/// A selector with its expressions ready.
#[derive(Debug, Clone, Default)]
pub(super) struct Target {
    group: Option<Pattern>,
    version: Option<Pattern>,
    kind: Option<Pattern>,
    name: Option<Pattern>,
    namespace: Option<Pattern>,
    labels: Vec<Requirement>,
    annotations: Vec<Requirement>,
    /// A part is not known (a template fills it in), so that nobody can say what is selected.
    uncertain: bool,
}

/// An expression that matches as a whole.
#[derive(Debug, Clone)]
enum Pattern {
    /// Without anything special, as most are.
    Word(SmolStr),
    Regex(Regex),
}

/// One comma-separated part of a label selector.
#[derive(Debug, Clone)]
struct Requirement {
    key: SmolStr,
    /// The values it may have; none where any will do.
    values: Option<Vec<SmolStr>>,
    negated: bool,
}

impl Target {
    /// One that nothing is known of.
    pub(super) fn unknown() -> Self {
        Self { uncertain: true, ..Self::default() }
    }

    /// The target of `selector`, or which of its expressions cannot be read.
    pub(super) fn of(selector: &Selector) -> Result<Self, String> {
        let labels = [&selector.label_selector, &selector.annotation_selector];
        let words = [&selector.group, &selector.version, &selector.kind, &selector.name, &selector.namespace];
        Ok(Self {
            group: pattern(&selector.group)?,
            version: pattern(&selector.version)?,
            kind: pattern(&selector.kind)?,
            name: pattern(&selector.name)?,
            namespace: pattern(&selector.namespace)?,
            labels: requirements(&selector.label_selector)?,
            annotations: requirements(&selector.annotation_selector)?,
            uncertain: words.into_iter().chain(labels).any(Field::is_uncertain),
        })
    }

    /// The object `node`, which is `now` and was `first` when it was read, is meant.
    pub(super) fn selects(&self, node: &Node, now: &Identity, first: &Identity) -> bool {
        let either = |pattern: &Option<Pattern>, now: &str, first: &str| {
            pattern.as_ref().is_none_or(|pattern| pattern.matches(now) || pattern.matches(first))
        };
        !self.uncertain
            && either(&self.kind, &now.kind, &now.kind)
            && either(&self.name, &now.name, &first.name)
            && either(&self.group, &now.group, &now.group)
            && either(&self.version, &now.version, &now.version)
            && either(&self.namespace, &now.namespace, &first.namespace)
            && meets(&self.labels, node, "labels")
            && meets(&self.annotations, node, "annotations")
    }
}

impl Pattern {
    fn matches(&self, text: &str) -> bool {
        match self {
            Self::Word(word) => word == text,
            Self::Regex(regex) => regex.is_match(text),
        }
    }
}

fn pattern(field: &Field<SmolStr>) -> Result<Option<Pattern>, String> {
    let Some(text) = field.text().filter(|text| !text.is_empty()) else { return Ok(None) };
    if text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')) {
        return Ok(Some(Pattern::Word(text.into())));
    }
    match Regex::new(&format!("^(?:{text})$")) {
        Ok(regex) => Ok(Some(Pattern::Regex(regex))),
        Err(_) => Err(format!("`{text}` is no regular expression")),
    }
}

fn meets(requirements: &[Requirement], node: &Node, place: &str) -> bool {
    if requirements.is_empty() {
        return true;
    }
    let pairs = node.get("metadata").and_then(|metadata| metadata.get(place));
    requirements.iter().all(|wanted| {
        let value = pairs.and_then(|pairs| pairs.get(&wanted.key)).and_then(Node::as_scalar);
        let fits = value.is_some_and(|value| wanted.values.as_ref().is_none_or(|values| values.contains(&value.text)));
        fits != wanted.negated
    })
}

/// `a=b`, `a==b`, `a!=b`, `a in (b, c)`, `a notin (b, c)`, `a` and `!a`, separated by commas.
fn requirements(field: &Field<SmolStr>) -> Result<Vec<Requirement>, String> {
    let mut found = Vec::new();
    let mut rest = field.text().unwrap_or("").trim();
    while !rest.is_empty() {
        let end = rest.char_indices().scan(0, |depth, (at, letter)| {
            *depth += i32::from(letter == '(') - i32::from(letter == ')');
            Some((at, letter == ',' && *depth == 0))
        });
        let end = end.into_iter().find(|(_, ends)| *ends).map_or(rest.len(), |(at, _)| at);
        let (part, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
        found.push(requirement(part.trim()).ok_or_else(|| format!("`{}` is no label selector", part.trim()))?);
        rest = after.trim_start_matches(',').trim();
    }
    Ok(found)
}

fn requirement(part: &str) -> Option<Requirement> {
    let of = |key: &str, values: Option<Vec<SmolStr>>, negated| {
        let key = SmolStr::new(key.trim());
        (!key.is_empty() && !key.contains([' ', '(', ')'])).then_some(Requirement { key, values, negated })
    };
    let one = |value: &str| Some(vec![SmolStr::new(value.trim())]);
    let several = |values: &str| {
        let values = values.trim().strip_prefix('(')?.strip_suffix(')')?;
        Some(values.split(',').map(|value| SmolStr::new(value.trim())).collect())
    };
    if let Some((key, value)) = part.split_once("!=") {
        of(key, one(value), true)
    } else if let Some((key, value)) = part.split_once('=') {
        of(key, one(value.trim_start_matches('=')), false)
    } else if let Some((key, values)) = part.split_once(" notin ") {
        of(key, Some(several(values)?), true)
    } else if let Some((key, values)) = part.split_once(" in ") {
        of(key, Some(several(values)?), false)
    } else if let Some(key) = part.strip_prefix('!') {
        of(key, None, true)
    } else {
        of(part, None, false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resource::Lower;
    use crate::yaml::parse;

    fn selects(selector: &str, object: &str) -> bool {
        let selector = parse(selector.into()).root.and_then(|root| Selector::lower(&root)).expect("a selector");
        let node = parse(object.into()).root.expect("an object");
        let identity = Identity::of(&node);
        Target::of(&selector).expect("a readable selector").selects(&node, &identity, &identity)
    }

    const OBJECT: &str = "{apiVersion: networking.istio.io/v1, kind: Gateway, \
                          metadata: {name: edge-prod, labels: {app: edge, tier: web}}}";

    #[test]
    fn names_are_expressions_that_match_as_a_whole() {
        assert!(selects("{kind: Gateway, name: edge-.*}", OBJECT));
        assert!(selects("{kind: Gateway|Sidecar}", OBJECT));
        assert!(!selects("{name: edge}", OBJECT));
        assert!(!selects("{name: edge|x}", OBJECT));
        assert!(selects("{}", OBJECT));
    }

    #[test]
    fn a_namespace_left_out_is_default() {
        assert!(selects("{namespace: default}", OBJECT));
        assert!(!selects("{namespace: prod}", OBJECT));
    }

    #[test]
    fn labels_are_selected_as_kubectl_does() {
        for selector in ["app=edge", "app==edge,tier", "tier in (api, web),!x", "x!=y", "app notin (a,b)"] {
            assert!(selects(&format!("{{labelSelector: \"{selector}\"}}"), OBJECT), "{selector}");
        }
        for selector in ["app=x", "x", "!app", "tier in (api)", "app!=edge"] {
            assert!(!selects(&format!("{{labelSelector: \"{selector}\"}}"), OBJECT), "{selector}");
        }
    }
}
