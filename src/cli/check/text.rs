//! Findings for people: the source with the place underlined, why, and what to do.

use std::io::Write;
use std::path::Path;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::shown;
use crate::cli::Report;
use crate::rules::Severity;
use crate::workspace::{LocatedFinding, Location, Snapshot};

/// Writes every finding with an excerpt of its source, and a closing line.
pub(super) fn write(report: &Report<'_>, base: &Path, out: &mut dyn Write) -> anyhow::Result<()> {
    let renderer = Renderer::styled();
    for finding in &report.findings {
        let rendered = render(&renderer, report, finding, base);
        writeln!(out, "{rendered}\n")?;
    }
    writeln!(out, "{}", closing_line(report))?;
    let settings: Vec<String> =
        report.snapshots.iter().filter_map(Snapshot::settings_file).map(|file| shown(file, base)).collect();
    if !settings.is_empty() {
        writeln!(out, "settings: {}", settings.join(", "))?;
    }
    Ok(())
}

fn render(renderer: &Renderer, report: &Report<'_>, finding: &LocatedFinding, base: &Path) -> String {
    let (first, rest) = finding.message.split_once('\n').unwrap_or((&finding.message, ""));
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
        Severity::Hint => Level::NOTE.with_name("hint"),
    };
    let title = level.primary_title(first).id(finding.rule);
    let sources: Vec<Source> =
        finding.related.iter().map(|related| Source::of(report, &related.location, base)).collect();
    let own = Source::of(report, &finding.location, base);
    let primary = own.snippet().annotation(AnnotationKind::Primary.span(own.span.clone()));
    let mut group = Group::with_title(title).element(primary);
    for (related, source) in finding.related.iter().zip(&sources) {
        let annotation = AnnotationKind::Context.span(source.span.clone()).label(related.message.as_str());
        group = group.element(source.snippet().annotation(annotation));
    }
    for line in rest.lines() {
        group = group.element(Level::NOTE.message(line));
    }
    for fix in &finding.fixes {
        let title = if fix.safe { fix.title.clone() } else { format!("{} (not safe in every case)", fix.title) };
        group = group.element(Level::HELP.message(title));
    }
    renderer.render(&[group]).clone()
}

/// The document that an excerpt is taken from.
struct Source {
    text: String,
    path: String,
    first_line: usize,
    span: std::ops::Range<usize>,
}

impl Source {
    fn of(report: &Report<'_>, location: &Location, base: &Path) -> Self {
        let file = report.file(&location.path);
        let placed = file.and_then(|file| file.document_at(location.span.start()));
        let Some((_, document)) = placed else {
            return Self { text: String::new(), path: shown(&location.path, base), first_line: 1, span: 0..0 };
        };
        let span = location.span.start() - document.start..location.span.end() - document.start;
        Self {
            text: document.content.yaml.text.to_string(),
            path: shown(&location.path, base),
            first_line: document.first_line + 1,
            span,
        }
    }

    fn snippet(&self) -> Snippet<'_, annotate_snippets::Annotation<'_>> {
        Snippet::source(self.text.as_str()).path(self.path.as_str()).line_start(self.first_line).fold(true)
    }
}

fn closing_line(report: &Report<'_>) -> String {
    let count = |severity| report.findings.iter().filter(|finding| finding.severity == severity).count();
    let named = [
        (count(Severity::Error), "error", "errors"),
        (count(Severity::Warning), "warning", "warnings"),
        (count(Severity::Info), "note", "notes"),
        (count(Severity::Hint), "hint", "hints"),
    ];
    let parts: Vec<String> = named.iter().filter(|(n, ..)| *n > 0).map(|part| counted(*part)).collect();
    let found = if parts.is_empty() { "no finding".to_owned() } else { parts.join(", ") };
    let resources = counted((report.resources(), "resource", "resources"));
    let files = counted((report.files().len(), "file", "files"));
    format!("{found} in {resources} of {files}")
}

fn counted((number, one, many): (usize, &str, &str)) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
