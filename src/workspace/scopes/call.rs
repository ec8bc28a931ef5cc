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

impl ChartCall {
    /// That Helm refused, for a person.
    #[must_use]
    pub fn refused(&self, why: &str) -> String {
        let values: Vec<String> = self.values.iter().map(|file| format!(" with {}", file.display())).collect();
        format!("{}{}: helm does not render it, so it is read without: {why}", self.chart.display(), values.concat())
    }

    /// What is rendered hangs on the file at `path`.
    #[must_use]
    pub fn rests_on(&self, path: &Path) -> bool {
        path.starts_with(&self.chart) || self.values.iter().any(|file| **file == *path)
    }
}

/// What charts were rendered to, as long as none of their files changes; nothing where the answer is still to come, or Helm
/// refused.
#[derive(Debug, Clone, Default)]
pub(in crate::workspace) struct Renderings(BTreeMap<ChartCall, Option<Arc<Rendered>>>);

impl Renderings {
    /// What the call answered.
    pub(super) fn of(&self, call: &ChartCall) -> Option<&Arc<Rendered>> {
        self.0.get(call)?.as_ref()
    }

    /// Notes that Helm is asked; false where it was.
    pub(in crate::workspace) fn ask(&mut self, call: &ChartCall) -> bool {
        !self.0.contains_key(call) && self.0.insert(call.clone(), None).is_none()
    }

    /// Keeps what the call answered, unless a file has changed since.
    pub(in crate::workspace) fn keep(&mut self, call: &ChartCall, rendered: Rendered) {
        if let Some(answer) = self.0.get_mut(call) {
            *answer = Some(Arc::new(rendered));
        }
    }

    /// Forgets what was made of the file at `path`; true where there was something.
    pub(in crate::workspace) fn forget(&mut self, path: &Path) -> bool {
        let before = self.0.len();
        self.0.retain(|call, _| !call.rests_on(path));
        self.0.len() < before
    }
}
