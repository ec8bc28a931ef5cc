//! What is wrong in `istio-ls.yaml`, with its repairs.

use serde_json::Value;

use crate::text::{Span, TextEdit};
use crate::yaml::{At, Document, Literal, Node};

/// Something wrong in `istio-ls.yaml`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Defect {
    /// The rule that it is a finding of: `unknown-setting`, `malformed-setting` or `unmatched-path`.
    pub rule: &'static str,
    /// Relative to the document's text.
    pub span: Span,
    /// What is wrong.
    pub message: String,
    /// Repairs, the preferred one first.
    pub repairs: Vec<Repair>,
}

/// A repair of `istio-ls.yaml`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repair {
    /// What it does, in the imperative.
    pub title: String,
    /// What is meant is beyond doubt.
    pub safe: bool,
    /// The edit of the document's text.
    pub edit: TextEdit,
}

/// The defects of one document.
pub(super) struct Defects<'a> {
    document: &'a Document,
    pub(super) found: Vec<Defect>,
}

impl<'a> Defects<'a> {
    pub(super) fn new(document: &'a Document) -> Self {
        Self { document, found: Vec::new() }
    }

    /// What cannot be read.
    pub(super) fn malformed(&mut self, span: Span, message: String) {
        self.found.push(Defect { rule: "malformed-setting", span, message, repairs: Vec::new() });
    }

    /// `node` counts as not set; answers nothing, which stands for that.
    pub(super) fn not_used(&mut self, node: &Node, message: String) -> Option<Value> {
        self.malformed(node.span, format!("{message}\nIt counts as not set."));
        None
    }

    /// The entry at `path` means nothing; perhaps `near` is meant.
    pub(super) fn unknown(&mut self, path: &[At<'_>], span: Span, message: String, near: Option<&str>) {
        let repair = |title: String, safe: bool, edit| Some(Repair { title, safe, edit: edit? });
        let rename = near.and_then(|near| repair(format!("rename to {near}"), true, self.document.rename(path, near)));
        let remove = repair("remove it".to_owned(), false, self.document.remove(path));
        let message = format!("{message}\nIt has no effect.");
        let repairs = rename.into_iter().chain(remove).collect();
        self.found.push(Defect { rule: "unknown-setting", span, message, repairs });
    }

    /// The path at `path` names nothing; perhaps `near` is meant.
    pub(super) fn unmatched(&mut self, path: &[At<'_>], span: Span, message: String, near: Option<&str>) {
        self.found.push(Defect { rule: "unmatched-path", span, message, repairs: Vec::new() });
        if let Some(near) = near {
            self.repair(&format!("write {near}"), path, &near.into());
        }
    }

    /// Offers `value` at `path` as the repair of the last defect.
    pub(super) fn repair(&mut self, title: &str, path: &[At<'_>], value: &Literal) {
        if let (Some(edit), Some(last)) = (self.document.set(path, value), self.found.last_mut()) {
            last.repairs.push(Repair { title: title.to_owned(), safe: true, edit });
        }
    }
}
