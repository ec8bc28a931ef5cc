//! How the server comes to an answer: from the snapshot that a request must see, on a thread that may take its time.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tower_lsp_server::jsonrpc::{Error, ErrorCode, Result};

use super::server::Server;
use super::service::{Session, revision};
use crate::workspace::{Change, Published, Snapshot};

/// `ServerCancelled` of LSP: the client may ask again.
const SERVER_CANCELLED: i64 = -32802;

impl Server {
    /// Computes an answer from the snapshot of `path`, on a thread that may take its time.
    pub(super) async fn answer<T: Send + 'static>(
        &self,
        path: PathBuf,
        work: impl FnOnce(&Session, &Snapshot, &Path) -> Option<T> + Send + 'static,
    ) -> Result<Option<T>> {
        self.answer_of(move |session, published| work(session, published.snapshot(&path)?, &path)).await
    }

    /// The same for answers that need to know of which versions of the open documents they are.
    pub(super) async fn answer_of<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Session, &Published) -> Option<T> + Send + 'static,
    ) -> Result<Option<T>> {
        let published = self.session.writer.at(revision()).await;
        let session = Arc::clone(&self.session);
        let task = tokio::task::spawn_blocking(move || work(&session, &published));
        task.await.map_err(|error| {
            tracing::error!("a request failed: {error}");
            Error::internal_error()
        })
    }

    /// What holds once `path` is wholly checked at the revision of the request.
    pub(super) async fn checked(&self, path: &Path) -> Result<Published> {
        if !self.session.writer.now().ready {
            return Err(not_ready());
        }
        let (reply, answered) = tokio::sync::oneshot::channel();
        let asked = self.session.writer.send(Change::WhenChecked(path.to_owned(), reply));
        // Without an answer the writer has ended, and so has the server.
        let _ = answered.await;
        Ok(self.session.writer.at(asked).await)
    }
}

/// The answer to a pull before the workspace has been read: ask again.
pub(super) fn not_ready() -> Error {
    Error {
        code: ErrorCode::ServerError(SERVER_CANCELLED),
        message: "the workspace is being read".into(),
        data: Some(serde_json::json!({ "retriggerRequest": true })),
    }
}
