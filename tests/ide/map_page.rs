//! The page of the map: its data, places that neither overlap nor jump while somebody types, and that nothing runs but its script.

use std::fmt::Write as _;

use istio_ls::ide::map::{Connections, Filter, Map, Picture, Rect};
use istio_ls::workspace::{Settings, Workspace};
use serde_json::Value;

use super::fixture::SHOP;

fn map(files: &[(&str, &str)]) -> Map {
    let mut workspace = Workspace::new(Settings::default());
    workspace.set_texts(files.iter().map(|(path, text)| ((*path).into(), (*text).to_owned())).collect());
    let snapshot = workspace.snapshot();
    let scope = snapshot.scopes().next().unwrap();
    Map::of(&scope, &Connections::of(scope.index(), &Filter::default()))
}

fn shop() -> Map {
    let files = SHOP.trim_start_matches("#- ").split("\n#- ").map(|part| part.split_once('\n').unwrap());
    map(&files.collect::<Vec<_>>())
}

/// Two hundred workloads: so few a namespace that each has a box of its own. The first namespace accepts `mode`.
fn many(mode: &str) -> Map {
    let mut text = String::new();
    for team in 0..100 {
        let mode = if team == 0 { mode } else { "STRICT" };
        let _ = write!(
            text,
            "apiVersion: v1\nkind: Namespace\nmetadata: {{name: team-{team:02}, labels: {{istio-injection: enabled}}}}\n---\n\
             apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {{name: default, namespace: team-{team:02}}}\n\
             spec: {{mtls: {{mode: {mode}}}}}\n---\n"
        );
        for name in ["cart", "a-service-whose-name-does-not-fit-into-a-box"] {
            let _ = write!(
                text,
                "apiVersion: v1\nkind: Service\nmetadata: {{name: {name}, namespace: team-{team:02}}}\n\
                 spec: {{selector: {{app: {name}}}, ports: [{{name: http, port: 80}}, {{name: tls, port: 443}}]}}\n---\n\
                 apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}, namespace: team-{team:02}}}\n\
                 spec: {{template: {{metadata: {{labels: {{app: {name}}}}}}}}}\n---\n"
            );
        }
    }
    let rule = "apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: plain, namespace: team-00}\n\
                spec: {host: cart.team-01.svc.cluster.local, exportTo: ['*'], trafficPolicy: {tls: {mode: DISABLE}}}\n";
    map(&[("mesh.yaml", &text), ("rule.yaml", rule)])
}

fn apart(one: &Rect, other: &Rect) -> bool {
    one.x + one.width <= other.x
        || other.x + other.width <= one.x
        || one.y + one.height <= other.y
        || other.y + other.height <= one.y
}

fn within(one: &Rect, other: &Rect) -> bool {
    other.x <= one.x
        && other.y <= one.y
        && one.x + one.width <= other.x + other.width
        && one.y + one.height <= other.y + other.height
}

#[test]
fn nothing_overlaps_at_two_hundred_workloads() {
    let map = many("STRICT");
    let picture = map.picture();
    assert!(picture.nodes.len() > 200, "{}", picture.nodes.len());
    assert!(picture.edges.iter().any(|edge| edge.wire.as_str() == "fails"));
    let cards = picture.nodes.iter().map(|card| (card.node.id.as_str(), card.rect));
    let words = picture.edges.iter().map(|edge| (edge.words.as_str(), edge.frame));
    let drawn: Vec<(&str, Rect)> = cards.chain(words).collect();
    let all = Rect { width: picture.width, height: picture.height, ..Rect::default() };
    for (at, (name, rect)) in drawn.iter().enumerate() {
        assert!(within(rect, &all), "{name} is cut off: {rect:?}");
        for (other, beside) in &drawn[at + 1..] {
            assert!(apart(rect, beside), "{name} {rect:?} and {other} {beside:?}");
        }
    }
    for (at, group) in picture.groups.iter().enumerate() {
        let held = picture.nodes.iter().filter(|card| group.nodes.contains(&card.node.id.as_str()));
        assert!(held.clone().count() > 0 && held.clone().all(|card| within(&card.rect, &group.rect)), "{group:?}");
        assert!(picture.groups[at + 1..].iter().all(|other| apart(&group.rect, &other.rect)), "{group:?}");
    }
}

