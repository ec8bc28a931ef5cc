//! The language server: the only user of LSP types.
//!
//! `service::Ordered` stands in front of everything: it sees each message in the order of reading, applies the edits of
//! documents at once and stamps requests with the revision they must see. `server::Server` answers requests from
//! snapshots, `publish::Publisher` keeps the client's diagnostics equal to the findings.

mod actions;
mod answer;
mod calls;
mod capabilities;
mod completion;
mod configuration;
mod convert;
mod documents;
mod folders;
mod hover;
mod lens;
mod map;
mod progress;
mod publish;
mod references;
mod rename;
mod render;
mod server;
mod service;
mod status;
mod structure;
mod symbols;
mod watch;

use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncWrite};
use tower_lsp_server::LspService;

use self::publish::Publisher;
use self::server::Server;
use self::service::{Ordered, Session};
use crate::workspace::Writer;

/// Requests that may be under way at once; a slow one must not keep a quick one waiting.
const CONCURRENCY: usize = 256;

/// Serves one client until it says `exit` or its input ends. True when the client shut down in order.
///
/// # Errors
/// When the system gives no thread for the writer.
pub async fn serve(input: impl AsyncRead + Unpin, output: impl AsyncWrite) -> std::io::Result<bool> {
    let (events, receiver) = tokio::sync::mpsc::unbounded_channel();
    // The receiver is gone only when the server is.
    let writer = Writer::start(move |event| drop(events.send(event)))?;
    let session = Arc::new(Session::new(writer));
    let (service, socket) = LspService::new(|client| Server::new(client, Arc::clone(&session)));
    let publisher = Publisher::new(service.inner().client(), Arc::clone(&session));
    let publishing = tokio::spawn(publisher.run(receiver));
    let ordered = Ordered::new(service, Arc::clone(&session));
    tower_lsp_server::Server::new(input, output, socket).concurrency_level(CONCURRENCY).serve(ordered).await;
    publishing.abort();
    Ok(session.was_shut_down())
}
