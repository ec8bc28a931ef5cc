//! What GitOps tools apply: which folder of the repository, by which means, into which namespace.
//!
//! Read from Applications and ApplicationSets of Argo CD and from Kustomizations and HelmReleases of Flux. Charts of
//! registries deliver nothing of the repository and are left out. What a template fills in later is unknown.

mod argo;
mod flux;

use smol_str::SmolStr;

use super::kind::field;
use super::{Field, List, Lower, Spanned};
use crate::text::Span;
use crate::yaml::{Document, Node};

/// One folder that a tool applies. Spans are relative to the document of the object that says so.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// What applies it.
    pub by: DeliveredBy,
    /// The name of the object that says so.
    pub name: Field<SmolStr>,
    /// That whole object.
    pub span: Span,
    /// The folder, as written; relative to the root of the repository, which it is where nothing is written.
    pub path: Field<SmolStr>,
    /// An ApplicationSet delivers each folder that fits one of these globs; `path` is then unknown.
    pub each_of: List<SmolStr>,
    /// The namespace of resources that name none.
    pub namespace: Field<SmolStr>,
    /// How the folder becomes resources.
    pub tool: Tool,
}

/// What applies a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveredBy {
    /// An Application of Argo CD.
    Application,
    /// The template of an ApplicationSet of Argo CD.
    ApplicationSet,
    /// A Kustomization of Flux.
    Kustomization,
    /// A HelmRelease of Flux.
    HelmRelease,
}

/// How a folder becomes resources.
#[derive(Debug, Clone)]
pub enum Tool {
    /// As the folder's files say: a chart, a kustomization, else the YAML files of the folder without those below it.
    Detected,
    /// The YAML files as they are.
    Plain {
        /// Those of folders below too.
        recurse: Field<bool>,
        /// Only files that fit this glob.
        include: Field<SmolStr>,
        /// No files that fit this glob.
        exclude: Field<SmolStr>,
    },
    /// A kustomization. Flux takes all YAML files of the folder and below where the folder has none.
    Kustomize {
        /// The namespace of every resource, whatever it names itself.
        namespace: Field<SmolStr>,
        /// What goes before every name.
        name_prefix: Field<SmolStr>,
        /// What goes behind every name.
        name_suffix: Field<SmolStr>,
    },
    /// A chart.
    Helm {
        /// The name of the release, where it is said.
        release_name: Field<SmolStr>,
        /// Files of values, the last one winning; relative to the chart, or `$NAME/...` to another source of Argo CD.
        value_files: Field<List<SmolStr>>,
        /// Values that win over all files: an object, or its YAML as text.
        values: Field<Node>,
        /// Parameters, or objects of the cluster, say more.
        more: bool,
    },
}

impl Delivery {
    /// The folder, relative to the root of the repository and without `./` or slashes around it; empty for the root, none
    /// where it is not known.
    #[must_use]
    pub fn folder(&self) -> Option<&str> {
        match &self.path {
            Field::Absent => Some(""),
            Field::Present(path) => {
                let path = path.trim_start_matches("./").trim_matches('/');
                Some(if path == "." { "" } else { path })
            }
            Field::Malformed(_) | Field::Unknown(_) => None,
        }
    }
}

/// What the objects of `document` deliver, in order.
#[must_use]
pub fn read(document: &Document) -> Vec<Delivery> {
    let Some(root) = &document.root else { return Vec::new() };
    match root.get("items").and_then(Node::as_sequence) {
        Some(list) => list.items.iter().flat_map(of_object).collect(),
        None => of_object(root),
    }
}

fn of_object(object: &Node) -> Vec<Delivery> {
    let text = |key| field::<SmolStr>(object, key).text().unwrap_or("").to_owned();
    let (api_version, kind) = (text("apiVersion"), text("kind"));
    let group = api_version.split('/').next().unwrap_or("");
    match (group, kind.as_str()) {
        ("argoproj.io", "Application") => argo::application(object),
        ("argoproj.io", "ApplicationSet") => argo::application_set(object),
        ("kustomize.toolkit.fluxcd.io", "Kustomization") => vec![flux::kustomization(object)],
        ("helm.toolkit.fluxcd.io", "HelmRelease") => flux::helm_release(object).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// The field at `path` below `node`; unknown where a template fills in what would hold it.
fn at<T: Lower>(node: &Node, path: &[&str]) -> Field<T> {
    match path {
        [] => Field::Absent,
        [last] => field(node, last),
        [first, rest @ ..] => match node.entry(first) {
            Some(entry) if entry.value.templated => {
                Field::Unknown(Spanned { value: (), key: entry.key_span, span: entry.value.span })
            }
            Some(entry) => at(&entry.value, rest),
            None => Field::Absent,
        },
    }
}

#[cfg(test)]
mod tests;
