//! Load balancing of DestinationRules: hashes, localities, warmup.

use super::places::{Found, items, maps};
use super::refusal::Refusal;
use crate::text::Span;

const TOPOLOGY: [&str; 3] =
    ["topology.kubernetes.io/region", "topology.kubernetes.io/zone", "topology.istio.io/subzone"];

/// What istiod refuses of a `loadBalancer` block.
pub(super) fn refused(balancer: &Found<'_>) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    if let Some(hash) = balancer.field("consistentHash") {
        hashing(&hash, &mut refusals);
    }
    if let Some(locality) = balancer
        .field("localityLbSetting")
        .filter(|locality| locality.lacks("distribute") || locality.lacks("failover"))
    {
        let failover = locality.has("failover");
        topology(&locality, &mut refusals, |label| {
            failover.then(|| format!("`{label}` does not go with `failover`, which orders the regions"))
        });
        distribution(&locality, &mut refusals);
        regions(&locality, &mut refusals);
    }
    if let Some(zones) = balancer.field("zoneAwareLbSetting") {
        topology(&zones, &mut refusals, |label| Some(format!("`{label}` is taken into account already")));
        regions(&zones, &mut refusals);
    }
    let aggression = balancer.field("warmup").and_then(|warmup| warmup.field("aggression"));
    if let Some(value) = aggression.filter(|value| value.number().is_some_and(|number| number <= 0.0)) {
        refusals.push(Refusal::at(value.node.span, "`aggression` is above 0"));
    }
    refusals
}

/// Failover in the policy `policy`, which does not work without outlier detection.
pub(super) fn ineffective(policy: &Found<'_>) -> Vec<Refusal> {
    if !policy.lacks("outlierDetection") {
        return Vec::new();
    }
    let settings = maps(policy.node, "loadBalancer.localityLbSetting|zoneAwareLbSetting");
    let failover = |setting: &Found<'_>| {
        let refused = setting.has("failover") && setting.has("distribute");
        let field = ["failover", "failoverPriority"].into_iter().find(|name| setting.has(name) && !refused)?;
        let key = setting.field(field)?.key;
        Some(Refusal::at(key, format!("`{field}` needs `outlierDetection`, which says what has failed")))
    };
    settings.iter().filter_map(failover).collect()
}

fn hashing(hash: &Found<'_>, refusals: &mut Vec<Refusal>) {
    if let Some(cookie) = hash.field("httpCookie") {
        let mut seen = Vec::new();
        for name in cookie.field("attributes").iter().flat_map(items).filter_map(|attribute| attribute.field("name")) {
            let Some(text) = name.text() else { continue };
            if seen.contains(&text) && !text.is_empty() {
                refusals.push(Refusal::at(name.node.span, format!("`{text}` stands here twice")));
            }
            seen.push(text);
        }
    }
    if let Some(size) = hash.field("minimumRingSize").filter(|size| size.number().is_some_and(|number| number != 0.0)) {
        let algorithm =
            ["ringHash", "maglev"].into_iter().filter(|name| hash.has(name)).find_map(|name| hash.field(name));
        refusals.extend(algorithm.map(|other| {
            Refusal::at(size.key, format!("`minimumRingSize` does not go with `{}`", other.name)).beside(other.key)
        }));
    }
    let Some(maglev) = hash.field("maglev").filter(|maglev| maglev.node.as_mapping().is_some()) else { return };
    let (place, size) = match maglev.field("tableSize") {
        Some(field) => (field.node.span, field.text().and_then(|text| text.parse().ok())),
        None => (maglev.key, Some(0)),
    };
    match size {
        Some(0) => refusals.push(Refusal::at(place, "`maglev` needs the size of its table, a prime number")),
        Some(size) if size >= 5_000_011 => refusals.push(Refusal::at(place, "`tableSize` is below 5000011")),
        Some(size) if !is_prime(size) => {
            refusals.push(Refusal::at(place, format!("`tableSize` is a prime number, not {size}")))
        }
        _ => {}
    }
}

fn is_prime(number: u64) -> bool {
    number > 1 && (2..).take_while(|factor| factor * factor <= number).all(|factor| !number.is_multiple_of(factor))
}

fn topology(setting: &Found<'_>, refusals: &mut Vec<Refusal>, why: impl Fn(&str) -> Option<String>) {
    for label in setting.field("failoverPriority").iter().flat_map(items) {
        let known = label.text().filter(|text| TOPOLOGY.contains(text));
        refusals.extend(known.and_then(&why).map(|message| Refusal::at(label.node.span, message)));
    }
}

