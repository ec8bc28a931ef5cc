//! What a reader sees: the files, the index and the findings of one moment.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use imbl::{HashMap, OrdMap, OrdSet};
use smol_str::SmolStr;

use super::filing::Membership;
use super::kustomizations::{Kustomized, Patching};
use super::scopes::seen::{Seen, Variant};
use super::{File, Origin, Plan, Scoped, Settings, settings};
use crate::index::{Entry, FileId, Index, ResourceId, ScopeId};
use crate::rules::{Checked, Finding, Severity, Sources, registry, suppression};
use crate::text::Span;
use crate::yaml::Document;

/// The workspace at one moment. Cloning it is cheap.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    pub(super) indexes: OrdMap<ScopeId, Index>,
    pub(super) plans: Arc<BTreeMap<ScopeId, Arc<Plan>>>,
    pub(super) files: HashMap<FileId, Arc<File>>,
    pub(super) ids: HashMap<Arc<Path>, FileId>,
    pub(super) scopes_of: HashMap<FileId, Arc<[ScopeId]>>,
    /// The documents of a file as a scope sees them.
    pub(super) seen: HashMap<Membership, Arc<[Seen]>>,
    /// What kustomizations made of the document of a resource.
    pub(super) variants: HashMap<ResourceId, Arc<Variant>>,
    /// The resources that a file patches.
    pub(super) patched: HashMap<FileId, OrdSet<ResourceId>>,
    pub(super) checked: HashMap<ResourceId, Arc<Checked>>,
    pub(super) settings: Arc<Settings>,
    /// The namespace of resources that name none, where the others of the scope all name one.
    pub(super) only_namespaces: Arc<BTreeMap<ScopeId, SmolStr>>,
    /// Where the mesh configuration of each scope comes from, for a person.
    pub(super) mesh_origins: Arc<BTreeMap<ScopeId, String>>,
    /// The folder that it is a workspace of.
    pub(super) root: Option<Arc<Path>>,
    /// What is known of each kustomization, by its file.
    pub(super) kustomizations: Arc<BTreeMap<Arc<Path>, Arc<Kustomized>>>,
    /// What their patches did.
    pub(super) patching: Patching,
    /// The folders of charts that Helm fetched.
    pub(super) vendored: Arc<[PathBuf]>,
    /// Files that show what the cluster holds besides.
    pub(super) context: Arc<BTreeSet<Arc<Path>>>,
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

impl LocatedFinding {
    /// A finding about the text of a file, whichever resources stand in it.
    pub(super) fn of_text(rule: &'static str, severity: Severity, location: Location, message: String) -> Self {
        let (aliases, related, fixes) = (Vec::new(), Vec::new(), Vec::new());
        Self { rule, severity, location, resource: String::new(), message, aliases, related, fixes }
    }
}

impl Snapshot {
    /// The resources of a scope.
    #[must_use]
    pub fn index(&self, scope: ScopeId) -> Option<&Index> {
        self.indexes.get(&scope)
    }

