//! The defects of kustomizations as findings of their files.

use std::path::Path;
use std::sync::Arc;

use super::{Kustomized, Missing, resolve};
use crate::index::Opening;
use crate::kustomize;
use crate::rules::{Severity, registry};
use crate::text::{Span, TextEdit, only_near};
use crate::workspace::{File, LocatedEdit, LocatedFinding, LocatedFix, Location, PlacedDocument, Snapshot, load};
use crate::yaml::{At, Document, Node};

/// What `kubectl kustomize` takes; it reads names as Go does, whatever their case.
const FIELDS: [&str; 34] = [
    "apiVersion",
    "kind",
    "metadata",
    "openapi",
    "namePrefix",
    "nameSuffix",
    "namespace",
    "commonLabels",
    "labels",
    "commonAnnotations",
    "patchesStrategicMerge",
    "patchesJson6902",
    "patches",
    "images",
    "imageTags",
    "replacements",
    "replicas",
    "vars",
    "sortOptions",
    "resources",
    "components",
    "crds",
    "bases",
    "configMapGenerator",
    "secretGenerator",
    "helmGlobals",
    "helmCharts",
    "helmChartInflationGenerator",
    "generatorOptions",
    "configurations",
    "generators",
    "transformers",
    "validators",
    "buildMetadata",
];

/// What is wrong in `file` with kustomizations and their patches.
pub(in crate::workspace) fn report(file: &File, snapshot: &Snapshot) -> Vec<LocatedFinding> {
    let mut reporter = Reporter { file, snapshot, found: Vec::new() };
    if let Some(about) = snapshot.kustomizations.get(&file.path) {
        reporter.kustomization(about);
    }
    reporter.broken();
    reporter.found
}

struct Reporter<'a> {
    file: &'a File,
    snapshot: &'a Snapshot,
    found: Vec<LocatedFinding>,
}

