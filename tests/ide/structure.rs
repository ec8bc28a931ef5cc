//! Folds, growing selections, links and the colours of words.

use std::path::{Path, PathBuf};

use expect_test::expect;
use istio_ls::ide;

use super::fixture::At;

const RULE: &str = "\
# Who reads this rule:
# everybody.
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: rule
  namespace: shop
spec:
  host: revi$0ews
  trafficPolicy:
    tls:
      mode: ISTIO_MUTUAL
";

#[test]
fn what_takes_more_than_a_line_folds_once() {
    let at = At::parse(RULE);
    let file = at.snapshot().file(Path::new("main.yaml")).unwrap();
    let text = at.text(&PathBuf::from("main.yaml"));
    let line = |offset: usize| text[..offset].matches('\n').count() + 1;
    let folds = file.documents.iter().flat_map(|placed| ide::folds(&placed.content.yaml, placed.start));
    let shown: Vec<_> = folds.map(|fold| (line(fold.span.start()), line(fold.span.end()), fold.is_comment)).collect();
    assert_eq!(shown, [(3, 12, false), (5, 7, false), (8, 12, false), (10, 12, false), (11, 12, false), (1, 2, true)]);
}

#[test]
fn a_selection_grows_from_the_value_to_the_document() {
    let at = At::parse(RULE);
    let text = at.text(&PathBuf::from("main.yaml"));
    let file = at.snapshot().file(Path::new("main.yaml")).unwrap();
    let offset = RULE.find("$0").unwrap();
    let (_, placed) = file.document_at(offset).unwrap();
    let grown = ide::selections(&placed.content.yaml, offset - placed.start, placed.start);
    let first: Vec<_> = grown.iter().map(|span| text[span.range()].lines().next().unwrap()).collect();
    let expected = [
        "reviews",
        "host: reviews",
        "host: reviews",
        "spec:",
        "apiVersion: networking.istio.io/v1",
        "# Who reads this rule:",
    ];
    assert_eq!(first, expected);
}

#[test]
fn a_name_links_to_the_one_thing_it_names() {
    let at = At::parse(RULE);
    let text = at.text(&PathBuf::from("main.yaml"));
    let links = ide::links(&at.scope(), Path::new("main.yaml"));
    let shown: Vec<_> = links
        .iter()
        .map(|link| format!("{} -> {}:{} {}", &text[link.span.range()], link.path.display(), link.line + 1, link.title))
        .collect();
    expect![[r#"
        shop -> shop.yaml:3 namespace shop
        reviews -> shop.yaml:7 host reviews.shop.svc.cluster.local"#]]
    .assert_eq(&shown.join("\n"));
}

#[test]
fn words_are_coloured_by_what_they_mean() {
    let at = At::parse(RULE);
    let text = at.text(&PathBuf::from("main.yaml"));
    let tokens = ide::tokens(&at.scope(), Path::new("main.yaml"));
    let shown: Vec<_> = tokens.iter().map(|(span, kind)| format!("{}: {kind:?}", &text[span.range()])).collect();
    assert_eq!(shown, ["rule: Resource", "shop: Namespace", "reviews: Host", "ISTIO_MUTUAL: Mode"]);
}
