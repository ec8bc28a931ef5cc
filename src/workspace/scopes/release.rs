//! A chart with its values, and its subcharts with theirs.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use smol_str::SmolStr;

use super::charts::{VALUES, Values, below, including};
use super::plans::Files;
use crate::helm::{self, Defines, Reading, Rendered};
use crate::text::Span;
use crate::workspace::File;
use crate::yaml::{self, Document, Node};

/// A chart as it is filled in, and the documents that say how.
#[derive(Debug)]
pub(in crate::workspace) struct ChartRelease {
    helm: helm::Release,
    chart: Chart,
    rests_on: Vec<Arc<Document>>,
    /// What Helm made of the outermost chart, where somebody asked.
    rendered: Option<Arc<Rendered>>,
}

/// A chart where it takes part: the outermost, or a subchart under one of its names.
#[derive(Debug, Default, PartialEq, Eq)]
struct Chart {
    folder: PathBuf,
    /// The name that the chart around it gives it, if any.
    alias: Option<SmolStr>,
    /// Where Helm sees it below the outermost chart: `charts/web/`.
    source: String,
}

/// What all charts of a release have in common.
struct Common<'a> {
    values: &'a Values,
    defines: Arc<Defines>,
    rendered: Option<&'a Arc<Rendered>>,
    files: &'a Files<'a>,
}

/// The releases of a chart and of its subcharts, by their folders: a subchart has one for each name that it takes part under.
#[derive(Debug, Default)]
pub(super) struct Releases(BTreeMap<PathBuf, Vec<Arc<ChartRelease>>>);

impl ChartRelease {
    /// Both were made of the same.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        let (one, two) = (&self.helm, &other.helm);
        one.namespace == two.namespace
            && one.name == two.name
            && self.chart == other.chart
            && self.rendered.as_ref().map(Arc::as_ptr) == other.rendered.as_ref().map(Arc::as_ptr)
            && self.rests_on.len() == other.rests_on.len()
            && self.rests_on.iter().zip(&other.rests_on).all(|(one, other)| Arc::ptr_eq(one, other))
    }

    /// What Helm made of the documents of a template, one by one; none where nobody asked it.
    pub(in crate::workspace) fn made_of(&self, file: &File) -> Option<Vec<Document>> {
        let rendered = self.rendered.as_ref()?;
        let path = file.path.strip_prefix(&self.chart.folder).ok().filter(|path| path.starts_with("templates"))?;
        let source = format!("{}{}", self.chart.source, path.to_str()?.replace('\\', "/"));
        let written: Vec<&Document> = file.documents.iter().map(|document| &*document.content.yaml).collect();
        Some(rendered.placed(&source, &written))
    }

    /// What is known of the templates of a file.
    pub(in crate::workspace) fn read(&self, text: &str) -> Reading {
        helm::read(text, Some(&self.helm))
    }

    /// The same, document by document.
    pub(in crate::workspace) fn documents(&self, file: &File) -> Vec<Reading> {
        if !file.documents.iter().any(|document| document.content.yaml.templated) {
            return vec![Reading::default(); file.documents.len()];
        }
        let reading = self.read(&file.text());
        let parts = file.documents.iter().map(|document| {
            let start = document.start;
            reading.of_part(Span::new(start, start + document.content.yaml.text.len()))
        });
        parts.collect()
    }
}

impl Chart {
    /// The subchart in `folder` under `name`; `own_name` is what it calls itself.
    fn subchart(&self, folder: &Path, own_name: &SmolStr, name: &SmolStr) -> Self {
        let alias = Some(name).filter(|name| *name != own_name).cloned();
        Self { folder: folder.to_owned(), alias, source: format!("{}charts/{name}/", self.source) }
    }
}

impl Releases {
    /// The releases of the chart in `folder`, which has values of its own; none where some of them cannot be read.
    pub(super) fn of(folder: &Path, values: &Values, rendered: Option<&Arc<Rendered>>, files: &Files<'_>) -> Self {
        let mut releases = Self::default();
        let mut rests_on: Vec<_> = values.said_by.iter().cloned().collect();
        let over = values.files.iter().map(|path| content(path, files, &mut rests_on));
        let Some(over) = over.collect::<Option<Vec<Node>>>() else { return releases };
        let written = values.written.as_ref().and_then(|written| match written.as_scalar() {
            Some(text) => yaml::parse(text.text.as_str().into()).root,
            None => Some(written.clone()),
        });
        let over = over.into_iter().chain(written).reduce(|below, above| helm::merged(&below, &above));
        let including: Vec<_> = including(folder, files).collect();
        rests_on
            .extend(including.iter().flat_map(|file| &file.documents).map(|document| document.content.yaml.clone()));
        let texts: Vec<String> = including.iter().map(|file| file.text()).collect();
        let defines = Arc::new(Defines::of(texts.iter().map(String::as_str)));
        let outermost = Chart { folder: folder.to_owned(), ..Chart::default() };
        releases.add(outermost, over.as_ref(), &Common { values, defines, rendered, files }, &rests_on);
        releases
    }

