//! What the checks of one kind find: fields that are right alone and wrong together.

use super::places::is_reported;
use crate::index::Entry;
use crate::rules::Context;
use crate::text::{Span, TextEdit};

/// Something that istiod refuses, or that it takes without effect.
#[derive(Clone)]
pub(super) struct Refusal {
    span: Span,
    message: String,
    other: Option<Span>,
    repair: Repair,
    /// istiod says it too.
    is_told: bool,
    /// Nothing hangs on what the repair changes.
    is_safe: bool,
    /// Something may hang on it, whatever is said of its neighbours.
    is_doubtful: bool,
}

#[derive(Clone)]
enum Repair {
    None,
    /// Another text at the place.
    Write(String),
    /// The entry or item at a place goes.
    Remove(Span),
}

impl Refusal {
    /// At `span`, with the first line of the message.
    pub(super) fn at(span: Span, message: impl Into<String>) -> Self {
        Self {
            span,
            message: message.into(),
            other: None,
            repair: Repair::None,
            is_told: true,
            is_safe: false,
            is_doubtful: false,
        }
    }

    /// The other place that takes part.
    pub(super) fn beside(self, other: Span) -> Self {
        Self { other: Some(other), ..self }
    }

    /// Nothing hangs on what the repair changes.
    pub(super) fn safely(self) -> Self {
        Self { is_safe: !self.is_doubtful, ..self }
    }

    /// Something may hang on what the repair changes.
    pub(super) fn doubtfully(self) -> Self {
        Self { is_safe: false, is_doubtful: true, ..self }
    }

    /// The place and the first line of the message.
    pub(super) fn into_text(self) -> (Span, String) {
        (self.span, self.message)
    }

    /// istiod says nothing of it.
    pub(super) fn untold(self) -> Self {
        Self { is_told: false, ..self }
    }

    /// The repair is another text.
    pub(super) fn write(self, text: impl Into<String>) -> Self {
        Self { repair: Repair::Write(text.into()), ..self }
    }

    /// The repair is to leave the entry out.
    pub(super) fn remove(self) -> Self {
        let span = self.span;
        self.remove_at(span)
    }

    /// The repair is to leave out the entry at `span`, which is more than what is wrong.
    pub(super) fn remove_at(self, span: Span) -> Self {
        Self { repair: Repair::Remove(span), ..self }
    }
}

/// Reports `refusals`, with what istiod does.
pub(super) fn report(refusals: Vec<Refusal>, entry: &Entry, cx: &mut Context<'_>, outcome: &str) {
    let document = cx.document(entry);
    for Refusal { span, message, other, repair, is_told, is_safe, .. } in refusals {
        // What is wrong by itself is one finding already.
        if is_reported(span, cx) {
            continue;
        }
        let message = if is_told { format!("{message}\n{outcome}") } else { message };
        let finding = cx.report(span, message);
        if !is_told {
            finding.aliases.clear();
        }
        if let Some(other) = other {
            finding.related(entry.id, other, "the other");
        }
        let (title, edits) = match (repair, &document) {
            (Repair::Write(text), _) => (format!("write {text}"), vec![TextEdit::replace(span, text)]),
            (Repair::Remove(span), Some(document)) => {
                let path = document.path_at(span.start()).to_edit();
                (format!("remove {}", span.of(&document.text)), document.remove(&path).into_iter().collect())
            }
            _ => continue,
        };
        if is_safe {
            finding.safe_fix(title, edits);
        } else {
            finding.unsafe_fix(title, edits);
        }
    }
}
