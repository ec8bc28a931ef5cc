//! The page of a rule for people: in the terminal, in a hover and as `docs/rules/<id>.md`.

use std::fmt::Write as _;

use super::{Rule, registry};

/// What the rule finds, in a sentence.
#[must_use]
pub fn summary(rule: &Rule) -> &'static str {
    rule.doc.lines().next().unwrap_or("").trim()
}

/// The whole page in Markdown. The marks that the tests read in its example become pointers at the places of the findings.
#[must_use]
pub fn page(rule: &Rule) -> String {
    let mut page = format!("# {}\n\nSeverity: {}", rule.id, rule.severity.as_str());
    if !rule.aliases.is_empty() {
        let _ = write!(page, " | also known as: {}", rule.aliases.join(", "));
    }
    if !rule.istio.is_empty() {
        let _ = write!(page, " | for Istio {} and later", rule.istio);
    }
    let _ = writeln!(page, " | since: {}\n", rule.since);
    for line in rule.doc.lines().map(|line| line.strip_prefix(' ').unwrap_or(line)) {
        let Some((text, mark)) = line.split_once("#~") else {
            page.push_str(line);
            page.push('\n');
            continue;
        };
        let up = mark.chars().take_while(|c| *c == '^').count();
        match up {
            0 => writeln!(page, "{}  # <-- {}", text.trim_end(), id_of(mark)).unwrap_or_default(),
            _ => writeln!(page, "{text}# {} {}", "^".repeat(up), id_of(mark)).unwrap_or_default(),
        }
    }
    page
}

fn id_of(mark: &str) -> &str {
    mark.trim_start_matches('^').split_whitespace().next().unwrap_or("")
}

/// The list of all pages.
#[must_use]
pub fn index() -> String {
    let mut index = String::from(
        "# Rules\n\n`istio-ls explain RULE` shows a page in the terminal. Codes of `istioctl analyze` (IST) and Kiali (KIA) are \
         accepted wherever a rule's name is.\n\n| rule | severity | codes | finds |\n| --- | --- | --- | --- |\n",
    );
    for rule in registry::all() {
        let (id, severity, summary) = (rule.id, rule.severity.as_str(), summary(rule).replace('|', "\\|"));
        let _ = writeln!(index, "| [{id}]({id}.md) | {severity} | {} | {summary} |", rule.aliases.join(", "));
    }
    index
}
