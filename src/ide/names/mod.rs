//! Names and their uses: every place of a resource that carries the name of something, and what that something is.
//!
//! `read` finds the mentions of one resource, `find` those of one name: it asks the index for the resources that may
//! mention it and reads only these, so that a question costs what the name is used, not what the workspace holds.
//! References, rename, links, highlights and counts are all answers of these two.

mod find;
mod read;
mod selectors;
mod text;

use std::path::Path;
use std::rc::Rc;

use smol_str::SmolStr;

pub(super) use self::read::{mentions, object};
pub(super) use find::{Found, definitions, find, read};

use super::{DocumentAt, Files};
use crate::index::{Entry, View};
use crate::resource::Kind;
use crate::text::Span;

/// What a name stands for.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Name {
    /// A host, in full: that of a Service, of a ServiceEntry, or one that only clients know.
    Host(SmolStr),
    /// A subset of a host.
    Subset(SmolStr, SmolStr),
    /// A named port of a ServiceEntry's host, or of a Service.
    Port(SmolStr, SmolStr),
    /// A resource of a kind, by namespace and name; an empty namespace is any.
    Resource(Kind, SmolStr, SmolStr),
    /// A listener of a Gateway of the Gateway API: namespace, name, section.
    Listener(SmolStr, SmolStr, SmolStr),
    /// A namespace.
    Namespace(SmolStr),
    /// The value of a label of pods: namespace (empty is any), key, value.
    Label(SmolStr, SmolStr, SmolStr),
    /// A provider of the mesh configuration.
    Provider(SmolStr),
}

/// The label pairs that a selector asks for, with where it looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Selector {
    /// Of which namespace; none is every one.
    pub(super) namespace: Option<SmolStr>,
    /// All that a pod must carry.
    pub(super) pairs: Vec<(SmolStr, SmolStr)>,
}

/// A place that carries a name. Spans are of the document's text.
#[derive(Debug, Clone)]
pub(super) struct Mention {
    /// What it names.
    pub(super) name: Name,
    /// The part of the text that changes with the name.
    pub(super) span: Span,
    /// The whole value, in which the cursor may stand.
    pub(super) whole: Span,
    /// The name begins to exist here.
    pub(super) defines: bool,
    /// For labels: the selector that asks for it; none on a workload.
    pub(super) selector: Option<Rc<Selector>>,
}

impl Name {
    /// Both may stand for the same thing.
    pub(super) fn is(&self, other: &Self) -> bool {
        let meets = |left: &SmolStr, right: &SmolStr| left == right || left.is_empty() || right.is_empty();
        match (self, other) {
            (Self::Label(one, key, value), Self::Label(two, other_key, other_value)) => {
                key == other_key && value == other_value && meets(one, two)
            }
            (Self::Resource(kind, one, name), Self::Resource(other_kind, two, other_name)) => {
                kind == other_kind && name == other_name && meets(one, two)
            }
            _ => self == other,
        }
    }

    /// The word that every mention of it contains.
    pub(super) fn word(&self) -> &str {
        match self {
            Self::Host(host) => crate::resource::host::service_of_fqdn(host).map_or(host, |(_, name)| name),
            Self::Subset(_, name)
            | Self::Port(_, name)
            | Self::Resource(_, _, name)
            | Self::Listener(_, _, name)
            | Self::Namespace(name)
            | Self::Label(_, _, name)
            | Self::Provider(name) => name,
        }
    }

    /// What a person calls it.
    pub(super) fn title(&self) -> String {
        match self {
            Self::Host(host) => format!("host {host}"),
            Self::Subset(host, name) => format!("subset {name} of {host}"),
            Self::Port(host, name) => format!("port {name} of {host}"),
            Self::Resource(kind, namespace, name) if namespace.is_empty() => format!("{kind} {name}"),
            Self::Resource(kind, namespace, name) => format!("{kind} {namespace}/{name}"),
            Self::Listener(namespace, gateway, name) => format!("listener {name} of {namespace}/{gateway}"),
            Self::Namespace(name) => format!("namespace {name}"),
            Self::Label(_, key, value) => format!("label {key}: {value}"),
            Self::Provider(name) => format!("provider {name}"),
        }
    }
}

/// What byte `offset` of `file` mentions, with the resource that does and where its document begins.
pub(super) fn at<'a>(
    files: &'a dyn Files,
    view: &View<'a>,
    file: &Path,
    offset: usize,
) -> Option<(&'a Entry, Mention, usize)> {
    let DocumentAt { document, start, resources } = files.document_at(file, offset)?;
    let within = offset.checked_sub(start)?;
    let entries = resources.iter().filter_map(|id| files.index().entry(*id));
    let entry = entries.map(|entry| &**entry).find(|entry| entry.resource.span.touches(within))?;
    let mut here = mentions(view, entry, &document);
    here.retain(|mention| mention.whole.touches(within));
    let exact = here.iter().position(|mention| mention.span.touches(within));
    let mention = here.into_iter().nth(exact.unwrap_or(0))?;
    Some((entry, mention, start))
}
