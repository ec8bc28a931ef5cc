//! Settings: what `istio-ls.yaml`, the editor and the command line can say.

use std::collections::HashMap;

use serde::Deserialize;

use crate::index::MeshConfig;
use crate::rules::{Rule, Severity};

/// What the user decides. Nothing needs to be set for the common case.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Settings {
    /// How much each rule matters, by id or alias.
    pub rules: HashMap<String, Level>,
    /// The mesh configuration, instead of the one found in the workspace.
    pub mesh_config: Option<MeshConfig>,
    /// The version of Istio that runs, such as `1.24`; nothing: the newest known. Rules about later behaviour do not run.
    pub istio_version: Option<String>,
    /// Only these rules run, by id or alias; empty: all of them.
    #[serde(skip)]
    pub only: Vec<String>,
    /// Globs of files that are left out.
    pub exclude: Vec<String>,
    /// Inlay hints are shown.
    pub hints: bool,
    /// Code lenses are shown.
    pub lenses: bool,
    /// Whether fields are compared with the schema of their kind.
    pub schema: SchemaChecks,
    /// The editor runs yaml-language-server beside istio-ls; the editor says so.
    pub yaml_language_server: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            rules: HashMap::new(),
            mesh_config: None,
            istio_version: None,
            only: Vec::new(),
            exclude: Vec::new(),
            hints: true,
            lenses: true,
            schema: SchemaChecks::Auto,
            yaml_language_server: false,
        }
    }
}

/// Whether fields are compared with the schema of their kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SchemaChecks {
    /// Unless yaml-language-server does so for the same file.
    #[default]
    Auto,
    /// Always.
    On,
    /// Never.
    Off,
}

/// How much a rule matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// The rule does not run.
    Off,
    /// Its findings are hints.
    Hint,
    /// Its findings are notes.
    Info,
    /// Its findings are warnings.
    Warning,
    /// Its findings are errors.
    Error,
}

impl Settings {
    /// Reads the text of `istio-ls.yaml`.
    ///
    /// # Errors
    /// The reader's message, with line and column.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.trim().is_empty() {
            return Ok(Self::default());
        }
        serde_saphyr::from_str(text).map_err(|error| error.to_string())
    }

    /// The rule runs.
    #[must_use]
    pub fn runs(&self, rule: &Rule) -> bool {
        let named = |name: &String| is_called(rule, name);
        let is_wanted = self.only.is_empty() || self.only.iter().any(named);
        let is_on = rule.family() != "schema" || self.compares_with_schema();
        is_wanted && is_on && self.level(rule) != Some(Level::Off) && self.is_of_version(rule)
    }

    /// The Istio that runs behaves as the rule says already.
    fn is_of_version(&self, rule: &Rule) -> bool {
        let running = self.istio_version.as_deref().and_then(version);
        running.is_none_or(|running| version(rule.istio).is_none_or(|first| first <= running))
    }

    fn compares_with_schema(&self) -> bool {
        match self.schema {
            SchemaChecks::Auto => !self.yaml_language_server,
            SchemaChecks::On => true,
            SchemaChecks::Off => false,
        }
    }

    /// The severity that the user gives to a rule's findings, if any.
    #[must_use]
    pub fn severity(&self, rule: &Rule) -> Option<Severity> {
        match self.level(rule)? {
            Level::Off => None,
            Level::Hint => Some(Severity::Hint),
            Level::Info => Some(Severity::Info),
            Level::Warning => Some(Severity::Warning),
            Level::Error => Some(Severity::Error),
        }
    }

    fn level(&self, rule: &Rule) -> Option<Level> {
        self.rules.iter().find(|(name, _)| is_called(rule, name)).map(|(_, level)| *level)
    }
}

fn is_called(rule: &Rule, name: &str) -> bool {
    std::iter::once(&rule.id).chain(rule.aliases).any(|known| known.eq_ignore_ascii_case(name))
}

/// Major and minor version; whatever follows does not matter.
fn version(text: &str) -> Option<(u32, u32)> {
    let mut numbers = text.trim_start_matches('v').split(|c: char| !c.is_ascii_digit());
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::Settings;
    use crate::rules::registry;

    #[test]
    fn rules_about_later_versions_of_istio_do_not_run() {
        let rule = registry::find("sni-host-mismatch").unwrap();
        for (text, runs) in
            [("", true), ("istioVersion: 1.20", false), ("istioVersion: v1.21.3", true), ("istioVersion: '1.30'", true)]
        {
            assert_eq!(Settings::parse(text).unwrap().runs(rule), runs, "{text}");
        }
    }
}
