//! What Helm is called with to render a chart, and what it made of it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use smol_str::SmolStr;

use crate::helm::Rendered;

/// A chart, and what it is rendered with.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ChartCall {
    /// The folder of the chart.
    pub chart: PathBuf,
    /// Files of values over its own, the last one winning.
    pub values: Vec<Arc<Path>>,
    /// The namespace that it is applied into, where something says so.
    pub namespace: Option<SmolStr>,
    /// The name of the release, where something says so.
    pub name: Option<SmolStr>,
}

/// What charts were rendered to, as long as none of their files changes.
#[derive(Debug, Clone, Default)]
pub(in crate::workspace) struct Renderings(BTreeMap<ChartCall, Arc<Rendered>>);

impl Renderings {
    /// What the call answered.
    pub(super) fn of(&self, call: &ChartCall) -> Option<&Arc<Rendered>> {
        self.0.get(call)
    }

    /// Keeps what the call answered.
    pub(in crate::workspace) fn keep(&mut self, call: ChartCall, rendered: Rendered) {
        self.0.insert(call, Arc::new(rendered));
    }

    /// Forgets what was made of the file at `path`; true where there was something.
    pub(in crate::workspace) fn forget(&mut self, path: &Path) -> bool {
        let before = self.0.len();
        self.0.retain(|call, _| !path.starts_with(&call.chart) && !call.values.iter().any(|file| **file == *path));
        self.0.len() < before
    }
}
