//! The settings that a client has, where it is asked for them.

use std::sync::Arc;

use tower_lsp_server::Client;
use tower_lsp_server::jsonrpc::ErrorCode;
use tower_lsp_server::ls_types::ConfigurationItem;

use super::service::Session;

/// `ServerNotInitialized` of LSP: what is asked before the client starts the server, or after it ends it.
const NOT_INITIALIZED: ErrorCode = ErrorCode::ServerError(-32002);

/// Asks for the settings, and puts them in force once the client answers. Nothing waits for a client that does not.
pub(super) fn pull(client: &Client, session: &Arc<Session>) {
    if !session.client().configuration {
        return;
    }
    let (client, session) = (client.clone(), Arc::clone(session));
    tokio::spawn(async move {
        let item = ConfigurationItem { scope_uri: None, section: Some("istio-ls".to_owned()) };
        match client.configuration(vec![item]).await {
            Ok(values) => session.take_settings(values.into_iter().next()),
            // The client has meanwhile said that it ends.
            Err(error) if error.code == NOT_INITIALIZED => {}
            Err(error) => tracing::warn!("the client's settings cannot be read: {error}"),
        }
    });
}
