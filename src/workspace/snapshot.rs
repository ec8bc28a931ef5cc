//! What a reader sees: the files, the index and the findings of one moment.

use std::path::Path;
use std::sync::Arc;

use imbl::HashMap;

use super::{File, PlacedDocument, Settings};
use crate::ide::{DocumentAt, Files, PlaceOf};
use crate::index::{Entry, FileId, Index, ResourceId};
use crate::rules::{Checked, Finding, Severity, Sources, registry, suppression};
use crate::text::{Encoding, Span};
use crate::yaml::Document;

/// The workspace at one moment. Cloning it is cheap.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    pub(super) index: Index,
    pub(super) files: HashMap<FileId, Arc<File>>,
    pub(super) ids: HashMap<Arc<Path>, FileId>,
    pub(super) checked: HashMap<ResourceId, Arc<Checked>>,
    pub(super) settings: Arc<Settings>,
}

/// A span of a file, in bytes of the whole file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// The file.
    pub path: Arc<Path>,
    /// The span.
    pub span: Span,
}

/// A finding with every place resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocatedFinding {
    /// The rule's id.
    pub rule: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// Where.
    pub location: Location,
    /// The resource it is about, as `Kind namespace/name`; empty for text that is not YAML.
    pub resource: String,
    /// What is wrong, why, and what will be seen.
    pub message: String,
    /// Codes of other tools for the same.
    pub aliases: Vec<&'static str>,
    /// Other places that take part.
    pub related: Vec<LocatedRelated>,
    /// Repairs, the preferred one first.
    pub fixes: Vec<LocatedFix>,
}

/// Another place that takes part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocatedRelated {
    /// Where.
    pub location: Location,
    /// What is there.
    pub message: String,
}

/// A repair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocatedFix {
    /// What it does.
    pub title: String,
    /// Keeps every call that works working.
    pub safe: bool,
    /// The edits.
    pub edits: Vec<LocatedEdit>,
}

/// One edit of a repair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocatedEdit {
    /// What is replaced.
    pub location: Location,
    /// What comes in its place.
    pub text: String,
}

impl Snapshot {
    /// All resources.
    #[must_use]
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// The file at `path`, if the workspace holds it.
    #[must_use]
    pub fn file(&self, path: &Path) -> Option<&Arc<File>> {
        self.files.get(self.ids.get(path)?)
    }

    /// Every file, in the order of the paths.
    #[must_use]
    pub fn files(&self) -> Vec<&Arc<File>> {
        let mut files: Vec<_> = self.files.values().collect();
        files.sort_by(|left, right| left.path.cmp(&right.path));
        files
    }

    /// The settings in force.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The document that holds `entry`.
    #[must_use]
    pub fn document(&self, entry: &Entry) -> Option<Arc<Document>> {
        let file = self.files.get(&entry.file)?;
        Some(file.documents.get(entry.document as usize)?.content.yaml.clone())
    }

    /// Where a span of a resource's document is in its file.
    #[must_use]
    pub fn locate(&self, resource: ResourceId, span: Span) -> Option<Location> {
        let entry = self.index.entry(resource)?;
        let file = self.files.get(&entry.file)?;
        let start = file.documents.get(entry.document as usize)?.start;
        Some(Location { path: file.path.clone(), span: span.shifted(start) })
    }

    /// The findings about a file, in the order of place and rule; text that is not YAML included.
    #[must_use]
    pub fn findings(&self, path: &Path) -> Vec<LocatedFinding> {
        let Some(file) = self.file(path) else { return Vec::new() };
        let mut located = self.syntax_errors(file);
        located.extend(super::settings::report(file, &self.settings));
        for id in file.documents.iter().flat_map(|document| &document.resources) {
            if let Some(checked) = self.checked.get(id) {
                located.extend(checked.findings.iter().filter_map(|finding| self.locate_finding(finding)));
            }
        }
        let mut located = super::suppress::apply(file, &self.settings, located);
        located.sort_by(|left, right| (left.location.span, left.rule).cmp(&(right.location.span, right.rule)));
        located
    }

