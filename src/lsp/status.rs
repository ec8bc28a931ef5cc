//! The command that says what istio-ls makes of a file.

use std::path::PathBuf;

use serde::Deserialize;
use tower_lsp_server::jsonrpc::{Error, Result};
use tower_lsp_server::ls_types::{ExecuteCommandParams, LSPAny, Uri};

use super::convert;
use crate::workspace::Status;

/// The one argument of the command.
#[derive(Debug, Deserialize)]
struct Asked {
    /// A document of the workspace.
    uri: Uri,
}

/// The file that a call of the command asks about.
pub(super) fn asked(params: ExecuteCommandParams) -> Result<PathBuf> {
    let argument = params.arguments.into_iter().next().unwrap_or_default();
    match serde_json::from_value::<Asked>(argument) {
        Ok(asked) => Ok(convert::path(&asked.uri)),
        Err(error) => Err(Error::invalid_params(format!("{}: {error}", params.command))),
    }
}

/// The status as data, and as `text` for a person.
pub(super) fn answer(status: &Status) -> LSPAny {
    let text = status.to_string();
    let mut answer = serde_json::to_value(status).unwrap_or_default();
    if let Some(fields) = answer.as_object_mut() {
        fields.insert("text".to_owned(), text.into());
    }
    answer
}