impl Reporter<'_> {
    fn kustomization(&mut self, about: &Kustomized) {
        let layer = &about.layer.kustomize;
        let number = layer.source.document;
        let Some(document) = self.file.documents.get(number) else { return };
        for missing in &about.missing {
            self.missing(number, document, missing);
        }
        for (span, path) in &about.circles {
            let message = format!("`{path}` leads back here, in a circle: kustomize refuses to build");
            self.add("kustomization-cycle", number, *span, message, None);
        }
        for defect in layer.defects.iter().filter(|defect| defect.missing.is_none()) {
            // A patch of several kustomizations is wrong in one way only.
            if defect.source.path == self.file.path {
                self.add("broken-patch", defect.source.document, defect.span, defect.message.clone(), None);
            }
        }
        self.unknown_fields(number, &document.content.yaml);
        for (at, patch) in layer.patches.iter().enumerate() {
            if !self.snapshot.patching.selects(&self.file.path, at) && self.surely_selects_nothing(about, at) {
                let severity = (!patch.must_select).then_some(Severity::Info);
                let message = layer.selects_nothing(patch).message;
                self.add("patch-without-target", number, patch.place, message, severity);
            }
        }
    }

    fn missing(&mut self, number: usize, document: &PlacedDocument, missing: &Missing) {
        let path = &missing.path;
        let message = match missing.is_folder {
            true => format!("`{path}` is a folder without a kustomization.yaml: kustomize refuses to build"),
            false => format!("no file or folder `{path}` is there: kustomize refuses to build"),
        };
        let near = self.near(path);
        // A folder that is no checkout may be a part of one. In a checkout, too, the file may be written later.
        if near.is_none() && !self.snapshot.root.as_deref().is_none_or(load::is_checked_out) {
            return;
        }
        let severity = near.is_none().then_some(Severity::Hint);
        self.add("missing-kustomization-file", number, missing.span, message, severity);
        let yaml = &document.content.yaml;
        let Some(root) = &yaml.root else { return };
        let Some(steps) = steps_to(root, missing.span) else { return };
        let rename = near.and_then(|near| {
            let edit = yaml.set(&steps, &near.as_str().into())?;
            Some((format!("write {near}"), true, edit))
        });
        // A patch is more than its path.
        let entry = steps.iter().rposition(|step| matches!(step, At::Index(_))).map_or(steps.len(), |at| at + 1);
        let remove = steps.get(..entry).and_then(|steps| yaml.remove(steps));
        let remove = remove.map(|edit| ("remove the entry".to_owned(), false, edit));
        self.offer(document, rename.into_iter().chain(remove));
    }

    /// The one file or folder beside the missing one that is called nearly so.
    fn near(&self, path: &str) -> Option<String> {
        let folder = self.file.path.parent()?;
        let target = resolve(folder, path);
        let (beside, name) = (target.parent()?, target.file_name()?.to_str()?);
        let files = self.snapshot.ids.keys().filter(|file| file.starts_with(beside) && **file != self.file.path);
        let names: std::collections::BTreeSet<&str> =
            files.filter_map(|file| file.strip_prefix(beside).ok()?.iter().next()?.to_str()).collect();
        let same_end = |other: &&str| Path::new(other).extension() == Path::new(name).extension();
        let near = only_near(name, names.into_iter().filter(same_end))?;
        Some(format!("{}{near}", path.trim_end_matches('/').strip_suffix(name)?))
    }

    fn unknown_fields(&mut self, number: usize, yaml: &Document) {
        let Some(root) = yaml.root.as_ref().and_then(Node::as_mapping).filter(|_| !yaml.templated) else { return };
        let known = || FIELDS.into_iter();
        for entry in root.entries.iter().filter(|entry| !known().any(|field| field.eq_ignore_ascii_case(&entry.key))) {
            let near = only_near(&entry.key, known());
            let guess = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            let message = format!("kustomize knows no field `{}`{guess}\nIt refuses to build.", entry.key);
            self.add("unknown-kustomization-field", number, entry.key_span, message, None);
            let at = [At::Key(&entry.key)];
            let rename = near.and_then(|near| Some((format!("rename to {near}"), true, yaml.rename(&at, near)?)));
            let remove = yaml.remove(&at).map(|edit| ("remove it".to_owned(), false, edit));
            if let Some(document) = self.file.documents.get(number) {
                self.offer(document, rename.into_iter().chain(remove));
            }
        }
    }

    /// All that goes through the kustomization is seen, and nothing of it is selected.
    fn surely_selects_nothing(&self, about: &Kustomized, patch: usize) -> bool {
        let layer = &about.layer;
        let is_component = layer.kustomize.kustomization.is_component();
        if is_component || about.scopes.is_empty() {
            return false;
        }
        let plans = about.scopes.iter().filter_map(|scope| self.snapshot.plans.get(scope));
        plans.into_iter().all(|plan| {
            let ways = plan.members.iter().flat_map(|(path, ways)| ways.iter().map(move |way| (path, way)));
            let members = ways.filter_map(|(path, way)| {
                let number = way.layers.iter().position(|other| Arc::ptr_eq(other, layer))?;
                Some((self.snapshot.file(path)?, &way.layers, number))
            });
            plan.nature.opening == Opening::Nothing
                && members
                    .flat_map(|(file, layers, number)| file.documents.iter().map(move |d| (d, layers, number)))
                    .all(|(document, layers, number)| {
                        let content = &document.content;
                        let is_whole = content.yaml.errors.is_empty() && !content.yaml.templated;
                        // What became of resources is known already.
                        let is_counted = || !content.resources.is_empty();
                        let selects = || {
                            let layers = layers.iter().map(|layer| &layer.kustomize);
                            kustomize::apply(&content.yaml, layers).selected.contains(&(number, patch))
                        };
                        is_whole && (is_counted() || !selects())
                    })
        })
    }

    /// The operations in this file that cannot be done on what they are for.
    fn broken(&mut self) {
        let from = (self.file.path.clone(), 0, Span::at(0), String::new(), Default::default());
        let mut last = None;
        for ((path, number, span, message, scope), _) in self.snapshot.patching.broken.range(from..) {
            if *path != self.file.path {
                break;
            }
            let is_whole = self.snapshot.plans.get(scope).is_some_and(|plan| plan.nature.opening == Opening::Nothing);
            if is_whole && last != Some((number, span, message)) {
                self.add("broken-patch", *number, *span, message.clone(), None);
                last = Some((number, span, message));
            }
        }
    }

    fn add(&mut self, id: &str, number: usize, span: Span, message: String, severity: Option<Severity>) {
        let settings = self.snapshot.settings();
        let rule = registry::find(id).filter(|rule| settings.runs(rule));
        let (Some(rule), Some(document)) = (rule, self.file.documents.get(number)) else { return };
        let location = Location { path: self.file.path.clone(), span: span.shifted(document.start) };
        let severity = settings.severity(rule).or(severity).unwrap_or(rule.severity);
        self.found.push(LocatedFinding::of_text(rule.id, severity, location, message));
    }

    /// Repairs of the last finding.
    fn offer(&mut self, document: &PlacedDocument, fixes: impl Iterator<Item = (String, bool, TextEdit)>) {
        let path = &self.file.path;
        let fixes = fixes.map(|(title, safe, edit)| {
            let location = Location { path: path.clone(), span: edit.span.shifted(document.start) };
            LocatedFix { title, safe, edits: vec![LocatedEdit { location, text: edit.text }] }
        });
        if let Some(last) = self.found.last_mut() {
            last.fixes.extend(fixes);
        }
    }
}

/// The way from `node` to the single value at `span`.
fn steps_to(node: &Node, span: Span) -> Option<Vec<At<'_>>> {
    if node.as_scalar().is_some() {
        return (node.span == span).then(Vec::new);
    }
    let entries = node.as_mapping().into_iter().flat_map(|mapping| &mapping.entries);
    let entries = entries.map(|entry| (At::Key(&entry.key), &entry.value));
    let items = node.as_sequence().into_iter().flat_map(|sequence| sequence.items.iter().enumerate());
    let mut inner = entries.chain(items.map(|(at, item)| (At::Index(at), item)));
    inner.find_map(|(step, inner)| {
        let rest = steps_to(inner, span).filter(|_| inner.span.contains(span))?;
        Some([step].into_iter().chain(rest).collect())
    })
}
