//! A client of the server in the same process, over an in-memory stream. It answers the server's requests as an editor
//! does, and fails on a second answer to one request.

use std::collections::HashMap;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, ReadHalf, WriteHalf};
use tokio::task::JoinHandle;

/// Long enough for a busy machine; nothing waits that long when it works.
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) struct Client {
    input: ReadHalf<DuplexStream>,
    output: WriteHalf<DuplexStream>,
    server: JoinHandle<std::io::Result<bool>>,
    next_id: i64,
    answers: HashMap<i64, Value>,
    pub(crate) published: HashMap<String, Value>,
    pub(crate) notified: Vec<String>,
    registered: HashMap<String, Value>,
    /// Requests of the server get no answer.
    pub(crate) is_deaf: bool,
}

impl Client {
    /// A client that has said `initialize` with these capabilities and `initialized`, for this folder.
    pub(crate) async fn start(capabilities: Value, folder: Option<&std::path::Path>) -> (Self, Value) {
        let (near, far) = tokio::io::duplex(1 << 20);
        let (far_input, far_output) = tokio::io::split(far);
        let server = tokio::spawn(istio_ls::lsp::serve(far_input, far_output));
        let (input, output) = tokio::io::split(near);
        let mut client = Self {
            input,
            output,
            server,
            next_id: 0,
            answers: HashMap::new(),
            published: HashMap::new(),
            notified: Vec::new(),
            registered: HashMap::new(),
            is_deaf: false,
        };
        let folders: Vec<Value> = folder.iter().map(|folder| json!({"uri": uri(folder), "name": "shop"})).collect();
        let params =
            json!({"processId": null, "rootUri": null, "capabilities": capabilities, "workspaceFolders": folders});
        let answer = client.request("initialize", params).await;
        client.notify("initialized", json!({})).await;
        (client, answer["result"].clone())
    }

    pub(crate) async fn notify(&mut self, method: &str, params: Value) {
        self.send(json!({"jsonrpc": "2.0", "method": method, "params": params})).await;
    }

    /// Sends a request and answers its identity.
    pub(crate) async fn ask(&mut self, method: &str, params: Value) -> i64 {
        self.next_id += 1;
        let id = self.next_id;
        self.send(json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params})).await;
        id
    }

    pub(crate) async fn request(&mut self, method: &str, params: Value) -> Value {
        let id = self.ask(method, params).await;
        self.answer(id).await
    }

    pub(crate) async fn answer(&mut self, id: i64) -> Value {
        while !self.answers.contains_key(&id) {
            self.read().await;
        }
        self.answers.remove(&id).unwrap()
    }

    pub(crate) async fn open(&mut self, uri: &str, text: &str) {
        let document = json!({"uri": uri, "languageId": "yaml", "version": 1, "text": text});
        self.notify("textDocument/didOpen", json!({"textDocument": document})).await;
    }

    pub(crate) async fn change(&mut self, uri: &str, version: i32, changes: Value) {
        let document = json!({"uri": uri, "version": version});
        self.notify("textDocument/didChange", json!({"textDocument": document, "contentChanges": changes})).await;
    }

    /// Pulls the diagnostics of a document, again while the server says that it is not ready.
    pub(crate) async fn pull(&mut self, uri: &str, previous: Option<&str>) -> Value {
        loop {
            let params = json!({"textDocument": {"uri": uri}, "previousResultId": previous});
            let answer = self.request("textDocument/diagnostic", params).await;
            if answer["error"].is_null() {
                return answer["result"].clone();
            }
            assert_eq!(answer["error"]["code"], -32802, "{answer}");
            assert_eq!(answer["error"]["data"]["retriggerRequest"], true, "{answer}");
        }
    }

    /// The rules of the diagnostics that are published for a document, once `wanted` holds for them.
    pub(crate) async fn await_rules(&mut self, uri: &str, wanted: &[&str]) -> Value {
        loop {
            if let Some(published) = self.published.get(uri)
                && rules(&published["diagnostics"]) == wanted
            {
                return published.clone();
            }
            self.read().await;
        }
    }

    /// What the server registered under this identity, once it has.
    pub(crate) async fn await_registration(&mut self, id: &str) -> Value {
        while !self.registered.contains_key(id) {
            self.read().await;
        }
        self.registered[id].clone()
    }

    /// Reads one message.
    async fn read(&mut self) {
        let message =
            tokio::time::timeout(PATIENCE, read_message(&mut self.input)).await.expect("the server is silent");
        let method = message["method"].as_str().map(str::to_owned);
        match (method, message["id"].as_i64()) {
            (None, Some(id)) => assert!(self.answers.insert(id, message).is_none(), "a second answer to request {id}"),
            (Some(method), None) => {
                if method == "textDocument/publishDiagnostics" {
                    let uri = message["params"]["uri"].as_str().unwrap().to_owned();
                    self.published.insert(uri, message["params"].clone());
                }
                self.notified.push(method);
            }
            (Some(method), Some(_)) => {
                for registered in message["params"]["registrations"].as_array().into_iter().flatten() {
                    self.registered.insert(registered["id"].as_str().unwrap().to_owned(), registered.clone());
                }
                let result = if method == "workspace/configuration" { json!([null]) } else { Value::Null };
                self.notified.push(method);
                if !self.is_deaf {
                    self.send(json!({"jsonrpc": "2.0", "id": message["id"], "result": result})).await;
                }
            }
            (None, None) => panic!("neither answer nor request: {message}"),
        }
    }

    async fn send(&mut self, message: Value) {
        let body = message.to_string();
        let text = format!("Content-Length: {}\r\n\r\n{body}", body.len());
        self.output.write_all(text.as_bytes()).await.unwrap();
    }

    /// Shuts down in order; true when the server agrees that it was.
    pub(crate) async fn stop(mut self) -> bool {
        self.request("shutdown", Value::Null).await;
        self.notify("exit", Value::Null).await;
        tokio::time::timeout(PATIENCE, self.server).await.expect("the server ends").unwrap().unwrap()
    }

    /// Goes away without a word.
    pub(crate) async fn vanish(self) -> bool {
        drop((self.input, self.output));
        tokio::time::timeout(PATIENCE, self.server).await.expect("the server ends").unwrap().unwrap()
    }
}

async fn read_message(input: &mut ReadHalf<DuplexStream>) -> Value {
    let mut header = Vec::new();
    while !header.ends_with(b"\r\n\r\n") {
        header.push(input.read_u8().await.expect("the server has gone"));
    }
    let header = String::from_utf8(header).unwrap();
    let length = header.lines().find_map(|line| line.strip_prefix("Content-Length: ")).unwrap().parse().unwrap();
    let mut body = vec![0; length];
    input.read_exact(&mut body).await.unwrap();
    serde_json::from_slice(&body).unwrap()
}

pub(crate) fn rules(diagnostics: &Value) -> Vec<&str> {
    diagnostics.as_array().unwrap().iter().map(|diagnostic| diagnostic["code"].as_str().unwrap()).collect()
}

pub(crate) fn uri(path: &std::path::Path) -> String {
    format!("file://{}", path.display())
}
