//! A small `kustomize build`: files in memory, gathered as kustomize gathers them, taken through their layers and shown
//! with the file and line that each value comes from.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Component, Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use istio_ls::kustomize::{Applied, Change, Layer, Source, apply, is_kustomization};
use istio_ls::text::Span;
use istio_ls::yaml::{self, Node, Resolved, Value};

/// The documents of files, by their paths.
pub(crate) type Files = BTreeMap<PathBuf, Vec<Source>>;

/// A document with the layers above it.
pub(crate) type Gathered = (Source, Vec<Rc<Layer>>);

/// Reads a fixture: each file begins with a line `#- path`.
pub(crate) fn files(fixture: &str) -> Files {
    let mut files = BTreeMap::new();
    for part in fixture.split("#- ").skip(1) {
        let (path, text) = part.split_once('\n').expect("a path, then the text");
        files.insert(PathBuf::from(path), sources(Path::new(path), text));
    }
    files
}

pub(crate) fn sources(path: &Path, text: &str) -> Vec<Source> {
    let read = |(document, range): (usize, std::ops::Range<usize>)| Source {
        path: Arc::from(path),
        document,
        yaml: Arc::new(yaml::parse(text[range].into())),
    };
    yaml::split(text).into_iter().enumerate().map(read).collect()
}

/// The documents that come together in `folder`.
pub(crate) fn gather(files: &Files, folder: &Path) -> Vec<Gathered> {
    let mut gathered = Vec::new();
    add(files, folder, &mut gathered);
    gathered
}

fn add(files: &Files, folder: &Path, gathered: &mut Vec<Gathered>) {
    let mut in_folder = files.iter().filter(|(path, _)| path.parent() == Some(folder));
    let file =
        in_folder.find(|(path, _)| path.file_name().is_some_and(|name| is_kustomization(&name.to_string_lossy())));
    let Some((_, documents)) = file else { return };
    let mut load = |path: &str| files.get(&normal(&folder.join(path))).cloned();
    let Some(layer) = Layer::of(documents[0].clone(), &mut load) else { return };
    let mut own = Vec::new();
    let inner = if layer.kustomization.is_component() { &mut *gathered } else { &mut own };
    for path in layer.kustomization.included() {
        let path = normal(&folder.join(path.value.as_str()));
        match files.get(&path) {
            Some(documents) => inner.extend(documents.iter().map(|document| (document.clone(), Vec::new()))),
            None => add(files, &path, inner),
        }
    }
    for path in layer.kustomization.components.items() {
        add(files, &normal(&folder.join(path.value.as_str())), inner);
    }
    let layer = Rc::new(layer);
    inner.iter_mut().for_each(|(_, layers)| layers.push(layer.clone()));
    gathered.append(&mut own);
}

/// `path` without `.` and `..`.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => drop(normal.pop()),
            Component::CurDir => {}
            part => normal.push(part),
        }
    }
    normal
}

/// What came of one document.
pub(crate) fn applied((source, layers): &Gathered) -> Applied {
    apply(&source.yaml, layers.iter().map(|layer| &**layer))
}

/// What is built in `folder`: YAML, after each value the place it comes from; then what is wrong.
pub(crate) fn build(fixture: &str, folder: &str) -> String {
    let files = files(fixture);
    let mut shown = String::new();
    let mut defects = Vec::new();
    let mut layers: Vec<Rc<Layer>> = Vec::new();
    let mut selected = Vec::new();
    for gathered in &gather(&files, Path::new(folder)) {
        let applied = applied(gathered);
        for layer in &gathered.1 {
            if !layers.iter().any(|known| Rc::ptr_eq(known, layer)) {
                layers.push(layer.clone());
            }
        }
        selected.extend(
            applied.selected.iter().map(|(layer, patch)| std::ptr::from_ref(&gathered.1[*layer].patches[*patch])),
        );
        defects.extend(applied.defects);
        let document = match &applied.change {
            Change::None => &gathered.0.yaml,
            Change::Merged(merged) => &merged.document,
            Change::Deleted => continue,
        };
        let place = |span: Span| {
            let origin = match &applied.change {
                Change::Merged(merged) => merged.origin(span).map(|(piece, span)| (&piece.source, span)),
                _ => None,
            };
            let (source, span) = origin.unwrap_or((&gathered.0, span));
            line(source, span)
        };
        let Some(root) = &document.root else { continue };
        shown.push_str("---\n");
        show(root, 0, &place, &mut shown);
    }
    for layer in &layers {
        defects.extend(layer.defects.iter().cloned());
        let idle = layer.patches.iter().filter(|patch| !selected.contains(&std::ptr::from_ref(*patch)));
        defects.extend(idle.map(|patch| layer.selects_nothing(patch)));
    }
    for defect in defects {
        let _ = writeln!(shown, "! {}: {}", line(&defect.source, defect.span), defect.message);
    }
    shown
}

fn line(source: &Source, span: Span) -> String {
    format!("{}:{}", source.path.display(), source.yaml.lines.line_of(span.start()) + 1)
}

fn show(node: &Node, depth: usize, place: &dyn Fn(Span) -> String, shown: &mut String) {
    let indent = "  ".repeat(depth);
    match &node.value {
        _ if node.templated => drop(writeln!(shown, "?  # {}", place(node.span))),
        Value::Scalar(scalar) => {
            let text = match scalar.resolve() {
                Resolved::String if !scalar.text.contains(':') => scalar.text.to_string(),
                Resolved::String => format!("{:?}", scalar.text),
                _ => scalar.text.to_string(),
            };
            let _ = writeln!(shown, "{text}  # {}", place(node.span));
        }
        Value::Mapping(mapping) => {
            for (number, entry) in mapping.entries.iter().enumerate() {
                let indent = if number == 0 && shown.ends_with("- ") { "" } else { &indent };
                let _ = write!(shown, "{indent}{}:", entry.key);
                inner(&entry.value, depth + 1, place, shown);
            }
        }
        Value::Sequence(sequence) => {
            for item in &sequence.items {
                let _ = write!(shown, "{indent}-");
                match item.value {
                    Value::Mapping(_) if !item.templated => shown.push(' '),
                    _ => {}
                }
                match item.value {
                    Value::Mapping(_) if !item.templated => show(item, depth + 1, place, shown),
                    _ => inner(item, depth + 1, place, shown),
                }
            }
        }
    }
}

fn inner(node: &Node, depth: usize, place: &dyn Fn(Span) -> String, shown: &mut String) {
    let is_scalar = node.templated || matches!(node.value, Value::Scalar(_));
    shown.push(if is_scalar { ' ' } else { '\n' });
    show(node, depth, place, shown);
}