    /// The comment that silences a finding; none where no comment can stand, as in JSON.
    #[must_use]
    pub fn ignore(&self, finding: &LocatedFinding) -> Option<LocatedEdit> {
        let (path, start) = (&finding.location.path, finding.location.span.start());
        let (_, document) = self.file(path)?.document_at(start)?;
        let edit = suppression::ignore(&document.content.yaml, start - document.start, finding.rule)?;
        let location = Location { path: path.clone(), span: edit.span.shifted(document.start) };
        Some(LocatedEdit { location, text: edit.text })
    }

    fn locate_finding(&self, finding: &Finding) -> Option<LocatedFinding> {
        let rule = registry::find(finding.rule);
        let place = |place: crate::rules::Place| self.locate(place.resource, place.span);
        let related = finding.related.iter().filter_map(|related| {
            Some(LocatedRelated { location: place(related.place)?, message: related.message.clone() })
        });
        let fixes = finding.fixes.iter().filter_map(|fix| {
            let edits = fix.edits.iter().map(|edit| {
                let location = self.locate(edit.resource, edit.edit.span)?;
                Some(LocatedEdit { location, text: edit.edit.text.clone() })
            });
            Some(LocatedFix { title: fix.title.clone(), safe: fix.safe, edits: edits.collect::<Option<_>>()? })
        });
        Some(LocatedFinding {
            rule: finding.rule,
            severity: rule.and_then(|rule| self.settings.severity(rule)).unwrap_or(finding.severity),
            location: place(finding.place)?,
            resource: self.index.entry(finding.place.resource)?.title(),
            message: finding.message.clone(),
            aliases: finding.aliases.clone(),
            related: related.collect(),
            fixes: fixes.collect(),
        })
    }

    /// What is wrong with the text of documents of Istio and of the kinds it reads. A template is not YAML yet, and what
    /// other documents hold is not ours to judge.
    fn syntax_errors(&self, file: &File) -> Vec<LocatedFinding> {
        let Some(rule) = registry::find("malformed-yaml").filter(|rule| self.settings.runs(rule)) else {
            return Vec::new();
        };
        let documents = file.documents.iter().filter(|document| {
            let content = &document.content;
            let concerns_istio = !content.resources.is_empty() || content.yaml.text.contains("istio.io/");
            !content.yaml.templated && concerns_istio
        });
        let errors = documents.flat_map(|document| {
            let start = document.start;
            document.content.yaml.errors.iter().map(move |error| (error, error.span.shifted(start)))
        });
        errors
            .map(|(error, span)| LocatedFinding {
                rule: rule.id,
                severity: self.settings.severity(rule).unwrap_or(rule.severity),
                location: Location { path: file.path.clone(), span },
                resource: String::new(),
                message: error.message.clone(),
                aliases: Vec::new(),
                related: Vec::new(),
                fixes: Vec::new(),
            })
            .collect()
    }
}

impl Sources for Snapshot {
    fn document(&self, entry: &Entry) -> Option<Arc<Document>> {
        Snapshot::document(self, entry)
    }
}

impl Files for Snapshot {
    fn index(&self) -> &Index {
        &self.index
    }

    fn document_at(&self, file: &Path, offset: usize) -> Option<DocumentAt> {
        let (_, placed) = self.file(file)?.document_at(offset)?;
        Some(document_of(placed))
    }

    fn documents(&self, file: &Path) -> Vec<DocumentAt> {
        self.file(file).map(|file| file.documents.iter().map(document_of).collect()).unwrap_or_default()
    }

    fn place_of(&self, resource: ResourceId, span: Span) -> Option<PlaceOf> {
        let location = self.locate(resource, span)?;
        let line = self.file(&location.path)?.position(location.span.start(), Encoding::Utf8).line;
        Some(PlaceOf { path: location.path.to_path_buf(), span: location.span, line: line as usize })
    }
}

fn document_of(placed: &PlacedDocument) -> DocumentAt {
    let (document, resources) = (placed.content.yaml.clone(), placed.resources.clone());
    DocumentAt { document, start: placed.start, resources }
}
