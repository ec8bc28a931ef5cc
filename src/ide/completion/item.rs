//! One thing that can be written.

/// One thing that can be written at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// What the list shows, and what typing is compared with.
    pub label: String,
    /// What it is.
    pub kind: ItemKind,
    /// A few words beside the label.
    pub detail: String,
    /// A sentence or more of Markdown.
    pub doc: String,
    /// The text as a snippet of LSP, lines after the first indented relative to the line of the cursor.
    pub snippet: String,
    /// The host of which more can be said when the item is looked at.
    pub host: Option<String>,
    /// Not to be used any more.
    pub deprecated: bool,
}

/// What an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ItemKind {
    /// A field of an object.
    Field,
    /// One of the values that a field takes.
    EnumMember,
    /// A host, a port, a subset: a part of a service.
    Service,
    /// The name of another resource.
    Reference,
    /// A namespace.
    Namespace,
    /// A label of a workload, or its value.
    Label,
    /// A plain value.
    Value,
    /// Several lines.
    Block,
    /// One document or several.
    Document,
}

impl Item {
    /// An item that is written as it is called; `detail` stands beside it.
    pub(super) fn new(kind: ItemKind, label: impl Into<String>, detail: impl Into<String>) -> Self {
        let label = label.into();
        let snippet = escape(&label);
        let (doc, host, deprecated) = (String::new(), None, false);
        Self { label, kind, detail: detail.into(), doc, snippet, host, deprecated }
    }

    /// The same, written as `snippet`.
    pub(super) fn written(self, snippet: impl Into<String>) -> Self {
        Self { snippet: snippet.into(), ..self }
    }

    /// The same with a sentence of Markdown.
    pub(super) fn explained(self, doc: impl Into<String>) -> Self {
        Self { doc: doc.into(), ..self }
    }

    /// The text without marks, its lines indented by `indentation` more.
    #[must_use]
    pub fn plain(&self, indentation: usize) -> String {
        let mut text = String::new();
        let mut rest = self.snippet.chars().peekable();
        while let Some(letter) = rest.next() {
            match letter {
                '\\' => text.extend(rest.next()),
                '$' if rest.peek() == Some(&'{') => {
                    // `${1:word}`: what stands before the colon is only a number. Its end is dropped below.
                    rest.by_ref().take_while(|letter| *letter != ':').for_each(drop);
                }
                '$' => while rest.next_if(char::is_ascii_digit).is_some() {},
                '}' => {}
                other => text.push(other),
            }
        }
        text.replace('\n', &format!("\n{}", " ".repeat(indentation)))
    }
}

/// `text` without meaning of its own in a snippet.
pub(super) fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('$', "\\$").replace('}', "\\}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plain_text_has_no_marks_and_all_lines_at_their_column() {
        let item = Item::new(ItemKind::Block, "x", "").written("port:\n  name: ${1:https}\n  x: \\${a\\}$0");
        assert_eq!(item.plain(2), "port:\n    name: https\n    x: ${a}");
        assert_eq!(Item::new(ItemKind::Value, "a$b}", "").plain(0), "a$b}");
    }
}
