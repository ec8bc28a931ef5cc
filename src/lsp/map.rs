//! The command that answers with the TLS map as text.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use tower_lsp_server::jsonrpc::{Error, Result};
use tower_lsp_server::ls_types::{Command, ExecuteCommandParams, Uri};

use super::capabilities::SHOW_TLS_MAP;
use super::convert;
use crate::ide::Lens;
use crate::ide::map::{Connections, Filter, Map};
use crate::workspace::Scoped;

/// The one argument of the command: what the map shows, and how.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Shown {
    /// A document of the workspace.
    uri: Uri,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    to: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    gateway: Option<String>,
    #[serde(default)]
    format: Format,
}

#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Format {
    #[default]
    Html,
    Svg,
    Mermaid,
}

impl Shown {
    /// What following a lens of the document asks for.
    pub(super) fn by_lens(uri: Uri, lens: &Lens) -> Self {
        let Filter { from, to, gateway, .. } = lens.shows.clone();
        Self { uri, from, to, gateway, format: Format::default() }
    }

    /// The command with what it asks for.
    pub(super) fn command(&self, title: String) -> Command {
        let argument = serde_json::to_value(self).unwrap_or_default();
        Command { title, command: SHOW_TLS_MAP.to_owned(), arguments: Some(vec![argument]) }
    }

    /// What a call of the command asks for.
    pub(super) fn of(params: ExecuteCommandParams) -> Result<Self> {
        let wrong = |why: &str| Error::invalid_params(format!("{}: {why}", params.command));
        if params.command != SHOW_TLS_MAP {
            return Err(wrong("no such command"));
        }
        let argument = params.arguments.first().ok_or_else(|| wrong("an object with `uri` is expected"))?;
        serde_json::from_value(argument.clone()).map_err(|error| wrong(&error.to_string()))
    }

    pub(super) fn path(&self) -> PathBuf {
        convert::path(&self.uri)
    }

    /// The map of the scope that the document belongs to.
    pub(super) fn draw(self, scope: &Scoped<'_>) -> String {
        let mut filter = Filter { from: self.from, gateway: self.gateway, ..Filter::default() };
        if let Some(target) = &self.to {
            filter = filter.to(target);
        }
        let map = Map::of(scope, &Connections::of(scope.index(), &filter));
        match self.format {
            Format::Html => map.html(),
            Format::Svg => map.svg(),
            Format::Mermaid => map.mermaid(),
        }
    }
}
