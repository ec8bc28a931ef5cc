//! Refactorings: changes that a person asks for at a place, without anything being wrong there.

use std::path::{Path, PathBuf};

use super::extract::delegate;
use super::names::{self, Mention, Name};
use super::place::Cursor;
use super::{DocumentAt, Files};
use crate::index::{Entry, HostProvider, View};
use crate::resource::{Kind, host};
use crate::text::{Span, TextEdit};
use crate::yaml::{Literal, append_document};

/// What can be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refactoring {
    /// What it does.
    pub title: String,
    /// Of which sort it is.
    pub kind: RefactoringKind,
    /// What changes. Edits of one file speak of its text before any of them.
    pub changes: Vec<Change>,
}

/// The sorts of refactorings that editors tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefactoringKind {
    /// The same is said in another way, or something is added.
    Rewrite,
    /// A part becomes something of its own.
    Extract,
    /// Whole resources go to other files.
    Move,
}

/// One step of a refactoring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Replaces text, in bytes of the file.
    Edit {
        /// The file.
        path: PathBuf,
        /// The edit.
        edit: TextEdit,
    },
    /// Makes a file that is not there yet.
    Create {
        /// The file.
        path: PathBuf,
        /// Its whole text.
        text: String,
    },
}

impl Refactoring {
    fn rewrite(title: String, file: &Path, edit: TextEdit) -> Self {
        Self { title, kind: RefactoringKind::Rewrite, changes: vec![Self::edit(file, edit)] }
    }

    pub(super) fn edit(file: &Path, edit: TextEdit) -> Change {
        Change::Edit { path: file.to_path_buf(), edit }
    }
}

/// What can be done at byte `offset` of `file`, whose whole text is `text`: another spelling of the host, a resource for
/// it, the newest version of the API, a route in a VirtualService of its own.
#[must_use]
pub fn refactorings(files: &dyn Files, file: &Path, text: &str, offset: usize) -> Vec<Refactoring> {
    let view = View::new(files.index());
    let mut found: Vec<_> = newest_version(files, file, offset).into_iter().collect();
    found.extend(delegate(files, file, text, offset));
    let Some((entry, mention, start)) = names::at(files, &view, file, offset) else { return found };
    let Name::Host(name) = &mention.name else { return found };
    if host::is_wildcard(name) {
        return found;
    }
    let spelt = spelling(entry, &mention, name, start, text);
    found.extend(spelt.map(|(title, edit)| Refactoring::rewrite(title, file, edit)));
    let added = [destination_rule(&view, entry, name), service_entry(&view, entry, name), strict(&view, name)];
    let add =
        |(title, resource): (String, Literal)| Refactoring::rewrite(title, file, append_document(text, &resource));
    found.extend(added.into_iter().flatten().map(add));
    found
}

/// The other spelling of a Service's host, where Istio completes short names.
fn spelling(entry: &Entry, mention: &Mention, full: &str, start: usize, text: &str) -> Option<(String, TextEdit)> {
    if mention.defines || !matches!(entry.resource.kind, Kind::VirtualService | Kind::DestinationRule) {
        return None;
    }
    let (namespace, short) = host::service_of_fqdn(full)?;
    let whole = mention.whole.shifted(start);
    let written = whole.of(text);
    let (from, to, title) = match written.find(full) {
        Some(at) if namespace == entry.namespace => (at..at + full.len(), short, "write the host in short"),
        Some(_) => return None,
        None => {
            let at = written.find(short)?;
            (at..at + short.len(), full, "write the host in full")
        }
    };
    let span = Span::new(whole.start() + from.start, whole.start() + from.end);
    Some((format!("{title}: {to}"), TextEdit::replace(span, to)))
}

