//! `docs/lsp.md` says of every method whether it is offered: it says so truly, and leaves none out.

use serde_json::{Value, json};

use super::client::Client;

struct Row {
    method: String,
    offered: bool,
    capability: Option<String>,
}

fn rows() -> Vec<Row> {
    let text = include_str!("../../docs/lsp.md");
    let cells =
        |line: &str| line.trim_matches('|').split('|').map(|cell| cell.trim().replace('`', "")).collect::<Vec<_>>();
    let lines = text.lines().filter(|line| line.starts_with("| `"));
    let row = |line: &str| {
        let cells = cells(line);
        let capability = Some(cells[2].clone()).filter(|cell| cell != "-");
        assert!(["yes", "no"].contains(&cells[1].as_str()), "{line}");
        assert!(cells[1] == "yes" || !cells[3].is_empty(), "what is not offered has a reason: {line}");
        Row { method: cells[0].clone(), offered: cells[1] == "yes", capability }
    };
    lines.map(row).collect()
}

#[tokio::test]
async fn the_table_says_what_the_server_offers() {
    let all = json!({
        "textDocument": {"diagnostic": {}, "rename": {"prepareSupport": true}},
        "workspace": {"diagnostics": {"refreshSupport": true}},
    });
    let (client, result) = Client::start(all, None).await;
    for row in rows() {
        let Some(capability) = &row.capability else { continue };
        let pointer = format!("/{}", capability.replace('.', "/"));
        let value = result["capabilities"].pointer(&pointer).unwrap_or(&Value::Null);
        let offered = !value.is_null() && *value != false;
        assert_eq!(row.offered, offered, "{}: {capability} is {value}", row.method);
    }
    assert!(client.stop().await);
}

#[test]
fn the_table_names_every_provider_of_the_server_once() {
    let rows = rows();
    let mut methods: Vec<_> = rows.iter().map(|row| &row.method).collect();
    let number = methods.len();
    methods.sort_unstable();
    methods.dedup();
    assert_eq!(methods.len(), number, "a method stands twice");
    assert_eq!(number, 71, "methods of LSP 3.17 that a client sends");
}

#[tokio::test]
async fn every_capability_of_the_server_stands_in_the_table() {
    let (client, result) = Client::start(json!({"textDocument": {"rename": {"prepareSupport": true}}}), None).await;
    let named: Vec<String> = rows().into_iter().filter_map(|row| row.capability).collect();
    for (key, _) in result["capabilities"].as_object().unwrap() {
        let known = named.iter().any(|name| name.split('.').next() == Some(key)) || key == "positionEncoding";
        assert!(known, "{key} is offered and not in docs/lsp.md");
    }
    assert!(client.stop().await);
}
