//! Placeholders that a deployment tool replaces later; a value that holds one is not known.

/// `text` holds a placeholder: `${X}`, `$(X)`, `<X>`, `@X@`, `{{ X }}`, `(@= X @)` or `SOME_PLACEHOLDER`.
///
/// `<X>` and `@X@` count only around a plain word, so that a comparison or an address does not.
#[must_use]
pub(crate) fn contains(text: &str) -> bool {
    text.contains("${")
        || text.contains("$(")
        || text.contains("{{")
        || text.contains("(@")
        || text.contains("_PLACEHOLDER")
        || holds_word_between(text, '<', '>')
        || holds_word_between(text, '@', '@')
}

fn holds_word_between(text: &str, open: char, close: char) -> bool {
    text.match_indices(open).any(|(at, _)| {
        let rest = text.get(at + open.len_utf8()..).unwrap_or("");
        rest.split_once(close).is_some_and(|(word, _)| {
            !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | ' '))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::contains;

    #[test]
    fn placeholders_of_the_usual_tools_are_known() {
        for text in
            ["${HOST}", "$(HOST)", "<your-host>", "@HOST@", "{{ .Values.host }}", "(@= host @)", "HOST_PLACEHOLDER"]
        {
            assert!(contains(text), "{text}");
        }
    }

    #[test]
    fn ordinary_values_are_not_placeholders() {
        for text in ["*.example.com", "a<b", "user@example.com", "spiffe://cluster.local/ns/a/sa/b", "5 > 3", "^a$"] {
            assert!(!contains(text), "{text}");
        }
    }
}
