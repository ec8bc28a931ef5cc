//! In front of the language server: messages in the order of reading.
//!
//! Handlers of requests run side by side, so whatever changes state is done here, synchronously, before the next message
//! is looked at. Each request carries the revision of everything read before it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::task::{Context, Poll};

use ropey::Rope;
use serde::de::DeserializeOwned;
use tower::Service;
use tower_lsp_server::LspService;
use tower_lsp_server::jsonrpc::{Request, Response};
use tower_lsp_server::ls_types::{
    DidChangeConfigurationParams, DidChangeTextDocumentParams, DidChangeWatchedFilesParams,
    DidChangeWorkspaceFoldersParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams, DidSaveTextDocumentParams,
    Uri,
};

use super::capabilities::Client;
use super::documents::Early;
use super::folders::Folders;
use super::server::Server;
use super::watch::Outside;
use super::{convert, documents};
use crate::workspace::{Change, Settings, Writer, settings};
use crate::yaml;

tokio::task_local! {
    /// Everything that was read before the request being answered.
    static REVISION: u64;
}

/// The revision that the request being answered must see.
pub(super) fn revision() -> u64 {
    REVISION.try_with(|revision| *revision).unwrap_or(0)
}

/// What the parts of the server share.
pub(super) struct Session {
    pub(super) writer: Writer,
    pub(super) client: OnceLock<Client>,
    pub(super) outside: Outside,
    state: Mutex<State>,
    initialized: AtomicBool,
    started: tokio::sync::watch::Sender<bool>,
    shut_down: AtomicBool,
}

#[derive(Default)]
struct State {
    open: HashMap<PathBuf, Document>,
    early: Early,
    folders: Folders,
}

struct Document {
    uri: Uri,
    rope: Rope,
    version: i32,
}

impl Session {
    pub(super) fn new(writer: Writer) -> Self {
        Self {
            writer,
            client: OnceLock::new(),
            outside: Outside::default(),
            state: Mutex::default(),
            initialized: AtomicBool::new(false),
            started: tokio::sync::watch::Sender::new(false),
            shut_down: AtomicBool::new(false),
        }
    }

    /// What the client can; the least there is before it has said so.
    pub(super) fn client(&self) -> Client {
        self.client.get().cloned().unwrap_or_default()
    }

    /// The client has said `initialized`, and may be asked what it can.
    pub(super) fn start(&self) {
        self.started.send_replace(true);
    }

    /// Waits until then.
    pub(super) async fn started(&self) {
        // The sender lives as long as the session.
        let _ = self.started.subscribe().wait_for(|started| *started).await;
    }

    pub(super) fn was_shut_down(&self) -> bool {
        self.shut_down.load(Ordering::SeqCst)
    }

    /// The name that the editor uses for a file.
    pub(super) fn uri(&self, path: &Path) -> Option<Uri> {
        self.with(|state| state.open.get(path).map(|document| document.uri.clone())).or_else(|| convert::uri(path))
    }

    pub(super) fn is_open(&self, path: &Path) -> bool {
        self.with(|state| state.open.contains_key(path))
    }

    /// The newest version of an open document that was read.
    pub(super) fn version(&self, path: &Path) -> Option<i32> {
        self.with(|state| state.open.get(path).map(|document| document.version))
    }

    /// Names the folders and starts reading them.
    pub(super) fn set_folders(&self, folders: Vec<PathBuf>) {
        self.initialized.store(true, Ordering::SeqCst);
        let folders = self.with(|state| state.folders.set(folders));
        self.writer.send(Change::Folders(folders));
    }

    /// Puts the settings of the client in force.
    pub(super) fn take_settings(&self, value: Option<serde_json::Value>) {
        let Some(value) = value.filter(|value| !value.is_null()) else { return };
        let settings = yaml::parse(value.to_string().into());
        for defect in settings::findings(&settings) {
            tracing::warn!("the client's settings: {}", defect.message);
        }
        self.writer.send(Change::Settings(Box::new(Settings::read(&settings))));
    }

    pub(super) fn folders(&self) -> Vec<PathBuf> {
        self.with(|state| state.folders.all())
    }