    /// The releases of the chart in `folder`.
    pub(super) fn of_chart(&self, folder: &Path) -> &[Arc<ChartRelease>] {
        self.0.get(folder).map_or(&[], Vec::as_slice)
    }

    /// Adds `chart` with the values `over` its own, and its subcharts.
    fn add(&mut self, chart: Chart, over: Option<&Node>, common: &Common<'_>, rests_on: &[Arc<Document>]) {
        let files = common.files;
        let mut rests_on = rests_on.to_vec();
        let description = content(&chart.folder.join("Chart.yaml"), files, &mut rests_on);
        let Some(own) = content(&chart.folder.join(VALUES), files, &mut rests_on) else { return };
        let values = over.map_or_else(|| own.clone(), |over| helm::merged(&own, over));
        let dependencies = description.as_ref().and_then(|chart| chart.get("dependencies")).and_then(Node::as_sequence);
        let dependencies = dependencies.map_or(&[][..], |list| &list.items);
        for (folder, own_name) in subcharts(&chart.folder, dependencies, files) {
            for name in names(&own_name, dependencies) {
                let over = helm::for_subchart(&values, &name);
                self.add(chart.subchart(&folder, &own_name, &name), Some(&over), common, &rests_on);
            }
        }
        let (namespace, name) = (common.values.namespace.clone(), common.values.name.clone());
        let defines = Arc::clone(&common.defines);
        let values = defines.unchanged(values);
        let helm = helm::Release { values, chart: description, alias: chart.alias.clone(), namespace, name, defines };
        let of_chart = self.0.entry(chart.folder.clone()).or_default();
        of_chart.push(Arc::new(ChartRelease { helm, chart, rests_on, rendered: common.rendered.cloned() }));
    }
}

/// The folders of the subcharts of the chart in `folder`, each with its name, as far as it is certain which values they get.
fn subcharts(folder: &Path, dependencies: &[Node], files: &Files<'_>) -> Vec<(PathBuf, SmolStr)> {
    // What a subchart exports changes the values of all of them.
    if dependencies.iter().any(|one| one.get("import-values").is_some()) {
        return Vec::new();
    }
    let charts = folder.join("charts");
    let below = below(files, &charts).filter(|path| path.ends_with("Chart.yaml")).filter_map(|path| path.parent());
    let found = below.filter(|folder| folder.parent() == Some(&charts)).filter_map(|folder| {
        let said = content(&folder.join("Chart.yaml"), files, &mut Vec::new());
        let name = said.as_ref().and_then(|chart| text(chart, "name"));
        Some((folder.to_owned(), name.or_else(|| folder.file_name()?.to_str().map(SmolStr::from))?))
    });
    let found: Vec<_> = found.collect();
    // Of two of one name their versions decide.
    let is_only = |name: &SmolStr| found.iter().filter(|(_, other)| other == name).count() == 1;
    found.iter().filter(|(_, name)| is_only(name)).cloned().collect()
}

/// The names under which the subchart `own_name` takes part: aliases, where the dependencies give it some.
fn names(own_name: &SmolStr, dependencies: &[Node]) -> BTreeSet<SmolStr> {
    let entries = dependencies.iter().filter(|one| text(one, "name").as_ref() == Some(own_name));
    let mut names: BTreeSet<_> = entries.map(|one| text(one, "alias").unwrap_or_else(|| own_name.clone())).collect();
    if names.is_empty() {
        names.insert(own_name.clone());
    }
    names
}

/// What is written under `key`; none where nothing is.
fn text(node: &Node, key: &str) -> Option<SmolStr> {
    node.get(key)?.as_scalar().map(|scalar| scalar.text.clone()).filter(|text| !text.is_empty())
}

/// The content of a file of one document; noted among what the values rest on.
fn content(path: &Path, files: &Files<'_>, rests_on: &mut Vec<Arc<Document>>) -> Option<Node> {
    let file = files.get(path)?;
    let document = &file.documents.first()?.content.yaml;
    rests_on.push(document.clone());
    document.root.clone().filter(|root| root.as_mapping().is_some() && document.errors.is_empty())
}
