//! The language server as a client meets it: lifecycle, order, positions, diagnostics by push and by pull, fixes.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "a test may fail"
)]

mod client;
mod navigate;
mod settings;
mod table;

use client::{Client, rules, uri};
use serde_json::{Value, json};

const GATEWAY: &str = "\
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: public, namespace: shop}
spec:
  selector: {istio: ingressgateway}
  servers:
  - port: {number: 80, name: http, protocol: HTTP}
    hosts: [\"*.example.com\"]
";

/// A route bound to `gateway`, with text that is not ASCII above it.
fn route(gateway: &str) -> String {
    format!(
        "apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {{name: web, namespace: shop}}
spec:
  hosts: [shop.example.com]
  http:
  - name: Größe😀
    directResponse: {{status: 200}}
  gateways: [mesh, {gateway}]
"
    )
}

/// The line of `route` on which the gateway stands.
const GATEWAY_LINE: u32 = 8;
const UNTITLED: &str = "untitled:Untitled-1";

fn push() -> Value {
    json!({"textDocument": {"publishDiagnostics": {"relatedInformation": true}}})
}

fn pull() -> Value {
    json!({"textDocument": {"diagnostic": {}}, "workspace": {"diagnostics": {"refreshSupport": true}}})
}

fn both(gateway: &str) -> String {
    format!("{GATEWAY}---\n{}", route(gateway))
}

#[tokio::test]
async fn an_ordered_end_is_told_from_a_sudden_one() {
    let (client, _) = Client::start(push(), None).await;
    assert!(client.stop().await);
    let (client, _) = Client::start(push(), None).await;
    assert!(!client.vanish().await);
}

#[tokio::test]
async fn it_ends_though_the_client_answers_none_of_its_requests() {
    let asked = json!({
        "workspace": {"configuration": true, "didChangeWatchedFiles": {"dynamicRegistration": true}},
        "window": {"workDoneProgress": true},
    });
    let folder = tempfile::tempdir().unwrap();
    let (mut client, _) = Client::start(asked, Some(folder.path())).await;
    client.is_deaf = true;
    assert!(client.stop().await);
}

#[tokio::test]
async fn a_mistake_typed_into_an_unnamed_document_is_shown_and_goes_with_its_repair() {
    let (mut client, _) = Client::start(push(), None).await;
    client.open(UNTITLED, &both("publik")).await;
    let published = client.await_rules(UNTITLED, &["unknown-gateway"]).await;
    assert_eq!(published["version"], 1);
    let line = GATEWAY.lines().count() as u32 + 1 + GATEWAY_LINE;
    let start = json!({"line": line, "character": 24});
    let end = json!({"line": line, "character": 25});
    client.change(UNTITLED, 2, json!([{"range": {"start": start, "end": end}, "text": "c"}])).await;
    let published = client.await_rules(UNTITLED, &[]).await;
    assert_eq!(published["version"], 2);
    assert!(client.stop().await);
}

#[tokio::test]
async fn a_change_in_one_document_is_felt_in_another() {
    let folder = tempfile::tempdir().unwrap();
    let (gateway, web) = (folder.path().join("gateway.yaml"), folder.path().join("web.yaml"));
    std::fs::write(&gateway, GATEWAY).unwrap();
    std::fs::write(&web, route("public")).unwrap();
    let (mut client, _) = Client::start(push(), Some(folder.path())).await;
    client.open(&uri(&gateway), GATEWAY).await;
    client.change(&uri(&gateway), 2, json!([{"text": GATEWAY.replace("name: public", "name: private")}])).await;
    client.await_rules(&uri(&web), &["unknown-gateway"]).await;
    client.notify("textDocument/didClose", json!({"textDocument": {"uri": uri(&gateway)}})).await;
    client.await_rules(&uri(&web), &[]).await;
    assert!(client.stop().await);
}

#[tokio::test]
async fn changes_on_disk_and_folders_that_go_are_followed() {
    let folder = tempfile::tempdir().unwrap();
    let web = folder.path().join("web.yaml");
    std::fs::write(folder.path().join("gateway.yaml"), GATEWAY).unwrap();
    std::fs::write(&web, route("publik")).unwrap();
    let (mut client, _) = Client::start(push(), Some(folder.path())).await;
    client.await_rules(&uri(&web), &["unknown-gateway"]).await;
    std::fs::write(&web, route("public")).unwrap();
    let changes = json!({"changes": [{"uri": uri(&web), "type": 2}]});
    client.notify("workspace/didChangeWatchedFiles", changes).await;
    client.await_rules(&uri(&web), &[]).await;
    std::fs::write(&web, route("publik")).unwrap();
    client.notify("textDocument/didSave", json!({"textDocument": {"uri": uri(&web)}})).await;
    client.await_rules(&uri(&web), &["unknown-gateway"]).await;
    let event = json!({"added": [], "removed": [{"uri": uri(folder.path()), "name": "shop"}]});
    client.notify("workspace/didChangeWorkspaceFolders", json!({"event": event})).await;
    client.await_rules(&uri(&web), &[]).await;
    assert!(client.stop().await);
}

#[tokio::test]
async fn a_client_that_pulls_is_not_pushed_its_open_documents() {
    let (mut client, answer) = Client::start(pull(), None).await;
    assert_eq!(answer["capabilities"]["diagnosticProvider"]["interFileDependencies"], true);
    client.open(UNTITLED, &both("publik")).await;
    let report = client.pull(UNTITLED, None).await;
    assert_eq!(rules(&report["items"]), ["unknown-gateway"]);
    assert_eq!(client.pull(UNTITLED, report["resultId"].as_str()).await["kind"], "unchanged");
    assert!(!client.published.contains_key(UNTITLED), "{:?}", client.published);
    assert!(client.stop().await);
}

#[tokio::test]
async fn the_quick_fix_leads_to_the_right_text() {
    let (mut client, _) = Client::start(push(), None).await;
    client.open(UNTITLED, &both("publik")).await;
    let published = client.await_rules(UNTITLED, &["unknown-gateway"]).await;
    let range = published["diagnostics"][0]["range"].clone();
    let params = json!({"textDocument": {"uri": UNTITLED}, "range": range, "context": {"diagnostics": []}});
    let actions = client.request("textDocument/codeAction", params).await["result"].clone();
    assert_eq!(actions[0]["kind"], "quickfix");
    assert_eq!(actions[0]["isPreferred"], true);
    let edit = &actions[0]["edit"]["changes"][UNTITLED][0];
    assert_eq!((&edit["range"], &edit["newText"]), (&range, &json!("public")));
    let ignore =
        actions.as_array().unwrap().iter().find(|action| action["title"] == "ignore unknown-gateway here").unwrap();
    assert_eq!(
        ignore["edit"]["changes"][UNTITLED][0]["newText"],
        json!("  # istio-ls: ignore unknown-gateway"),
        "a comment that silences it"
    );
    assert!(client.stop().await);
}

#[tokio::test]
async fn hover_and_definition_see_the_edit_before_them_in_every_encoding() {
    for encoding in ["utf-8", "utf-16", "utf-32"] {
        let mut capabilities = push();
        capabilities["general"] = json!({"positionEncodings": [encoding]});
        let (mut client, answer) = Client::start(capabilities, None).await;
        assert_eq!(answer["capabilities"]["positionEncoding"], encoding);
        client.open(UNTITLED, GATEWAY).await;
        client.change(UNTITLED, 2, json!([{"text": both("public")}])).await;
        let line = GATEWAY.lines().count() as u32 + 1 + GATEWAY_LINE;
        let at = json!({"textDocument": {"uri": UNTITLED}, "position": {"line": line, "character": 21}});
        let hover = client.request("textDocument/hover", at.clone()).await["result"].clone();
        assert!(hover["contents"]["value"].as_str().unwrap().contains("Gateway shop/public"), "{hover}");
        let target = client.request("textDocument/definition", at).await["result"][0].clone();
        assert_eq!(target["range"]["start"], json!({"line": 2, "character": 17}), "{target}");
        assert!(client.stop().await);
    }
}

/// A rule with a mode, text that is not ASCII before it, and a service to which it applies.
const RULE: &str = "\
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{name: http, port: 80}]}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio-injection: enabled}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {template: {metadata: {labels: {app: web}}}}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: web, namespace: shop, annotations: {by: Größe😀}}
spec: {host: web, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}
";

#[tokio::test]
async fn hints_stand_behind_their_words_and_can_be_turned_off() {
    let (mut client, answer) = Client::start(push(), None).await;
    assert_eq!(answer["capabilities"]["inlayHintProvider"], true);
    client.open(UNTITLED, RULE).await;
    let lines = |from: u32, to: u32| {
        let position = |line| json!({"line": line, "character": 0});
        json!({"textDocument": {"uri": UNTITLED}, "range": {"start": position(from), "end": position(to)}})
    };
    let hints = client.request("textDocument/inlayHint", lines(0, 99)).await["result"].clone();
    let places: Vec<_> = hints.as_array().unwrap().iter().map(|hint| (&hint["position"], &hint["label"])).collect();
    assert_eq!(
        places,
        [
            (&json!({"line": 17, "character": 16}), &json!("-> shop/web:80 · mTLS")),
            (&json!({"line": 17, "character": 58}), &json!("mTLS")),
        ]
    );
    let none = client.request("textDocument/inlayHint", lines(0, 10)).await["result"].clone();
    assert_eq!(none, json!([]));
    let settings = json!({"settings": {"istio-ls": {"hints": false, "lenses": false}}});
    client.notify("workspace/didChangeConfiguration", settings).await;
    assert_eq!(client.request("textDocument/inlayHint", lines(0, 99)).await["result"], json!([]));
    let lenses = client.request("textDocument/codeLens", json!({"textDocument": {"uri": UNTITLED}})).await;
    assert_eq!(lenses["result"], json!([]));
    assert!(client.stop().await);
}

#[tokio::test]
async fn an_item_replaces_the_typed_word_and_tells_more_when_it_is_looked_at() {
    let capabilities = json!({"textDocument": {"completion": {"completionItem": {"snippetSupport": true}}}});
    for capabilities in [capabilities, json!({})] {
        let (mut client, answer) = Client::start(capabilities, None).await;
        assert_eq!(answer["capabilities"]["completionProvider"]["resolveProvider"], true);
        let half = RULE
            .replace("host: web, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}", "subsets: [{name: \"😀\"}], host: we");
        client.open(UNTITLED, &half).await;
        let line = half.lines().position(|line| line.contains("host: we")).unwrap();
        let column = half.lines().nth(line).unwrap().encode_utf16().count() - 1;
        let at = json!({"textDocument": {"uri": UNTITLED}, "position": {"line": line, "character": column}});
        let items = client.request("textDocument/completion", at).await["result"]["items"].clone();
        assert_eq!(items[0]["label"], "web");
        let start = json!({"line": line, "character": column - 2});
        let end = json!({"line": line, "character": column});
        assert_eq!(items[0]["textEdit"], json!({"range": {"start": start, "end": end}, "newText": "web"}));
        let resolved = client.request("completionItem/resolve", items[0].clone()).await["result"].clone();
        assert!(
            resolved["documentation"]["value"].as_str().unwrap().contains("web.shop.svc.cluster.local:80"),
            "{resolved}"
        );
        assert!(client.stop().await);
    }
}

#[tokio::test]
async fn an_empty_document_without_a_workspace_is_offered_whole_ones() {
    let (mut client, _) = Client::start(push(), None).await;
    for (version, text, character) in [(1, "", 0), (2, "# ours\nVirt", 4), (3, "\n", 0)] {
        match version {
            1 => client.open(UNTITLED, text).await,
            _ => client.change(UNTITLED, version, json!([{"text": text}])).await,
        }
        let position = json!({"line": text.lines().count().saturating_sub(1), "character": character});
        let at = json!({"textDocument": {"uri": UNTITLED}, "position": position});
        let items = client.request("textDocument/completion", at).await["result"]["items"].clone();
        let documents = items.as_array().into_iter().flatten().filter(|item| item["kind"] == 17);
        assert_eq!(documents.count(), 10, "{text:?}: {items}");
    }
    assert!(client.stop().await);
}

#[tokio::test]
async fn fields_are_left_to_yaml_language_server_and_values_are_not() {
    let (mut client, _) = Client::start(push(), None).await;
    let half =
        RULE.replace("spec: {host: web, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}", "spec:\n  host: we\n  tra");
    client.open(UNTITLED, &half).await;
    let lines = half.lines().count() - 1;
    let at = |line: usize, character: usize| json!({"textDocument": {"uri": UNTITLED}, "position": {"line": line, "character": character}});
    for (yaml_language_server, schema, with_fields) in
        [(false, "auto", true), (true, "auto", false), (true, "on", true), (false, "off", false)]
    {
        let settings = json!({"yamlLanguageServer": yaml_language_server, "schema": schema});
        client.notify("workspace/didChangeConfiguration", json!({"settings": {"istio-ls": settings}})).await;
        let items = client.request("textDocument/completion", at(lines, 5)).await["result"]["items"].clone();
        let fields: Vec<_> = items.as_array().into_iter().flatten().filter(|item| item["kind"] == 5).collect();
        assert_eq!(fields.iter().any(|item| item["label"] == "trafficPolicy"), with_fields, "{items}");
        let values = client.request("textDocument/completion", at(lines - 1, 10)).await["result"]["items"].clone();
        assert_eq!(values[0]["label"], "web");
    }
    assert!(client.stop().await);
}

#[tokio::test]
async fn the_status_says_what_is_in_force() {
    let (mut client, _) = Client::start(push(), None).await;
    client.open(UNTITLED, RULE).await;
    let call = json!({"command": "istio-ls.status", "arguments": [{"uri": UNTITLED}]});
    let status = client.request("workspace/executeCommand", call).await["result"].clone();
    assert_eq!(status["scopes"][0]["meshConfig"], "istiod's defaults");
    assert_eq!(status["scopes"][0]["namespace"], "shop");
    assert!(status["text"].as_str().unwrap().starts_with("the folder: "), "{status}");
    let call = json!({"command": "istio-ls.status", "arguments": [{}]});
    let refused = client.request("workspace/executeCommand", call).await;
    assert!(refused["error"]["message"].as_str().unwrap().contains("uri"), "{refused}");
    assert!(client.stop().await);
}

#[tokio::test]
async fn a_lens_leads_to_the_map() {
    let (mut client, answer) = Client::start(push(), None).await;
    assert_eq!(
        answer["capabilities"]["executeCommandProvider"]["commands"],
        json!(["istio-ls.showTlsMap", "istio-ls.status"])
    );
    client.open(UNTITLED, RULE).await;
    let lenses = client.request("textDocument/codeLens", json!({"textDocument": {"uri": UNTITLED}})).await;
    let lenses = lenses["result"].as_array().unwrap().clone();
    let of_rule: Vec<_> = lenses.iter().filter(|lens| lens["range"]["start"]["line"] == 16).collect();
    assert_eq!(of_rule[1]["command"]["title"], "show TLS map");
    assert!(of_rule[0]["command"].is_null(), "it says nothing before it is looked at: {}", of_rule[0]);
    let told = client.request("codeLens/resolve", of_rule[0].clone()).await["result"].clone();
    assert_eq!(told["command"]["title"], "read by 1 client in 1 class | mTLS");
    let command = told["command"].clone();
    assert_eq!(command["arguments"], of_rule[1]["command"]["arguments"]);
    let call = |arguments: &Value| json!({"command": command["command"], "arguments": arguments});
    let page = client.request("workspace/executeCommand", call(&command["arguments"])).await["result"].clone();
    assert!(page.as_str().unwrap().starts_with("<!doctype html>"), "{page}");
    let mut mermaid = command["arguments"].clone();
    mermaid[0]["format"] = json!("mermaid");
    let map = client.request("workspace/executeCommand", call(&mermaid)).await["result"].clone();
    assert!(map.as_str().unwrap().contains("mTLS 80"), "{map}");
    let mut data = command["arguments"].clone();
    data[0]["format"] = json!("data");
    let picture = client.request("workspace/executeCommand", call(&data)).await["result"].clone();
    assert_eq!(picture["summary"], "1 connection, none failing", "{picture}");
    let wrong = client.request("workspace/executeCommand", call(&json!([]))).await;
    assert_eq!(wrong["error"]["code"], -32602);
    assert!(client.stop().await);
}

#[tokio::test]
async fn a_lens_leads_to_references_for_clients_that_show_them() {
    for (commands, command) in [(json!(["istio-ls.showReferences"]), "istio-ls.showReferences"), (json!([]), "")] {
        let mut capabilities = push();
        capabilities["experimental"] = json!({"commands": commands});
        let (mut client, _) = Client::start(capabilities, None).await;
        client.open(UNTITLED, RULE).await;
        let lenses = client.request("textDocument/codeLens", json!({"textDocument": {"uri": UNTITLED}})).await;
        let of_service =
            lenses["result"].as_array().unwrap().iter().find(|lens| lens["data"]["subject"] == "references");
        let told = client.request("codeLens/resolve", of_service.unwrap().clone()).await["result"].clone();
        assert_eq!(
            (told["command"]["title"].as_str(), &told["command"]["command"]),
            (Some("1 reference"), &json!(command))
        );
        let places = told["command"]["arguments"][2].as_array().map_or(0, Vec::len);
        assert_eq!(places, usize::from(!command.is_empty()), "{told}");
        assert!(client.stop().await);
    }
}

#[tokio::test]
async fn ten_thousand_quick_changes_end_with_the_text_of_the_last() {
    let (mut client, _) = Client::start(pull(), None).await;
    client.open(UNTITLED, &both("public")).await;
    let line = GATEWAY.lines().count() as u32 + 1 + GATEWAY_LINE;
    let letter = |column: u32, text: &str| {
        let position = |character| json!({"line": line, "character": character});
        json!([{"range": {"start": position(column), "end": position(column + 1)}, "text": text}])
    };
    // Each change replaces one letter; one that is lost or out of order leaves another word.
    let words = ["mublic", "public"];
    for version in 2..10_002 {
        let word = words[version as usize % 2];
        client.change(UNTITLED, version, letter(19, &word[..1])).await;
        if version % 1_000 == 0 {
            let report = client.pull(UNTITLED, None).await;
            let wanted: &[&str] = if word == "public" { &[] } else { &["unknown-gateway"] };
            assert_eq!(rules(&report["items"]), wanted, "after version {version}");
        }
    }
    let report = client.pull(UNTITLED, None).await;
    assert_eq!(rules(&report["items"]), [] as [&str; 0]);
    assert!(client.stop().await);
}

/// Helix tells of a rename's edit before it tells that it opened the file.
#[tokio::test]
async fn a_change_that_comes_before_its_document_is_opened_counts() {
    let (mut client, _) = Client::start(pull(), None).await;
    let line = GATEWAY.lines().count() as u32 + 1 + GATEWAY_LINE;
    let first_letter = |text: &str| {
        let position = |character| json!({"line": line, "character": character});
        json!([{"range": {"start": position(19), "end": position(20)}, "text": text}])
    };
    client.change(UNTITLED, 2, first_letter("p")).await;
    client.open(UNTITLED, &both("mublic")).await;
    assert_eq!(rules(&client.pull(UNTITLED, None).await["items"]), [] as [&str; 0]);
    client.change(UNTITLED, 3, first_letter("m")).await;
    assert_eq!(rules(&client.pull(UNTITLED, None).await["items"]), ["unknown-gateway"]);

    // What comes after the end of a document is not for the next one.
    client.notify("textDocument/didClose", json!({"textDocument": {"uri": UNTITLED}})).await;
    client.change(UNTITLED, 4, first_letter("m")).await;
    client.open(UNTITLED, &both("public")).await;
    assert_eq!(rules(&client.pull(UNTITLED, None).await["items"]), [] as [&str; 0]);
    assert!(client.stop().await);
}

#[tokio::test]
async fn what_is_not_understood_leaves_everything_else_working() {
    let (mut client, _) = Client::start(push(), None).await;
    client.notify("textDocument/didChange", json!({"nonsense": true})).await;
    let answer = client.request("textDocument/unknownMethod", json!({})).await;
    assert_eq!(answer["error"]["code"], -32601);
    client.open(UNTITLED, "a: [\n'\0").await;
    client
        .change(
            UNTITLED,
            2,
            json!([{"range": {"start": {"line": 90, "character": 9}, "end": {"line": 99, "character": 9}},
        "text": both("publik")}]),
        )
        .await;
    client.change(UNTITLED, 3, json!([{"text": both("publik")}])).await;
    client.await_rules(UNTITLED, &["unknown-gateway"]).await;
    assert!(client.stop().await);
}
