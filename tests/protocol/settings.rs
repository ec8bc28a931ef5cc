//! `istio-ls.yaml` in an editor: its words are explained, and what it names outside is watched.

use serde_json::json;

use super::client::{Client, uri};

#[tokio::test]
async fn words_of_the_settings_are_explained() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("istio-ls.yaml");
    let text = "context: []\nschema: auto\nrules: {unknown-gateway: off}\n";
    std::fs::write(&file, text).unwrap();
    let (mut client, _) = Client::start(json!({}), Some(folder.path())).await;
    client.open(&uri(&file), text).await;
    for (line, character, says) in [
        (0, 3, "Files that hold what is in the cluster"),
        (1, 9, "Unless yaml-language-server does so"),
        (2, 12, "names a Gateway that does not exist"),
        (2, 26, "The rule does not run"),
    ] {
        let at = json!({"textDocument": {"uri": uri(&file)}, "position": {"line": line, "character": character}});
        let hover = client.request("textDocument/hover", at).await;
        let shown = hover["result"]["contents"]["value"].as_str().unwrap_or_default();
        assert!(shown.contains(says), "{line}:{character}: {hover}");
    }
    assert!(client.stop().await);
}

#[tokio::test]
async fn what_settings_name_outside_is_watched_by_the_client_that_can() {
    let folder = tempfile::tempdir().unwrap();
    let shop = folder.path().join("shop");
    std::fs::create_dir_all(&shop).unwrap();
    std::fs::create_dir_all(folder.path().join("cluster")).unwrap();
    std::fs::write(shop.join("istio-ls.yaml"), "context: [../cluster]\nmeshConfig: ../mesh/config\n").unwrap();
    let watched = json!({"dynamicRegistration": true, "relativePatternSupport": true});
    let capabilities = json!({"workspace": {"didChangeWatchedFiles": watched}});
    let (mut client, _) = Client::start(capabilities, Some(&shop)).await;
    let registered = client.await_registration("istio-ls/outside").await;
    let watchers = registered["registerOptions"]["watchers"].as_array().unwrap();
    let globs: Vec<_> = watchers.iter().map(|watcher| watcher["globPattern"].clone()).collect();
    let cluster = json!({"baseUri": uri(&folder.path().join("cluster")), "pattern": "**/*.{yaml,yml,json}"});
    let mesh = json!({"baseUri": uri(&folder.path().join("mesh")), "pattern": "config"});
    assert_eq!(globs, [cluster, mesh]);
    assert!(client.stop().await);
}

#[tokio::test]
async fn what_settings_name_outside_is_followed_for_a_client_that_cannot() {
    let folder = tempfile::tempdir().unwrap();
    let (shop, cluster) = (folder.path().join("shop"), folder.path().join("cluster"));
    std::fs::create_dir_all(&shop).unwrap();
    std::fs::create_dir_all(&cluster).unwrap();
    std::fs::write(shop.join("istio-ls.yaml"), "context: [../cluster/live.yaml]\n").unwrap();
    let route = shop.join("route.yaml");
    std::fs::write(&route, super::route("public")).unwrap();
    let (mut client, _) = Client::start(super::push(), Some(&shop)).await;
    client.await_rules(&uri(&route), &["unknown-gateway"]).await;
    // Whether the follower has started is not said; what is written again is seen in the end.
    let writing = tokio::spawn(async move {
        loop {
            std::fs::write(cluster.join("live.yaml"), super::GATEWAY).unwrap();
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
    });
    client.await_rules(&uri(&route), &[]).await;
    writing.abort();
    assert!(client.stop().await);
}
