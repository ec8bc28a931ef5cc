//! Keeps what the client shows equal to the findings: differences only, nothing stale, never both push and pull for a file.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use dashmap::DashMap;
use tokio::sync::mpsc::UnboundedReceiver;
use tower_lsp_server::Client;
use tower_lsp_server::ls_types::{Diagnostic, MessageType};

use super::service::Session;
use super::{convert, progress, render};
use crate::workspace::{Event, Published};

/// What a client that pulls was told last about each open document: the identity of the answer.
pub(super) type Pulled = DashMap<PathBuf, String>;

/// The identity of some diagnostics; equal ones have equal identities.
pub(super) fn identity(diagnostics: &[Diagnostic]) -> String {
    let mut hasher = DefaultHasher::new();
    serde_json::to_string(diagnostics).unwrap_or_default().hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// The task that turns the writer's events into notifications.
pub(super) struct Publisher {
    client: Client,
    session: Arc<Session>,
    pulled: Arc<Pulled>,
    shown: DashMap<PathBuf, (String, Option<i32>)>,
}

impl Publisher {
    pub(super) fn new((client, pulled): (Client, Arc<Pulled>), session: Arc<Session>) -> Self {
        Self { client, session, pulled, shown: DashMap::new() }
    }

    pub(super) async fn run(self, mut events: UnboundedReceiver<Event>) {
        let mut reading = None;
        while let Some(event) = events.recv().await {
            match event {
                Event::Indexing(Some(0)) => {}
                Event::Indexing(Some(_)) => {
                    reading = Some(progress::show(&self.client, &self.session, "reading the workspace"));
                }
                Event::Indexing(None) => {
                    drop(reading.take());
                    self.refresh();
                }
                Event::Unreadable(files) => {
                    for file in files {
                        let message = format!("{}: {}", file.path.display(), file.message);
                        self.client.log_message(MessageType::WARNING, message).await;
                    }
                }
                Event::Charts(calls) => render::charts(calls, &self.client, &self.session),
                Event::Outside(places) => drop(self.session.outside.send_replace(places)),
                Event::Changed(paths, published) => {
                    // For the document that is edited the client asks by itself.
                    if paths.len() > 1 {
                        self.refresh();
                    }
                    self.changed(paths, &published).await;
                }
            }
        }
    }

    async fn changed(&self, paths: Vec<PathBuf>, published: &Published) {
        let client = self.session.client();
        let mut stale = false;
        for path in paths {
            if client.pulls && self.session.is_open(&path) {
                self.clear(&path).await;
                stale |= self.is_stale(&path, published);
            } else {
                self.show(&path, published).await;
            }
        }
        if stale {
            // A client that refuses will pull by itself sooner or later.
            let asked = self.client.clone();
            tokio::spawn(async move { drop(asked.workspace_diagnostic_refresh().await) });
        }
    }

    /// Has the client ask again for what it shows inside documents.
    fn refresh(&self) {
        let able = self.session.client();
        let asked = self.client.clone();
        // A client that refuses will ask by itself sooner or later.
        tokio::spawn(async move {
            if able.refreshes_hints {
                let _ = asked.inlay_hint_refresh().await;
            }
            if able.refreshes_lenses {
                let _ = asked.code_lens_refresh().await;
            }
        });
    }

    /// The client was told something else about an open document than what holds now.
    fn is_stale(&self, path: &Path, published: &Published) -> bool {
        let told = self.pulled.get(path).map(|told| told.clone());
        let now = published.snapshot(path).map(|snapshot| convert::diagnostics(&self.session, snapshot, path));
        told.is_some_and(|told| told != identity(&now.unwrap_or_default()))
    }

    /// A document that is opened is pulled from then on; what was pushed for it goes.
    async fn clear(&self, path: &Path) {
        let pushed = self.shown.remove(path).is_some_and(|(_, (identity, _))| identity != self::identity(&[]));
        if let (true, Some(uri)) = (pushed, self.session.uri(path)) {
            self.client.publish_diagnostics(uri, Vec::new(), None).await;
        }
    }

    async fn show(&self, path: &Path, published: &Published) {
        let version = published.version(path);
        // A newer text is under way: what holds for this one would only flicker.
        if version.is_some() && self.session.version(path) > version {
            return;
        }
        let snapshot = published.snapshot(path);
        let diagnostics = snapshot.map(|snapshot| convert::diagnostics(&self.session, snapshot, path));
        let diagnostics = diagnostics.unwrap_or_default();
        let now = (identity(&diagnostics), version);
        let before = self.shown.get(path).map(|shown| shown.clone());
        let nothing_new = match &before {
            // An open document is told the version it was checked at even if nothing else changed.
            Some((identity, _)) if version.is_none() => *identity == now.0,
            Some(before) => *before == now,
            None => diagnostics.is_empty() && version.is_none(),
        };
        if nothing_new {
            return;
        }
        self.shown.insert(path.to_owned(), now);
        if let Some(uri) = self.session.uri(path) {
            self.client.publish_diagnostics(uri, diagnostics, version).await;
        }
    }
}
