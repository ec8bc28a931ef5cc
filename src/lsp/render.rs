//! Has Helm render charts where the editor's settings allow it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tower_lsp_server::Client;
use tower_lsp_server::ls_types::MessageType;

use super::progress;
use super::service::Session;
use crate::workspace::rendering::{Failure, render_all};
use crate::workspace::{Change, ChartCall};

/// Renders the charts beside everything else and gives what comes of it to the writer. What Helm refuses is logged, and
/// counts as istio-ls reads it by itself.
pub(super) fn charts(calls: Vec<ChartCall>, client: &Client, session: &Arc<Session>) {
    let (client, session) = (client.clone(), Arc::clone(session));
    tokio::spawn(async move {
        let (all, done) = (calls.len(), AtomicUsize::new(0));
        let progress = progress::show(&client, &session, "Helm renders charts");
        let tell = move || {
            let done = done.fetch_add(1, Ordering::Relaxed) + 1;
            // A client that shows no progress does not listen.
            progress.send(format!("Helm renders charts: {done} of {all}")).unwrap_or_default();
        };
        let work = tokio::task::spawn_blocking(move || render_all(calls, tell));
        let answers = work.await.unwrap_or_default();
        let mut rendered = Vec::new();
        let mut is_missing = false;
        for (call, answer) in answers {
            match answer {
                Ok(made) => rendered.push((call, made)),
                Err(Failure::Refused(why)) => client.log_message(MessageType::WARNING, call.refused(&why)).await,
                Err(Failure::NoHelm) => is_missing = true,
            }
        }
        if is_missing {
            let message = "the setting `render` needs helm, which is not on the PATH: install it, or turn `render` off";
            client.show_message(MessageType::WARNING, message).await;
        }
        session.writer.send(Change::Rendered(rendered));
    });
}
