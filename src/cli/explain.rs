//! `istio-ls explain RULE` and `istio-ls rules`: the catalogue in the terminal.

use std::io::Write;

use anyhow::Context as _;

use crate::rules::registry;

/// Writes the page of the rule with this id or alias.
///
/// # Errors
/// When there is no such rule, or `out` takes no more.
pub fn explain(rule: &str, out: &mut dyn Write) -> anyhow::Result<()> {
    let found =
        registry::find(rule).with_context(|| format!("there is no rule `{rule}`; `istio-ls rules` lists them"))?;
    let aliases = if found.aliases.is_empty() { String::new() } else { format!(" ({})", found.aliases.join(", ")) };
    writeln!(out, "# {}{aliases}\n\nSeverity: {}\n", found.id, found.severity.as_str())?;
    for line in found.doc.lines() {
        writeln!(out, "{}", line.strip_prefix(' ').unwrap_or(line))?;
    }
    Ok(())
}

/// Writes every rule in a line: id, severity, codes of other tools, what it finds.
///
/// # Errors
/// When `out` takes no more.
pub fn rules(out: &mut dyn Write) -> anyhow::Result<()> {
    for rule in registry::all() {
        let summary = rule.doc.lines().next().unwrap_or("").trim();
        writeln!(out, "{:38} {:8} {:16} {summary}", rule.id, rule.severity.as_str(), rule.aliases.join(","))?;
    }
    Ok(())
}
