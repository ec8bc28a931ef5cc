//! Has Helm render charts where the editor's settings allow it.

use std::sync::Arc;

use tower_lsp_server::Client;
use tower_lsp_server::ls_types::MessageType;

use super::service::Session;
use crate::workspace::rendering::{Failure, render_all};
use crate::workspace::{Change, ChartCall};

/// Renders the charts beside everything else and gives what comes of it to the writer. What Helm refuses is logged, and
/// counts as istio-ls reads it by itself.
pub(super) fn charts(calls: Vec<ChartCall>, client: &Client, session: &Arc<Session>) {
    let (client, session) = (client.clone(), Arc::clone(session));
    tokio::spawn(async move {
        let answers = tokio::task::spawn_blocking(|| render_all(calls)).await.unwrap_or_default();
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
