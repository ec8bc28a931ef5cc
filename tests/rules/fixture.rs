//! Fixtures: YAML with the expected findings marked in it.
//!
//! | mark | meaning |
//! | --- | --- |
//! | `#- path.yaml` at line start | a new file begins; without it the text is `main.yaml` |
//! | `... #~ id` at line end | a finding of rule `id` starts on this line |
//! | ``#~ id `text` words`` | its span covers exactly `text`, its message contains `words` (both optional) |
//! | `#~^ id` (`#~^^` ...) alone on a line | the same for the line above (two above) |
//!
//! Marks are cut out before the text is read. Matching is exact both ways.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use istio_ls::rules::Rule;
use istio_ls::text::Encoding;
use istio_ls::workspace::{LocatedFinding, Settings, Snapshot, Workspace};

/// The settings that are written as in `istio-ls.yaml`, without a mistake.
#[track_caller]
pub(crate) fn settings(text: &str) -> Settings {
    let document = istio_ls::yaml::parse(text.into());
    assert_eq!(istio_ls::workspace::settings::findings(&document), []);
    Settings::read(&document)
}

/// A finding that a fixture expects.
#[derive(Debug)]
pub(crate) struct Mark {
    file: PathBuf,
    line: usize,
    rule: String,
    covers: Option<String>,
    says: String,
}

/// The files of a fixture and what is expected in them.
pub(crate) struct Fixture {
    pub(crate) files: Vec<(PathBuf, String)>,
    pub(crate) marks: Vec<Mark>,
}

impl Fixture {
    pub(crate) fn parse(text: &str) -> Self {
        let mut fixture = Self { files: Vec::new(), marks: Vec::new() };
        for line in text.lines() {
            if let Some(path) = line.strip_prefix("#- ") {
                fixture.files.push((path.trim().into(), String::new()));
            } else {
                fixture.line(line);
            }
        }
        fixture
    }

    fn line(&mut self, line: &str) {
        if self.files.is_empty() {
            self.files.push(("main.yaml".into(), String::new()));
        }
        let (path, text) = self.files.last_mut().unwrap();
        let number = text.lines().count();
        let (code, mark) = line.split_once("#~").map_or((line, None), |(code, mark)| (code, Some(mark)));
        let Some(mark) = mark else {
            text.push_str(line);
            text.push('\n');
            return;
        };
        let up = mark.chars().take_while(|c| *c == '^').count();
        self.marks.push(Mark::parse(&mark[up..], path.clone(), number - up));
        if up == 0 {
            text.push_str(code.trim_end());
            text.push('\n');
        }
    }

    /// The workspace, wholly checked.
    pub(crate) fn check(&self) -> Workspace {
        self.check_with(Settings::default())
    }

    /// As [`Fixture::check`], with a rule that may run only on demand.
    pub(crate) fn check_for(&self, rule: &Rule) -> Workspace {
        let demanded =
            if rule.opt_in { format!("rules: {{{}: {}}}", rule.id, rule.severity.as_str()) } else { String::new() };
        self.check_with(settings(&demanded))
    }

    /// The same, with these settings.
    pub(crate) fn check_with(&self, settings: Settings) -> Workspace {
        let mut workspace = Workspace::new(settings);
        workspace.set_texts(self.files.clone());
        workspace.check_all();
        workspace
    }

    /// What differs between the marks and the findings, for a person; empty when they agree.
    pub(crate) fn differences(&self, snapshot: &Snapshot) -> String {
        let mut found: Vec<LocatedFinding> = all_findings(snapshot);
        let mut differences = String::new();
        for mark in &self.marks {
            match found.iter().position(|finding| mark.is_met_by(finding, snapshot)) {
                Some(at) => drop(found.swap_remove(at)),
                None => writeln!(differences, "expected, not found: {mark:?}").unwrap(),
            }
        }
        for finding in found {
            let line = line_of(&finding, snapshot) + 1;
            let text = covered(&finding, snapshot);
            writeln!(
                differences,
                "found, not expected: {}:{line} {} `{text}`: {}",
                finding.location.path.display(),
                finding.rule,
                finding.message
            )
            .unwrap();
        }
        differences
    }
}

impl Mark {
    fn parse(text: &str, file: PathBuf, line: usize) -> Self {
        let text = text.trim();
        let (rule, rest) = text.split_once(' ').unwrap_or((text, ""));
        let mut parts = rest.splitn(3, '`');
        let before = parts.next().unwrap_or("").trim();
        let covers = parts.next().map(str::to_owned);
        let says = parts.next().unwrap_or(before).trim().to_owned();
        Self { file, line, rule: rule.to_owned(), covers, says }
    }

    fn is_met_by(&self, finding: &LocatedFinding, snapshot: &Snapshot) -> bool {
        finding.rule == self.rule
            && *finding.location.path == *self.file
            && line_of(finding, snapshot) == self.line
            && self.covers.as_ref().is_none_or(|text| covered(finding, snapshot) == *text)
            && finding.message.contains(&self.says)
    }
}

/// Every finding of the workspace.
pub(crate) fn all_findings(snapshot: &Snapshot) -> Vec<LocatedFinding> {
    snapshot.files().into_iter().flat_map(|file| snapshot.findings(&file.path)).collect()
}

fn line_of(finding: &LocatedFinding, snapshot: &Snapshot) -> usize {
    let file = snapshot.file(&finding.location.path).unwrap();
    file.position(finding.location.span.start(), Encoding::Utf8).line as usize
}

fn covered(finding: &LocatedFinding, snapshot: &Snapshot) -> String {
    finding.location.span.of(&snapshot.file(Path::new(&*finding.location.path)).unwrap().text()).to_owned()
}
