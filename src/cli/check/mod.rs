//! `istio-ls check`: the findings of a workspace, for people and for pipelines.

mod fix;
mod json;
mod render;
mod text;

use std::io::Write;
use std::path::{Component, Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};

use crate::rules::Severity;

/// What `istio-ls check` is asked.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Files and folders; together they are one workspace. `-` reads standard input.
    #[arg(default_value = ".")]
    pub paths: Vec<PathBuf>,
    /// How to show the findings.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// The least severity that makes the exit status 1.
    #[arg(long, value_enum, default_value_t)]
    pub fail_on: FailOn,
    /// Only these rules, separated by commas; `all`: every rule.
    #[arg(long, value_delimiter = ',', value_name = "RULE")]
    pub rules: Vec<String>,
    /// The mesh configuration, instead of the one found in the workspace.
    #[arg(long, value_name = "FILE")]
    pub mesh_config: Option<PathBuf>,
    /// Run helm to render the charts with their values, and check what it makes; only for charts that you trust.
    #[arg(long, conflicts_with = "fix")]
    pub render: bool,
    /// Apply the safe fixes.
    #[arg(long)]
    pub fix: bool,
    /// With --fix: apply the first unsafe fix where there is no safe one.
    #[arg(long = "unsafe", requires = "fix")]
    pub unsafe_fixes: bool,
    /// With --fix: show the changes instead of writing them.
    #[arg(long, requires = "fix")]
    pub diff: bool,
}

/// A form of output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// For machines.
    Json,
}

/// From which severity on the exit status is 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum FailOn {
    /// Errors only.
    #[default]
    Error,
    /// Warnings too.
    Warning,
    /// Notes too.
    Info,
    /// Everything.
    Hint,
    /// Always 0.
    Never,
}

/// Checks the workspace, repairs it where asked, and writes what is left. Exit status 1 when something at or above
/// `--fail-on` is left, else 0.
///
/// # Errors
/// When an input cannot be read or the output takes no more; the caller exits with 2.
pub fn run(arguments: &Arguments, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let all = arguments.rules.iter().any(|rule| rule == "all");
    let only: Vec<String> = arguments.rules.iter().filter(|_| !all).cloned().collect();
    if let Some(unknown) = only.iter().find(|rule| crate::rules::registry::find(rule).is_none()) {
        anyhow::bail!("there is no rule `{unknown}`; `istio-ls rules` lists them");
    }
    let mut loaded = super::load(&arguments.paths, arguments.mesh_config.as_deref(), &super::Rules { only, all })?;
    if arguments.render {
        render::charts(&mut loaded)?;
    }
    if arguments.fix {
        fix::apply(&mut loaded, arguments.unsafe_fixes, arguments.diff, out)?;
        if arguments.diff {
            return Ok(ExitCode::SUCCESS);
        }
    }
    let base = base_of(&loaded.asked)?;
    let report = loaded.check();
    match arguments.format {
        Format::Json => json::write(&report, &base, out)?,
        Format::Text => text::write(&report, &base, out)?,
    }
    let failed = report.findings.iter().any(|finding| arguments.fail_on.includes(finding.severity));
    Ok(if failed { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

/// What paths in the output are relative to: the one folder given, else the current one.
fn base_of(asked: &[PathBuf]) -> anyhow::Result<PathBuf> {
    Ok(match asked {
        [only] if only.is_dir() => only.clone(),
        _ => std::env::current_dir()?,
    })
}

/// `path` as shown: relative to `base`, by `..` where that leads to it, with forward slashes.
fn shown(path: &Path, base: &Path) -> String {
    // The root of a disk is no place that both are in.
    let shared = path.ancestors().find(|folder| base.starts_with(folder) && folder.parent().is_some());
    let relative = shared.and_then(|shared| {
        let up = base.strip_prefix(shared).ok()?.components().map(|_| Component::ParentDir);
        Some(up.chain(path.strip_prefix(shared).ok()?.components()).collect::<PathBuf>())
    });
    relative.as_deref().unwrap_or(path).to_string_lossy().replace('\\', "/")
}

impl FailOn {
    fn includes(self, severity: Severity) -> bool {
        match self {
            Self::Error => severity <= Severity::Error,
            Self::Warning => severity <= Severity::Warning,
            Self::Info => severity <= Severity::Info,
            Self::Hint => true,
            Self::Never => false,
        }
    }
}
