//! Code lenses: where they stand at once, what they say when they are looked at.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::json;
use tower_lsp_server::ls_types::{CodeLens, Command, Location, Uri};

use super::map::Shown;
use super::references::{location, scopes};
use super::service::Session;
use super::{capabilities, convert};
use crate::ide::{self, Lens, LensKind};
use crate::text::Span;
use crate::workspace::Snapshot;

/// What resolving a lens asks for.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct About {
    subject: Subject,
    shown: Shown,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Subject {
    References,
    Tls,
}

/// The lenses of the file at `path`.
pub(super) fn lenses(session: &Session, snapshot: &Snapshot, path: &Path, uri: &Uri) -> Option<Vec<CodeLens>> {
    let (file, encoding) = (snapshot.file(path)?, session.client().encoding);
    if !snapshot.settings().lenses {
        return Some(Vec::new());
    }
    let lens = |lens: Lens| {
        let range = convert::range(file, Span::new(lens.span.start, lens.span.end), encoding);
        let shown = Shown::by_lens(uri.clone(), &lens);
        let subject = match lens.kind {
            LensKind::References => Subject::References,
            LensKind::Tls => Subject::Tls,
            LensKind::Map => {
                return CodeLens { range, command: Some(shown.command("show TLS map".to_owned())), data: None };
            }
        };
        CodeLens { range, command: None, data: serde_json::to_value(About { subject, shown }).ok() }
    };
    Some(ide::lenses(&snapshot.scoped(path)?, path).into_iter().map(lens).collect())
}

impl About {
    /// What there is to say of `lens`.
    pub(super) fn of(lens: &CodeLens) -> Option<Self> {
        serde_json::from_value(lens.data.clone()?).ok()
    }

    pub(super) fn path(&self) -> PathBuf {
        self.shown.path()
    }

    /// What following `lens` does, and its title.
    pub(super) fn command(self, session: &Session, snapshot: &Snapshot, lens: &CodeLens) -> Option<Command> {
        let path = self.path();
        let offset = convert::offset(snapshot.file(&path)?, lens.range.start, session.client().encoding);
        let (own, all) = scopes(snapshot, &path);
        match self.subject {
            Subject::Tls => {
                let title = ide::lens_title(&own, &all, &path, offset, LensKind::Tls)?;
                Some(self.shown.command(title))
            }
            Subject::References => {
                let title = ide::lens_title(&own, &all, &path, offset, LensKind::References)?;
                if !session.client().shows_references {
                    return Some(Command { title, command: String::new(), arguments: None });
                }
                let found = ide::references(&own, &all, &path, offset);
                let uses = found.iter().filter(|found| !found.defines);
                let places: Vec<Location> = uses.filter_map(|found| location(session, snapshot, found)).collect();
                let arguments = vec![json!(session.uri(&path)?), json!(lens.range.start), json!(places)];
                let command = capabilities::SHOW_REFERENCES.to_owned();
                Some(Command { title, command, arguments: Some(arguments) })
            }
        }
    }
}