#[test]
fn nothing_moves_while_a_resource_is_edited() {
    let places = |picture: &Picture<'_>| -> Vec<(String, Rect)> {
        picture.nodes.iter().map(|card| (card.node.id.clone(), card.rect)).collect()
    };
    let (before, after) = (many("STRICT"), many("PERMISSIVE"));
    assert_eq!(places(&before.picture()), places(&after.picture()));
    let accepts = |map: &Map| {
        let cart = map.nodes.iter().find(|node| node.id == "service cart.team-00.svc.cluster.local").unwrap();
        cart.lines.last().unwrap().clone()
    };
    assert_eq!([accepts(&before), accepts(&after)], ["mTLS STRICT", "mTLS PERMISSIVE"]);
}

#[test]
fn a_line_ends_in_front_of_its_receiver() {
    let map = many("STRICT");
    let picture = map.picture();
    let card = |id: &str| picture.nodes.iter().find(|card| card.node.id == id).unwrap().rect;
    for edge in &picture.edges {
        let (from, to) = (card(edge.from), card(edge.to));
        let (start, end) = (edge.curve[0], edge.curve[edge.curve.len() - 1]);
        assert_eq!(edge.curve.len() % 3, 1, "cubic curves: {:?}", edge.curve);
        assert!((start.0 - from.x - from.width).abs() < 0.2, "{start:?} {from:?}");
        let side = if edge.back { to.x + to.width } else { to.x };
        assert!((end.0 - side).abs() < 0.2 && to.y <= end.1 && end.1 <= to.y + to.height, "{end:?} {to:?}");
    }
}

#[test]
fn the_data_say_where_a_click_leads_and_why_a_line_is_as_it_is() {
    let map = shop();
    let data: Value = serde_json::to_value(map.picture()).unwrap();
    let nodes = data["nodes"].as_array().unwrap();
    let node = |id: &str| nodes.iter().find(|node| node["id"] == id).unwrap_or_else(|| panic!("{id} in {data:#}"));
    let reviews = node("service reviews.shop.svc.cluster.local");
    assert_eq!(reviews["kind"], "service");
    assert_eq!(reviews["opens"], serde_json::json!({"file": "shop.yaml", "line": 7}));
    assert_eq!(reviews["resources"][1]["title"], "Deployment shop/reviews-v1");
    let clients = nodes.iter().find(|node| node["kind"] == "clients").unwrap();
    assert_eq!(clients["opens"], Value::Null, "two workloads: {clients:#}");
    let edges = data["edges"].as_array().unwrap();
    let edge = edges.iter().find(|edge| edge["to"] == reviews["id"]).unwrap();
    assert_eq!((edge["wire"].as_str(), edge["words"].as_str()), (Some("mtls"), Some("mTLS 9080")));
    assert!(edge["calls"][0]["because"].as_array().is_some_and(|because| !because.is_empty()), "{edge:#}");
}

#[test]
fn the_page_runs_nothing_but_its_own_script() {
    let hostile = "</script><script>alert(1)</script>".to_owned();
    let page = Map { of: hostile, ..shop() }.html(Some("abc\" onload=\"x"));
    assert!(
        page.contains("content=\"default-src 'none'; style-src 'nonce-abconloadx'; script-src 'nonce-abconloadx'\"")
    );
    assert_eq!(page.matches("<script").count(), 2, "the data and the script");
    assert_eq!(page.matches("</script").count(), 2);
    for way in
        [" style=\"", " onclick", " onload", "innerHTML", "eval(", "fetch(", "import(", " src=", "http:", "https:"]
    {
        assert!(!page.contains(way), "{way}");
    }
    let same = shop();
    assert_eq!(same.html(None), same.html(None), "a file is the same each time");
}

#[test]
fn the_graph_for_graphviz_has_every_box_and_line() {
    let map = shop();
    let dot = map.dot();
    assert!(dot.starts_with("digraph tls {") && dot.ends_with("}\n"));
    assert_eq!(dot.matches(" -> ").count(), map.edges.len());
    assert_eq!(dot.matches("shape=box").count(), map.nodes.len());
    assert_eq!(dot.matches("subgraph").count(), dot.matches("\n  }\n").count());
}
