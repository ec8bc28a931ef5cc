//! The examples in the page of every rule: the one that fires gives the marked findings, the other none.

use istio_ls::rules::{Rule, registry};

use super::fixture::Fixture;

/// The YAML of a section of a rule's page.
pub(crate) fn example(rule: &Rule, section: &str) -> Option<String> {
    let page: String = rule.doc.lines().map(|line| format!("{}\n", line.strip_prefix(' ').unwrap_or(line))).collect();
    let after = page.split(&format!("## {section}\n")).nth(1)?;
    let block = after.split("\n## ").next()?.split("```yaml\n").nth(1)?;
    Some(block.split("\n```").next()?.to_owned() + "\n")
}

#[test]
fn the_example_of_every_rule_gives_the_findings_marked_in_it() {
    let mut failures = String::new();
    for rule in registry::all() {
        let text = example(rule, "Example").unwrap_or_else(|| panic!("{} has no example", rule.id));
        let fixture = Fixture::parse(&text);
        let differences = fixture.differences(&fixture.check_for(rule).snapshot());
        assert!(text.contains(&format!("#~ {}", rule.id)) || text.contains(&format!("^ {}", rule.id)), "{}", rule.id);
        if !differences.is_empty() {
            failures.push_str(&format!("{}:\n{differences}", rule.id));
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

#[test]
fn what_every_rule_shows_instead_gives_no_finding() {
    let mut failures = String::new();
    for rule in registry::all() {
        let text = example(rule, "Instead").unwrap_or_else(|| panic!("{} shows nothing instead", rule.id));
        let fixture = Fixture::parse(&text);
        let differences = fixture.differences(&fixture.check_for(rule).snapshot());
        if !differences.is_empty() || !fixture.marks.is_empty() {
            failures.push_str(&format!("{}:\n{differences}", rule.id));
        }
    }
    assert!(failures.is_empty(), "{failures}");
}