fn regions(setting: &Found<'_>, refusals: &mut Vec<Refusal>) {
    for failover in setting.field("failover").iter().flat_map(items) {
        let ends: Vec<_> = ["from", "to"].into_iter().filter_map(|name| failover.field(name)).collect();
        for end in &ends {
            let wrong = |c: char| end.text().is_some_and(|text| text.contains(c));
            if wrong('/') || wrong('*') {
                let message = format!("`{}` is the name of a region alone", end.name);
                refusals.push(Refusal::at(end.node.span, message));
            }
        }
        if let [from, to] = ends.as_slice()
            && from.text().is_some()
            && from.text() == to.text()
        {
            refusals.push(Refusal::at(to.node.span, "a region cannot take over from itself").beside(from.node.span));
        }
    }
}

fn distribution(locality: &Found<'_>, refusals: &mut Vec<Refusal>) {
    let mut sources = Vec::new();
    for share in locality.field("distribute").iter().flat_map(items) {
        sources.extend(
            share.field("from").and_then(|from| Some((from.node.span, from.text().filter(|text| !text.is_empty())?))),
        );
        let targets = maps_of(&share, "to");
        let weights: Option<Vec<f64>> = targets.iter().map(Found::number).collect();
        let (Some(weights), Some(to)) = (weights, share.field("to")) else { continue };
        let outside =
            targets.iter().find(|target| target.number().is_some_and(|weight| !(1.0..=100.0).contains(&weight)));
        let sum = weights.iter().fold(0.0, |sum, weight| sum + weight);
        if let Some(target) = outside {
            refusals.push(Refusal::at(target.node.span, "a share is from 1 to 100"));
        } else if sum != 100.0 {
            refusals.push(Refusal::at(to.key, format!("the shares add up to {sum}, not to 100")));
        } else {
            refusals.extend(localities(&targets.iter().map(|target| (target.key, target.name)).collect::<Vec<_>>()));
        }
    }
    refusals.extend(localities(&sources));
}

fn maps_of<'n>(holder: &Found<'n>, key: &str) -> Vec<Found<'n>> {
    super::places::select(holder.node, &format!("{key}{{}}"))
}

/// The first locality that has a wrong form, or overlaps an earlier one.
fn localities(list: &[(Span, &str)]) -> Option<Refusal> {
    for (at, (span, text)) in list.iter().enumerate() {
        let stars = text.matches('*').count();
        if stars > 1 || stars == 1 && !text.ends_with('*') {
            return Some(Refusal::at(*span, format!("`{text}`: `*` stands at the end of a locality")));
        }
        let earlier = list.iter().take(at).find(|(_, other)| overlap(other, text));
        if let Some((place, other)) = earlier {
            return Some(Refusal::at(*span, format!("`{text}` overlaps `{other}` before it")).beside(*place));
        }
        if text.splitn(3, '/').any(str::is_empty) {
            return Some(Refusal::at(*span, format!("`{text}` has an empty part; a locality is region/zone/subzone")));
        }
    }
    None
}

/// A place that the later locality names is meant by the earlier one, as far as istiod sees it: a `*` in the later one
/// counts as a name.
fn overlap(earlier: &str, later: &str) -> bool {
    let mut parts = earlier.splitn(3, '/');
    for part in later.splitn(3, '/') {
        match parts.next() {
            None | Some("*") => return true,
            Some(other) if other != part => return false,
            Some(_) => {}
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::{is_prime, overlap};

    #[test]
    fn a_locality_overlaps_what_covers_it() {
        for (earlier, later) in
            [("*", "a"), ("a", "a/b"), ("a/*", "a/b/c"), ("a/b", "a"), ("a/b/*", "a/b/c"), ("a", "a")]
        {
            assert!(overlap(earlier, later), "{earlier} {later}");
        }
        for (earlier, later) in [("a", "b"), ("a/b/*", "a/c/*"), ("a/b/c", "a/b/d"), ("a/b", "a/*")] {
            assert!(!overlap(earlier, later), "{earlier} {later}");
        }
    }

    #[test]
    fn the_size_of_a_table_is_prime() {
        assert!(is_prime(2) && is_prime(65537) && !is_prime(65536) && !is_prime(1) && !is_prime(65539 * 3));
    }
}
