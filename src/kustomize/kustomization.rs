//! What stands in a `kustomization.yaml`, each field with its place.

use smol_str::SmolStr;

use crate::resource::{Anything, Field, List, Lower, Map, Spanned, object};
use crate::yaml::Document;

object! {
    /// A kustomization or a component.
    pub struct Kustomization {
        api_version: SmolStr = "apiVersion",
        kind: SmolStr = "kind",
        namespace: SmolStr = "namespace",
        name_prefix: SmolStr = "namePrefix",
        name_suffix: SmolStr = "nameSuffix",
        labels: List<LabelSet> = "labels",
        common_labels: Map<SmolStr> = "commonLabels",
        common_annotations: Map<SmolStr> = "commonAnnotations",
        resources: List<SmolStr> = "resources",
        bases: List<SmolStr> = "bases",
        components: List<SmolStr> = "components",
        patches: List<PatchEntry> = "patches",
        patches_strategic_merge: List<SmolStr> = "patchesStrategicMerge",
        patches_json6902: List<PatchEntry> = "patchesJson6902",
        config_map_generator: List<Generated> = "configMapGenerator",
        secret_generator: List<Generated> = "secretGenerator",
        generators: Anything = "generators",
        transformers: Anything = "transformers",
        helm_charts: Anything = "helmCharts",
        helm_chart_inflation_generator: Anything = "helmChartInflationGenerator",
        configurations: Anything = "configurations",
        replacements: List<Replacement> = "replacements",
    }

    /// An entry of `labels`.
    pub struct LabelSet {
        pairs: Map<SmolStr> = "pairs",
        include_selectors: bool = "includeSelectors",
        include_templates: bool = "includeTemplates",
        fields: List<FieldSpec> = "fields",
    }

    /// Where an entry of `labels` is set besides the usual places.
    pub struct FieldSpec {
        path: SmolStr = "path",
        group: SmolStr = "group",
        version: SmolStr = "version",
        kind: SmolStr = "kind",
        create: bool = "create",
    }

    /// An entry of `patches` or `patchesJson6902`.
    pub struct PatchEntry {
        path: SmolStr = "path",
        patch: SmolStr = "patch",
        target: Selector = "target",
        options: PatchOptions = "options",
    }

    /// What a patch may do beyond its target's content.
    pub struct PatchOptions {
        allow_name_change: bool = "allowNameChange",
        allow_kind_change: bool = "allowKindChange",
    }

    /// Which objects are meant; names are regular expressions that match as a whole.
    pub struct Selector {
        group: SmolStr = "group",
        version: SmolStr = "version",
        kind: SmolStr = "kind",
        name: SmolStr = "name",
        namespace: SmolStr = "namespace",
        label_selector: SmolStr = "labelSelector",
        annotation_selector: SmolStr = "annotationSelector",
    }

    /// A ConfigMap or Secret that kustomize makes.
    pub struct Generated {
        name: SmolStr = "name",
        namespace: SmolStr = "namespace",
    }

    /// A value that is copied from one object to others.
    pub struct Replacement {
        targets: List<ReplacementTarget> = "targets",
    }

    /// Where a [`Replacement`] puts its value.
    pub struct ReplacementTarget {
        select: Selector = "select",
        field_paths: List<SmolStr> = "fieldPaths",
    }
}

impl Kustomization {
    /// Reads `document`; none where it is no kustomization (Flux calls something else so).
    #[must_use]
    pub fn read(document: &Document) -> Option<Self> {
        let read = Self::lower(document.root.as_ref()?)?;
        let group = read
            .api_version
            .text()
            .map_or("kustomize.config.k8s.io", |version| version.split('/').next().unwrap_or(""));
        let kind = read.kind.text().unwrap_or("Kustomization");
        (group == "kustomize.config.k8s.io" && matches!(kind, "Kustomization" | "Component")).then_some(read)
    }

    /// It is included by `components` and sees what the kustomization that includes it has gathered.
    #[must_use]
    pub fn is_component(&self) -> bool {
        self.kind.text() == Some("Component")
    }

    /// What is gathered before anything is done: files, folders and addresses.
    pub fn included(&self) -> impl Iterator<Item = &Spanned<SmolStr>> {
        self.resources.items().chain(self.bases.items())
    }

    /// Something changes objects in a way that cannot be seen from the files: transformers, configurations of the built-in
    /// ones, components from elsewhere.
    #[must_use]
    pub fn changes_unseen(&self) -> bool {
        !self.transformers.is_absent() || !self.configurations.is_absent() || is_partly_remote(&self.components)
    }

    /// Something makes objects of any kind that cannot be seen from the files: generators, charts, bases from elsewhere.
    #[must_use]
    pub fn adds_unseen(&self) -> bool {
        let makers = [&self.generators, &self.helm_charts, &self.helm_chart_inflation_generator];
        makers.iter().any(|field| !field.is_absent())
            || is_partly_remote(&self.resources)
            || is_partly_remote(&self.bases)
    }
}

fn is_partly_remote(paths: &Field<List<SmolStr>>) -> bool {
    !paths.is_certain() || paths.items().any(|path| is_remote(path))
}

/// The names by which kustomize finds its files.
pub const FILE_NAMES: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// A file of this name is read as a kustomization.
#[must_use]
pub fn is_kustomization(file_name: &str) -> bool {
    FILE_NAMES.contains(&file_name)
}

/// `path` leads out of the workspace: to a repository or an address, as kustomize reads it.
#[must_use]
pub fn is_remote(path: &str) -> bool {
    let first = path.split('/').next().unwrap_or("");
    path.contains("://")
        || path.contains("?ref=")
        || path.contains("?version=")
        || path.starts_with("git@")
        || path.contains(".git/")
        || path.ends_with(".git")
        || matches!(first, "github.com" | "gitlab.com" | "bitbucket.org")
        || first.starts_with("github.com:")
        || path.contains("_git/")
}
