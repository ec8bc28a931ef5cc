//! Navigation and rename through the protocol.

use serde_json::{Value, json};

use super::client::{Client, uri};

const RULE: &str = "\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: rule, namespace: shop}
spec: {host: reviews, subsets: [{name: v1, labels: {version: v1}}]}
";
const ROUTE: &str = "\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: route, namespace: shop}
spec: {hosts: [reviews], http: [{route: [{destination: {host: reviews, subset: v1}}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec: {selector: {app: reviews}, ports: [{name: http, port: 80}]}
";

/// A client with two open files, and their names.
async fn start(capabilities: Value) -> (Client, tempfile::TempDir, String, String) {
    let folder = tempfile::tempdir().unwrap();
    let (rule, route) = (folder.path().join("rule.yaml"), folder.path().join("route.yaml"));
    std::fs::write(&rule, RULE).unwrap();
    std::fs::write(&route, ROUTE).unwrap();
    let (mut client, _) = Client::start(capabilities, Some(folder.path())).await;
    client.open(&uri(&rule), RULE).await;
    client.open(&uri(&route), ROUTE).await;
    (client, folder, uri(&rule), uri(&route))
}

/// The position of the first `word` of `text`, as the parameters of a request.
fn at(uri: &str, text: &str, word: &str) -> Value {
    let offset = text.find(word).unwrap();
    let line = text[..offset].matches('\n').count();
    let column = offset - text[..offset].rfind('\n').map_or(0, |at| at + 1);
    json!({"textDocument": {"uri": uri}, "position": {"line": line, "character": column}})
}

#[tokio::test]
async fn references_and_highlights_of_a_subset() {
    let (mut client, _folder, rule, route) = start(json!({})).await;
    let mut params = at(&rule, RULE, "v1, labels");
    params["context"] = json!({"includeDeclaration": false});
    let found = client.request("textDocument/references", params.clone()).await;
    assert_eq!(found["result"].as_array().unwrap().len(), 1, "{found}");
    assert_eq!(found["result"][0]["uri"], route);
    let found = client.request("textDocument/documentHighlight", params).await;
    assert_eq!(found["result"][0]["kind"], 3, "the definition is a write: {found}");
    assert!(client.stop().await);
}

#[tokio::test]
async fn a_rename_edits_both_files_at_the_versions_it_was_made_of() {
    let (mut client, _folder, rule, route) =
        start(json!({"workspace": {"workspaceEdit": {"documentChanges": true}}})).await;
    let mut params = at(&rule, RULE, "v1, labels");
    let prepared = client.request("textDocument/prepareRename", params.clone()).await;
    assert_eq!(prepared["result"]["placeholder"], "v1", "{prepared}");
    params["newName"] = json!("stable");
    let renamed = client.request("textDocument/rename", params.clone()).await;
    let changes = renamed["result"]["documentChanges"].as_array().unwrap();
    let files: Vec<_> = changes.iter().map(|change| change["textDocument"]["uri"].as_str().unwrap()).collect();
    assert_eq!(files, [route.as_str(), rule.as_str()]);
    assert!(changes.iter().all(|change| change["textDocument"]["version"] == 1), "{renamed}");
    params["newName"] = json!("not a name");
    let refused = client.request("textDocument/rename", params).await;
    assert_eq!(refused["error"]["code"], -32803);
    assert_eq!(refused["error"]["message"], "`not a name` cannot be the name of a subset");
    assert!(client.stop().await);
}

#[tokio::test]
async fn symbols_folds_selections_links_and_tokens() {
    let (mut client, _folder, rule, route) = start(json!({})).await;
    let document = json!({"textDocument": {"uri": rule}});
    let symbols = client.request("textDocument/documentSymbol", document.clone()).await;
    assert_eq!(symbols["result"][0]["children"][0]["name"], "v1", "{symbols}");
    let folds = client.request("textDocument/foldingRange", document.clone()).await;
    assert_eq!(folds["result"][0]["endLine"], 3, "{folds}");
    let links = client.request("textDocument/documentLink", document.clone()).await;
    assert_eq!(links["result"][0]["target"], format!("{route}#L8"), "{links}");
    let tokens = client.request("textDocument/semanticTokens/full", document.clone()).await;
    assert_eq!(tokens["result"]["data"].as_array().unwrap()[..5], [2, 17, 4, 3, 0], "{tokens}");
    let position = at(&rule, RULE, "reviews")["position"].clone();
    let params = json!({"textDocument": {"uri": rule}, "positions": [position]});
    let grown = client.request("textDocument/selectionRange", params).await;
    assert_eq!(grown["result"][0]["range"]["end"]["character"], 20, "{grown}");
    assert!(client.stop().await);
}

#[tokio::test]
async fn a_search_of_the_workspace() {
    let (mut client, _folder, _, route) = start(json!({})).await;
    client.request("textDocument/hover", at(&route, ROUTE, "reviews")).await;
    let found = client.request("workspace/symbol", json!({"query": "kind:service rvws"})).await;
    assert_eq!(found["result"][0]["name"], "reviews", "{found}");
    assert_eq!(found["result"][0]["containerName"], "Service in shop");
    assert!(client.stop().await);
}

#[tokio::test]
async fn the_traffic_of_a_route_as_a_call_hierarchy() {
    let (mut client, _folder, _, route) = start(json!({})).await;
    let items = client.request("textDocument/prepareCallHierarchy", at(&route, ROUTE, "route,")).await;
    assert_eq!(items["result"][0]["name"], "shop/route", "{items}");
    let calls = client.request("callHierarchy/outgoingCalls", json!({"item": items["result"][0]})).await;
    assert_eq!(calls["result"][0]["to"]["name"], "reviews.shop.svc.cluster.local", "{calls}");
    assert!(client.stop().await);
}

#[tokio::test]
async fn a_kustomization_follows_a_file_that_moves() {
    let (mut client, folder, rule, _) = start(json!({})).await;
    let kustomization = uri(&folder.path().join("kustomization.yaml"));
    client.open(&kustomization, "resources: [rule.yaml]\n").await;
    let to = uri(&folder.path().join("rules/web.yaml"));
    let edits = client.request("workspace/willRenameFiles", json!({"files": [{"oldUri": rule, "newUri": to}]})).await;
    assert_eq!(edits["result"]["changes"][&kustomization][0]["newText"], "rules/web.yaml", "{edits}");
    assert!(client.stop().await);
}

#[tokio::test]
async fn a_file_is_split_for_clients_that_make_files() {
    for (operations, steps) in [(json!(["create"]), 3), (json!([]), 0)] {
        let capabilities = json!({"workspace": {"workspaceEdit": {"resourceOperations": operations}}});
        let (mut client, _folder, _, route) = start(capabilities).await;
        client.pull(&route, None).await;
        let mut params = at(&route, ROUTE, "kind");
        params["range"] = json!({"start": params["position"], "end": params["position"]});
        params["context"] = json!({"diagnostics": [], "only": ["refactor.move"]});
        let found = client.request("textDocument/codeAction", params).await;
        let changes = found["result"][0]["edit"]["documentChanges"].as_array().map_or(&[][..], Vec::as_slice);
        assert_eq!(changes.len(), steps, "create, fill, cut out: {found}");
        if let [create, fill, cut] = changes {
            assert_eq!(create["kind"], "create");
            assert_eq!(create["uri"], fill["textDocument"]["uri"]);
            assert_eq!(cut["textDocument"]["uri"], route);
        }
        assert!(client.stop().await);
    }
}

#[tokio::test]
async fn a_route_is_moved_only_where_every_scope_allows_it() {
    for (dev, actions) in [("resources: [../base]\n", 1), ("resources: [../base]\nnamePrefix: dev-\n", 0)] {
        let folder = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            std::fs::create_dir_all(folder.path().join(path).parent().unwrap()).unwrap();
            std::fs::write(folder.path().join(path), text).unwrap();
        };
        write("base/route.yaml", ROUTE);
        write("base/kustomization.yaml", "resources: [route.yaml]\n");
        write("prod/kustomization.yaml", "resources: [../base]\n");
        write("dev/kustomization.yaml", dev);
        let (mut client, _) = Client::start(json!({}), Some(folder.path())).await;
        let route = uri(&folder.path().join("base/route.yaml"));
        client.open(&route, ROUTE).await;
        client.pull(&route, None).await;
        let mut params = at(&route, ROUTE, "route: [");
        params["range"] = json!({"start": params["position"], "end": params["position"]});
        params["context"] = json!({"diagnostics": [], "only": ["refactor.extract"]});
        let found = client.request("textDocument/codeAction", params).await;
        assert_eq!(found["result"].as_array().unwrap().len(), actions, "{found}");
        assert!(client.stop().await);
    }
}
