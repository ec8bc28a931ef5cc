//! Shows the client that long work is under way.

use std::sync::atomic::{AtomicUsize, Ordering};

use tower_lsp_server::Client;
use tower_lsp_server::ls_types::notification::Progress as Notification;
use tower_lsp_server::ls_types::{
    NumberOrString, ProgressParams, ProgressParamsValue, ProgressToken, WorkDoneProgress, WorkDoneProgressBegin,
    WorkDoneProgressEnd, WorkDoneProgressReport,
};

use super::service::Session;

/// Work that the client shows.
pub(super) struct Progress {
    client: Client,
    token: ProgressToken,
}

impl Progress {
    /// Shows that `message` goes on; none where the client shows nothing.
    pub(super) async fn begin(client: &Client, session: &Session, message: &str) -> Option<Self> {
        static BEGUN: AtomicUsize = AtomicUsize::new(0);
        let token = NumberOrString::String(format!("istio-ls/{}", BEGUN.fetch_add(1, Ordering::Relaxed)));
        if !session.client().progress || client.create_work_done_progress(token.clone()).await.is_err() {
            return None;
        }
        let progress = Self { client: client.clone(), token };
        let begin = WorkDoneProgressBegin {
            title: "istio-ls".to_owned(),
            message: Some(message.to_owned()),
            ..WorkDoneProgressBegin::default()
        };
        progress.tell(WorkDoneProgress::Begin(begin)).await;
        Some(progress)
    }

    /// Says how far the work is.
    pub(super) async fn report(&self, message: String) {
        let report = WorkDoneProgressReport { message: Some(message), ..WorkDoneProgressReport::default() };
        self.tell(WorkDoneProgress::Report(report)).await;
    }

    /// The work is done.
    pub(super) async fn end(self) {
        self.tell(WorkDoneProgress::End(WorkDoneProgressEnd { message: None })).await;
    }

    async fn tell(&self, value: WorkDoneProgress) {
        let params = ProgressParams { token: self.token.clone(), value: ProgressParamsValue::WorkDone(value) };
        self.client.send_notification::<Notification>(params).await;
    }
}
