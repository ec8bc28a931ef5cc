//! Changes on disk: the client's watcher where it offers one, else our own.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tower_lsp_server::Client;
use tower_lsp_server::ls_types::{
    DidChangeWatchedFilesRegistrationOptions, FileSystemWatcher, GlobPattern, OneOf, Registration, RelativePattern,
    Unregistration,
};

use super::convert;
use super::service::Session;
use crate::workspace::watch::Follower;

const METHOD: &str = "workspace/didChangeWatchedFiles";
/// The files of the folders.
const INSIDE: &str = "istio-ls/files";
/// What is read besides.
const OUTSIDE: &str = "istio-ls/outside";

/// Watches the files that may hold configuration: those of the folders, and what settings name besides as long as they do.
/// Nothing waits for a client that does not answer.
pub(super) fn start(client: &Client, session: &Arc<Session>) {
    let (client, session) = (client.clone(), Arc::clone(session));
    tokio::spawn(async move {
        let able = session.client();
        let own = if able.watches {
            let globs = ["**/*.yaml", "**/*.yml", "**/*.json", "**/templates/**/*.tpl"];
            register(&client, INSIDE, globs.map(|glob| GlobPattern::String(glob.to_owned())).to_vec()).await;
            Follower::default()
        } else {
            Follower::of(&session.writer, &session.folders())
        };
        let mut outside = session.outside.subscribe();
        outside.mark_changed();
        let mut followed = Follower::default();
        let mut is_registered = false;
        while outside.changed().await.is_ok() {
            let places = outside.borrow_and_update().clone();
            if !able.watches_elsewhere {
                followed = Follower::of(&session.writer, &places);
                continue;
            }
            if is_registered {
                let gone = Unregistration { id: OUTSIDE.to_owned(), method: METHOD.to_owned() };
                let _ = client.unregister_capability(vec![gone]).await;
            }
            let globs: Vec<GlobPattern> = places.iter().filter_map(|place| glob(place)).collect();
            is_registered = !globs.is_empty();
            if is_registered {
                register(&client, OUTSIDE, globs).await;
            }
        }
        drop((own, followed));
    });
}

/// The files at `place`, whether it is a file or a folder.
fn glob(place: &Path) -> Option<GlobPattern> {
    let (folder, pattern) = match place.is_dir() {
        true => (place, "**/*.{yaml,yml,json}".to_owned()),
        false => (place.parent()?, place.file_name()?.to_string_lossy().into_owned()),
    };
    let base_uri = OneOf::Right(convert::uri(folder)?);
    Some(GlobPattern::Relative(RelativePattern { base_uri, pattern }))
}

async fn register(client: &Client, id: &str, globs: Vec<GlobPattern>) {
    let watcher = |glob_pattern| FileSystemWatcher { glob_pattern, kind: None };
    let options = DidChangeWatchedFilesRegistrationOptions { watchers: globs.into_iter().map(watcher).collect() };
    let registration = Registration {
        id: id.to_owned(),
        method: METHOD.to_owned(),
        register_options: serde_json::to_value(options).ok(),
    };
    if let Err(error) = client.register_capability(vec![registration]).await {
        tracing::warn!("the client does not watch files after all: {error}");
    }
}

/// Where something is read besides the folders.
pub(super) type Outside = tokio::sync::watch::Sender<Vec<PathBuf>>;
