//! Applications and ApplicationSets of Argo CD.

use smol_str::SmolStr;

use super::{DeliveredBy, Delivery, Field, List, Tool, at, field};
use crate::yaml::Node;

pub(super) fn application(object: &Node) -> Vec<Delivery> {
    let deliver = |source| delivery(DeliveredBy::Application, object, object, source);
    sources(object).into_iter().filter_map(deliver).collect()
}

pub(super) fn application_set(object: &Node) -> Vec<Delivery> {
    let Some(template) = object.get("spec").and_then(|spec| spec.get("template")) else { return Vec::new() };
    let deliver = |source| {
        let delivery = delivery(DeliveredBy::ApplicationSet, object, template, source)?;
        let each_of = if is_folder_of_generator(source) { folders(object) } else { Vec::new() };
        Some(Delivery { each_of, ..delivery })
    };
    sources(template).into_iter().filter_map(deliver).collect()
}

/// The sources of an Application or of a template of Applications; where there are several, the single one does not count.
fn sources(application: &Node) -> Vec<&Node> {
    let Some(spec) = application.get("spec") else { return Vec::new() };
    match spec.get("sources").and_then(Node::as_sequence) {
        Some(sources) => sources.items.iter().collect(),
        None => spec.get("source").into_iter().collect(),
    }
}

/// What a source delivers; nothing for a chart of a registry or files of values for other sources.
fn delivery(by: DeliveredBy, object: &Node, application: &Node, source: &Node) -> Option<Delivery> {
    let path: Field<SmolStr> = field(source, "path");
    if path.is_absent() || source.get("chart").is_some() {
        return None;
    }
    Some(Delivery {
        by,
        name: at(object, &["metadata", "name"]),
        span: object.span,
        path,
        each_of: Vec::new(),
        namespace: at(application, &["spec", "destination", "namespace"]),
        tool: tool(source),
    })
}

fn tool(source: &Node) -> Tool {
    if let Some(helm) = source.get("helm") {
        let object: Field<Node> = field(helm, "valuesObject");
        return Tool::Helm {
            release_name: field(helm, "releaseName"),
            value_files: field(helm, "valueFiles"),
            // The object wins over the text.
            values: if object.is_absent() { field(helm, "values") } else { object },
            more: ["parameters", "fileParameters"].iter().any(|key| helm.get(key).is_some()),
        };
    }
    if let Some(kustomize) = source.get("kustomize") {
        return Tool::Kustomize {
            namespace: field(kustomize, "namespace"),
            name_prefix: field(kustomize, "namePrefix"),
            name_suffix: field(kustomize, "nameSuffix"),
        };
    }
    match source.get("directory") {
        Some(directory) => Tool::Plain {
            recurse: field(directory, "recurse"),
            include: field(directory, "include"),
            exclude: field(directory, "exclude"),
        },
        None => Tool::Detected,
    }
}

/// The path of the source is the folder that the generator found.
fn is_folder_of_generator(source: &Node) -> bool {
    let text = source.get("path").and_then(Node::as_scalar).map_or("", |path| path.text.trim());
    let action = text.strip_prefix("{{").and_then(|text| text.strip_suffix("}}")).map(str::trim);
    matches!(action, Some("path" | ".path.path"))
}

/// The globs of the git generators of an ApplicationSet, those in a matrix or merge too.
fn folders(object: &Node) -> List<SmolStr> {
    let mut globs = Vec::new();
    if let Some(generators) = object.get("spec").and_then(|spec| spec.get("generators")) {
        collect(generators, 0, &mut globs);
    }
    globs
}

/// Argo CD nests generators twice at most.
const DEEPEST: usize = 2;

fn collect(generators: &Node, depth: usize, globs: &mut List<SmolStr>) {
    let generators = generators.as_sequence().into_iter().flat_map(|list| &list.items);
    for generator in generators {
        let directories = generator.get("git").and_then(|git| git.get("directories")).and_then(Node::as_sequence);
        for directory in directories.into_iter().flat_map(|list| &list.items) {
            if field::<bool>(directory, "exclude").copied() != Some(true) {
                globs.push(field(directory, "path"));
            }
        }
        let nested = ["matrix", "merge"].iter().filter_map(|key| generator.get(key)?.get("generators"));
        if depth < DEEPEST {
            nested.for_each(|nested| collect(nested, depth + 1, globs));
        }
    }
}
