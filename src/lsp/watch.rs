//! Changes on disk: the client's watcher where it offers one, else our own.

use std::sync::Arc;

use tower_lsp_server::Client;
use tower_lsp_server::ls_types::{
    DidChangeWatchedFilesRegistrationOptions, FileSystemWatcher, GlobPattern, Registration,
};

use super::service::Session;
use crate::workspace::watch;

/// Starts to watch the files that may hold configuration.
pub(super) async fn start(client: &Client, session: &Arc<Session>) {
    if session.client().watches {
        register(client).await;
    } else {
        let (writer, folders) = (session.writer.clone(), session.folders());
        std::thread::spawn(move || watch::follow(&writer, &folders));
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
