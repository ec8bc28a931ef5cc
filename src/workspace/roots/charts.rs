//! The charts of all roots that Helm renders.

use std::path::PathBuf;

use super::Roots;
use crate::helm::Rendered;
use crate::workspace::{ChartCall, load};

impl Roots {
    /// The charts that Helm has to render, where the editor lets it: those whose files are as they are on disk.
    pub(in crate::workspace) fn take_chart_calls(&mut self) -> Vec<ChartCall> {
        if !self.settings.render {
            return Vec::new();
        }
        let is_saved = |(path, text): &(&PathBuf, &String)| load::text(path).is_ok_and(|(saved, _)| saved == **text);
        let unsaved: Vec<PathBuf> =
            self.open.iter().filter(|open| !is_saved(open)).map(|(path, _)| path.clone()).collect();
        let is_ready = |call: &ChartCall| !unsaved.iter().any(|path| call.rests_on(path));
        self.workspaces().flat_map(|workspace| workspace.take_chart_calls(is_ready)).collect()
    }

    /// Takes in what Helm made.
    pub(in crate::workspace) fn set_rendered(&mut self, rendered: Vec<(ChartCall, Rendered)>) {
        for (call, rendered) in rendered {
            self.workspace(&call.chart.clone()).set_rendered(vec![(call, rendered)]);
        }
    }
}