    fn with<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        // Nothing in here panics half-way through a change, so a poisoned lock holds a whole state.
        work(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Applies a notification that changes state.
    fn apply(&self, request: &Request) {
        match request.method() {
            "shutdown" => self.shut_down.store(true, Ordering::SeqCst),
            _ if !self.initialized.load(Ordering::SeqCst) => {}
            "textDocument/didOpen" => {
                let Some(params) = params::<DidOpenTextDocumentParams>(request) else { return };
                let document = params.text_document;
                let path = convert::path(&document.uri);
                let (version, changes) = self.with(|state| state.early.take(&path, document.version));
                let encoding = self.client().encoding;
                self.edit(&document.uri, version, |_| {
                    let mut rope = Rope::from_str(&document.text);
                    documents::apply(&mut rope, changes, encoding);
                    rope
                });
            }
            "textDocument/didChange" => {
                let Some(params) = params::<DidChangeTextDocumentParams>(request) else { return };
                let (path, version) = (convert::path(&params.text_document.uri), params.text_document.version);
                if !self.is_open(&path) {
                    return self.with(|state| state.early.keep(path, version, params.content_changes));
                }
                let encoding = self.client().encoding;
                self.edit(&params.text_document.uri, version, |known| {
                    let mut rope = known.cloned().unwrap_or_default();
                    documents::apply(&mut rope, params.content_changes, encoding);
                    rope
                });
            }
            "textDocument/didClose" => {
                let Some(params) = params::<DidCloseTextDocumentParams>(request) else { return };
                let path = convert::path(&params.text_document.uri);
                self.with(|state| state.open.remove(&path));
                self.writer.send(Change::Closed(path));
            }
            "textDocument/didSave" => {
                let Some(params) = params::<DidSaveTextDocumentParams>(request) else { return };
                self.writer.send(Change::Disk(vec![convert::path(&params.text_document.uri)]));
            }
            "workspace/didChangeWatchedFiles" => {
                let Some(params) = params::<DidChangeWatchedFilesParams>(request) else { return };
                let paths = params.changes.iter().map(|change| convert::path(&change.uri)).collect();
                self.writer.send(Change::Disk(paths));
            }
            // Other clients are asked for their settings.
            "workspace/didChangeConfiguration" if !self.client().configuration => {
                let Some(params) = params::<DidChangeConfigurationParams>(request) else { return };
                let section = params.settings.get("istio-ls").cloned();
                self.take_settings(Some(section.unwrap_or(params.settings)));
            }
            "workspace/didChangeWorkspaceFolders" => {
                let Some(params) = params::<DidChangeWorkspaceFoldersParams>(request) else { return };
                let paths = |folders: Vec<tower_lsp_server::ls_types::WorkspaceFolder>| {
                    folders.iter().map(|folder| convert::path(&folder.uri)).collect()
                };
                let (added, removed): (Vec<_>, Vec<_>) = (paths(params.event.added), paths(params.event.removed));
                let folders = self.with(|state| state.folders.change(added, &removed));
                self.writer.send(Change::Folders(folders));
            }
            _ => {}
        }
    }

    fn edit(&self, uri: &Uri, version: i32, text: impl FnOnce(Option<&Rope>) -> Rope) {
        let path = convert::path(uri);
        let rope = self.with(|state| {
            let rope = text(state.open.get(&path).map(|document| &document.rope));
            let document = Document { uri: uri.clone(), rope: rope.clone(), version };
            state.open.insert(path.clone(), document);
            rope
        });
        self.writer.send(Change::Text { path, text: rope, version });
    }
}

fn params<T: DeserializeOwned>(request: &Request) -> Option<T> {
    let read = request.params().cloned().map(serde_json::from_value::<T>);
    match read? {
        Ok(params) => Some(params),
        Err(error) => {
            tracing::warn!("{} is not understood and left out: {error}", request.method());
            None
        }
    }
}

/// The service that the transport calls.
pub(super) struct Ordered {
    inner: LspService<Server>,
    session: Arc<Session>,
}

impl Ordered {
    pub(super) fn new(inner: LspService<Server>, session: Arc<Session>) -> Self {
        Self { inner, session }
    }
}

impl Service<Request> for Ordered {
    type Response = Option<Response>;
    type Error = <LspService<Server> as Service<Request>>::Error;
    type Future = std::pin::Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        self.session.apply(&request);
        let revision = self.session.writer.revision();
        Box::pin(REVISION.scope(revision, self.inner.call(request)))
    }
}
