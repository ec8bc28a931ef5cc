//! `check --render`: Helm itself says what becomes of the charts.

use std::io::Write as _;

use anyhow::bail;

use crate::cli::Loaded;
use crate::workspace::rendering::{Failure, render_all};

/// Renders all charts. What Helm refuses is told on standard error, and counts as istio-ls reads it by itself.
///
/// # Errors
/// When there is a chart, but no Helm.
pub(super) fn charts(loaded: &mut Loaded) -> anyhow::Result<()> {
    for workspace in &mut loaded.workspaces {
        let mut rendered = Vec::new();
        for (call, answer) in render_all(workspace.take_chart_calls(|_| true), || ()) {
            match answer {
                Ok(made) => rendered.push((call, made)),
                // Whoever closed standard error does not want to know.
                Err(Failure::Refused(why)) => drop(writeln!(std::io::stderr(), "istio-ls: {}", call.refused(&why))),
                Err(Failure::NoHelm) => {
                    bail!("--render needs helm, which is not on the PATH: install it, or leave out --render")
                }
            }
        }
        workspace.set_rendered(rendered);
    }
    Ok(())
}
