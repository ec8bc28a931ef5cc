//! Helm charts: what the templates of a chart and of its subcharts make is applied together.

use std::ops::Bound;
use std::path::Path;
use std::sync::Arc;

use super::plan::{Layers, Origin, Plan};
use super::plans::{Files, Plans};
use crate::index::Nature;

/// Adds a scope for every chart that is no part of another.
pub(super) fn find(files: &Files<'_>, plans: &mut Plans) {
    let charts: Vec<&Path> = files.keys().filter(|path| is_chart(path)).filter_map(|path| path.parent()).collect();
    let outermost = charts.iter().filter(|chart| !charts.iter().any(|other| is_subchart(chart, other)));
    for chart in outermost {
        let untouched: Layers = Arc::new([]);
        let members = below(files, chart).filter(|path| is_applied(path, chart));
        let members = members.map(|path| (path.clone(), untouched.clone())).collect();
        let name = plans.name_of(chart);
        // Which of the templates take part hangs on the values, and so does what they are called.
        let nature = Nature { is_declared: false, is_open: true };
        plans.found.push(Plan { origin: Origin::Chart, name, namespace: None, nature, members });
    }
}

fn is_chart(path: &Path) -> bool {
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

/// Helm applies what stands in `templates` and `crds`, of the chart and of its subcharts.
fn is_applied(path: &Path, chart: &Path) -> bool {
    let inside = path.strip_prefix(chart).unwrap_or(path);
    let mut folders = inside.iter();
    while let Some(folder) = folders.next() {
        match folder.to_str() {
            Some("templates" | "crds") => return true,
            // `charts/NAME/templates`
            Some("charts") => drop(folders.next()),
            _ => return false,
        }
    }
    false
}
