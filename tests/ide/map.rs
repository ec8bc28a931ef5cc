//! The map of a mesh: what is drawn as which line, and that a picture stands by itself.

use std::path::PathBuf;

use expect_test::expect;
use istio_ls::ide::map::{Connections, Filter, Map};
use istio_ls::workspace::{Settings, Workspace};

use super::fixture::SHOP;

/// What `shop` sends is refused by `legacy`, which has no proxy; the gateway lets the outside in.
const MORE: &str = "\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: legacy, namespace: shop}
spec: {host: legacy.old.svc.cluster.local, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: pay, namespace: shop}
spec: {hosts: [api.pay.example], location: MESH_EXTERNAL, resolution: DNS, ports: [{number: 443, name: tls, protocol: TLS}]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: pay, namespace: shop}
spec: {host: api.pay.example, trafficPolicy: {tls: {mode: SIMPLE}}}
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: public, namespace: edge}
spec:
  selector: {istio: ingress}
  servers:
  - port: {number: 443, name: https, protocol: HTTPS}
    hosts: [shop.example.com]
    tls: {mode: SIMPLE, credentialName: shop-cert}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop, namespace: shop}
spec: {hosts: [shop.example.com], gateways: [edge/public], http: [{route: [{destination: {host: reviews}}]}]}
";

fn map(more: &str, filter: &Filter) -> Map {
    let files = format!("{SHOP}#- main.yaml\n{more}");
    let files = files.trim_start_matches("#- ").split("\n#- ").map(|part| part.split_once('\n').unwrap());
    map_of(files.map(|(path, text)| (path.into(), text.to_owned())).collect(), filter)
}

fn map_of(files: Vec<(PathBuf, String)>, filter: &Filter) -> Map {
    let mut workspace = Workspace::new(Settings::default());
    workspace.set_texts(files);
    let snapshot = workspace.snapshot();
    let scope = snapshot.scopes().next().unwrap();
    Map::of(&scope, &Connections::of(scope.index(), filter))
}

/// Each line of the map in words.
fn lines(map: &Map) -> String {
    let name = |place: usize| format!("{:?} {}", map.nodes[place].kind, map.nodes[place].title);
    let line = |edge: &istio_ls::ide::map::Edge| {
        let ports: Vec<_> = edge.ports.iter().map(ToString::to_string).collect();
        format!("{} -> {} {}: {}\n", name(edge.from), name(edge.to), ports.join(","), edge.wire.as_str())
    };
    map.edges.iter().map(line).collect()
}

#[test]
fn each_connection_is_drawn_by_what_is_on_the_wire() {
    expect![[r#"
        Ingress ingress -> Service reviews 9080: mTLS
        Outside Outside -> Ingress ingress 443: TLS
        Clients reviews-v1, web -> Service reviews 9080: mTLS
        Clients reviews-v1, web -> External api.pay.example 443: TLS in TLS
        Clients reviews-v1, web -> Service legacy 80: fails
    "#]]
    .assert_eq(&lines(&map(MORE, &Filter::default())));
}

#[test]
fn the_map_shows_only_what_is_asked_for() {
    let to_reviews = Filter::default().to("reviews");
    expect![[r#"
        Ingress ingress -> Service reviews 9080: mTLS
        Outside Outside -> Ingress ingress 443: TLS
        Clients reviews-v1, web -> Service reviews 9080: mTLS
    "#]]
    .assert_eq(&lines(&map(MORE, &to_reviews)));
    let gateway = Filter { gateway: Some("edge/public".into()), ..Filter::default() };
    expect![[r#"
        Ingress ingress -> Service reviews 9080: mTLS
        Outside Outside -> Ingress ingress 443: TLS
    "#]]
    .assert_eq(&lines(&map(MORE, &gateway)));
    let nobody = Filter { from: Some("shop/nobody".into()), ..Filter::default() };
    assert!(map(MORE, &nobody).svg().contains("no connections"));
}

#[test]
fn alike_services_are_one_box_and_one_line() {
    let service = |n: usize| {
        format!(
            "---\napiVersion: v1\nkind: Service\nmetadata: {{name: s{n}, namespace: shop}}\n\
             spec: {{selector: {{app: web}}, ports: [{{name: http, port: {}}}]}}\n",
            8000 + n
        )
    };
    let map = map(&(0..9).map(service).collect::<String>(), &Filter::default());
    let alike = map.nodes.iter().find(|node| node.title == "10 services alike").expect("the services are one box");
    assert!(alike.lines.iter().any(|line| line == "and 4 more"), "{alike:?}");
    assert_eq!(map.edges.iter().filter(|edge| edge.ports.contains(&8000)).count(), 1);
}

#[test]
fn a_line_says_who_decided_where_and_what_one_sees() {
    let map = map(MORE, &Filter::default());
    let fails = map.edges.iter().find(|edge| edge.wire.as_str() == "fails").expect("one fails");
    let about = fails.about();
    for part in ["WRONG_VERSION_NUMBER", "DestinationRule shop/legacy: ISTIO_MUTUAL", "main.yaml:4"] {
        assert!(about.contains(part), "{part} is missing in {about}");
    }
}

#[test]
fn where_no_workload_is_shown_sidecars_are_assumed() {
    let pay: String = MORE.split_inclusive("---\n").filter(|document| document.contains("name: pay")).collect();
    let map = map_of(vec![("main.yaml".into(), pay)], &Filter::default());
    expect![[r#"
        Clients sidecars of shop -> External api.pay.example 443: TLS in TLS
    "#]]
    .assert_eq(&lines(&map));
    assert_eq!(map.nodes.iter().find(|node| node.namespace == "shop").unwrap().lines, ["not in the workspace"]);
}

#[test]
fn the_pictures_need_nothing_else_and_are_well_formed() {
    let map = map(MORE, &Filter::default());
    let svg = map.svg();
    let open = svg.matches("<g").count();
    assert_eq!(open, svg.matches("</g>").count());
    assert_eq!(svg.matches("<title>").count(), map.nodes.len() + map.edges.len());
    for picture in [&svg, &map.html(None)] {
        let outside = picture.replace("xmlns=\"http://www.w3.org/2000/svg\"", "");
        assert!(!outside.contains("http://") && !outside.contains("https://") && !outside.contains("url("));
    }
    let mermaid = map.mermaid();
    assert_eq!(mermaid.matches("linkStyle").count(), map.edges.len());
    assert_eq!(mermaid.matches("subgraph").count(), mermaid.matches("\n  end").count());
}

#[test]
fn no_two_boxes_or_words_lie_on_each_other() {
    let svg = map(MORE, &Filter::default()).svg();
    let number = |part: &str, name: &str| -> f32 {
        let rest = part.split_once(&format!(" {name}=\"")).unwrap().1;
        rest.split_once('"').unwrap().0.parse().unwrap()
    };
    let parts = svg.split("<rect").skip(1).filter(|part| part.contains("rx=") && !part.starts_with(" class=\"group\""));
    let rects: Vec<[f32; 4]> = parts.map(|part| ["x", "y", "width", "height"].map(|name| number(part, name))).collect();
    assert!(rects.len() > 8, "{rects:?}");
    for (at, [x, y, width, height]) in rects.iter().enumerate() {
        for [left, top, wide, tall] in &rects[at + 1..] {
            let apart = x + width <= *left || left + wide <= *x || y + height <= *top || top + tall <= *y;
            assert!(apart, "({x} {y} {width} {height}) and ({left} {top} {wide} {tall})");
        }
    }
}
