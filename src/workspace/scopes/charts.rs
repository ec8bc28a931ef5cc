//! Helm charts: what the templates of a chart and of its subcharts make is applied together, once for each file of values.

use std::ops::Bound;
use std::path::Path;
use std::sync::Arc;

use smol_str::SmolStr;

use super::call::ChartCall;
use super::plan::{Origin, Plan, Way, Ways};
use super::plans::{Files, Plans};
use super::release::{ChartRelease, Releases};
use crate::helm;
use crate::index::{Nature, Opening};
use crate::workspace::File;
use crate::yaml::{Document, Node};

/// What a chart is filled in with, over its own values.
#[derive(Debug, Clone)]
pub(super) struct Values {
    /// Files of values, the last one winning.
    pub(super) files: Vec<Arc<Path>>,
    /// Values that win over all files.
    pub(super) written: Option<Node>,
    /// The document that says so, if any.
    pub(super) said_by: Option<Arc<Document>>,
    /// The namespace that it is applied into.
    pub(super) namespace: Option<SmolStr>,
    /// The name of the release.
    pub(super) name: Option<SmolStr>,
    /// That is all; else nothing is filled in.
    pub(super) is_known: bool,
}

impl Default for Values {
    fn default() -> Self {
        Self { files: Vec::new(), written: None, said_by: None, namespace: None, name: None, is_known: true }
    }
}

impl Values {
    /// What Helm is called with for the chart in `folder`; none where no files say it all.
    fn call(&self, folder: &Path) -> Option<ChartCall> {
        let is_in_files = self.is_known && self.written.is_none();
        is_in_files.then(|| ChartCall {
            chart: folder.to_owned(),
            values: self.files.clone(),
            namespace: self.namespace.clone(),
            name: self.name.clone(),
        })
    }
}

/// Adds the scopes of every chart that is no part of another.
pub(super) fn find(files: &Files<'_>, plans: &mut Plans) {
    let charts: Vec<&Path> = files.keys().filter(|path| is_chart_file(path)).filter_map(|path| path.parent()).collect();
    let outermost = charts.iter().filter(|chart| !charts.iter().any(|other| is_subchart(chart, other)));
    for chart in outermost {
        let inside = below(files, chart).filter(|path| is_chart_file(path) || is_values(path));
        plans.built_on.extend(inside.cloned());
        plans.built_on.extend(including(chart, files).map(|file| file.path.clone()));
        let own = below(files, chart).filter(|path| path.parent() == Some(chart) && is_values(path));
        let valued: Vec<Plan> = own.filter_map(|values| with(chart, values, files, plans)).collect();
        plans.found.extend(valued);
        // What no values turn on is looked at all the same.
        let any = Values { is_known: false, ..Values::default() };
        plans.found.push(Plan { origin: Origin::Templates, ..plan(chart, &any, files, plans) });
    }
}

/// The files of the chart in `folder` and of its subcharts that say what templates include, or that change what they see.
pub(super) fn including<'f>(folder: &'f Path, files: &'f Files<'_>) -> impl Iterator<Item = &'f Arc<File>> {
    let templates = below(files, folder).filter(|path| path.iter().any(|folder| folder == "templates"));
    templates.filter_map(|path| files.get(path).copied()).filter(|file| concerns_others(file))
}

/// Templates of other files see what stands in this one.
pub(in crate::workspace) fn concerns_others(file: &File) -> bool {
    let is_template = file.path.iter().any(|folder| folder == "templates");
    is_template && file.documents.iter().any(|document| helm::concerns_others(&document.content.yaml.text))
}

/// The chart in `folder` with one of its files of values.
fn with(folder: &Path, values: &Arc<Path>, files: &Files<'_>, plans: &Plans) -> Option<Plan> {
    let over = if values.ends_with(VALUES) { Vec::new() } else { vec![values.clone()] };
    let plan = plan(folder, &Values { files: over, ..Values::default() }, files, plans);
    let name = with_values(&plan.name, values.file_name()?.to_str()?);
    plan.nature.is_declared.then_some(Plan { name, ..plan })
}

/// How people call a chart with values.
pub(super) fn with_values(chart: &str, values: &str) -> String {
    format!("{chart} with {values}")
}

/// What the chart in `folder` makes of `values`.
pub(super) fn plan(folder: &Path, values: &Values, files: &Files<'_>, plans: &Plans) -> Plan {
    let call = values.call(folder);
    let rendered = call.as_ref().and_then(|call| plans.rendered.of(call));
    let releases = if values.is_known { Releases::of(folder, values, rendered, files) } else { Releases::default() };
    let members = below(files, folder).filter_map(|path| {
        let chart = chart_of(path, folder)?;
        Some((path.clone(), ways(releases.of_chart(chart))))
    });
    // Names that hang on that of the release stay unknown. Without values, which of the templates take part is open besides.
    let nature = match releases.of_chart(folder) {
        [] => Nature { is_declared: false, opening: Opening::Everything },
        _ => Nature { is_declared: true, opening: Opening::Objects },
    };
    let (name, namespace) = (plans.name_of(folder), values.namespace.clone());
    Plan { origin: Origin::Chart, name, namespace, nature, members: members.collect(), call }
}

/// The ways of a file of a chart: one for each of its releases, and one where nothing fills it in.
fn ways(releases: &[Arc<ChartRelease>]) -> Ways {
    if releases.is_empty() {
        return vec![Way::default()];
    }
    releases.iter().map(|release| Way { release: Some(Arc::clone(release)), ..Way::default() }).collect()
}

/// The values that a chart has of its own.
pub(super) const VALUES: &str = "values.yaml";

/// Files of values are called `values-prod.yaml`, `prod-values.yaml` and the like.
fn is_values(path: &Path) -> bool {
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or("");
    stem.split(['-', '.', '_']).any(|word| word == "values") && path.extension().is_some_and(|end| end != "json")
}

/// The folder holds a chart.
pub(super) fn is_chart(folder: &Path, files: &Files<'_>) -> bool {
    files.contains_key(&*folder.join("Chart.yaml"))
}

fn is_chart_file(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == "Chart.yaml")
}

fn is_subchart(chart: &Path, of: &Path) -> bool {
    chart != of && chart.strip_prefix(of).is_ok_and(|rest| rest.starts_with("charts"))
}

/// The files below `folder`, in the order of their paths.
pub(super) fn below<'f>(files: &'f Files<'_>, folder: &'f Path) -> impl Iterator<Item = &'f Arc<Path>> {
    let from = (Bound::Included(folder), Bound::Unbounded);
    files.range::<Path, _>(from).map(|(path, _)| path).take_while(move |path| path.starts_with(folder))
}

/// The chart, `chart` or one of its subcharts, that applies the file: what stands in its `templates` and `crds`.
fn chart_of<'p>(path: &'p Path, chart: &Path) -> Option<&'p Path> {
    let inside = path.strip_prefix(chart).ok()?;
    let mut folders = inside.iter();
    let mut depth = inside.iter().count();
    loop {
        match folders.next()?.to_str() {
            Some("templates" | "crds") => return path.ancestors().nth(depth),
            // `charts/NAME/templates`
            Some("charts") => drop(folders.next()),
            _ => return None,
        }
        depth = depth.saturating_sub(2);
    }
}
