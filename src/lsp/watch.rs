//! Changes on disk: the client's watcher where it offers one, else our own.

use std::path::PathBuf;
use std::sync::Arc;

use notify::{RecursiveMode, Watcher as _};
use tower_lsp_server::Client;
use tower_lsp_server::ls_types::{
    DidChangeWatchedFilesRegistrationOptions, FileSystemWatcher, GlobPattern, Registration,
};

use super::service::Session;
use crate::workspace::{Change, Writer};

/// Starts to watch the files that may hold configuration.
pub(super) async fn start(client: &Client, session: &Arc<Session>) {
    if session.client().watches {
        register(client).await;
    } else {
        let (writer, folders) = (session.writer.clone(), session.folders());
        std::thread::spawn(move || watch(&writer, &folders));
    }
}

async fn register(client: &Client) {
    let watchers = ["**/*.yaml", "**/*.yml", "**/*.json"]
        .map(|glob| FileSystemWatcher { glob_pattern: GlobPattern::String(glob.to_owned()), kind: None });
    let options = DidChangeWatchedFilesRegistrationOptions { watchers: watchers.to_vec() };
    let registration = Registration {
        id: "istio-ls/files".to_owned(),
        method: "workspace/didChangeWatchedFiles".to_owned(),
        register_options: serde_json::to_value(options).ok(),
    };
    if let Err(error) = client.register_capability(vec![registration]).await {
        tracing::warn!("the client does not watch files after all: {error}");
    }
}

/// Watches `folders` until the process ends.
fn watch(writer: &Writer, folders: &[PathBuf]) {
    let (events, receiver) = std::sync::mpsc::channel();
    let mut watcher = match notify::recommended_watcher(events) {
        Ok(watcher) => watcher,
        Err(error) => {
            tracing::warn!("changes on disk are seen only when a file is saved in the editor: {error}");
            return;
        }
    };
    for folder in folders {
        if let Err(error) = watcher.watch(folder, RecursiveMode::Recursive) {
            tracing::warn!("changes below {} are seen only when saved in the editor: {error}", folder.display());
        }
    }
    for event in receiver.iter().filter_map(Result::ok).filter(|event| !event.kind.is_access()) {
        writer.send(Change::Disk(event.paths));
    }
}
