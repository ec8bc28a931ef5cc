//! `istio-ls explain RULE` and `istio-ls rules`: the catalogue in the terminal.

use std::io::Write;

use anyhow::Context as _;

use crate::rules::{page, registry};

/// Writes the page of the rule with this id or alias.
///
/// # Errors
/// When there is no such rule, or `out` takes no more.
pub fn explain(rule: &str, out: &mut dyn Write) -> anyhow::Result<()> {
    let found =
        registry::find(rule).with_context(|| format!("there is no rule `{rule}`; `istio-ls rules` lists them"))?;
    out.write_all(page::page(found).as_bytes())?;
    Ok(())
}

/// Writes every rule in a line: id, severity, codes of other tools, what it finds.
///
/// # Errors
/// When `out` takes no more.
pub fn rules(out: &mut dyn Write) -> anyhow::Result<()> {
    for rule in registry::all() {
        let (severity, aliases) = (rule.severity.as_str(), rule.aliases.join(","));
        writeln!(out, "{:38} {severity:8} {aliases:16} {}", rule.id, page::summary(rule))?;
    }
    Ok(())
}