/// A DestinationRule that changes nothing yet, where the host has none.
fn destination_rule(view: &View<'_>, entry: &Entry, name: &str) -> Option<(String, Literal)> {
    let key = crate::index::Key::RuleHostAnywhere(name.into());
    if view.under(&key).next().is_some() || view.providers(name).is_empty() {
        return None;
    }
    let balancing = Literal::map([("simple", text("LEAST_REQUEST"))]);
    let policy = Literal::map([("loadBalancer", balancing)]);
    let spec = Literal::map([("host", text(name)), ("trafficPolicy", policy)]);
    let rule = object("networking.istio.io/v1", "DestinationRule", &own_name(name), &entry.namespace, spec);
    Some((format!("add a DestinationRule for {name}"), rule))
}

/// A ServiceEntry, where nothing provides the host.
fn service_entry(view: &View<'_>, entry: &Entry, name: &str) -> Option<(String, Literal)> {
    if !view.providers(name).is_empty() || host::service_of_fqdn(name).is_some() || !name.contains('.') {
        return None;
    }
    let port = Literal::map([("number", Literal::Int(443)), ("name", text("tls")), ("protocol", text("TLS"))]);
    let spec = Literal::map([
        ("hosts", Literal::List(vec![text(name)])),
        ("location", text("MESH_EXTERNAL")),
        ("resolution", text("DNS")),
        ("ports", Literal::List(vec![port])),
    ]);
    let service = object("networking.istio.io/v1", "ServiceEntry", &own_name(name), &entry.namespace, spec);
    Some((format!("add a ServiceEntry for {name}"), service))
}

/// A PeerAuthentication for the pods behind the host, where no policy of their own chooses them.
fn strict(view: &View<'_>, name: &str) -> Option<(String, Literal)> {
    let HostProvider::Service(service) = view.providers(name).into_iter().next()? else { return None };
    let pairs: Vec<_> = service.spec.selector.pairs().map(|(key, value)| (key.to_string(), text(value))).collect();
    let namespace = &service.entry.namespace;
    let policies = view.in_namespace::<crate::resource::istio::PeerAuthentication>(namespace);
    let chosen = |pairs: &[(String, Literal)], key: &str| pairs.iter().any(|(known, _)| known == key);
    let mut own = policies.filter_map(|policy| policy.spec.selector.value());
    let is_chosen = own.any(|selector| selector.pairs().any(|(key, _)| chosen(&pairs, key)));
    if pairs.is_empty() || is_chosen {
        return None;
    }
    let selector = Literal::map([("matchLabels", Literal::Map(pairs))]);
    let spec = Literal::map([("selector", selector), ("mtls", Literal::map([("mode", text("STRICT"))]))]);
    let policy = object("security.istio.io/v1", "PeerAuthentication", service.entry.name(), namespace, spec);
    Some((format!("add a PeerAuthentication that requires mTLS for {name}"), policy))
}

/// The newest version of the API for the resource whose `apiVersion` the cursor is on.
fn newest_version(files: &dyn Files, file: &Path, offset: usize) -> Option<Refactoring> {
    let cursor = Cursor::find(files, file, offset).filter(|cursor| cursor.path() == "apiVersion")?;
    let DocumentAt { document, start, .. } = files.document_at(file, offset)?;
    let resource = &cursor.resource.resource;
    let newest = resource.kind.versions().first().filter(|newest| **newest != resource.version())?;
    let span = resource.api_version.span;
    let at = span.of(&document.text).rfind(resource.version())?;
    let from = span.start() + start + at;
    let span = Span::new(from, from + resource.version().len());
    let title = format!("use {}/{newest}", resource.kind.group());
    Some(Refactoring::rewrite(title, file, TextEdit::replace(span, *newest)))
}

fn object(version: &str, kind: &str, name: &str, namespace: &str, spec: Literal) -> Literal {
    let metadata = Literal::map([("name", text(name)), ("namespace", text(namespace))]);
    Literal::map([("apiVersion", text(version)), ("kind", text(kind)), ("metadata", metadata), ("spec", spec)])
}

fn text(value: &str) -> Literal {
    Literal::Text(value.to_owned())
}

/// The Service's name, or the host with dashes.
fn own_name(name: &str) -> String {
    host::service_of_fqdn(name).map_or_else(|| name.replace('.', "-"), |(_, service)| service.to_owned())
}