    /// Every scope.
    pub fn scopes(&self) -> impl Iterator<Item = Scoped<'_>> {
        self.indexes.iter().map(|(scope, index)| Scoped::new(self, *scope, index))
    }

    /// The scopes of what is applied: a chart whose values are known counts with these only.
    pub fn applied(&self) -> impl Iterator<Item = Scoped<'_>> {
        let is_only_way = |path: &Arc<Path>| self.scopes_of(path).nth(1).is_none();
        let is_applied =
            move |plan: &Arc<Plan>| plan.origin != Origin::Templates || plan.members.keys().all(is_only_way);
        self.scopes().filter(move |scope| scope.plan().is_none_or(&is_applied))
    }

    /// The scopes that the file at `path` belongs to; none where nothing is applied of it.
    pub fn scopes_of(&self, path: &Path) -> impl Iterator<Item = Scoped<'_>> {
        let scopes = self.ids.get(path).and_then(|file| self.scopes_of.get(file));
        let scopes = scopes.map_or(&[][..], |scopes| scopes);
        scopes.iter().filter_map(|scope| Some(Scoped::new(self, *scope, self.indexes.get(scope)?)))
    }

    /// The scope in which a file is looked at: the first that it belongs to and that something of it is applied in.
    #[must_use]
    pub fn scoped(&self, path: &Path) -> Option<Scoped<'_>> {
        let file = self.ids.get(path)?;
        let is_applied = |scope: &Scoped<'_>| {
            let seen = self.seen.get(&(scope.index().scope(), *file));
            seen.is_some_and(|seen| seen.iter().any(|seen| !seen.resources.is_empty()))
        };
        self.scopes_of(path).find(is_applied).or_else(|| self.scopes_of(path).next())
    }

    /// The first scope whose resources the file at `path` patches.
    #[must_use]
    pub fn patching(&self, path: &Path) -> Option<Scoped<'_>> {
        let scope = self.patched.get(self.ids.get(path)?)?.iter().next()?.scope;
        Some(Scoped::new(self, scope, self.indexes.get(&scope)?))
    }

    /// Number of resources as they were written.
    #[must_use]
    pub fn resources(&self) -> usize {
        let documents = self.files.values().flat_map(|file| &file.documents);
        documents.map(|document| document.content.resources.len()).sum()
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

    /// The folder that it is a workspace of, where it is one.
    #[must_use]
    pub fn root(&self) -> Option<&Path> {
        self.root.as_deref()
    }

    /// The file that the settings in force stand in; none where they are the editor's or nobody's.
    #[must_use]
    pub fn settings_file(&self) -> Option<&Path> {
        let path = self.root()?.join(settings::FILE);
        self.file(&path).map(|file| &*file.path)
    }

    /// The file at `path` is not a part of the folder: it is there because the settings name it.
    pub(super) fn is_outside(&self, path: &Path) -> bool {
        self.root().is_some_and(|root| !path.starts_with(root))
    }

    /// Nobody who reads about the file can repair it.
    fn is_of_others(&self, path: &Path) -> bool {
        let is_vendored = || self.vendored.iter().any(|folder| path.starts_with(folder));
        self.context.contains(path) || self.is_outside(path) || is_vendored()
    }

    /// The settings in force.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The namespace of resources of a scope that name none: what something says, the only one of the scope, or `default`.
    pub(super) fn namespace_of(&self, scope: ScopeId) -> SmolStr {
        let said = self.plans.get(&scope).and_then(|plan| plan.namespace.clone());
        let only = said.or_else(|| self.only_namespaces.get(&scope).cloned());
        only.unwrap_or_else(|| SmolStr::new_static("default"))
    }

    /// The document that holds `entry`, as its scope sees it.
    #[must_use]
    pub fn document(&self, entry: &Entry) -> Option<Arc<Document>> {
        if let Some(variant) = self.variants.get(&entry.id) {
            return Some(variant.yaml.clone());
        }
        let file = self.files.get(&entry.file)?;
        Some(file.documents.get(entry.document as usize)?.content.yaml.clone())
    }

    /// Where a span of a resource's document is in its file; none where it is made of several.
    #[must_use]
    pub fn locate(&self, resource: ResourceId, span: Span) -> Option<Location> {
        let entry = self.entry(resource)?;
        let patches = self.variants.get(&resource).map_or(&[][..], |variant| &variant.patches);
        let after = patches.partition_point(|patch| patch.start <= span.start());
        if patches.get(after).is_some_and(|next| next.start < span.end()) {
            return None;
        }
        let patch = after.checked_sub(1).and_then(|at| patches.get(at));
        let (file, document, start) = match patch {
            Some(patch) => (*self.ids.get(&patch.source.path)?, patch.source.document, patch.start),
            None => (entry.file, entry.document as usize, 0),
        };
        let file = self.files.get(&file)?;
        let placed = file.documents.get(document)?;
        let span = Span::new(span.start() - start + placed.start, span.end() - start + placed.start);
        Some(Location { path: file.path.clone(), span })
    }

    /// The document that holds `entry`, by the way that it comes into its scope by.
    pub(super) fn seen_with(&self, entry: &Entry) -> Option<&Seen> {
        let seen = self.seen.get(&(entry.id.scope, entry.file))?;
        seen.iter().find(|seen| seen.resources.contains(&entry.id))
    }

    pub(super) fn entry(&self, resource: ResourceId) -> Option<&Arc<Entry>> {
        self.indexes.get(&resource.scope)?.entry(resource)
    }

    /// The resources that stand in a file or that it patches, in every scope.
    pub(super) fn resources_in(&self, file: FileId) -> impl Iterator<Item = ResourceId> + '_ {
        let scopes = self.scopes_of.get(&file).map_or(&[][..], |scopes| scopes);
        let seen = scopes.iter().filter_map(move |scope| self.seen.get(&(*scope, file)));
        let patched = self.patched.get(&file).into_iter().flatten().copied();
        seen.flat_map(|seen| seen.iter()).flat_map(|seen| seen.resources.iter().copied()).chain(patched)
    }

    /// The files that a resource is made of.
    pub(super) fn files_behind(&self, resource: ResourceId) -> impl Iterator<Item = FileId> + '_ {
        let own = self.entry(resource).map(|entry| entry.file);
        let patches = self.variants.get(&resource).into_iter().flat_map(|variant| &variant.patches);
        own.into_iter().chain(patches.filter_map(|patch| self.ids.get(&patch.source.path).copied()))
    }

    /// The findings about a file, in the order of place and rule; text that is not YAML included.
    #[must_use]
    pub fn findings(&self, path: &Path) -> Vec<LocatedFinding> {
        let Some(file) = self.file(path).filter(|_| !self.is_of_others(path)) else { return Vec::new() };
        let mut located = Vec::new();
        for id in self.resources_in(file.id) {
            let findings = self.checked.get(&id).into_iter().flat_map(|checked| &checked.findings);
            let here = findings.filter_map(|finding| self.locate_finding(finding));
            let here = here.filter(|finding| finding.location.path == file.path);
            let here = here.filter(|finding| {
                (self.is_rendered(id) || self.surely_holds(id.scope, finding)) && !self.is_turned_off(id.scope, finding)
            });
            located.extend(here.map(|finding| (id.scope, finding)));
        }
        let mut located = self.told_once(file, located);
        located.extend(self.syntax_errors(file));
        located.extend(settings::report(file, self));
        located.extend(super::kustomizations::report(file, self));
        located.extend(super::mesh_config::report(file, &self.settings));
        // The names in what is encrypted count; its values are not what is applied.
        located.retain(|finding| !file.is_encrypted_at(finding.location.span.start()));
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
        let own = self.entry(finding.place.resource)?;
        let mut at = finding.place;
        if self.is_filled(at.resource, at.span) {
            // What concerns the resource as a whole can stand at its kind.
            if at.span != own.resource.name_span() {
                return None;
            }
            at.span = own.resource.kind_span;
        }
        let is_filled = |resource| self.variants.get(&resource).is_some_and(|variant| variant.is_filled);
        let related = finding.related.iter().filter_map(|related| {
            Some(LocatedRelated { location: place(related.place)?, message: related.message.clone() })
        });
        let fixes = finding.fixes.iter().filter_map(|fix| {
            let mut is_safe = fix.safe;
            let edits = fix.edits.iter().map(|edit| {
                // What other values make of an edit is not known.
                is_safe &= !is_filled(edit.resource);
                let location = self
                    .locate(edit.resource, edit.edit.span)
                    .filter(|_| self.is_editable(edit.resource, edit.edit.span))?;
                Some(LocatedEdit { location, text: edit.edit.text.clone() })
            });
            let edits = edits.collect::<Option<_>>()?;
            Some(LocatedFix { title: fix.title.clone(), safe: is_safe, edits })
        });
        Some(LocatedFinding {
            rule: finding.rule,
            severity: rule.and_then(|rule| self.settings.severity(rule)).unwrap_or(finding.severity),
            location: place(at)?,
            resource: own.title(),
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
            .map(|(error, span)| {
                let severity = self.settings.severity(rule).unwrap_or(rule.severity);
                let location = Location { path: file.path.clone(), span };
                LocatedFinding::of_text(rule.id, severity, location, error.message.clone())
            })
            .collect()
    }
}

impl Sources for Snapshot {
    fn document(&self, entry: &Entry) -> Option<Arc<Document>> {
        Snapshot::document(self, entry)
    }
}
