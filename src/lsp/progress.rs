//! Shows the client that long work is under way.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tower_lsp_server::Client;
use tower_lsp_server::ls_types::notification::Progress as Notification;
use tower_lsp_server::ls_types::{
    NumberOrString, ProgressParams, ProgressParamsValue, ProgressToken, WorkDoneProgress, WorkDoneProgressBegin,
    WorkDoneProgressEnd, WorkDoneProgressReport,
};

use super::service::Session;

/// Shows `message`, then what is sent to the answer, until that is dropped. The work does not wait for the client.
pub(super) fn show(client: &Client, session: &Arc<Session>, message: &'static str) -> UnboundedSender<String> {
    let (told, telling) = unbounded_channel();
    if session.client().progress {
        tokio::spawn(tell(client.clone(), Arc::clone(session), message, telling));
    }
    told
}

async fn tell(client: Client, session: Arc<Session>, message: &'static str, mut told: UnboundedReceiver<String>) {
    static BEGUN: AtomicUsize = AtomicUsize::new(0);
    let token = NumberOrString::String(format!("istio-ls/{}", BEGUN.fetch_add(1, Ordering::Relaxed)));
    // Before that, VS Code does not know the request.
    session.started().await;
    if client.create_work_done_progress(token.clone()).await.is_err() {
        return;
    }
    let begin = WorkDoneProgressBegin {
        title: "istio-ls".to_owned(),
        message: Some(message.to_owned()),
        ..WorkDoneProgressBegin::default()
    };
    notify(&client, &token, WorkDoneProgress::Begin(begin)).await;
    while let Some(message) = told.recv().await {
        let report = WorkDoneProgressReport { message: Some(message), ..WorkDoneProgressReport::default() };
        notify(&client, &token, WorkDoneProgress::Report(report)).await;
    }
    notify(&client, &token, WorkDoneProgress::End(WorkDoneProgressEnd { message: None })).await;
}

async fn notify(client: &Client, token: &ProgressToken, value: WorkDoneProgress) {
    let params = ProgressParams { token: token.clone(), value: ProgressParamsValue::WorkDone(value) };
    client.send_notification::<Notification>(params).await;
}
