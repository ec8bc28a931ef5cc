//! A chart with its values, and its subcharts with theirs.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

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
    rests_on: Vec<Arc<Document>>,
    rendering: Option<Arc<Rendering>>,
}

/// What Helm made of a chart and its subcharts.
#[derive(Debug)]
pub(super) struct Rendering {
    /// The folder of the chart.
    folder: PathBuf,
    rendered: Arc<Rendered>,
}

/// What all charts of a release have in common.
struct Common<'a> {
    values: &'a Values,
    defines: Arc<Defines>,
    rendering: Option<Arc<Rendering>>,
}

/// The releases of a chart and of its subcharts, by their folders.
#[derive(Debug, Default)]
pub(super) struct Releases(BTreeMap<PathBuf, Arc<ChartRelease>>);

impl ChartRelease {
    /// Both were made of the same.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        let (one, two) = (&self.helm, &other.helm);
        one.namespace == two.namespace
            && one.name == two.name
            && self.rendered() == other.rendered()
            && self.rests_on.len() == other.rests_on.len()
            && self.rests_on.iter().zip(&other.rests_on).all(|(one, other)| Arc::ptr_eq(one, other))
    }

    /// What tells one rendering from another.
    fn rendered(&self) -> Option<*const Rendered> {
        self.rendering.as_ref().map(|rendering| Arc::as_ptr(&rendering.rendered))
    }

    /// What Helm made of the documents of a template, one by one; none where nobody asked it.
    pub(in crate::workspace) fn made_of(&self, file: &File) -> Option<Vec<Document>> {
        let rendering = self.rendering.as_ref()?;
        let path = file.path.strip_prefix(&rendering.folder).ok()?.to_str()?.replace('\\', "/");
        let is_template = path.split('/').any(|folder| folder == "templates");
        let written: Vec<&Document> = file.documents.iter().map(|document| &*document.content.yaml).collect();
        is_template.then(|| rendering.rendered.placed(&path, &written))
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

impl Rendering {
    /// What Helm made of the chart in `folder`.
    pub(super) fn of(folder: &Path, rendered: &Arc<Rendered>) -> Self {
        Self { folder: folder.to_owned(), rendered: Arc::clone(rendered) }
    }
}

impl Releases {
    /// The releases of the chart in `folder`, which has values of its own; none where some of them cannot be read.
    pub(super) fn of(folder: &Path, values: &Values, rendering: Option<Arc<Rendering>>, files: &Files<'_>) -> Self {
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
        releases.add(folder, over.as_ref(), &Common { values, defines, rendering }, &rests_on, files);
        releases
    }

    /// The release of the chart in `folder`.
    pub(super) fn of_chart(&self, folder: &Path) -> Option<Arc<ChartRelease>> {
        self.0.get(folder).cloned()
    }

    /// Adds the chart in `folder` with the values `over` its own, and its subcharts.
    fn add(
        &mut self,
        folder: &Path,
        over: Option<&Node>,
        common: &Common<'_>,
        rests_on: &[Arc<Document>],
        files: &Files<'_>,
    ) {
        let mut rests_on = rests_on.to_vec();
        let chart = content(&folder.join("Chart.yaml"), files, &mut rests_on);
        let Some(own) = content(&folder.join(VALUES), files, &mut rests_on) else { return };
        let values = over.map_or_else(|| own.clone(), |over| helm::merged(&own, over));
        // Under another name a subchart gets other values.
        let dependencies = chart.as_ref().and_then(|chart| chart.get("dependencies")).and_then(Node::as_sequence);
        let mut dependencies = dependencies.into_iter().flat_map(|list| &list.items);
        let is_plain = dependencies.all(|one| one.get("alias").is_none() && one.get("import-values").is_none());
        let charts = folder.join("charts");
        let files_below = below(files, &charts).filter(|path| path.ends_with("Chart.yaml"));
        let subcharts = files_below.filter_map(|path| path.parent()).filter(|chart| chart.parent() == Some(&charts));
        for subchart in subcharts.filter(|_| is_plain) {
            let name = subchart.file_name().and_then(|name| name.to_str()).unwrap_or("");
            let over = helm::for_subchart(&values, name);
            self.add(subchart, Some(&over), common, &rests_on, files);
        }
        let (namespace, name) = (common.values.namespace.clone(), common.values.name.clone());
        let defines = Arc::clone(&common.defines);
        let values = defines.unchanged(values);
        let helm = helm::Release { values, chart, namespace, name, defines };
        let rendering = common.rendering.clone();
        self.0.insert(folder.to_owned(), Arc::new(ChartRelease { helm, rests_on, rendering }));
    }
}

/// The content of a file of one document; noted among what the values rest on.
fn content(path: &Path, files: &Files<'_>, rests_on: &mut Vec<Arc<Document>>) -> Option<Node> {
    let file = files.get(path)?;
    let document = &file.documents.first()?.content.yaml;
    rests_on.push(document.clone());
    document.root.clone().filter(|root| root.as_mapping().is_some() && document.errors.is_empty())
}
